/* What the build stage made and the program uses: it goes over with COPY --from. */
#include "ir/command_words.h"
#include "passes/split_stage/split.h"

/* ---- what goes over ---- */

bool split_is_shared(struct compile *c, struct str path)
{
    return catalog_lists(c->catalog, LIT("shared"), path);
}

bool split_goes_over(const struct split_plan *p, struct str path)
{
    for (size_t i = 0; i < p->carries.n; i++)
        if (split_is_below(path, p->carries.at[i].path))
            return true;
    return false;
}

/* What has something below it is a directory, and goes over with all that is there. */
static void drop_below(struct split_plan *p, struct str tree)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < p->carries.n; i++)
        if (!split_is_below(p->carries.at[i].path, tree))
            p->carries.at[kept++] = p->carries.at[i];
    p->carries.n = kept;
}

bool split_is_left(const struct split_plan *p, struct str path)
{
    bool left = false;
    for (size_t i = 0; i < p->runtime.row->n_home; i++)
        left |= split_is_below(path, p->runtime.row->home[i]);
    for (size_t i = 0; i < p->carries.n; i++)
        left &= !split_is_below(path, p->carries.at[i].path);
    for (size_t i = 0; i < p->project.entries.n; i++)
        left &= !split_is_below(path, p->project.entries.at[i].path);
    return left;
}

static bool is_pattern(struct str path)
{
    return str_find(path, '*') < path.len || str_find(path, '?') < path.len ||
           str_find(path, '[') < path.len || !str_starts(path, LIT("/"));
}

bool split_carry(struct compile *c, struct split_plan *p, struct carry what, struct why *why)
{
    if (split_goes_over(p, what.path))
        return true;
    if (is_pattern(what.path) || split_is_shared(c, what.path))
        return split_refuse(why, SPLIT_SYSTEM_TREE, what.by, what.path);
    drop_below(p, what.path);
    vec_add(c->arena, &p->carries, what);
    return true;
}

/* ---- what builds leave ---- */

/* A step that builds puts something elsewhere than where it works. */
static bool installs(const struct split_step *s)
{
    for (size_t i = 0; i < s->built.artifacts.n; i++)
        if (!split_is_below(s->built.artifacts.at[i], vec_last(&s->step->runs)->workdir))
            return true;
    return false;
}

static bool is_named(const struct split_plan *p, struct str path)
{
    for (size_t i = 0; i < p->used.n; i++)
        if (split_is_below(p->used.at[i], path) || split_is_below(path, p->used.at[i]))
            return !str_eq(p->used.at[i], p->stage->end.workdir);
    return false;
}

/* A step behind the build takes it, and nothing that starts in the container names it. */
static bool is_taken(const struct split_plan *p, struct str path, struct str workdir, size_t from)
{
    struct strs one = {&path, 1, 1};
    struct set artifact = {.items = one};
    bool inside = split_is_below(path, workdir);
    if (is_named(p, path))
        return false;
    for (size_t i = from; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct split_step *s = &in->steps.at[k];
            if (inside && s->role == STEP_BUILD && installs(s))
                return true;
            if (s->role == STEP_FILES && (paths_meet(&s->step->effects.reads, &artifact) != NO ||
                                          paths_meet(&s->step->effects.deletes, &artifact) != NO))
                return true;
        }
    }
    return false;
}

/* Libraries that are looked for through a cache: what makes it runs once they are there. */
static void add_after(struct compile *c, struct split_plan *p, const struct build_command *by,
                      struct str path)
{
    const struct tree_list *dirs = catalog_trees(c->catalog, LIT("libraries"));
    for (size_t i = 0; dirs && i < dirs->n_paths; i++) {
        if (!split_is_below(path, dirs->paths[i]) && !split_is_below(dirs->paths[i], path))
            continue;
        for (size_t k = 0; k < by->n_after; k++)
            if (!strs_have(&p->after, by->after[k]))
                vec_add(c->arena, &p->after, by->after[k]);
    }
}

static bool is_started(const struct split_plan *p, struct str path)
{
    return strs_have(&p->used, path) || strs_have(&p->commands, path_name(path));
}

/* Of several programs those that the container starts: not all may have been built. */
static bool only_started(const struct split_plan *p, const struct built *built,
                         const struct strs *left)
{
    bool any = false;
    for (size_t i = 0; i < left->n; i++)
        any |= is_started(p, left->at[i]);
    return any && left->n > 1 && built->toolchain->compiled && built->one_of;
}

/* Those that no later step takes. */
static struct strs left_of(struct compile *c, const struct split_plan *p, size_t at,
                           const struct split_step *s)
{
    struct strs out = {0};
    for (size_t i = 0; i < s->built.artifacts.n; i++) {
        struct str path = s->built.artifacts.at[i];
        if (s->built.trees || !is_taken(p, path, vec_last(&s->step->runs)->workdir, at))
            vec_add(c->arena, &out, path);
    }
    return out;
}

bool split_carry_artifacts(struct compile *c, struct split_plan *p, size_t at,
                           const struct split_step *s, struct why *why)
{
    struct instr *run = p->instrs.at[at].i;
    struct strs left = left_of(c, p, at, s);
    bool started = only_started(p, &s->built, &left);
    if (s->built.one_of && left.n > 1 && !started)
        return split_refuse(why, SPLIT_ARTIFACT, run,
                            str_span(instr_script(c, run)->text, s->step->at));
    for (size_t i = 0; i < left.n; i++) {
        if ((started || s->built.if_started) && !is_started(p, left.at[i]))
            continue;
        struct carry what = {.path = left.at[i], .whole = s->built.trees, .by = run};
        if (!split_carry(c, p, what, why))
            return false;
        add_after(c, p, s->built.by, what.path);
    }
    return true;
}

/* Directories in which a build may have changed anything. */
void split_find_trees(struct compile *c, struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct split_step *s = &in->steps.at[k];
            if (s->role != STEP_BUILD || !s->built.whole)
                continue;
            struct str tree = vec_last(&s->step->runs)->workdir;
            if (!strs_have(&p->trees, tree))
                vec_add(c->arena, &p->trees, tree);
        }
    }
}
