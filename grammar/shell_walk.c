#include "grammar/shell.h"

/* The depth of substitution goes down as an argument; `v` stays what the caller gave. */
static void walk_list(const struct sh_list *list, const struct sh_visitor *v, unsigned depth);
static void walk_word(const struct sh_word *word, const struct sh_visitor *v, unsigned depth);

static void walk_words(const struct sh_words *words, const struct sh_visitor *v, unsigned depth)
{
    for (size_t i = 0; i < words->n; i++)
        walk_word(words->at[i], v, depth);
}

static void walk_part(const struct sh_part *part, const struct sh_visitor *v, unsigned depth)
{
    switch (part->kind) {
    case SH_LITERAL:
    case SH_SQUOTE:
    case SH_DOLSQUOTE:
        break;
    case SH_DQUOTE:
    case SH_ARITH:
        walk_word(part->inner, v, depth);
        break;
    case SH_PARAM:
        walk_word(part->index, v, depth);
        walk_words(&part->operands, v, depth);
        break;
    case SH_CMDSUB:
    case SH_PROCSUB:
        walk_list(part->list, v, depth + 1);
        break;
    }
}

static void walk_word(const struct sh_word *word, const struct sh_visitor *v, unsigned depth)
{
    if (!word || (v->word && !v->word(v->self, word, depth)))
        return;
    for (size_t i = 0; i < word->parts.n; i++)
        walk_part(&word->parts.at[i], v, depth);
}

static void walk_assigns(const struct sh_assigns *assigns, const struct sh_visitor *v,
                         unsigned depth)
{
    for (size_t i = 0; i < assigns->n; i++) {
        const struct sh_assign *assign = &assigns->at[i];
        walk_word(assign->index, v, depth);
        walk_word(assign->value, v, depth);
        walk_words(&assign->elements, v, depth);
    }
}

static void walk_redirects(const struct sh_redirects *redirects, const struct sh_visitor *v,
                           unsigned depth)
{
    for (size_t i = 0; i < redirects->n; i++) {
        walk_word(redirects->at[i].target, v, depth);
        walk_word(redirects->at[i].body, v, depth);
    }
}

static void walk_items(const struct sh_case_items *items, const struct sh_visitor *v,
                       unsigned depth)
{
    for (size_t i = 0; i < items->n; i++) {
        walk_words(&items->at[i].patterns, v, depth);
        walk_list(items->at[i].body, v, depth);
    }
}

/* Each field is empty where the kind does not use it; they are visited in the order of the text. */
static void walk_command(const struct sh_command *command, const struct sh_visitor *v,
                         unsigned depth)
{
    if (!command || (v->command && !v->command(v->self, command, depth)))
        return;
    walk_assigns(&command->assigns, v, depth);
    walk_words(&command->words, v, depth);
    walk_list(command->cond, v, depth);
    for (size_t i = 0; i < command->arms.n; i++) {
        walk_list(command->arms.at[i].cond, v, depth);
        walk_list(command->arms.at[i].body, v, depth);
    }
    walk_list(command->otherwise, v, depth);
    walk_list(command->body, v, depth);
    walk_items(&command->items, v, depth);
    walk_command(command->function, v, depth);
    walk_redirects(&command->redirects, v, depth);
}

static void walk_pipeline(const struct sh_pipeline *pipeline, const struct sh_visitor *v,
                          unsigned depth)
{
    if (v->pipeline && !v->pipeline(v->self, pipeline, depth))
        return;
    for (size_t i = 0; i < pipeline->commands.n; i++)
        walk_command(pipeline->commands.at[i], v, depth);
}

static void walk_and_or(const struct sh_and_or *and_or, const struct sh_visitor *v, unsigned depth)
{
    if (v->and_or && !v->and_or(v->self, and_or, depth))
        return;
    for (size_t i = 0; i < and_or->operands.n; i++)
        walk_pipeline(and_or->operands.at[i].pipeline, v, depth);
}

static void walk_list(const struct sh_list *list, const struct sh_visitor *v, unsigned depth)
{
    if (!list || (v->list && !v->list(v->self, list, depth)))
        return;
    for (size_t i = 0; i < list->items.n; i++)
        walk_and_or(list->items.at[i].and_or, v, depth);
}

void sh_walk(const struct sh_list *list, const struct sh_visitor *v)
{
    walk_list(list, v, 0);
}

bool sh_skip_word(void *self, const struct sh_word *word, unsigned substitution)
{
    (void)self;
    (void)word;
    (void)substitution;
    return false;
}
