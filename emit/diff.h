/* Unified diffs that `git apply` and `patch -p1` take.
 *
 * There is no `diff --git` line on purpose: without it git reads the paths relative to the current
 * directory, as we do, and not to the top of the repository. */
#ifndef EMIT_DIFF_H
#define EMIT_DIFF_H

#include "grammar/base/str.h"

struct diff_input {
    struct str path; /* relative paths without a leading "./"; a leading "/" is left out */
    struct str before, after;
};

/* For a terminal: coloured; what is not printable escaped, so that it no longer applies. */
struct diff_style {
    bool color, escape;
};

/* Appends the diff, three lines of context; nothing when the texts are equal. */
void diff_unified(struct buf *out, const struct diff_input *input, struct diff_style style);

#endif
