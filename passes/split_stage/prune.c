/* Packages of a language that only builds use, and caches in what goes over: removed at the end of
 * the build stage. */
#include "ir/base.h"
#include "ir/command_words.h"
#include "ir/manifest/manifest.h"
#include "passes/split_stage/split.h"

/* ---- where ---- */

static bool knows_command(struct compile *c, const struct split_plan *p,
                          const struct build_command *by)
{
    struct base base;
    if (!base_of_stage(c, p->stage, &base))
        return false;
    struct str image = str_printf(c->arena, "%.*s:%.*s", STR(base.ref.name), STR(base.full));
    for (size_t i = 0; i < by->n_prunes_on; i++)
        if (str_matches(by->prunes_on[i], image))
            return true;
    return false;
}

/* The file does so itself: `npm prune`, whatever its options. */
static bool prunes_itself(const struct split_plan *p, struct str prune)
{
    struct str name = str_slice(prune, 0, str_find(prune, ' '));
    struct str verb = str_slice(prune, name.len + 1, prune.len);
    verb = str_slice(verb, 0, str_find(verb, ' '));
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct invocations *runs = &p->instrs.at[i].steps.at[k].step->runs;
            for (size_t n = 0; n < runs->n; n++)
                if (str_eq(runs->at[n].name, name) && runs->at[n].words.n &&
                    str_eq(runs->at[n].words.at[0], verb))
                    return true;
        }
    return false;
}

/* The last step that installs packages of the language. */
static const struct split_step *last_install(const struct split_plan *p)
{
    const struct split_step *found = NULL;
    for (size_t i = 0; i < p->n_build; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct split_step *s = &p->instrs.at[i].steps.at[k];
            if (s->role == STEP_BUILD && s->built.by->n_prunes && s->built.manifest)
                found = s;
        }
    return found;
}

/* ---- are they used at run time? ---- */

static bool is_development(const struct manifest *m, struct str name)
{
    bool development = false;
    for (size_t i = 0; i < m->needs.n; i++) {
        if (!str_eq(m->needs.at[i].name, name))
            continue;
        if (!str_eq(m->needs.at[i].group, LIT("dev")))
            return false;
        development = true;
    }
    return development;
}

static struct strs development_of(struct compile *c, const struct manifest *m)
{
    struct strs out = {0};
    for (size_t i = 0; i < m->needs.n; i++)
        if (is_development(m, m->needs.at[i].name))
            vec_add(c->arena, &out, m->needs.at[i].name);
    return out;
}

/* Itself, or a path in it: `-r NAME/register`. */
static bool names_package(const struct invocation *run, const struct strs *packages)
{
    for (size_t i = 0; i < run->words.n; i++)
        if (split_is_in(run->words.at[i], packages))
            return true;
    for (size_t i = 0; i < run->options.n; i++)
        if (split_is_in(run->options.at[i].value, packages))
            return true;
    return false;
}

/* `npm run NAME`: not followed. */
static bool names_script(struct compile *c, const struct manifest *m, const struct invocation *run)
{
    struct str value;
    for (size_t i = 0; i < run->words.n; i++)
        if (manifest_value(m, str_concat(c->arena, LIT("scripts."), run->words.at[i]), &value))
            return true;
    return false;
}

/* The one command of a script; NULL when it has others, or is not understood. */
static const struct invocation *only_command(struct compile *c, const struct split_plan *p,
                                             struct str text)
{
    const struct sh_script *script = sh_parse(c->arena, text, SH_POSIX, NULL);
    struct steps steps = {0};
    if (!script || !script->list || !command_steps(c, &p->stage->end, script->list, &steps) ||
        steps.n != 1 || !steps.at[0].simple || steps.at[0].runs.n != 1)
        return NULL;
    return &steps.at[0].runs.at[0];
}

/* A script of the manifest that the container starts may run a program of one of them: it is more
 * than one command, of a program of the final image's own. */
static bool script_uses(struct compile *c, const struct split_plan *p, const struct manifest *m,
                        const struct strs *packages)
{
    for (size_t i = 0; i < m->values.n; i++) {
        const struct manifest_value *v = &m->values.at[i];
        struct str name = str_slice(v->key, str_find(v->key, '.') + 1, v->key.len);
        if (!str_starts(v->key, LIT("scripts.")) || !split_starts_script(p, name))
            continue;
        const struct invocation *run = v->computed ? NULL : only_command(c, p, v->value);
        if (!run || !strs_have(&p->runtime.has, run->name) || names_package(run, packages) ||
            names_script(c, m, run))
            return true;
    }
    return false;
}

/* ---- caches in what goes over ---- */

static bool goes_with_tree(const struct split_plan *p, const struct mess *mess)
{
    for (size_t i = 0; i < mess->n_paths; i++)
        for (size_t k = 0; k < p->carries.n; k++)
            if (p->carries.at[k].whole && split_is_below(mess->paths[i], p->carries.at[k].path))
                return true;
    return false;
}

static void add_cleanups(struct compile *c, struct split_plan *p, struct instr *run)
{
    instr_effects(c, run);
    for (size_t i = 0; i < catalog_manager_count(c->catalog); i++) {
        const struct manager *m = catalog_manager_at(c->catalog, i);
        for (size_t k = 0; k < m->n_messes; k++)
            if (goes_with_tree(p, &m->messes[k]) && legality_is_left(c, run, m, &m->messes[k]) &&
                !strs_have(&p->cleanups, m->messes[k].cleanup))
                vec_add(c->arena, &p->cleanups, m->messes[k].cleanup);
    }
}

/* By the same user: the last instruction of the build stage is run as it is. */
static void find_caches(struct compile *c, struct split_plan *p)
{
    const struct instr *last = p->n_build ? p->instrs.at[p->n_build - 1].i : NULL;
    for (size_t i = 0; i < p->n_build; i++) {
        struct instr *run = p->instrs.at[i].i;
        if (run->ast->kind == DF_RUN && str_eq(run->before.user, last->before.user))
            add_cleanups(c, p, run);
    }
}

/* The file removes what was installed, or all of the project. */
static bool is_gone(struct compile *c, const struct split_plan *p, const struct split_step *s)
{
    bool gone = s->built.artifacts.n > 0;
    for (size_t i = 0; i < s->built.artifacts.n; i++)
        gone &= split_is_removed(c, p, s->built.artifacts.at[i]) == YES;
    return gone || split_is_removed(c, p, vec_last(&s->step->runs)->workdir) == YES;
}

static void find_packages(struct compile *c, struct split_plan *p)
{
    const struct split_step *s = last_install(p);
    const struct manifest *m = s ? s->built.manifest : NULL;
    if (!m || m->more_needs || !knows_command(c, p, s->built.by) || is_gone(c, p, s))
        return;
    struct strs packages = development_of(c, m);
    if (!packages.n || script_uses(c, p, m, &packages) ||
        source_mentions(c, p->toolchain->language, path_directory(m->path), &packages) != NO)
        return;
    p->prune_in = vec_last(&s->step->runs)->workdir;
    for (size_t i = 0; i < s->built.by->n_prunes; i++)
        if (!prunes_itself(p, s->built.by->prunes[i]))
            vec_add(c->arena, &p->prunes, s->built.by->prunes[i]);
}

void split_prune(struct compile *c, struct split_plan *p)
{
    find_packages(c, p);
    find_caches(c, p);
}
