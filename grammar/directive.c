#include "grammar/dockerfile_parser.h"
#include "grammar/utf8.h"

/* Parser directives: `# name=value` before everything else (BuildKit's parser/directives.go). */

static const struct str directives[] = {
#define X(name, keyword) {keyword, sizeof keyword - 1},
    DF_DIRECTIVES(X)
#undef X
};

void df_end_directives(struct df_parser *p)
{
    p->no_directives = true;
}

/* Go's \s: no vertical tab. */
static bool is_directive_blank(char c)
{
    return c != '\v' && char_is_space(c);
}

static struct str skip_blanks(struct str s)
{
    while (s.len && is_directive_blank(s.at[0]))
        s = str_slice(s, 1, s.len);
    return s;
}

/* `\s*(.+?)\s*$`; of blanks alone the last is the value. False when there is nothing. */
static bool directive_value(struct str s, struct str *value)
{
    *value = skip_blanks(s);
    while (value->len && is_directive_blank(value->at[value->len - 1]))
        value->len--;
    if (!value->len && s.len)
        *value = str_slice(s, s.len - 1, s.len);
    return value->len > 0;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Takes `name = value` apart (directiveRegexp in directives.go). */
static enum df_directive_kind read_directive(struct str s, struct str *value)
{
    size_t n = 0;
    while (n < s.len && (is_letter(s.at[n]) || (n && s.at[n] >= '0' && s.at[n] <= '9')))
        n++;
    struct str after = skip_blanks(str_slice(s, n, s.len));
    if (!str_starts(after, LIT("=")) || !directive_value(str_slice(after, 1, after.len), value))
        return DF_DIRECTIVE_NONE;
    int kind = 0;
    while (kind < DF_DIRECTIVE_NONE && !str_eq_nocase(str_slice(s, 0, n), directives[kind]))
        kind++;
    return (enum df_directive_kind)kind;
}

static void obey(struct df_parser *p, enum df_directive_kind kind, struct str value,
                 struct span line)
{
    if (p->seen[kind])
        df_error_at(p, line, "only one %.*s parser directive can be used", STR(directives[kind]));
    p->seen[kind] = true;
    if (kind == DF_DIRECTIVE_SYNTAX)
        p->file->syntax = str_slice(value, 0, str_find(value, ' '));
    if (kind != DF_DIRECTIVE_ESCAPE)
        return;
    if (str_eq(value, LIT("`")) || str_eq(value, LIT("\\")))
        p->file->escape = value.at[0];
    else
        df_error_at(p, line, "invalid escape token '%.*s' does not match ` or \\", STR(value));
}

bool df_directive(struct df_parser *p, struct span line)
{
    if (p->no_directives)
        return false;
    struct str text = df_without_newline(str_span(p->text, line));
    struct str comment = utf8_trim_left(text);
    struct str value;
    comment = utf8_trim_left(str_slice(comment, 1, comment.len));
    enum df_directive_kind kind = read_directive(comment, &value);
    if (kind == DF_DIRECTIVE_NONE) {
        df_end_directives(p);
        return false;
    }
    obey(p, kind, value, (struct span){line.start, line.start + (uint32_t)text.len});
    return true;
}
