/* What becomes of each instruction in the final stage. */
#include "passes/split_stage/split.h"

static bool decide_step(struct compile *c, struct split_plan *p, size_t at, size_t k,
                        struct why *why)
{
    struct split_instr *in = &p->instrs.at[at];
    struct split_step *s = &in->steps.at[k];
    switch (s->role) {
    case STEP_SHELL:
    case STEP_NOTHING:
    case STEP_UNKNOWN:
        return true;
    case STEP_BUILD:
        s->repeated = s->built.by->again;
        return split_carry_artifacts(c, p, at, s, why);
    case STEP_ACCOUNTS:
        s->repeated = true;
        return true;
    case STEP_PACKAGES:
        return split_packages(c, p, in, s, why);
    case STEP_FILES:
        return split_decide_files(c, p, in, s, why);
    }
    return true;
}

/* ---- where the build ends ---- */

static bool is_repeated_whole(const struct split_instr *in)
{
    for (size_t k = 0; k < in->steps.n; k++)
        if (!in->steps.at[k].repeated || in->steps.at[k].text.len || in->steps.at[k].made.len)
            return false;
    return true;
}

/* Behind the last RUN that is not for the final stage as it is, the file stays as it is. */
static void find_end(struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        if (p->instrs.at[i].i->ast->kind == DF_RUN && !is_repeated_whole(&p->instrs.at[i]))
            p->n_build = i + 1;
}

/* What builds leave, first: the rest depends on it. */
static bool decide_steps(struct compile *c, struct split_plan *p, bool build, struct why *why)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++)
            if ((p->instrs.at[i].steps.at[k].role == STEP_BUILD) == build &&
                !decide_step(c, p, i, k, why))
                return false;
    return true;
}

bool split_decide(struct compile *c, struct split_plan *p, struct why *why)
{
    split_find_trees(c, p);
    if (!decide_steps(c, p, true, why) || !decide_steps(c, p, false, why))
        return false;
    for (size_t i = 0; i < p->trees.n; i++) {
        struct carry what = {.path = p->trees.at[i], .whole = true, .by = p->stage->from};
        if (!split_carry(c, p, what, why))
            return false;
    }
    split_package_lists(p);
    if (!split_drop_removed(c, p, why) || !split_check_files(c, p, why))
        return false;
    find_end(p);
    return split_decide_copies(c, p, why);
}
