/* What runs in the container, and what it needs of the base image. */
#include "ir/base.h"
#include "ir/catalog/images.h"
#include "ir/catalog/packages.h"
#include "ir/command_words.h"
#include "ir/container.h"
#include "ir/context.h"
#include "ir/copy.h"
#include "ir/manifest/manifest.h"
#include "passes/split_stage/split.h"

/* ---- what the container runs ---- */

static void add_command(struct compile *c, struct split_plan *p, struct str name)
{
    struct str dir = path_directory(name);
    bool plain =
        catalog_lists(c->catalog, LIT("path"), dir) || (!dir.len && !str_starts(name, LIT("/")));
    if (plain && !strs_have(&p->commands, path_name(name)))
        vec_add(c->arena, &p->commands, path_name(name));
}

/* One that is not found by its name in PATH. */
static void add_program(struct compile *c, struct split_plan *p, struct str name,
                        struct str workdir)
{
    struct str path;
    if (str_find(name, '/') < name.len && path_resolve(c->arena, workdir, name, &path) &&
        str_starts(path, LIT("/")))
        vec_add(c->arena, &p->programs, path);
}

/* Any word may name a file: `--config=/etc/x`, `app.jar`. */
static void add_word(struct compile *c, struct split_plan *p, struct str word, struct str workdir)
{
    struct str path;
    if (str_starts(word, LIT("-")))
        word = str_slice(word, str_find(word, '=') + 1, word.len);
    if (word.len && path_resolve(c->arena, workdir, word, &path) && str_starts(path, LIT("/")))
        vec_add(c->arena, &p->used, path);
}

static void add_commands(struct compile *c, struct split_plan *p, const struct state *state,
                         const struct sh_list *list)
{
    struct seen_commands seen = command_seen(c, state, list);
    for (size_t i = 0; i < seen.n; i++) {
        const struct strs *words = &seen.at[i].words;
        if (!words->n || !words->at[0].at)
            p->all_known = false;
        else
            add_command(c, p, words->at[0]);
        if (words->n && words->at[0].at)
            add_program(c, p, words->at[0], seen.at[i].workdir);
        for (size_t k = 1; k < words->n; k++)
            if (words->at[k].at)
                vec_add(c->arena, &p->words, words->at[k]);
            else
                p->words_known = false;
        for (size_t k = 0; k < words->n; k++)
            if (words->at[k].at && (k || str_find(words->at[k], '/') < words->at[k].len))
                add_word(c, p, words->at[k], seen.at[i].workdir);
    }
}

/* `python app.py`: a script of another language than the shell's. */
static bool is_source(struct compile *c, const struct split_plan *p, struct str path)
{
    const struct source_language *l = catalog_source_language(c->catalog, p->toolchain->language);
    for (size_t i = 0; l && i < l->n_files; i++)
        if (str_matches(l->files[i], path_name(path)))
            return true;
    return false;
}

/* What an instruction of the container starts, and the scripts that this runs. */
static void add_started(struct compile *c, struct split_plan *p, struct instr *by)
{
    const struct sh_list *list = by ? instr_commands(c, by) : NULL;
    if (!by || !list)
        return;
    struct state state = container_state(p->stage, by);
    add_commands(c, p, &state, list);
    const struct container_scripts *scripts = container_scripts(c, by);
    for (size_t i = 0; i < scripts->n; i++)
        if (!is_source(c, p, scripts->at[i].path))
            add_commands(c, p, &scripts->at[i].state, scripts->at[i].list);
}

bool split_starts_script(const struct split_plan *p, struct str name)
{
    return strs_have(&p->words, name);
}

static struct instr *last_of(const struct split_plan *p, enum df_kind kind)
{
    for (size_t i = p->instrs.n; i-- > 0;)
        if (p->instrs.at[i].i->ast->kind == kind)
            return p->instrs.at[i].i;
    return NULL;
}

/* Of sources that are not in the context nothing is known. */
static enum tri starts_others(struct compile *c, const struct split_plan *p)
{
    if (source_count(c, p->toolchain->language) <= 0)
        return MAYBE;
    return source_shows(c, p->toolchain->language, SOURCE_COMMANDS, NULL);
}

