/* merge-run: the RUNs that are to be one, and how each of them is written there. Private to
 * passes/merge_run/. */
#ifndef PASSES_MERGE_RUN_PARTS_H
#define PASSES_MERGE_RUN_PARTS_H

#include "passes/legality.h"
#include "passes/merge_run/between.h"

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

/* The part is a chain, or a list's first AND-OR list: its operands. */
const struct sh_operands *parts_operands(const struct part *p);

/* The text of operand `i` in its script. */
struct str parts_operand(const struct part *p, size_t i);

/* Says of each part where its subshell begins, and whether it begins with the `set` that is in
 * force already (part.first, part.wrapped). */
void parts_arrange(struct compile *c, struct parts *parts);

/* The merged RUN, for parts that are arranged. */
struct str parts_text(struct compile *c, const struct parts *parts);

#endif
