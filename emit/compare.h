/* Which lines two texts have in common: a shortest edit script, or nearly.
 *
 * E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), section 4b: two searches
 * meet in the middle, so that memory is linear in the number of lines. Where the texts differ so
 * much that this would take long, the search is cut short and the script may be longer than
 * needed; it is never wrong. */
#ifndef EMIT_COMPARE_H
#define EMIT_COMPARE_H

#include "grammar/base/str.h"

/* removed[i]: line i of the first text is not in the second; added[i] the other way round. The
 * lines that are neither are the same in both, in the same order. */
struct comparison {
    bool *removed, *added;
};

/* Lines are equal when all their bytes are. */
struct comparison compare_lines(struct arena *a, const struct strs *before,
                                const struct strs *after);

#endif
