/* The patterns of ${x#p} ${x%p} ${x/p/r}: `*`, `?` and backslash escapes, no brackets
 * (convertShellPatternToRegex in BuildKit's shell/lex.go). */
#ifndef GRAMMAR_PATTERN_H
#define GRAMMAR_PATTERN_H

#include "grammar/base/str.h"

struct runes VEC_OF(uint32_t);

struct pattern {
    struct arena *arena;
    struct runes items; /* a rune, or one of two marks above all runes */
};

/* Reads `text` into `out` (whose arena is set). A backward pattern is one for pattern_trim_end().
 * False when BuildKit refuses it. */
bool pattern_read(struct str text, bool backward, struct pattern *out);

/* `value` without the shortest or longest part at its start (end) that matches; for the end, `p` is
 * a backward pattern. */
struct str pattern_trim_start(const struct pattern *p, struct str value, bool longest);
struct str pattern_trim_end(const struct pattern *p, struct str value, bool longest);

/* `value` with the first match, or every match, replaced; matches are as long as they can be. */
struct str pattern_replace(const struct pattern *p, struct str value, struct str by, bool all);

#endif
