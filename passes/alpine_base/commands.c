/* A command that runs: busybox does the same, or a package brings the same program. */
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
    bool other = run->row && (run->row->usage.does & DOES(OTHER_USER));
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
static bool allows_seen(struct alpine_question *q, const struct seen *seen)
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

bool alpine_allows_command(struct alpine_question *q, const struct used_step *s,
                           const struct invocation *run)
{
    struct seen seen = see(q->c, s, run);
    if (!run->name.len)
        return s->arguments || alpine_refuse(q, ALPINE_COMMAND, s->at, (struct str){0});
    return allows_seen(q, &seen);
}
