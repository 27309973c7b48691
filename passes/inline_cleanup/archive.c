/* inline-cleanup/leftover-archive: an archive that was downloaded and unpacked in one RUN is
 * removed there.
 * Details: `explain`. */
#include "grammar/shell.h"
#include "ir/options.h"
#include "ir/path.h"
#include "ir/state.h"
#include "passes/inline_cleanup/plan.h"

static const char explain[] =
    "An archive that is downloaded and unpacked in one RUN, and then left, is removed there.\n"
    "\n"
    "    RUN curl -o /tmp/x.tgz https://..  \\         RUN curl -o /tmp/x.tgz https://..  \\\n"
    "        && tar xzf /tmp/x.tgz -C /opt      =>       && tar xzf /tmp/x.tgz -C /opt \\\n"
    "                                                    && rm -f /tmp/x.tgz\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept;\n"
    " 2. a command may stand behind the others (rules 2, 4 and 5 of inline-cleanup);\n"
    " 3. the archive lies in /tmp or /var/tmp, for temporary files; from -O2 on, anywhere;\n"
    " 4. no later instruction of this stage, of one that is FROM it, or of one that copies from it "
    "names the\n"
    "    archive or a directory of its own above it, ONBUILD and the container's own commands "
    "included;\n"
    " 5. no later RUN runs code that is not seen and may have been written for this image.\n"
    "\n"
    "Left alone: names that a variable is part of.\n";

enum archive_reason { BUILD_STAGE_ARCHIVE, NOT_TEMPORARY, NAMED_LATER, HIDDEN_LATER, ENDS };

static const struct rule rules[] = {
    [BUILD_STAGE_ARCHIVE] =
        {"inline-cleanup/leftover-archive/build-stage",
         "no image that is kept has the layers of this stage: removing the archive saves nothing"},
    [NOT_TEMPORARY] = {"inline-cleanup/leftover-archive/not-temporary",
                       "the archive lies in no directory for temporary files: it stays below -O2"},
    [NAMED_LATER] = {"inline-cleanup/leftover-archive/named-later",
                     "a later instruction names the archive"},
    [HIDDEN_LATER] = {"inline-cleanup/leftover-archive/hidden-later",
                      "a later instruction runs code that is not seen and may use the archive"},
    [ENDS] = {"inline-cleanup/leftover-archive/shell-state",
              "a command behind the others may not run, or changes "
              "what they mean to the RUN"},
};

static const struct rule applied = {"inline-cleanup/leftover-archive/removed",
                                    "the downloaded archive is removed where it was unpacked"};

struct archives {
    struct strs paths;
    enum joint joint;
};

/* ---- sites ---- */

/* No character that a shell reads as anything else (POSIX XCU 2.2). */
static bool is_plain(struct str path)
{
    const struct str special = LIT("*?[\\ '\"$`;&|<>(){}~#!");
    for (size_t i = 0; i < path.len; i++)
        if (str_find(special, path.at[i]) < special.len)
            return false;
    return str_starts(path, LIT("/"));
}

static bool meets(const struct set *paths, struct str path)
{
    struct set one = {.items = {&path, 1, 1}};
    return paths_meet(paths, &one) != NO;
}

/* Spelt out: a value that a variable stands for would no longer follow it. */
static bool is_spelt_out(const struct instr *run, struct str path)
{
    return str_search(run->text, path_name(path)) < run->text.len;
}

static struct strs left_by(struct compile *c, struct instr *run)
{
    struct strs left = {0};
    const struct effects *fx = instr_effects(c, run);
    struct set deletes = {.items = fx->deletes.items};
    for (size_t i = 0; i < fx->unpacked.items.n; i++) {
        struct str path = fx->unpacked.items.at[i];
        if (is_plain(path) && is_spelt_out(run, path) && strs_have(&fx->downloads.items, path) &&
            !meets(&deletes, path) && legality_mount_covers(c, run, &path, 1) == NO)
            vec_add(c->arena, &left, path);
    }
    return left;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        if (i->ast->kind != DF_RUN || !i->stage)
            continue;
        struct archives plan = {.paths = left_by(c, i)};
        if (!plan.paths.n)
            continue;
        struct archives *kept = arena_alloc(c->arena, sizeof *kept);
        *kept = plan;
        *site = (struct site){.at = i, .with = i, .plan = kept};
        return true;
    }
    return false;
}

