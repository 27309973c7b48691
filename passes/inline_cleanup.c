/* inline-cleanup: lists and caches of package managers go away in the RUN that made them. Details:
 * `explain`. */
#include "ir/catalog/catalog.h"
#include "ir/change.h"
#include "ir/command.h"
#include "ir/layout.h"
#include "ir/rewrite.h"
#include "passes/legality.h"

static const char explain[] =
    "The RUN that installs packages removes the lists and caches that it leaves, so that they are "
    "in no layer.\n"
    "\n"
    "    RUN apt-get update \\                      RUN apt-get update \\\n"
    "        && apt-get install -y curl       =>       && apt-get install -y curl \\\n"
    "                                                  && rm -rf /var/lib/apt/lists/*\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept: elsewhere it saves nothing;\n"
    " 2. the shell text is understood, in shell form and no here-document;\n"
    " 3. its user is root, or is not said: another user may not remove what root made;\n"
    " 4. nothing ends the shell before the clean-up, defines a function or alias that may shadow "
    "its command,\n"
    "    runs beside it, or may switch off globs;\n"
    " 5. a failure still makes the RUN fail: the clean-up is joined by `&&`, or by `;` where `set "
    "-e` is in force\n"
    "    and the last command is a compound one, which `&&` would rob of it (POSIX XCU 2.14);\n"
    " 6. no later instruction of this stage or of one that is FROM it needs the lists, ONBUILD and "
    "the container's\n"
    "    own commands and the scripts of the build context that they start included, and none\n"
    "    reads what is removed.\n"
    "What lies under a mount is not in the layer, and what the base image's configuration removes "
    "by itself is left\n"
    "to it.\n"
    "\n"
    "Left alone: caches of language package managers, which have flags of their own for that.\n";

enum reason {
    BUILD_STAGE,
    EXEC_FORM,
    HERE_DOCUMENT,
    NOT_ROOT,
    SHELL_STATE,
    ERREXIT,
    LISTS_NEEDED,
    READ_LATER
};

static const struct rule rules[] = {
    [BUILD_STAGE] =
        {"inline-cleanup/build-stage",
         "no image that is kept has the layers of this stage: cleaning up saves nothing"},
    [EXEC_FORM] = {"inline-cleanup/exec-form", "it is in exec form, which no shell runs"},
    [HERE_DOCUMENT] = {"inline-cleanup/here-document", "it has a here-document"},
    [NOT_ROOT] = {"inline-cleanup/not-root", "it does not run as root"},
    [SHELL_STATE] =
        {"inline-cleanup/shell-state",
         "it may end early, escape or shadow the clean-up's command, or switch off globs"},
    [ERREXIT] = {"inline-cleanup/errexit",
                 "it relies on `set -e` in a way that a command behind it would change"},
    [LISTS_NEEDED] =
        {"inline-cleanup/lists-needed",
         "a later instruction installs, or may install, without fetching package lists of its own"},
    [READ_LATER] = {"inline-cleanup/read-later", "a later instruction reads what would be removed"},
};

static const struct rule applied = {"inline-cleanup/cleaned",
                                    "package lists and caches are removed where they are made"};

/* How the clean-up is joined to what is there. */
enum joint { JOINT_AND, JOINT_SEMICOLON };

/* Something to remove, and whose it is. */
struct removal {
    struct str manager;
    const struct mess *mess;
};

struct removals VEC_OF(struct removal);

struct plan {
    struct removals removals;
    struct strs commands; /* clean-up commands, in the catalog's order, each once */
    enum joint joint;
    int64_t bytes;
};

/* ---- sites ---- */

static void plan_messes(struct compile *c, struct instr *run, struct str manager, struct plan *plan)
{
    const struct manager *m = catalog_manager(c->catalog, manager);
    for (size_t i = 0; m && i < m->n_messes; i++) {
        const struct mess *mess = &m->messes[i];
        struct removal removal = {m->name, mess};
        if (!legality_is_left(run, m, mess) || strs_have(&plan->commands, mess->cleanup))
            continue;
        vec_add(c->arena, &plan->removals, removal);
        vec_add(c->arena, &plan->commands, mess->cleanup);
        plan->bytes += (int64_t)mess->kib * 1024;
    }
}

static struct plan plan_of(struct compile *c, struct instr *run)
{
    struct plan plan = {0};
    const struct effects *fx = instr_effects(c, run);
    for (size_t i = 0; i < fx->lists.items.n; i++)
        plan_messes(c, run, fx->lists.items.at[i], &plan);
    for (size_t i = 0; i < fx->caches.items.n; i++)
        plan_messes(c, run, fx->caches.items.at[i], &plan);
    return plan;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site->with ? site->with->next : c->file->first;
    for (; i; i = i->next) {
        if (i->ast->kind != DF_RUN || !i->stage)
            continue;
        struct plan plan = plan_of(c, i);
        if (!plan.commands.n)
            continue;
        struct plan *kept = arena_alloc(c->arena, sizeof *kept);
        *kept = plan;
        *site = (struct site){.at = i, .with = i, .plan = kept};
        return true;
    }
    return false;
}

