#include "ir/interpreted.h"

#include "grammar/expand.h"
#include "ir/catalog/packages.h"
#include "ir/command_words.h"
#include "ir/container.h"
#include "ir/copy.h"
#include "ir/manifest/manifest.h"
#include "ir/minimal.h"
#include "ir/sources.h"

struct question {
    struct compile *c;
    const struct toolchain *t;
    const struct stage *stage, *built;
    struct interpreted_evidence *where;
};

static enum interpreted_need say(const struct question *q, enum interpreted_need need,
                                 const struct instr *at, struct str detail)
{
    *q->where = (struct interpreted_evidence){at, detail};
    return need;
}

const struct toolchain *interpreted_by(struct compile *c, const struct base *base)
{
    struct str image = str_printf(c->arena, "%.*s:%.*s", STR(base->ref.name), STR(base->full));
    for (size_t i = 0; i < catalog_toolchain_count(c->catalog); i++) {
        const struct toolchain *t = catalog_toolchain_at(c->catalog, i);
        for (size_t k = 0; t->interpreter.len && k < t->n_interpreter_on; k++)
            if (str_matches(t->interpreter_on[k], image))
                return t;
    }
    return NULL;
}

/* ---- for what it is built ---- */

/* Where none is named, or a variable does, it is the builder's. */
static enum interpreted_need platform_needs(const struct question *q)
{
    struct str platform;
    if (!df_flag(q->stage->from->ast, LIT("platform"), &platform) ||
        str_find(platform, '$') < platform.len)
        return INTERPRETED_NOTHING;
    for (size_t i = 0; i < q->t->n_interpreter_platforms; i++)
        if (str_eq(q->t->interpreter_platforms[i], platform))
            return INTERPRETED_NOTHING;
    return say(q, INTERPRETED_PLATFORM, q->stage->from, platform);
}

/* ---- what it starts ---- */

static bool is_interpreter(const struct question *q, struct str word)
{
    struct str path;
    if (str_find(word, '/') == word.len)
        return str_eq(path_name(q->t->interpreter), word);
    return path_resolve(q->c->arena, q->stage->end.workdir, word, &path) &&
           str_eq(path, q->t->interpreter);
}

/* Code among the words. */
static bool starts_programs(const struct question *q, const struct instr *i)
{
    for (size_t k = 0; i && k < i->ast->args.n; k++)
        if (source_text_shows(q->c, q->t->language, SOURCE_COMMANDS, i->ast->args.at[k].text))
            return true;
    return false;
}

/* The image's own ENTRYPOINT is a script that starts what is a command. */
static enum interpreted_need command_needs(const struct question *q)
{
    struct container_command command = container_command(q->c, q->stage);
    const struct instr *entry = command.entrypoint, *cmd = command.cmd;
    const struct instr *first = entry && entry->ast->args.n ? entry : cmd;
    if (!first || (entry && !entry->ast->json) || (cmd && !cmd->ast->json) || !first->ast->args.n)
        return say(q, INTERPRETED_COMMAND, first ? first : q->stage->from, LIT(""));
    struct str name = first->ast->args.at[0].text;
    size_t n = first->ast->args.n + (first == entry && cmd ? cmd->ast->args.n : 0);
    if (n < 2 || !is_interpreter(q, name))
        return say(q, INTERPRETED_OTHER, first, name);
    if (starts_programs(q, first) || starts_programs(q, cmd))
        return say(q, INTERPRETED_PROGRAMS, first, LIT(""));
    return INTERPRETED_NOTHING;
}

/* ---- what its sources show ---- */

