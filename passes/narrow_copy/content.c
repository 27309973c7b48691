/* What a directory of a build stage holds, and what of it only the build uses. */
#include "ir/path.h"
#include "passes/narrow_copy/narrow.h"

#include "ir/copy.h"
#include "ir/project.h"
#include "ir/toolchain.h"
#include "passes/legality.h"

/* How many stages a build stage may be built on, how many instructions each may have, and how many
 * sources are read for the names of files. */
enum { MOST_STAGES = 16, MOST_INSTRUCTIONS = 150, MOST_SOURCES = 400 };

struct toolchains VEC_OF(const struct toolchain *);

struct survey {
    struct compile *c;
    struct str directory;
    struct toolchains toolchains; /* whose commands were seen */
    struct strs sources;          /* texts of the programs' sources, once they are asked for */
    bool sources_read, sources_whole;
    struct narrow_content *out;
    struct why *why;
};

bool narrow_below(struct str path, struct str directory, struct str *rest)
{
    bool below = str_starts(path, directory) && path.len > directory.len + 1 &&
                 path.at[directory.len] == '/';
    if (below)
        *rest = str_slice(path, directory.len + 1, path.len);
    return below;
}

static bool no(struct survey *s, enum narrow_reason reason, const struct instr *at)
{
    return refuse(s->why, &narrow_rules[reason], at);
}

static void keep(struct survey *s, struct str rest, bool file)
{
    s->out->is_directory = true;
    for (size_t i = 0; i < s->out->kept.n; i++) {
        struct narrow_path *known = &s->out->kept.at[i];
        known->file |= file && str_eq(known->path, rest);
        if (str_eq(known->path, rest))
            return;
    }
    vec_add(s->c->arena, &s->out->kept, ((struct narrow_path){rest, file}));
}

/* ---- RUN ---- */

/* Paths that are written: those in the directory stay; one that holds it may be anything. */
static bool keep_writes(struct survey *s, const struct strs *paths, const struct instr *run)
{
    for (size_t i = 0; i < paths->n; i++) {
        struct str path = paths->at[i], rest;
        if (path_is_in(s->directory, path))
            return no(s, NARROW_UNKNOWN_WRITES, run);
        if (!narrow_below(path, s->directory, &rest))
            continue;
        if (path_has_glob(path))
            return no(s, NARROW_UNKNOWN_WRITES, run);
        keep(s, rest, false);
    }
    return true;
}

static bool meets(const struct survey *s, const struct set *paths, enum tri answer)
{
    struct str item = s->directory;
    struct set directory = {.items = {&item, 1, 1}};
    return paths_meet(paths, &directory) == answer;
}

static bool take_effects(struct survey *s, const struct effects *fx, const struct instr *run)
{
    if (fx->writes.unknown)
        return no(s, NARROW_UNKNOWN_WRITES, run);
    if (!meets(s, &fx->deletes, NO))
        return no(s, NARROW_DELETED, run);
    return keep_writes(s, &fx->writes.items, run);
}

static void note_toolchain(struct survey *s, const struct toolchain *t)
{
    for (size_t i = 0; i < s->toolchains.n; i++)
        if (s->toolchains.at[i] == t)
            return;
    vec_add(s->c->arena, &s->toolchains, t);
}

/* A command of a toolchain does no more than its row says. */
static bool take_built(struct survey *s, const struct built *built, const struct instr *run)
{
    note_toolchain(s, built->toolchain);
    if (!built->toolchain->compiled)
        return no(s, NARROW_NOT_COMPILED, run);
    if (!built->known || built->by->whole)
        return no(s, NARROW_UNKNOWN_WRITES, run);
    for (size_t i = 0; i < built->artifacts.n; i++) {
        struct str path = built->artifacts.at[i], rest;
        if (path_is_in(s->directory, path))
            return no(s, NARROW_UNKNOWN_WRITES, run);
        if (narrow_below(path, s->directory, &rest))
            keep(s, rest, true);
    }
    return true;
}

static bool take_step(struct survey *s, const struct stage *stage, const struct step *step,
                      const struct instr *run)
{
    bool built_all = step->runs.n > 0;
    for (size_t i = 0; i < step->runs.n; i++) {
        struct built built = toolchain_built(s->c, stage, &step->runs.at[i]);
        built_all &= built.toolchain != NULL;
        if (built.toolchain && !take_built(s, &built, run))
            return false;
    }
    return built_all ? keep_writes(s, &step->effects.writes.items, run)
                     : take_effects(s, &step->effects, run);
}

