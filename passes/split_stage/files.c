/* Steps that write files: done again in the final stage, or what they wrote goes over, or nothing
 * of it is needed. */
#include "ir/command_words.h"
#include "ir/path.h"
#include "ir/state.h"
#include "passes/split_stage/split.h"

/* ---- steps that write files ---- */

static bool any_temporary(struct compile *c, const struct strs *paths)
{
    for (size_t i = 0; i < paths->n; i++)
        if (split_is_temporary(c, paths->at[i]))
            return true;
    return false;
}

static bool reads_artifact(const struct split_plan *p, const struct effects *fx)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++) {
            struct set made = {.items = in->steps.at[k].built.artifacts};
            if (paths_meet(&fx->reads, &made) != NO)
                return true;
        }
    }
    return false;
}

/* A file that comes from the context and has no place in the final stage, or something below it. */
static bool reads_project(const struct split_plan *p, const struct effects *fx)
{
    for (size_t i = 0; i < p->project.entries.n; i++) {
        struct set entry = {.items = {&p->project.entries.at[i].path, 1, 1}};
        if (paths_meet(&fx->reads, &entry) != NO)
            return true;
    }
    return false;
}

/* The directories that the stage's builds work in. */
static struct strs build_directories(struct compile *c, const struct split_plan *p)
{
    struct strs out = {0};
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct split_step *s = &in->steps.at[k];
            struct str dir = s->step->runs.n ? vec_last(&s->step->runs)->workdir : LIT("");
            if (s->role != STEP_BUILD || !dir.len)
                continue;
            if (!split_is_shared(c, dir))
                vec_add(c->arena, &out, dir);
            for (size_t r = 0; r < p->project.roots.n; r++) {
                struct str root = p->project.roots.at[r].path;
                if (split_is_below(dir, root) && !split_is_shared(c, root))
                    vec_add(c->arena, &out, root);
            }
        }
    }
    return out;
}

static bool is_of_system(struct compile *c, struct str path)
{
    for (struct str dir = path_directory(path); dir.len > 1; dir = path_directory(dir))
        if (split_is_shared(c, dir))
            return true;
    return false;
}

/* COPY brings it, or a step is known to write it. */
static bool is_written(struct compile *c, const struct split_plan *p, struct str path)
{
    struct set one = {.items = {&path, 1, 1}};
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        if (legality_copy_brings(c, in->i, path))
            return true;
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct split_step *s = &in->steps.at[k];
            if ((s->role != STEP_BUILD && paths_meet(&s->step->effects.writes, &one) != NO) ||
                split_is_in(path, &s->built.artifacts))
                return true;
        }
    }
    return false;
}

bool split_may_be_built(struct compile *c, const struct split_plan *p, struct str path)
{
    return p->trees.n > 0 && str_starts(path, LIT("/")) && path.len > 1 && !path_has_glob(path) &&
           !split_is_in(path, &p->trees) && !split_is_temporary(c, path) &&
           !is_of_system(c, path) && !is_written(c, p, path);
}

/* Something that a build may have left where it works, or wherever it likes. */
static bool reads_built(struct compile *c, const struct split_plan *p, const struct effects *fx)
{
    struct strs dirs = build_directories(c, p);
    for (size_t i = 0; i < fx->reads.items.n; i++)
        if (split_is_in(fx->reads.items.at[i], &dirs) ||
            split_may_be_built(c, p, fx->reads.items.at[i]))
            return true;
    return false;
}

static bool reads_left(const struct split_plan *p, const struct effects *fx)
{
    for (size_t i = 0; i < fx->reads.items.n; i++)
        if (split_is_left(p, fx->reads.items.at[i]))
            return true;
    return false;
}

