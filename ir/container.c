#include "ir/container.h"

#include "ir/catalog/catalog.h"
#include "ir/command.h"
#include "ir/context.h"
#include "ir/state.h"

/* An entry script has a few helpers; a context is not searched for more. */
enum { MOST_SCRIPTS = 16 };

/* ---- the command ---- */

/* Dockerfile reference: only the last of its kind takes effect. */
static struct instr *last_in(const struct file *f, const struct stage *s, enum df_kind kind)
{
    struct instr *i = s->next ? s->next->from->prev : f->last;
    while (i && i->stage == s && i->ast->kind != kind)
        i = i->prev;
    return i && i->stage == s ? i : NULL;
}

static const struct stage *below(const struct stage *s)
{
    return s->base.kind == REF_STAGE ? s->base.stage : NULL;
}

/* How far down a stage is built on others. */
enum { MOST_STAGES = 64 };

static struct instr *in_force(const struct file *f, const struct stage *s, enum df_kind kind)
{
    struct instr *found = NULL;
    for (unsigned n = 0; s && !found && n < MOST_STAGES; n++, s = below(s))
        found = last_in(f, s, kind);
    return found;
}

struct container_command container_command(struct compile *c, const struct stage *s)
{
    struct container_command found = {in_force(c->file, s, DF_ENTRYPOINT),
                                      in_force(c->file, s, DF_CMD)};
    if (found.entrypoint && found.cmd && found.cmd->stage->index < found.entrypoint->stage->index)
        found.cmd = NULL;
    return found;
}

static void add_words(struct compile *c, const struct instr *i, struct buf *b)
{
    const struct df_instr *ast = i->ast;
    static const struct str shell = {"/bin/sh -c", 10};
    if (!ast->json) {
        buf_add(b, shell);
        buf_char(b, ' ');
        buf_add(b, sh_quote(c->arena, str_span(ast->joined.text, ast->rest)));
    }
    for (size_t k = 0; ast->json && k < ast->args.n; k++) {
        buf_add(b, sh_quote(c->arena, ast->args.at[k].text));
        buf_char(b, ' ');
    }
}

/* CMD gives an ENTRYPOINT in exec form its arguments; one in shell form takes none. */
const struct sh_list *container_starts(struct compile *c, const struct container_command *command)
{
    struct instr *entrypoint = command->entrypoint, *cmd = command->cmd;
    if (entrypoint && entrypoint->ast->json && cmd) {
        struct buf b = {.arena = c->arena};
        add_words(c, entrypoint, &b);
        add_words(c, cmd, &b);
        const struct sh_script *script = sh_parse(c->arena, buf_str(&b), SH_POSIX, NULL);
        return script ? script->list : NULL;
    }
    struct instr *one = entrypoint ? entrypoint : cmd;
    return one ? instr_commands(c, one) : NULL;
}

struct state container_state(const struct stage *s, const struct instr *by)
{
    struct state state = by->before;
    state.workdir = s->end.workdir;
    state.env = s->end.env;
    state.user = s->end.user;
    return state;
}

/* ---- the search for scripts ---- */

struct search {
    struct compile *c;
    const struct stage *in;
    struct state state; /* in which the container starts */
    unsigned steps;
    struct container_scripts found;
};

/* ---- which shell reads it ---- */

static bool next_word(struct str *line, struct str *word)
{
    *line = str_trim_left(*line);
    size_t end = 0;
    while (end < line->len && !char_is_space(line->at[end]))
        end++;
    *word = str_slice(*line, 0, end);
    *line = str_slice(*line, end, line->len);
    return word->len > 0;
}

enum shell_kind container_reader(struct str text)
{
    struct str word, line = str_slice(text, 2, str_find(text, '\n'));
    if (!str_starts(text, LIT("#!")))
        return SHELL_SH;
    bool env = next_word(&line, &word) && (str_eq(word, LIT("env")) || str_ends(word, LIT("/env")));
    while (env && next_word(&line, &word) && str_starts(word, LIT("-")))
        continue;
    return state_shell_kind(word);
}

/* ---- following ---- */

