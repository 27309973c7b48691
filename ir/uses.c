#include "ir/uses.h"

#include "ir/catalog/catalog.h"
#include "ir/catalog/images.h"
#include "ir/catalog/packages.h"
#include "ir/command.h"
#include "ir/container.h"
#include "ir/context.h"
#include "ir/manifest/manifest.h"
#include "ir/path.h"
#include "ir/sources.h"

/* Scripts of the context that one build runs, and how far these start others. */
enum { MOST_SCRIPTS = 32 };

struct look {
    struct compile *c;
    struct uses out;
    const struct stage *in;
    const struct instr *at;
    bool in_container;
    bool elsewhere;   /* in another stage's build */
    bool arguments;   /* CMD gives the scripts of ENTRYPOINT their arguments */
    bool in_packages; /* programs without a row are those of a language's packages */
    const struct container_scripts *container; /* the scripts that the container's command starts */
    struct strs languages;                     /* whose sources the container runs */
    const struct instr *language_at;
    struct strs scripts; /* of the context, read so far */
    unsigned steps;
};

const struct used *uses_find(const struct used_list *list, struct str name)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->at[i].name, name))
            return &list->at[i];
    return NULL;
}

static void add(struct look *l, struct used_list *to, struct str name, struct str detail)
{
    for (size_t i = 0; i < to->n; i++)
        if (str_eq(to->at[i].name, name) && to->at[i].in_container == l->in_container &&
            to->at[i].elsewhere == l->elsewhere)
            return;
    struct used use = {.name = name,
                       .detail = detail,
                       .at = l->at,
                       .in_container = l->in_container,
                       .elsewhere = l->elsewhere};
    vec_add(l->c->arena, to, use);
}

static void add_unknown(struct look *l, enum unknown_use why, struct str name)
{
    struct used use = {.name = name,
                       .at = l->at,
                       .in_container = l->in_container,
                       .elsewhere = l->elsewhere,
                       .why = why};
    vec_add(l->c->arena, &l->out.unknown, use);
}

/* ---- packages beside a command's own ---- */

static bool has_word(const struct helper *h, const struct invocation *run)
{
    for (size_t i = 0; i < h->n_words; i++) {
        for (size_t k = 0; k < run->words.n; k++)
            if (str_matches(h->words[i], run->words.at[k]))
                return true;
        for (size_t k = 0; k < run->options.n; k++)
            if (str_matches(h->words[i], run->options.at[k].value))
                return true;
    }
    return false;
}

static bool has_option(const struct helper *h, const struct invocation *run)
{
    for (size_t i = 0; i < h->n_options; i++)
        for (size_t k = 0; k < run->options.n; k++)
            if (str_eq(h->options[i], run->options.at[k].name))
                return true;
    return false;
}

static bool calls_for(const struct helper *h, const struct invocation *run, struct str name)
{
    if (!str_is_one_of(name, h->names, h->n_names))
        return false;
    bool always = !h->n_options && !h->n_words;
    return always || has_option(h, run) || has_word(h, run);
}

static void add_helpers(struct look *l, const struct invocation *run, struct str name)
{
    const struct helper *h;
    for (size_t i = 0; (h = catalog_helper_at(l->c->catalog, i)); i++)
        for (size_t k = 0; calls_for(h, run, name) && k < h->n_packages; k++)
            add(l, &l->out.packages, h->packages[k], name);
}

/* ---- language packages ---- */

static struct str module_name(struct look *l, struct str registry, struct str word)
{
    const struct manager *m = catalog_manager(l->c->catalog, registry);
    struct str marks = m ? m->version_marks : LIT("=@");
    size_t end = 1;
    while (end < word.len && str_find(marks, word.at[end]) == marks.len)
        end++;
    return str_slice(word, 0, end);
}

/* PyPI takes `_` and `.` for `-`, and any case (PEP 503); the other registries' names hardly differ
 * in case. */
