/* no-cache-flags: package managers get the option with which they leave no cache. Details:
 * `explain`. */
#include "ir/catalog/catalog.h"
#include "ir/change.h"
#include "ir/command.h"
#include "ir/rewrite.h"
#include "passes/legality.h"

static const char explain[] =
    "A command that fills its package manager's cache gets the option with which it leaves none.\n"
    "\n"
    "    RUN pip install flask          =>    RUN pip install --no-cache-dir flask\n"
    "    RUN apk add --update curl      =>    RUN apk add --no-cache curl\n"
    "    RUN apk update && apk add curl =>    RUN apk add --no-cache curl\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept: elsewhere it saves nothing;\n"
    " 2. the shell text is understood, in shell form (a here-document is all of it, for the\n"
    "    stage's own shell), and no alias may\n"
    "    change what the command's name means;\n"
    " 3. the RUN may use the network: an option that keeps nothing may have to fetch again;\n"
    " 4. the base image is known to have a version of the tool that knows the option and\n"
    "    installs the same with it, and no older one is installed;\n"
    " 5. nothing later in the RUN, in its stage or in one that is FROM it reads the\n"
    "    cache, fails without it or needs the package lists, ONBUILD, the container's own commands "
    "and the scripts\n"
    "    of the build context that they start included, and no other stage copies it;\n"
    " 6. the option alone does it: nothing else in the RUN leaves that manager's cache. In a chain "
    "of `&&`, what\n"
    "    merely fetches the lists goes when all who need them get the option, which fetches its "
    "own.\n"
    "\n"
    "Left alone: a command that is not spelt out (`$PIP install`), or stands in a quoted text\n"
    "or a substitution; a cache that a mount covers, that a variable or an option switches off\n"
    "or places elsewhere, or that the RUN removes itself: one means a mess.\n";

enum reason { BUILD_STAGE, HERE_DOCUMENT, ALIAS, NO_NETWORK, OLD_TOOL, LISTS_NEEDED, USED_LATER };

static const struct rule rules[] = {
    [BUILD_STAGE] =
        {"no-cache-flags/build-stage",
         "no image that is kept has the layers of this stage: leaving no cache saves nothing"},
    [HERE_DOCUMENT] = {"no-cache-flags/here-document",
                       "it has here-documents, and not a single one that is its shell's script"},
    [ALIAS] = {"no-cache-flags/alias",
               "an alias, or code that the shell reads, may change what the command's name means"},
    [NO_NETWORK] = {"no-cache-flags/network", "its --network may keep it from fetching again"},
    [OLD_TOOL] =
        {"no-cache-flags/old-tool",
         "the package manager of the base image, or one installed since, is not known to have the "
         "option and to install the same with it"},
    [LISTS_NEEDED] = {"no-cache-flags/lists-needed",
                      "what comes behind it installs, or may install, without fetching package "
                      "lists of its own"},
    [USED_LATER] = {"no-cache-flags/used-later",
                    "a later instruction reads the cache, or fails without it"},
};

static const struct rule applied = {"no-cache-flags/added",
                                    "the package manager is told to leave no cache"};

struct plan {
    struct avoidances edits;
};

/* ---- sites ---- */

static const struct mess *avoided_mess(const struct manager *m)
{
    for (size_t i = 0; i < m->n_messes; i++)
        if (m->messes[i].avoid.len)
            return &m->messes[i];
    return NULL;
}

/* The RUN removes it by itself, or leaves it by other ways too. */
static bool is_dealt_with(struct compile *c, struct instr *run, const struct avoidable *avoidable,
                          const struct manager *m)
{
    const struct mess *mess = avoided_mess(m);
    const struct effects *fx = instr_effects(c, run);
    const struct set *dropped = mess->kind == MESS_LISTS ? &fx->drops_lists : &fx->drops_caches;
    return set_has(&avoidable->others, m->name) != NO || strs_have(&dropped->items, m->name) ||
           legality_is_mounted(c, run, mess);
}

/* ---- fetching that the options make void ---- */

/* The manager whose lists the command fetches, doing nothing else, where an option of other
 * commands has an index of its own; NULL for other commands. */
static const struct manager *fetched_by(struct compile *c, const struct instr *run,
                                        const struct sh_pipeline *p)
{
    struct effects fx = command_effects_of_pipeline(c, &run->before, p);
    const struct manager *m =
        fx.lists.items.n == 1 ? catalog_manager(c->catalog, fx.lists.items.at[0]) : NULL;
    bool alone = fx.flags == FX_NETWORK && fx.commands.items.n == 1 && !fx.deletes.items.n &&
                 set_is_empty(&fx.installs) && set_is_empty(&fx.needs_lists) && !p->bang;
    const struct mess *mess = m && alone ? avoided_mess(m) : NULL;
    return mess && mess->kind == MESS_LISTS ? m : NULL;
}

