/* What is used of packages that only builds need, and of what they bring along. */
#include "ir/catalog/packages.h"
#include "ir/context.h"
#include "ir/options.h"
#include "ir/path.h"
#include "ir/sources.h"
#include "ir/toolchain.h"
#include "ir/uses.h"
#include "passes/unused_packages/unused.h"

/* Settings are not longer. */
enum { MOST_BYTES = 64 << 10 };

struct str unused_package_name(struct str item)
{
    return str_slice(item, str_find(item, ':') + 1, item.len);
}

/* ---- what the packages bring along ---- */

struct question {
    struct compile *c;
    const struct stage *stage;
    const struct instr *run;
    struct unused_plan *plan;
    struct uses uses;
    struct strs others;   /* packages that are installed in any case */
    struct packages have; /* with what these depend on */
    struct packages lost; /* what goes with those that are dropped */
};

static void find_lost(struct question *q)
{
    const struct catalog *catalog = q->c->catalog;
    struct arena *a = q->c->arena;
    struct strs names = {0};
    for (size_t i = 0; i < q->others.n; i++)
        vec_add(a, &names, q->others.at[i]);
    for (size_t i = 0; i < q->plan->install.packages.n; i++)
        if (!strs_have(&q->plan->dropped, q->plan->install.packages.at[i]))
            vec_add(a, &names, q->plan->install.packages.at[i]);
    q->have = packages_closure(catalog, a, &names, RECOMMENDS_OWN, NULL);
    q->lost = packages_closure(catalog, a, &q->plan->dropped, RECOMMENDS_OWN, &q->have);
}

/* What the base image has, and what other installations ask for. */
static void find_others(struct question *q, const struct base *base)
{
    struct strs all = {0};
    base_packages(q->c, base, &all);
    for (struct instr *i = instr_next(q->stage->from); i; i = instr_next(i))
        for (size_t k = 0; k < instr_effects(q->c, i)->installs.items.n; k++) {
            struct str name = unused_package_name(instr_effects(q->c, i)->installs.items.at[k]);
            if (!strs_have(&q->plan->install.packages, name))
                vec_add(q->c->arena, &all, name);
        }
    q->others = all;
}

static struct uses uses_without(struct question *q)
{
    struct strs candidates = packages_commands(q->c->catalog, q->c->arena, &q->lost);
    return uses_of(q->c, q->stage, &candidates);
}

/* ---- what is used of them ---- */

static bool is_lost(const struct question *q, struct str package)
{
    return package.len && map_get(&q->lost.known, package);
}

/* The build did so before the packages are there. */
static bool is_before(const struct question *q, const struct instr *at, bool in_container)
{
    return !in_container && at->stage == q->stage && at->origin.start < q->run->origin.start;
}

/* What has no row may be built with any of them. */
static bool module_needs(const struct question *q, struct str name)
{
    const struct module *m = catalog_module(q->c->catalog, name);
    bool needs = !m;
    for (size_t i = 0; m && i < m->n_build; i++)
        needs |= is_lost(q, m->build[i]);
    for (size_t i = 0; m && i < m->n_run; i++)
        needs |= is_lost(q, m->run[i]);
    return needs;
}

/* A comment says that what is made does not run without it. */
static bool is_told(const struct question *q)
{
    const struct used_steps *steps = &q->uses.steps;
    for (size_t i = 0; i < steps->n; i++)
        for (size_t k = 0; k < steps->at[i].step.effects.needs.items.n; k++)
            if (is_lost(q, steps->at[i].step.effects.needs.items.at[k]))
                return true;
    return false;
}

/* A command of what is lost, or one that builds: it may need headers that it does not name. */
static bool command_needs(const struct question *q, struct str name)
{
    struct str package = catalog_command_package(q->c->catalog, name);
    return is_lost(q, package) || (package.len && unused_for_builds(q->c->catalog, package));
}

static bool run_needs(const struct question *q, const struct invocation *run)
{
    bool builds = toolchain_row(q->c, run) && !catalog_dependencies(q->c->catalog, run->name);
    return builds || command_needs(q, path_name(run->name));
}

/* Each time that a command runs: a list of names has the first alone. */
static const struct used_step *needing_step(const struct question *q, struct str *name)
{
    const struct used_steps *steps = &q->uses.steps;
    for (size_t i = 0; i < steps->n; i++) {
        const struct used_step *s = &steps->at[i];
        for (size_t k = 0; !s->elsewhere && k < s->step.runs.n; k++) {
            *name = s->step.runs.at[k].name;
            if (!is_before(q, s->at, s->in_container) && run_needs(q, &s->step.runs.at[k]))
                return s;
        }
    }
    return NULL;
}

static const struct used *needing_use(const struct question *q)
{
    const struct uses *uses = &q->uses;
    for (size_t i = 0; i < uses->commands.n; i++)
        if (uses->commands.at[i].in_container && command_needs(q, uses->commands.at[i].name))
            return &uses->commands.at[i];
    for (size_t i = 0; i < uses->packages.n; i++)
        if (is_lost(q, uses->packages.at[i].name) &&
            !is_before(q, uses->packages.at[i].at, uses->packages.at[i].in_container))
            return &uses->packages.at[i];
    for (size_t i = 0; i < uses->modules.n; i++)
        if (!is_before(q, uses->modules.at[i].at, uses->modules.at[i].in_container) &&
            module_needs(q, uses->modules.at[i].name))
            return &uses->modules.at[i];
    return NULL;
}

