/* Commands that run, and the scripts and programs of the context that they start. */
#include "ir/catalog/catalog.h"
#include "ir/catalog/images.h"
#include "ir/catalog/packages.h"
#include "ir/path.h"
#include "ir/uses_look.h"

/* Scripts of the context that one build runs, and how far these start others. */
enum { MOST_SCRIPTS = 32 };

/* A path counts where it is one of the distribution's: others are the image's own. */
static struct str command_name(struct uses_look *l, struct str name)
{
    struct str dir = path_directory(name);
    bool system = catalog_lists(l->c->catalog, LIT("system-programs"), dir);
    return system || !dir.len ? path_name(name) : name;
}

/* Code of a language: the container's is looked for in the context. */
static void add_language(struct uses_look *l, struct str language)
{
    if (!strs_have(&l->languages, language))
        vec_add(l->c->arena, &l->languages, language);
    if (!l->language_at || l->in_container)
        l->language_at = l->at;
}

/* Interpreters of the base image are in /usr/local/bin. */
static bool add_program(struct uses_look *l, struct str name)
{
    bool in_path = catalog_lists(l->c->catalog, LIT("path"), path_directory(name));
    const struct language_program *p =
        catalog_program(l->c->catalog, in_path ? path_name(name) : name);
    if (p)
        add_language(l, p->language);
    return p != NULL;
}

/* A command of the build that installs no packages puts a file of that name there, or may. */
static bool puts_program(const struct uses_look *l, struct str name)
{
    const struct tree_list *dirs = catalog_trees(l->c->catalog, LIT("path"));
    struct set wanted = {0};
    for (size_t i = 0; dirs && i < dirs->n_paths; i++)
        set_add(l->c->arena, &wanted, path_join(l->c->arena, dirs->paths[i], name));
    for (size_t i = 0; i < l->out.steps.n; i++) {
        const struct used_step *used = &l->out.steps.at[i];
        struct set written = used->step.effects.writes;
        written.unknown = false; /* code of the project's own */
        if (!used->in_container && set_is_empty(&used->step.effects.installs) &&
            paths_meet(&written, &wanted) != NO)
            return true;
    }
    return false;
}

/* A program that no distribution has, in an image with packages of a language: theirs. It needs
 * what they need. */
static bool add_packaged(struct uses_look *l, struct str name)
{
    bool any = false;
    if (!l->registries.n || str_find(name, '/') < name.len || puts_program(l, name))
        return false;
    for (size_t i = 0; i < catalog_toolchain_count(l->c->catalog); i++) {
        const struct toolchain *t = catalog_toolchain_at(l->c->catalog, i);
        if (!strs_have(&l->registries, t->registry))
            continue;
        add_language(l, t->language);
        any = true;
    }
    return any;
}

static void read_script(struct uses_look *l, struct str path);

/* The program that `#!/bin/bash -e` and `#!/usr/bin/env python3` name; empty when it is none. */
static struct str reader_of(struct str text)
{
    if (!str_starts(text, LIT("#!")))
        return (struct str){0};
    struct str line = str_trim(str_slice(text, 2, str_find(text, '\n')));
    struct str program = str_slice(line, 0, str_find(line, ' '));
    if (!str_eq(path_name(program), LIT("env")))
        return program;
    line = str_trim(str_slice(line, program.len, line.len));
    return str_starts(line, LIT("-")) ? line : str_slice(line, 0, str_find(line, ' '));
}

void uses_add_reader(struct uses_look *l, struct str text)
{
    struct str reader = reader_of(text);
    if (reader.len)
        uses_add(l, &l->out.readers, reader, LIT(""));
}

/* Whose code the program at `path` is. */
static bool add_interpreter(struct uses_look *l, struct str path)
{
    struct context_source source;
    if (!l->c->context || !context_source(l->c, l->in, path, &l->steps, &source))
        return false;
    uses_add_reader(l, source.text);
    return add_program(l, path_name(reader_of(source.text)));
}

/* One of the scripts that the container starts, by its path or as it is found in PATH. */
static bool is_read(const struct uses_look *l, struct str name, struct str workdir)
{
    struct str path = name;
    if (str_find(name, '/') < name.len)
        path_resolve(l->c->arena, workdir, name, &path);
    for (size_t i = 0; l->container && i < l->container->n; i++)
        if (str_eq(l->container->at[i].path, path))
            return true;
    return false;
}

/* A program without a row: a script of the context, or one that only its name is known of. */
static void add_own(struct uses_look *l, const struct invocation *run, struct str name)
{
    if (l->in_packages || catalog_command_package(l->c->catalog, name).len)
        return;
    if (l->in_container && !add_interpreter(l, run->name) && !add_packaged(l, run->name))
        uses_add_unknown(l, UNKNOWN_PROGRAM, run->name);
    if (l->in_container)
        return;
    read_script(
        l, path_join(l->c->arena, str_find(name, '/') < name.len ? run->workdir : LIT(""), name));
}

