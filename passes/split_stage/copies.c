/* COPY, ADD and settings of the build stage: which of them the final stage has too. */
#include "ir/command_words.h"
#include "ir/copy.h"
#include "ir/layout.h"
#include "ir/state.h"
#include "passes/split_stage/split.h"

/* ---- sources, and what the program reads beside itself ---- */

static bool is_source_name(struct compile *c, const struct toolchain *t, struct str name)
{
    for (size_t i = 0; i < t->n_source_files; i++)
        if (toolchain_matches(c, t->source_files[i], name))
            return true;
    return false;
}

static bool is_build_file(struct compile *c, struct str name)
{
    const struct tree_list *names = catalog_trees(c->catalog, LIT("build-files"));
    for (size_t i = 0; names && i < names->n_paths; i++)
        if (toolchain_matches(c, names->paths[i], name))
            return true;
    return false;
}

static bool is_used(const struct split_plan *p, const struct project_entry *e)
{
    for (size_t i = 0; i < p->used.n; i++)
        if (split_is_below(p->used.at[i], e->path))
            return true;
    return false;
}

/* Sources name each other: that says nothing of them. */
static bool is_named(struct compile *c, const struct split_plan *p, const struct project_entry *e)
{
    return source_names(c, p->toolchain->language, path_name(e->path), NULL) == YES;
}

/* All files below the directory are sources. */
static bool is_source_folder(struct compile *c, const struct split_plan *p, struct str folder)
{
    struct context_entries all = {0};
    if (!context_files(c, folder, &all))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (!is_source_name(c, p->toolchain, path_name(all.at[i].name)))
            return false;
    return true;
}

static bool deletes(const struct split_step *s, struct str path)
{
    const struct strs *gone = &s->step->effects.deletes.items;
    return s->role == STEP_FILES && split_is_in(path, gone);
}

/* A step of the build takes it away again. */
static bool is_deleted(const struct split_plan *p, struct str path)
{
    for (size_t i = 0; i < p->n_build; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++)
            if (deletes(&p->instrs.at[i].steps.at[k], path))
                return true;
    return false;
}

static bool is_kept(struct compile *c, const struct split_plan *p, const struct project_entry *e)
{
    struct str name = path_name(e->path);
    bool source = e->kind == CONTEXT_DIRECTORY
                      ? is_source_folder(c, p, e->context) || is_source_name(c, p->toolchain, name)
                      : is_source_name(c, p->toolchain, name);
    if (is_deleted(p, e->path) || split_is_scratch(c, p, e->path) || split_is_temporary(c, e->path))
        return false;
    if (is_used(p, e))
        return true;
    return !source && (is_named(c, p, e) || !is_build_file(c, name));
}

/* ---- COPY anew ---- */

static struct str flags_of(struct compile *c, const struct instr *i)
{
    struct buf b = {.arena = c->arena};
    for (size_t k = 0; k < i->ast->flags.n; k++) {
        buf_add(&b, i->ast->flags.at[k].text);
        buf_char(&b, ' ');
    }
    return buf_str(&b);
}

static bool is_plain(struct str path)
{
    for (size_t i = 0; i < path.len; i++)
        if (char_is_space(path.at[i]) || path.at[i] == '"' || path.at[i] == '$' ||
            path.at[i] == '\\' || path.at[i] == '*' || path.at[i] == '?' || path.at[i] == '[')
            return false;
    return path.len > 0;
}

static void add_copy(struct compile *c, struct split_instr *in, struct str sources, struct str to)
{
    struct str keyword = str_span(in->i->ast->joined.text, in->i->ast->keyword);
    vec_add(c->arena, &in->texts,
            str_printf(c->arena, "%.*s %.*s%.*s %.*s%.*s", STR(keyword), STR(flags_of(c, in->i)),
                       STR(sources), STR(to), STR(c->file->layout->newline)));
}

/* Files into one directory in one instruction, directories each in one of its own. */
static bool copy_entries(struct compile *c, struct split_plan *p, struct split_instr *in)
{
    struct strs files = {0};
    struct str to = {0};
    for (size_t i = 0; i < p->project.entries.n; i++) {
        const struct project_entry *e = &p->project.entries.at[i];
        if (e->by != in->i || !is_kept(c, p, e))
            continue;
        if (!is_plain(e->context) || !is_plain(e->path))
            return false;
        if (e->kind == CONTEXT_DIRECTORY) {
            add_copy(c, in, e->context, e->path);
            continue;
        }
        bool renamed = !str_eq(path_name(e->path), path_name(e->context));
        if (renamed) {
            add_copy(c, in, e->context, e->path);
            continue;
        }
        to = path_directory(e->path);
        vec_add(c->arena, &files, e->context);
    }
    if (files.n)
        add_copy(c, in, str_join(c->arena, &files, LIT(" ")),
                 str_eq(to, LIT("/")) ? to : str_concat(c->arena, to, LIT("/")));
    return true;
}