/* Not to be done again where the build's files are not: it goes over as what it left. */
static bool needs_build(struct compile *c, const struct split_plan *p, const struct effects *fx)
{
    struct set trees = {.items = p->trees};
    struct strs carried = {0};
    for (size_t i = 0; i < p->carries.n; i++)
        vec_add(c->arena, &carried, p->carries.at[i].path);
    struct set over = {.items = carried};
    return fx->reads.unknown || effects_any(fx, FX_NETWORK) || any_temporary(c, &fx->reads.items) ||
           reads_left(p, fx) || reads_built(c, p, fx) || reads_artifact(p, fx) ||
           reads_project(p, fx) || paths_meet(&fx->reads, &trees) != NO ||
           paths_meet(&fx->reads, &over) != NO;
}

static bool has_command(const struct split_plan *p, const struct split_step *s)
{
    for (size_t i = 0; i < s->step->runs.n; i++) {
        const struct invocation *run = &s->step->runs.at[i];
        if (!run->row || !(run->row->usage.does & DOES(SYSTEM)) ||
            strs_have(&p->runtime.lacks, run->name))
            return false;
    }
    return true;
}

/* ---- the build's own places ---- */

/* A directory that builds work in, and that nothing else looks at. */
static bool is_scratch(const struct split_plan *p, struct str dir)
{
    if (split_is_below(p->stage->end.workdir, dir) || split_is_in(dir, &p->used))
        return false;
    for (size_t i = 0; i < p->used.n; i++)
        if (split_is_below(p->used.at[i], dir))
            return false;
    for (size_t i = 0; i < p->carries.n; i++)
        if (split_is_below(p->carries.at[i].path, dir))
            return false;
    return true;
}

bool split_is_scratch(struct compile *c, const struct split_plan *p, struct str path)
{
    struct strs dirs = build_directories(c, p);
    for (size_t i = 0; i < dirs.n; i++)
        if ((split_is_below(path, dirs.at[i]) && is_scratch(p, dirs.at[i])) ||
            (split_is_below(dirs.at[i], path) && is_scratch(p, path)))
            return true;
    return false;
}

/* Something of the build, not of the base image or a package. */
static bool is_made_here(struct compile *c, const struct split_plan *p, struct str path)
{
    struct strs dirs = build_directories(c, p);
    if (split_is_in(path, &dirs) || split_is_in(path, &p->trees))
        return true;
    for (size_t i = 0; i < p->project.entries.n; i++)
        if (split_is_below(path, p->project.entries.at[i].path))
            return true;
    return split_goes_over(p, path);
}

static bool leaves_no_trace(struct compile *c, const struct split_plan *p, struct str path)
{
    return split_is_temporary(c, path) || split_is_in(path, &p->trees) ||
           split_goes_over(p, path) || split_is_scratch(c, p, path);
}

/* What it changes is nothing that the final stage has, or goes over as the build stage left it. */
static bool is_without_trace(struct compile *c, const struct split_plan *p,
                             const struct effects *fx)
{
    for (size_t i = 0; i < fx->writes.items.n; i++)
        if (!leaves_no_trace(c, p, fx->writes.items.at[i]))
            return false;
    for (size_t i = 0; i < fx->deletes.items.n; i++)
        if (!leaves_no_trace(c, p, fx->deletes.items.at[i]) &&
            !is_made_here(c, p, fx->deletes.items.at[i]))
            return false;
    return true;
}

/* What the step wrote goes over. */
static bool carry_written(struct compile *c, struct split_plan *p, const struct instr *run,
                          const struct effects *fx, struct why *why)
{
    for (size_t i = 0; i < fx->writes.items.n; i++) {
        struct carry what = {.path = fx->writes.items.at[i], .by = run};
        if (!leaves_no_trace(c, p, what.path) && !split_carry(c, p, what, why))
            return false;
    }
    return true;
}

/* ---- modes and owners of directories ---- */

static bool is_directory_here(const struct split_plan *p, struct str path)
{
    if (strs_have(&p->trees, path) || split_is_below(p->stage->end.workdir, path))
        return true;
    for (size_t i = 0; i < p->carries.n; i++)
        if (!str_eq(p->carries.at[i].path, path) && split_is_below(p->carries.at[i].path, path))
            return true;
    return false;
}

