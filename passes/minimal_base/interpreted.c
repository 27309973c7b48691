/* Programs that an interpreter runs: it is one file, which goes over from a stage that has it. */
#include "grammar/expand.h"
#include "ir/catalog/packages.h"
#include "ir/container.h"
#include "ir/copy.h"
#include "ir/manifest/manifest.h"
#include "ir/minimal.h"
#include "ir/sources.h"
#include "passes/minimal_base/minimal_base.h"

/* ---- whose interpreter ---- */

const struct toolchain *minimal_interpreter_of(struct compile *c, const struct base *base)
{
    struct str image = str_printf(c->arena, "%.*s:%.*s", STR(base->ref.name), STR(base->full));
    for (size_t i = 0; i < catalog_toolchain_count(c->catalog); i++) {
        const struct toolchain *t = catalog_toolchain_at(c->catalog, i);
        if (t->interpreter.len && legality_matches(t->interpreter_on, t->n_interpreter_on, image))
            return t;
    }
    return NULL;
}

/* ---- where it comes from ---- */

/* Steps of the language's own tools install beside it, not over it. */
static bool may_write(struct compile *c, struct instr *i, const struct set *paths)
{
    const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(c, i) : NULL;
    struct steps steps = {0};
    if (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD) {
        struct effects fx = copy_effects(c, i);
        return paths_meet(&fx.writes, paths) != NO;
    }
    if (i->ast->kind != DF_RUN)
        return false;
    if (!script || !script->list || !command_steps(c, &i->before, script->list, &steps))
        return true;
    for (size_t k = 0; k < steps.n; k++) {
        bool tool = false;
        for (size_t n = 0; n < steps.at[k].runs.n; n++)
            tool |= toolchain_row(c, &steps.at[k].runs.at[n]) != NULL;
        if (!tool && paths_meet(&steps.at[k].effects.writes, paths) != NO)
            return true;
    }
    return false;
}

/* The same version, release and platform, as the image brings it. */
static bool has_same(struct compile *c, const struct minimal_plan *p, const struct stage *stage,
                     const struct stage *from)
{
    struct base base;
    struct strs path = {0};
    vec_add(c->arena, &path, p->program);
    struct set paths = {.items = path};
    if (!base_of_stage(c, from, &base) || !base.variant || base.variant->libc.len ||
        !str_eq(base.ref.name, p->base.ref.name) || !base.version.len ||
        !str_eq(base.version, p->base.version) || !base.suite.len ||
        !str_eq(base.suite, p->base.suite))
        return false;
    for (const struct stage *s = from; s; s = s->base.kind == REF_STAGE ? s->base.stage : NULL) {
        if (!df_same_flags(s->from->ast, stage->from->ast))
            return false;
        for (struct instr *i = instr_next(s->from); i; i = instr_next(i))
            if (may_write(c, i, &paths))
                return false;
    }
    return true;
}

static bool find_stage(struct compile *c, struct minimal_plan *p, const struct stage *stage)
{
    for (size_t i = 0; i < stage->uses.n && !p->stage; i++) {
        const struct ref *use = &stage->uses.at[i];
        if (use->kind == REF_STAGE && use->by->ast->kind == DF_COPY &&
            has_same(c, p, stage, use->stage))
            p->stage = use->stage;
    }
    return p->stage != NULL;
}

/* ---- what it starts ---- */

static bool is_interpreter(struct compile *c, const struct minimal_plan *p,
                           const struct stage *stage, struct str word)
{
    struct str path;
    if (str_find(word, '/') == word.len)
        return str_eq(path_name(p->program), word);
    return path_resolve(c->arena, stage->end.workdir, word, &path) && str_eq(path, p->program);
}

/* Code among the words. */
static bool shows_commands(struct compile *c, const struct minimal_plan *p,
                           const struct df_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        if (source_text_shows(c, p->toolchain->language, SOURCE_COMMANDS, words->at[i].text))
            return true;
    return false;
}

/* The image's own ENTRYPOINT is a script that starts what is a command. */
static bool check_command(struct compile *c, const struct minimal_plan *p,
                          const struct stage *stage, struct why *why)
{
    struct container_command command = container_command(c, stage);
    const struct instr *entry = command.entrypoint, *cmd = command.cmd;
    const struct instr *first = entry && entry->ast->args.n ? entry : cmd;
    if (!first || (entry && !entry->ast->json) || (cmd && !cmd->ast->json) || !first->ast->args.n)
        return minimal_refuse(why, MINIMAL_COMMAND, first ? first : stage->from, LIT(""));
    struct str name = first->ast->args.at[0].text;
    size_t n = first->ast->args.n + (first == entry && cmd ? cmd->ast->args.n : 0);
    if (n < 2 || !is_interpreter(c, p, stage, name))
        return minimal_refuse(why, MINIMAL_STARTED, first, name);
    if (shows_commands(c, p, &first->ast->args) || (cmd && shows_commands(c, p, &cmd->ast->args)))
        return minimal_refuse(why, MINIMAL_STARTS, first, LIT(""));
    return true;
}

/* ---- variables ---- */

