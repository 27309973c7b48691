/* inline-cleanup: lists and caches of package managers go away in the RUN that made them. Details:
 * `explain`. */
#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/change.h"
#include "ir/command.h"
#include "ir/layout.h"
#include "ir/rewrite.h"
#include "ir/state.h"
#include "passes/inline_cleanup/plan.h"

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
    " 2. the shell text is understood, in shell form; a here-document is all of it, for the "
    "stage's "
    "own shell;\n"
    " 3. its user is root, or is not said and, where the base image is not known, it does without\n"
    "    sudo: another user may not remove what root made;\n"
    " 4. nothing ends the shell before the clean-up, defines a function or alias that may shadow "
    "its command,\n"
    "    runs beside it, or may switch off globs;\n"
    " 5. a failure still makes the RUN fail: the clean-up is joined by `&&`, or by `;` where `set "
    "-e` is in force\n"
    "    and the last command is a compound one, which `&&` would rob of it (POSIX XCU 2.14);\n"
    " 6. no later instruction of this stage or of one that is FROM it needs the lists, ONBUILD and "
    "the container's\n"
    "    own commands and the scripts of the build context that they start included, and none\n"
    "    reads what is removed. A later RUN of which it is seen where it needs them fetches its "
    "own there\n"
    "    and removes them too, unless what says where lists come from has changed since. Scripts "
    "that the\n"
    "    build context does not show, and code from the network, may need them; programs of "
    "others do not:\n"
    "    base images come without lists, so that they fetch their own;\n"
    " 7. the program that cleans up is there: one of the system, one that the image brings, or the "
    "manager\n"
    "    itself where the RUN fails without it.\n"
    "What lies under a mount is not in the layer, and what the base image's configuration removes "
    "by itself is left\n"
    "to it.\n"
    "\n"
    "Left alone: what a flag avoids (no-cache-flags); caches that a build, a start or an offline "
    "run may want:\n"
    "those of Maven, Gradle, NuGet, go, cargo, opam and cabal, and pnpm's store; caches in another "
    "user's home, or\n"
    "where a variable or an option places them.\n";

const struct rule inline_cleanup_rules[REASONS] = {
    [BUILD_STAGE] =
        {"inline-cleanup/build-stage",
         "no image that is kept has the layers of this stage: cleaning up saves nothing"},
    [EXEC_FORM] = {"inline-cleanup/exec-form", "it is in exec form, which no shell runs"},
    [HERE_DOCUMENT] = {"inline-cleanup/here-document",
                       "it has here-documents, and not a single one that is its shell's script"},
    [NOT_ROOT] = {"inline-cleanup/not-root", "it does not run as root"},
    [BACKGROUND_JOB] = {"inline-cleanup/background-job",
                        "commands run beside it, and may use what would be removed"},
    [SHELL_STATE] =
        {"inline-cleanup/shell-state",
         "it may end early, escape or shadow the clean-up's command, or switch off globs"},
    [ERREXIT] = {"inline-cleanup/errexit",
                 "it relies on `set -e` in a way that a command behind it would change"},
    [LISTS_NEEDED] =
        {"inline-cleanup/lists-needed",
         "it installs from the package lists that an earlier RUN has fetched, and cannot be given "
         "its own"},
    [HIDDEN_CODE] =
        {"inline-cleanup/hidden-later",
         "code that is not seen may install from the package lists that an earlier RUN has "
         "fetched"},
    [SOURCES_CHANGED] =
        {"inline-cleanup/sources-changed",
         "a later instruction installs from the lists that were fetched before this one changed "
         "where they come from: fetched anew they would be others"},
    [READ_LATER] = {"inline-cleanup/read-later",
                    "a later instruction reads what would be removed, or fails without it"},
    [MAY_BE_MISSING] = {"inline-cleanup/may-be-missing",
                        "the package manager, whose own command would clean up, may not be there: "
                        "it runs only in some cases, or its failure is passed over"},
};

static const struct rule applied = {"inline-cleanup/cleaned",
                                    "package lists and caches are removed where they are made"};

/* ---- sites ---- */

static void add_removal(struct compile *c, struct plan *plan, struct removal removal)
{
    vec_add(c->arena, &plan->removals, removal);
    if (strs_have(&plan->commands, removal.mess->cleanup))
        return;
    vec_add(c->arena, &plan->commands, removal.mess->cleanup);
    plan->bytes += (int64_t)removal.mess->kib * 1024;
}

