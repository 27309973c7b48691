/* .dockerignore: which paths of the build context a build does not see.
 *
 * Read as BuildKit reads it: lines as in moby/patternmatcher/ignorefile, patterns as in
 * moby/patternmatcher, of which the last that matches decides, a path below a directory being
 * matched by what matches the directory (MatchesUsingParentResults, as the walk of the context
 * asks it). */
#ifndef IR_IGNORE_H
#define IR_IGNORE_H

#include "grammar/base/str.h"

/* A character, or one of these marks. Classes are kept in the pattern's text. */
enum ignore_token_kind {
    IGNORE_RUNE,
    IGNORE_ANY,   /* ?: one rune but a slash */
    IGNORE_STAR,  /* *: runes but slashes */
    IGNORE_DEEP,  /* ** with what it stands before: directories, or none */
    IGNORE_REST,  /* ** at the end: anything */
    IGNORE_CLASS, /* [a-z] [^a-z] */
    IGNORE_END
};

struct ignore_range {
    uint32_t first, last;
};

struct ignore_ranges VEC_OF(struct ignore_range);

struct ignore_token {
    enum ignore_token_kind kind;
    uint32_t rune;               /* RUNE */
    bool negated;                /* CLASS */
    struct ignore_ranges ranges; /* CLASS */
};

struct ignore_tokens VEC_OF(struct ignore_token);

enum ignore_kind { IGNORE_EXACT, IGNORE_PREFIX, IGNORE_SUFFIX, IGNORE_GLOB };

struct ignore_pattern {
    bool again; /* !pattern: what it matches is seen again */
    enum ignore_kind kind;
    struct str text;             /* EXACT, PREFIX, SUFFIX: what is compared */
    struct ignore_tokens tokens; /* GLOB: ends with IGNORE_END */
};

struct ignore {
    struct ignore_pattern *at;
    uint32_t n, cap;
    bool has_again; /* below a directory that is hidden something may be seen */
};

/* Reads the whole file into `out` (zero-initialized). False when BuildKit refuses it, or it holds a
 * pattern whose meaning is left to the regular expressions that BuildKit makes of it. */
bool ignore_read(struct arena *a, struct str text, struct ignore *out);

/* True when the build does not see `path` (as context_path() gives it). Of a directory: not by
 * itself; what is below may be seen when `has_again`. */
bool ignore_hides(struct arena *a, const struct ignore *ignore, struct str path);

#endif
