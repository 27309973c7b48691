/* A last stage that builds nothing and stands on an image to build in goes to the smaller one: what
 * it runs was built in another stage, or outside. */
#include "ir/base.h"
#include "ir/catalog/images.h"
#include "ir/catalog/packages.h"
#include "ir/change.h"
#include "ir/command_words.h"
#include "ir/container.h"
#include "ir/copy.h"
#include "ir/rewrite.h"
#include "passes/split_stage/split.h"

/* ---- sites ---- */

/* `15-jdk-slim` is `15-slim`. */
static bool is_same(struct compile *c, const struct stage *stage, struct str image)
{
    struct base base, smaller;
    return str_eq(image, stage->base.image) ||
           (base_of_stage(c, stage, &base) && base_of_image(c, image, &smaller) &&
            base.family == smaller.family && base.variant == smaller.variant);
}

bool split_may_rebase(struct compile *c, const struct stage *stage)
{
    struct runtime smaller;
    return stage->ships == YES && stage->base.kind != REF_STAGE &&
           toolchain_runtime(c, stage, true, &smaller) && smaller.row->n_image &&
           !is_same(c, stage, smaller.image);
}

static bool check_from(struct compile *c, const struct split_plan *p, struct why *why)
{
    const struct instr *from = p->stage->from;
    struct base base;
    if (base_of_stage(c, p->stage, &base) && base.ref.digest.len)
        return split_refuse(why, SPLIT_DIGEST, from, (struct str){0});
    for (size_t i = 0; i < p->instrs.n; i++)
        if (p->instrs.at[i].i->ast->kind == DF_ONBUILD)
            return split_refuse(why, SPLIT_TRIGGER, p->instrs.at[i].i, (struct str){0});
    return true;
}

/* ---- what was built elsewhere ---- */

/* Where it has all libraries that builds find, these need not be understood. */
static bool read_stage(struct compile *c, struct split_plan *p, const struct stage *stage,
                       struct why *why)
{
    struct why ignored = {0};
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i)) {
        struct split_instr in = {.i = i};
        bool same = p->runtime.row->same_libraries;
        if (i->ast->kind == DF_RUN && !split_read_run(c, p, &in, same ? &ignored : why) && !same)
            return false;
        vec_add(c->arena, &p->others, in);
    }
    return true;
}

static void add_stage(struct compile *c, struct stage_list *all, const struct ref *ref)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->at[i] == ref->stage)
            return;
    if (ref->kind == REF_STAGE)
        vec_add(c->arena, all, ref->stage);
}

static bool read_others(struct compile *c, struct split_plan *p, struct why *why)
{
    struct stage_list all = {0};
    for (size_t i = 0; i < p->stage->uses.n; i++) {
        const struct ref *ref = &p->stage->uses.at[i];
        if (ref->kind != REF_STAGE)
            return split_refuse(why, SPLIT_OTHER_IMAGE, ref->by, ref->image);
        add_stage(c, &all, ref);
    }
    for (size_t i = 0; i < all.n; i++) {
        const struct stage *stage = all.at[i];
        if (!read_stage(c, p, stage, why))
            return false;
        add_stage(c, &all, &stage->base);
        for (size_t k = 0; k < stage->uses.n; k++)
            add_stage(c, &all, &stage->uses.at[k]);
    }
    return true;
}

/* Nothing is seen to be built: `java -jar app.jar` says what it runs. */
static void find_language(struct compile *c, struct split_plan *p)
{
    struct container_command command = container_command(c, p->stage);
    const struct sh_list *list = container_starts(c, &command);
    const struct language_program *program = NULL;
    struct seen_commands seen = {0};
    if (list)
        seen = command_seen(c, &p->stage->end, list);
    for (size_t i = 0; i < seen.n && !program; i++)
        if (seen.at[i].words.n && seen.at[i].words.at[0].at)
            program = catalog_program(c->catalog, path_name(seen.at[i].words.at[0]));
    for (size_t i = 0; program && i < catalog_toolchain_count(c->catalog); i++)
        if (str_eq(catalog_toolchain_at(c->catalog, i)->language, program->language))
            p->toolchain = catalog_toolchain_at(c->catalog, i);
}

/* What COPY takes from them counts as built. */
static void read_copies(struct compile *c, struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct instr *at = p->instrs.at[i].i;
        if (at->ast->kind != DF_COPY)
            continue;
        struct copy copy = copy_read(c, at);
        for (size_t k = 0; k < copy.sources.n; k++) {
            const struct copy_source *source = &copy.sources.at[k];
            struct carry what = {.path = copy.to, .by = at};
            if (source->origin != COPY_FROM || !copy.to.len)
                continue;
            vec_add(c->arena, &p->carries, what);
            what.path = str_printf(c->arena, "%.*s/%.*s", STR(copy.to), STR(source->name));
            if (copy.directory && source->name.len)
                vec_add(c->arena, &p->carries, what);
        }
    }
}

