/* split-stage: what builds stays in a stage of its own. Details: `explain`. */
#include "passes/split_stage/split.h"

#include "ir/base.h"
#include "ir/catalog/packages.h"
#include "ir/change.h"
#include "ir/layout.h"
#include "ir/options.h"
#include "ir/purpose.h"
#include "ir/rewrite.h"

static const char explain[] =
    "A stage that builds and runs becomes a build stage, as it was, and a small final one.\n"
    "\n"
    "    FROM golang:1.22                        FROM golang:1.22 AS build\n"
    "    WORKDIR /src                            WORKDIR /src\n"
    "    COPY . .                                COPY . .\n"
    "    RUN go build -o app .            =>     RUN go build -o app .\n"
    "    EXPOSE 8000\n"
    "    CMD [\"./app\"]                           FROM debian:bookworm-slim\n"
    "                                            WORKDIR /src\n"
    "                                            COPY --from=build /src/app /src/app\n"
    "                                            EXPOSE 8000\n"
    "                                            CMD [\"./app\"]\n"
    "\n"
    "Legal when\n"
    " 1. the image is an application's, not one to work or build in (ir/purpose.h);\n"
    " 2. the catalog knows the base image and a smaller one of the same distribution and\n"
    "    release that runs what is built on it: the C library is not older;\n"
    " 3. of each step of each RUN it is known what it writes, or what it builds: artifacts of a\n"
    "    toolchain are told by its command line and the project's manifest;\n"
    " 4. what is done to the image besides (users, directories, packages, settings) can be done\n"
    "    again in the final stage without what the build made; what was made otherwise goes over;\n"
    " 5. what the program reads beside itself is known from the build context: all that is no\n"
    "    source, or is named by the program or by what the container starts, goes over;\n"
    " 6. commands that run in the container, of CMD, ENTRYPOINT, HEALTHCHECK, their scripts, and\n"
    "    those that the sources name, are in the smaller image or can be installed;\n"
    " 7. packages that only builds need are known; those of headers leave their libraries. What\n"
    "    the final stage installs the release's archive has, and its lists have been fetched;\n"
    " 8. what goes over has one owner, and no volume was declared above it before.\n"
    "A last stage on an image to build in that only runs what other stages built goes to the\n"
    "smaller image in the same way, with what it installs and prepares; what it runs for that, "
    "the\n"
    "smaller image has.\n"
    "At -O3 a base image whose tools link a runtime of their own modules (jlink) does so at the\n"
    "start of the build stage, with the modules that a runtime of that release has, and the final\n"
    "stage is the distribution's image with that in its place: if the container starts no other\n"
    "tool of it, opens no libraries of the system (fonts, windows), names no other modules, and\n"
    "the file changes nothing of it. Where all code of the program is of sources that are seen,\n"
    "and neither they nor its options name code, services or data of locales, it is linked at the\n"
    "end, with the modules that the program's classes are linked with (jdeps).\n"
    "At -O3 a program without libraries of packages may run on the release that succeeds one "
    "which\n"
    "gets no more updates: the C library is newer. A program that needs no distribution goes to\n"
    "an image without a shell, with its interpreter if it has one (minimal-base says when).\n"
    "\n"
    "Left alone: a file that is split already, and whose last stage stands on a small image; a\n"
    "build whose result cannot be told.\n";

const struct rule split_rules[] = {
#define X(id, name, sentence) [SPLIT_##id] = {"split-stage/" name, sentence},
    SPLIT_REASONS(X)
#undef X
};

static const struct rule applied = {"split-stage/split", "what builds stays in a stage of its own"};

/* ---- sites ---- */

static bool builds(struct compile *c, struct instr *i)
{
    const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(c, i) : NULL;
    struct steps steps = {0};
    if (!script || !script->list)
        return false;
    command_steps(c, &i->before, script->list, &steps);
    for (size_t k = 0; k < steps.n; k++)
        for (size_t n = 0; n < steps.at[k].runs.n; n++) {
            const struct build_command *row = toolchain_row(c, &steps.at[k].runs.at[n]);
            if (row && !row->again)
                return true;
        }
    return false;
}

