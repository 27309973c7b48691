/* dockerignore: what COPY takes from the build context without need. Details: `explain`. */
#include "ir/command.h"
#include "ir/container.h"
#include "ir/context.h"
#include "ir/copy.h"
#include "ir/path.h"
#include "ir/toolchain.h"
#include "passes/legality.h"

static const char explain[] =
    "A COPY of a directory of the build context takes what no image needs: .dockerignore should "
    "name it.\n"
    "\n"
    "    COPY . .        .git, node_modules\n"
    "\n"
    "The Dockerfile stays as it is: this is a remark. With --dockerignore, -w also writes the "
    "lines "
    "to the\n"
    ".dockerignore, when the Dockerfile is in the context's directory and the only one there.\n"
    "\n"
    "Proposed are directories of the context that\n"
    " 1. the build sees, and the catalog (leftovers) knows to be version control, settings of "
    "tools "
    "and services,\n"
    "    caches, or what a command of the build makes anew in the image (node_modules behind `npm "
    "ci`);\n"
    " 2. no COPY or ADD names, in whole or in part, and no RUN mounts;\n"
    " 3. no command that may use them is seen: in RUN, in the container's command, in its "
    "scripts;\n"
    " 4. no file of the context's root speaks of using them (git describe, setuptools_scm).\n"
    "\n"
    "Left alone: a .dockerignore with lines that begin with `!`, which says what is wanted; what "
    "is deeper than\n"
    "two directories; single files.\n";

enum reason { PROPOSED };

static const struct rule rules[] = {
    [PROPOSED] = {"narrow-copy/dockerignore/proposed",
                  "it takes what no image needs; lines for .dockerignore"},
};

enum { MOST_DEPTH = 2, MOST_LINES = 8, MOST_READ = 100 };

/* Of the whole file; handed from site to site. */
struct survey {
    struct strs
        named; /* what COPY and ADD name of the context: paths, of patterns the fixed part */
    struct strs folders; /* that have been looked at */
    bool mounts;         /* a RUN mounts the context */
};

struct proposal {
    struct compile *c;
    const struct instr *copy;
    struct survey *survey;
    struct strs found;
};

/* ---- what uses it ---- */

/* A pattern's own directory, and what may be below it. */
static struct str fixed_part(struct str path, bool glob)
{
    size_t end = 0, i = 0;
    while (glob && i < path.len && !strchr("*?[\\", path.at[i]))
        if (path.at[i++] == '/')
            end = i - 1;
    return glob ? str_slice(path, 0, end) : path;
}

/* Rule 2. */
static bool is_copied_by_name(const struct proposal *p, struct str path)
{
    for (size_t i = 0; i < p->survey->named.n; i++)
        if (path_is_in(p->survey->named.at[i], path))
            return true;
    return false;
}

static void note_names(struct compile *c, struct survey *s, const struct instr *i)
{
    struct copy copy = copy_read(c, i);
    for (size_t k = 0; k < copy.sources.n; k++) {
        const struct copy_source *source = &copy.sources.at[k];
        struct str from;
        if (source->origin == COPY_CONTEXT && context_path(c->arena, source->path, &from))
            vec_add(c->arena, &s->named, fixed_part(from, source->glob));
    }
}

/* A bind mount of the context: what the command reads there is its own business. */
static bool has_bind_mount(struct compile *c)
{
    for (const struct instr *i = c->file->first; i; i = i->next) {
        struct mounts mounts = mounts_of(c->arena, i->ast);
        for (size_t k = 0; k < mounts.n; k++)
            if (!mounts.at[k].from.len &&
                (mounts.at[k].type == MOUNT_BIND || mounts.at[k].type == MOUNT_OTHER))
                return true;
    }
    return false;
}

static bool runs_any(const struct leftover *row, const struct effects *fx)
{
    for (size_t i = 0; i < row->n_used_by; i++)
        if (set_has(&fx->commands, row->used_by[i]) == YES)
            return true;
    return false;
}

/* Rule 3. */
static bool is_used_by_commands(struct proposal *p, const struct leftover *row)
{
    for (struct instr *i = p->c->file->first; i && row->n_used_by; i = i->next) {
        if (i->ast->kind == DF_RUN && runs_any(row, instr_effects(p->c, i)))
            return true;
        const struct container_scripts *scripts = container_scripts(p->c, i);
        for (size_t k = 0; k < scripts->n; k++)
            if (runs_any(row, &scripts->at[k].effects))
                return true;
        const struct sh_list *list = scripts->n ? NULL : instr_commands(p->c, i);
        if (!list || i->ast->kind == DF_RUN)
            continue;
        struct effects fx = command_effects_of_list(p->c, &i->before, list);
        if (runs_any(row, &fx))
            return true;
    }
    return false;
}

/* Rule 4: in the files of the context's root. */
static bool is_spoken_of(struct proposal *p, const struct leftover *row)
{
    const struct context_entries *all = row->n_marks ? context_lists(p->c, (struct str){0}) : NULL;
    for (size_t i = 0, n = 0; all && i < all->n; i++) {
        struct str text;
        if (all->at[i].kind != CONTEXT_FILE || !context_text(p->c, all->at[i].name, &text))
            continue;
        if (++n > MOST_READ)
            return true;
        for (size_t k = 0; k < row->n_marks; k++)
            if (str_search(text, row->marks[k]) < text.len)
                return true;
    }
    return row->n_marks && !all;
}

