/* What the scanner asks about the text ahead of a token, or behind it. */
#include "grammar/shell_parser.h"

#include <string.h>

bool sh_is_escaped(struct str text, size_t i)
{
    bool escaped = false;
    while (i > 0 && text.at[i - 1] == '\\') {
        escaped = !escaped;
        i--;
    }
    return escaped;
}

/* Length of the line continuation at `i`, or 0. */
static size_t continuation(struct str text, size_t i)
{
    struct str rest = str_slice(text, i, i + 3);
    if (str_starts(rest, LIT("\\\n")))
        return 2;
    return str_eq(rest, LIT("\\\r\n")) ? 3 : 0;
}

bool sh_word_ends(const struct sh_parser *p, uint32_t offset)
{
    size_t i = offset - p->base;
    for (size_t n; (n = continuation(p->text, i)) > 0;)
        i += n;
    if (i >= p->text.len)
        return true;
    char c = p->text.at[i];
    if ((c == '<' || c == '>') && i + 1 < p->text.len && p->text.at[i + 1] == '(')
        return false;
    return c != '\0' && strchr(" \t\r\n;&|<>()", c) != NULL;
}

bool sh_opens_extglob(const struct sh_parser *p, uint32_t offset)
{
    size_t i = offset - p->base;
    if (i == 0 || i + 1 >= p->text.len || p->text.at[i] != '(' || p->text.at[i + 1] == ')')
        return false;
    char letter = p->text.at[i - 1];
    return letter != '\0' && strchr("?*+@!", letter) && !sh_is_escaped(p->text, i - 1);
}

/* Behind the quote that opens at `i`; text.len when it does not close. */
static size_t skip_quoted(struct str text, size_t i)
{
    char quote = text.at[i++];
    while (i < text.len && text.at[i] != quote)
        i += text.at[i] == '\\' && quote != '\'' ? 2 : 1;
    return i < text.len ? i + 1 : text.len;
}

/* Where what opened before `i` closes: the index of `close`, or text.len. Quotes are respected. */
static size_t find_close(struct str text, size_t i, char open, char close)
{
    unsigned depth = 1;
    while (i < text.len) {
        char c = text.at[i];
        if (c == '\'' || c == '"' || c == '`') {
            i = skip_quoted(text, i);
            continue;
        }
        if (c == open)
            depth++;
        if (c == close && --depth == 0)
            return i;
        i += c == '\\' ? 2 : 1;
    }
    return text.len;
}

/* How far look-ahead goes: text that opens a thousand times must not be read a thousand times to
 * its end. What is longer is neither arithmetic nor a subscript. */
enum { LONGEST_ARITH = 32 * 1024, LONGEST_SUBSCRIPT = 256 };

bool sh_closes_arith(const struct sh_parser *p, uint32_t offset)
{
    size_t start = offset - p->base;
    struct str text = str_slice(p->text, 0, start + LONGEST_ARITH);
    size_t i = find_close(text, start, '(', ')');
    return i + 1 < text.len && text.at[i + 1] == ')';
}

/* Blanks in a subscript are read only where an assignment may stand. */
bool sh_closes_subscript(const struct sh_parser *p, uint32_t offset)
{
    size_t start = offset - p->base;
    struct str text = str_slice(p->text, 0, start + LONGEST_SUBSCRIPT);
    size_t i = find_close(text, start, '[', ']');
    struct str subscript = str_slice(text, start, i);
    struct str rest = str_slice(text, i, i + 3);
    if (str_find(subscript, '\n') < subscript.len)
        return false;
    if (!p->at_command && str_find(subscript, ' ') < subscript.len)
        return false;
    return str_starts(rest, LIT("]=")) || str_eq(rest, LIT("]+="));
}