static bool any_builds(struct compile *c, const struct stage *stage)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
        if (builds(c, i))
            return true;
    return false;
}

/* The last stage alone: what the image is made of. */
static bool next(struct compile *c, struct site *site)
{
    struct stage *stage = c->file->last_stage;
    if (site->at || !stage)
        return false;
    bool builds = any_builds(c, stage);
    if (!builds && !split_may_rebase(c, stage))
        return false;
    struct split_plan *plan = arena_alloc(c->arena, sizeof *plan);
    plan->stage = stage;
    plan->in_place = !builds;
    *site = (struct site){.at = stage->from, .with = c->file->last, .plan = plan};
    return true;
}

/* ---- legality ---- */

static bool check_purpose(struct compile *c, const struct split_plan *p, struct why *why)
{
    struct purpose purpose = purpose_of(c, p->stage);
    switch (purpose.kind) {
    case PURPOSE_APPLICATION:
        return true;
    case PURPOSE_NO_COMMAND:
        return split_refuse(why, SPLIT_NO_COMMAND, purpose.at, purpose.detail);
    case PURPOSE_SHELL:
    case PURPOSE_PACKAGED:
    case PURPOSE_DEVELOPMENT:
        return split_refuse(why, SPLIT_TOOL, purpose.at, purpose.detail);
    case PURPOSE_OPAQUE:
    case PURPOSE_HIDDEN:
        return split_refuse(why, SPLIT_HIDDEN_COMMAND, purpose.at, purpose.detail);
    }
    return false;
}

static bool check_stage(struct compile *c, struct split_plan *p, struct why *why)
{
    struct instr *from = p->stage->from;
    if (!check_purpose(c, p, why))
        return false;
    if (p->stage->base.kind == REF_UNKNOWN)
        return split_refuse(why, SPLIT_BASE_VARIABLE, from, (struct str){0});
    if (!toolchain_runtime(c, p->stage, true, &p->runtime))
        return split_refuse(why, SPLIT_BASE, from, p->stage->base.image);
    if (c->opt->level >= 3)
        toolchain_linked(c, p->stage, &p->linked);
    for (struct instr *i = from; i; i = instr_next(i))
        if (!pragma_allows(i, LIT("split-stage")))
            return split_refuse(why, SPLIT_PRAGMA, i, (struct str){0});
    return true;
}

static void choose_name(struct compile *c, struct split_plan *p)
{
    p->name = LIT("build");
    for (unsigned n = 2; map_get(&c->file->named, p->name); n++)
        p->name = str_printf(c->arena, "build-%u", n);
}

/* Of another distribution packages are called otherwise. */
static bool has_packages(const struct split_plan *p, struct why *why)
{
    const struct strs *all = p->packages.n ? &p->packages : &p->installed;
    return all->n && !split_refuse(why, SPLIT_PACKAGES, p->stage->from, all->at[0]);
}

/* .. and it has its own runtime elsewhere. */
static bool names_runtime(const struct split_plan *p, struct why *why)
{
    for (const struct env *e = p->stage->end.env; p->linked.by && e; e = e->before)
        if (e->kind == ENV_SET && split_is_below(e->value, p->linked.home))
            return !split_refuse(why, SPLIT_OWN_RUNTIME, p->stage->from, e->name);
    for (size_t i = 0; p->linked.by && i < p->used.n; i++)
        if (split_is_below(p->used.at[i], p->linked.home))
            return !split_refuse(why, SPLIT_OWN_RUNTIME, p->stage->from, p->used.at[i]);
    return false;
}

/* Where that matters it is an image of the same distribution. */
static bool check_foreign(struct compile *c, struct split_plan *p, struct why *why)
{
    if (!p->runtime.foreign ||
        (!has_packages(p, why) && !names_runtime(p, why) && !split_changes_runtime(c, p, why)))
        return true;
    if (!toolchain_runtime(c, p->stage, false, &p->runtime))
        return false;
    *why = (struct why){0};
    return true;
}

