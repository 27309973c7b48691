#include "ir/layout.h"

enum { KINDS_OF_INDENT = 8, COMMAND_WEIGHT = 1000 };

/* How often each kind of line was seen. */
struct tally {
    size_t leading, trailing, crlf, lines;
    struct {
        struct str indent;
        size_t weight;
    } indents[KINDS_OF_INDENT];
};

/* A line of a RUN without its continuation. */
struct run_line {
    struct str indent, text;
    bool continued;
};

static void count_indent(struct tally *t, struct str indent, size_t weight)
{
    for (size_t i = 0; i < KINDS_OF_INDENT; i++) {
        if (t->indents[i].weight == 0)
            t->indents[i].indent = indent;
        if (str_eq(t->indents[i].indent, indent)) {
            t->indents[i].weight += weight;
            return;
        }
    }
}

static struct run_line read_line(struct str line, char escape)
{
    struct str text = str_trim(line);
    struct run_line read = {.text = text};
    while (read.indent.len < line.len && char_is_blank(line.at[read.indent.len]))
        read.indent = str_slice(line, 0, read.indent.len + 1);
    read.continued = text.len && text.at[text.len - 1] == escape;
    if (read.continued)
        read.text = str_trim_right(str_slice(text, 0, text.len - 1));
    return read;
}

/* The lines of one RUN. Where a command starts on a line of its own, its indentation counts most:
 * package lists are often indented deeper. */
static void count_run(struct tally *t, struct str text, char escape)
{
    bool first = true, command_follows = false;
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct run_line line = read_line(str_slice(text, 0, end), escape);
        bool leads = str_starts(line.text, LIT("&&")), ends = str_ends(line.text, LIT("&&"));
        bool separated = ends || str_ends(line.text, LIT(";"));
        t->lines++;
        t->crlf += end > 0 && text.at[end - 1] == '\r';
        t->leading += leads && !first && line.text.len > 2;
        t->trailing += ends && line.continued && line.text.len > 2;
        if (!first && line.text.len && line.text.at[0] != '#')
            count_indent(t, line.indent, leads || command_follows ? COMMAND_WEIGHT : 1);
        command_follows = separated;
        first = false;
        text = str_slice(text, end + 1, text.len);
    }
}

static struct str commonest_indent(const struct tally *t)
{
    size_t best = 0;
    for (size_t i = 1; i < KINDS_OF_INDENT; i++)
        if (t->indents[i].weight > t->indents[best].weight)
            best = i;
    return t->indents[best].weight ? t->indents[best].indent : LIT("    ");
}

const struct layout *layout_learn(struct arena *a, const struct file *f)
{
    struct tally t = {0};
    for (const struct instr *i = f->first; i; i = i->next)
        if (i->ast->kind == DF_RUN && !i->ast->heredocs.n)
            count_run(&t, i->text, f->escape);
    struct layout *l = arena_alloc(a, sizeof *l);
    l->indent = commonest_indent(&t);
    l->leading = t.leading >= t.trailing;
    l->newline = t.crlf * 2 > t.lines ? LIT("\r\n") : LIT("\n");
    l->escape = f->escape;
    return l;
}

struct layout layout_of_run(const struct layout *whole, const struct instr *run)
{
    struct layout l = *whole;
    struct tally t = {0};
    count_run(&t, run->text, l.escape);
    size_t commands = 0;
    for (size_t i = 0; i < KINDS_OF_INDENT; i++)
        commands += t.indents[i].weight / COMMAND_WEIGHT;
    if (commands)
        l.indent = commonest_indent(&t);
    if (t.leading != t.trailing)
        l.leading = t.leading > t.trailing;
    return l;
}

static void add_continuation(struct buf *b, const struct layout *l)
{
    buf_char(b, ' ');
    buf_char(b, l->escape);
    buf_add(b, l->newline);
}

void layout_and(struct buf *b, const struct layout *l, struct str comments, struct str text)
{
    if (!l->leading)
        buf_add(b, LIT(" &&"));
    add_continuation(b, l);
    buf_add(b, comments);
    buf_add(b, l->indent);
    if (l->leading)
        buf_add(b, LIT("&& "));
    buf_add(b, text);
}

void layout_semicolon(struct buf *b, const struct layout *l, struct str text)
{
    buf_char(b, ';');
    add_continuation(b, l);
    buf_add(b, l->indent);
    buf_add(b, text);
}
