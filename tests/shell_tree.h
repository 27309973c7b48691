/* A shell tree as one line of text, for tests: `a && b` is "(and (cmd a) (cmd b))".
 *
 * Words show their parts: 'x' "x" $'x' {x:-w} $(list) `list` $((x)) <(list). What a tree holds
 * beyond its spans is in the line, so two equal lines are two equal trees. */
#ifndef TESTS_SHELL_TREE_H
#define TESTS_SHELL_TREE_H

#include "grammar/shell.h"

static void tree_list(struct buf *b, const struct sh_list *list);
static void tree_command(struct buf *b, const struct sh_command *c);

static void tree_text(struct buf *b, struct str before, struct str text, struct str behind)
{
    buf_add(b, before);
    buf_add(b, text);
    buf_add(b, behind);
}

static void tree_word(struct buf *b, const struct sh_word *w);

static void tree_words(struct buf *b, const struct sh_words *words)
{
    for (size_t i = 0; i < words->n; i++) {
        buf_char(b, ' ');
        tree_word(b, words->at[i]);
    }
}

static void tree_param(struct buf *b, const struct sh_part *part)
{
    tree_text(b, LIT("{"), part->length ? LIT("#") : LIT(""), part->indirect ? LIT("!") : LIT(""));
    buf_add(b, part->name);
    if (part->index) {
        buf_char(b, '[');
        tree_word(b, part->index);
        buf_char(b, ']');
    }
    if (part->operands.n)
        tree_text(b, LIT(" "), part->op, LIT(""));
    tree_words(b, &part->operands);
    buf_char(b, '}');
}

static void tree_part(struct buf *b, const struct sh_part *part)
{
    switch (part->kind) {
    case SH_LITERAL:
        buf_add(b, part->text);
        break;
    case SH_SQUOTE:
        tree_text(b, LIT("'"), part->text, LIT("'"));
        break;
    case SH_DOLSQUOTE:
        tree_text(b, LIT("$'"), part->text, LIT("'"));
        break;
    case SH_DQUOTE:
        buf_char(b, '"');
        tree_word(b, part->inner);
        buf_char(b, '"');
        break;
    case SH_PARAM:
        tree_param(b, part);
        break;
    case SH_CMDSUB:
    case SH_PROCSUB:
        buf_add(b, part->backquoted ? LIT("`") : part->kind == SH_PROCSUB ? LIT("<(") : LIT("$("));
        tree_list(b, part->list);
        buf_add(b, part->backquoted ? LIT("`") : LIT(")"));
        break;
    case SH_ARITH:
        buf_add(b, LIT("$(("));
        tree_word(b, part->inner);
        buf_add(b, LIT("))"));
        break;
    }
}

static void tree_word(struct buf *b, const struct sh_word *w)
{
    for (size_t i = 0; i < w->parts.n; i++)
        tree_part(b, &w->parts.at[i]);
}

static void tree_assign(struct buf *b, const struct sh_assign *assign)
{
    tree_text(b, LIT(" "), assign->name, LIT(""));
    if (assign->indexed) {
        buf_char(b, '[');
        tree_word(b, assign->index);
        buf_char(b, ']');
    }
    buf_add(b, assign->append ? LIT("+=") : LIT("="));
    if (assign->value)
        tree_word(b, assign->value);
    if (!assign->array)
        return;
    buf_char(b, '(');
    tree_words(b, &assign->elements);
    buf_add(b, LIT(" )"));
}

static void tree_redirect(struct buf *b, const struct sh_redirect *redirect)
{
    static const struct str operators[] = {
        [SH_IN] = {"<", 1},           [SH_OUT] = {">", 1},       [SH_CLOBBER] = {">|", 2},
        [SH_APPEND] = {">>", 2},      [SH_INOUT] = {"<>", 2},    [SH_DUP_IN] = {"<&", 2},
        [SH_DUP_OUT] = {">&", 2},     [SH_OUT_BOTH] = {"&>", 2}, [SH_APPEND_BOTH] = {"&>>", 3},
        [SH_HERESTRING] = {"<<<", 3}, [SH_HEREDOC] = {"<<", 2},  [SH_HEREDOC_TABS] = {"<<-", 3},
    };
    tree_text(b, LIT(" ("), redirect->number, operators[redirect->kind]);
    buf_char(b, ' ');
    if (!redirect->body) {
        tree_word(b, redirect->target);
        buf_char(b, ')');
        return;
    }
    tree_text(b, redirect->quoted ? LIT("'") : LIT(""), redirect->delimiter,
              redirect->quoted ? LIT("' ") : LIT(" "));
    tree_word(b, redirect->body);
    buf_char(b, ')');
}

static void tree_body(struct buf *b, struct str before, const struct sh_list *list)
{
    buf_add(b, before);
    tree_list(b, list);
}

static void tree_item(struct buf *b, const struct sh_case_item *item)
{
    buf_add(b, LIT(" ("));
    for (size_t i = 0; i < item->patterns.n; i++) {
        buf_add(b, i ? LIT("|") : LIT(""));
        tree_word(b, item->patterns.at[i]);
    }
    buf_char(b, ')');
    if (item->body)
        tree_body(b, LIT(" "), item->body);
    if (item->terminator.len)
        tree_text(b, LIT(" "), item->terminator, LIT(""));
}

