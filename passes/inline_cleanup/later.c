/* What comes behind the RUN that is cleaned up: who needs what is removed, and who can fetch it
 * again. */
#include "ir/command.h"
#include "ir/state.h"
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

static bool is_at_or_below(struct str path, struct str top)
{
    return str_starts(path, top) && (path.len == top.len || path.at[top.len] == '/');
}

static bool changes_sources(const struct mess *mess, const struct effects *fx)
{
    for (size_t i = 0; i < mess->n_sources; i++)
        for (size_t k = 0; k < fx->writes.items.n; k++)
            if (is_at_or_below(fx->writes.items.at[k], mess->sources[i]))
                return true;
    return false;
}

/* COPY and ADD to there, or to a directory above it. */
static bool copies_sources(struct compile *c, const struct mess *mess, const struct instr *i)
{
    struct str to;
    if ((i->ast->kind != DF_COPY && i->ast->kind != DF_ADD) || !i->ast->args.n)
        return false;
    if (!state_expand(c, &i->before, vec_last(&i->ast->args)->text, &to))
        return true;
    if (!str_starts(to, LIT("/")))
        to = str_printf(c->arena, "%.*s/%.*s", STR(i->before.workdir), STR(to));
    for (size_t k = 0; k < mess->n_sources; k++) {
        struct set source = {.items = {(struct str *)&mess->sources[k], 1, 1}};
        struct set target = {.items = {&to, 1, 1}};
        if (paths_meet(&source, &target) != NO)
            return true;
    }
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
    struct str script;
    struct effects fx = command_effects_of_pipeline(c, &run->before, operand->pipeline);
    bool needs = strs_have(&fx.needs_lists.items, r->manager);
    if (changes_sources(r->mess, &fx)) {
        *changed = true;
        return PLACE_NOT_NEEDED;
    }
    if (needs)
        return !*changed && operand->op != SH_OR && !operand->pipeline->bang ? PLACE_FOUND
                                                                             : PLACE_NONE;
    if (legality_lists_needed(c, (struct instr *)run, &fx, r->manager, &script))
        return PLACE_NONE;
    return PLACE_NOT_NEEDED;
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
    struct refetch refetch = {.run = later, .mess = r->mess};
    struct why end = {0};
    if (later->ast->kind != DF_RUN || !r->mess->fetch.len ||
        !cleanup_may_end(c, later, &refetch.end, &end))
        return refuse(why, rule_of(LISTS_NEEDED), later);
    enum search_end place = find_place(c, r, &refetch);
    if (place == PLACE_NOT_NEEDED)
        return true;
    if (place == PLACE_NONE || !pragma_allows(later, LIT("inline-cleanup")))
        return refuse(why, rule_of(LISTS_NEEDED), later);
    if (view->changed)
        return refuse(why, rule_of(SOURCES_CHANGED), view->changed);
    if (!has_refetch(view->plan, later))
        vec_add(c->arena, &view->plan->refetches, refetch);
    return true;
}

/* ---- whoever needs it ---- */

/* What a manager's own commands read and write of its lists and caches is no use of ours. */
static bool deals_with(const struct effects *fx, struct str manager)
{
    const struct set *managers[] = {&fx->lists, &fx->caches, &fx->drops_lists, &fx->drops_caches};
    for (size_t i = 0; i < sizeof managers / sizeof *managers; i++)
        if (strs_have(&managers[i]->items, manager))
            return true;
    for (size_t i = 0; i < fx->installs.items.n; i++) {
        struct str package = fx->installs.items.at[i];
        if (str_eq(str_slice(package, 0, str_find(package, ':')), manager))
            return true;
    }
    return false;
}

/* What is read below an unknown directory is not taken for package lists. */
static struct set absolute(struct arena *a, const struct set *paths)
{
    struct set out = {0};
    for (size_t i = 0; i < paths->items.n; i++)
        if (str_starts(paths->items.at[i], LIT("/")))
            vec_add(a, &out.items, paths->items.at[i]);
    return out;
}

static bool reads_removed(struct compile *c, const struct plan *plan, const struct effects *later)
{
    struct set reads = absolute(c->arena, &later->reads);
    for (size_t i = 0; i < plan->removals.n; i++) {
        const struct removal *r = &plan->removals.at[i];
        struct set removed = {0};
        for (size_t k = 0; k < r->mess->n_paths; k++)
            vec_add(c->arena, &removed.items, r->mess->paths[k]);
        if (!deals_with(later, r->manager) && paths_meet(&removed, &reads) != NO)
            return true;
    }
    return false;
}

static bool allows(struct compile *c, struct view *view, struct instr *later, struct why *why)
{
    struct str script;
    struct effects fx = legality_later_effects(c, later);
    for (size_t i = 0; i < view->plan->removals.n; i++) {
        const struct removal *r = &view->plan->removals.at[i];
        if (r->mess->kind != MESS_LISTS ||
            legality_mount_covers(later->ast, r->mess->paths, r->mess->n_paths))
            continue;
        if (legality_lists_needed(c, later, &fx, r->manager, &script)) {
            if (script.len)
                return refuse_for(why, rule_of(LISTS_NEEDED), later, script);
            if (!can_refetch(c, view, r, later, why))
                return false;
        }
        if (changes_sources(r->mess, &fx) || copies_sources(c, r->mess, later))
            view->changed = later;
    }
    return !reads_removed(c, view->plan, &fx) || refuse(why, rule_of(READ_LATER), later);
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
    return !later.lost || refuse(why, rule_of(LISTS_NEEDED), site->at);
}
