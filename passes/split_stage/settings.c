/* Variables that the image to build in sets, and the smaller one does not: those that something of
 * the final stage names keep their values. */
#include "ir/base.h"
#include "ir/container.h"
#include "passes/split_stage/split.h"

/* ---- who names a variable ---- */

struct search {
    struct str name;
    bool found;
};

static bool see_word(void *self, const struct sh_word *word, unsigned substitution)
{
    struct search *s = self;
    (void)substitution;
    for (size_t i = 0; i < word->parts.n; i++)
        s->found |= word->parts.at[i].kind == SH_PARAM && str_eq(word->parts.at[i].name, s->name);
    return !s->found;
}

static bool script_names(const struct sh_list *list, struct str name)
{
    struct search s = {.name = name};
    struct sh_visitor v = {.self = &s, .word = see_word};
    if (list)
        sh_walk(list, &v);
    return s.found;
}

static bool words_name(struct compile *c, const struct instr *i, struct str name)
{
    struct strs names = {0};
    for (size_t k = 0; k < i->ast->args.n; k++)
        expand_names(c->arena, i->ast->args.at[k].text, c->file->escape, &names);
    for (size_t k = 0; k < i->ast->flags.n; k++)
        expand_names(c->arena, i->ast->flags.at[k].text, c->file->escape, &names);
    return strs_have(&names, name);
}

static bool container_names(struct compile *c, struct instr *i, struct str name)
{
    const struct container_scripts *scripts = container_scripts(c, i);
    for (size_t k = 0; k < scripts->n; k++)
        if (script_names(scripts->at[k].list, name))
            return true;
    return script_names(instr_commands(c, i), name);
}

static bool is_repeated(const struct split_plan *p, const struct split_instr *in)
{
    bool any = p->in_place;
    for (size_t k = 0; k < in->steps.n; k++)
        any |= in->steps.at[k].repeated;
    return any;
}

static bool is_named(struct compile *c, const struct split_plan *p, struct str name)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        struct instr *at = p->instrs.at[i].i;
        enum df_kind kind = at->ast->kind;
        bool starts = kind == DF_CMD || kind == DF_ENTRYPOINT || kind == DF_HEALTHCHECK;
        if (kind == DF_RUN
                ? is_repeated(p, &p->instrs.at[i]) && script_names(instr_commands(c, at), name)
                : words_name(c, at, name) || (starts && container_names(c, at, name)))
            return true;
    }
    return source_names(c, p->toolchain->language, name, NULL) == YES;
}

/* ---- which ---- */

static bool sets(const struct image_variant *v, struct str text)
{
    for (size_t i = 0; v && i < v->n_env; i++)
        if (str_eq(v->env[i], text))
            return true;
    return false;
}

void split_settings(struct compile *c, struct split_plan *p)
{
    struct base base, smaller = {0};
    if (!base_of_stage(c, p->stage, &base) || !base.variant)
        return;
    base_of_image(c, p->runtime.image, &smaller);
    for (size_t i = 0; i < base.variant->n_env; i++) {
        struct str text = base.variant->env[i];
        struct str name = str_slice(text, 0, str_find(text, '='));
        if (sets(smaller.variant, text))
            continue;
        vec_add(c->arena, &p->unset, name);
        if (is_named(c, p, name))
            vec_add(c->arena, &p->settings, text);
    }
}