static enum interpreted_need sources_need(const struct question *q)
{
    static const struct {
        enum source_trait trait;
        enum interpreted_need need;
    } signs[] = {
        {SOURCE_COMMANDS, INTERPRETED_PROGRAMS}, {SOURCE_LIBRARIES, INTERPRETED_LIBRARIES},
        {SOURCE_NATIVE, INTERPRETED_LIBRARIES},  {SOURCE_LOCALES, INTERPRETED_LOCALES},
        {SOURCE_ACCOUNTS, INTERPRETED_ACCOUNTS}, {SOURCE_SYSTEM, INTERPRETED_SYSTEM},
    };
    struct str language = q->t->language;
    if (source_count(q->c, language) <= 0)
        return say(q, INTERPRETED_PROGRAMS, q->stage->from, LIT(""));
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        struct source_evidence where = {0};
        if (source_shows(q->c, language, signs[i].trait, &where) != NO)
            return say(q, signs[i].need, q->stage->from, source_evidence_text(q->c->arena, &where));
    }
    return INTERPRETED_NOTHING;
}

/* ---- variables ---- */

static const struct str *lost_variable(const struct question *q, struct str word)
{
    struct strs names = {0};
    expand_names(q->c->arena, word, q->c->file->escape, &names);
    for (size_t i = 0; i < q->t->n_interpreter_env; i++)
        if (strs_have(&names, q->t->interpreter_env[i]))
            return &q->t->interpreter_env[i];
    return NULL;
}

static const struct str *used_variable(const struct question *q, const struct instr *i)
{
    const struct str *found = NULL;
    for (size_t k = 0; k < i->ast->args.n && !found; k++)
        found = lost_variable(q, i->ast->args.at[k].text);
    for (size_t k = 0; k < i->ast->pairs.n && !found; k++)
        found = lost_variable(q, i->ast->pairs.at[k].value);
    return found;
}

static enum interpreted_need variables_need(const struct question *q)
{
    const struct toolchain *t = q->t;
    for (size_t i = 0; i < t->n_interpreter_env; i++)
        if (source_has(q->c, t->language, t->interpreter_env[i]) != NO)
            return say(q, INTERPRETED_VARIABLE, q->stage->from, t->interpreter_env[i]);
    for (const struct instr *i = instr_next(q->stage->from); i; i = instr_next(i)) {
        const struct str *found = used_variable(q, i);
        if (found)
            return say(q, INTERPRETED_VARIABLE, i, *found);
    }
    return INTERPRETED_NOTHING;
}

/* ---- what it requires ---- */

/* Without its version: NAME@VERSION, @SCOPE/NAME@VERSION. */
static struct str package_name(struct str word)
{
    size_t scope = str_starts(word, LIT("@")) ? 1 : 0;
    return str_slice(word, 0, scope + str_find(str_slice(word, scope, word.len), '@'));
}

static bool needs_more(const struct question *q, struct str package)
{
    struct str name =
        str_printf(q->c->arena, "%.*s:%.*s", STR(q->t->registry), STR(package_name(package)));
    const struct module *module = catalog_module(q->c->catalog, str_lower(q->c->arena, name));
    if (!module)
        return false;
    for (size_t i = 0; i < module->n_run; i++)
        if (!minimal_has_package(q->t, module->run[i]))
            return true;
    return module->system;
}

static enum interpreted_need manifest_needs_more(const struct question *q, struct str path)
{
    const struct manifest *m = manifest_at(q->c, path);
    if (!m || m->more_needs)
        return say(q, INTERPRETED_PACKAGE, q->stage->from, path);
    for (size_t i = 0; i < m->needs.n; i++)
        if (!str_eq(m->needs.at[i].group, LIT("dev")) && needs_more(q, m->needs.at[i].name))
            return say(q, INTERPRETED_PACKAGE, q->stage->from, m->needs.at[i].name);
    return INTERPRETED_NOTHING;
}

static bool is_manifest(const struct toolchain *t, struct str name)
{
    for (size_t i = 0; i < t->n_builds; i++)
        for (size_t k = 0; k < t->builds[i].n_manifest; k++)
            if (str_eq(t->builds[i].manifest[k], name))
                return true;
    return false;
}

