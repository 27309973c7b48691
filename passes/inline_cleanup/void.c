/* inline-cleanup/void: a clean-up that comes too late, when nothing is left to remove, goes.
 * Details: `explain`. */
#include "ir/catalog/catalog.h"
#include "ir/change.h"
#include "ir/command.h"
#include "ir/path.h"
#include "ir/rewrite.h"
#include "passes/legality.h"

static const char explain[] =
    "A clean-up in a later layer frees nothing; once the RUN that made the mess removes it, there "
    "is nothing left\n"
    "for it to do.\n"
    "\n"
    "    RUN apt-get update \\                         RUN apt-get update \\\n"
    "        && apt-get install -y curl \\                 && apt-get install -y curl \\\n"
    "        && rm -rf /var/lib/apt/lists/*      =>       && rm -rf /var/lib/apt/lists/*\n"
    "    COPY . /srv                                  COPY . /srv\n"
    "    RUN rm -rf /var/lib/apt/lists/*\n"
    "\n"
    "Legal when\n"
    " 1. the command removes package lists and caches alone, and does nothing else;\n"
    " 2. an earlier RUN of its stage, or of one that this is FROM, has removed all of them for "
    "certain, and no\n"
    "    instruction since may have brought any; what the base image's configuration removes by "
    "itself is never there;\n"
    " 3. no comment stands in it, and none above it speaks to a tool;\n"
    " 4. it has no flags.\n"
    "A RUN of nothing else goes as a whole, with its comments left to what follows. One command "
    "among others goes\n"
    "only when it was dfopt that made it void: who wrote it twice meant to.\n";

enum reason { NOT_GONE, COMMENTS, FLAGS };

static const struct rule rules[] = {
    [NOT_GONE] = {"inline-cleanup/void/not-gone",
                  "it removes in a later layer what may still be there: that frees nothing, but "
                  "nobody has removed it for certain before"},
    [COMMENTS] = {"inline-cleanup/void/comments", "a comment belongs to it"},
    [FLAGS] = {"inline-cleanup/void/flags", "its flags may do something of their own"},
};

static const struct rule applied = {"inline-cleanup/void/dropped",
                                    "a clean-up that finds nothing to remove is dropped"};

/* Which operands of the RUN's list go. */
struct plan {
    uint64_t operands; /* bits, in the order of the list */
    unsigned n, of;
};

enum { MOST_OPERANDS = 64 };

/* ---- what a clean-up removes ---- */

/* What is left, or the directory of which a glob names the files. */
static struct str place_of(struct str path)
{
    size_t end = path.len;
    if (str_find(path, '*') == path.len)
        return path;
    while (end && path.at[end - 1] != '/')
        end--;
    return str_slice(path, 0, end ? end - 1 : 0);
}

/* Homes are those of the user in force: /root where that is known. */
static struct str without_home(struct str path)
{
    size_t home = str_starts(path, LIT("~/")) ? 1 : str_starts(path, LIT("/root/")) ? 5 : 0;
    return str_slice(path, home, path.len);
}

static bool is_place(const struct mess *mess, struct str path)
{
    for (size_t i = 0; i < mess->n_paths; i++) {
        struct str place = place_of(mess->paths[i]);
        if (path_is_in(without_home(path), without_home(place)))
            return true;
    }
    return false;
}

static bool drops(const struct effects *fx, const struct manager *m, const struct mess *mess)
{
    const struct set *dropped = mess->kind == MESS_LISTS ? &fx->drops_lists : &fx->drops_caches;
    return strs_have(&dropped->items, m->name);
}

static bool is_accounted(struct compile *c, const struct effects *fx, struct str path)
{
    for (size_t i = 0; i < catalog_manager_count(c->catalog); i++) {
        const struct manager *m = catalog_manager_at(c->catalog, i);
        for (size_t k = 0; k < m->n_messes; k++)
            if (drops(fx, m, &m->messes[k]) && is_place(&m->messes[k], path))
                return true;
    }
    return false;
}

/* Rule 1. */
static bool only_cleans(struct compile *c, const struct effects *fx)
{
    const struct set *none[] = {&fx->writes, &fx->installs, &fx->removes,
                                &fx->lists,  &fx->caches,   &fx->needs_lists};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (!set_is_empty(none[i]))
            return false;
    if (fx->flags || fx->deletes.unknown || fx->reads.unknown || !fx->deletes.items.n)
        return false;
    for (size_t i = 0; i < fx->deletes.items.n; i++)
        if (!is_accounted(c, fx, fx->deletes.items.at[i]))
            return false;
    return true;
}

