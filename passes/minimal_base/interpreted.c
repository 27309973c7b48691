/* Programs that an interpreter runs: it goes over from a stage that has it. */
#include "ir/interpreted.h"
#include "ir/minimal.h"
#include "passes/minimal_base/minimal_base.h"

/* ---- where the interpreter comes from ---- */

static bool has_same_platform(const struct stage *stage, const struct stage *from)
{
    for (const struct stage *s = from; s; s = s->base.kind == REF_STAGE ? s->base.stage : NULL)
        if (!df_same_flags(s->from->ast, stage->from->ast))
            return false;
    return true;
}

/* The same version and release, as the image brings it. */
static bool has_same(struct compile *c, const struct minimal_plan *p, const struct stage *stage,
                     const struct stage *from)
{
    struct base base;
    return base_of_stage(c, from, &base) && base.variant && !base.variant->libc.len &&
           str_eq(base.ref.name, p->base.ref.name) && base.version.len &&
           str_eq(base.version, p->base.version) && base.suite.len &&
           str_eq(base.suite, p->base.suite) && has_same_platform(stage, from) &&
           interpreted_is_untouched(c, p->toolchain, from);
}

static bool find_stage(struct compile *c, struct minimal_plan *p, const struct stage *stage)
{
    for (size_t i = 0; i < stage->uses.n && !p->stage; i++) {
        const struct ref *use = &stage->uses.at[i];
        if (use->kind == REF_STAGE && use->by->ast->kind == DF_COPY &&
            has_same(c, p, stage, use->stage))
            p->stage = use->stage;
    }
    return p->stage != NULL;
}

/* ---- all ---- */

static bool refuse_need(struct why *why, enum interpreted_need need,
                        const struct interpreted_evidence *where)
{
    static const enum minimal_reason reasons[] = {
        [INTERPRETED_NOTHING] = MINIMAL_BASE,        [INTERPRETED_COMMAND] = MINIMAL_COMMAND,
        [INTERPRETED_OTHER] = MINIMAL_STARTED,       [INTERPRETED_PROGRAMS] = MINIMAL_STARTS,
        [INTERPRETED_LIBRARIES] = MINIMAL_LIBRARIES, [INTERPRETED_LOCALES] = MINIMAL_LOCALES,
        [INTERPRETED_ACCOUNTS] = MINIMAL_ACCOUNTS,   [INTERPRETED_SYSTEM] = MINIMAL_SYSTEM,
        [INTERPRETED_PLATFORM] = MINIMAL_PLATFORM,   [INTERPRETED_VARIABLE] = MINIMAL_VARIABLE,
        [INTERPRETED_PACKAGE] = MINIMAL_PACKAGES,
    };
    return minimal_refuse(why, reasons[need], where->at, where->detail);
}

bool minimal_check_interpreted(struct compile *c, struct minimal_plan *p, struct stage *stage,
                               struct why *why)
{
    struct interpreted_evidence where = {0};
    p->interpreted = true;
    p->program = p->toolchain->interpreter;
    if (!find_stage(c, p, stage))
        return minimal_refuse(why, MINIMAL_INTERPRETER, stage->from, p->program);
    enum interpreted_need need = interpreted_needs(c, p->toolchain, stage, p->stage, &where);
    if (need != INTERPRETED_NOTHING)
        return refuse_need(why, need, &where);
    if (!minimal_check_stage(c, p, stage, why))
        return false;
    p->image = minimal_image_of(c, p, p->toolchain->minimal);
    return p->image.len || minimal_refuse(why, MINIMAL_RELEASE, stage->from, LIT(""));
}
