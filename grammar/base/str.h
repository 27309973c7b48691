/* Slices, spans, comparing, and building text in an arena.
 *
 * A slice is a pointer and a length; it has no NUL at its end, may hold any byte, and is never
 * freed: it borrows from the source or from the arena. */
#ifndef GRAMMAR_BASE_STR_H
#define GRAMMAR_BASE_STR_H

#include "grammar/base/arena.h"
#include "grammar/base/vec.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *at;
    size_t len;
};

struct strs VEC_OF(struct str);

/* Bytes [start, end) of one text; which text is said by the field that holds the span. */
struct span {
    uint32_t start, end;
};

/* A literal as a slice. */
#define LIT(literal) ((struct str){(literal), sizeof(literal) - 1})
/* A slice as the two arguments of "%.*s". */
#define STR(s) (int)(s).len, (s).at

/* Inline, as str_slice(): half of all that is asked of slices, a tenth of the time of a batch. */
static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Bytes [from, to); both are cut to the slice. */
static inline struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (struct str){s.at ? s.at + from : NULL, to - from};
}

/* Equal but for the case of ASCII letters. */
bool str_eq_nocase(struct str a, struct str b);
/* < 0, 0, > 0 by bytes; a prefix sorts first. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Index of the first `c`, or s.len. */
size_t str_find(struct str s, char c);
/* Index of the first occurrence of `needle`, or s.len. */
size_t str_search(struct str s, struct str needle);
struct str str_span(struct str s, struct span span);
/* Takes what is ahead of `between`, or all, off the front of `rest`, into `part`. False when there
 * is nothing. */
bool str_next(struct str *rest, char between, struct str *part);
/* Without ASCII white space at both ends, or at the left or right end alone. */
struct str str_trim(struct str s);
struct str str_trim_left(struct str s);
struct str str_trim_right(struct str s);
struct str str_from_c(const char *text);

/* True when `pattern`, with `*` for any bytes and `?` for one, is the whole of `text`. */
bool str_matches(struct str pattern, struct str text);
bool str_matches_one_of(struct str text, const struct str *patterns, size_t n);

/* A copy in the arena; NUL-terminated behind its end, for the few C interfaces that need it. */
struct str str_dup(struct arena *a, struct str s);
struct str str_lower(struct arena *a, struct str s);
struct str str_concat(struct arena *a, struct str first, struct str second);
/* "%.*s" ends at a NUL: text that becomes a file again is put together with buf_add(). */
struct str str_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str str_vprintf(struct arena *a, const char *format, va_list args);
/* The items with `between` between them. */
struct str str_join(struct arena *a, const struct strs *items, struct str between);
bool strs_have(const struct strs *items, struct str s);
bool str_is_one_of(struct str s, const struct str *items, size_t n);
/* Digits alone, and at least one. */
bool str_is_number(struct str s);

/* Text under construction. Zero-initialize, set `arena`. */
struct buf {
    struct arena *arena;
    char *at;
    size_t len, cap;
};

void buf_add(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What was built so far; borrows the buffer's memory, valid until the next addition. */
struct str buf_str(const struct buf *b);

static inline size_t span_len(struct span s)
{
    return s.end - s.start;
}

static inline bool char_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool char_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

#endif
