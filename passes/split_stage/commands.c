/* The commands that the container runs are in the final stage, or are installed there. */
#include "ir/context.h"
#include "ir/copy.h"
#include "ir/path.h"
#include "ir/state.h"
#include "passes/split_stage/split.h"

bool split_base_packages(struct compile *c, const struct split_plan *p, struct packages *out)
{
    struct base base;
    struct strs names = {0};
    if (!base_of_stage(c, p->stage, &base) || !base_packages(c, &base, &names))
        return false;
    *out = packages_closure(c->catalog, c->arena, &names, RECOMMENDS_NONE, NULL);
    return true;
}

bool split_brings_command(const struct split_plan *p, struct str name)
{
    for (size_t i = 0; i < p->carries.n; i++)
        if (str_eq(path_name(p->carries.at[i].path), name))
            return true;
    for (size_t i = 0; i < p->project.entries.n; i++)
        if (str_eq(path_name(p->project.entries.at[i].path), name))
            return true;
    return false;
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

/* The first directory of `*path`, which is without it then. */
static struct str next_directory(struct str *path)
{
    size_t end = str_find(*path, ':');
    struct str dir = str_slice(*path, 0, end);
    *path = str_slice(*path, end + 1, path->len);
    return dir;
}

/* `ENV PATH=/opt/x/bin:$PATH` where what PATH was is not known. */
static void add_directories(struct compile *c, const struct instr *env, struct strs *out)
{
    for (size_t k = 0; k < env->ast->pairs.n; k++) {
        struct str rest = env->ast->pairs.at[k].value, word;
        rest = str_starts(rest, LIT("\"")) ? str_slice(rest, 1, rest.len - 1) : rest;
        while (str_eq(env->ast->pairs.at[k].name, LIT("PATH")) && rest.len)
            if (state_expand(c, &env->before, next_directory(&rest), &word))
                vec_add(c->arena, out, word);
    }
}

/* Where programs are looked for by their names, as far as the file says. */
static struct strs searched(struct compile *c, const struct split_plan *p)
{
    struct strs out = {0};
    const struct env *path = env_find(p->stage->end.env, LIT("PATH"));
    struct str rest = path && path->kind == ENV_SET ? path->value : LIT("");
    while (rest.len)
        vec_add(c->arena, &out, next_directory(&rest));
    for (size_t i = 0; i < p->instrs.n; i++)
        if (p->instrs.at[i].i->ast->kind == DF_ENV)
            add_directories(c, p->instrs.at[i].i, &out);
    return out;
}

/* PATH leads into a directory that goes over: a virtual environment. */
static bool finds_in_tree(struct compile *c, const struct split_plan *p)
{
    struct strs dirs = searched(c, p);
    for (size_t i = 0; i < dirs.n; i++)
        for (size_t k = 0; k < p->carries.n; k++)
            if (split_is_below(dirs.at[i], p->carries.at[k].path))
                return true;
    return false;
}

/* The larger image has it, of a package. */
static bool is_of_base(struct compile *c, const struct split_plan *p, struct str name)
{
    struct packages had;
    struct str package = catalog_command_package(c->catalog, name);
    return strs_have(&p->runtime.lacks, name) || (package.len && split_base_packages(c, p, &had) &&
                                                  packages_have(c->catalog, &had, package));
}

/* A directory of programs goes over, or is filled again: what a registry installs there is not
 * known by name. */
static bool goes_with_programs(struct compile *c, const struct split_plan *p, struct str name)
{
    const struct tree_list *programs = catalog_trees(c->catalog, LIT("path"));
    if (is_of_base(c, p, name))
        return false;
    if (installs_again(p) || finds_in_tree(c, p))
        return true;
    for (size_t i = 0; i < p->carries.n; i++)
        for (size_t k = 0; programs && k < programs->n_paths; k++)
            if (str_eq(programs->paths[k], p->carries.at[i].path) ||
                (p->carries.at[i].whole &&
                 split_is_below(programs->paths[k], p->carries.at[i].path)))
                return true;
    return false;
}

/* The package, or another that has the command, comes with what the file installs there. */
static bool installs_command(struct compile *c, const struct split_plan *p, struct str name)
{
    const struct command_provider *by = catalog_provider(c->catalog, name);
    struct packages all = packages_closure(c->catalog, c->arena, &p->installed, true, NULL);
    if (packages_have(c->catalog, &all, by->package))
        return true;
    for (size_t i = 0; i < by->n_also; i++)
        if (strs_have(&p->installed, by->also[i]) || packages_have(c->catalog, &all, by->also[i]))
            return true;
    return false;
}

bool split_has_command(struct compile *c, const struct split_plan *p, struct str name)
{
    const struct command *row = catalog_command(c->catalog, name);
    struct str package = catalog_command_package(c->catalog, name);
    const struct package *known = catalog_package(c->catalog, package);
    if (strs_have(&p->runtime.has, name) || strs_have(&p->installed, package))
        return true;
    if (p->runtime.alpine) /* nothing else is taken away */
        return !strs_have(&p->runtime.lacks, name);
    if (!package.len)
        return row && (row->usage.does & DOES(SYSTEM)) && !strs_have(&p->runtime.lacks, name);
    return (known && known->minimal) || installs_command(c, p, name);
}

/* .. or goes over, or will be installed. */
static bool get_command(struct compile *c, struct split_plan *p, struct str name)
{
    struct str package = catalog_command_package(c->catalog, name);
    if (split_brings_command(p, name) || goes_with_programs(c, p, name) ||
        split_has_command(c, p, name))
        return true;
    if (p->runtime.alpine)
        return false;
    if (!package.len)
        return goes_with_tree(p) && !strs_have(&p->runtime.lacks, name);
    if (catalog_keep(c->catalog, package) == KEEP_NEVER)
        return false;
    split_want(c, p, package);
    return true;
}

/* Of the larger base image's packages, those with a program that the sources name. A letter is a
 * mode of fopen() as well, and `strings` a package of Go: what only builds use is not meant. */
static void want_named(struct compile *c, struct split_plan *p)
{
    struct packages had;
    if (p->runtime.alpine || !split_base_packages(c, p, &had))
        return;
    struct strs commands = packages_commands(c->catalog, c->arena, &had);
    for (size_t i = 0; i < commands.n; i++) {
        struct str name = commands.at[i];
        const struct package *of =
            catalog_package(c->catalog, catalog_command_package(c->catalog, name));
        if (name.len > 1 && of && !of->development &&
            catalog_keep(c->catalog, of->name) != KEEP_NEVER &&
            source_names(c, p->toolchain->language, name, NULL) == YES)
            get_command(c, p, name);
    }
}

/* Programs that the sources name: what cannot be found among them cannot be told. */
static bool check_sources(struct compile *c, struct split_plan *p, struct why *why)
{
    bool any = false;
    struct source_evidence where = {0};
    if (p->told || source_shows(c, p->toolchain->language, SOURCE_COMMANDS, &where) != YES)
        return true;
    for (size_t i = 0; i < p->runtime.has.n; i++)
        any |= source_names(c, p->toolchain->language, p->runtime.has.at[i], NULL) == YES;
    for (size_t i = 0; i < p->runtime.lacks.n; i++) {
        struct str name = p->runtime.lacks.at[i];
        if (source_names(c, p->toolchain->language, name, NULL) != YES)
            continue;
        any = true;
        if (!get_command(c, p, name))
            return split_refuse(why, SPLIT_COMMANDS, p->stage->from, name);
    }
    want_named(c, p);
    for (size_t i = 0; i < p->installed.n; i++)
        any |= source_names(c, p->toolchain->language, p->installed.at[i], NULL) == YES;
    return any || p->runtime.row->same_commands ||
           split_refuse(why, SPLIT_SOURCES, p->stage->from, source_evidence_text(c->arena, &where));
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
        if ((i >= p->n_build || in->repeated) && brings(c, in->i, path))
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
    for (size_t i = 0; i < p->used.n && !p->in_place; i++)
        if (!is_there(c, p, p->used.at[i]) &&
            !split_is_below(p->used.at[i], p->stage->end.workdir) &&
            split_may_be_built(c, p, p->used.at[i]))
            return split_refuse(why, SPLIT_NO_PROGRAM, p->stage->from, p->used.at[i]);
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

/* What was found by its name in a directory of the toolchain (/go/bin); what is called like it
 * elsewhere is data. */
static void find_path(struct compile *c, struct split_plan *p)
{
    struct strs dirs = searched(c, p);
    for (size_t i = 0; i < p->carries.n; i++) {
        const struct carry *what = &p->carries.at[i];
        struct str dir = path_directory(what->path);
        if (!what->whole && strs_have(&p->commands, path_name(what->path)) &&
            str_eq(path_name(dir), LIT("bin")) && !strs_have(&p->path, dir) &&
            !catalog_lists(c->catalog, LIT("path"), dir) && !split_is_shared(c, dir) &&
            !strs_have(&dirs, dir))
            vec_add(c->arena, &p->path, dir);
    }
}

bool split_check_commands(struct compile *c, struct split_plan *p, struct why *why)
{
    if (!check_programs(c, p, why) || !check_commands(c, p, why) || !check_sources(c, p, why))
        return false;
    find_path(c, p);
    return true;
}