static bool any_below(const struct strs *paths, struct str tree)
{
    for (size_t i = 0; i < paths->n; i++)
        if (split_is_below(paths->at[i], tree))
            return true;
    return false;
}

/* WORKDIR or an earlier step has made it in the final stage. */
static bool is_made(const struct split_plan *p, const struct split_step *until, struct str path)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        if (split_is_below(in->i->before.workdir, path))
            return true;
        for (size_t k = 0; k < in->steps.n; k++) {
            if (&in->steps.at[k] == until)
                return false;
            const struct strs *made = &in->steps.at[k].step->effects.writes.items;
            if (in->steps.at[k].repeated && any_below(made, path))
                return true;
        }
    }
    return false;
}

/* COPY makes directories anew, with root's: who changes those of one does it in both stages, before
 * there is anything in it. */
static bool prepares_directory(const struct split_plan *p, struct split_step *s)
{
    const struct invocation *run = s->step->runs.n ? &s->step->runs.at[0] : NULL;
    if (!s->step->simple || !run->row ||
        (run->row->usage.operands != USE_MODE && run->row->usage.operands != USE_OWNER))
        return false;
    for (size_t i = 0; i < s->step->effects.writes.items.n; i++) {
        struct str path = s->step->effects.writes.items.at[i];
        if (!is_directory_here(p, path))
            continue;
        if (!is_made(p, s, path))
            s->made = path;
        return true;
    }
    return false;
}

/* It makes directories, or changes what they are. */
static bool sets_directories(const struct split_step *s)
{
    const struct invocation *run = s->step->runs.n ? &s->step->runs.at[0] : NULL;
    enum use use = run && run->row ? run->row->usage.operands : USE_UNKNOWN;
    return s->step->simple && (use == USE_MODE || use == USE_OWNER || use == USE_MAKES);
}

/* It works on what goes over, and on something else: to be done when that is there. */
static bool touches_carried(const struct split_plan *p, const struct split_step *s)
{
    const struct effects *fx = &s->step->effects;
    if (sets_directories(s))
        return false;
    for (size_t i = 0; i < fx->writes.items.n; i++)
        for (size_t k = 0; k < p->carries.n; k++)
            if (split_is_below(p->carries.at[k].path, fx->writes.items.at[i]) ||
                split_is_below(fx->writes.items.at[i], p->carries.at[k].path))
                return true;
    return false;
}

/* Directories that WORKDIR or COPY make in the same way. */
static bool makes_needlessly(const struct split_plan *p, const struct split_instr *in,
                             const struct split_step *s)
{
    const struct invocation *first = s->step->runs.n ? &s->step->runs.at[0] : NULL;
    const struct strs *made = &s->step->effects.writes.items;
    if (in->steps.n > 1 || !s->step->simple || !state_is_root(in->i->before.user) || !first->row ||
        first->row->usage.operands != USE_MAKES)
        return false;
    for (size_t i = 0; i < first->options.n; i++)
        if (first->options.at[i].use != USE_NOTHING)
            return false;
    for (size_t i = 0; i < made->n; i++) {
        bool there = split_is_below(p->stage->end.workdir, made->at[i]);
        for (size_t k = 0; k < p->carries.n; k++)
            there |= split_is_below(path_directory(p->carries.at[k].path), made->at[i]);
        if (!there)
            return false;
    }
    return true;
}

bool split_decide_files(struct compile *c, struct split_plan *p, struct split_instr *in,
                        struct split_step *s, struct why *why)
{
    const struct effects *fx = &s->step->effects;
    if (s->told)
        return carry_written(c, p, in->i, fx, why);
    if (makes_needlessly(p, in, s))
        return true;
    if (prepares_directory(p, s)) {
        s->repeated = true;
        return true;
    }
    if (is_without_trace(c, p, fx))
        return true;
    if (needs_build(c, p, fx) || !has_command(p, s))
        return carry_written(c, p, in->i, fx, why);
    s->repeated = true;
    s->late = touches_carried(p, s);
    return true;
}
