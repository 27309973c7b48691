/* What is used of the full image, and is not in the slim one. */
#include "ir/uses.h"
#include "passes/slim_base/slim.h"

struct question {
    struct compile *c;
    struct slim_plan *plan;
    const struct uses *uses;
    struct packages full, slim;
    struct packages lost;  /* of `full`, what `slim` lacks */
    struct packages asked; /* what the stage installs itself */
};

static const struct rule *rule_of(enum unknown_use why)
{
    switch (why) {
    case UNKNOWN_SHELL:
        return &slim_rules[SLIM_SHELL_TEXT];
    case UNKNOWN_PROGRAM:
        return &slim_rules[SLIM_PROGRAM];
    case UNKNOWN_MANIFEST:
        return &slim_rules[SLIM_MANIFEST];
    case UNKNOWN_SOURCES:
        return &slim_rules[SLIM_SOURCES];
    case UNKNOWN_LIBRARY:
        return &slim_rules[SLIM_LIBRARY];
    case UNKNOWN_STARTED:
        return &slim_rules[SLIM_STARTED];
    }
    return &slim_rules[SLIM_PROGRAM];
}

static void find_lost(struct question *q)
{
    q->lost.known.arena = q->c->arena;
    for (size_t i = 0; i < q->full.names.n; i++) {
        struct package *p = map_get(&q->full.known, q->full.names.at[i]);
        if (map_get(&q->slim.known, p->name))
            continue;
        map_put(&q->lost.known, p->name, p);
        vec_add(q->c->arena, &q->lost.names, p->name);
        q->lost.kib += p->kib;
    }
}

static bool closure_of_base(struct compile *c, const struct base *base, struct packages *out)
{
    struct strs names = {0};
    if (!base_packages(c, base, &names))
        return false;
    *out = packages_closure(c->catalog, c->arena, &names, RECOMMENDS_NONE, NULL);
    return true;
}

/* All that RUNs up to `by` install, with what it depends on. */
static struct packages asked_before(struct compile *c, const struct uses *uses,
                                    const struct used *by)
{
    struct strs names = {0};
    for (size_t i = 0; i < uses->installs.n; i++) {
        const struct used *install = &uses->installs.at[i];
        struct str name =
            str_slice(install->name, str_find(install->name, ':') + 1, install->name.len);
        bool before = !by || by->in_container || install->at->stage != by->at->stage ||
                      install->at->origin.start <= by->at->origin.start;
        if (before && catalog_package(c->catalog, name))
            vec_add(c->arena, &names, name);
    }
    return packages_closure(c->catalog, c->arena, &names, RECOMMENDS_NONE, NULL);
}

static void need(struct question *q, struct str name, const struct used *use)
{
    struct packages asked = asked_before(q->c, q->uses, use);
    const struct instr *first = q->plan->first_use;
    if (map_get(&asked.known, name))
        return;
    if (!use->in_container && (!first || use->at->origin.start < first->origin.start))
        q->plan->first_use = use->at;
    if (!strs_have(&q->plan->needs, name))
        vec_add(q->c->arena, &q->plan->needs, name);
}

static void need_to_build(struct question *q, struct str name, const struct used *use)
{
    struct slim_plan *plan = q->plan;
    struct packages asked = asked_before(q->c, q->uses, use);
    if (map_get(&asked.known, name))
        return;
    if (!plan->builds.n)
        plan->built_by = (struct instr *)use->at;
    if (plan->built_by != use->at)
        plan->built_by = NULL;
    if (!strs_have(&plan->builds, name))
        vec_add(q->c->arena, &plan->builds, name);
}

static bool is_lost(const struct question *q, struct str name)
{
    return map_get(&q->lost.known, name) != NULL;
}

/* Rule 5. */
static bool add_commands(struct question *q, struct why *why)
{
    for (size_t i = 0; i < q->uses->commands.n; i++) {
        const struct used *use = &q->uses->commands.at[i];
        struct str package = catalog_command_package(q->c->catalog, use->name);
        if (!package.len || !is_lost(q, package) || map_get(&q->asked.known, package) ||
            catalog_image_brings(q->c->catalog, q->plan->base.ref.name, use->name))
            continue;
        if (catalog_keep(q->c->catalog, package) == KEEP_NEVER)
            return refuse_for(why, &slim_rules[SLIM_COMPILER], use->at, use->name);
        need(q, package, use);
    }
    for (size_t i = 0; i < q->uses->packages.n; i++)
        if (is_lost(q, q->uses->packages.at[i].name))
            need(q, q->uses->packages.at[i].name, &q->uses->packages.at[i]);
    return true;
}

