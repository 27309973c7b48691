#include "ir/graph.h"

#include "grammar/mount.h"
#include "ir/options.h"
#include "ir/state.h"

static struct stage *stage_numbered(const struct file *f, struct str number)
{
    size_t index = 0;
    for (size_t i = 0; i < number.len; i++) {
        if (number.at[i] < '0' || number.at[i] > '9' || index >= f->numbered.n)
            return NULL;
        index = index * 10 + (size_t)(number.at[i] - '0');
    }
    return number.len && index < f->numbered.n ? f->numbered.at[index] : NULL;
}

static bool has_variable(struct str word)
{
    return str_find(word, '$') < word.len;
}

/* Names are looked up while the stages are built, so that only earlier stages are found. */
static struct ref ref_of_name(struct compile *c, struct str name)
{
    struct ref r = {.kind = REF_STAGE};
    r.stage = map_get(&c->file->named, str_lower(c->arena, name));
    if (r.stage)
        return r;
    return (struct ref){.kind = REF_IMAGE, .image = name};
}

void graph_resolve_base(struct compile *c, struct stage *stage, const struct env *global)
{
    struct str word =
        stage->from->ast->args.n ? stage->from->ast->args.at[0].text : (struct str){0};
    struct state outside = {.env = global};
    struct str name;
    bool known = state_expand(c, &outside, word, &name);
    if (has_variable(word) || !known)
        stage->base = (struct ref){.kind = REF_UNKNOWN, .image = known ? name : word};
    else
        stage->base = ref_of_name(c, name);
    if (stage->base.kind == REF_IMAGE && str_eq(name, LIT("scratch")))
        stage->base.kind = REF_SCRATCH;
    stage->base.by = stage->from;
}

static void add_use(struct compile *c, struct instr *i, struct str word)
{
    struct ref r = {.kind = REF_UNKNOWN, .image = word};
    if (!has_variable(word)) {
        r = ref_of_name(c, word);
        struct stage *numbered = stage_numbered(c->file, word);
        if (r.kind != REF_STAGE && numbered)
            r = (struct ref){.kind = REF_STAGE, .stage = numbered, .numbered = true};
    }
    r.by = i;
    vec_add(c->arena, &i->stage->uses, r);
}

static void add_mounts(struct compile *c, struct instr *i, const struct df_instr *run)
{
    struct mounts mounts = mounts_of(c->arena, run);
    for (size_t k = 0; k < mounts.n; k++)
        if (mounts.at[k].from.len)
            add_use(c, i, mounts.at[k].from);
}

void graph_add_uses(struct compile *c, struct instr *i)
{
    const struct df_instr *ast = i->ast->kind == DF_ONBUILD ? i->ast->trigger : i->ast;
    struct str from;
    if (!i->stage || !ast)
        return;
    if (ast->kind == DF_RUN)
        add_mounts(c, i, ast);
    else if ((ast->kind == DF_COPY || ast->kind == DF_ADD) && df_flag(ast, LIT("from"), &from))
        add_use(c, i, from);
}

static bool is_target(const struct compile *c, const struct stage *s)
{
    const struct strs *targets = &c->opt->targets;
    for (size_t i = 0; i < targets->n; i++)
        if ((s->name.len && str_eq_nocase(targets->at[i], s->name)) ||
            stage_numbered(c->file, targets->at[i]) == s)
            return true;
    return targets->n == 0 && s == c->file->last_stage;
}

/* Stages are only FROM earlier ones, so that one walk from the last to the first is enough. A
 * computed name may be that of any earlier stage. */
void graph_mark_shipping(struct compile *c)
{
    bool computed = false;
    for (struct stage *s = c->file->stages; s; s = s->next)
        s->ships = is_target(c, s) ? YES : NO;
    for (struct stage *s = c->file->last_stage; s; s = s->prev) {
        if (s->ships == NO && computed && s->name.len)
            s->ships = MAYBE;
        if (s->ships == NO)
            continue;
        if (s->base.kind == REF_STAGE && s->base.stage->ships != YES)
            s->base.stage->ships = s->ships;
        computed = computed || s->base.kind == REF_UNKNOWN;
    }
}