/* Returns whether what it runs is accounted for. */
static bool add_invocation(struct uses_look *l, const struct invocation *run)
{
    if (!run->name.len)
        return false;
    struct str name = command_name(l, run->name);
    uses_add(l, &l->out.commands, name, LIT(""));
    uses_add_helpers(l, run, name);
    bool depends = uses_add_dependencies(l, run, name);
    bool read = l->in_container && is_read(l, run->name, run->workdir);
    bool program = !read && add_program(l, name);
    if (!run->row && !program && !read)
        add_own(l, run, name);
    return depends || program || read || !run->row;
}

static void add_all(struct uses_look *l, struct used_list *to, const struct set *items)
{
    for (size_t i = 0; i < items->items.n; i++)
        uses_add(l, to, items->items.at[i], LIT(""));
}

static struct str first_hidden(const struct invocations *runs)
{
    return runs->n ? runs->at[runs->n - 1].name : LIT("");
}

/* `sh FILE`: the container's were read. */
static bool add_scripts(struct uses_look *l, const struct set *scripts)
{
    for (size_t i = 0; i < scripts->items.n; i++) {
        if (!l->in_container)
            read_script(l, scripts->items.at[i]);
        else if (!is_read(l, scripts->items.at[i], LIT("/")))
            return false;
    }
    return scripts->items.n && !scripts->unknown;
}

static void add_step(struct uses_look *l, const struct used_step *used)
{
    const struct step *step = &used->step;
    bool accounted = add_scripts(l, &step->effects.scripts) || used->arguments;
    for (size_t i = 0; i < step->runs.n; i++)
        accounted |= add_invocation(l, &step->runs.at[i]);
    add_all(l, &l->out.paths, &step->effects.reads);
    add_all(l, &l->out.installs, &step->effects.installs);
    if (effects_any(&step->effects, FX_HIDDEN) && !accounted && !l->in_packages)
        uses_add_unknown(l, UNKNOWN_PROGRAM, first_hidden(&step->runs));
}

/* `command -v curl || exit 1`. */
static void add_looked_up(struct uses_look *l, const struct state *state,
                          const struct sh_list *list)
{
    struct seen_commands seen = command_seen(l->c, state, list);
    for (size_t i = 0; i < seen.n; i++) {
        const struct strs *words = &seen.at[i].words;
        bool asks = words->n > 1 && words->at[0].at &&
                    catalog_lists(l->c->catalog, LIT("lookups"), words->at[0]);
        for (size_t k = 1; asks && k < words->n; k++)
            if (words->at[k].len && !str_starts(words->at[k], LIT("-")))
                uses_add(l, &l->out.commands, command_name(l, words->at[k]), LIT(""));
    }
}

void uses_read_list(struct uses_look *l, const struct state *state, const struct sh_list *list)
{
    struct steps steps = {0};
    if (!command_steps(l->c, state, list, &steps))
        uses_add_unknown(l, UNKNOWN_SHELL, LIT(""));
    add_looked_up(l, state, list);
    for (size_t i = 0; i < steps.n; i++) {
        struct used_step used = {.step = steps.at[i],
                                 .list = list,
                                 .at = l->at,
                                 .shell = state->shell_kind,
                                 .in_container = l->in_container,
                                 .elsewhere = l->elsewhere,
                                 .in_packages = l->in_packages};
        used.arguments = l->arguments && container_runs_arguments(list, &steps, &steps.at[i]);
        vec_add(l->c->arena, &l->out.steps, used);
        add_step(l, &used);
    }
}

static void read_script(struct uses_look *l, struct str path)
{
    struct context_source source;
    if (strs_have(&l->scripts, path))
        return;
    vec_add(l->c->arena, &l->scripts, path);
    struct state state = l->at->before;
    const struct sh_script *script = NULL;
    if (l->scripts.n <= MOST_SCRIPTS && l->c->context &&
        context_source(l->c, l->in, path, &l->steps, &source)) {
        uses_add_reader(l, source.text);
        state.shell_kind = container_reader(source.text);
        enum sh_dialect dialect = state.shell_kind == SHELL_BASH ? SH_BASH : SH_POSIX;
        if (state.shell_kind != SHELL_OTHER)
            script = sh_parse(l->c->arena, source.text, dialect, NULL);
    }
    if (script)
        uses_read_list(l, &state, script->list);
    else if (l->scripts.n > MOST_SCRIPTS || !add_interpreter(l, path))
        uses_add_unknown(l, UNKNOWN_PROGRAM, path);
}
