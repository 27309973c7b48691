/* What comes behind the RUN that is cleaned up: who needs what is removed, and who can fetch it
 * again. */
#include "ir/command.h"
#include "ir/path.h"
#include "passes/inline_cleanup/plan.h"

/* What the look ahead has seen so far. */
struct view {
    struct plan *plan;
    const struct instr *changed; /* who has changed where lists come from since they were fetched */
};

static const struct rule *rule_of(enum reason reason)
{
    return &inline_cleanup_rules[reason];
}

/* ---- where lists come from ---- */

static bool changes_sources(const struct mess *mess, const struct effects *fx)
{
    for (size_t i = 0; i < mess->n_sources; i++)
        for (size_t k = 0; k < fx->writes.items.n; k++)
            if (path_is_in(fx->writes.items.at[k], mess->sources[i]))
                return true;
    return false;
}

/* COPY and ADD to there, or to a directory above it. */
static bool copies_sources(struct compile *c, const struct mess *mess, struct instr *i)
{
    bool copies = i->ast->kind == DF_COPY || i->ast->kind == DF_ADD;
    for (size_t k = 0; copies && k < mess->n_sources; k++)
        if (legality_copy_brings(c, i, mess->sources[k]))
            return true;
    return false;
}

/* The RUN's last word on where lists come from is not followed by fetching them. */
static bool leaves_sources_changed(struct compile *c, const struct instr *run,
                                   const struct removal *r)
{
    bool changed = false;
    const struct sh_items *items = &run->script->list->items;
    for (size_t i = 0; i < items->n; i++) {
        const struct sh_operands *operands = &items->at[i].and_or->operands;
        for (size_t k = 0; k < operands->n; k++) {
            struct effects fx =
                command_effects_of_pipeline(c, &run->before, operands->at[k].pipeline);
            changed = changed || changes_sources(r->mess, &fx);
            changed = changed && !strs_have(&fx.lists.items, r->manager);
        }
    }
    return changed;
}

/* ---- a RUN that fetches its own ---- */

enum search_end { PLACE_FOUND, PLACE_NONE, PLACE_NOT_NEEDED };

/* One operand: PLACE_NOT_NEEDED says that the search goes on. What adds a source does not use lists
 * by itself; whoever follows it without fetching may mean the old ones. */
static enum search_end place_at(struct compile *c, const struct removal *r, const struct instr *run,
                                const struct sh_operand *operand, bool *changed)
{
    struct effects fx = command_effects_of_pipeline(c, &run->before, operand->pipeline);
    bool needs = strs_have(&fx.needs_lists.items, r->manager);
    if (changes_sources(r->mess, &fx)) {
        *changed = true;
        return PLACE_NOT_NEEDED;
    }
    if (needs)
        return !*changed && operand->op != SH_OR && !operand->pipeline->bang ? PLACE_FOUND
                                                                             : PLACE_NONE;
    struct need need = legality_lists_needed(c, (struct instr *)run, &fx, r->manager);
    return need.lists == NO ? PLACE_NOT_NEEDED : PLACE_NONE;
}

static bool fetches(struct compile *c, const struct removal *r, const struct instr *run,
                    const struct sh_operand *operand)
{
    struct effects fx = command_effects_of_pipeline(c, &run->before, operand->pipeline);
    return strs_have(&fx.lists.items, r->manager) && !changes_sources(r->mess, &fx);
}

/* The first command that needs the lists, unless something before it may need them too. */
static enum search_end find_place(struct compile *c, const struct removal *r, struct refetch *out)
{
    const struct instr *run = out->run;
    const struct sh_items *items = &run->script->list->items;
    bool errexit = run->before.errexit || effects_any(run->effects, FX_ERREXIT), changed = false;
    for (size_t i = 0; i < items->n; i++) {
        const struct sh_operands *operands = &items->at[i].and_or->operands;
        for (size_t k = 0; k < operands->n; k++) {
            enum search_end place = place_at(c, r, run, &operands->at[k], &changed);
            out->at = operands->at[k].pipeline->span.start;
            out->joint = errexit && operands->n == 1 ? JOINT_SEMICOLON : JOINT_AND;
            if (place != PLACE_NOT_NEEDED)
                return place;
            if (fetches(c, r, run, &operands->at[k]))
                return PLACE_NOT_NEEDED;
        }
    }
    return PLACE_NOT_NEEDED;
}