static struct str pypi_name(struct arena *a, struct str name)
{
    struct str lower = str_lower(a, name);
    struct buf b = {.arena = a};
    for (size_t i = 0; i < lower.len; i++)
        buf_char(&b, lower.at[i] == '_' || lower.at[i] == '.' ? '-' : lower.at[i]);
    return buf_str(&b);
}

static void add_module(struct look *l, struct str registry, const struct manifest_need *need)
{
    struct arena *a = l->c->arena;
    bool pip = str_eq(registry, LIT("pip"));
    struct str name = pip ? pypi_name(a, need->name) : str_lower(a, need->name);
    name = str_printf(a, "%.*s:%.*s", STR(registry), STR(name));
    add(l, &l->out.modules, name, need->version);
    for (size_t i = 0; need->extras && i < l->out.modules.n; i++)
        l->out.modules.at[i].extras |= str_eq(l->out.modules.at[i].name, name);
}

static void read_list(struct look *l, const struct state *state, const struct sh_list *list);

/* The scripts of package.json run programs of its packages; what else they run counts. */
static void read_manifest_scripts(struct look *l, const struct manifest *m)
{
    bool outer = l->in_packages;
    if (strs_have(&l->scripts, m->path))
        return;
    vec_add(l->c->arena, &l->scripts, m->path);
    l->in_packages = true;
    for (size_t i = 0; i < m->values.n; i++) {
        const struct manifest_value *v = &m->values.at[i];
        const struct sh_script *script = NULL;
        if (str_starts(v->key, LIT("scripts.")) && !v->computed)
            script = sh_parse(l->c->arena, v->value, SH_POSIX, NULL);
        if (script && script->list)
            read_list(l, &l->at->before, script->list);
    }
    l->in_packages = outer;
}

static void add_needs(struct look *l, struct str registry, const struct manifest *m)
{
    read_manifest_scripts(l, m);
    for (size_t i = 0; i < m->needs.n; i++)
        add_module(l, registry, &m->needs.at[i]);
    if (m->more_needs)
        add_unknown(l, UNKNOWN_MANIFEST, m->path);
}

/* The manifest that is at `path` in the image, when it comes from the context. */
static const struct manifest *manifest_in_image(struct look *l, struct str path)
{
    struct context_source source;
    if (!l->c->context || !context_source(l->c, l->in, path, &l->steps, &source))
        return NULL;
    return manifest_at(l->c, source.path);
}

static struct str below(struct arena *a, struct str dir, struct str name)
{
    if (str_starts(name, LIT("/")) || !dir.len)
        return name;
    return str_printf(a, "%.*s/%.*s", STR(dir), STR(name));
}

/* What the first of the manifests in `dir` asks for. */
static void add_manifest_of(struct look *l, const struct dependency_command *d, struct str dir,
                            struct str command)
{
    for (size_t i = 0; i < d->n_manifests; i++) {
        const struct manifest *m = manifest_in_image(l, below(l->c->arena, dir, d->manifests[i]));
        if (!m)
            continue;
        add_needs(l, d->registry, m);
        return;
    }
    add_unknown(l, UNKNOWN_MANIFEST, command);
}

static void add_listed(struct look *l, const struct dependency_command *d,
                       const struct invocation *run, const struct invocation_option *option)
{
    const struct manifest *m = NULL;
    if (option->known)
        m = manifest_in_image(l, below(l->c->arena, run->workdir, option->value));
    if (m)
        add_needs(l, d->registry, m);
    else
        add_unknown(l, UNKNOWN_MANIFEST, option->known ? option->value : run->name);
}

/* `.`, `./x`, `/x`: a project. */
static bool is_path(struct str word)
{
    return str_starts(word, LIT(".")) || str_starts(word, LIT("/")) || str_starts(word, LIT("~"));
}