/* A project without dependencies and without code of other languages is linked with what its
 * toolchain brings along. */
static bool any_may_link(const struct split_instrs *instrs)
{
    for (size_t i = 0; i < instrs->n; i++) {
        const struct split_steps *steps = &instrs->at[i].steps;
        for (size_t k = 0; k < steps->n; k++) {
            const struct split_step *s = &steps->at[k];
            bool nothing = s->role != STEP_BUILD ||
                           (s->built.known && !s->built.artifacts.n && !s->built.whole);
            const struct manifest *m = s->built.manifest;
            if (!nothing && (!m || m->needs.n || m->more_needs))
                return true;
        }
    }
    return false;
}

static bool may_link(struct compile *c, const struct split_plan *p)
{
    return any_may_link(&p->instrs) || any_may_link(&p->others) ||
           source_shows(c, p->toolchain->language, SOURCE_NATIVE, NULL) != NO;
}

bool split_used(struct compile *c, struct split_plan *p, struct why *why)
{
    p->links = may_link(c, p);
    struct container_command command = container_command(c, p->stage);
    p->all_known = p->words_known = true;
    add_started(c, p, command.entrypoint);
    if (!command.entrypoint || !p->all_known)
        add_started(c, p, command.cmd); /* else it is arguments */
    add_started(c, p, last_of(p, DF_HEALTHCHECK));
    if (starts_others(c, p) == MAYBE && !p->runtime.row->same_commands)
        return split_refuse(why, SPLIT_SOURCES, p->stage->from, p->toolchain->language);
    p->all_known &= starts_others(c, p) == NO;
    return true;
}

/* ---- commands ---- */

/* What is installed in a tree that goes over is not known by name. */
static bool is_built(const struct split_plan *p, struct str name)
{
    for (size_t i = 0; i < p->carries.n; i++)
        if (str_eq(path_name(p->carries.at[i].path), name))
            return true;
    for (size_t i = 0; i < p->project.entries.n; i++)
        if (str_eq(path_name(p->project.entries.at[i].path), name))
            return true;
    return false;
}

void split_want(struct compile *c, struct split_plan *p, struct str package)
{
    if (package.len && !strs_have(&p->packages, package) && !strs_have(&p->installed, package))
        vec_add(c->arena, &p->packages, package);
}

static bool goes_with_tree(const struct split_plan *p)
{
    for (size_t i = 0; i < p->carries.n; i++)
        if (p->carries.at[i].whole)
            return true;
    return false;
}

static bool installs_again(const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct split_step *s = &p->instrs.at[i].steps.at[k];
            if (s->role == STEP_BUILD && s->repeated)
                return true;
        }
    return false;
}

static bool lacks(const struct split_plan *p, struct str name)
{
    for (size_t i = 0; i < p->runtime.row->n_lacks; i++)
        if (str_eq(p->runtime.row->lacks[i], name))
            return true;
    return false;
}

/* PATH leads into a tree that goes over: a virtual environment. */
static bool finds_in_tree(const struct split_plan *p)
{
    const struct env *path = env_find(p->stage->end.env, LIT("PATH"));
    struct str all = path && path->kind == ENV_SET ? path->value : LIT("");
    while (all.len) {
        size_t end = str_find(all, ':');
        for (size_t i = 0; i < p->carries.n; i++)
            if (p->carries.at[i].whole &&
                split_is_below(str_slice(all, 0, end), p->carries.at[i].path))
                return true;
        all = str_slice(all, end + 1, all.len);
    }
    return false;
}

/* A directory of programs goes over, or is filled again: what a registry installs there is not
 * known by name. */
static bool goes_with_programs(struct compile *c, const struct split_plan *p, struct str name)
{
    const struct tree_list *programs = catalog_trees(c->catalog, LIT("path"));
    if (lacks(p, name))
        return false;
    if (installs_again(p) || finds_in_tree(p))
        return true;
    for (size_t i = 0; i < p->carries.n; i++)
        for (size_t k = 0; programs && k < programs->n_paths; k++)
            if (str_eq(programs->paths[k], p->carries.at[i].path) ||
                (p->carries.at[i].whole &&
                 split_is_below(programs->paths[k], p->carries.at[i].path)))
                return true;
    return false;
}

