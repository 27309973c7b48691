/* A script taken apart into the steps that its top-level lists join. */
#include "ir/command_walk.h"

/* ---- what is run ---- */

static struct str told(const struct value *v)
{
    if (v->unknown)
        return (struct str){0};
    return v->text.len ? v->text : LIT("");
}

static void add_options(struct walk *w, const struct command_args *args, struct invocation *out)
{
    for (size_t i = 0; i < args->options.n; i++) {
        const struct given *g = &args->options.at[i];
        struct invocation_option option = {
            .name = g->name, .known = true, .at = args->words.at[g->at].word};
        if (g->option) {
            option.use = g->option->value;
            option.does = g->option->does;
        }
        if (g->has_value) {
            option.value = told(&g->value);
            option.pattern = g->value.text;
            option.value_at = g->value.word;
            option.known = !g->value.unknown;
        }
        vec_add(w->c->arena, &out->options, option);
    }
}

static void add_word(struct walk *w, const struct value *v, struct invocation *out)
{
    vec_add(w->c->arena, &out->words, told(v));
    vec_add(w->c->arena, &out->places, v->word);
}

static void add_words(struct walk *w, const struct command_args *args, struct invocation *out)
{
    for (size_t i = 0; i < args->verb_words; i++)
        add_word(w, &args->words.at[args->verb_at + i], out);
    for (size_t i = 0; i < args->operands.n; i++)
        add_word(w, &args->operands.at[i], out);
}

void command_note_invocation(struct walk *w, const struct value *name,
                             const struct command_args *args)
{
    if (!w->invocations)
        return;
    struct invocation out = {.name = told(name), .workdir = w->now.cwd, .env = w->now.env};
    if (args) {
        const struct value *dir = command_args_value(args, USE_DIRECTORY);
        if (dir && !command_resolve(w, w->now.cwd, dir, &out.workdir))
            out.workdir = LIT("");
        out.row = args->row;
        add_options(w, args, &out);
        add_words(w, args, &out);
    }
    vec_add(w->c->arena, w->invocations, out);
}

/* ---- steps ---- */

static struct step begin_step(struct walk *w, struct span at)
{
    w->out = (struct effects){0};
    return (struct step){.at = at};
}

static void add_pipeline(struct walk *w, const struct sh_pipeline *p, struct steps *out)
{
    struct step step = begin_step(w, p->span);
    w->invocations = &step.runs;
    w->installations = &step.installs;
    command_walk_pipeline(w, p);
    step.effects = command_end_walk(w);
    step.simple = p->commands.n == 1 && !p->bang && p->commands.at[0]->kind == SH_SIMPLE;
    vec_add(w->c->arena, out, step);
}

static bool is_chain(const struct sh_and_or *and_or)
{
    for (size_t i = 1; i < and_or->operands.n; i++)
        if (and_or->operands.at[i].op != SH_AND)
            return false;
    return true;
}

static void add_and_or(struct walk *w, const struct sh_and_or *and_or, struct steps *out)
{
    if (is_chain(and_or)) {
        for (size_t i = 0; i < and_or->operands.n; i++)
            add_pipeline(w, and_or->operands.at[i].pipeline, out);
        return;
    }
    struct step step = begin_step(w, and_or->span);
    w->invocations = &step.runs;
    w->installations = &step.installs;
    command_walk_and_or(w, and_or);
    step.effects = command_end_walk(w);
    vec_add(w->c->arena, out, step);
}

bool command_steps(struct compile *c, const struct state *before, const struct sh_list *list,
                   struct steps *out)
{
    struct walk w = command_start_walk(c, before);
    out->chain = list && list->items.n == 1 && is_chain(list->items.at[0].and_or);
    for (size_t i = 0; list && i < list->items.n; i++) {
        const struct sh_item *item = &list->items.at[i];
        if (item->separator == SH_AMPERSAND)
            return false;
        add_and_or(&w, item->and_or, out);
    }
    return true;
}

const struct sh_command *step_command(const struct sh_list *list, const struct step *step)
{
    return step->runs.n == 1 ? step_simple(list, step) : NULL;
}

const struct sh_command *step_simple(const struct sh_list *list, const struct step *step)
{
    if (!step->simple)
        return NULL;
    for (size_t i = 0; i < list->items.n; i++) {
        const struct sh_operands *operands = &list->items.at[i].and_or->operands;
        for (size_t k = 0; k < operands->n; k++)
            if (operands->at[k].pipeline->span.start == step->at.start)
                return operands->at[k].pipeline->commands.at[0];
    }
    return NULL;
}
