/* The patterns of ${x#p} ${x%p} ${x/p/r}: `*`, `?` and backslash escapes, no brackets
 * (convertShellPatternToRegex in BuildKit's shell/lex.go). */
#ifndef GRAMMAR_PATTERN_H
#define GRAMMAR_PATTERN_H

#include "grammar/base/str.h"

struct pattern {
    struct arena *arena;
    struct pattern_items {
        uint32_t *at;
        size_t n, cap;
    } items; /* a rune, or one of two marks above all runes */
};

/* Reads `text` into `out` (whose arena is set). False when BuildKit refuses the pattern. */
bool pattern_read(struct str text, struct pattern *out);

/* `value` without the shortest or longest part at its start (end) that matches. */
struct str pattern_trim_start(const struct pattern *p, struct str value, bool longest);
struct str pattern_trim_end(const struct pattern *p, struct str value, bool longest);

/* `value` with the first match, or every match, replaced; matches are as long as they can be. */
struct str pattern_replace(const struct pattern *p, struct str value, struct str by, bool all);

#endif