/* A -dev package stands for its libraries, by their names in the release. */
static void add_library(struct question *q, struct str name, const struct used *use)
{
    const struct str *libraries = NULL;
    size_t n = 0;
    if (!catalog_runtime(q->c->catalog, name, q->plan->base.suite, &libraries, &n)) {
        if (is_lost(q, name))
            need(q, name, use);
        return;
    }
    for (size_t i = 0; is_lost(q, name) && i < n; i++)
        need(q, libraries[i], use);
}

/* Of what has no row: that of its registry, `pip:*`. */
static const struct module *module_of(struct question *q, const struct used *use, bool *known)
{
    const struct module *m = catalog_module(q->c->catalog, use->name);
    *known = m != NULL;
    if (m)
        return m;
    size_t colon = str_find(use->name, ':');
    struct str any = str_concat(q->c->arena, str_slice(use->name, 0, colon), LIT(":*"));
    return catalog_module(q->c->catalog, any);
}

static void add_modules(struct question *q, struct buf *assumed)
{
    for (size_t i = 0; i < q->uses->modules.n; i++) {
        const struct used *use = &q->uses->modules.at[i];
        bool known;
        const struct module *m = module_of(q, use, &known);
        if (!known && assumed->len < 200)
            buf_printf(assumed, "%s%.*s", assumed->len ? ", " : "", STR(use->name));
        bool builds =
            m && !use->elsewhere && catalog_module_builds(m, q->plan->base.version, use->detail);
        for (size_t k = 0; builds && k < m->n_build; k++)
            if (is_lost(q, m->build[k]))
                need_to_build(q, m->build[k], use);
        for (size_t k = 0; m && k < m->n_run; k++)
            add_library(q, m->run[k], use);
    }
}

/* A package that the stage installs, and that cannot be where there are no manual pages. */
static struct str broken_package(const struct question *q)
{
    const struct tree_list *breaks = catalog_trees(q->c->catalog, LIT("slim-breaks"));
    for (size_t i = 0; breaks && i < breaks->n_paths; i++)
        if (map_get(&q->asked.known, breaks->paths[i]))
            return breaks->paths[i];
    return (struct str){0};
}

/* Rule 6. */
static bool finds_files(struct question *q, const struct instr *from, struct why *why)
{
    const struct tree_list *lacks = catalog_trees(q->c->catalog, LIT("slim-lacks"));
    for (size_t i = 0; lacks && i < q->uses->paths.n; i++)
        for (size_t k = 0; k < lacks->n_paths; k++)
            if (str_starts(q->uses->paths.at[i].name, lacks->paths[k]))
                return refuse_for(why, &slim_rules[SLIM_MISSING_FILES], q->uses->paths.at[i].at,
                                  q->uses->paths.at[i].name);
    struct str broken = broken_package(q);
    return !broken.len || refuse_for(why, &slim_rules[SLIM_BREAKS], from, broken);
}

static bool name_needs(struct question *q, const struct instr *from, struct why *why)
{
    struct buf assumed = {.arena = q->c->arena};
    if (!add_commands(q, why))
        return false;
    add_modules(q, &assumed);
    q->plan->assumed = buf_str(&assumed);
    return slim_place(q->c, q->plan, &q->slim, from, why);
}

/* A program of the container that starts what its settings say, which nobody here reads. */
static const struct used *starter_in(struct compile *c, const struct uses *uses)
{
    const struct tree_list *starters = catalog_trees(c->catalog, LIT("starters"));
    for (size_t i = 0; starters && i < starters->n_paths; i++) {
        const struct used *u = uses_find(&uses->commands, starters->paths[i]);
        if (u && u->in_container && !strs_have(&uses->settled, u->name))
            return u;
    }
    return NULL;
}

static bool uses_are_known(struct question *q, const struct instr *from, struct why *why)
{
    struct strs asked_about = packages_commands(q->c->catalog, q->c->arena, &q->lost);
    struct uses uses = uses_of(q->c, from->stage, q->lost.names.n ? &asked_about : NULL);
    q->uses = &uses;
    q->asked = asked_before(q->c, &uses, NULL);
    if (!finds_files(q, from, why))
        return false;
    if (!q->lost.names.n)
        return true;
    const struct used *starter = starter_in(q->c, &uses);
    if (starter)
        return refuse_for(why, &slim_rules[SLIM_STARTER], starter->at, starter->name);
    if (uses.unknown.n)
        return refuse_for(why, rule_of(uses.unknown.at[0].why), uses.unknown.at[0].at,
                          uses.unknown.at[0].name);
    return name_needs(q, from, why);
}

bool slim_needs(struct compile *c, struct slim_plan *plan, const struct instr *from,
                struct why *why)
{
    struct question q = {.c = c, .plan = plan};
    if (!closure_of_base(c, &plan->base, &q.full) || !closure_of_base(c, &plan->slim, &q.slim))
        return refuse(why, &slim_rules[SLIM_NO_VARIANT], from);
    find_lost(&q);
    return uses_are_known(&q, from, why);
}
