#include "ir/chain.h"

static bool is_simple(const struct sh_pipeline *p)
{
    return p->commands.n == 1 && p->commands.at[0]->kind == SH_SIMPLE && !p->bang && !p->timed;
}

/* `a && b && c` */
static bool is_plain(const struct sh_item *item)
{
    const struct sh_operands *operands = &item->and_or->operands;
    for (size_t i = 1; i < operands->n; i++)
        if (operands->at[i].op != SH_AND)
            return false;
    return item->separator != SH_AMPERSAND;
}

bool chain_find(const struct instr *run, const struct sh_command *command, struct chain_link *out)
{
    const struct sh_items *items = &run->script->list->items;
    bool found = false;
    for (size_t i = 0; i < items->n; i++) {
        const struct sh_operands *operands = &items->at[i].and_or->operands;
        for (size_t k = 0; k < operands->n; k++) {
            const struct sh_pipeline *p = operands->at[k].pipeline;
            if (!is_simple(p) || p->commands.at[0] != command)
                continue;
            *out = (struct chain_link){i, k};
            found = is_plain(&items->at[i]);
        }
    }
    return found;
}

bool chain_is_alone(const struct instr *run)
{
    const struct sh_items *items = &run->script->list->items;
    return items->n == 1 && items->at[0].and_or->operands.n == 1;
}

/* In the script's text. */
static struct span cut_of(const struct sh_items *items, struct chain_link link)
{
    const struct sh_operands *operands = &items->at[link.item].and_or->operands;
    struct span own = operands->at[link.operand].pipeline->span;
    if (link.operand)
        return (struct span){operands->at[link.operand - 1].pipeline->span.end, own.end};
    if (operands->n > 1)
        return (struct span){own.start, operands->at[1].pipeline->span.start};
    if (link.item + 1 < items->n)
        return (struct span){own.start, items->at[link.item + 1].and_or->span.start};
    if (link.item)
        return (struct span){items->at[link.item - 1].and_or->span.end, own.end};
    return own;
}

struct span chain_cut(const struct instr *run, struct chain_link link)
{
    return join_span(&run->script_text, cut_of(&run->script->list->items, link));
}