/* ---- who has removed it before ---- */

static const struct sh_operands *operands_of(const struct instr *run)
{
    return &run->script->list->items.at[0].and_or->operands;
}

/* The instruction before `i` in what its stage is built on; NULL at the base image. */
static struct instr *before(struct instr *i)
{
    const struct stage *s = i->stage;
    if (i->prev && i->prev->stage == s && i->prev != s->from)
        return i->prev;
    if (s->base.kind != REF_STAGE)
        return NULL;
    struct instr *last = s->base.stage->next ? s->base.stage->next->from->prev : NULL;
    return last && last != last->stage->from ? last : NULL;
}

static bool may_leave(const struct effects *fx, const struct manager *m, const struct mess *mess)
{
    const struct set *left = mess->kind == MESS_LISTS ? &fx->lists : &fx->caches;
    return set_has(left, m->name) != NO;
}

/* Another manager may keep its own at the same place. */
static bool drops_place(struct compile *c, const struct effects *fx, const struct mess *mess)
{
    for (size_t i = 0; i < catalog_manager_count(c->catalog); i++) {
        const struct manager *m = catalog_manager_at(c->catalog, i);
        for (size_t k = 0; k < m->n_messes; k++)
            if (str_eq(m->messes[k].paths[0], mess->paths[0]) && drops(fx, m, &m->messes[k]))
                return true;
    }
    return false;
}

static bool puts_there(struct compile *c, struct instr *i, const struct mess *mess)
{
    struct set places = {0};
    for (size_t k = 0; k < mess->n_paths; k++)
        vec_add(c->arena, &places.items, place_of(mess->paths[k]));
    bool copies = i->ast->kind == DF_COPY || i->ast->kind == DF_ADD;
    return copies && paths_meet(&instr_effects(c, i)->writes, &places) != NO;
}

/* Rule 2 for one mess: the RUN that has removed it; NULL when nobody surely has. */
static const struct instr *remover_of(struct compile *c, struct instr *run, const struct manager *m,
                                      const struct mess *mess)
{
    unsigned steps = 0;
    for (struct instr *i = before(run); i && steps < LEGALITY_STEPS; i = before(i), steps++) {
        const struct effects *fx = instr_effects(c, i);
        if (puts_there(c, i, mess) || (i->ast->kind == DF_RUN && may_leave(fx, m, mess)))
            return NULL;
        if (i->ast->kind == DF_RUN && drops_place(c, fx, mess))
            return i;
    }
    return NULL;
}

/* An edit of this compile has touched it. */
static bool is_ours(struct compile *c, const struct instr *i)
{
    for (size_t k = 0; k < c->file->journal.n; k++)
        if (c->file->journal.at[k].instr == i && c->file->journal.at[k].kind == REWRITE_TEXT)
            return true;
    return false;
}

/* A command before operand `n` of the same RUN may have left it. */
static bool is_left_before(struct compile *c, const struct instr *run, size_t n,
                           const struct manager *m, const struct mess *mess)
{
    const struct sh_operands *operands = operands_of(run);
    for (size_t i = 0; i < n; i++) {
        struct effects fx = command_effects_of_pipeline(c, &run->before, operands->at[i].pipeline);
        if (may_leave(&fx, m, mess))
            return true;
    }
    return false;
}

/* All that operand `n` of the RUN removes is gone; `ours`: a RUN that dfopt has changed did that.
 */
static bool is_void(struct compile *c, struct instr *run, size_t n, bool *ours)
{
    const struct sh_pipeline *p = operands_of(run)->at[n].pipeline;
    struct effects own = command_effects_of_pipeline(c, &run->before, p);
    const struct effects *fx = &own;
    for (size_t i = 0; i < catalog_manager_count(c->catalog); i++) {
        const struct manager *m = catalog_manager_at(c->catalog, i);
        for (size_t k = 0; k < m->n_messes; k++) {
            const struct mess *mess = &m->messes[k];
            if (!drops(fx, m, mess) || legality_base_removes(c, run, mess))
                continue;
            const struct instr *remover = remover_of(c, run, m, mess);
            if (!remover || is_left_before(c, run, n, m, mess))
                return false;
            *ours = *ours || is_ours(c, remover);
        }
    }
    return true;
}

/* ---- sites ---- */

static bool is_candidate(struct compile *c, struct instr *run)
{
    const struct effects *fx = instr_effects(c, run);
    return run->ast->kind == DF_RUN && run->stage && run->stage->ships == YES &&
           !run->ast->heredocs.n && !run->ast->json && instr_script(c, run) && run->script->list &&
           (fx->drops_lists.items.n || fx->drops_caches.items.n);
}