static void count_entries(struct compile *c, const struct split_plan *p, const struct instr *i,
                          size_t *all, size_t *kept)
{
    *all = *kept = 0;
    for (size_t k = 0; k < p->project.entries.n; k++) {
        const struct project_entry *e = &p->project.entries.at[k];
        if (e->by != i)
            continue;
        *all += 1;
        *kept += is_kept(c, p, e);
    }
}

/* ---- one instruction ---- */

static bool goes_with_tree(const struct split_plan *p, const struct copy *copy)
{
    return copy->to.len && split_is_in(copy->to, &p->trees);
}

static bool is_lacked(const struct split_plan *p, struct str name)
{
    return strs_have(&p->runtime.lacks, name) && !strs_have(&p->commands, name);
}

/* Tools of another image that the smaller base image lacks too: nothing that runs uses them. */
static bool takes_tools(const struct split_plan *p, const struct copy *copy)
{
    for (size_t i = 0; i < copy->sources.n; i++)
        if (!is_lacked(p, path_name(copy->sources.at[i].path)))
            return false;
    return copy->sources.n > 0;
}

static bool decide_copy(struct compile *c, struct split_plan *p, struct split_instr *in,
                        struct why *why)
{
    struct copy copy = copy_read(c, in->i);
    struct str from;
    size_t all, kept;
    if (goes_with_tree(p, &copy) || (copy.to.len && split_is_removed(c, p, copy.to) == YES))
        return true;
    bool other = df_flag(in->i->ast, LIT("from"), &from);
    in->repeated = !other || !takes_tools(p, &copy);
    if (!p->toolchain->compiled || other)
        return true;
    if (!p->project.complete)
        return split_refuse(why, SPLIT_CONTEXT, in->i, (struct str){0});
    count_entries(c, p, in->i, &all, &kept);
    in->repeated = kept > 0;
    if (kept == 0 || kept == all)
        return true;
    return copy_entries(c, p, in) || split_refuse(why, SPLIT_CONTEXT, in->i, (struct str){0});
}

/* A volume hides what is written below it later, with the classic builder. */
static bool check_volume(struct compile *c, const struct split_plan *p, const struct instr *volume,
                         struct why *why)
{
    for (size_t i = 0; i < volume->ast->args.n; i++) {
        struct str path;
        if (!state_expand(c, &volume->before, volume->ast->args.at[i].text, &path))
            return split_refuse(why, SPLIT_VOLUME, volume, (struct str){0});
        for (size_t k = 0; k < p->carries.n; k++)
            if (split_is_below(p->carries.at[k].path, path))
                return split_refuse(why, SPLIT_VOLUME, volume, path);
    }
    return true;
}

/* What is left where it is begins in the directory that the build stage ends in. */
static bool depends_on_directory(const struct instr *i)
{
    if (i->ast->kind == DF_RUN)
        return true;
    if ((i->ast->kind != DF_COPY && i->ast->kind != DF_ADD) || !i->ast->args.n)
        return false;
    return !str_starts(vec_last(&i->ast->args)->text, LIT("/"));
}

/* A working directory of the build alone. */
static bool is_build_directory(struct compile *c, const struct split_plan *p, size_t at)
{
    const struct instr *next = p->instrs.at[at].i->next;
    struct str dir = next ? next->before.workdir : p->stage->end.workdir;
    if (!dir.len || str_eq(dir, p->stage->end.workdir) ||
        (!split_is_scratch(c, p, dir) && !split_is_temporary(c, dir)))
        return false;
    for (size_t i = at + 1; i < p->instrs.n; i++) {
        const struct instr *in = p->instrs.at[i].i;
        if (in->ast->kind == DF_WORKDIR)
            return in->ast->args.n && str_starts(in->ast->args.at[0].text, LIT("/"));
        bool there = i >= p->n_build || p->instrs.at[i].repeated;
        if (there && depends_on_directory(in))
            return false;
    }
    return false;
}

bool split_decide_copies(struct compile *c, struct split_plan *p, struct why *why)
{
    for (size_t i = 0; i < p->n_build; i++) {
        struct split_instr *in = &p->instrs.at[i];
        enum df_kind kind = in->i->ast->kind;
        if ((kind == DF_COPY || kind == DF_ADD) && !decide_copy(c, p, in, why))
            return false;
        if (kind == DF_VOLUME && !check_volume(c, p, in->i, why))
            return false;
        if (kind == DF_ENV || kind == DF_ARG || kind == DF_USER || kind == DF_SHELL)
            in->repeated = true;
    }
    for (size_t i = 0; i < p->n_build; i++)
        if (p->instrs.at[i].i->ast->kind == DF_WORKDIR)
            p->instrs.at[i].repeated = !is_build_directory(c, p, i);
    return true;
}
