/* What must hold for the spans of any shell tree: children lie inside their parents and in order,
 * operators' spans hold exactly the operator, and a command, pipeline or AND-OR list that is cut
 * out by its span and read alone gives the same tree. */
#ifndef TESTS_SHELL_SPANS_H
#define TESTS_SHELL_SPANS_H

#include "tests/shell_tree.h"

struct span_check {
    struct arena *arena;
    struct str text;
    enum sh_dialect dialect;
    struct sh_redirects heredocs; /* all of the script */
    size_t nodes;
    const char *broken; /* what does not hold; NULL: all well */
    struct span at;
};

static void span_broken(struct span_check *k, struct span at, const char *what)
{
    if (k->broken)
        return;
    k->broken = what;
    k->at = at;
}

static bool span_holds(struct span outer, struct span inner)
{
    return outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end;
}

static bool span_is(const struct span_check *k, struct span at, const char *text)
{
    return str_eq(str_span(k->text, at), str_from_c(text));
}

/* ---- children inside parents ---- */

static void check_word_spans(struct span_check *k, struct span outer, const struct sh_word *w)
{
    if (!w)
        return;
    if (!span_holds(outer, w->span))
        span_broken(k, w->span, "word outside");
    uint32_t at = w->span.start;
    for (size_t i = 0; i < w->parts.n; i++) {
        const struct sh_part *part = &w->parts.at[i];
        if (part->span.start < at || !span_holds(w->span, part->span))
            span_broken(k, part->span, "part outside");
        at = part->span.end;
        check_word_spans(k, part->span, part->inner);
        check_word_spans(k, part->span, part->index);
        for (size_t o = 0; o < part->operands.n; o++)
            check_word_spans(k, part->span, part->operands.at[o]);
        if (part->list && !part->backquoted && !span_holds(part->span, part->list->span))
            span_broken(k, part->list->span, "substitution outside");
    }
}

static void check_list_inside(struct span_check *k, struct span outer, const struct sh_list *list)
{
    if (list && !span_holds(outer, list->span))
        span_broken(k, list->span, "list outside");
}

static void check_redirect_spans(struct span_check *k, const struct sh_command *c)
{
    for (size_t i = 0; i < c->redirects.n; i++) {
        const struct sh_redirect *redirect = &c->redirects.at[i];
        if (!span_holds(c->span, redirect->span))
            span_broken(k, redirect->span, "redirection outside");
        check_word_spans(k, redirect->span, redirect->target);
        if (!redirect->body)
            continue;
        if (span_len(redirect->body_span) == 0)
            span_broken(k, redirect->span, "here-document without body");
        check_word_spans(k, redirect->body_span, redirect->body);
    }
}

static void check_command_spans(struct span_check *k, const struct sh_command *c)
{
    for (size_t i = 0; i < c->words.n; i++)
        check_word_spans(k, c->span, c->words.at[i]);
    for (size_t i = 0; i < c->assigns.n; i++) {
        if (!span_holds(c->span, c->assigns.at[i].span))
            span_broken(k, c->assigns.at[i].span, "assignment outside");
        check_word_spans(k, c->assigns.at[i].span, c->assigns.at[i].value);
        check_word_spans(k, c->assigns.at[i].span, c->assigns.at[i].index);
        for (size_t e = 0; e < c->assigns.at[i].elements.n; e++)
            check_word_spans(k, c->assigns.at[i].span, c->assigns.at[i].elements.at[e]);
    }
    check_redirect_spans(k, c);
    check_list_inside(k, c->span, c->cond);
    check_list_inside(k, c->span, c->body);
    check_list_inside(k, c->span, c->otherwise);
    for (size_t i = 0; i < c->arms.n; i++) {
        check_list_inside(k, c->span, c->arms.at[i].cond);
        check_list_inside(k, c->span, c->arms.at[i].body);
    }
    for (size_t i = 0; i < c->items.n; i++) {
        if (!span_holds(c->span, c->items.at[i].span))
            span_broken(k, c->items.at[i].span, "case item outside");
        check_list_inside(k, c->items.at[i].span, c->items.at[i].body);
    }
    if (c->function && !span_holds(c->span, c->function->span))
        span_broken(k, c->function->span, "function body outside");
}

/* ---- read again alone ---- */

/* A here-document has its content elsewhere: a node can be read alone when it has both or neither.
 */
static bool stands_alone(const struct span_check *k, struct span at)
{
    for (size_t i = 0; i < k->heredocs.n; i++) {
        const struct sh_redirect *heredoc = &k->heredocs.at[i];
        if (span_holds(at, heredoc->span) != span_holds(at, heredoc->body_span))
            return false;
    }
    return true;
}

static bool find_heredocs(void *self, const struct sh_command *c, unsigned substitution)
{
    struct span_check *k = self;
    (void)substitution;
    for (size_t i = 0; i < c->redirects.n; i++)
        if (c->redirects.at[i].body)
            vec_add(k->arena, &k->heredocs, c->redirects.at[i]);
    return true;
}

