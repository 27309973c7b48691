#include "passes/pipeline.h"

#include "ir/options.h"
#include "ir/rewrite.h"
#include "passes/legality.h"

#define PASS(name) extern const struct pass pass_##name;
#include "passes/passes.def"
#undef PASS

static const struct pass *const passes[] = {
#define PASS(name) &pass_##name,
#include "passes/passes.def"
#undef PASS
};

enum common { NOT_TAKEN, DELIBERATE };

static const struct rule common[] = {
    [NOT_TAKEN] = {"dfopt/not-one-instruction",
                   "the rewritten text was not read as the same instruction"},
    [DELIBERATE] = {"dfopt/deliberate",
                    "the file has tidy scripts under `set -e`: its spelling is left to its author"},
};

/* A pass that undoes another's work would never end; three rounds are the most that any file has
 * needed. A pass may change one thing of a site at a time: it has its turn until it finds no more.
 */
enum { MOST_ROUNDS = 10, MOST_TURNS = 200 };

const struct pass *const *pass_table(size_t *n)
{
    *n = sizeof passes / sizeof *passes;
    return passes;
}

const struct rule *pass_common_rules(size_t *n)
{
    *n = sizeof common / sizeof *common;
    return common;
}

const struct pass *pass_named(struct str name)
{
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
        if (pragma_names(name, str_from_c(passes[i]->name)))
            return passes[i];
    return NULL;
}

int64_t pass_gains_some(struct compile *c, const struct site *site)
{
    (void)c;
    (void)site;
    return GAIN_SOME;
}

/* True when the level and the toggles (--enable, --disable, in their order) let `pass` run. */
static bool is_on(const struct options *opt, const struct pass *pass)
{
    bool on = opt->level >= pass->level;
    for (size_t i = 0; i < opt->toggles.n; i++) {
        const struct toggle *t = &opt->toggles.at[i];
        if (str_eq(t->pass, LIT("all")) || pragma_names(t->pass, str_from_c(pass->name)))
            on = t->on;
    }
    return on;
}

static void say(struct compile *c, const struct pass *pass, enum remark_kind kind,
                const struct why *why, int64_t bytes)
{
    struct remark r = {.kind = kind, .pass = pass->name, .rule = why->rule, .bytes = bytes};
    r.at = why->at->origin;
    r.detail = why->detail;
    const struct remark *last = c->remarks.n ? vec_last(&c->remarks) : NULL;
    bool said = last && last->rule == r.rule && last->at.start == r.at.start;
    if (!said)
        remark_add(&c->remarks, r);
}

static bool apply(struct compile *c, const struct pass *pass, const struct site *site)
{
    size_t mark = rw_mark(c);
    bool applied = pass->apply(c, site);
    if (!applied)
        rw_undo(c, mark);
    if (c->file->stale)
        lower_again(c);
    return applied;
}

/* True when the site was rewritten. */
static bool visit(struct compile *c, const struct pass *pass, struct site *site)
{
    struct why why = {0};
    bool legal = !pass->legal || pass->legal(c, site, &why);
    if (why.rule)
        say(c, pass, REMARK_MISSED, &why, 0);
    if (!legal)
        return false;
    int64_t gain = pass->gain ? pass->gain(c, site) : GAIN_SOME;
    if (gain <= 0)
        return false;
    struct why done = {.rule = pass->applied, .at = site->at, .detail = site->detail};
    if (!apply(c, pass, site)) {
        done.rule = &common[NOT_TAKEN];
        say(c, pass, REMARK_MISSED, &done, 0);
        return false;
    }
    say(c, pass, REMARK_APPLIED, &done, gain > GAIN_SOME ? gain : 0);
    return true;
}

static bool has_deliberate_stage(struct compile *c)
{
    for (const struct stage *s = c->file->stages; s; s = s->next)
        if (legality_is_deliberate(c, s))
            return true;
    return false;
}

/* A pass without gain() saves no byte: that is not worth a diff where an author is seen to know
 * what he does. */
static bool is_meant_so(struct compile *c, const struct pass *pass)
{
    struct site site = {0};
    if (pass->gain || !pass->next(c, &site) || !has_deliberate_stage(c))
        return false;
    struct why why = {.rule = &common[DELIBERATE], .at = site.at};
    say(c, pass, REMARK_MISSED, &why, 0);
    return true;
}

static bool run_pass(struct compile *c, const struct pass *pass)
{
    bool changed = false;
    struct site site = {0};
    if (is_meant_so(c, pass))
        return false;
    while (pass->next(c, &site)) {
        if (!pragma_allows(site.at, str_from_c(pass->name)))
            site.with = site.at;
        else if (visit(c, pass, &site))
            changed = true;
    }
    return changed;
}

static bool run_to_the_end(struct compile *c, const struct pass *pass)
{
    unsigned turns = 0;
    while (turns < MOST_TURNS && run_pass(c, pass))
        turns++;
    return turns > 0;
}

void pipeline_run(struct compile *c)
{
    bool changed = true;
    for (unsigned round = 0; changed && round < MOST_ROUNDS; round++) {
        changed = false;
        remark_forget_missed(&c->remarks);
        for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
            if (is_on(c->opt, passes[i]) && run_to_the_end(c, passes[i]))
                changed = true;
    }
}
