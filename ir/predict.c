#include "ir/predict.h"

#include "ir/base.h"
#include "ir/copied.h"
#include "ir/predict_run.h"

struct predictor {
    struct compile *c;
    struct image_packages packages;
    struct prediction sum;
};

static void add_instr(struct predictor *p, struct instr *i)
{
    struct predicted_part part = {.by = i, .whole = true};
    if (i->ast->kind == DF_RUN) {
        predict_run(&p->packages, i, &part);
    } else if (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD) {
        struct copied copied = copied_by(p->c, i);
        part.bytes = copied.bytes;
        part.whole = copied.whole;
    }
    p->sum.bytes += part.bytes;
    p->sum.whole &= part.whole;
    if (part.bytes || !part.whole)
        vec_add(p->c->arena, &p->sum.parts, part);
}

static void add_stage(struct predictor *p, const struct stage *stage)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
        add_instr(p, i);
}

/* False when the size of the base image is not known. */
static bool start(struct predictor *p, const struct stage *stage)
{
    struct base base;
    if (!base_of_stage(p->c, stage, &base) || !base.variant || !base.variant->mb)
        return false;
    p->packages = predict_base_packages(p->c, stage);
    p->sum.base = p->sum.bytes = (uint64_t)base.variant->mb * 1000 * 1000;
    p->sum.whole = true;
    return true;
}

bool predict_image(struct compile *c, const struct stage *stage, struct prediction *out)
{
    struct predictor p = {.c = c};
    struct stage_list chain = {0};
    if (!start(&p, stage))
        return false;
    for (const struct stage *s = stage; s; s = s->base.kind == REF_STAGE ? s->base.stage : NULL)
        vec_add(c->arena, &chain, (struct stage *)s);
    for (size_t i = chain.n; i > 0; i--)
        add_stage(&p, chain.at[i - 1]);
    *out = p.sum;
    return true;
}