static bool has_edit_in(const struct avoidable *found, struct span span)
{
    for (size_t i = 0; i < found->edits.n; i++)
        if (found->edits.at[i].at.start >= span.start && found->edits.at[i].at.end <= span.end)
            return true;
    return false;
}

/* Whoever needs the lists gets an option, or the index is not for it. */
static bool all_provided(struct compile *c, const struct instr *run,
                         const struct sh_operands *operands, const struct avoidable *found,
                         const struct manager *m)
{
    for (size_t i = 0; i < operands->n; i++) {
        const struct sh_pipeline *p = operands->at[i].pipeline;
        struct effects fx = command_effects_of_pipeline(c, &run->before, p);
        if (set_has(&fx.needs_lists, m->name) != NO && !has_edit_in(found, p->span))
            return false;
    }
    return set_has(&found->others, m->name) == NO;
}

/* `apk update && apk add x`: the chain without its fetching commands, of which each goes with the
 * operator behind it. False when there is none, or the others would miss it. */
static bool without_fetching(struct compile *c, const struct instr *run, struct avoidable *found)
{
    const struct sh_and_or *all = run->script->list->items.at[0].and_or;
    const struct manager *fetched = NULL;
    struct sh_operands kept = {0};
    struct avoidances gone = {0};
    for (size_t i = 0; i < all->operands.n; i++) {
        const struct sh_operand *operand = &all->operands.at[i];
        const struct manager *m =
            i + 1 < all->operands.n ? fetched_by(c, run, operand->pipeline) : NULL;
        if (!m) {
            vec_add(c->arena, &kept, *operand);
            continue;
        }
        fetched = m;
        uint32_t end = all->operands.at[i + 1].pipeline->span.start;
        struct avoidance edit = {m->name, {operand->pipeline->span.start, end}, {0}};
        vec_add(c->arena, &gone, edit);
    }
    if (!fetched)
        return false;
    struct sh_and_or rest = {all->span, kept};
    struct sh_item item = {.and_or = &rest};
    struct sh_list list = {.span = run->script->list->span, .items = {&item, 1, 1}};
    kept.at[0].op = SH_FIRST;
    *found = command_avoidable(c, &run->before, &list);
    if (!all_provided(c, run, &kept, found, fetched))
        return false;
    for (size_t i = 0; i < gone.n; i++)
        vec_add(c->arena, &found->edits, gone.at[i]);
    command_sort_avoidances(&found->edits);
    return true;
}

/* None where one would swallow a continuation, with the comments that may be in it. */
static bool swallows(struct compile *c, const struct instr *run, const struct avoidance *edit)
{
    if (edit->text.len)
        return !join_is_whole(&run->script_text, edit->at);
    struct str bytes = str_span(run->text, join_span(&run->script_text, edit->at));
    return legality_comments(c->arena, bytes, LIT("")).len > 0;
}

static struct avoidances edits_of(struct compile *c, struct instr *run)
{
    struct avoidances edits = {0};
    const struct sh_script *script = instr_script(c, run);
    if (!script || !script->list)
        return edits;
    struct avoidable found;
    if (!legality_shape(script).chain || !without_fetching(c, run, &found))
        found = command_avoidable(c, &run->before, script->list);
    for (size_t i = 0; i < found.edits.n; i++) {
        const struct avoidance *edit = &found.edits.at[i];
        if (swallows(c, run, edit))
            return (struct avoidances){0};
        if (!is_dealt_with(c, run, &found, catalog_manager(c->catalog, edit->manager)))
            vec_add(c->arena, &edits, *edit);
    }
    return edits;
}

/* Cheap, and true of most RUNs. */
static bool leaves_nothing(const struct effects *fx)
{
    return set_is_empty(&fx->caches) && set_is_empty(&fx->lists);
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        if (i->ast->kind != DF_RUN || !i->stage || leaves_nothing(instr_effects(c, i)))
            continue;
        struct avoidances edits = edits_of(c, i);
        if (!edits.n)
            continue;
        struct plan *plan = arena_alloc(c->arena, sizeof *plan);
        plan->edits = edits;
        *site = (struct site){.at = i, .with = i, .plan = plan};
        return true;
    }
    return false;
}

/* ---- legality: the base image's tool ---- */

/* Rule 4. */
static bool knows_option(struct compile *c, const struct stage *stage, const struct manager *m)
{
    return legality_is_based_on(c, stage, m->avoid_known, m->n_avoid_known) &&
           !legality_is_based_on(c, stage, m->avoid_lacking, m->n_avoid_lacking);
}

/* A RUN up to this one installs a version of the tool itself that does not know it. */
static bool installs_old_tool(struct compile *c, const struct instr *run, const struct manager *m)
{
    unsigned steps = 0;
    for (struct instr *i = c->file->first; i != run->next; i = i->next) {
        if (++steps > LEGALITY_STEPS)
            return true;
        if (i->ast->kind != DF_RUN || !i->stage || !legality_is_built_on(run->stage, i->stage))
            continue;
        const struct strs *versions = &instr_effects(c, i)->own_versions.items;
        for (size_t k = 0; k < versions->n; k++)
            if (legality_matches(m->avoid_lacking, m->n_avoid_lacking, versions->at[k]))
                return true;
    }
    return false;
}