static bool take_run(struct survey *s, struct instr *run)
{
    struct steps steps = {0};
    const struct effects *fx = instr_effects(s->c, run);
    const struct sh_list *list = instr_commands(s->c, run);
    if (legality_mount_covers(s->c, run, &s->directory, 1) != NO)
        return no(s, NARROW_MOUNT, run);
    if (!list || !command_steps(s->c, &run->before, list, &steps))
        return take_effects(s, fx, run);
    for (size_t i = 0; i < steps.n; i++)
        if (!take_step(s, run->stage, &steps.at[i], run))
            return false;
    return true;
}

/* ---- COPY ---- */

/* From elsewhere than the context. */
static bool take_foreign(struct survey *s, const struct copy *copy,
                         const struct copy_source *source, const struct instr *by)
{
    struct str path, rest;
    if (!copy_destination(s->c, copy, source, &path))
        return no(s, NARROW_UNKNOWN_WRITES, by);
    if (path_is_in(s->directory, path))
        return no(s, NARROW_UNKNOWN_WRITES, by);
    if (narrow_below(path, s->directory, &rest))
        keep(s, rest, false);
    return true;
}

static bool take_copy(struct survey *s, const struct instr *by)
{
    struct copy copy = copy_read(s->c, by);
    for (size_t i = 0; i < copy.sources.n; i++)
        if (copy.sources.at[i].origin != COPY_CONTEXT &&
            !take_foreign(s, &copy, &copy.sources.at[i], by))
            return false;
    return true;
}

/* ---- what is known to be unused ---- */

static bool is_any_of(struct survey *s, const struct str *patterns, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (toolchain_matches(s->c, patterns[i], name))
            return true;
    return false;
}

/* A source of what was compiled there. */
static bool is_source(struct survey *s, struct str name)
{
    for (size_t i = 0; i < s->toolchains.n; i++)
        if (is_any_of(s, s->toolchains.at[i]->source_files, s->toolchains.at[i]->n_source_files,
                      name))
            return true;
    return false;
}

/* A source that no program is made of: a test. */
static bool is_test(struct survey *s, struct str name)
{
    for (size_t i = 0; i < s->toolchains.n; i++) {
        const struct source_language *l =
            catalog_source_language(s->c->catalog, s->toolchains.at[i]->language);
        if (l && is_any_of(s, l->except, l->n_except, name))
            return true;
    }
    return false;
}

static void read_sources(struct survey *s)
{
    struct context_entries files = {0};
    s->sources_read = true;
    s->sources_whole = context_files(s->c, (struct str){0}, &files);
    for (size_t i = 0; i < files.n && s->sources_whole; i++) {
        struct str name = path_name(files.at[i].name), text;
        if (!is_source(s, name) || is_test(s, name))
            continue;
        s->sources_whole =
            s->sources.n < MOST_SOURCES && context_text(s->c, files.at[i].name, &text);
        if (s->sources_whole)
            vec_add(s->c->arena, &s->sources, text);
    }
}

/* A program that opens a file mostly has its name in its sources. */
static bool may_be_opened(struct survey *s, struct str name)
{
    if (!s->sources_read)
        read_sources(s);
    for (size_t i = 0; i < s->sources.n && s->sources_whole; i++)
        if (str_search(s->sources.at[i], name) < s->sources.at[i].len)
            return true;
    return !s->sources_whole;
}

/* Sources of what was compiled, and what no program needs. */
static bool is_unused_name(struct survey *s, struct str name)
{
    if (is_source(s, name))
        return true;
    for (size_t i = 0; i < catalog_leftover_count(s->c->catalog); i++) {
        const struct leftover *row = catalog_leftover_at(s->c->catalog, i);
        if (!row->n_made_by && is_any_of(s, row->names, row->n_names, name))
            return !may_be_opened(s, name);
    }
    return false;
}

/* By its name, or that of a directory that it is in. */
static bool is_unused_path(struct survey *s, struct str path)
{
    while (path.len) {
        size_t slash = str_find(path, '/');
        if (is_unused_name(s, str_slice(path, 0, slash)))
            return true;
        path = str_slice(path, slash + 1, path.len);
    }
    return false;
}

static bool is_unused_directory(struct survey *s, struct str folder)
{
    struct context_entries files = {0};
    if (!context_files(s->c, folder, &files))
        return false;
    for (size_t i = 0; i < files.n; i++) {
        struct str rest = files.at[i].name;
        if (folder.len)
            rest = str_slice(rest, folder.len + 1, rest.len);
        if (files.at[i].kind != CONTEXT_FILE || !is_unused_path(s, rest))
            return false;
    }
    return true;
}

static bool is_unused(struct survey *s, const struct project_entry *e, struct str rest)
{
    return is_unused_path(s, rest) ||
           (e->kind == CONTEXT_DIRECTORY && is_unused_directory(s, e->context));
}