bool split_has_command(struct compile *c, const struct split_plan *p, struct str name)
{
    const struct command *row = catalog_command(c->catalog, name);
    struct str package = catalog_command_package(c->catalog, name);
    const struct package *known = catalog_package(c->catalog, package);
    for (size_t i = 0; i < p->runtime.row->n_has; i++)
        if (str_eq(p->runtime.row->has[i], name))
            return true;
    if (strs_have(&p->installed, package))
        return true;
    if (p->runtime.alpine) /* nothing else is taken away */
        return !lacks(p, name);
    if (!package.len)
        return row && (row->usage.does & DOES(SYSTEM));
    struct packages closure = packages_closure(c->catalog, c->arena, &p->installed, true, NULL);
    return (known && known->minimal) || packages_have(c->catalog, &closure, package);
}

/* .. or goes over, or will be installed. */
static bool get_command(struct compile *c, struct split_plan *p, struct str name)
{
    struct str package = catalog_command_package(c->catalog, name);
    if (is_built(p, name) || goes_with_programs(c, p, name) || split_has_command(c, p, name))
        return true;
    if (p->runtime.alpine)
        return false;
    if (!package.len)
        return goes_with_tree(p) && !lacks(p, name);
    if (catalog_keep(c->catalog, package) == KEEP_NEVER)
        return false;
    split_want(c, p, package);
    return true;
}

/* Programs that the sources name: what cannot be found among them cannot be told. */
static bool check_sources(struct compile *c, struct split_plan *p, struct why *why)
{
    bool any = false;
    struct source_evidence where = {0};
    if (source_shows(c, p->toolchain->language, SOURCE_COMMANDS, &where) != YES)
        return true;
    for (size_t i = 0; i < p->runtime.row->n_has; i++)
        any |= source_names(c, p->toolchain->language, p->runtime.row->has[i], NULL) == YES;
    for (size_t i = 0; i < p->runtime.row->n_lacks; i++) {
        struct str name = p->runtime.row->lacks[i];
        if (source_names(c, p->toolchain->language, name, NULL) != YES)
            continue;
        any = true;
        if (!get_command(c, p, name))
            return split_refuse(why, SPLIT_COMMANDS, p->stage->from, name);
    }
    for (size_t i = 0; i < p->installed.n; i++)
        any |= source_names(c, p->toolchain->language, p->installed.at[i], NULL) == YES;
    return any || p->runtime.row->same_commands ||
           split_refuse(why, SPLIT_SOURCES, p->stage->from, where.path);
}

/* It starts what its settings say: those programs are not seen. */
static bool is_starter(struct compile *c, const struct split_plan *p, struct str name)
{
    return catalog_lists(c->catalog, LIT("starters"), name) && !p->runtime.row->same_commands;
}

static bool step_writes(const struct split_step *s, struct str path)
{
    struct set one = {.items = {&path, 1, 1}};
    return s->repeated && paths_meet(&s->step->effects.writes, &one) != NO;
}

/* A context that is known shows whether it has the file. */
static bool brings(struct compile *c, const struct instr *i, struct str path)
{
    if (!legality_copy_brings(c, i, path))
        return false;
    struct copy copy = copy_read(c, i);
    for (size_t k = 0; k < copy.sources.n; k++) {
        const struct copy_source *source = &copy.sources.at[k];
        struct str from = copy_source_of(c, &copy, source, path);
        if (source->origin != COPY_CONTEXT || source->glob || !copy.to.len ||
            (from.len && context_has(c, from) != NO))
            return true;
    }
    return false;
}

/* In the final stage. */
static bool is_there(struct compile *c, const struct split_plan *p, struct str path)
{
    if (split_goes_over(p, path))
        return true;
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        if (in->repeated && brings(c, in->i, path))
            return true;
        for (size_t k = 0; k < in->steps.n; k++)
            if (step_writes(&in->steps.at[k], path))
                return true;
    }
    return false;
}

