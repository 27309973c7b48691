/* Where what is needed is installed: for good, or around the RUN that builds with it. */
#include "ir/state.h"
#include "passes/slim_base/slim.h"

/* A chain of commands that root runs: what it needs can be installed ahead of it and go behind. */
static bool is_purgeable(struct compile *c, struct instr *run, const struct instr *from)
{
    if (!run || run->stage != from->stage || run->ast->kind != DF_RUN || run->ast->json ||
        run->ast->heredocs.n || run->ast->flags.n)
        return false;
    const struct sh_script *script = instr_script(c, run);
    if (!script || !script->list || !state_is_root(run->before.user))
        return false;
    struct script_shape shape = legality_shape(script);
    return shape.chain && !shape.open_end && !shape.reads_past;
}

/* What is needed to build alone goes with the RUN that builds; where it cannot, it stays. */
static void place_builds(struct compile *c, struct slim_plan *plan, const struct instr *from)
{
    struct strs builds = {0};
    for (size_t i = 0; i < plan->builds.n; i++)
        if (!strs_have(&plan->needs, plan->builds.at[i]))
            vec_add(c->arena, &builds, plan->builds.at[i]);
    plan->builds = builds;
    if (is_purgeable(c, plan->built_by, from))
        return;
    for (size_t i = 0; i < builds.n; i++)
        vec_add(c->arena, &plan->needs, builds.at[i]);
    if (builds.n)
        plan->first_use = NULL;
    plan->builds = (struct strs){0};
}

static void sort_names(struct strs *names)
{
    for (size_t i = 1; i < names->n; i++)
        for (size_t k = i; k && str_cmp(names->at[k - 1], names->at[k]) > 0; k--) {
            struct str swapped = names->at[k];
            names->at[k] = names->at[k - 1];
            names->at[k - 1] = swapped;
        }
}

/* Rule 7. */
static bool can_install(struct compile *c, const struct base *base, const struct strs *needs,
                        const struct instr *from, struct why *why)
{
    struct base under = {0};
    base_distribution(c, base, &under);
    struct str lacking = packages_lacking(c->catalog, under.suite, needs);
    return !lacking.len || refuse_for(why, &slim_rules[SLIM_RELEASE], from, lacking);
}

bool slim_place(struct compile *c, struct slim_plan *plan, const struct packages *slim,
                const struct instr *from, struct why *why)
{
    place_builds(c, plan, from);
    packages_drop_implied(c->catalog, c->arena, &plan->needs);
    packages_drop_implied(c->catalog, c->arena, &plan->builds);
    sort_names(&plan->needs);
    sort_names(&plan->builds);
    plan->kib = packages_closure(c->catalog, c->arena, &plan->needs, RECOMMENDS_NONE, slim).kib;
    return can_install(c, &plan->base, &plan->needs, from, why) &&
           can_install(c, &plan->base, &plan->builds, from, why);
}
