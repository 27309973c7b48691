/* merge-run: neighbouring RUNs become one. What it does, when that is legal and what it leaves
 * alone: `explain`. */
#include "ir/change.h"
#include "ir/command.h"
#include "ir/layout.h"
#include "ir/options.h"
#include "ir/path.h"
#include "ir/rewrite.h"
#include "passes/legality.h"
#include "passes/merge_run/between.h"

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
    "PIPESTATUS);\n"
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

/* What a subshell contains: state that must not reach the next command. */
enum {
    LEAKS = FX_CD | FX_ALIAS | FX_STATE | FX_EXIT | FX_ERREXIT | FX_OPTIONS | FX_FUNCTION |
            FX_PATH | FX_NOGLOB
};

/* Linux: MAX_ARG_STRLEN is 131,072 bytes for the one word that follows `sh -c`. */
enum { LONGEST_SCRIPT = 100 * 1024 };

/* A RUN's part of the merged one. */
struct part {
    struct instr *run;
    const struct effects *fx;
    struct script_shape shape;
    uint32_t first;   /* its first operand that is written: 1 where its `set` is in force already */
    uint32_t wrapped; /* its first operand in a subshell; as many as there are: none is */
};

struct parts {
    struct part *at;
    uint32_t n, cap;
    struct runs runs; /* theirs */
    size_t length;    /* of their texts together */
    bool jobs;        /* one of them leaves a process in $! */
    bool deliberate;  /* their stage is: legality_is_deliberate() */
    bool costs;       /* repeating them takes long */
    uint32_t settled; /* so many from the first on are one: the others stand behind `crossed` */
    const struct instr *crossed; /* an ENV or ARG that none of them has paid for yet; or NULL */
};

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

/* What one part looks like in the merged RUN. */
struct piece_of_run {
    struct str comments; /* lines that stood above its commands */
    struct str commands; /* with the parentheses or braces that it needs */
    struct str remark;   /* a shell comment behind its commands */
    struct str trailing; /* comment lines behind its commands */
};

/* One pipeline of several commands: each runs in a subshell of its own already (POSIX XCU 2.12). */
static bool is_forked(const struct sh_list *list)
{
    const struct sh_operands *operands = &list->items.at[0].and_or->operands;
    return list->items.n == 1 && operands->n == 1 && operands->at[0].pipeline->commands.n > 1;
}

/* Part `k` may have installed another one of a command that it ran, and a later part runs it again:
 * a shell that remembers where it found the old one (POSIX XCU, hash) would miss the new one. */
static bool replaced_later(const struct parts *parts, size_t k)
{
    const struct part *p = &parts->at[k];
    if (set_is_empty(&p->fx->replaced) || is_forked(p->run->script->list))
        return false;
    for (size_t i = k + 1; i < parts->n; i++)
        if (set_meets(&p->fx->replaced, &parts->at[i].fx->remembered) != NO)
            return true;
    return false;
}

static const struct sh_operands *operands_of(const struct part *p)
{
    return &p->run->script->list->items.at[0].and_or->operands;
}

static struct effects effects_of_operand(struct compile *c, const struct part *p, size_t i)
{
    return command_effects_of_pipeline(c, &p->run->before, operands_of(p)->at[i].pipeline);
}

/* `set -ex`: nothing that is plain can tell (sh_is_plain), unless it asks. */
static bool is_for_show(struct compile *c, const struct part *p, size_t i)
{
    const struct sh_commands *commands = &operands_of(p)->at[i].pipeline->commands;
    const unsigned more = FX_TEXT | FX_HIDDEN | (LEAKS & ~(unsigned)(FX_ERREXIT | FX_OPTIONS));
    struct effects fx = effects_of_operand(c, p, i);
    return commands->n == 1 && commands->at[0]->kind == SH_SIMPLE && effects_any(&fx, FX_TRACES) &&
           !effects_any(&fx, more);
}

