#include "grammar/base/str.h"

#include <stdio.h>
#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.at, b.at, n) : 0;
    if (order)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(struct str s, char c)
{
    const char *hit = s.len ? memchr(s.at, c, s.len) : NULL;
    return hit ? (size_t)(hit - s.at) : s.len;
}

size_t str_search(struct str s, struct str needle)
{
    if (!needle.len)
        return 0;
    for (size_t i = 0; needle.len <= s.len && i <= s.len - needle.len; i++) {
        i += str_find(str_slice(s, i, s.len - needle.len + 1), needle.at[0]);
        if (str_eq(str_slice(s, i, i + needle.len), needle))
            return i;
    }
    return s.len;
}

struct str str_span(struct str s, struct span span)
{
    return str_slice(s, span.start, span.end);
}

struct str str_trim_left(struct str s)
{
    size_t i = 0;
    while (i < s.len && char_is_space(s.at[i]))
        i++;
    return str_slice(s, i, s.len);
}

struct str str_trim_right(struct str s)
{
    size_t n = s.len;
    while (n > 0 && char_is_space(s.at[n - 1]))
        n--;
    return str_slice(s, 0, n);
}

struct str str_trim(struct str s)
{
    return str_trim_left(str_trim_right(s));
}

struct str str_from_c(const char *text)
{
    return (struct str){text, text ? strlen(text) : 0};
}

struct str str_dup(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(copy, s.at, s.len);
    return (struct str){copy, s.len};
}

struct str str_lower(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = lower(s.at[i]);
    return (struct str){copy, s.len};
}

struct str str_concat(struct arena *a, struct str first, struct str second)
{
    struct buf b = {.arena = a};
    buf_add(&b, first);
    buf_add(&b, second);
    return buf_str(&b);
}

struct str str_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0)
        n = 0;
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return (struct str){text, (size_t)n};
}

struct str str_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str s = str_vprintf(a, format, args);
    va_end(args);
    return s;
}

struct str str_join(struct arena *a, const struct strs *items, struct str between)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < items->n; i++) {
        if (i)
            buf_add(&b, between);
        buf_add(&b, items->at[i]);
    }
    return buf_str(&b);
}

bool str_next(struct str *rest, char between, struct str *part)
{
    if (!rest->len)
        return false;
    size_t end = str_find(*rest, between);
    *part = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->len);
    return true;
}

bool str_is_one_of(struct str s, const struct str *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i], s))
            return true;
    return false;
}

bool strs_have(const struct strs *items, struct str s)
{
    return str_is_one_of(s, items->at, items->n);
}

bool str_is_number(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

static void buf_room(struct buf *b, size_t more)
{
    if (more <= b->cap - b->len)
        return;
    size_t cap = b->cap ? b->cap * 2 : 64;
    if (cap < b->len + more)
        cap = b->len + more;
    b->at = arena_grow(b->arena, b->at, b->cap, cap);
    b->cap = cap;
}

void buf_add(struct buf *b, struct str s)
{
    if (!s.len)
        return;
    buf_room(b, s.len);
    memcpy(b->at + b->len, s.at, s.len);
    b->len += s.len;
}

void buf_char(struct buf *b, char c)
{
    buf_room(b, 1);
    b->at[b->len++] = c;
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_add(b, str_vprintf(b->arena, format, args));
    va_end(args);
}

struct str buf_str(const struct buf *b)
{
    return (struct str){b->at, b->len};
}

bool str_matches(struct str pattern, struct str text)
{
    size_t p = 0, t = 0, star = pattern.len, from = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.len && (pattern.at[p] == '?' || pattern.at[p] == text.at[t])) {
            p++;
            t++;
        } else if (star < pattern.len) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*')
        p++;
    return p == pattern.len;
}

bool str_matches_one_of(struct str text, const struct str *patterns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_matches(patterns[i], text))
            return true;
    return false;
}