/* ---- legality ---- */

static bool is_root(struct str user)
{
    struct str name = str_slice(user, 0, str_find(user, ':'));
    return !name.len || str_eq(name, LIT("root")) || str_eq(name, LIT("0"));
}

/* The last AND-OR list's last pipeline is of simple commands: `&&` behind it changes nothing for
 * it. */
static bool ends_simply(const struct sh_and_or *last)
{
    const struct sh_commands *commands = &vec_last(&last->operands)->pipeline->commands;
    for (size_t i = 0; i < commands->n; i++)
        if (commands->at[i]->kind != SH_SIMPLE)
            return false;
    return true;
}

/* Rule 5. */
static bool choose_joint(struct compile *c, const struct instr *run, struct plan *plan)
{
    const struct sh_list *list = run->script->list;
    const struct sh_and_or *last = vec_last(&list->items)->and_or;
    const struct sh_pipeline *tail = vec_last(&last->operands)->pipeline;
    bool on = legality_begins_with_errexit(c, run);
    bool maybe = run->before.errexit || effects_any(run->effects, FX_ERREXIT);
    plan->joint = JOINT_AND;
    if (on && list->items.n > 1 && last->operands.n == 1 && !tail->bang)
        plan->joint = JOINT_SEMICOLON;
    return plan->joint == JOINT_SEMICOLON || !maybe || ends_simply(last);
}

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

/* Rule 6 for one later instruction. */
static bool is_needed_by(struct compile *c, const struct plan *plan, struct instr *later,
                         struct why *why)
{
    struct str script;
    struct effects fx = legality_later_effects(c, later);
    for (size_t i = 0; i < plan->removals.n; i++) {
        const struct removal *r = &plan->removals.at[i];
        if (r->mess->kind == MESS_LISTS &&
            legality_lists_needed(c, later, &fx, r->manager, &script))
            return !refuse_for(why, &rules[LISTS_NEEDED], later, script);
    }
    if (reads_removed(c, plan, &fx))
        return !refuse(why, &rules[READ_LATER], later);
    return false;
}

/* Rule 6. */
static bool is_needed_later(struct compile *c, const struct site *site, struct why *why)
{
    struct later later = {.run = site->at, .at = site->at};
    while (legality_later(&later))
        if (is_needed_by(c, site->plan, later.at, why))
            return true;
    return later.lost && !refuse(why, &rules[LISTS_NEEDED], site->at);
}

enum { SHADOWS = FX_EXIT | FX_FUNCTION | FX_ALIAS | FX_BACKGROUND | FX_NOGLOB };

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct instr *run = site->at;
    if (run->stage->ships != YES)
        return refuse(why, &rules[BUILD_STAGE], run);
    if (run->ast->heredocs.n)
        return refuse(why, &rules[HERE_DOCUMENT], run);
    if (run->ast->json || !run->script || !run->script->list)
        return refuse(why, &rules[EXEC_FORM], run);
    if (!is_root(run->before.user))
        return refuse(why, &rules[NOT_ROOT], run);
    if (effects_any(run->effects, SHADOWS) || legality_shape(run->script).open_end)
        return refuse(why, &rules[SHELL_STATE], run);
    if (!choose_joint(c, run, site->plan))
        return refuse(why, &rules[ERREXIT], run);
    return !is_needed_later(c, site, why);
}

static int64_t gain(struct compile *c, const struct site *site)
{
    (void)c;
    const struct plan *plan = site->plan;
    return plan->bytes > GAIN_SOME ? plan->bytes : GAIN_SOME;
}

/* A clean-up that is not seen to clean would be added again and again: the pipeline takes it back.
 */
static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    struct layout layout = layout_of_run(c->file->layout, site->at);
    uint32_t end = legality_commands_span(site->at).end;
    struct buf b = {.arena = c->arena};
    for (size_t i = 0; i < plan->commands.n; i++) {
        if (plan->joint == JOINT_SEMICOLON)
            layout_semicolon(&b, &layout, plan->commands.at[i]);
        else
            layout_and(&b, &layout, LIT(""), plan->commands.at[i]);
        change_add_script(c, site->at, plan->commands.at[i]);
    }
    struct edit edit = {{end, end}, buf_str(&b)};
    if (!rw_splice(c, site->at, &edit, 1))
        return false;
    struct plan left = plan_of(c, site->at);
    return left.commands.n == 0;
}

const struct pass pass_inline_cleanup = {
    .name = "inline-cleanup",
    .summary = "package lists and caches are removed in the RUN that makes them",
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