/* ---- the whole ---- */

static bool take_entry(struct survey *s, const struct project_entry *e)
{
    struct str rest;
    if (path_is_in(s->directory, e->path))
        return no(s, NARROW_CONTEXT, e->by);
    if (!narrow_below(e->path, s->directory, &rest))
        return true;
    s->out->is_directory = true;
    if (is_unused(s, e, rest)) {
        set_add(s->c->arena, &s->out->unused, e->path);
        return true;
    }
    if (e->kind != CONTEXT_FILE && e->kind != CONTEXT_DIRECTORY)
        return no(s, NARROW_LINK, e->by);
    keep(s, rest, e->kind == CONTEXT_FILE);
    return true;
}

static bool take_project(struct survey *s, const struct stage *stage)
{
    struct project p = project_of(s->c, stage);
    if (!p.complete)
        return no(s, NARROW_CONTEXT, stage->from);
    for (size_t i = 0; i < p.entries.n; i++)
        if (!take_entry(s, &p.entries.at[i]))
            return false;
    return true;
}

static bool take_commands(struct survey *s, const struct stage *stage)
{
    for (struct instr *i = stage->from; i; i = instr_next(i)) {
        if (i->ast->kind == DF_RUN && !take_run(s, i))
            return false;
        bool copies = i->ast->kind == DF_COPY || i->ast->kind == DF_ADD;
        if (copies && !take_copy(s, i))
            return false;
        if (i->ast->kind == DF_VOLUME)
            return no(s, NARROW_UNKNOWN_WRITES, i);
    }
    return true;
}

/* Some instruction of it works there. */
static bool works_in(const struct stage *stage, struct str directory)
{
    for (const struct instr *i = stage->from; i; i = instr_next(i))
        if (str_eq(i->before.workdir, directory))
            return true;
    return str_eq(stage->end.workdir, directory);
}

/* Base images have files where packages put them, and in homes. */
static bool base_may_have(const struct survey *s)
{
    static const struct str lists[] = {{"system", 6}, {"base-content", 12}};
    for (size_t k = 0; k < 2; k++) {
        const struct tree_list *trees = catalog_trees(s->c->catalog, lists[k]);
        for (size_t i = 0; trees && i < trees->n_paths; i++) {
            struct str rest;
            if (path_is_in(trees->paths[i], s->directory) ||
                narrow_below(s->directory, trees->paths[i], &rest))
                return true;
        }
    }
    return false;
}

/* The names of directories that bases are known not to fill count before those that they may. */
static bool is_own(const struct survey *s)
{
    const struct tree_list *own = catalog_trees(s->c->catalog, LIT("project-directories"));
    struct str rest;
    for (size_t i = 0; own && i < own->n_paths; i++)
        if (str_eq(s->directory, own->paths[i]) || narrow_below(s->directory, own->paths[i], &rest))
            return true;
    return !base_may_have(s);
}

/* Artifacts that are named like sources are none. */
static void drop_kept(struct narrow_content *out, struct arena *a, struct str directory)
{
    for (size_t i = 0; i < out->kept.n; i++) {
        struct str path = str_concat(a, str_concat(a, directory, LIT("/")), out->kept.at[i].path);
        set_remove(&out->unused, path);
    }
}

static bool is_short(const struct stage *stage)
{
    unsigned n = 0;
    const struct instr *i = stage->from;
    while (i && n++ < MOST_INSTRUCTIONS)
        i = instr_next(i);
    return i == NULL;
}

bool narrow_content_of(struct compile *c, const struct stage *stage, struct str directory,
                       struct narrow_content *out, struct why *why)
{
    struct survey s = {.c = c, .directory = directory, .out = out, .why = why};
    const struct stage *chain[MOST_STAGES];
    size_t n = 0;
    for (const struct stage *at = stage; at && n < MOST_STAGES; n++) {
        if (!is_short(at))
            return false;
        chain[n] = at;
        out->is_directory |= works_in(at, directory);
        at = at->base.kind == REF_STAGE ? at->base.stage : NULL;
    }
    if (!is_own(&s) || n == MOST_STAGES)
        return no(&s, NARROW_BASE_CONTENT, stage->from);
    for (size_t i = n; i-- > 0;)
        if (!take_commands(&s, chain[i]))
            return false;
    if (!s.toolchains.n)
        return no(&s, NARROW_NOT_COMPILED, stage->from);
    for (size_t i = n; i-- > 0;)
        if (!take_project(&s, chain[i]))
            return false;
    drop_kept(out, c->arena, directory);
    return true;
}
