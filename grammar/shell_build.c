#include "grammar/shell_parser.h"

#include <string.h>

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

/* ---- redirections ---- */

struct sh_redirect *sh_new_redirect(struct sh_parser *p, struct sh_operator op,
                                    struct sh_word *target, struct span at)
{
    struct sh_redirect *redirect = arena_alloc(p->arena, sizeof *redirect);
    redirect->kind = op.kind;
    redirect->number = sh_text(p, op.number);
    redirect->target = target;
    redirect->span = (struct span){at.start, target->span.end};
    return redirect;
}

struct sh_redirect *sh_new_heredoc(struct sh_parser *p, struct sh_operator op,
                                   struct sh_heredoc *heredoc, struct span at)
{
    struct sh_redirect *redirect = sh_new_redirect(p, op, heredoc->target, at);
    redirect->delimiter = heredoc->delimiter;
    redirect->quoted = heredoc->quoted;
    redirect->body = &heredoc->body;
    return redirect;
}

struct sh_redirects *sh_new_redirects(struct sh_parser *p)
{
    return arena_alloc(p->arena, sizeof(struct sh_redirects));
}

struct sh_redirects *sh_add_redirect(struct sh_parser *p, struct sh_redirects *redirects,
                                     const struct sh_redirect *redirect)
{
    vec_add(p->arena, redirects, *redirect);
    return redirects;
}

/* ---- commands ---- */

struct sh_command *sh_new_command(struct sh_parser *p, enum sh_command_kind kind, struct span at)
{
    struct sh_command *c = arena_alloc(p->arena, sizeof *c);
    c->kind = kind;
    c->span = at;
    return c;
}

struct sh_command *sh_named(struct sh_parser *p, struct sh_word *name)
{
    return sh_with_word(p, sh_new_command(p, SH_SIMPLE, name->span), name);
}

struct sh_command *sh_with_word(struct sh_parser *p, struct sh_command *c, struct sh_word *w)
{
    vec_add(p->arena, &c->words, w);
    c->span.end = w->span.end;
    return c;
}

struct sh_command *sh_with_assign(struct sh_parser *p, struct sh_command *c,
                                  const struct sh_assign *assign, struct span at)
{
    vec_add(p->arena, &c->assigns, *assign);
    c->span.end = at.end;
    return c;
}

struct sh_command *sh_with_redirect(struct sh_parser *p, struct sh_command *c,
                                    const struct sh_redirect *redirect, struct span at)
{
    vec_add(p->arena, &c->redirects, *redirect);
    c->span.end = at.end;
    return c;
}

struct sh_command *sh_with_redirects(struct sh_command *c, const struct sh_redirects *redirects,
                                     struct span at)
{
    c->redirects = *redirects;
    c->span = at;
    return sh_command_done(c);
}

struct sh_command *sh_command_done(struct sh_command *c)
{
    for (size_t i = 0; i < c->redirects.n; i++) {
        struct sh_redirect *redirect = &c->redirects.at[i];
        if (!redirect->body)
            continue;
        struct sh_heredoc *heredoc = (struct sh_heredoc *)redirect->body;
        heredoc->owner = redirect;
        redirect->body_span = heredoc->body_span;
    }
    return c;
}

struct sh_command *sh_complete(struct sh_command *c, struct span at)
{
    c->span = at;
    return c;
}

struct sh_command *sh_body(struct sh_parser *p, enum sh_command_kind kind, struct sh_list *body,
                           struct span at)
{
    struct sh_command *c = sh_new_command(p, kind, at);
    c->body = body;
    return c;
}

static struct str literal_name(struct sh_parser *p, const struct sh_word *w)
{
    if (w->parts.n != 1 || w->parts.at[0].kind != SH_LITERAL)
        sh_fail(p, w->span, "this name must be plain text");
    return sh_text(p, w->span);
}

struct sh_command *sh_for(struct sh_parser *p, enum sh_command_kind kind, struct sh_word *name,
                          const struct sh_words *words)
{
    struct sh_command *c = sh_new_command(p, kind, name->span);
    c->name = literal_name(p, name);
    c->has_in = words != NULL;
    if (words)
        c->words = *words;
    return c;
}

struct sh_command *sh_loop(struct sh_command *c, struct sh_list *body, struct span at)
{
    c->body = body;
    return sh_complete(c, at);
}

struct sh_command *sh_while(struct sh_parser *p, enum sh_command_kind kind, struct sh_list *cond,
                            struct sh_list *body, struct span at)
{
    struct sh_command *c = sh_body(p, kind, body, at);
    c->cond = cond;
    return c;
}

struct sh_command *sh_arith_for(struct sh_parser *p, struct sh_word *text, struct sh_list *body,
                                struct span at)
{
    struct sh_command *c = sh_body(p, SH_ARITH_FOR, body, at);
    c->text = sh_text(p, text->span);
    vec_add(p->arena, &c->words, text);
    return c;
}

struct sh_command *sh_arith(struct sh_parser *p, struct sh_word *text, struct span at)
{
    struct sh_command *c = sh_new_command(p, SH_ARITH_CMD, at);
    c->text = sh_text(p, smaller(at, 2, 2));
    vec_add(p->arena, &c->words, text);
    return c;
}

