/* The parser's words and what is made of them: parts, parameters, assignments. */
#include "grammar/shell_parser.h"

struct span sh_reach(struct span first, struct span last)
{
    return (struct span){first.start, last.end};
}

static struct span smaller(struct span at, uint32_t left, uint32_t right)
{
    return (struct span){at.start + left, at.end - right};
}

/* ---- words ---- */

struct sh_word *sh_new_word(struct sh_parser *p, struct span at)
{
    struct sh_word *w = arena_alloc(p->arena, sizeof *w);
    w->span = at;
    return w;
}

/* Most words are one literal: word and part in one block. */
struct sh_word *sh_plain_word(struct sh_parser *p, struct span at)
{
    struct block {
        struct sh_word word;
        struct sh_part part;
    } *block = arena_alloc(p->arena, sizeof *block);
    block->part = (struct sh_part){.kind = SH_LITERAL, .span = at, .text = sh_text(p, at)};
    block->word = (struct sh_word){.span = at, .parts = {&block->part, 1, 1}};
    return &block->word;
}

struct sh_word *sh_add_part(struct sh_parser *p, struct sh_word *w, const struct sh_part *part)
{
    if (w->parts.n == 0) {
        w->span.start = part->span.start;
        w->parts.at = arena_array(p->arena, 1, sizeof *part);
        w->parts.cap = 1;
    }
    w->span.end = part->span.end;
    vec_add(p->arena, &w->parts, *part);
    return w;
}

/* The scanner cuts bare text where that suits it; in the tree it is whole. */
static bool goes_on(const struct sh_word *w, enum sh_part_kind kind, struct span at)
{
    if (kind != SH_LITERAL || w->parts.n == 0)
        return false;
    const struct sh_part *last = vec_last(&w->parts);
    return last->kind == SH_LITERAL && last->span.end == at.start;
}

struct sh_word *sh_add_text(struct sh_parser *p, struct sh_word *w, enum sh_part_kind kind,
                            struct span at)
{
    if (goes_on(w, kind, at)) {
        struct sh_part *last = vec_last(&w->parts);
        last->span.end = w->span.end = at.end;
        last->text = sh_text(p, last->span);
        return w;
    }
    struct span inside = kind == SH_LITERAL  ? at
                         : kind == SH_SQUOTE ? smaller(at, 1, 1)
                                             : smaller(at, 2, 1);
    struct sh_part part = {.kind = kind, .span = at, .text = sh_text(p, inside)};
    return sh_add_part(p, w, &part);
}

struct sh_word *sh_add_quoted(struct sh_parser *p, struct sh_word *w, struct sh_word *inner,
                              struct span at)
{
    struct sh_part part = {.kind = SH_DQUOTE, .span = at, .inner = inner};
    return sh_add_part(p, w, &part);
}

struct sh_word *sh_add_arith(struct sh_parser *p, struct sh_word *w, struct sh_word *inner,
                             struct span open, struct span close)
{
    struct sh_part part = {.kind = SH_ARITH,
                           .span = sh_reach(open, close),
                           .text = sh_text(p, (struct span){open.end, close.start}),
                           .inner = inner};
    return sh_add_part(p, w, &part);
}

struct sh_word *sh_add_list(struct sh_parser *p, struct sh_word *w, enum sh_part_kind kind,
                            struct sh_list *list, struct span at)
{
    struct sh_part part = {.kind = kind, .span = at, .list = list};
    return sh_add_part(p, w, &part);
}

struct sh_word *sh_add_backquoted(struct sh_parser *p, struct sh_word *w, struct sh_list *list,
                                  struct span at)
{
    struct sh_part part = {.kind = SH_CMDSUB, .span = at, .list = list, .backquoted = true};
    return sh_add_part(p, w, &part);
}

/* ---- parameters ---- */

struct sh_part *sh_param(struct sh_parser *p, struct span head, struct span at)
{
    struct sh_part *part = arena_alloc(p->arena, sizeof *part);
    struct str name = str_slice(sh_text(p, head), 1, span_len(head));
    part->kind = SH_PARAM;
    part->span = at;
    if (str_starts(name, LIT("{")))
        name = str_slice(name, 1, str_ends(name, LIT("}")) ? name.len - 1 : name.len);
    part->length = name.len > 1 && name.at[0] == '#';
    part->indirect = name.len > 1 && name.at[0] == '!';
    part->name = part->length || part->indirect ? str_slice(name, 1, name.len) : name;
    return part;
}

struct sh_part *sh_param_index(struct sh_part *part, struct sh_word *index)
{
    part->index = index;
    part->op = LIT("[");
    return part;
}

struct sh_part *sh_param_operator(struct sh_parser *p, struct sh_part *part, struct span op,
                                  struct sh_words *operands)
{
    part->op = sh_text(p, op);
    part->operands = *operands;
    return part;
}

struct sh_part *sh_param_close(struct sh_part *part, struct span close)
{
    part->span.end = close.end;
    return part;
}

/* ---- delimiters of here-documents ---- */

