/* merge-run: neighbouring RUNs become one. What it does, when that is legal and what it leaves
 * alone: `explain`. */
#include "ir/change.h"
#include "ir/options.h"
#include "ir/path.h"
#include "ir/rewrite.h"
#include "ir/state.h"
#include "passes/legality.h"
#include "passes/merge_run/parts.h"

static const char explain[] =
    "Neighbouring RUNs become one, so that what a later one deletes or rewrites is in no layer.\n"
    "\n"
    "    RUN apt-get update                    RUN apt-get update \\\n"
    "    RUN apt-get install -y curl     =>        && apt-get install -y curl \\\n"
    "    RUN cd /opt && make                       && cd /opt && make\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept: elsewhere merging saves nothing;\n"
    " 2. both are in shell form, without here-documents, and their shell texts are understood;\n"
    " 3. neither leaves a job or daemon running: it would live on beside the next command;\n"
    " 4. no pragma says what one of them does: it would speak of the other's commands too;\n"
    " 5. flags are equal as sets, and no mount forgets what one RUN writes (tmpfs, writable "
    "bind);\n"
    " 6. no SHELL, USER, WORKDIR or VOLUME stands between them. An ENV or ARG may, when the RUNs\n"
    "    above cannot see it: they do not name it nor show all variables, and run tools of the\n"
    "    distribution alone, which do not know it; nor does what stands between name it. An ARG\n"
    "    without a default, which each build may give another value, then repeats the RUNs above\n"
    "    too: it stays unless bytes go away; and so does any ENV or ARG below a download or a "
    "build.\n"
    "    A COPY or ADD may, when the RUN below is known not "
    "to\n"
    "    touch what it writes nor the accounts that it names, and bytes go away: a change of its\n"
    "    files then no longer repeats that RUN;\n"
    " 7. what stands on the left of `&&` does not rely on `set -e`, which is ignored there, in\n"
    "    subshells and in the texts of eval, `.` and trap too (POSIX XCU 2.14, set -e); what does\n"
    "    may come last, when it is one line; nor on\n"
    "    a trap on failures (bash manual, trap), nor on `return` outside of a function (XCU "
    "2.15);\n"
    " 8. the later one reads no variable in which a shell keeps what ran before ($_, $!, "
    "PIPESTATUS), and the earlier one does not put another shell in the place of the one that\n"
    "    runs it;\n"
    " 9. no comment above the later one speaks to a tool, no shell comment hides a lost "
    "continuation, and neither ends in a backslash or odd white space;\n"
    "10. together they stay below the length that Linux allows one argument (MAX_ARG_STRLEN).\n"
    "What changes the shell itself (cd, assignments, set, exit, functions, aliases) goes into a\n"
    "subshell when another command follows; not so `set` with -e, -v and -x alone, when all that\n"
    "follow are chains of simple commands, to which these make no difference: it is said once. A\n"
    "later list of commands, or one with `||` or a leading `!`, goes into braces. A command that\n"
    "installs another one of its own name goes into a subshell: shells remember where commands "
    "are.\n"
    "\n"
    "LABEL, EXPOSE, CMD, ENTRYPOINT, HEALTHCHECK, STOPSIGNAL and MAINTAINER between two RUNs are "
    "seen by neither:\n"
    "the later RUN moves above them. An ENV or ARG moves above both, a COPY or ADD below.\n"
    "\n"
    "Left alone: neighbours in a stage that is written in scripts under `set -e`, unless bytes go "
    "away;\n"
    "RUNs with other instructions between them; here-document scripts; stages that do "
    "not ship.\n";

enum reason {
    BUILD_STAGE,
    DELIBERATE,
    BYTES_ONLY,
    BETWEEN,
    FILES_BETWEEN,
    GIVEN_BETWEEN,
    SETTING_BETWEEN,
    OTHER_FLAGS,
    FORGETFUL_MOUNT,
    EXEC_FORM,
    OPAQUE,
    HERE_DOCUMENT,
    BACKGROUND_JOB,
    ERRTRAP,
    ERREXIT,
    RETURNS,
    REPLACES_SHELL,
    READS_PAST,
    COMMENT_FOR_TOOL,
    COMMENT_OVER_LINES,
    OPEN_END,
    TOO_LONG,
    TOLD,
    OFF
};