static bool is_simple(const struct sh_pipeline *p)
{
    return p->commands.n == 1 && p->commands.at[0]->kind == SH_SIMPLE && !p->bang &&
           !p->commands.at[0]->redirects.n;
}

/* A chain of `&&` alone, and which of its commands only clean. */
static struct plan plan_of(struct compile *c, struct instr *run)
{
    struct plan plan = {0};
    const struct sh_operands *operands = operands_of(run);
    if (!legality_shape(run->script).chain || operands->n > MOST_OPERANDS)
        return plan;
    plan.of = operands->n;
    for (size_t i = 0; i < operands->n; i++) {
        const struct sh_pipeline *p = operands->at[i].pipeline;
        struct effects fx = command_effects_of_pipeline(c, &run->before, p);
        if (!is_simple(p) || !only_cleans(c, &fx))
            continue;
        plan.operands |= (uint64_t)1 << i;
        plan.n++;
    }
    return plan;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        if (!is_candidate(c, i))
            continue;
        struct plan *plan = arena_alloc(c->arena, sizeof *plan);
        *plan = plan_of(c, i);
        if (!plan->n)
            continue;
        *site = (struct site){.at = i, .with = i, .plan = plan};
        return true;
    }
    return false;
}

/* ---- legality ---- */

static bool has_comment(struct compile *c, const struct instr *run)
{
    return run->script->comments.n || legality_lead_binds(c, run->lead) ||
           legality_comments(c->arena, run->text, LIT("")).len;
}

/* Keeps those operands of the plan that are void: all of the RUN, or those that dfopt made so. */
static void keep_void(struct compile *c, struct instr *run, struct plan *plan)
{
    const struct sh_operands *operands = operands_of(run);
    struct plan all = {.of = plan->of}, made = {.of = plan->of};
    for (size_t i = 0; i < operands->n; i++) {
        bool ours = false;
        uint64_t bit = plan->operands & (uint64_t)1 << i;
        if (!bit || !is_void(c, run, i, &ours))
            continue;
        all.operands |= bit;
        all.n++;
        made.operands |= ours ? bit : 0;
        made.n += ours;
    }
    *plan = all.n == all.of ? all : made;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct instr *run = site->at;
    struct plan *plan = site->plan;
    bool whole = plan->n == plan->of;
    keep_void(c, run, plan);
    if (!plan->n)
        return whole && refuse(why, &rules[NOT_GONE], run);
    if (has_comment(c, run))
        return refuse(why, &rules[COMMENTS], run);
    if (run->ast->flags.n)
        return refuse(why, &rules[FLAGS], run);
    return true;
}

/* ---- the new text ---- */

/* `a && b && c` without b is `a && c`: an operand goes with the operator before it, or, at the
 * start, behind it. */
static struct edit edit_of(const struct instr *run, const struct sh_operands *operands, size_t i,
                           bool first)
{
    struct span span = operands->at[i].pipeline->span;
    if (first)
        span.end = operands->at[i + 1].pipeline->span.start;
    else
        span.start = operands->at[i - 1].pipeline->span.end;
    struct span behind = {span.start - 1, span.start};
    struct span at = join_span(&run->script_text, span);
    if (!first)
        at.start = join_span(&run->script_text, behind).end;
    return (struct edit){at, LIT("")};
}

static bool apply(struct compile *c, const struct site *site)
{
    struct instr *run = site->at;
    const struct plan *plan = site->plan;
    const struct sh_operands *operands = operands_of(run);
    struct edit *edits = arena_array(c->arena, plan->n, sizeof *edits);
    size_t n = 0;
    bool first = true;
    for (size_t i = 0; i < operands->n; i++) {
        bool goes = plan->operands >> i & 1;
        struct span span = operands->at[i].pipeline->span;
        if (goes)
            change_command(c, run, str_span(run->script->text, span), LIT(""));
        if (goes && plan->n < plan->of)
            edits[n++] = edit_of(run, operands, i, first);
        first = first && goes;
    }
    if (n)
        return rw_splice(c, run, edits, n);
    rw_delete(c, run, true);
    return true;
}

const struct pass pass_inline_cleanup_void = {
    .name = "inline-cleanup/void",
    .summary = "clean-ups that find nothing to remove are dropped",
    .explain = explain,
    .level = 1,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = pass_gains_some,
    .apply = apply,
};
