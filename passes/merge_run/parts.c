/* What each part does to the shell that runs them all: where it needs a subshell, and where not. */
#include "passes/merge_run/parts.h"

#include "ir/command.h"

/* What a subshell contains: state that must not reach the next command. */
enum {
    LEAKS = FX_CD | FX_ALIAS | FX_STATE | FX_EXIT | FX_ERREXIT | FX_OPTIONS | FX_FUNCTION |
            FX_PATH | FX_NOGLOB
};

/* One pipeline of several commands: each runs in a subshell of its own already (POSIX XCU 2.12). */
static bool is_forked(const struct sh_list *list)
{
    const struct sh_operands *operands = &list->items.at[0].and_or->operands;
    return list->items.n == 1 && operands->n == 1 && operands->at[0].pipeline->commands.n > 1;
}

/* Part `k` may have installed another one of a command that it ran, and a later part runs it again:
 * a shell that remembers where it found the old one (POSIX XCU, hash) would miss the new one. */
static bool replaced_later(const struct parts *parts, size_t k)
{
    const struct part *p = &parts->at[k];
    if (set_is_empty(&p->fx->replaced) || is_forked(p->run->script->list))
        return false;
    for (size_t i = k + 1; i < parts->n; i++)
        if (set_meets(&p->fx->replaced, &parts->at[i].fx->remembered) != NO)
            return true;
    return false;
}

const struct sh_operands *parts_operands(const struct part *p)
{
    return &p->run->script->list->items.at[0].and_or->operands;
}

static struct effects effects_of_operand(struct compile *c, const struct part *p, size_t i)
{
    return command_effects_of_pipeline(c, &p->run->before, parts_operands(p)->at[i].pipeline);
}

/* `set -ex`: nothing that is plain can tell (sh_is_plain), unless it asks. */
static bool is_for_show(struct compile *c, const struct part *p, size_t i)
{
    const struct sh_commands *commands = &parts_operands(p)->at[i].pipeline->commands;
    const unsigned more = FX_TEXT | FX_HIDDEN | (LEAKS & ~(unsigned)(FX_ERREXIT | FX_OPTIONS));
    struct effects fx = effects_of_operand(c, p, i);
    return commands->n == 1 && commands->at[0]->kind == SH_SIMPLE && effects_any(&fx, FX_TRACES) &&
           !effects_any(&fx, more);
}

static bool is_indifferent(struct compile *c, const struct part *p)
{
    if (!p->shape.chain || !p->shape.plain || p->shape.reads_options || effects_any(p->fx, FX_TEXT))
        return false;
    for (size_t i = 0; i < parts_operands(p)->n; i++) {
        struct effects fx = effects_of_operand(c, p, i);
        if (effects_any(&fx, FX_ERREXIT | FX_OPTIONS) && !is_for_show(c, p, i))
            return false;
    }
    return true;
}

/* What is behind part `k` is the same under options that are for show. */
static bool all_indifferent(struct compile *c, const struct parts *parts, size_t k)
{
    for (size_t i = k + 1; i < parts->n; i++)
        if (!is_indifferent(c, &parts->at[i]))
            return false;
    return true;
}

/* Index of the operand from which on part `k` needs a subshell; as many as there are: none does. */
static uint32_t first_leak(struct compile *c, const struct parts *parts, size_t k)
{
    const struct part *p = &parts->at[k];
    uint32_t n = parts_operands(p)->n;
    bool is_last = k + 1 == parts->n;
    if (is_last || !effects_any(p->fx, LEAKS))
        return n;
    bool may_show = all_indifferent(c, parts, k);
    for (uint32_t i = 0; p->shape.chain && i < n; i++) {
        struct effects fx = effects_of_operand(c, p, i);
        if (effects_any(&fx, LEAKS) && !(may_show && is_for_show(c, p, i)))
            return i;
    }
    return p->shape.chain ? n : 0;
}

struct str parts_operand(const struct part *p, size_t i)
{
    return str_span(p->run->script->text, parts_operands(p)->at[i].pipeline->span);
}

void parts_arrange(struct compile *c, struct parts *parts)
{
    struct str in_force = {0};
    for (size_t k = 0; k < parts->n; k++) {
        struct part *p = &parts->at[k];
        p->wrapped = replaced_later(parts, k) ? 0 : first_leak(c, parts, k);
        bool sets = p->shape.chain && parts_operands(p)->n > 1 && is_for_show(c, p, 0);
        if (sets && str_eq(parts_operand(p, 0), in_force))
            p->first = 1;
        for (uint32_t i = 0; p->shape.chain && i < p->wrapped; i++)
            if (is_for_show(c, p, i))
                in_force = parts_operand(p, i);
        p->wrapped = p->wrapped < p->first ? p->first : p->wrapped;
    }
}