static void add_operand(struct look *l, const struct dependency_command *d,
                        const struct invocation *run, struct str word)
{
    if (!word.at)
        add_unknown(l, UNKNOWN_MANIFEST, run->name);
    else if (is_path(word))
        add_manifest_of(l, d, below(l->c->arena, run->workdir, word), word);
    else if (str_search(word, LIT("://")) < word.len)
        add_unknown(l, UNKNOWN_MANIFEST, word);
    else {
        struct manifest_need need = {.name = module_name(l, d->registry, word)};
        need.version = str_slice(word, need.name.len, word.len);
        need.extras = str_starts(need.version, LIT("["));
        if (need.extras)
            need.version =
                str_slice(need.version, str_find(need.version, ']') + 1, need.version.len);
        add_module(l, d->registry, &need);
    }
}

/* What a package manager of a language installs. False when it is none, or installs nothing. */
static bool add_dependencies(struct look *l, const struct invocation *run, struct str name)
{
    const struct dependency_command *d = catalog_dependencies(l->c->catalog, name);
    struct str verb = run->words.n ? run->words.at[0] : LIT("");
    if (!d || !str_is_one_of(verb, d->verbs, d->n_verbs))
        return false;
    bool given = false;
    for (size_t i = 1; i < run->words.n; i++, given = true)
        add_operand(l, d, run, run->words.at[i]);
    for (size_t i = 0; i < run->options.n; i++) {
        if (run->options.at[i].use != USE_PACKAGE_FILE && run->options.at[i].use != USE_INSTALLS)
            continue;
        given = true;
        if (run->options.at[i].use == USE_PACKAGE_FILE)
            add_listed(l, d, run, &run->options.at[i]);
        else
            add_operand(l, d, run, run->options.at[i].value);
    }
    if (!given)
        add_manifest_of(l, d, run->workdir, name);
    return true;
}

/* ---- commands ---- */

/* A path counts where it is one of the distribution's: others are the image's own. */
static struct str command_name(struct look *l, struct str name)
{
    struct str dir = path_directory(name);
    bool system = catalog_lists(l->c->catalog, LIT("system-programs"), dir);
    return system || !dir.len ? path_name(name) : name;
}

/* Code of a language: the container's is looked for in the context. */
static bool add_program(struct look *l, struct str name)
{
    const struct language_program *p = catalog_program(l->c->catalog, name);
    if (!p)
        return false;
    if (!strs_have(&l->languages, p->language))
        vec_add(l->c->arena, &l->languages, p->language);
    if (!l->language_at || l->in_container)
        l->language_at = l->at;
    return true;
}

static void read_script(struct look *l, struct str path);

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

static void add_reader(struct look *l, struct str text)
{
    struct str reader = reader_of(text);
    if (reader.len)
        add(l, &l->out.readers, reader, LIT(""));
}

/* Whose code the program at `path` is. */
static bool add_interpreter(struct look *l, struct str path)
{
    struct context_source source;
    if (!l->c->context || !context_source(l->c, l->in, path, &l->steps, &source))
        return false;
    add_reader(l, source.text);
    return add_program(l, path_name(reader_of(source.text)));
}

static bool is_read(const struct look *l, struct str name)
{
    for (size_t i = 0; l->container && i < l->container->n; i++)
        if (str_eq(l->container->at[i].path, name))
            return true;
    return false;
}

/* A program without a row: a script of the context, or one that only its name is known of. */
static void add_own(struct look *l, const struct invocation *run, struct str name)
{
    if (l->in_packages || catalog_command_package(l->c->catalog, name).len)
        return;
    if (l->in_container && !is_read(l, run->name) && !add_interpreter(l, run->name))
        add_unknown(l, UNKNOWN_PROGRAM, run->name);
    if (l->in_container)
        return;
    read_script(l,
                below(l->c->arena, str_find(name, '/') < name.len ? run->workdir : LIT(""), name));
}

/* Returns whether what it runs is accounted for. */
static bool add_invocation(struct look *l, const struct invocation *run)
{
    if (!run->name.len)
        return false;
    struct str name = command_name(l, run->name);
    add(l, &l->out.commands, name, LIT(""));
    add_helpers(l, run, name);
    bool depends = add_dependencies(l, run, name);
    bool program = add_program(l, name);
    if (!run->row && !program)
        add_own(l, run, name);
    return depends || program || !run->row;
}