static const struct rule rules[] = {
    [BUILD_STAGE] =
        {"merge-run/build-stage",
         "no image that is kept has the layers of this stage: merging its RUNs saves nothing"},
    [DELIBERATE] =
        {"merge-run/deliberate",
         "its stage is written in scripts under `set -e`: what is apart there is meant to "
         "be, and merging frees no byte"},
    [BYTES_ONLY] = {"merge-run/bytes-only",
                    "merging frees no byte, and the settings say `merge: bytes`"},
    [BETWEEN] = {"merge-run/between",
                 "what stands between two RUNs may be seen by the one, or be of the other's files"},
    [FILES_BETWEEN] = {"merge-run/files-between",
                       "files are copied between the two, and merging across that frees no byte"},
    [GIVEN_BETWEEN] = {"merge-run/value-between",
                       "each build may give it another value, which would then repeat the RUNs "
                       "above it too, and merging across that frees no byte"},
    [SETTING_BETWEEN] =
        {"merge-run/setting-between",
         "a change of it would then repeat the downloads and builds above it too, and merging "
         "across it frees no byte"},
    [OTHER_FLAGS] = {"merge-run/other-flags", "its flags are not those of the RUN before"},
    [FORGETFUL_MOUNT] = {"merge-run/forgetful-mount",
                         "what is written under its mount would stay visible to the next command"},
    [EXEC_FORM] = {"merge-run/exec-form", "one of the two is in exec form, which no shell runs"},
    [OPAQUE] = {"merge-run/opaque", "the shell text of one of the two is not understood"},
    [HERE_DOCUMENT] = {"merge-run/here-document", "one of the two has a here-document"},
    [BACKGROUND_JOB] = {"merge-run/background-job",
                        "a background job or daemon would live on beside the next command"},
    [ERRTRAP] = {"merge-run/error-trap",
                 "it sets a trap on failures, which a shell ignores in the operands of `&&`"},
    [ERREXIT] = {"merge-run/errexit",
                 "it is a script under `set -e`, which a shell ignores in the operands of `&&`"},
    [RETURNS] = {"merge-run/return",
                 "it uses `return` outside of a function: where another command follows, not every "
                 "shell ends there any more"},
    [REPLACES_SHELL] =
        {"merge-run/replaces-shell",
         "it writes or removes the shell by its name: the next RUN is run by another "
         "one"},
    [READS_PAST] = {"merge-run/reads-past",
                    "it reads a variable in which the shell keeps what ran before"},
    [COMMENT_FOR_TOOL] =
        {"merge-run/comment-for-tool",
         "a comment above it speaks to a tool, which looks for an instruction below"},
    [COMMENT_OVER_LINES] =
        {"merge-run/comment-over-lines",
         "a shell comment swallows lines that follow it: a continuation was lost"},
    [OPEN_END] = {"merge-run/open-end",
                  "it ends in a backslash or odd white space, which would be read in another way"},
    [TOO_LONG] = {"merge-run/too-long",
                  "together they pass the length that a kernel lets one argument have"},
    [TOLD] = {"merge-run/effects-pragma",
              "a pragma says what it does, and would speak of the other's commands too"},
    [OFF] = {"merge-run/off", "a pragma keeps this pass away from it"},
};

extern const struct pass pass_merge_run;

static const struct rule applied = {"merge-run/merged", "neighbouring RUNs merged into one"};

/* Linux: MAX_ARG_STRLEN is 131,072 bytes for the one word that follows `sh -c`. */
enum { LONGEST_SCRIPT = 100 * 1024 };

/* How many RUNs behind a setting are looked at for one that frees bytes of those above it. */
enum { MOST_UNSETTLED = 30 };

/* ---- sites ---- */

static bool is_run(const struct instr *i)
{
    return i && i->ast->kind == DF_RUN;
}

/* The first of two or more RUNs in a row. legal() finds how many of them can be merged. */
static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    while (i && !(is_run(i) && between_next_run(i)))
        i = i->next;
    if (!i)
        return false;
    site->at = site->with = i;
    return true;
}

/* ---- legality ---- */

/* A comment at the end of the text, and nowhere else: it swallows all that is behind it. */
static bool comment_is_short(const struct instr *run)
{
    const struct sh_comments *comments = &run->script->comments;
    return comments->n == 0 ||
           (comments->n == 1 && join_is_whole(&run->script_text, comments->at[0].span));
}

/* Rules 2 to 4, and the second half of 9: what one RUN must be to stand in a merged one. */
static bool stands_alone(struct compile *c, struct instr *run, struct why *why)
{
    if (!pragma_allows(run, str_from_c(pass_merge_run.name)))
        return refuse(why, &rules[OFF], run);
    if (run->pragmas.effects)
        return refuse(why, &rules[TOLD], run);
    if (run->ast->json)
        return refuse(why, &rules[EXEC_FORM], run);
    if (run->ast->heredocs.n)
        return refuse(why, &rules[HERE_DOCUMENT], run);
    if (!instr_script(c, run) || !run->script->list)
        return refuse(why, &rules[OPAQUE], run);
    if (effects_any(instr_effects(c, run), FX_BACKGROUND))
        return refuse(why, &rules[BACKGROUND_JOB], run);
    if (!comment_is_short(run))
        return refuse(why, &rules[COMMENT_OVER_LINES], run);
    if (legality_shape(run->script).open_end)
        return refuse(why, &rules[OPEN_END], run);
    return true;
}