/* Rule 6. One is enough. */
static bool nothing_needs(const struct question *q, struct str first, struct why *why)
{
    struct str name = {0};
    const struct used_step *step = needing_step(q, &name);
    const struct used *used = step ? NULL : needing_use(q);
    if (step)
        return refuse_for(why, &unused_rules[UNUSED_USED], step->at, name);
    if (used)
        return refuse_for(why, &unused_rules[UNUSED_USED], used->at, used->name);
    return !is_told(q) || refuse_for(why, &unused_rules[UNUSED_USED], q->run, first);
}

/* Rule 7: those whose libraries are not known stay. Nothing that is seen uses the libraries. */
static void name_libraries(struct question *q)
{
    struct unused_plan *plan = q->plan;
    bool all = q->c->opt->level < 3;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < plan->dropped.n; i++) {
        const struct str *names = NULL;
        size_t n = 0;
        struct str name = plan->dropped.at[i];
        bool headers = catalog_headers(q->c->catalog, name) != NULL;
        if (headers && !catalog_runtime(q->c->catalog, name, plan->suite, &names, &n))
            continue;
        struct strs libraries = {0};
        for (size_t k = 0; all && k < n; k++)
            if (!packages_have(q->c->catalog, &q->have, names[k]))
                vec_add(q->c->arena, &libraries, names[k]);
        plan->dropped.at[kept++] = name;
        vec_add(q->c->arena, &plan->instead, str_join(q->c->arena, &libraries, LIT(" ")));
    }
    plan->dropped.n = kept;
}

/* ---- rule 5 ---- */

/* Settings that nobody here reads may name a command: any text may be one. */
static bool names_command(struct str text, const struct strs *commands, struct str *which)
{
    for (size_t i = 0; i < commands->n; i++)
        if (source_text_has(text, commands->at[i])) {
            *which = commands->at[i];
            return true;
        }
    return false;
}

/* The script without what installs packages. */
static struct str other_text(struct compile *c, struct instr *run)
{
    const struct sh_script *script = instr_script(c, run);
    struct buf b = {.arena = c->arena};
    struct installations all = {0};
    uint32_t from = 0;
    if (!script || !script->list)
        return run->text;
    all = command_installs(c, &run->before, script->list);
    for (size_t i = 0; i < all.n; i++) {
        if (!all.at[i].editable || all.at[i].command.start < from)
            continue;
        buf_add(&b, str_slice(script->text, from, all.at[i].command.start));
        from = all.at[i].command.end;
    }
    buf_add(&b, str_slice(script->text, from, script->text.len));
    return buf_str(&b);
}

static bool is_named_somewhere(struct question *q, struct str *which)
{
    struct strs commands = packages_commands(q->c->catalog, q->c->arena, &q->lost);
    struct context_entries files = {0};
    struct str text;
    for (struct instr *i = instr_next(q->stage->from); i; i = instr_next(i))
        if (i->ast->kind == DF_RUN && names_command(other_text(q->c, i), &commands, which))
            return true;
    if (!context_files(q->c, (struct str){0}, &files))
        return true;
    for (size_t i = 0; i < files.n; i++)
        if (files.at[i].kind == CONTEXT_FILE && files.at[i].size <= MOST_BYTES &&
            context_text(q->c, files.at[i].name, &text) && names_command(text, &commands, which))
            return true;
    return false;
}

static const struct used *runs_one_of(struct question *q, struct str list)
{
    const struct tree_list *names = catalog_trees(q->c->catalog, list);
    for (size_t i = 0; names && i < names->n_paths; i++) {
        const struct used *u = uses_find(&q->uses.commands, names->paths[i]);
        if (u && u->in_container)
            return u;
    }
    return NULL;
}

static bool all_is_known(struct question *q, struct why *why)
{
    const struct used *login = runs_one_of(q, LIT("logins"));
    const struct used *starter = runs_one_of(q, LIT("starters"));
    struct str which = {0};
    if (login)
        return refuse_for(why, &unused_rules[UNUSED_LOGIN], login->at, login->name);
    if (q->uses.unknown.n)
        return refuse_for(why, &unused_rules[UNUSED_UNKNOWN], q->uses.unknown.at[0].at,
                          q->uses.unknown.at[0].name);
    if (starter && is_named_somewhere(q, &which))
        return refuse_for(why, &unused_rules[UNUSED_STARTER], starter->at,
                          which.len ? which : starter->name);
    return true;
}

bool unused_find(struct compile *c, const struct instr *run, struct unused_plan *plan,
                 const struct base *base, struct why *why)
{
    struct question q = {.c = c, .stage = run->stage, .run = run, .plan = plan};
    struct str first = plan->dropped.at[0];
    find_others(&q, base);
    find_lost(&q);
    q.uses = uses_without(&q);
    if (!all_is_known(&q, why) || !nothing_needs(&q, first, why))
        return false;
    name_libraries(&q);
    find_lost(&q);
    plan->kib = q.lost.kib;
    return plan->dropped.n || refuse_for(why, &unused_rules[UNUSED_USED], run, first);
}