static const struct str *lost_variable(struct compile *c, const struct toolchain *t,
                                       struct str word)
{
    struct strs names = {0};
    expand_names(c->arena, word, c->file->escape, &names);
    for (size_t i = 0; i < t->n_interpreter_env; i++)
        if (strs_have(&names, t->interpreter_env[i]))
            return &t->interpreter_env[i];
    return NULL;
}

static bool check_words(struct compile *c, const struct minimal_plan *p, struct instr *i,
                        struct why *why)
{
    const struct toolchain *t = p->toolchain;
    const struct str *found = NULL;
    for (size_t k = 0; k < i->ast->args.n && !found; k++)
        found = lost_variable(c, t, i->ast->args.at[k].text);
    for (size_t k = 0; k < i->ast->pairs.n && !found; k++)
        found = lost_variable(c, t, i->ast->pairs.at[k].value);
    return !found || minimal_refuse(why, MINIMAL_VARIABLE, i, *found);
}

static bool check_variables(struct compile *c, const struct minimal_plan *p, struct stage *stage,
                            struct why *why)
{
    const struct toolchain *t = p->toolchain;
    for (size_t i = 0; i < t->n_interpreter_env; i++)
        if (source_has(c, t->language, t->interpreter_env[i]) != NO)
            return minimal_refuse(why, MINIMAL_VARIABLE, stage->from, t->interpreter_env[i]);
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
        if (!check_words(c, p, i, why))
            return false;
    return true;
}

/* ---- what it requires ---- */

/* Without its version: NAME@VERSION, @SCOPE/NAME@VERSION. */
static struct str package_name(struct str word)
{
    size_t scope = str_starts(word, LIT("@")) ? 1 : 0;
    return str_slice(word, 0, scope + str_find(str_slice(word, scope, word.len), '@'));
}

static bool needs_more(struct compile *c, const struct toolchain *t, struct str package)
{
    struct str name =
        str_printf(c->arena, "%.*s:%.*s", STR(t->registry), STR(package_name(package)));
    const struct module *module = catalog_module(c->catalog, str_lower(c->arena, name));
    if (!module)
        return false;
    for (size_t i = 0; i < module->n_run; i++)
        if (!minimal_has_package(t, module->run[i]))
            return true;
    return module->system;
}

static bool check_manifest(struct compile *c, const struct toolchain *t, struct str path,
                           const struct instr *at, struct why *why)
{
    const struct manifest *m = manifest_at(c, path);
    if (!m || m->more_needs)
        return minimal_refuse(why, MINIMAL_PACKAGES, at, path);
    for (size_t i = 0; i < m->needs.n; i++)
        if (!str_eq(m->needs.at[i].group, LIT("dev")) && needs_more(c, t, m->needs.at[i].name))
            return minimal_refuse(why, MINIMAL_PACKAGES, at, m->needs.at[i].name);
    return true;
}

static bool is_manifest(const struct toolchain *t, struct str name)
{
    for (size_t i = 0; i < t->n_builds; i++)
        if (str_eq(t->builds[i].manifest, name))
            return true;
    return false;
}

/* Those that the commands of the stage name: `npm install NAME`. */
static bool check_installed(struct compile *c, const struct minimal_plan *p, struct why *why)
{
    for (struct instr *i = instr_next(p->stage->from); i; i = instr_next(i)) {
        const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(c, i) : NULL;
        struct steps steps = {0};
        if (!script || !script->list || !command_steps(c, &i->before, script->list, &steps))
            continue;
        for (size_t k = 0; k < steps.n; k++) {
            const struct invocation *run = steps.at[k].runs.n ? vec_last(&steps.at[k].runs) : NULL;
            if (!run || !toolchain_row(c, run))
                continue;
            for (size_t n = 1; n < run->words.n; n++)
                if (run->words.at[n].at && needs_more(c, p->toolchain, run->words.at[n]))
                    return minimal_refuse(why, MINIMAL_PACKAGES, i, run->words.at[n]);
        }
    }
    return true;
}

/* Of all manifests of the context. What packages do that the catalog does not know is not seen. */
static bool check_packages(struct compile *c, const struct minimal_plan *p,
                           const struct stage *stage, struct why *why)
{
    struct context_entries files = {0};
    if (!context_files(c, LIT(""), &files))
        return minimal_refuse(why, MINIMAL_PACKAGES, stage->from, LIT(""));
    for (size_t i = 0; i < files.n; i++)
        if (is_manifest(p->toolchain, path_name(files.at[i].name)) &&
            !check_manifest(c, p->toolchain, files.at[i].name, stage->from, why))
            return false;
    return check_installed(c, p, why);
}

/* ---- all ---- */

bool minimal_check_interpreted(struct compile *c, struct minimal_plan *p, struct stage *stage,
                               struct why *why)
{
    p->interpreted = true;
    p->program = p->toolchain->interpreter;
    if (!check_command(c, p, stage, why))
        return false;
    if (!find_stage(c, p, stage))
        return minimal_refuse(why, MINIMAL_INTERPRETER, stage->from, p->program);
    if (!minimal_check_stage(c, p, stage, why) || !minimal_check_sources(c, p, stage->from, why) ||
        !check_variables(c, p, stage, why) || !check_packages(c, p, stage, why))
        return false;
    p->image = minimal_image_of(c, p, p->toolchain->minimal);
    return p->image.len || minimal_refuse(why, MINIMAL_RELEASE, stage->from, LIT(""));
}
