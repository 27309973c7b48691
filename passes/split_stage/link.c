/* -O3: the runtime that the final stage needs is linked by the build stage's own tools, of the
 * modules that a runtime of its release has; it runs on an image of the distribution alone. */
#include "ir/catalog/packages.h"
#include "ir/command_words.h"
#include "ir/container.h"
#include "ir/copy.h"
#include "ir/layout.h"
#include "passes/split_stage/split.h"

/* ---- what the container starts ---- */

static bool has_entry(const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        if (p->instrs.at[i].i->ast->kind == DF_ENTRYPOINT)
            return true;
    return p->linked.base.variant->n_entrypoint == 0;
}

/* It comes with the runtime, is the shell's own, or is in the smallest image of a distribution of
 * the kind. */
static bool has_command(struct compile *c, const struct split_plan *p, struct str name)
{
    const struct linker *by = p->linked.by;
    struct strs has = catalog_items(c->catalog, c->arena, by->has, by->n_has);
    struct str package = catalog_command_package(c->catalog, name);
    const struct package *known = catalog_package(c->catalog, package);
    const struct command *row = catalog_command(c->catalog, name);
    if (strs_have(&has, name) || split_brings_command(p, name))
        return true;
    if (!package.len)
        return row && (row->usage.does & DOES(SYSTEM));
    return (known && known->minimal) || strs_have(&p->installed, package);
}

static bool check_commands(struct compile *c, const struct split_plan *p, struct why *why)
{
    struct source_evidence where = {0};
    for (size_t i = 0; i < p->commands.n; i++)
        if (!has_command(c, p, p->commands.at[i]))
            return split_refuse(why, SPLIT_LINK_COMMANDS, p->stage->from, p->commands.at[i]);
    if (p->all_known)
        return true;
    source_shows(c, p->linked.by->language, SOURCE_COMMANDS, &where);
    return split_refuse(why, SPLIT_LINK_COMMANDS, p->stage->from,
                        source_evidence_text(c->arena, &where));
}

/* ---- what it is linked with ---- */

static bool check_libraries(struct compile *c, const struct split_plan *p, struct why *why)
{
    struct source_evidence where = {0};
    struct str language = p->linked.by->language;
    if (source_shows(c, language, SOURCE_LIBRARIES, &where) != NO ||
        source_shows(c, language, SOURCE_NATIVE, &where) != NO)
        return split_refuse(why, SPLIT_LINK_LIBRARIES, p->stage->from,
                            source_evidence_text(c->arena, &where));
    return true;
}

static bool has_mark(const struct linker *by, struct str text)
{
    for (size_t i = 0; i < by->n_refuses; i++)
        if (str_search(text, by->refuses[i]) < text.len)
            return true;
    return false;
}

/* Words of commands that run in the container, and variables that they may read. */
static bool check_modules(const struct split_plan *p, struct why *why)
{
    for (size_t i = 0; i < p->words.n; i++)
        if (has_mark(p->linked.by, p->words.at[i]))
            return split_refuse(why, SPLIT_LINK_MODULES, p->stage->from, p->words.at[i]);
    for (const struct env *e = p->stage->end.env; e; e = e->before)
        if ((e->kind == ENV_SET || e->kind == ENV_DEFAULT) && has_mark(p->linked.by, e->value))
            return split_refuse(why, SPLIT_LINK_MODULES, p->stage->from, e->name);
    return true;
}

/* ---- the runtime that the base image has ---- */

static bool touches(const struct set *paths, struct str tree)
{
    struct set home = {.items = {&tree, 1, 1}};
    return paths_meet(paths, &home) != NO;
}

static const struct str *changing_command(const struct linker *by, const struct step *s)
{
    for (size_t i = 0; i < s->runs.n; i++)
        if (str_is_one_of(s->runs.at[i].name, by->changed_by, by->n_changed_by))
            return &s->runs.at[i].name;
    return NULL;
}

static bool step_changes(const struct linked *linked, const struct instr *i,
                         const struct split_step *s, struct why *where)
{
    const struct effects *fx = &s->step->effects;
    const struct str *command = changing_command(linked->by, s->step);
    if (command)
        return !split_refuse(where, SPLIT_OWN_RUNTIME, i, *command);
    if (s->role != STEP_FILES ||
        (!touches(&fx->writes, linked->home) && !touches(&fx->deletes, linked->home)))
        return false;
    return !split_refuse(where, SPLIT_OWN_RUNTIME, i, linked->home);
}