static void plan_messes(struct compile *c, struct instr *run, struct str manager, struct plan *plan)
{
    const struct manager *m = catalog_manager(c->catalog, manager);
    for (size_t i = 0; m && i < m->n_messes; i++)
        if (legality_is_left(c, run, m, &m->messes[i]))
            add_removal(c, plan, (struct removal){m->name, &m->messes[i]});
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
    struct instr *i = site_behind(c, site);
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
static bool choose_joint(struct compile *c, const struct instr *run, enum joint *joint)
{
    const struct sh_list *list = run->script->list;
    const struct sh_and_or *last = vec_last(&list->items)->and_or;
    const struct sh_pipeline *tail = vec_last(&last->operands)->pipeline;
    bool on = legality_begins_with_errexit(c, run);
    bool maybe = run->before.errexit || effects_any(run->effects, FX_ERREXIT);
    *joint = JOINT_AND;
    if (on && list->items.n > 1 && last->operands.n == 1 && !tail->bang)
        *joint = JOINT_SEMICOLON;
    return *joint == JOINT_SEMICOLON || !maybe || ends_simply(last);
}

enum { SHADOWS = FX_EXIT | FX_RETURN | FX_FUNCTION | FX_ALIAS | FX_NOGLOB };

/* Commands that run beside the script may use what is removed; daemons are programs of others. */
static bool leaves_commands(const struct effects *fx)
{
    const unsigned job = FX_BACKGROUND | FX_JOB;
    return (fx->flags & job) == job;
}

/* Root has no need of sudo: who builds on an image that is not known, and calls it, is taken to be
 * another user. */
static bool is_root(struct compile *c, struct instr *run)
{
    struct base base;
    if (run->before.user.len || base_of_stage(c, run->stage, &base))
        return state_is_root(run->before.user);
    const struct set *commands = &instr_effects(c, run)->commands;
    for (size_t i = 0; i < commands->items.n; i++) {
        const struct command *row = catalog_command(c->catalog, commands->items.at[i]);
        if (row && (row->usage.does & DOES(AS_ROOT)))
            return false;
    }
    return true;
}

bool cleanup_may_end(struct compile *c, struct instr *run, enum joint *joint, struct why *why)
{
    const struct rule *rules = inline_cleanup_rules;
    if (legality_has_documents(run))
        return refuse(why, &rules[HERE_DOCUMENT], run);
    if (run->ast->json || !instr_script(c, run) || !run->script->list)
        return refuse(why, &rules[EXEC_FORM], run);
    if (!is_root(c, run))
        return refuse(why, &rules[NOT_ROOT], run);
    const struct effects *fx = instr_effects(c, run);
    if (leaves_commands(fx))
        return refuse(why, &rules[BACKGROUND_JOB], run);
    if (effects_any(fx, SHADOWS) || legality_shape(run->script).open_end)
        return refuse(why, &rules[SHELL_STATE], run);
    if (!choose_joint(c, run, joint))
        return refuse(why, &rules[ERREXIT], run);
    return true;
}

/* `apt-get update`, and nothing else: no comment either. */
static bool only_fetches(struct compile *c, const struct instr *run)
{
    const struct effects *fx = instr_effects(c, (struct instr *)run);
    const struct sh_items *items = &run->script->list->items;
    const struct sh_and_or *first = items->at[0].and_or;
    return items->n == 1 && first->operands.n == 1 && fx->flags == FX_NETWORK &&
           fx->commands.items.n == 1 && fx->lists.items.n == 1 && set_is_empty(&fx->needs_lists) &&
           set_is_empty(&fx->installs) && set_is_empty(&fx->removes) &&
           set_is_empty(&fx->deletes) && !fx->writes.unknown && !fx->reads.unknown &&
           !legality_lead_binds(c, run->lead) && !run->script->comments.n &&
           !legality_comments(c->arena, run->text, LIT("")).len;
}

/* What one manager leaves may go where what another one leaves may not. */
static bool keep_free(struct compile *c, struct site *site, struct why *why)
{
    struct plan *plan = site->plan;
    struct plan kept = {.joint = plan->joint};
    for (size_t i = 0; i < plan->removals.n; i++) {
        struct plan one = {.refetches = kept.refetches};
        struct site alone = {.at = site->at, .with = site->at, .plan = &one};
        add_removal(c, &one, plan->removals.at[i]);
        struct str cleanup = plan->removals.at[i].mess->cleanup;
        if (!cleanup_is_present(c, site->at, cleanup)) {
            refuse_for(why, &inline_cleanup_rules[MAY_BE_MISSING], site->at, cleanup);
            continue;
        }
        if (!cleanup_is_free(c, &alone, why))
            continue;
        add_removal(c, &kept, plan->removals.at[i]);
        kept.refetches = one.refetches;
    }
    *plan = kept;
    return kept.removals.n > 0;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct plan *plan = site->plan;
    if (site->at->stage->ships != YES)
        return refuse(why, &inline_cleanup_rules[BUILD_STAGE], site->at);
    if (!cleanup_may_end(c, site->at, &plan->joint, why) || !keep_free(c, site, why))
        return false;
    plan->whole = only_fetches(c, site->at);
    return true;
}

static int64_t gain(struct compile *c, const struct site *site)
{
    (void)c;
    const struct plan *plan = site->plan;
    return plan->bytes > GAIN_SOME ? plan->bytes : GAIN_SOME;
}

/* The style of a here-document's lines: its shell's, whatever the file's escape character is. */
static struct layout style_of(const struct compile *c, const struct instr *run)
{
    struct layout layout = layout_of_run(c->file->layout, run);
    if (run->ast->heredocs.n)
        layout.escape = '\\';
    return layout;
}

/* The white space at the beginning of the line in which `at` stands. */
static struct str indent_at(struct str text, uint32_t at)
{
    uint32_t start = at;
    while (start > 0 && text.at[start - 1] != '\n')
        start--;
    struct str line = str_slice(text, start, at);
    return str_slice(line, 0, line.len - str_trim_left(line).len);
}

static uint32_t last_command(const struct instr *run)
{
    const struct sh_list *list = run->script->list;
    return join_offset(&run->script_text, vec_last(&list->items)->and_or->span.start);
}

/* A here-document's `;` is a line's end: the clean-up stands on the last line. */
static struct edit append_lines(struct compile *c, const struct instr *run,
                                const struct strs *commands)
{
    uint32_t end = run->ast->heredocs.at[0].body.end;
    struct buf b = {.arena = c->arena};
    for (size_t i = 0; i < commands->n; i++) {
        buf_add(&b, indent_at(run->text, last_command(run)));
        buf_add(&b, commands->at[i]);
        buf_add(&b, c->file->layout->newline);
    }
    return (struct edit){{end, end}, buf_str(&b)};
}

static struct edit append_operands(struct compile *c, const struct instr *run, enum joint joint,
                                   const struct strs *commands)
{
    struct layout layout = style_of(c, run);
    uint32_t end = legality_commands_span(run).end;
    struct buf b = {.arena = c->arena};
    for (size_t i = 0; i < commands->n; i++)
        if (joint == JOINT_SEMICOLON)
            layout_semicolon(&b, &layout, commands->at[i]);
        else
            layout_and(&b, &layout, LIT(""), commands->at[i]);
    return (struct edit){{end, end}, buf_str(&b)};
}

bool cleanup_append(struct compile *c, struct instr *run, enum joint joint,
                    const struct strs *commands)
{
    bool lines = run->ast->heredocs.n && joint == JOINT_SEMICOLON;
    struct edit edit =
        lines ? append_lines(c, run, commands) : append_operands(c, run, joint, commands);
    for (size_t i = 0; i < commands->n; i++)
        change_add_script(c, run, commands->at[i]);
    return rw_splice(c, run, &edit, 1);
}

/* `apt-get update && ` before the command that needs it; on a line of its own where the RUN has
 * several. */
static struct str fetching(struct compile *c, const struct refetch *r, uint32_t at)
{
    struct buf b = {.arena = c->arena};
    struct layout layout = style_of(c, r->run);
    bool document = r->run->ast->heredocs.n;
    buf_add(&b, r->mess->fetch);
    if (document && r->joint == JOINT_SEMICOLON) {
        buf_add(&b, layout.newline);
        buf_add(&b, indent_at(r->run->text, at));
    } else if (document || !legality_has_lines(r->run)) {
        buf_add(&b, r->joint == JOINT_SEMICOLON ? LIT("; ") : LIT(" && "));
    } else if (r->joint == JOINT_SEMICOLON) {
        layout_semicolon(&b, &layout, LIT(""));
    } else {
        layout_and(&b, &layout, LIT(""), LIT(""));
    }
    return buf_str(&b);
}

static bool fetch_before(struct compile *c, const struct refetch *r)
{
    uint32_t at = join_offset(&r->run->script_text, r->at);
    struct edit edit = {{at, at}, fetching(c, r, at)};
    change_add_script(c, r->run, r->mess->fetch);
    return rw_splice(c, r->run, &edit, 1);
}

static bool has_lists(struct compile *c, struct instr *run, const struct mess *mess)
{
    struct plan left = plan_of(c, run);
    return strs_have(&left.commands, mess->cleanup);
}

/* It may remove them already. */
static bool refetch(struct compile *c, const struct refetch *r)
{
    struct str cleanup = r->mess->cleanup;
    struct strs one = {&cleanup, 1, 1};
    if (!fetch_before(c, r))
        return false;
    if (!has_lists(c, r->run, r->mess))
        return true;
    return cleanup_append(c, r->run, r->end, &one) && !has_lists(c, r->run, r->mess);
}

static bool drop(struct compile *c, struct instr *run)
{
    struct span all = run->script->list->items.at[0].and_or->span;
    change_command(c, run, str_span(run->script->text, all), LIT(""));
    rw_delete(c, run, true);
    return true;
}

/* A clean-up that is not seen to clean would be added again and again: the pipeline takes it back.
 */
static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    for (size_t i = 0; i < plan->refetches.n; i++)
        if (!refetch(c, &plan->refetches.at[i]))
            return false;
    if (plan->whole)
        return drop(c, site->at);
    if (!cleanup_append(c, site->at, plan->joint, &plan->commands))
        return false;
    struct plan left = plan_of(c, site->at);
    for (size_t i = 0; i < plan->commands.n; i++)
        if (strs_have(&left.commands, plan->commands.at[i]))
            return false;
    return true;
}

const struct pass pass_inline_cleanup = {
    .name = "inline-cleanup",
    .summary = "package lists and caches are removed in the RUN that makes them",
    .explain = explain,
    .level = 1,
    .rules = inline_cleanup_rules,
    .n_rules = REASONS,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
