/* Here-documents: queued at their delimiter, read behind the next newline (XCU 2.7.4). */
#include "grammar/shell_parser.h"

struct sh_heredoc *sh_heredoc_queue(struct sh_parser *p, struct span at, bool tabs)
{
    struct sh_heredoc *heredoc = arena_alloc(p->arena, sizeof *heredoc);
    struct sh_word *target = sh_delimiter_word(p, at);
    struct str text = sh_text(p, at);
    heredoc->target = target;
    heredoc->tabs = tabs;
    heredoc->quoted = target->parts.n != 1 || target->parts.at[0].kind != SH_LITERAL ||
                      str_find(text, '\\') < text.len;
    sh_word_literal(p->arena, target, &heredoc->delimiter);
    vec_add(p->arena, &p->heredocs, heredoc);
    return heredoc;
}

bool sh_heredoc_pending(const struct sh_parser *p)
{
    return p->heredocs.n > p->heredoc_base;
}

static struct str without_line_end(struct str line)
{
    if (str_ends(line, LIT("\n")))
        line.len--;
    if (str_ends(line, LIT("\r")))
        line.len--;
    return line;
}

static bool is_terminator(const struct sh_heredoc *heredoc, struct str line)
{
    line = without_line_end(line);
    while (heredoc->tabs && str_starts(line, LIT("\t")))
        line = str_slice(line, 1, line.len);
    return !heredoc->joins && str_eq(line, heredoc->delimiter);
}

/* The content is a text of its own: one word. */
static void read_content(struct sh_parser *p, struct sh_heredoc *heredoc, struct span at)
{
    if (!heredoc->quoted)
        sh_read_content(p, at, &heredoc->body);
    else if (span_len(at) > 0)
        sh_add_text(p, &heredoc->body, SH_LITERAL, at);
    heredoc->body.span = at;
}

static void finish_heredoc(struct sh_parser *p, struct sh_heredoc *heredoc, uint32_t content_end)
{
    struct span all = heredoc->body_span;
    read_content(p, heredoc, (struct span){all.start, content_end});
    if (heredoc->owner)
        heredoc->owner->body_span = all;
}

bool sh_heredoc_line(struct sh_parser *p, struct span line)
{
    struct sh_heredoc *heredoc = p->heredocs.at[p->heredoc_base + p->heredocs_read];
    struct str text = sh_text(p, line);
    if (span_len(heredoc->body_span) == 0)
        heredoc->body_span.start = line.start;
    heredoc->body_span.end = line.end;
    if (!is_terminator(heredoc, text)) {
        text = without_line_end(text);
        heredoc->joins = !heredoc->quoted && sh_is_escaped(text, text.len);
        return false;
    }
    finish_heredoc(p, heredoc, line.start);
    p->heredocs_read++;
    if (p->heredoc_base + p->heredocs_read < p->heredocs.n)
        return false;
    p->heredocs.n = p->heredoc_base;
    p->heredocs_read = 0;
    return true;
}
