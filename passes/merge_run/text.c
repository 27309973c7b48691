/* The text of the merged RUN: the parts' own bytes, in the layout of the first. */
#include "ir/layout.h"
#include "passes/merge_run/parts.h"

/* What one part looks like in the merged RUN. */
struct piece_of_run {
    struct str comments; /* lines that stood above its commands */
    struct str commands; /* with the parentheses or braces that it needs */
    struct str remark;   /* a shell comment behind its commands */
    struct str trailing; /* comment lines behind its commands */
};

static uint32_t start_of_operand(const struct part *p, size_t i)
{
    return join_offset(&p->run->script_text, parts_operands(p)->at[i].pipeline->span.start);
}

/* The part's bytes from the first command that is written. */
static struct span written_span(const struct part *p)
{
    struct span all = legality_commands_span(p->run);
    return p->first ? (struct span){start_of_operand(p, p->first), all.end} : all;
}

/* `a && b` becomes `a && (b)`, wrapped from its operand p->wrapped on. */
static struct str in_subshell(struct compile *c, const struct part *p)
{
    struct span all = written_span(p);
    uint32_t start = start_of_operand(p, p->wrapped);
    struct str before = str_slice(p->run->text, all.start, start);
    struct str inside = str_slice(p->run->text, start, all.end);
    struct buf b = {.arena = c->arena};
    buf_add(&b, before);
    buf_add(&b, LIT("("));
    if (str_starts(inside, LIT("(")))
        buf_char(&b, ' '); /* `((` would open an arithmetic expression */
    buf_add(&b, inside);
    buf_add(&b, LIT(")"));
    return buf_str(&b);
}

/* Put together byte by byte: printf would end at a NUL, which a comment line in the text may hold.
 */
static struct str in_braces(struct arena *a, struct str text)
{
    struct buf b = {.arena = a};
    buf_add(&b, LIT("{ "));
    buf_add(&b, text);
    buf_add(&b, LIT("; }"));
    return buf_str(&b);
}

static struct str commands_of(struct compile *c, const struct parts *parts, size_t k)
{
    const struct part *p = &parts->at[k];
    struct str text = str_span(p->run->text, written_span(p));
    if (p->wrapped < parts_operands(p)->n)
        return in_subshell(c, p);
    if (k > 0 && !p->shape.chain)
        return in_braces(c->arena, text);
    return text;
}

static struct piece_of_run piece_of(struct compile *c, const struct parts *parts, size_t k,
                                    const struct layout *layout)
{
    const struct instr *run = parts->at[k].run;
    const struct sh_comments *comments = &run->script->comments;
    struct span commands = legality_commands_span(run);
    struct piece_of_run piece = {.commands = commands_of(c, parts, k)};
    uint32_t end = commands.end;
    if (comments->n) {
        struct span comment = join_span(&run->script_text, comments->at[0].span);
        piece.remark = str_trim_right(str_span(run->text, comment));
        end = comment.end;
    }
    struct str above = str_slice(run->text, 0, written_span(&parts->at[k]).start);
    piece.comments = legality_comments(c->arena, above, LIT(""));
    if (k > 0)
        piece.comments = str_concat(
            c->arena, legality_comments(c->arena, run->lead, layout->indent), piece.comments);
    piece.trailing = legality_comments(c->arena, str_slice(run->text, end, run->text.len), LIT(""));
    return piece;
}

/* A shell comment of a part that others follow becomes a comment line of the Dockerfile. */
static struct str carried(struct arena *a, const struct piece_of_run *piece,
                          const struct layout *layout)
{
    struct buf b = {.arena = a};
    buf_add(&b, piece->trailing);
    if (piece->remark.len) {
        buf_add(&b, layout->indent);
        buf_add(&b, piece->remark);
        buf_add(&b, layout->newline);
    }
    return buf_str(&b);
}

/* The merged RUN ends the file when nothing but its own parts stands behind the first. */
static bool ends_file(const struct compile *c, const struct parts *parts)
{
    const struct instr *i = parts->at[0].run->next;
    for (size_t k = 1; k < parts->n && i == parts->at[k].run; k++)
        i = i->next;
    return !i && !c->file->tail.len;
}

struct str parts_text(struct compile *c, const struct parts *parts)
{
    struct buf b = {.arena = c->arena};
    const struct instr *first = parts->at[0].run;
    struct layout layout = layout_of_run(c->file->layout, first);
    struct piece_of_run piece = piece_of(c, parts, 0, &layout);
    buf_add(&b, str_slice(first->text, 0, legality_commands_span(first).start));
    buf_add(&b, piece.commands);
    for (size_t k = 1; k < parts->n; k++) {
        struct str above = carried(c->arena, &piece, &layout);
        piece = piece_of(c, parts, k, &layout);
        above = str_concat(c->arena, above, piece.comments);
        if (k + 1 == parts->n)
            above = str_concat(c->arena, above, piece.trailing);
        layout_and(&b, &layout, above, piece.commands);
    }
    if (piece.remark.len) {
        buf_char(&b, ' ');
        buf_add(&b, piece.remark);
    }
    if (!ends_file(c, parts) || str_ends(vec_last(parts)->run->text, LIT("\n")))
        buf_add(&b, c->file->layout->newline);
    return buf_str(&b);
}