static bool is_found(const struct search *s, struct str path)
{
    for (size_t i = 0; i < s->found.n; i++)
        if (str_eq(s->found.at[i].path, path))
            return true;
    return false;
}

/* Neither its first line nor a command of `fx` says that it is code (which is not noted of what
 * runs behind the fetching of package lists): a template, a list, settings. */
static bool is_data(const struct effects *fx, struct str path, struct str text)
{
    bool noted = !fx->lists.items.n && !fx->drops_lists.items.n;
    return noted && str_starts(path, LIT("/")) && !str_starts(text, LIT("#!")) &&
           !strs_have(&fx->scripts.items, path) && !strs_have(&fx->commands.items, path);
}

static void follow_name(struct search *s, const struct effects *fx, struct str path)
{
    struct context_source file = {0};
    if (s->found.n == MOST_SCRIPTS || is_found(s, path) ||
        !context_source(s->c, s->in, path, &s->steps, &file) || is_data(fx, path, file.text))
        return;
    struct state state = s->state;
    state.shell_kind = container_reader(file.text);
    if (state.shell_kind == SHELL_OTHER)
        return;
    enum sh_dialect dialect = state.shell_kind == SHELL_BASH ? SH_BASH : SH_POSIX;
    const struct sh_script *script = sh_parse(s->c->arena, file.text, dialect, NULL);
    if (!script || !script->list)
        return;
    struct container_script found = {.path = path,
                                     .effects = command_effects_of_list(s->c, &state, script->list),
                                     .state = state,
                                     .list = script->list};
    vec_add(s->c->arena, &s->found, found);
}

/* Nothing takes the place of the programs that every distribution has. */
static bool may_be_own(const struct search *s, struct str name)
{
    const struct command *row = catalog_command(s->c->catalog, name);
    return str_find(name, '/') == name.len && !(row && (row->usage.does & DOES(SYSTEM)));
}

/* Who is run by a path, or given to a shell, is read; a name that is found in PATH may be the
 * context's. */
static void follow(struct search *s, const struct effects *fx)
{
    for (size_t i = 0; i < fx->reads.items.n; i++)
        if (str_starts(fx->reads.items.at[i], LIT("/")))
            follow_name(s, fx, fx->reads.items.at[i]);
    for (size_t i = 0; i < fx->commands.items.n; i++)
        if (may_be_own(s, fx->commands.items.at[i]))
            follow_name(s, fx, fx->commands.items.at[i]);
}

static bool runs_in_container(const struct instr *by)
{
    enum df_kind kind = by->ast->kind;
    return by->stage && (kind == DF_CMD || kind == DF_ENTRYPOINT || kind == DF_HEALTHCHECK);
}

/* The working directory is the one that the stage ends in, not the one before the instruction. */
static void search(struct search *s, struct instr *by)
{
    const struct sh_list *commands = instr_commands(s->c, by);
    if (!commands)
        return;
    s->state = container_state(s->in, by);
    struct effects fx = command_effects_of_list(s->c, &s->state, commands);
    follow(s, &fx);
    for (size_t first = 0; first < s->found.n; first++) {
        struct effects inner = s->found.at[first].effects;
        follow(s, &inner);
    }
}

/* Of `by` in its stage, or in one that is FROM it. NULL when it is overridden there. */
static const struct stage *stage_that_runs(const struct compile *c, const struct instr *by)
{
    enum df_kind kind = by->ast->kind;
    const struct stage *found = last_in(c->file, by->stage, kind) == by ? by->stage : NULL;
    for (const struct stage *s = by->stage->next; s; s = s->next)
        if (s->ships == YES && in_force(c->file, s, kind) == by)
            found = s;
    return found;
}

const struct container_scripts *container_scripts(struct compile *c, struct instr *by)
{
    static const struct container_scripts none = {.n = 0};
    if (by->scripts)
        return by->scripts;
    by->scripts = &none;
    struct search s = {.c = c};
    if (c->context && runs_in_container(by))
        s.in = stage_that_runs(c, by);
    if (!s.in)
        return by->scripts;
    search(&s, by);
    struct container_scripts *found = arena_alloc(c->arena, sizeof *found);
    *found = s.found;
    by->scripts = found;
    return found;
}