/* In a directory that something is built or copied in: it is not the base image's. */
static bool is_made_here(struct compile *c, const struct split_plan *p, struct str path)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        if (legality_copy_brings(c, in->i, path))
            return true;
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct split_step *s = &in->steps.at[k];
            struct str dir = s->step->runs.n ? vec_last(&s->step->runs)->workdir : LIT("");
            if (s->role == STEP_BUILD && split_is_below(path, dir) &&
                (!str_eq(dir, LIT("/")) || str_eq(path_directory(path), dir)))
                return true;
        }
    }
    return false;
}

static bool check_programs(struct compile *c, const struct split_plan *p, struct why *why)
{
    for (size_t i = 0; i < p->programs.n && !p->in_place; i++)
        if (!is_there(c, p, p->programs.at[i]) && is_made_here(c, p, p->programs.at[i]))
            return split_refuse(why, SPLIT_NO_PROGRAM, p->stage->from, p->programs.at[i]);
    return true;
}

static bool check_commands(struct compile *c, struct split_plan *p, struct why *why)
{
    for (size_t i = 0; i < p->used.n; i++)
        if (split_is_left(p, p->used.at[i]))
            return split_refuse(why, SPLIT_COMMANDS, p->stage->from, p->used.at[i]);
    for (size_t i = 0; i < p->commands.n; i++)
        if (is_starter(c, p, p->commands.at[i]))
            return split_refuse(why, SPLIT_COMMANDS, p->stage->from, p->commands.at[i]);
    for (size_t i = 0; i < p->commands.n; i++)
        if (!get_command(c, p, p->commands.at[i]))
            return split_refuse(why, SPLIT_COMMANDS, p->stage->from, p->commands.at[i]);
    return true;
}

/* What was found by its name in a directory of the toolchain. */
static void find_path(struct compile *c, struct split_plan *p)
{
    for (size_t i = 0; i < p->carries.n; i++) {
        struct str dir = path_directory(p->carries.at[i].path);
        bool known = strs_have(&p->path, dir) || p->carries.at[i].whole ||
                     catalog_lists(c->catalog, LIT("path"), dir);
        const struct env *path = env_find(p->stage->end.env, LIT("PATH"));
        if (path && path->kind == ENV_SET && str_search(path->value, dir) < path->value.len)
            known = true;
        if (!known && strs_have(&p->commands, path_name(p->carries.at[i].path)))
            vec_add(c->arena, &p->path, dir);
    }
}

/* What a pragma says: with or without the manager's name. */
static void want_told(struct compile *c, struct split_plan *p, const struct split_step *s)
{
    const struct strs *needs = &s->step->effects.needs.items;
    struct str manager = str_concat(c->arena, p->runtime.row->manager, LIT(":"));
    for (size_t i = 0; s->told && i < needs->n; i++) {
        bool named = str_starts(needs->at[i], manager);
        split_want(c, p, str_slice(needs->at[i], named ? manager.len : 0, needs->at[i].len));
    }
}

/* ---- packages of the language ---- */

static void want_libraries(struct compile *c, struct split_plan *p, struct str name)
{
    const struct str *names = &name;
    size_t n = 1;
    if (p->runtime.alpine)
        return;
    if (catalog_headers(c->catalog, name) &&
        !catalog_runtime(c->catalog, name, p->runtime.release, &names, &n))
        return;
    for (size_t i = 0; i < n; i++) {
        const struct package *library = catalog_package(c->catalog, names[i]);
        if (!library || !library->minimal)
            split_want(c, p, names[i]);
    }
}