/* -e is on, or may be, and makes a difference. A text that is not seen is not taken to switch it on
 * for itself. */
static bool relies_on_errexit(struct compile *c, struct instr *run)
{
    const struct effects *fx = instr_effects(c, run);
    if (effects_any(fx, FX_ERREXIT_INSIDE))
        return true;
    if (legality_shape(run->script).plain)
        return effects_any(fx, FX_TEXT) && (run->before.errexit || effects_any(fx, FX_ERREXIT_ON));
    return run->before.errexit || effects_any(fx, FX_ERREXIT);
}

/* A tree that holds the shell does not count: packages come with the shell that was there. */
static bool names_file(const struct set *paths, struct str name)
{
    for (size_t i = 0; i < paths->items.n; i++)
        if (str_eq(path_name(paths->items.at[i]), name))
            return true;
    return false;
}

/* `ln -sf /bin/bash /bin/sh`, in whatever directory of programs. */
static bool replaces_shell(const struct part *a)
{
    struct str shell = path_name(state_shell(&a->run->before));
    return names_file(&a->fx->writes, shell) || names_file(&a->fx->deletes, shell);
}

/* Rules 5 to 9: whether `b` may follow `a`, whatever stands before `a`. */
static bool may_follow(struct compile *c, const struct part *a, struct instr *b, struct why *why)
{
    if (!df_same_flags(a->run->ast, b->ast))
        return refuse(why, &rules[OTHER_FLAGS], b);
    if (legality_mount_forgets(c, b->ast))
        return refuse(why, &rules[FORGETFUL_MOUNT], b);
    if (!stands_alone(c, b, why))
        return false;
    if (effects_any(a->fx, FX_ERRTRAP))
        return refuse(why, &rules[ERRTRAP], a->run);
    if (effects_any(a->fx, FX_RETURN))
        return refuse(why, &rules[RETURNS], a->run);
    if (replaces_shell(a))
        return refuse(why, &rules[REPLACES_SHELL], a->run);
    if (relies_on_errexit(c, a->run))
        return refuse(why, &rules[ERREXIT], a->run);
    if (relies_on_errexit(c, b) && legality_has_lines(b))
        return refuse(why, &rules[ERREXIT], b);
    if (legality_shape(b->script).reads_past)
        return refuse(why, &rules[READS_PAST], b);
    if (legality_lead_binds(c, b->lead))
        return refuse(why, &rules[COMMENT_FOR_TOOL], b);
    return true;
}

/* Bytes of `a` that are in no layer when `b` runs in the same RUN. */
static bool frees_bytes(const struct effects *a, const struct effects *b)
{
    return paths_meet(&a->writes, &b->deletes) == YES ||
           set_meets(&a->installs, &b->removes) == YES ||
           set_meets(&a->lists, &b->drops_lists) == YES ||
           set_meets(&a->caches, &b->drops_caches) == YES;
}

/* Both install with one package manager: what it keeps for itself is then written once. */
static bool same_manager(const struct effects *a, const struct effects *b)
{
    for (size_t i = 0; i < a->installs.items.n; i++)
        for (size_t k = 0; k < b->installs.items.n; k++) {
            struct str x = a->installs.items.at[i], y = b->installs.items.at[k];
            if (str_eq(str_slice(x, 0, str_find(x, ':')), str_slice(y, 0, str_find(y, ':'))))
                return true;
        }
    return false;
}

/* It installs, or code that is not seen may, from lists of `a`: all of one RUN, they can go. */
static bool needs_lists(struct compile *c, const struct effects *a, struct instr *b)
{
    for (size_t i = 0; i < a->lists.items.n; i++)
        if (legality_lists_needed(c, b, instr_effects(c, b), a->lists.items.at[i]).lists != NO)
            return true;
    return false;
}

/* A download, or what is not known and may be a build. */
static bool costs(const struct effects *fx)
{
    return effects_any(fx, FX_NETWORK) || fx->writes.unknown;
}

/* `b` changes a file of `a`, or a tree that it is in (`chown -R`): it is then in both layers. What
 * brings files of its own writes to such trees too. */