/* Where the piece that starts at `i` ends: a quoted stretch, or bare text up to the next quote. */
static size_t piece_end(struct str text, size_t i)
{
    char quote = text.at[i];
    bool quoted = quote == '\'' || quote == '"';
    for (i += quoted ? 1 : 0; i < text.len; i++) {
        char c = text.at[i];
        if (quoted && c == quote)
            return i + 1;
        if (!quoted && (c == '\'' || c == '"'))
            return i;
        if (c == '\\' && quote != '\'')
            i++;
    }
    return text.len;
}

struct sh_word *sh_delimiter_word(struct sh_parser *p, struct span at)
{
    struct sh_word *w = sh_new_word(p, at);
    struct str text = sh_text(p, at);
    for (size_t i = 0, end; i < text.len; i = end) {
        end = piece_end(text, i);
        struct span piece = {at.start + (uint32_t)i, at.start + (uint32_t)end};
        if (text.at[i] == '"') {
            struct sh_word *inner = sh_new_word(p, (struct span){piece.start + 1, piece.start + 1});
            if (span_len(piece) > 2)
                sh_add_text(p, inner, SH_LITERAL, smaller(piece, 1, 1));
            sh_add_quoted(p, w, inner, piece);
        } else {
            sh_add_text(p, w, text.at[i] == '\'' ? SH_SQUOTE : SH_LITERAL, piece);
        }
    }
    return w;
}

/* ---- lists of words ---- */

struct sh_words *sh_new_words(struct sh_parser *p)
{
    return arena_alloc(p->arena, sizeof(struct sh_words));
}

struct sh_words *sh_add_word(struct sh_parser *p, struct sh_words *words, struct sh_word *w)
{
    vec_add(p->arena, words, w);
    return words;
}

struct sh_words *sh_one_word(struct sh_parser *p, struct sh_word *w)
{
    return sh_add_word(p, sh_new_words(p), w);
}

static struct sh_words *append(struct sh_parser *p, struct sh_words *words,
                               const struct sh_words *more)
{
    for (size_t i = 0; i < more->n; i++)
        vec_add(p->arena, words, more->at[i]);
    return words;
}

struct sh_words *sh_first_word(struct sh_parser *p, struct sh_word *w, struct sh_words *words)
{
    return append(p, sh_one_word(p, w), words);
}

struct sh_words *sh_join_words(struct sh_parser *p, struct sh_words *left, struct span between,
                               struct sh_words *right)
{
    return append(p, sh_add_word(p, left, sh_plain_word(p, between)), right);
}

struct sh_words *sh_enclose_words(struct sh_parser *p, struct sh_words *words, struct span open,
                                  struct span close)
{
    struct sh_words *all = sh_first_word(p, sh_plain_word(p, open), words);
    return sh_add_word(p, all, sh_plain_word(p, close));
}

/* ---- assignments ---- */

/* `head` is `name=`, `name+=` or `name=(`. */
struct sh_assign *sh_new_assign(struct sh_parser *p, struct span head, struct sh_word *index,
                                struct sh_word *value)
{
    struct sh_assign *assign = arena_alloc(p->arena, sizeof *assign);
    struct str text = sh_text(p, head);
    size_t equals = str_find(text, '=');
    assign->append = equals > 0 && equals < text.len && text.at[equals - 1] == '+';
    assign->name = str_slice(text, 0, assign->append ? equals - 1 : equals);
    assign->index = index;
    assign->value = value && value->parts.n ? value : NULL;
    assign->span = assign->value ? sh_reach(head, value->span) : head;
    return assign;
}

struct sh_assign *sh_element_assign(struct sh_parser *p, struct span head, struct sh_word *index,
                                    struct span close, struct sh_word *value)
{
    struct sh_assign *assign = sh_new_assign(p, head, index, value);
    assign->name = sh_text(p, smaller(head, 0, 1));
    assign->indexed = true;
    assign->append = span_len(close) == 3;
    assign->span.end = assign->value ? value->span.end : close.end;
    return assign;
}

struct sh_assign *sh_array_assign(struct sh_parser *p, struct span head, struct sh_words *elements,
                                  struct span at)
{
    struct sh_assign *assign = sh_new_assign(p, head, NULL, NULL);
    assign->array = true;
    assign->elements = *elements;
    assign->span = at;
    return assign;
}

static struct sh_word *add_parts(struct sh_parser *p, struct sh_word *w, const struct sh_word *more)
{
    for (size_t i = 0; i < more->parts.n; i++) {
        const struct sh_part *part = &more->parts.at[i];
        if (part->kind == SH_LITERAL)
            sh_add_text(p, w, SH_LITERAL, part->span);
        else
            sh_add_part(p, w, part);
    }
    return w;
}

struct sh_word *sh_assign_as_word(struct sh_parser *p, const struct sh_assign *assign)
{
    struct sh_word *w = sh_new_word(p, assign->span);
    uint32_t at = assign->span.start;
    if (assign->index) {
        sh_add_text(p, w, SH_LITERAL, (struct span){at, assign->index->span.start});
        add_parts(p, w, assign->index);
        at = assign->index->span.end;
    }
    uint32_t end = assign->value ? assign->value->span.start : assign->span.end;
    sh_add_text(p, w, SH_LITERAL, (struct span){at, end});
    return assign->value ? add_parts(p, w, assign->value) : w;
}