static bool is_indifferent(struct compile *c, const struct part *p)
{
    if (!p->shape.chain || !p->shape.plain || p->shape.reads_options || effects_any(p->fx, FX_TEXT))
        return false;
    for (size_t i = 0; i < operands_of(p)->n; i++) {
        struct effects fx = effects_of_operand(c, p, i);
        if (effects_any(&fx, FX_ERREXIT | FX_OPTIONS) && !is_for_show(c, p, i))
            return false;
    }
    return true;
}

/* What is behind part `k` is the same under options that are for show. */
static bool all_indifferent(struct compile *c, const struct parts *parts, size_t k)
{
    for (size_t i = k + 1; i < parts->n; i++)
        if (!is_indifferent(c, &parts->at[i]))
            return false;
    return true;
}

/* Index of the operand from which on part `k` needs a subshell; as many as there are: none does. */
static uint32_t first_leak(struct compile *c, const struct parts *parts, size_t k)
{
    const struct part *p = &parts->at[k];
    uint32_t n = operands_of(p)->n;
    bool is_last = k + 1 == parts->n;
    if (is_last || !effects_any(p->fx, LEAKS))
        return n;
    bool may_show = all_indifferent(c, parts, k);
    for (uint32_t i = 0; p->shape.chain && i < n; i++) {
        struct effects fx = effects_of_operand(c, p, i);
        if (effects_any(&fx, LEAKS) && !(may_show && is_for_show(c, p, i)))
            return i;
    }
    return p->shape.chain ? n : 0;
}

static struct str text_of_operand(const struct part *p, size_t i)
{
    return str_span(p->run->script->text, operands_of(p)->at[i].pipeline->span);
}

/* Where each part's subshell begins, and which of them begin with the `set` that is in force. */
static void arrange(struct compile *c, struct parts *parts)
{
    struct str in_force = {0};
    for (size_t k = 0; k < parts->n; k++) {
        struct part *p = &parts->at[k];
        p->wrapped = replaced_later(parts, k) ? 0 : first_leak(c, parts, k);
        bool sets = p->shape.chain && operands_of(p)->n > 1 && is_for_show(c, p, 0);
        if (sets && str_eq(text_of_operand(p, 0), in_force))
            p->first = 1;
        for (uint32_t i = 0; p->shape.chain && i < p->wrapped; i++)
            if (is_for_show(c, p, i))
                in_force = text_of_operand(p, i);
        p->wrapped = p->wrapped < p->first ? p->first : p->wrapped;
    }
}

static uint32_t start_of_operand(const struct part *p, size_t i)
{
    return join_offset(&p->run->script_text, operands_of(p)->at[i].pipeline->span.start);
}

/* The part's bytes from the first command that is written. */
static struct span written_span(const struct part *p)
{
    struct span all = legality_commands_span(p->run);
    return p->first ? (struct span){start_of_operand(p, p->first), all.end} : all;
}

/* `a && b` becomes `a && (b)`, wrapped from its operand p->wrapped on. */
static struct str in_subshell(struct compile *c, const struct part *p)
{
    struct span all = written_span(p);
    uint32_t start = start_of_operand(p, p->wrapped);
    struct str before = str_slice(p->run->text, all.start, start);
    struct str inside = str_slice(p->run->text, start, all.end);
    struct buf b = {.arena = c->arena};
    buf_add(&b, before);
    buf_add(&b, LIT("("));
    if (str_starts(inside, LIT("(")))
        buf_char(&b, ' '); /* `((` would open an arithmetic expression */
    buf_add(&b, inside);
    buf_add(&b, LIT(")"));
    return buf_str(&b);
}

/* Put together byte by byte: printf would end at a NUL, which a comment line in the text may hold.
 */
static struct str in_braces(struct arena *a, struct str text)
{
    struct buf b = {.arena = a};
    buf_add(&b, LIT("{ "));
    buf_add(&b, text);
    buf_add(&b, LIT("; }"));
    return buf_str(&b);
}

