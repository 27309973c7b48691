/* merge-run: what stands between two RUNs, and whether they may meet all the same. */
#ifndef PASSES_MERGE_RUN_BETWEEN_H
#define PASSES_MERGE_RUN_BETWEEN_H

#include "passes/pass.h"

struct runs VEC_OF(struct instr *);

/* The next RUN of the stage behind `i` that nothing but instructions that might move away stands
 * before; NULL when there is none. */
struct instr *between_next_run(const struct instr *i);

/* Whether `b` may follow the last of `runs`, which are to be one, as far as what stands between
 * goes:
 *
 *  - configuration of the image (LABEL, CMD, EXPOSE ..) is seen by no RUN: it stays below;
 *  - ENV and ARG move above the first of `runs` when none of these can see the variable, and
 * nothing on the way names it (COPY, LABEL and EXPOSE replace variables by their values);
 *  - COPY and ADD stay below `b` when `b` is known not to touch what they write, nor the accounts
 * that --chown names, so that fewer changes of the build context reach it through the build cache.
 *
 * NULL when it may; else the instruction that stands in the way. */
const struct instr *between_blocks(struct compile *c, const struct runs *runs, struct instr *b);

/* COPY or ADD stands between two RUNs of a stage. */
bool between_has_files(const struct instr *a, const struct instr *b);

/* The ARG between two RUNs of a stage that each build may give another value, as it has none of its
 * own: a commit, a date. NULL when there is none. */
const struct instr *between_given(const struct instr *a, const struct instr *b);

/* The first ENV or ARG between two RUNs of a stage; NULL when there is none. */
const struct instr *between_setting(const struct instr *a, const struct instr *b);

/* Moves ENV and ARG between `first` and `last` above `first`, and declares what changes places.
 * Call it before the RUNs change. */
void between_clear(struct compile *c, struct instr *first, struct instr *last);

#endif