/* ---- what is done to the image ---- */

static bool note_packages(struct compile *c, struct split_plan *p, const struct instr *run,
                          const struct effects *fx, struct why *why)
{
    size_t mark = p->runtime.row->manager.len + 1;
    if (fx->installs.unknown || fx->removes.unknown)
        return split_refuse(why, SPLIT_PACKAGES, run, (struct str){0});
    for (size_t i = 0; i < fx->installs.items.n; i++) {
        struct str name = str_slice(fx->installs.items.at[i], mark, fx->installs.items.at[i].len);
        vec_add(c->arena, &p->installed, name);
    }
    for (size_t i = 0; i < fx->removes.items.n; i++) {
        struct str name = str_slice(fx->removes.items.at[i], mark, fx->removes.items.at[i].len);
        if (!strs_have(&p->installed, name))
            return split_refuse(why, SPLIT_PACKAGES, run, name);
    }
    return true;
}

static bool check_step(struct compile *c, struct split_plan *p, const struct instr *run,
                       const struct split_step *s, struct why *why)
{
    const struct effects *fx = &s->step->effects;
    if (s->role == STEP_PACKAGES)
        return note_packages(c, p, run, fx, why);
    for (size_t i = 0; i < fx->reads.items.n; i++)
        if (split_is_left(p, fx->reads.items.at[i]))
            return split_refuse(why, SPLIT_RUN_COMMAND, run, fx->reads.items.at[i]);
    for (size_t i = 0; i < s->step->runs.n; i++)
        if (!split_has_command(c, p, s->step->runs.at[i].name))
            return split_refuse(why, SPLIT_RUN_COMMAND, run, s->step->runs.at[i].name);
    return true;
}

static bool check_runs(struct compile *c, struct split_plan *p, struct why *why)
{
    bool network = false;
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct split_step *s = &in->steps.at[k];
            network |= s->role != STEP_PACKAGES && effects_any(&s->step->effects, FX_NETWORK);
            if (!check_step(c, p, in->i, s, why))
                return false;
        }
    }
    if (network)
        split_want(c, p, p->runtime.row->certificates);
    return true;
}

/* ---- libraries ---- */

/* Those that the base image happened to have. */
static bool want_libraries(struct compile *c, struct split_plan *p, struct why *why)
{
    struct base base;
    struct strs names = {0}, libraries = {0};
    if (!base_of_stage(c, p->stage, &base) || !base_packages(c, &base, &names))
        return true;
    struct packages had = packages_closure(c->catalog, c->arena, &names, RECOMMENDS_NONE, NULL);
    for (size_t i = 0; i < p->others.n; i++)
        for (size_t k = 0; k < p->others.at[i].steps.n; k++) {
            const struct strs *all = &p->others.at[i].steps.at[k].step->effects.installs.items;
            for (size_t n = 0; n < all->n; n++) {
                size_t colon = str_find(all->at[n], ':');
                struct str name = str_slice(all->at[n], colon + 1, all->at[n].len);
                if (!split_libraries(c, p, name, &libraries))
                    return split_refuse(why, SPLIT_HEADERS, p->others.at[i].i, name);
            }
        }
    for (size_t i = 0; i < libraries.n; i++)
        if (map_get(&had.known, libraries.at[i]))
            split_want(c, p, libraries.at[i]);
    return true;
}

bool split_rebase(struct compile *c, struct split_plan *p, struct why *why)
{
    if (!check_from(c, p, why) || !read_others(c, p, why))
        return false;
    if (!p->toolchain)
        find_language(c, p);
    if (!p->toolchain)
        return split_refuse(why, SPLIT_NO_PROGRAM, p->stage->from, (struct str){0});
    p->project = project_of(c, p->stage);
    read_copies(c, p);
    return split_used(c, p, why) && check_runs(c, p, why) && want_libraries(c, p, why) &&
           split_needs(c, p, why);
}

/* ---- the change ---- */

bool split_write_rebased(struct compile *c, const struct split_plan *p)
{
    struct instr *from = p->stage->from, *at = from;
    struct split_lines lines = {0};
    struct edit edit = {join_span(&from->ast->joined, from->ast->args.at[0].joined),
                        p->runtime.image};
    split_write_settings(c, p, &lines);
    change_instr(c, from, rw_spliced(c, from, &edit, 1));
    if (!rw_splice(c, from, &edit, 1))
        return false;
    for (size_t i = 0; i < lines.n; i++) {
        at = rw_insert_after(c, at, (struct str){0}, lines.at[i].text);
        if (!at)
            return false;
        change_add(c, at);
    }
    return true;
}
