#include "grammar/base/source.h"

#include <string.h>

struct source source_of(struct arena *a, struct str path, struct str text)
{
    struct source s = {.path = path, .text = text};
    vec_add(a, &s.lines, 0);
    for (size_t i = 0; i < text.len; i++) {
        const char *newline = memchr(text.at + i, '\n', text.len - i);
        if (!newline)
            break;
        i = (size_t)(newline - text.at);
        if (i + 1 < text.len)
            vec_add(a, &s.lines, (uint32_t)(i + 1));
    }
    return s;
}

/* Index of the last line that starts at or before `offset`. */
static size_t line_index(const struct source *s, uint32_t offset)
{
    size_t low = 0, high = s->lines.n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->lines.at[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct place source_place(const struct source *s, uint32_t offset)
{
    if (offset > s->text.len)
        offset = (uint32_t)s->text.len;
    size_t i = line_index(s, offset);
    return (struct place){(uint32_t)i + 1, offset - s->lines.at[i] + 1};
}

struct str source_line(const struct source *s, uint32_t line)
{
    if (line == 0 || line > s->lines.n)
        return (struct str){0};
    size_t start = s->lines.at[line - 1];
    size_t end = line < s->lines.n ? s->lines.at[line] : s->text.len;
    struct str text = str_slice(s->text, start, end);
    if (str_ends(text, LIT("\n")))
        text.len--;
    if (str_ends(text, LIT("\r")))
        text.len--;
    return text;
}