static bool find_owners(struct compile *c, struct split_plan *p, struct why *why)
{
    for (size_t i = 0; i < p->carries.n; i++) {
        struct carry *what = &p->carries.at[i];
        if (!split_owner(c, p, what, &what->owner))
            return split_refuse(why, SPLIT_OWNERS, what->by, what->path);
    }
    return true;
}

/* Packages beside data are of the release. */
static bool has_libraries(const struct split_plan *p)
{
    return split_needs_more_than_data(p) || p->installed.n > 0;
}

static bool check_release(struct compile *c, const struct split_plan *p, struct why *why)
{
    struct str lacking = {0};
    if (!p->runtime.alpine)
        lacking = packages_lacking(c->catalog, p->runtime.release, &p->packages);
    return !lacking.len || split_refuse(why, SPLIT_RELEASE, p->stage->from, lacking);
}

static void choose_smallest(struct compile *c, struct split_plan *p)
{
    if (p->toolchain->compiled && !has_libraries(p))
        toolchain_newer_runtime(c, p->stage, &p->runtime);
    if (p->toolchain->compiled || p->toolchain->interpreter.len)
        split_minimal(c, p);
}

static bool split(struct compile *c, struct split_plan *p, struct why *why)
{
    if (!p->toolchain)
        return split_refuse(why, SPLIT_NO_PROGRAM, p->stage->from, (struct str){0});
    p->project = project_of(c, p->stage);
    choose_name(c, p);
    if (!split_used(c, p, why) || !split_decide(c, p, why))
        return false;
    if (!p->carries.n)
        return split_refuse(why, SPLIT_NO_PROGRAM, p->stage->from, (struct str){0});
    split_prune(c, p);
    if (!split_needs(c, p, why) || !find_owners(c, p, why))
        return false;
    split_link(c, p);
    split_join_packages(c, p);
    return split_check_runs(c, p, why);
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct split_plan *p = site->plan;
    if (!check_stage(c, p, why) || !split_read(c, p, why) ||
        !(p->in_place ? split_rebase(c, p, why) : split(c, p, why)) ||
        (!p->links_runtime && !check_foreign(c, p, why)) || !check_release(c, p, why) ||
        !split_check_lists(p, why))
        return false;
    if (c->opt->level >= 3 && !p->in_place && !p->links_runtime)
        choose_smallest(c, p);
    split_settings(c, p);
    if (p->in_place)
        site->detail = p->runtime.image;
    return true;
}

/* ---- the change ---- */

static void declare(struct compile *c, const struct split_plan *p, const struct split_lines *lines)
{
    change_instr(c, p->stage->from, split_build_from(c, p));
    for (size_t i = 0; i < lines->n; i++)
        if (lines->at[i].moved)
            change_drop(c, lines->at[i].moved);
    for (size_t i = p->n_build; i < p->instrs.n; i++)
        change_drop(c, p->instrs.at[i].i);
    change_add_stage(c, p->stage->index + 1, lines->at[0].text);
}

/* Before anything of the file: the base image's own user, and a layer that no change of it makes
 * anew; but when the program is there, if it is for that alone. */
static bool link_runtime(struct compile *c, const struct split_plan *p, struct instr **last)
{
    if (!p->links_runtime)
        return true;
    struct instr *at = p->program.len ? *last : p->stage->from;
    struct instr *run = rw_insert_after(c, at, (struct str){0}, split_link_run(c, p));
    if (!run)
        return false;
    change_add(c, run);
    if (at == *last)
        *last = run;
    return true;
}

static bool write_lines(struct compile *c, const struct split_lines *lines, struct instr *at)
{
    for (size_t i = 0; i < lines->n; i++) {
        struct instr *moved = lines->at[i].moved;
        if (moved) {
            rw_move_after(c, moved, at);
            at = moved;
            continue;
        }
        at = rw_insert_after(c, at, i ? (struct str){0} : c->file->layout->newline,
                             lines->at[i].text);
        if (!at)
            return false;
    }
    return true;
}