static bool has_refetch(const struct plan *plan, const struct instr *run)
{
    for (size_t i = 0; i < plan->refetches.n; i++)
        if (plan->refetches.at[i].run == run)
            return true;
    return false;
}

/* A later RUN that is seen to need the lists can fetch and remove them itself, when they would be
 * the same. */
static bool can_refetch(struct compile *c, struct view *view, const struct removal *r,
                        struct instr *later, struct why *why)
{
    struct effects fx = legality_later_effects(c, later);
    struct need need = legality_lists_needed(c, later, &fx, r->manager);
    if (need.lists == NO)
        return true;
    const struct rule *rule = rule_of(need.lists == YES ? LISTS_NEEDED : HIDDEN_CODE);
    struct refetch refetch = {.run = later, .mess = r->mess};
    struct why end = {0};
    if (later->ast->kind != DF_RUN || !r->mess->fetch.len ||
        !cleanup_may_end(c, later, &refetch.end, &end))
        return refuse_for(why, rule, later, need.code);
    enum search_end place = find_place(c, r, &refetch);
    if (place == PLACE_NOT_NEEDED)
        return true;
    if (place == PLACE_NONE || !pragma_allows(later, LIT("inline-cleanup")))
        return refuse_for(why, rule, later, need.code);
    if (view->changed)
        return refuse(why, rule_of(SOURCES_CHANGED), view->changed);
    if (!has_refetch(view->plan, later))
        vec_add(c->arena, &view->plan->refetches, refetch);
    return true;
}

/* ---- whoever needs it ---- */

/* Somebody reads what is removed, installs from it without the network, or has a command that fails
 * where it is gone. */
static bool uses_removed(struct compile *c, const struct plan *plan, const struct effects *later)
{
    for (size_t i = 0; i < plan->removals.n; i++) {
        const struct removal *r = &plan->removals.at[i];
        const struct manager *m = catalog_manager(c->catalog, r->manager);
        bool offline = r->mess->kind == MESS_CACHE && strs_have(&later->needs_lists.items, m->name);
        if (offline || legality_uses_cache(c, m, r->mess, later))
            return true;
    }
    return false;
}

/* Another stage copies it. */
static const struct instr *copy_of_removed(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    const struct instr *copy = NULL;
    for (size_t i = 0; i < plan->removals.n && !copy; i++)
        copy = legality_cache_copied(c, site->at->stage, plan->removals.at[i].mess);
    return copy;
}

static bool allows(struct compile *c, struct view *view, struct instr *later, struct why *why)
{
    struct effects fx = legality_later_effects(c, later);
    for (size_t i = 0; i < view->plan->removals.n; i++) {
        const struct removal *r = &view->plan->removals.at[i];
        if (r->mess->kind != MESS_LISTS ||
            legality_mount_covers(c, later, r->mess->paths, r->mess->n_paths) == YES)
            continue;
        if (!can_refetch(c, view, r, later, why))
            return false;
        if (changes_sources(r->mess, &fx) || copies_sources(c, r->mess, later))
            view->changed = later;
    }
    return !uses_removed(c, view->plan, &fx) || refuse(why, rule_of(READ_LATER), later);
}

bool cleanup_is_free(struct compile *c, const struct site *site, struct why *why)
{
    struct view view = {.plan = site->plan};
    struct later later = {.run = site->at, .at = site->at};
    for (size_t i = 0; i < view.plan->removals.n; i++) {
        const struct removal *r = &view.plan->removals.at[i];
        if (r->mess->kind == MESS_LISTS && leaves_sources_changed(c, site->at, r))
            view.changed = site->at;
    }
    while (legality_later(&later))
        if (!allows(c, &view, later.at, why))
            return false;
    if (later.lost)
        return refuse(why, rule_of(HIDDEN_CODE), site->at);
    const struct instr *copy = copy_of_removed(c, site);
    return !copy || refuse(why, rule_of(READ_LATER), copy);
}