/* What a package of a language needs of the distribution. */
static void want_module(struct compile *c, struct split_plan *p, const struct toolchain *t,
                        struct str name)
{
    size_t end = 0;
    while (end < name.len && !char_is_space(name.at[end]) && name.at[end] != '=' &&
           name.at[end] != '<' && name.at[end] != '>' && name.at[end] != '~' &&
           name.at[end] != '[' && name.at[end] != ';' && name.at[end] != ':')
        end++;
    name = str_printf(c->arena, "%.*s:%.*s", STR(t->registry), STR(str_slice(name, 0, end)));
    const struct module *module = catalog_module(c->catalog, str_lower(c->arena, name));
    for (size_t k = 0; module && k < module->n_run; k++)
        want_libraries(c, p, module->run[k]);
}

/* Those that the manifest and the command name. */
static void want_modules(struct compile *c, struct split_plan *p, const struct split_step *s)
{
    const struct toolchain *t = s->built.toolchain;
    const struct manifest *m = s->built.manifest;
    if (!t || !t->registry.len)
        return;
    for (size_t i = 0; m && i < m->needs.n; i++)
        if (!str_eq(m->needs.at[i].group, LIT("dev")))
            want_module(c, p, t, m->needs.at[i].name);
    const struct strs *words = &vec_last(&s->step->runs)->words;
    for (size_t i = 1; i < words->n; i++)
        if (words->at[i].at)
            want_module(c, p, t, words->at[i]);
}

/* ---- data and libraries ---- */

static bool shows(struct compile *c, const struct split_plan *p, enum source_trait trait)
{
    return source_shows(c, p->toolchain->language, trait, NULL) != NO;
}

static bool has_library(const struct split_plan *p, struct str name)
{
    for (size_t i = 0; i < p->runtime.row->n_links; i++)
        if (str_eq(p->runtime.row->links[i], name))
            return true;
    return p->runtime.row->n_links == 0;
}

/* What is linked by name is in the smaller image. */
static bool check_links(struct compile *c, struct split_plan *p, const struct split_instrs *instrs,
                        struct why *why)
{
    for (size_t i = 0; i < instrs->n; i++) {
        const struct split_instr *in = &instrs->at[i];
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct built *built = &in->steps.at[k].built;
            want_modules(c, p, &in->steps.at[k]);
            want_told(c, p, &in->steps.at[k]);
            for (size_t n = 0; n < built->packages.n; n++)
                split_want(c, p, built->packages.at[n]);
            for (size_t n = 0; !p->runtime.row->same_libraries && n < built->libraries.n; n++)
                if (!has_library(p, built->libraries.at[n]))
                    return split_refuse(why, SPLIT_LIBRARIES, in->i, built->libraries.at[n]);
        }
    }
    return true;
}

static bool check_libraries(struct compile *c, struct split_plan *p, struct why *why)
{
    struct source_evidence where = {0};
    if (!check_links(c, p, &p->instrs, why) || !check_links(c, p, &p->others, why))
        return false;
    if (p->runtime.row->same_libraries)
        return true;
    if (source_shows(c, p->toolchain->language, SOURCE_LIBRARIES, &where) != NO ||
        source_shows(c, p->toolchain->language, SOURCE_NATIVE, &where) != NO)
        return split_refuse(why, SPLIT_LIBRARIES, p->stage->from, where.path);
    return true;
}

/* The image that was built on had them: one that had not is not given them. */
static bool had_package(struct compile *c, const struct split_plan *p, struct str package)
{
    struct base base;
    struct strs packages = {0};
    return !base_of_stage(c, p->stage, &base) || !base_packages(c, &base, &packages) ||
           strs_have(&packages, package);
}

bool split_needs(struct compile *c, struct split_plan *p, struct why *why)
{
    if (!check_programs(c, p, why) || !check_commands(c, p, why) || !check_sources(c, p, why) ||
        !check_libraries(c, p, why))
        return false;
    find_path(c, p);
    bool certificates = shows(c, p, SOURCE_CERTIFICATES) || shows(c, p, SOURCE_COMMANDS);
    if (certificates && had_package(c, p, p->runtime.row->certificates))
        split_want(c, p, p->runtime.row->certificates);
    if (shows(c, p, SOURCE_ZONES) || env_find(p->stage->end.env, LIT("TZ")))
        split_want(c, p, p->runtime.row->zones);
    return true;
}
