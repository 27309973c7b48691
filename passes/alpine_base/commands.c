/* The commands that run, one by one: busybox does the same, a package brings the same program, or
 * they are written otherwise. */
#include "ir/command.h"
#include "ir/path.h"
#include "passes/alpine_base/alpine.h"

/* A command and the step that it is of. */
struct seen {
    const struct used_step *s;
    const struct invocation *run;
    struct str name; /* without the directory */
    bool system;     /* no path, or one of the distribution's */
};

static struct seen see(struct compile *c, const struct used_step *s, const struct invocation *run)
{
    struct seen seen = {s, run, run->name, str_find(run->name, '/') == run->name.len};
    if (catalog_lists(c->catalog, LIT("system-programs"), path_directory(run->name))) {
        seen.name = path_name(run->name);
        seen.system = true;
    }
    return seen;
}

/* ---- busybox ---- */

static bool takes_word(const struct busybox_command *b, struct str word)
{
    return !word.at || !legality_matches(b->except, b->n_except, word);
}

/* A command by itself, whose output goes nowhere but to who looks at it. */
static bool only_shows(const struct used_step *s)
{
    const struct sh_command *command = step_command(s->list, &s->step);
    return command && command->words.n && !command->redirects.n;
}

static bool knows_words(const struct invocation *run)
{
    for (size_t i = 0; i < run->words.n; i++)
        if (!run->words.at[i].at)
            return false;
    return true;
}

static bool takes_option(const struct alpine_question *q, const struct busybox_command *b,
                         const struct invocation_option *option)
{
    struct str with = str_printf(q->c->arena, "%.*s %.*s", STR(option->name), STR(option->value));
    return (str_is_one_of(LIT("*"), b->options, b->n_options) ||
            str_is_one_of(option->name, b->options, b->n_options) ||
            str_is_one_of(with, b->options, b->n_options)) &&
           takes_word(b, option->value.len || option->known ? option->value : (struct str){0});
}

static bool takes(const struct alpine_question *q, const struct busybox_command *b,
                  const struct seen *seen)
{
    const struct invocation *run = seen->run;
    if (b->told && !knows_words(run) && !only_shows(seen->s))
        return false;
    for (size_t i = 0; i < run->options.n; i++)
        if (!takes_option(q, b, &run->options.at[i]))
            return false;
    for (size_t i = 0; i < run->words.n; i++)
        if (!takes_word(b, run->words.at[i]))
            return false;
    return true;
}

/* ---- accounts that commands name ---- */

static bool names_owner(const struct invocation *run)
{
    enum use use = run->row ? run->row->usage.operands : USE_NOTHING;
    bool other = run->row && (run->row->usage.does & DOES_OTHER_USER);
    return use == USE_OWNER || use == USE_SETTING || other;
}

static bool allows_owner(const struct alpine_question *q, const struct invocation *run)
{
    if (!names_owner(run))
        return true;
    return run->words.n && run->words.at[0].at && alpine_is_account(q, run->words.at[0]);
}

static struct str first_word(const struct seen *seen)
{
    bool told = seen->run->words.n && seen->run->words.at[0].at;
    return told ? seen->run->words.at[0] : seen->name;
}

/* ---- packages ---- */

static bool is_installed(const struct alpine_question *q, struct str package)
{
    const struct alpine_plan *plan = q->plan;
    struct str name = str_printf(q->c->arena, "%.*s:%.*s", STR(plan->from->name), STR(package));
    return uses_find(&plan->uses.installs, name) ||
           str_is_one_of(package, plan->row->packages, plan->row->n_packages);
}

bool alpine_need(struct alpine_question *q, struct str package)
{
    if (is_installed(q, package))
        return true;
    const struct alpine_name *alpine = catalog_alpine(q->c->catalog, package);
    for (size_t i = 0; alpine && alpine->verified && i < alpine->n_alpine; i++)
        if (!strs_have(&q->plan->needs, alpine->alpine[i]))
            vec_add(q->c->arena, &q->plan->needs, alpine->alpine[i]);
    return alpine && alpine->verified && alpine->n_alpine;
}

/* What busybox does not do is done by the program that Debian has it from. */
static bool comes_from_package(struct alpine_question *q, const struct seen *seen)
{
    struct str package = catalog_command_package(q->c->catalog, seen->name);
    bool of_language = catalog_program(q->c->catalog, seen->name) ||
                       (seen->s->in_packages && !seen->run->row && !package.len);
    if (of_language)
        return true;
    if (!package.len)
        return alpine_refuse(q, ALPINE_COMMAND, seen->s->at, seen->name);
    if (catalog_keep(q->c->catalog, package) == KEEP_NEVER)
        return alpine_refuse(q, ALPINE_COMPILER, seen->s->at, seen->name);
    return alpine_need(q, package) || alpine_refuse(q, ALPINE_COMMAND, seen->s->at, seen->name);
}

static bool allows_program(struct alpine_question *q, const struct seen *seen)
{
    const struct busybox_command *b = catalog_busybox(q->c->catalog, seen->name);
    if (!allows_owner(q, seen->run))
        return alpine_refuse(q, ALPINE_ACCOUNT, seen->s->at, first_word(seen));
    if (b && b->builtin && (seen->s->shell == SHELL_BASH || takes(q, b, seen)))
        return true;
    if (b && b->builtin)
        return alpine_refuse(q, ALPINE_COMMAND, seen->s->at, seen->name);
    return (b && takes(q, b, seen)) || comes_from_package(q, seen);
}

/* By their path only those that are there on Alpine too. */
static bool allows_command(struct alpine_question *q, const struct seen *seen)
{
    bool path = str_find(seen->run->name, '/') < seen->run->name.len;
    if (!seen->system)
        return true; /* a file of the image's own: it was read, or is not known */
    const struct busybox_command *row = catalog_busybox(q->c->catalog, seen->name);
    if (catalog_image_brings(q->c->catalog, q->plan->base.ref.name, seen->name))
        return !row || takes(q, row, seen) ||
               alpine_refuse(q, ALPINE_COMMAND, seen->s->at, seen->name);
    if (path && !catalog_interpreter(q->c->catalog, seen->run->name))
        return alpine_refuse(q, ALPINE_PATH, seen->s->at, seen->run->name);
    return allows_program(q, seen);
}

/* ---- what is written otherwise ---- */

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
    return drops && deletes->items.n && !deletes->unknown && !s->step.effects.writes.items.n;
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
    for (size_t i = 0; i < s->step.runs.n; i++) {
        const struct invocation *run = &s->step.runs.at[i];
        struct seen seen = see(q->c, s, run);
        if (!run->name.len && s->arguments)
            continue;
        if (!run->name.len)
            return alpine_refuse(q, ALPINE_COMMAND, s->at, (struct str){0});
        if (!allows_command(q, &seen))
            return false;
    }
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

bool alpine_allows_commands(struct alpine_question *q)
{
    const struct used_steps *steps = &q->plan->uses.steps;
    for (size_t i = 0; i < steps->n; i++)
        if (!steps->at[i].elsewhere && !allows_step(q, &steps->at[i]))
            return false;
    return allows_readers(q);
}
