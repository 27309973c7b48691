/* What scripts of the container do with the words of CMD. */
#include "ir/catalog/catalog.h"
#include "ir/command.h"
#include "ir/container.h"

/* ---- "$@" ---- */

static bool is_all_arguments(const struct sh_word *word)
{
    const struct sh_part *quoted = word->parts.n == 1 ? &word->parts.at[0] : NULL;
    bool one = quoted && quoted->kind == SH_DQUOTE && quoted->inner && quoted->inner->parts.n == 1;
    const struct sh_part *inner = one ? &quoted->inner->parts.at[0] : NULL;
    return inner && inner->kind == SH_PARAM && str_eq(inner->name, LIT("@")) && !inner->op.len &&
           !inner->length && !inner->indirect;
}

/* `set -- node "$@"`. */
static bool sets_arguments(const struct steps *all)
{
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < all->at[i].runs.n; k++) {
            const struct invocation *run = &all->at[i].runs.at[k];
            if (run->row && run->row->style == STYLE_SET && run->words.n)
                return true;
        }
    return false;
}

bool container_runs_arguments(const struct sh_list *script, const struct steps *all,
                              const struct step *step)
{
    const struct sh_command *command = step_simple(script, step);
    return command && command->words.n > 1 && is_all_arguments(*vec_last(&command->words)) &&
           !sets_arguments(all);
}

/* ---- words that a script compares with ---- */

struct comparison {
    struct arena *arena;
    struct str word;
    bool found;
};

static void compare(struct comparison *c, const struct sh_word *word)
{
    struct str text;
    c->found |= sh_word_literal(c->arena, word, &text) && str_eq(text, c->word);
}

/* `case "$1" in WORD)`. */
static bool compare_patterns(void *self, const struct sh_command *command, unsigned substitution)
{
    struct comparison *c = self;
    (void)substitution;
    for (size_t i = 0; i < command->items.n; i++)
        for (size_t k = 0; k < command->items.at[i].patterns.n; k++)
            compare(c, command->items.at[i].patterns.at[k]);
    return !c->found;
}

bool container_knows_word(struct compile *c, const struct container_scripts *scripts,
                          const struct instr *cmd)
{
    const struct df_instr *ast = cmd->ast;
    struct comparison comparison = {.arena = c->arena};
    if (!ast->json || !ast->args.n || catalog_command(c->catalog, ast->args.at[0].text))
        return false;
    comparison.word = ast->args.at[0].text;
    struct sh_visitor visitor = {.self = &comparison, .command = compare_patterns};
    for (size_t i = 0; i < scripts->n && !comparison.found; i++)
        sh_walk(scripts->at[i].list, &visitor);
    return comparison.found;
}