static void tree_if(struct buf *b, const struct sh_command *c)
{
    for (size_t i = 0; i < c->arms.n; i++) {
        tree_body(b, i ? LIT(" elif ") : LIT("if "), c->arms.at[i].cond);
        tree_body(b, LIT(" then "), c->arms.at[i].body);
    }
    if (c->otherwise)
        tree_body(b, LIT(" else "), c->otherwise);
}

static void tree_simple(struct buf *b, const struct sh_command *c)
{
    buf_add(b, LIT("cmd"));
    for (size_t i = 0; i < c->assigns.n; i++)
        tree_assign(b, &c->assigns.at[i]);
    tree_words(b, &c->words);
}

static void tree_loop(struct buf *b, const struct sh_command *c)
{
    tree_text(b, c->kind == SH_FOR ? LIT("for ") : LIT("select "), c->name,
              c->has_in ? LIT(" in") : LIT(""));
    tree_words(b, &c->words);
    tree_body(b, LIT(" do "), c->body);
}

static void tree_kind(struct buf *b, const struct sh_command *c)
{
    switch (c->kind) {
    case SH_SIMPLE:
        tree_simple(b, c);
        break;
    case SH_BRACE:
        tree_body(b, LIT("brace "), c->body);
        break;
    case SH_SUBSHELL:
        tree_body(b, LIT("subshell "), c->body);
        break;
    case SH_IF:
        tree_if(b, c);
        break;
    case SH_WHILE:
    case SH_UNTIL:
        tree_body(b, c->kind == SH_WHILE ? LIT("while ") : LIT("until "), c->cond);
        tree_body(b, LIT(" do "), c->body);
        break;
    case SH_FOR:
    case SH_SELECT:
        tree_loop(b, c);
        break;
    case SH_ARITH_FOR:
        tree_text(b, LIT("for (("), c->text, LIT("))"));
        tree_body(b, LIT(" do "), c->body);
        break;
    case SH_CASE:
        buf_add(b, LIT("case"));
        tree_words(b, &c->words);
        for (size_t i = 0; i < c->items.n; i++)
            tree_item(b, &c->items.at[i]);
        break;
    case SH_FUNCTION:
    case SH_COPROC:
        tree_text(b, c->kind == SH_FUNCTION ? LIT("function ") : LIT("coproc "), c->name, LIT(" "));
        tree_command(b, c->function);
        break;
    case SH_TEST:
        buf_add(b, LIT("[["));
        tree_words(b, &c->words);
        break;
    case SH_ARITH_CMD:
        buf_add(b, LIT("(("));
        tree_words(b, &c->words);
        break;
    }
}

static void tree_command(struct buf *b, const struct sh_command *c)
{
    buf_char(b, '(');
    tree_kind(b, c);
    for (size_t i = 0; i < c->redirects.n; i++)
        tree_redirect(b, &c->redirects.at[i]);
    buf_char(b, ')');
}

static void tree_pipeline(struct buf *b, const struct sh_pipeline *pipeline)
{
    bool many = pipeline->commands.n > 1;
    buf_add(b, pipeline->timed ? LIT("(time ") : LIT(""));
    buf_add(b, pipeline->bang ? LIT("(not ") : LIT(""));
    if (many)
        buf_add(b, pipeline->both ? LIT("(pipe-both") : LIT("(pipe"));
    for (size_t i = 0; i < pipeline->commands.n; i++) {
        buf_add(b, many ? LIT(" ") : LIT(""));
        tree_command(b, pipeline->commands.at[i]);
    }
    buf_add(b, many ? LIT(")") : LIT(""));
    buf_add(b, pipeline->bang ? LIT(")") : LIT(""));
    buf_add(b, pipeline->timed ? LIT(")") : LIT(""));
}

/* AND-OR lists group to the left. */
static void tree_and_or(struct buf *b, const struct sh_and_or *and_or)
{
    for (size_t i = and_or->operands.n; i-- > 1;)
        buf_add(b, and_or->operands.at[i].op == SH_AND ? LIT("(and ") : LIT("(or "));
    for (size_t i = 0; i < and_or->operands.n; i++) {
        buf_add(b, i ? LIT(" ") : LIT(""));
        tree_pipeline(b, and_or->operands.at[i].pipeline);
        buf_add(b, i ? LIT(")") : LIT(""));
    }
}

static void tree_list(struct buf *b, const struct sh_list *list)
{
    bool many = list && list->items.n > 1;
    buf_add(b, many ? LIT("(list") : LIT(""));
    for (size_t i = 0; list && i < list->items.n; i++) {
        bool background = list->items.at[i].separator == SH_AMPERSAND;
        buf_add(b, many ? LIT(" ") : LIT(""));
        buf_add(b, background ? LIT("(background ") : LIT(""));
        tree_and_or(b, list->items.at[i].and_or);
        buf_add(b, background ? LIT(")") : LIT(""));
    }
    buf_add(b, many ? LIT(")") : LIT(""));
}

#endif
