/* The steps of scripts, one by one: what is written otherwise, what is left as it is, and the paths
 * that it names. */
#include "ir/command.h"
#include "passes/alpine_base/alpine.h"

static struct str name_of(const struct used_step *s)
{
    return s->step.runs.n ? s->step.runs.at[0].name : (struct str){0};
}

static bool is_of_manager(const struct alpine_question *q, const struct invocation *run)
{
    return run->row && str_eq(run->row->manager, q->plan->from->name);
}

/* Files that the manager leaves, which are not there on Alpine. */
static bool only_cleans(const struct alpine_question *q, const struct used_step *s)
{
    const struct tree_list *drops = catalog_trees(q->c->catalog, LIT("alpine-drops"));
    const struct set *deletes = &s->step.effects.deletes;
    for (size_t i = 0; drops && i < deletes->items.n; i++) {
        bool found = false;
        for (size_t k = 0; k < drops->n_paths; k++)
            found = found || str_starts(deletes->items.at[i], drops->paths[k]);
        if (!found)
            return false;
    }
    return drops && deletes->items.n && !deletes->unknown && set_is_empty(&s->step.effects.writes);
}

/* The command of the step that is written otherwise; NULL when none is. */
static const struct invocation *ported(const struct alpine_question *q, const struct used_step *s)
{
    for (size_t i = 0; i < s->step.runs.n; i++)
        if (is_of_manager(q, &s->step.runs.at[i]) ||
            catalog_port(q->c->catalog, s->step.runs.at[i].name))
            return &s->step.runs.at[i];
    return s->step.runs.n && only_cleans(q, s) ? &s->step.runs.at[0] : NULL;
}

static struct alpine_run *run_of(struct alpine_question *q, const struct instr *at)
{
    struct alpine_plan *plan = q->plan;
    for (size_t i = 0; i < plan->runs.n; i++)
        if (plan->runs.at[i].run == at)
            return &plan->runs.at[i];
    struct alpine_run fresh = {.run = (struct instr *)at};
    vec_add(q->c->arena, &plan->runs, fresh);
    return vec_last(&plan->runs);
}

/* A simple command that stands in the RUN's own text. */
static const struct sh_command *own_command(struct alpine_question *q, const struct used_step *s)
{
    struct instr *at = (struct instr *)s->at;
    const struct df_instr *ast = at->ast;
    if (s->in_container || ast->kind != DF_RUN || ast->json || ast->heredocs.n || ast->flags.n)
        return NULL;
    const struct sh_script *script = instr_script(q->c, at);
    bool own = script && script->list == s->list && pragma_allows(at, LIT("alpine-base"));
    return own ? step_command(s->list, &s->step) : NULL;
}

static bool port(struct alpine_question *q, const struct used_step *s, const struct invocation *run)
{
    struct alpine_command out = {.command = own_command(q, s)};
    if (!out.command || out.command->redirects.n)
        return alpine_refuse(q, ALPINE_SCRIPT, s->at, run->name);
    if (only_cleans(q, s))
        out.gone = true;
    else if (is_of_manager(q, run) ? !alpine_port_packages(q, s, &out)
                                   : !alpine_port_account(q, s, &out))
        return false;
    vec_add(q->c->arena, &run_of(q, s->at)->commands, out);
    return true;
}

/* ---- paths ---- */

static const struct str *other_path(const struct alpine_question *q, const struct set *paths)
{
    for (size_t i = 0; i < paths->items.n; i++)
        if (!alpine_is_path(q, paths->items.at[i]))
            return &paths->items.at[i];
    return NULL;
}

/* Those that a manager reads and writes are its own. */
static bool allows_paths(struct alpine_question *q, const struct used_step *s)
{
    const struct effects *fx = &s->step.effects;
    const struct set *sets[] = {&fx->reads, &fx->writes, &fx->deletes};
    for (size_t i = 0; i < s->step.runs.n; i++)
        if (s->step.runs.at[i].row && s->step.runs.at[i].row->manager.len)
            return true;
    if (!s->in_container && !s->in_packages && effects_any(fx, FX_NETWORK))
        return alpine_refuse(q, ALPINE_DOWNLOAD, s->at, name_of(s));
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const struct str *path = other_path(q, sets[i]);
        if (path)
            return alpine_refuse(q, ALPINE_PATH, s->at, *path);
    }
    return true;
}

/* ---- all steps ---- */

static bool allows_step(struct alpine_question *q, const struct used_step *s)
{
    const struct invocation *other = ported(q, s);
    if (other)
        return port(q, s, other);
    for (size_t i = 0; i < s->step.runs.n; i++)
        if (!alpine_allows_command(q, s, &s->step.runs.at[i]))
            return false;
    return allows_paths(q, s);
}

/* Scripts of the context say who reads them. */
static bool allows_readers(struct alpine_question *q)
{
    const struct used_list *readers = &q->plan->uses.readers;
    for (size_t i = 0; i < readers->n; i++) {
        const struct used *use = &readers->at[i];
        const struct interpreter *row = catalog_interpreter(q->c->catalog, use->name);
        bool path = str_find(use->name, '/') < use->name.len;
        struct str package = row ? row->package : catalog_command_package(q->c->catalog, use->name);
        bool same = row && !row->alpine.len;
        bool own = str_starts(use->name, LIT("/usr/local/")) ||
                   catalog_image_brings(q->c->catalog, q->plan->base.ref.name, use->name);
        if (own || (same && !package.len))
            continue;
        if ((path && !same) || !package.len || !alpine_need(q, package))
            return alpine_refuse(q, ALPINE_INTERPRETER, use->at, use->name);
    }
    return true;
}

bool alpine_allows_steps(struct alpine_question *q)
{
    const struct used_steps *steps = &q->plan->uses.steps;
    for (size_t i = 0; i < steps->n; i++)
        if (!steps->at[i].elsewhere && !allows_step(q, &steps->at[i]))
            return false;
    return allows_readers(q);
}