/* ---- legality: what comes later ---- */

/* Rule 5. What the RUN itself hides may stand behind the command. */
static bool is_used_later(struct compile *c, struct instr *run, const struct manager *m,
                          struct why *why)
{
    const struct mess *mess = avoided_mess(m);
    const struct effects *own = instr_effects(c, run);
    if (mess->kind == MESS_LISTS && own->hides_uses)
        return !refuse(why, &rules[LISTS_NEEDED], run);
    if (legality_touches_cache(c, m, mess, own))
        return !refuse(why, &rules[USED_LATER], run);
    struct later later = {.run = run, .at = run};
    while (legality_later(&later)) {
        struct effects fx = legality_later_effects(c, later.at);
        struct need need = legality_lists_needed(c, later.at, &fx, m->name);
        if (mess->kind == MESS_LISTS && need.lists != NO)
            return !refuse_for(why, &rules[LISTS_NEEDED], later.at, need.code);
        if (legality_uses_cache(c, m, mess, &fx))
            return !refuse(why, &rules[USED_LATER], later.at);
    }
    if (later.lost)
        return !refuse(why, &rules[USED_LATER], run);
    const struct instr *copy = legality_cache_copied(c, run->stage, mess);
    return copy && !refuse(why, &rules[USED_LATER], copy);
}

/* ---- the pass ---- */

static bool is_manager_legal(struct compile *c, struct instr *run, struct str manager,
                             struct why *why)
{
    const struct manager *m = catalog_manager(c->catalog, manager);
    if (!knows_option(c, run->stage, m) || installs_old_tool(c, run, m))
        return refuse(why, &rules[OLD_TOOL], run);
    return !is_used_later(c, run, m, why);
}

/* One manager's edits may be legal where another's are not. */
static bool keep_legal_edits(struct compile *c, const struct site *site, struct why *why)
{
    struct plan *plan = site->plan;
    struct avoidances kept = {0};
    for (size_t i = 0; i < plan->edits.n; i++)
        if (is_manager_legal(c, site->at, plan->edits.at[i].manager, why))
            vec_add(c->arena, &kept, plan->edits.at[i]);
    plan->edits = kept;
    return kept.n > 0;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct instr *run = site->at;
    struct str network;
    if (run->stage->ships != YES)
        return refuse(why, &rules[BUILD_STAGE], run);
    if (legality_has_documents(run))
        return refuse(why, &rules[HERE_DOCUMENT], run);
    if (effects_any(instr_effects(c, run), FX_ALIAS))
        return refuse(why, &rules[ALIAS], run);
    if (df_flag(run->ast, LIT("network"), &network))
        return refuse(why, &rules[NO_NETWORK], run);
    return keep_legal_edits(c, site, why);
}

static int64_t gain(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    int64_t bytes = 0;
    for (size_t i = 0; i < plan->edits.n; i++) {
        const struct manager *m = catalog_manager(c->catalog, plan->edits.at[i].manager);
        int64_t most = (int64_t)avoided_mess(m)->kib * 1024;
        bytes = most > bytes ? most : bytes;
    }
    return bytes > GAIN_SOME ? bytes : GAIN_SOME;
}

/* In the instruction's bytes an insertion stands right behind a character of the script. */
static struct edit place_edit(const struct instr *run, const struct avoidance *edit)
{
    bool inserts = edit->at.start == edit->at.end;
    struct span behind = {edit->at.end - 1, edit->at.end};
    struct span at = join_span(&run->script_text, inserts ? behind : edit->at);
    if (inserts)
        at.start = at.end;
    return (struct edit){at, edit->text};
}

static struct str command_at(const struct instr *run, uint32_t start)
{
    const struct sh_operands *operands = &run->script->list->items.at[0].and_or->operands;
    for (size_t i = 0; i < operands->n; i++)
        if (operands->at[i].pipeline->span.start == start)
            return str_span(run->script->text, operands->at[i].pipeline->span);
    return LIT("");
}

/* An option that is not seen to help would be added again and again: the pipeline takes it back. */
static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    struct instr *run = site->at;
    size_t n = plan->edits.n, had = edits_of(c, run).n;
    struct edit *edits = arena_array(c->arena, n, sizeof *edits);
    for (size_t i = 0; i < n; i++) {
        const struct avoidance *edit = &plan->edits.at[i];
        edits[i] = place_edit(run, edit);
        if (!edit->text.len)
            change_command(c, run, command_at(run, edit->at.start), LIT(""));
    }
    return rw_splice(c, run, edits, n) && edits_of(c, run).n == had - n;
}

const struct pass pass_no_cache_flags = {
    .name = "no-cache-flags",
    .summary = "package managers are told to leave no cache",
    .explain = explain,
    .level = 1,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
