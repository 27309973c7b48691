#include "ir/purpose.h"

#include "ir/catalog/catalog.h"
#include "ir/command.h"
#include "ir/container.h"
#include "ir/manifest/manifest.h"
#include "ir/path.h"
#include "ir/state.h"

/* A script of a manifest may run another. */
enum { MOST_DEPTH = 5 };

struct judge {
    struct compile *c;
    const struct stage *stage;
    const struct instr *at;                  /* what starts what is looked at */
    const struct container_scripts *scripts; /* of the context, that it starts */
    bool in_script; /* a program without operands may read a here-document, or a pipe */
    bool alone;     /* there is no other command */
    unsigned depth;
    unsigned steps;
    struct purpose found;
};

/* The first counts; but a tool that is a package says no more of the image than the others do. */
static void find(struct judge *j, enum purpose_kind kind, struct str detail)
{
    if (j->found.kind == PURPOSE_APPLICATION ||
        (j->found.kind == PURPOSE_PACKAGED && kind != PURPOSE_PACKAGED))
        j->found = (struct purpose){kind, j->at, detail};
}

static bool is_option(struct str word)
{
    return word.len > 1 && word.at[0] == '-';
}

static bool is_unknown(struct str word)
{
    return word.at == NULL;
}

static struct str shown(const struct judge *j, const struct strs *words)
{
    struct strs known = {0};
    for (size_t i = 0; i < words->n && !is_unknown(words->at[i]); i++)
        vec_add(j->c->arena, &known, words->at[i]);
    return str_join(j->c->arena, &known, LIT(" "));
}

/* ---- shells ---- */

/* A program that takes its code from a file, and has been given none. */
static bool starts_empty(const struct judge *j, const struct strs *words)
{
    const struct command *row = catalog_command(j->c->catalog, path_name(words->at[0]));
    if (!row || row->usage.operands != USE_SCRIPT_FILE)
        return false;
    for (size_t i = 1; i < words->n; i++)
        if (!is_option(words->at[i]))
            return false;
    return true;
}

/* ---- commands of development ---- */

/* Operands from which on a row's words count: the first, and one behind an option, whose value the
 * one before may be. */
struct operands {
    struct strs all;
    size_t starts; /* so many may be the first */
};

static struct operands operands_of(const struct judge *j, const struct strs *words)
{
    struct operands found = {.starts = 1};
    bool only_values = true;
    for (size_t i = 1; i < words->n; i++) {
        if (is_option(words->at[i]))
            continue;
        only_values &= is_option(words->at[i - 1]);
        found.starts += only_values;
        vec_add(j->c->arena, &found.all, words->at[i]);
    }
    return found;
}

/* `su USER -c COMMAND`, which is a command of its own. */
static bool says_what(const struct development *row, const struct strs *words)
{
    for (size_t i = 1; i < words->n; i++)
        if (!is_unknown(words->at[i]) &&
            str_matches_one_of(words->at[i], row->unless, row->n_unless))
            return true;
    return false;
}

static bool is_development(const struct development *row, const struct operands *operands)
{
    if (str_is_one_of(LIT("*"), row->words, row->n_words) ||
        (!operands->all.n && str_is_one_of(LIT(""), row->words, row->n_words)))
        return true;
    for (size_t i = 0; i < operands->starts && i < operands->all.n; i++)
        if (!is_unknown(operands->all.at[i]) &&
            str_matches_one_of(operands->all.at[i], row->words, row->n_words))
            return true;
    return false;
}

/* The script of the manifest that the command names; false when it names none. */
static bool names_script(const struct development *row, const struct operands *operands,
                         struct str *name)
{
    bool any = str_is_one_of(LIT("*"), row->scripts, row->n_scripts);
    for (size_t i = 0; i < operands->starts && i < operands->all.n; i++) {
        *name = operands->all.at[i];
        if (str_is_one_of(*name, row->runs, row->n_runs)) {
            bool named = i + 1 < operands->all.n;
            *name = named ? operands->all.at[i + 1] : (struct str){0};
            return true;
        }
        if (str_is_one_of(*name, row->scripts, row->n_scripts) || any)
            return true;
    }
    return false;
}

static void judge_list(struct judge *j, const struct state *state, const struct sh_list *list);

