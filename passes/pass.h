/* What a pass is. A newcomer reads this file, then one pass.
 *
 * A pass looks for *sites* and answers three questions about each, apart: where is one, is the
 * change legal, does it gain. The pipeline (passes/pipeline.c) asks them in this order, writes
 * every remark itself, applies, re-derives, and undoes a site whose result does not lower. */
#ifndef PASSES_PASS_H
#define PASSES_PASS_H

#include "ir/ir.h"

/* A place where a pass's pattern occurs. */
struct site {
    struct instr *at;   /* the first instruction of the pattern */
    struct instr *with; /* the last one; == at for a pattern of one instruction */
    struct str detail;  /* what an applied remark says beside its sentence; may be empty */
    void *plan;         /* what legal() worked out for apply(), in the arena */
};

/* Why not: a row of the pass's rules, and what it is about. */
struct why {
    const struct rule *rule; /* NULL: nothing to say */
    const struct instr *at;  /* the instruction that stands in the way */
    struct str detail;
};

/* The level of a pass that no -O runs: --enable names it. */
enum { PASS_OFF = 4 };

/* A gain that is sure but not measured. */
enum { GAIN_SOME = 1 };

struct pass {
    const char *name;    /* `GROUP/NAME` when it is one of several that do alike: the group's name
                            then names them all, with the pass GROUP if there is one
                            (pragma_names) */
    const char *summary; /* one line, for --list-passes */
    const char
        *explain;   /* what it does, before and after, when it is legal, what it leaves alone */
    unsigned level; /* the lowest -O that runs it */
    const struct rule *rules; /* reasons for a refusal */
    size_t n_rules;
    const struct rule *applied; /* what an applied remark says; NULL: the pass only remarks */

    /* Moves `site` on to the next place behind site->with (NULL at the start: the file's first).
     * Cheap, no judgement. */
    bool (*next)(struct compile *c, struct site *site);
    /* Proved from effects, state and graph alone. The pipeline has asked the pragmas of site->at; a
     * site of several instructions asks those of the others (pragma_allows). May shrink or grow
     * site->with to what it has proved. On success `why` may still say what kept the site from
     * being larger; on failure it says what stands in the way.
     * NULL: always legal. */
    bool (*legal)(struct compile *c, struct site *site, struct why *why);
    /* Predicted bytes saved; GAIN_SOME when sure but not measured; <= 0: leave it. NULL: it changes
     * spelling alone, which saves nothing. */
    int64_t (*gain)(struct compile *c, const struct site *site);
    /* Carries out what legal() proved; decides nothing. False when an edit was not taken. NULL
     * where nothing is ever legal: the pass only remarks. */
    bool (*apply)(struct compile *c, const struct site *site);
};

/* All passes, in the order they run. */
const struct pass *const *pass_table(size_t *n);

/* Rules that the pipeline itself speaks by. */
const struct rule *pass_common_rules(size_t *n);

/* The first pass of that name, or of the group of that name; NULL when there is none. */
const struct pass *pass_named(struct str name);

/* gain() of a pass that is sure to save something, which is not measured. */
int64_t pass_gains_some(struct compile *c, const struct site *site);

/* Where next() goes on: behind the site, or with the file's first instruction. */
static inline struct instr *site_behind(const struct compile *c, const struct site *site)
{
    return site->with ? site->with->next : c->file->first;
}

/* Says no: fills `why` and returns false. */
static inline bool refuse(struct why *why, const struct rule *rule, const struct instr *at)
{
    *why = (struct why){.rule = rule, .at = at};
    return false;
}

/* The same, with what it is about in particular. */
static inline bool refuse_for(struct why *why, const struct rule *rule, const struct instr *at,
                              struct str detail)
{
    *why = (struct why){.rule = rule, .at = at, .detail = detail};
    return false;
}

#endif
