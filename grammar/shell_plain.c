#include "grammar/shell.h"

static bool is_one(const struct sh_list *list)
{
    return list->items.n == 1 && list->items.at[0].and_or->operands.n == 1;
}

static bool note_list(void *self, const struct sh_list *list, unsigned substitution)
{
    bool *plain = self;
    *plain = *plain && (!substitution || is_one(list));
    return *plain;
}

static bool note_command(void *self, const struct sh_command *command, unsigned substitution)
{
    bool *plain = self;
    (void)substitution;
    *plain = *plain && command->kind == SH_SIMPLE;
    return *plain;
}

bool sh_is_plain(const struct sh_list *list)
{
    bool plain = !list || list->items.n == 1;
    const struct sh_visitor v = {.self = &plain, .list = note_list, .command = note_command};
    if (list)
        sh_walk(list, &v);
    return plain;
}