/* In the directory in which the command runs. */
static const struct manifest *manifest_of(struct judge *j, const struct development *row,
                                          struct str workdir)
{
    struct context_source file = {0};
    struct str path = path_join(j->c->arena, workdir, row->manifest);
    if (!workdir.len || !row->manifest.len ||
        !context_source(j->c, j->stage, path, &j->steps, &file))
        return NULL;
    return manifest_at(j->c, file.path);
}

static void judge_script(struct judge *j, const struct development *row,
                         const struct seen_command *seen, struct str name)
{
    struct str text;
    const struct manifest *m = manifest_of(j, row, seen->workdir);
    struct str key = str_concat(j->c->arena, LIT("scripts."), name);
    if (!m || !name.len || !manifest_value(m, key, &text)) {
        find(j, PURPOSE_HIDDEN, shown(j, &seen->words));
        return;
    }
    struct state state = j->stage->end;
    const struct sh_script *script = sh_parse(j->c->arena, text, SH_POSIX, NULL);
    state.workdir = seen->workdir;
    state.shell_kind = SHELL_SH;
    if (!script || !script->list || j->depth == MOST_DEPTH) {
        find(j, PURPOSE_HIDDEN, shown(j, &seen->words));
        return;
    }
    j->depth++;
    judge_list(j, &state, script->list);
    j->depth--;
}

/* A script of the image's own may have a tool's name: one that is found in PATH. */
static bool is_own(const struct judge *j, struct str name)
{
    for (size_t i = 0; i < j->scripts->n; i++)
        if (str_eq(j->scripts->at[i].path, name))
            return str_find(name, '/') == name.len;
    return false;
}

static const struct development *row_of(const struct judge *j, struct str name)
{
    const struct development *row = catalog_development(j->c->catalog, name);
    if (!row)
        row = catalog_development(j->c->catalog, path_name(name));
    bool counts = row && (!row->alone || j->alone) && !is_own(j, name);
    return counts ? row : NULL;
}

static void judge_command(struct judge *j, const struct seen_command *seen)
{
    if (is_unknown(seen->words.at[0]))
        return;
    struct str name = seen->words.at[0], script;
    const struct development *row = row_of(j, name);
    if (!j->in_script && starts_empty(j, &seen->words))
        find(j, PURPOSE_SHELL, shown(j, &seen->words));
    if (!row || says_what(row, &seen->words))
        return;
    struct operands operands = operands_of(j, &seen->words);
    if (is_development(row, &operands))
        find(j, row->packaged ? PURPOSE_PACKAGED : PURPOSE_DEVELOPMENT, shown(j, &seen->words));
    else if (names_script(row, &operands, &script))
        judge_script(j, row, seen, script);
}

static void judge_list(struct judge *j, const struct state *state, const struct sh_list *list)
{
    struct seen_commands seen = command_seen(j->c, state, list);
    j->alone = seen.n == 1 && !j->in_script;
    for (size_t i = 0; i < seen.n; i++)
        judge_command(j, &seen.at[i]);
}

/* ---- the whole ---- */

/* What `by` starts itself, and the scripts of the context that it runs. */
static void judge_instruction(struct judge *j, struct instr *by, const struct sh_list *list)
{
    struct state state = container_state(j->stage, by);
    j->scripts = container_scripts(j->c, by);
    j->at = by;
    judge_list(j, &state, list);
    j->in_script = true;
    for (size_t i = 0; i < j->scripts->n; i++)
        judge_list(j, &j->scripts->at[i].state, j->scripts->at[i].list);
    j->in_script = false;
}

struct purpose purpose_of(struct compile *c, const struct stage *s)
{
    struct judge j = {.c = c, .stage = s, .at = s->from};
    struct container_command command = container_command(c, s);
    struct instr *by = command.entrypoint ? command.entrypoint : command.cmd;
    const struct sh_list *list = container_starts(c, &command);
    if (!by) {
        find(&j, PURPOSE_NO_COMMAND, (struct str){0});
        return j.found;
    }
    j.at = by;
    if (!list)
        find(&j, PURPOSE_OPAQUE, (struct str){0});
    else
        judge_instruction(&j, by, list);
    /* An entry script mostly ends in `exec "$@"`: the CMD is then a command of its own. */
    const struct sh_list *own =
        command.entrypoint && command.cmd ? instr_commands(c, command.cmd) : NULL;
    if (own && container_scripts(c, by)->n)
        judge_instruction(&j, command.cmd, own);
    return j.found;
}