/* `list` is a list made of the one node, so that one function serves all kinds. How POSIX reads
 * `((` depends on whether the whole text parses. */
static void check_alone(struct span_check *k, const struct sh_list *list, struct span at)
{
    bool other_attempt = k->dialect == SH_POSIX && str_search(k->text, LIT("((")) < k->text.len;
    if (other_attempt || !stands_alone(k, at))
        return;
    k->nodes++;
    struct sh_script *again = sh_parse(k->arena, str_span(k->text, at), k->dialect, NULL);
    if (!again) {
        span_broken(k, at, "does not parse alone");
        return;
    }
    struct buf was = {.arena = k->arena}, is = {.arena = k->arena};
    tree_list(&was, list);
    tree_list(&is, again->list);
    if (!str_eq(buf_str(&was), buf_str(&is)))
        span_broken(k, at, "reads differently alone");
}

static void check_pipeline_alone(struct span_check *k, struct sh_pipeline *pipeline)
{
    struct sh_operand operand = {.op = SH_FIRST, .pipeline = pipeline};
    struct sh_and_or and_or = {.span = pipeline->span, .operands = {&operand, 1, 1}};
    struct sh_item item = {.and_or = &and_or};
    struct sh_list list = {.span = pipeline->span, .items = {&item, 1, 1}};
    check_alone(k, &list, pipeline->span);
}

static bool check_command(void *self, const struct sh_command *c, unsigned substitution)
{
    struct span_check *k = self;
    struct sh_command copy = *c, *command = &copy;
    struct sh_pipeline pipeline = {.span = c->span, .commands = {&command, 1, 1}};
    (void)substitution;
    check_command_spans(k, c);
    check_pipeline_alone(k, &pipeline);
    return true;
}

static bool check_pipeline(void *self, const struct sh_pipeline *pipeline, unsigned substitution)
{
    struct span_check *k = self;
    struct sh_pipeline copy = *pipeline;
    (void)substitution;
    for (size_t i = 0; i < pipeline->commands.n; i++)
        if (!span_holds(pipeline->span, pipeline->commands.at[i]->span))
            span_broken(k, pipeline->commands.at[i]->span, "command outside");
    if (pipeline->commands.n > 1 || pipeline->bang || pipeline->timed)
        check_pipeline_alone(k, &copy);
    return true;
}

static bool check_and_or(void *self, const struct sh_and_or *and_or, unsigned substitution)
{
    struct span_check *k = self;
    struct sh_and_or copy = *and_or;
    struct sh_item item = {.and_or = &copy};
    struct sh_list list = {.span = and_or->span, .items = {&item, 1, 1}};
    (void)substitution;
    for (size_t i = 0; i < and_or->operands.n; i++) {
        const struct sh_operand *operand = &and_or->operands.at[i];
        const char *op = operand->op == SH_FIRST ? "" : operand->op == SH_AND ? "&&" : "||";
        if (!span_is(k, operand->op_span, op))
            span_broken(k, operand->op_span, "operator");
        if (!span_holds(and_or->span, operand->pipeline->span))
            span_broken(k, operand->pipeline->span, "pipeline outside");
    }
    if (and_or->operands.n > 1)
        check_alone(k, &list, and_or->span);
    return true;
}

static bool check_list(void *self, const struct sh_list *list, unsigned substitution)
{
    static const char *const separators[] = {
        [SH_END] = "", [SH_SEMICOLON] = ";", [SH_NEWLINE] = "\n", [SH_AMPERSAND] = "&"};
    struct span_check *k = self;
    (void)substitution;
    for (size_t i = 0; i < list->items.n; i++) {
        const struct sh_item *item = &list->items.at[i];
        if (!span_holds(list->span, item->and_or->span))
            span_broken(k, item->and_or->span, "AND-OR list outside");
        if (!span_is(k, item->separator_span, separators[item->separator]))
            span_broken(k, item->separator_span, "separator");
    }
    return true;
}

/* Backquoted lists count their spans in a copy: their words are checked, their insides are not. */
static bool without_backquoted(void *self, const struct sh_word *w, unsigned substitution)
{
    (void)self;
    (void)substitution;
    for (size_t i = 0; i < w->parts.n; i++)
        if (w->parts.at[i].backquoted)
            return false;
    return true;
}

static void check_spans(struct span_check *k, const struct sh_script *script)
{
    struct sh_visitor v = {.self = k,
                           .list = check_list,
                           .and_or = check_and_or,
                           .pipeline = check_pipeline,
                           .command = check_command,
                           .word = without_backquoted};
    struct sh_visitor first = {.self = k, .command = find_heredocs, .word = without_backquoted};
    sh_walk(script->list, &first);
    sh_walk(script->list, &v);
    for (size_t i = 0; i < script->comments.n; i++)
        if (!str_starts(str_span(k->text, script->comments.at[i].span), LIT("#")))
            span_broken(k, script->comments.at[i].span, "comment");
}

#endif