/* ---- what makes it anew ---- */

/* "npm ci": its name and its first operand; "yarn": nothing behind it. */
static bool makes(const struct leftover *row, struct arena *a, const struct seen_command *seen)
{
    struct str name = seen->words.at[0];
    if (!name.at)
        return false;
    if (seen->words.n == 1)
        return str_is_one_of(name, row->made_by, row->n_made_by);
    for (size_t i = 1; i < seen->words.n; i++) {
        struct str word = seen->words.at[i];
        if (!word.at || str_starts(word, LIT("-")))
            continue;
        struct str both = str_concat(a, str_concat(a, name, LIT(" ")), word);
        return str_is_one_of(both, row->made_by, row->n_made_by);
    }
    return false;
}

static bool is_made_in(struct proposal *p, const struct leftover *row)
{
    for (struct instr *i = p->copy->stage->from; i; i = instr_next(i)) {
        const struct sh_list *list = i->ast->kind == DF_RUN ? instr_commands(p->c, i) : NULL;
        if (!list)
            continue;
        struct seen_commands seen = command_seen(p->c, &i->before, list);
        for (size_t k = 0; k < seen.n; k++)
            if (makes(row, p->c->arena, &seen.at[k]))
                return true;
    }
    return false;
}

/* ---- the search ---- */

static bool is_beside(struct proposal *p, const struct leftover *row,
                      const struct context_entries *all)
{
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < row->n_beside; k++)
            if (toolchain_matches(p->c, row->beside[k], all->at[i].name))
                return true;
    return !row->n_beside;
}

static const struct leftover *row_of(struct proposal *p, struct str name)
{
    for (size_t i = 0; i < catalog_leftover_count(p->c->catalog); i++) {
        const struct leftover *row = catalog_leftover_at(p->c->catalog, i);
        if (str_is_one_of(name, row->names, row->n_names))
            return row;
    }
    return NULL;
}

static bool is_needless(struct proposal *p, const struct leftover *row, struct str path)
{
    return (!row->n_made_by || is_made_in(p, row)) && !is_copied_by_name(p, path) &&
           !is_used_by_commands(p, row) && !is_spoken_of(p, row);
}

static void look_in(struct proposal *p, struct str folder, unsigned depth)
{
    const struct context_entries *all = context_lists(p->c, folder);
    for (size_t i = 0; all && i < all->n && p->found.n < MOST_LINES; i++) {
        if (all->at[i].kind != CONTEXT_DIRECTORY)
            continue;
        struct str path = all->at[i].name;
        if (folder.len)
            path = str_concat(p->c->arena, str_concat(p->c->arena, folder, LIT("/")), path);
        const struct leftover *row = row_of(p, all->at[i].name);
        bool anew = row && row->n_made_by;
        if (anew && depth)
            continue; /* the command may run elsewhere */
        if (row && is_beside(p, row, all) && is_needless(p, row, path))
            vec_add(p->c->arena, &p->found, path);
        else if (!row && depth < MOST_DEPTH)
            look_in(p, path, depth + 1);
    }
}

static bool is_copy(const struct instr *i)
{
    return i->stage && (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD);
}

static struct survey *survey_of(struct compile *c)
{
    struct survey *s = arena_alloc(c->arena, sizeof *s);
    s->mounts = has_bind_mount(c);
    for (const struct instr *i = c->file->first; i && !s->mounts; i = i->next)
        if (is_copy(i))
            note_names(c, s, i);
    return s;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    if (!c->context || legality_is_long(c) || context_says_again(c))
        return false;
    struct survey *s = site->plan ? site->plan : survey_of(c);
    while (i && !is_copy(i))
        i = i->next;
    if (!i || s->mounts)
        return false;
    *site = (struct site){.at = i, .with = i, .plan = s};
    return true;
}

/* Nothing is ever changed: what is found is said, once for each directory, and noted for the
 * driver. */
static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct proposal p = {.c = c, .copy = site->at, .survey = site->plan};
    struct copy copy = copy_read(c, site->at);
    for (size_t i = 0; i < copy.sources.n; i++) {
        const struct copy_source *s = &copy.sources.at[i];
        struct str path;
        if (s->origin != COPY_CONTEXT || s->glob || !context_path(c->arena, s->path, &path) ||
            strs_have(&p.survey->folders, path) || context_kind(c, path) != CONTEXT_DIRECTORY)
            continue;
        vec_add(c->arena, &p.survey->folders, path);
        look_in(&p, path, 0);
    }
    if (!p.found.n)
        return false;
    for (size_t i = 0; i < p.found.n; i++)
        if (!strs_have(&c->ignorable, p.found.at[i]))
            vec_add(c->arena, &c->ignorable, p.found.at[i]);
    return refuse_for(why, &rules[PROPOSED], site->at, str_join(c->arena, &p.found, LIT(", ")));
}

const struct pass pass_narrow_copy_dockerignore = {
    .name = "narrow-copy/dockerignore",
    .summary = "remarks on what COPY takes from the context without need (--dockerignore)",
    .explain = explain,
    .level = 2,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .next = next,
    .legal = legal,
    .gain = pass_gains_some,
};