static bool instr_changes(struct compile *c, const struct linked *linked,
                          const struct split_instr *in, struct why *where)
{
    if (in->i->ast->kind == DF_COPY || in->i->ast->kind == DF_ADD) {
        struct effects fx = copy_effects(c, in->i);
        return touches(&fx.writes, linked->home) &&
               !split_refuse(where, SPLIT_OWN_RUNTIME, in->i, linked->home);
    }
    for (size_t k = 0; k < in->steps.n; k++)
        if (step_changes(linked, in->i, &in->steps.at[k], where))
            return true;
    return false;
}

/* A variable that says where it is has another value in the file. */
static const struct env *moved_elsewhere(const struct split_plan *p)
{
    for (size_t i = 0; i < p->linked.env.n; i++) {
        struct str text = p->linked.env.at[i];
        size_t equals = str_find(text, '=');
        const struct env *e = env_find(p->stage->end.env, str_slice(text, 0, equals));
        if (str_eq(str_slice(text, equals + 1, text.len), p->linked.home) && e &&
            !(e->kind == ENV_SET && str_eq(e->value, p->linked.home)))
            return e;
    }
    return NULL;
}

bool split_changes_runtime(struct compile *c, const struct split_plan *p, struct why *where)
{
    if (!p->linked.by)
        return false;
    const struct env *e = moved_elsewhere(p);
    if (e)
        return !split_refuse(where, SPLIT_OWN_RUNTIME, p->stage->from, e->name);
    for (size_t i = 0; i < p->instrs.n; i++)
        if (instr_changes(c, &p->linked, &p->instrs.at[i], where))
            return true;
    return false;
}

/* ---- packages ---- */

static bool check_packages(const struct split_plan *p, struct why *why)
{
    if (str_eq(p->linked.release, p->runtime.release) && !p->runtime.foreign)
        return true;
    const struct strs *all = p->installed.n ? &p->installed : &p->packages;
    return all->n == 0 || split_refuse(why, SPLIT_LINK_PACKAGES, p->stage->from, all->at[0]);
}

/* ---- the whole ---- */

static bool check(struct compile *c, const struct split_plan *p, struct why *why)
{
    struct instr *from = p->stage->from;
    if (!p->linked.how || !p->linked.image.len)
        return split_refuse(why, SPLIT_LINK_RELEASE, from, p->linked.version);
    if (!has_entry(p))
        return split_refuse(why, SPLIT_LINK_ENTRY, from, p->linked.base.variant->entrypoint[0]);
    return check_commands(c, p, why) && check_libraries(c, p, why) && check_modules(p, why) &&
           check_packages(p, why) && !split_changes_runtime(c, p, why);
}

void split_link(struct compile *c, struct split_plan *p)
{
    if (!p->linked.by || !p->linked.base.variant ||
        !str_eq(p->linked.by->language, p->toolchain->language) || !check(c, p, &p->not_linked))
        return;
    p->links_runtime = true;
    p->program = split_only_program(c, p);
    p->runtime.image = p->linked.image;
    p->runtime.entry = false;
}

/* {program} is the program. */
static struct str with_program(struct compile *c, struct str part, struct str program)
{
    struct str mark = LIT("{program}");
    size_t at = str_search(part, mark);
    if (at >= part.len)
        return part;
    return str_printf(c->arena, "%.*s%.*s%.*s", STR(str_slice(part, 0, at)), STR(program),
                      STR(str_slice(part, at + mark.len, part.len)));
}

struct str split_link_run(struct compile *c, const struct split_plan *p)
{
    const struct linkage *how = p->linked.how;
    const struct layout *l = c->file->layout;
    const struct str *parts = p->program.len ? how->exact : how->link;
    size_t n = p->program.len ? how->n_exact : how->n_link;
    struct buf b = {.arena = c->arena};
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_printf(&b, " %c%.*s%.*s", l->escape, STR(l->newline), STR(l->indent));
        buf_add(&b, with_program(c, parts[i], p->program));
    }
    return split_line_of(c, p, LIT("RUN"), buf_str(&b));
}