static void add_all(struct look *l, struct used_list *to, const struct set *items)
{
    for (size_t i = 0; i < items->items.n; i++)
        add(l, to, items->items.at[i], LIT(""));
}

static struct str first_hidden(const struct invocations *runs)
{
    return runs->n ? runs->at[runs->n - 1].name : LIT("");
}

/* `sh FILE`: the container's were read. */
static bool add_scripts(struct look *l, const struct set *scripts)
{
    for (size_t i = 0; i < scripts->items.n; i++) {
        if (!l->in_container)
            read_script(l, scripts->items.at[i]);
        else if (!is_read(l, scripts->items.at[i]))
            return false;
    }
    return scripts->items.n && !scripts->unknown;
}

static void add_step(struct look *l, const struct used_step *used)
{
    const struct step *step = &used->step;
    bool accounted = add_scripts(l, &step->effects.scripts) || used->arguments;
    for (size_t i = 0; i < step->runs.n; i++)
        accounted |= add_invocation(l, &step->runs.at[i]);
    add_all(l, &l->out.paths, &step->effects.reads);
    add_all(l, &l->out.installs, &step->effects.installs);
    if (effects_any(&step->effects, FX_HIDDEN) && !accounted && !l->in_packages)
        add_unknown(l, UNKNOWN_PROGRAM, first_hidden(&step->runs));
}

