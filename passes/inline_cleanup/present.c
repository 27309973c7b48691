/* Whether the program that a clean-up calls is there: `yum clean all` where yum may not be. */
#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/catalog/packages.h"
#include "ir/path.h"
#include "passes/inline_cleanup/plan.h"

/* It is the command, or what sudo, env and the like run. */
static bool calls(struct compile *c, const struct sh_script *script, const struct sh_command *of,
                  struct str program)
{
    for (size_t i = 0; i < of->words.n; i++) {
        struct str word = path_name(str_span(script->text, of->words.at[i]->span));
        const struct command *row = catalog_command(c->catalog, word);
        if (str_eq(word, program))
            return true;
        if (i == 0 && !(row && row->usage.operands == USE_COMMAND))
            return false;
    }
    return false;
}

static bool runs_for_certain(struct compile *c, const struct instr *run, const struct sh_list *list,
                             struct str program);

static bool operand_calls(struct compile *c, const struct instr *run,
                          const struct sh_pipeline *pipeline, struct str program)
{
    const struct sh_command *last = *vec_last(&pipeline->commands);
    if (pipeline->bang)
        return false;
    if (last->kind == SH_SIMPLE)
        return calls(c, run->script, last, program);
    return (last->kind == SH_BRACE || last->kind == SH_SUBSHELL) &&
           runs_for_certain(c, run, last->body, program);
}

/* From the last `||` on: what stands before one may fail, and what stands behind it need not run.
 */
static bool and_or_calls(struct compile *c, const struct instr *run,
                         const struct sh_operands *operands, struct str program)
{
    for (size_t k = operands->n; k-- > 0 && operands->at[k].op != SH_OR;)
        if (operand_calls(c, run, operands->at[k].pipeline, program))
            return true;
    return false;
}

static bool runs_for_certain(struct compile *c, const struct instr *run, const struct sh_list *list,
                             struct str program)
{
    bool errexit = legality_begins_with_errexit(c, run);
    for (size_t i = 0; list && i < list->items.n; i++) {
        bool counts = errexit || i + 1 == list->items.n;
        if (counts && list->items.at[i].separator != SH_AMPERSAND &&
            and_or_calls(c, run, &list->items.at[i].and_or->operands, program))
            return true;
    }
    return false;
}

bool cleanup_is_present(struct compile *c, const struct instr *run, struct str cleanup)
{
    struct str program = str_slice(cleanup, 0, str_find(cleanup, ' '));
    const struct command *row = catalog_command(c->catalog, program);
    struct base base;
    if (row && !row->n_verbs && (row->usage.does & DOES(SYSTEM)))
        return true;
    return runs_for_certain(c, run, run->script->list, program) ||
           (base_of_stage(c, run->stage, &base) &&
            catalog_image_brings(c->catalog, base.ref.name, program));
}