static bool read_steps(struct compile *c, struct instr *i, struct steps *steps)
{
    const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(c, i) : NULL;
    return script && script->list && command_steps(c, &i->before, script->list, steps);
}

/* The first package that the command names and that needs more; empty: none. */
static struct str package_that_needs_more(const struct question *q, const struct invocation *run)
{
    for (size_t n = 1; toolchain_row(q->c, run) && n < run->words.n; n++)
        if (run->words.at[n].at && needs_more(q, run->words.at[n]))
            return run->words.at[n];
    return (struct str){0};
}

/* Those that commands of the stage name: `npm install NAME`. */
static enum interpreted_need installed_need(const struct question *q)
{
    for (struct instr *i = instr_next(q->built->from); i; i = instr_next(i)) {
        struct steps steps = {0};
        read_steps(q->c, i, &steps);
        for (size_t k = 0; k < steps.n; k++) {
            struct str package = {0};
            if (steps.at[k].runs.n)
                package = package_that_needs_more(q, vec_last(&steps.at[k].runs));
            if (package.at)
                return say(q, INTERPRETED_PACKAGE, i, package);
        }
    }
    return INTERPRETED_NOTHING;
}

/* Of all manifests of the context. What packages do that the catalog does not know is not seen. */
static enum interpreted_need packages_need(const struct question *q)
{
    struct context_entries files = {0};
    enum interpreted_need need = INTERPRETED_NOTHING;
    if (!context_files(q->c, LIT(""), &files))
        return say(q, INTERPRETED_PACKAGE, q->stage->from, LIT(""));
    for (size_t i = 0; i < files.n && need == INTERPRETED_NOTHING; i++)
        if (is_manifest(q->t, path_name(files.at[i].name)))
            need = manifest_needs_more(q, files.at[i].name);
    return need == INTERPRETED_NOTHING ? installed_need(q) : need;
}

/* ---- all ---- */

enum interpreted_need interpreted_needs(struct compile *c, const struct toolchain *t,
                                        const struct stage *stage, const struct stage *built,
                                        struct interpreted_evidence *where)
{
    enum interpreted_need (*const questions[])(const struct question *) = {
        platform_needs, command_needs, sources_need, variables_need, packages_need};
    struct question q = {c, t, stage, built, where};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        enum interpreted_need need = questions[i](&q);
        if (need != INTERPRETED_NOTHING)
            return need;
    }
    return INTERPRETED_NOTHING;
}

/* ---- the interpreter ---- */

/* Packages of the distribution are not installed in its place, and those of the language beside it.
 */
static bool installs(struct compile *c, const struct step *s)
{
    for (size_t n = 0; n < s->runs.n; n++) {
        const struct command *row = s->runs.at[n].row;
        if (toolchain_row(c, &s->runs.at[n]) || (row && row->manager.len))
            return true;
    }
    return false;
}

static bool may_write(struct compile *c, struct instr *i, const struct set *paths)
{
    struct steps steps = {0};
    if (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD) {
        struct effects fx = copy_effects(c, i);
        return paths_meet(&fx.writes, paths) != NO;
    }
    if (i->ast->kind != DF_RUN)
        return false;
    if (!read_steps(c, i, &steps))
        return true;
    for (size_t k = 0; k < steps.n; k++)
        if (!installs(c, &steps.at[k]) && paths_meet(&steps.at[k].effects.writes, paths) != NO)
            return true;
    return false;
}

bool interpreted_is_untouched(struct compile *c, const struct toolchain *t,
                              const struct stage *stage)
{
    struct strs path = {0};
    vec_add(c->arena, &path, t->interpreter);
    struct set paths = {.items = path};
    for (const struct stage *s = stage; s; s = s->base.kind == REF_STAGE ? s->base.stage : NULL)
        for (struct instr *i = instr_next(s->from); i; i = instr_next(i))
            if (may_write(c, i, &paths))
                return false;
    return true;
}
