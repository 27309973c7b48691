/* The parser's redirections, commands, pipelines and lists. */
#include "grammar/shell_parser.h"

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
    c->text = sh_text(p, (struct span){at.start + 2, at.end - 2});
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
