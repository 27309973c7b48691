#include "ir/predict.h"

#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/catalog/packages.h"
#include "ir/command.h"

struct predictor {
    struct compile *c;
    const struct package_release *release; /* NULL: packages are not known */
    struct strs asked;                     /* packages of the base and of the RUNs so far */
    struct packages have;
    struct predicted_part now; /* of the instruction that is looked at */
    struct prediction sum;
};

/* ---- packages ---- */

/* What it adds to the packages that are there. */
static void add_installation(struct predictor *p, const struct installation *one)
{
    struct arena *a = p->c->arena;
    bool all = !one->says && p->release->of_rows;
    enum recommends recommends = all ? RECOMMENDS_OWN : RECOMMENDS_NONE;
    struct packages more = packages_closure(p->c->catalog, a, &one->packages, recommends, &p->have);
    p->now.bytes += more.kib * 1024;
    p->now.whole &= one->known && !more.missing.n && (one->says || p->release->of_rows);
    for (size_t i = 0; i < more.names.n; i++)
        vec_add(a, &p->asked, more.names.at[i]);
    p->have = packages_closure(p->c->catalog, a, &p->asked, RECOMMENDS_NONE, NULL);
}

/* ---- what is left ---- */

static void add_mess(struct predictor *p, const struct mess *mess)
{
    p->now.whole &= mess->kib > 0 || mess->removed_by_base.len > 0;
    p->now.bytes += mess->removed_by_base.len ? 0 : (uint64_t)mess->kib * 1024;
}

static void add_messes(struct predictor *p, const struct set *left, enum mess_kind kind)
{
    for (size_t i = 0; i < left->items.n; i++) {
        const struct manager *m = catalog_manager(p->c->catalog, left->items.at[i]);
        for (size_t k = 0; m && k < m->n_messes; k++)
            if (m->messes[k].kind == kind)
                add_mess(p, &m->messes[k]);
    }
}

/* ---- instructions ---- */

/* Each of its commands runs, and what they do to packages is known. */
static bool is_plain(struct compile *c, struct instr *run, struct steps *steps)
{
    const struct sh_script *script = instr_script(c, run);
    if (!script || !script->list || !command_steps(c, &run->before, script->list, steps))
        return false;
    for (size_t i = 0; i < steps->n; i++)
        if (!steps->at[i].simple)
            return false;
    const struct effects *fx = instr_effects(c, run);
    return steps->chain && !fx->installs.unknown && set_is_empty(&fx->removes) &&
           !fx->lists.unknown && !fx->caches.unknown;
}

static bool is_of_packages(const struct step *s)
{
    for (size_t i = 0; i < s->runs.n; i++)
        if (s->runs.at[i].row && s->runs.at[i].row->manager.len)
            return true;
    return s->effects.drops_lists.items.n || s->effects.drops_caches.items.n;
}

/* What other commands leave, and packages that have no size, is not counted. */
static bool is_counted(const struct steps *steps, const struct effects *fx,
                       const struct installations *all)
{
    size_t known = 0;
    for (size_t i = 0; i < steps->n; i++)
        if (!is_of_packages(&steps->at[i]))
            return false;
    for (size_t i = 0; i < all->n; i++)
        known += all->at[i].packages.n;
    return fx->installs.items.n <= known;
}

static void add_run(struct predictor *p, struct instr *run)
{
    struct steps steps = {0};
    if (!is_plain(p->c, run, &steps)) {
        p->now.whole = false;
        return;
    }
    const struct effects *fx = instr_effects(p->c, run);
    struct installations all = command_installs(p->c, &run->before, run->script->list);
    p->now.whole &= is_counted(&steps, fx, &all) && (!all.n || p->release);
    for (size_t i = 0; p->release && i < all.n; i++)
        add_installation(p, &all.at[i]);
    add_messes(p, &fx->lists, MESS_LISTS);
    add_messes(p, &fx->caches, MESS_CACHE);
}

static void add_stage(struct predictor *p, const struct stage *stage)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i)) {
        p->now = (struct predicted_part){.by = i, .whole = true};
        if (i->ast->kind == DF_RUN)
            add_run(p, i);
        else if (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD)
            p->now.whole = false;
        p->sum.bytes += p->now.bytes;
        p->sum.whole &= p->now.whole;
        if (p->now.bytes || !p->now.whole)
            vec_add(p->c->arena, &p->sum.parts, p->now);
    }
}

/* ---- the image ---- */

static bool start(struct predictor *p, const struct stage *stage)
{
    struct base base, under;
    if (!base_of_stage(p->c, stage, &base) || !base.variant || !base.variant->mb)
        return false;
    p->sum.base = p->sum.bytes = (uint64_t)base.variant->mb * 1000 * 1000;
    p->sum.whole = true;
    p->have = (struct packages){.known.arena = p->c->arena};
    if (base_packages(p->c, &base, &p->asked) && base_distribution(p->c, &base, &under))
        p->release = catalog_package_release(p->c->catalog, under.suite);
    if (p->release)
        p->have = packages_closure(p->c->catalog, p->c->arena, &p->asked, RECOMMENDS_NONE, NULL);
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