static void read_list(struct look *l, const struct state *state, const struct sh_list *list)
{
    struct steps steps = {0};
    if (!command_steps(l->c, state, list, &steps))
        add_unknown(l, UNKNOWN_SHELL, LIT(""));
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

static void read_script(struct look *l, struct str path)
{
    struct context_source source;
    if (strs_have(&l->scripts, path))
        return;
    vec_add(l->c->arena, &l->scripts, path);
    struct state state = l->at->before;
    const struct sh_script *script = NULL;
    if (l->scripts.n <= MOST_SCRIPTS && l->c->context &&
        context_source(l->c, l->in, path, &l->steps, &source)) {
        add_reader(l, source.text);
        state.shell_kind = container_reader(source.text);
        enum sh_dialect dialect = state.shell_kind == SHELL_BASH ? SH_BASH : SH_POSIX;
        if (state.shell_kind != SHELL_OTHER)
            script = sh_parse(l->c->arena, source.text, dialect, NULL);
    }
    if (script)
        read_list(l, &state, script->list);
    else if (l->scripts.n > MOST_SCRIPTS || !add_interpreter(l, path))
        add_unknown(l, UNKNOWN_PROGRAM, path);
}

/* ---- instructions ---- */

static bool has_text(const struct instr *i)
{
    return i->ast->kind == DF_RUN || i->ast->kind == DF_CMD || i->ast->kind == DF_ENTRYPOINT ||
           (i->ast->kind == DF_HEALTHCHECK && i->ast->args.n);
}

static void read_commands(struct look *l, struct instr *i)
{
    l->at = i;
    const struct sh_list *list = instr_commands(l->c, i);
    struct state state = l->in_container ? container_state(l->in, i) : i->before;
    if (list)
        read_list(l, &state, list);
    else if (has_text(i) && i->ast->kind != DF_HEALTHCHECK)
        add_unknown(l, UNKNOWN_SHELL, LIT(""));
}

static void read_container(struct look *l, struct instr *by)
{
    if (!by)
        return;
    const struct container_scripts *scripts = container_scripts(l->c, by);
    l->container = scripts;
    read_commands(l, by);
    for (size_t i = 0; i < scripts->n; i++) {
        struct context_source source;
        if (context_source(l->c, l->in, scripts->at[i].path, &l->steps, &source))
            add_reader(l, source.text);
        read_list(l, &scripts->at[i].state, scripts->at[i].list);
    }
}

static bool is_on(const struct stage *s, const struct stage *base)
{
    unsigned n = 0;
    for (; s && n < 64; n++, s = s->base.kind == REF_STAGE ? s->base.stage : NULL)
        if (s == base)
            return true;
    return n == 64;
}

/* What another stage built goes on to run here: the packages that it installed, and what is not
 * known of it. */
static void read_copied(struct look *l, const struct stage *s)
{
    struct look from = {.c = l->c,
                        .in = s,
                        .elsewhere = true,
                        .out.modules = l->out.modules,
                        .out.unknown = l->out.unknown,
                        .out.steps = l->out.steps,
                        .steps = l->steps};
    for (struct instr *i = instr_next(s->from); i; i = instr_next(i))
        if (i->ast->kind == DF_RUN)
            read_commands(&from, i);
    l->out.modules = from.out.modules;
    l->out.unknown = from.out.unknown;
    l->out.steps = from.out.steps;
    l->steps = from.steps;
}

static void read_uses(struct look *l, const struct stage *s)
{
    for (size_t i = 0; i < s->uses.n; i++) {
        const struct ref *ref = &s->uses.at[i];
        if (ref->kind == REF_STAGE && ref->by->ast->kind == DF_COPY)
            read_copied(l, ref->stage);
        l->at = ref->by;
        if (ref->kind == REF_IMAGE || ref->kind == REF_UNKNOWN)
            add_unknown(l, UNKNOWN_PROGRAM, ref->image);
    }
}

static void read_stage(struct look *l, const struct stage *s)
{
    struct instr *healthcheck = NULL;
    l->in = s;
    l->in_container = false;
    for (struct instr *i = instr_next(s->from); i; i = instr_next(i)) {
        if (i->ast->kind == DF_RUN)
            read_commands(l, i);
        if (i->ast->kind == DF_HEALTHCHECK)
            healthcheck = i;
    }
    read_uses(l, s);
    if (s->ships != YES)
        return;
    struct container_command command = container_command(l->c, s);
    l->in_container = true;
    l->arguments = command.cmd != NULL;
    read_container(l, command.entrypoint);
    l->arguments = false;
    read_container(l, command.cmd);
    read_container(l, healthcheck);
}

/* ---- sources ---- */

/* Of the programs that a source may start, those that are asked for. */
static bool add_started(struct look *l, struct str language, const struct strs *candidates)
{
    bool any = false;
    for (size_t i = 0; i < candidates->n; i++) {
        if (source_names(l->c, language, candidates->at[i], NULL) != YES)
            continue;
        add(l, &l->out.commands, candidates->at[i], language);
        any = true;
    }
    return any;
}

static void read_sources(struct look *l, const struct strs *candidates)
{
    l->in_container = true;
    l->at = l->language_at;
    for (size_t i = 0; i < l->languages.n; i++) {
        struct source_evidence where = {0};
        struct str language = l->languages.at[i];
        if (source_shows(l->c, language, SOURCE_NATIVE, &where) == YES ||
            source_shows(l->c, language, SOURCE_LIBRARIES, &where) == YES)
            add_unknown(l, UNKNOWN_LIBRARY, where.path);
        enum tri starts = source_shows(l->c, language, SOURCE_COMMANDS, &where);
        if (starts == MAYBE || source_count(l->c, language) <= 0)
            add_unknown(l, UNKNOWN_SOURCES, language);
        else if (starts == YES && !add_started(l, language, candidates))
            add_unknown(l, UNKNOWN_STARTED, where.path);
    }
}

struct uses uses_of(struct compile *c, const struct stage *s, const struct strs *candidates)
{
    struct look l = {.c = c};
    for (const struct stage *on = s; on; on = on->next)
        if (is_on(on, s))
            read_stage(&l, on);
    if (candidates)
        read_sources(&l, candidates);
    l.out.languages = l.languages;
    return l.out;
}