static struct str commands_of(struct compile *c, const struct parts *parts, size_t k)
{
    const struct part *p = &parts->at[k];
    struct str text = str_span(p->run->text, written_span(p));
    if (p->wrapped < operands_of(p)->n)
        return in_subshell(c, p);
    if (k > 0 && !p->shape.chain)
        return in_braces(c->arena, text);
    return text;
}

static struct piece_of_run piece_of(struct compile *c, const struct parts *parts, size_t k,
                                    const struct layout *layout)
{
    const struct instr *run = parts->at[k].run;
    const struct sh_comments *comments = &run->script->comments;
    struct span commands = legality_commands_span(run);
    struct piece_of_run piece = {.commands = commands_of(c, parts, k)};
    uint32_t end = commands.end;
    if (comments->n) {
        struct span comment = join_span(&run->script_text, comments->at[0].span);
        piece.remark = str_trim_right(str_span(run->text, comment));
        end = comment.end;
    }
    struct str above = str_slice(run->text, 0, written_span(&parts->at[k]).start);
    piece.comments = legality_comments(c->arena, above, LIT(""));
    if (k > 0)
        piece.comments = str_concat(
            c->arena, legality_comments(c->arena, run->lead, layout->indent), piece.comments);
    piece.trailing = legality_comments(c->arena, str_slice(run->text, end, run->text.len), LIT(""));
    return piece;
}

/* A shell comment of a part that others follow becomes a comment line of the Dockerfile. */
static struct str carried(struct arena *a, const struct piece_of_run *piece,
                          const struct layout *layout)
{
    struct buf b = {.arena = a};
    buf_add(&b, piece->trailing);
    if (piece->remark.len) {
        buf_add(&b, layout->indent);
        buf_add(&b, piece->remark);
        buf_add(&b, layout->newline);
    }
    return buf_str(&b);
}

/* The merged RUN ends the file when nothing but its own parts stands behind the first. */
static bool ends_file(const struct compile *c, const struct parts *parts)
{
    const struct instr *i = parts->at[0].run->next;
    for (size_t k = 1; k < parts->n && i == parts->at[k].run; k++)
        i = i->next;
    return !i && !c->file->tail.len;
}

static struct str merged_text(struct compile *c, const struct parts *parts)
{
    struct buf b = {.arena = c->arena};
    const struct instr *first = parts->at[0].run;
    struct layout layout = layout_of_run(c->file->layout, first);
    struct piece_of_run piece = piece_of(c, parts, 0, &layout);
    buf_add(&b, str_slice(first->text, 0, legality_commands_span(first).start));
    buf_add(&b, piece.commands);
    for (size_t k = 1; k < parts->n; k++) {
        struct str above = carried(c->arena, &piece, &layout);
        piece = piece_of(c, parts, k, &layout);
        above = str_concat(c->arena, above, piece.comments);
        if (k + 1 == parts->n)
            above = str_concat(c->arena, above, piece.trailing);
        layout_and(&b, &layout, above, piece.commands);
    }
    if (piece.remark.len) {
        buf_char(&b, ' ');
        buf_add(&b, piece.remark);
    }
    if (!ends_file(c, parts) || str_ends(vec_last(parts)->run->text, LIT("\n")))
        buf_add(&b, c->file->layout->newline);
    return buf_str(&b);
}

static bool apply(struct compile *c, const struct site *site)
{
    struct parts *parts = site->plan;
    arrange(c, parts);
    for (size_t k = 1; k < parts->n; k++)
        if (parts->at[k].first)
            change_command(c, parts->at[k].run, text_of_operand(&parts->at[k], 0), LIT(""));
    between_clear(c, site->at, vec_last(parts)->run);
    if (!rw_replace(c, site->at, merged_text(c, parts)))
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