/* ---- legality ---- */

/* Trees of a whole distribution, /tmp among them, are no sign of this archive. */
static bool names(struct compile *c, struct instr *later, const struct effects *fx, struct str path)
{
    const struct set *sets[] = {&fx->reads, &fx->wants, &fx->writes};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        for (size_t k = 0; k < sets[i]->items.n; k++) {
            struct set one = {.items = {&sets[i]->items.at[k], 1, 1}};
            if (!catalog_lists(c->catalog, LIT("system"), sets[i]->items.at[k]) &&
                meets(&one, path))
                return true;
        }
    struct str name = path_name(path);
    return str_search(later->text, name) < later->text.len;
}

static bool is_copied(struct compile *c, const struct stage *stage, struct str path)
{
    for (const struct stage *s = c->file->stages; s; s = s->next)
        for (size_t i = 0; i < s->uses.n; i++) {
            const struct ref *use = &s->uses.at[i];
            bool ours = use->kind == REF_UNKNOWN ||
                        (use->kind == REF_STAGE && legality_is_built_on(use->stage, stage));
            for (size_t k = 0; ours && k + 1 < use->by->ast->args.n; k++) {
                struct str source;
                if (!state_expand(c, &use->by->before, use->by->ast->args.at[k].text, &source) ||
                    str_starts(path, source) || str_starts(source, path))
                    return true;
            }
        }
    return false;
}

/* Rules 4 and 5 for one archive. */
static bool is_free(struct compile *c, const struct site *site, struct str path, struct why *why)
{
    struct later later = {.run = site->at, .at = site->at};
    while (legality_later(&later)) {
        struct effects fx = legality_later_effects(c, later.at);
        if (names(c, later.at, &fx, path))
            return refuse_for(why, &rules[NAMED_LATER], later.at, path);
        if (later.at->ast->kind == DF_RUN && fx.hides_uses)
            return refuse_for(why, &rules[HIDDEN_LATER], later.at, path);
    }
    if (later.lost || is_copied(c, site->at->stage, path))
        return refuse_for(why, &rules[NAMED_LATER], site->at, path);
    return true;
}

static bool is_temporary(struct str path)
{
    return str_starts(path, LIT("/tmp/")) || str_starts(path, LIT("/var/tmp/"));
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct archives *plan = site->plan;
    struct strs kept = {0};
    if (site->at->stage->ships != YES)
        return refuse(why, &rules[BUILD_STAGE_ARCHIVE], site->at);
    if (!cleanup_may_end(c, site->at, &plan->joint, why))
        return refuse(why, &rules[ENDS], site->at);
    for (size_t i = 0; i < plan->paths.n; i++) {
        struct str path = plan->paths.at[i];
        if (!is_temporary(path) && c->opt->level < 2)
            refuse_for(why, &rules[NOT_TEMPORARY], site->at, path);
        else if (is_free(c, site, path, why))
            vec_add(c->arena, &kept, path);
    }
    plan->paths = kept;
    return kept.n > 0;
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct archives *plan = site->plan;
    struct instr *run = site->at;
    size_t had = left_by(c, run).n;
    struct str command =
        str_concat(c->arena, LIT("rm -f "), str_join(c->arena, &plan->paths, LIT(" ")));
    struct strs one = {&command, 1, 1};
    return cleanup_append(c, run, plan->joint, &one) && left_by(c, run).n + plan->paths.n == had;
}

const struct pass pass_inline_cleanup_leftover_archive = {
    .name = "inline-cleanup/leftover-archive",
    .summary = "a downloaded archive is removed in the RUN that unpacks it",
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