/* At the end of the build stage, in the directory that it is in then. */
static bool prune(struct compile *c, const struct split_plan *p, struct instr **last)
{
    struct strs texts = split_prunes(c, p);
    for (size_t i = 0; i < texts.n; i++) {
        *last = rw_insert_after(c, *last, (struct str){0}, texts.at[i]);
        if (!*last)
            return false;
        change_add(c, *last);
    }
    return true;
}

/* The stage is split, but its final one could be smaller. */
static void note_not_linked(struct compile *c, const struct why *why)
{
    if (why->rule)
        remark_add(&c->remarks, (struct remark){.kind = REMARK_NOTE,
                                                .pass = "split-stage",
                                                .rule = why->rule,
                                                .at = why->at->origin,
                                                .detail = why->detail});
}

/* Commands of the final stage see what the base images set differently. */
static void declare_env(struct compile *c, const struct split_plan *p)
{
    struct strs env = split_env(c, p);
    if (p->path.n || p->nothing)
        change_env(c, c->file->last_stage, LIT("PATH"));
    for (size_t i = 0; i < p->unset.n; i++)
        change_env(c, c->file->last_stage, p->unset.at[i]);
    for (size_t i = 0; i < env.n; i++)
        change_env(c, c->file->last_stage, str_slice(env.at[i], 0, str_find(env.at[i], '=')));
    for (size_t i = 0; p->links_runtime && i < p->linked.env.n; i++)
        change_env(c, c->file->last_stage,
                   str_slice(p->linked.env.at[i], 0, str_find(p->linked.env.at[i], '=')));
}

static bool write_split(struct compile *c, const struct split_plan *p)
{
    struct split_lines lines = split_write(c, p);
    struct instr *last = p->instrs.at[p->n_build - 1].i;
    declare(c, p, &lines);
    if (!rw_replace(c, p->stage->from, split_build_from(c, p)) || !link_runtime(c, p, &last) ||
        !prune(c, p, &last) || !write_lines(c, &lines, last))
        return false;
    lower_again(c);
    for (struct instr *i = instr_next(c->file->last_stage->from); i; i = instr_next(i))
        change_add(c, i);
    return true;
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct split_plan *p = site->plan;
    if (!(p->in_place ? split_write_rebased(c, p) : write_split(c, p)))
        return false;
    declare_env(c, p);
    note_not_linked(c, &p->not_linked);
    return true;
}

/* A second stage on the same image is worth its lines from here on. */
enum { LEAST_KIB = 10 * 1024 };

/* What the packages that are dropped bring along, beyond what is installed in any case. */
static uint64_t dropped_kib(struct compile *c, const struct split_plan *p)
{
    struct strs kept = {0};
    struct base base;
    if (base_of_stage(c, p->stage, &base))
        base_packages(c, &base, &kept);
    for (size_t i = 0; i < p->installed.n; i++)
        vec_add(c->arena, &kept, p->installed.at[i]);
    for (size_t i = 0; i < p->packages.n; i++)
        vec_add(c->arena, &kept, p->packages.at[i]);
    struct packages have = packages_closure(c->catalog, c->arena, &kept, RECOMMENDS_NONE, NULL);
    return packages_closure(c->catalog, c->arena, &p->dropped, RECOMMENDS_NONE, &have).kib;
}

/* Nothing is gained where the base is small already and little of the build is left behind. */
static int64_t gain(struct compile *c, const struct site *site)
{
    const struct split_plan *p = site->plan;
    bool smaller = !str_eq(p->runtime.image, p->stage->base.image);
    return smaller || p->prunes.n || dropped_kib(c, p) >= LEAST_KIB ? GAIN_SOME : 0;
}

const struct pass pass_split_stage = {
    .name = "split-stage",
    .summary = "what builds stays in a stage of its own",
    .explain = explain,
    .level = 2,
    .rules = split_rules,
    .n_rules = sizeof split_rules / sizeof *split_rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