static bool rewrites(const struct compile *c, const struct effects *a, const struct effects *b)
{
    bool brings = costs(b) || b->unpacked.items.n;
    for (size_t i = 0; !brings && i < b->writes.items.n; i++) {
        struct str tree = b->writes.items.at[i];
        bool all = catalog_lists(c->catalog, LIT("system"), tree);
        for (size_t k = 0; !all && k < a->writes.items.n; k++)
            if (path_is_in(a->writes.items.at[k], tree))
                return true;
    }
    return false;
}

/* Bytes of those above the setting go away when `run` is one with them. */
static bool pays(struct compile *c, const struct parts *parts, struct instr *run)
{
    const struct effects *fx = instr_effects(c, run);
    for (uint32_t i = 0; i < parts->settled; i++) {
        const struct effects *above = parts->at[i].fx;
        if (frees_bytes(above, fx) || same_manager(above, fx) || rewrites(c, above, fx) ||
            needs_lists(c, above, run))
            return true;
    }
    return false;
}

/* Rules 5 to 10, and whether it is meant to be apart. */
static bool may_join(struct compile *c, const struct parts *parts, struct instr *b, struct why *why)
{
    const struct part *a = vec_last(parts);
    if (!may_follow(c, a, b, why))
        return false;
    if (parts->jobs && legality_shape(b->script).reads_job)
        return refuse(why, &rules[READS_PAST], b);
    const struct instr *block = between_blocks(c, &parts->runs, b);
    if (block)
        return refuse_for(why, &rules[BETWEEN], block, df_keyword(block->ast->kind));
    bool frees = frees_bytes(a->fx, instr_effects(c, b));
    bool gains = frees || same_manager(a->fx, instr_effects(c, b));
    if (!gains && between_has_files(a->run, b))
        return refuse(why, &rules[FILES_BETWEEN], b);
    const struct instr *given = between_given(a->run, b);
    if (!frees && given)
        return refuse(why, &rules[GIVEN_BETWEEN], given);
    if (parts->deliberate && !frees)
        return refuse(why, &rules[DELIBERATE], b);
    if (c->opt->merge_bytes && !gains)
        return refuse(why, &rules[BYTES_ONLY], b);
    if (parts->length + b->text.len > LONGEST_SCRIPT)
        return refuse(why, &rules[TOO_LONG], b);
    return true;
}

static void join(struct compile *c, struct parts *parts, struct instr *run)
{
    struct part p = {.run = run, .fx = instr_effects(c, run), .shape = legality_shape(run->script)};
    if (parts->costs && !parts->crossed)
        parts->crossed = between_setting(vec_last(parts)->run, run);
    if (parts->crossed && pays(c, parts, run))
        parts->crossed = NULL;
    parts->costs = parts->costs || costs(p.fx);
    vec_add(c->arena, parts, p);
    vec_add(c->arena, &parts->runs, run);
    parts->length += run->text.len;
    parts->jobs = parts->jobs || effects_any(p.fx, FX_JOB);
    if (!parts->crossed)
        parts->settled = parts->n;
}

/* Those behind a setting that nobody has paid for stay apart. */
static void settle(struct site *site, struct parts *parts, struct why *why)
{
    if (!parts->crossed)
        return;
    refuse(why, &rules[SETTING_BETWEEN], parts->crossed);
    parts->n = parts->runs.n = parts->settled;
    site->with = vec_last(parts)->run;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct parts *parts = arena_alloc(c->arena, sizeof *parts);
    struct instr *b = between_next_run(site->at);
    site->plan = parts;
    if (site->at->stage->ships != YES) {
        for (; b; b = between_next_run(b))
            site->with = b; /* one remark is enough for all of the row */
        return refuse(why, &rules[BUILD_STAGE], site->at);
    }
    if (!stands_alone(c, site->at, why))
        return false;
    parts->deliberate = legality_is_deliberate(c, site->at->stage);
    join(c, parts, site->at);
    while (b && parts->n - parts->settled < MOST_UNSETTLED && may_join(c, parts, b, why)) {
        join(c, parts, b);
        site->with = b;
        b = between_next_run(b);
    }
    settle(site, parts, why);
    return parts->n > 1;
}

/* ---- the new text ---- */

static bool apply(struct compile *c, const struct site *site)
{
    struct parts *parts = site->plan;
    parts_arrange(c, parts);
    for (size_t k = 1; k < parts->n; k++)
        if (parts->at[k].first)
            change_command(c, parts->at[k].run, parts_operand(&parts->at[k], 0), LIT(""));
    between_clear(c, site->at, vec_last(parts)->run);
    if (!rw_replace(c, site->at, parts_text(c, parts)))
        return false;
    for (size_t k = 1; k < parts->n; k++)
        rw_delete(c, parts->at[k].run, false);
    return true;
}

const struct pass pass_merge_run = {
    .name = "merge-run",
    .summary = "neighbouring RUNs become one",
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