struct sh_command *sh_test(struct sh_parser *p, const struct sh_words *words, struct span at)
{
    struct sh_command *c = sh_new_command(p, SH_TEST, at);
    c->words = *words;
    return c;
}

struct sh_command *sh_case(struct sh_parser *p, struct sh_word *subject)
{
    return sh_with_word(p, sh_new_command(p, SH_CASE, subject->span), subject);
}

struct sh_command *sh_with_item(struct sh_parser *p, struct sh_command *c,
                                const struct sh_case_item *item)
{
    vec_add(p->arena, &c->items, *item);
    return c;
}

struct sh_case_item *sh_new_case_item(struct sh_parser *p, const struct sh_words *patterns,
                                      struct sh_list *body, struct span head,
                                      struct span terminator)
{
    struct sh_case_item *item = arena_alloc(p->arena, sizeof *item);
    bool last = span_len(terminator) == 0;
    item->patterns = *patterns;
    item->body = body;
    item->terminator = sh_text(p, terminator);
    item->span = sh_reach(head, !last ? terminator : body ? body->span : head);
    return item;
}

struct sh_command *sh_with_arm(struct sh_parser *p, struct sh_command *c, struct sh_list *cond,
                               struct sh_list *body)
{
    vec_add(p->arena, &c->arms, ((struct sh_arm){cond, body}));
    return c;
}

struct sh_command *sh_with_else(struct sh_command *c, struct sh_list *body)
{
    c->otherwise = body;
    return c;
}

struct sh_command *sh_function(struct sh_parser *p, const struct sh_word *name,
                               struct sh_command *body, struct span at)
{
    struct sh_command *c = sh_new_command(p, SH_FUNCTION, at);
    c->name = literal_name(p, name);
    c->function = body;
    return c;
}

struct sh_command *sh_coproc(struct sh_parser *p, const struct sh_word *name,
                             struct sh_command *command, struct span at)
{
    struct sh_command *c = sh_new_command(p, SH_COPROC, at);
    if (name)
        c->name = literal_name(p, name);
    c->function = command;
    return c;
}

/* ---- pipelines and lists ---- */

/* Most pipelines are one command, most AND-OR lists one pipeline: node and element in one block. */
struct sh_pipeline *sh_new_pipeline(struct sh_parser *p, struct sh_command *c)
{
    struct block {
        struct sh_pipeline pipeline;
        struct sh_command *command;
    } *block = arena_alloc(p->arena, sizeof *block);
    block->command = c;
    block->pipeline = (struct sh_pipeline){.span = c->span, .commands = {&block->command, 1, 1}};
    return &block->pipeline;
}

struct sh_pipeline *sh_add_command(struct sh_parser *p, struct sh_pipeline *pipeline,
                                   struct sh_command *c, bool both)
{
    vec_add(p->arena, &pipeline->commands, c);
    pipeline->span.end = c->span.end;
    pipeline->both |= both;
    return pipeline;
}

struct sh_pipeline *sh_add_timed(struct sh_parser *p, struct sh_pipeline *pipeline,
                                 struct sh_command *c)
{
    pipeline->timed = true;
    return sh_add_command(p, pipeline, c, false);
}

struct sh_pipeline *sh_negated(struct sh_pipeline *pipeline, struct span bang)
{
    pipeline->bang = !pipeline->bang;
    pipeline->span.start = bang.start;
    return pipeline;
}

struct sh_pipeline *sh_timed(struct sh_pipeline *pipeline, struct span time)
{
    pipeline->timed = true;
    pipeline->span.start = time.start;
    return pipeline;
}

struct sh_and_or *sh_new_and_or(struct sh_parser *p, struct sh_pipeline *pipeline)
{
    struct block {
        struct sh_and_or and_or;
        struct sh_operand operand;
    } *block = arena_alloc(p->arena, sizeof *block);
    struct span nothing = {pipeline->span.start, pipeline->span.start};
    block->operand = (struct sh_operand){SH_FIRST, nothing, pipeline};
    block->and_or = (struct sh_and_or){pipeline->span, {&block->operand, 1, 1}};
    return &block->and_or;
}

struct sh_and_or *sh_add_pipeline(struct sh_parser *p, struct sh_and_or *and_or,
                                  enum sh_and_or_op op, struct span op_span,
                                  struct sh_pipeline *pipeline)
{
    vec_add(p->arena, &and_or->operands, ((struct sh_operand){op, op_span, pipeline}));
    and_or->span.end = pipeline->span.end;
    return and_or;
}

struct sh_list *sh_new_list(struct sh_parser *p, struct sh_and_or *and_or)
{
    struct sh_list *list = arena_alloc(p->arena, sizeof *list);
    list->span.start = and_or->span.start;
    return sh_add_and_or(p, list, and_or);
}

struct sh_list *sh_add_and_or(struct sh_parser *p, struct sh_list *list, struct sh_and_or *and_or)
{
    struct span behind = {and_or->span.end, and_or->span.end};
    vec_add(p->arena, &list->items, ((struct sh_item){and_or, SH_END, behind}));
    list->span.end = and_or->span.end;
    return list;
}

struct sh_list *sh_separated(struct sh_list *list, enum sh_separator separator, struct span at)
{
    struct sh_item *last = vec_last(&list->items);
    last->separator = separator;
    last->separator_span = at;
    if (separator != SH_NEWLINE)
        list->span.end = at.end;
    return list;
}
