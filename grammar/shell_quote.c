#include "grammar/shell.h"

#include <string.h>

/* ---- quote removal (XCU 2.6.7) ---- */

/* Outside quotes a backslash keeps the next byte; before a newline both go away (XCU 2.2.1). */
static void add_bare(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '\\' || i + 1 == text.len) {
            buf_char(out, text.at[i]);
            continue;
        }
        i++;
        if (text.at[i] == '\r' && i + 1 < text.len && text.at[i + 1] == '\n')
            i++;
        if (text.at[i] != '\n')
            buf_char(out, text.at[i]);
    }
}

/* Inside double quotes a backslash is one unless $ ` " \ or a newline follows (XCU 2.2.3). */
static void add_double_quoted(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char next = i + 1 < text.len ? text.at[i + 1] : 'x';
        bool escapes = next == '$' || next == '`' || next == '"' || next == '\\' || next == '\n';
        if (text.at[i] == '\\' && escapes) {
            i++;
            if (next == '\n')
                continue;
        }
        buf_char(out, text.at[i]);
    }
}

/* $"text" is translated by the locale: not literal. */
static bool add_quoted(struct buf *out, const struct sh_part *quoted)
{
    const struct sh_word *inner = quoted->inner;
    if (inner->span.start - quoted->span.start > 1)
        return false;
    for (size_t i = 0; i < inner->parts.n; i++) {
        const struct sh_part *part = &inner->parts.at[i];
        if (part->kind != SH_LITERAL)
            return false;
        add_double_quoted(out, part->text);
    }
    return true;
}

static bool add_part(struct buf *out, const struct sh_part *part)
{
    switch (part->kind) {
    case SH_LITERAL:
        add_bare(out, part->text);
        return true;
    case SH_SQUOTE:
        buf_add(out, part->text);
        return true;
    case SH_DQUOTE:
        return add_quoted(out, part);
    case SH_DOLSQUOTE:
    case SH_PARAM:
    case SH_CMDSUB:
    case SH_ARITH:
    case SH_PROCSUB:
        return false;
    }
    return false;
}

/* Most words are one literal without a backslash: these are borrowed from the text. */
static bool is_plain(const struct sh_word *w)
{
    const struct sh_part *part = w->parts.at;
    return w->parts.n == 1 && part->kind == SH_LITERAL &&
           str_find(part->text, '\\') == part->text.len;
}

bool sh_word_literal(struct arena *a, const struct sh_word *w, struct str *out)
{
    if (is_plain(w)) {
        *out = w->parts.at[0].text;
        return true;
    }
    struct buf text = {.arena = a};
    for (size_t i = 0; i < w->parts.n; i++)
        if (!add_part(&text, &w->parts.at[i]))
            return false;
    *out = buf_str(&text);
    return true;
}

/* ---- quoting ---- */

static bool needs_no_quotes(struct str text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@%+=:,./-_";
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '\0' || !strchr(plain, text.at[i]))
            return false;
    return text.len > 0;
}

struct str sh_quote(struct arena *a, struct str text)
{
    if (needs_no_quotes(text))
        return text;
    struct buf out = {.arena = a};
    buf_char(&out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\'')
            buf_add(&out, LIT("'\\''"));
        else
            buf_char(&out, text.at[i]);
    }
    buf_char(&out, '\'');
    return buf_str(&out);
}
