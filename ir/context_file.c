/* From a path of the container to the file of the context: COPY and ADD, followed back. */
#include "ir/catalog/catalog.h"
#include "ir/context.h"

#include "ir/path.h"
#include "ir/state.h"

/* ---- paths ---- */

/* A path of the container, from its root. */
static bool container_path(struct arena *a, struct str workdir, struct str path, struct str *out)
{
    if (!str_starts(path, LIT("/"))) {
        if (!workdir.len)
            return false;
        path = str_concat(a, str_concat(a, workdir, LIT("/")), path);
    }
    return context_path(a, path, out);
}

/* What of `path` is below `directory`; empty when it is not. */
static struct str rest_below(struct str path, struct str directory)
{
    if (!directory.len)
        return path;
    if (!str_starts(path, directory) || path.len == directory.len || path.at[directory.len] != '/')
        return (struct str){0};
    return str_slice(path, directory.len + 1, path.len);
}

/* Where the last component begins. */
static size_t base_at(struct str path)
{
    size_t at = path.len;
    while (at > 0 && path.at[at - 1] != '/')
        at--;
    return at;
}

/* ---- COPY and ADD ---- */

/* Where a COPY puts what it copies. */
struct target {
    struct str path; /* from the container's root */
    bool directory;  /* for certain: otherwise it may be the file's own name */
};

/* Dockerfile reference, COPY. False when its sources are not the context's, or it cannot be told
 * where they go. */
static bool target_of(struct compile *c, const struct instr *copy, struct target *out)
{
    const struct df_words *args = &copy->ast->args;
    struct str flag, to;
    if (args->n < 2 || copy->ast->heredocs.n || df_flag(copy->ast, LIT("from"), &flag) ||
        df_flag(copy->ast, LIT("parents"), &flag))
        return false;
    if (!state_expand(c, &copy->before, vec_last(args)->text, &to))
        return false;
    out->directory =
        args->n > 2 || str_ends(to, LIT("/")) || str_ends(to, LIT("/.")) || str_eq(to, LIT("."));
    return container_path(c->arena, copy->before.workdir, to, &out->path);
}

/* A file of the context that can be read. */
static bool is_source(struct compile *c, struct str path, struct context_source *out)
{
    out->path = path;
    return path.len && context_text(c, path, &out->text);
}

/* A source is a file, or a directory whose content is copied: which one, the context shows. A
 * target without a slash at its end may still be a directory that is there already. */
static bool source_gives(struct compile *c, struct str source, const struct target *to,
                         struct str wanted, struct context_source *out)
{
    if (str_eq(wanted, to->path))
        return !to->directory && is_source(c, source, out);
    struct str rest = rest_below(wanted, to->path);
    if (!rest.len)
        return false;
    size_t base = base_at(source);
    if (base_at(rest) == 0 && str_matches(str_slice(source, base, source.len), rest)) {
        struct str named = str_concat(c->arena, str_slice(source, 0, base), rest);
        if (is_source(c, named, out))
            return true;
    }
    return is_source(c, path_join(c->arena, source, rest), out);
}

static bool copy_gives(struct compile *c, const struct instr *copy, const struct strs *wanted,
                       struct context_source *out)
{
    struct target to;
    if (!target_of(c, copy, &to))
        return false;
    for (size_t i = 0; i + 1 < copy->ast->args.n; i++) {
        struct str word, source;
        if (!state_expand(c, &copy->before, copy->ast->args.at[i].text, &word) ||
            !context_path(c->arena, word, &source))
            continue;
        for (size_t k = 0; k < wanted->n; k++)
            if (source_gives(c, source, &to, wanted->at[k], out))
                return true;
    }
    return false;
}

/* ---- the search ---- */

static struct strs wanted_paths(struct compile *c, const struct stage *in, struct str path)
{
    struct strs wanted = {0};
    struct str found;
    const struct tree_list *directories = catalog_trees(c->catalog, LIT("path"));
    if (str_find(path, '/') < path.len) {
        if (container_path(c->arena, in->end.workdir, path, &found))
            vec_add(c->arena, &wanted, found);
        return wanted;
    }
    for (size_t i = 0; path.len && directories && i < directories->n_paths; i++)
        if (context_path(c->arena, path_join(c->arena, directories->paths[i], path), &found))
            vec_add(c->arena, &wanted, found);
    return wanted;
}

static const struct instr *last_of(const struct file *f, const struct stage *s)
{
    return s->next ? s->next->from->prev : f->last;
}

bool context_source(struct compile *c, const struct stage *in, struct str path, unsigned *steps,
                    struct context_source *out)
{
    if (!c->context)
        return false;
    struct strs wanted = wanted_paths(c, in, path);
    const struct stage *s = wanted.n ? in : NULL;
    while (s) {
        const struct instr *i = last_of(c->file, s);
        for (; i && i->stage == s; i = i->prev) {
            if (++*steps > CONTEXT_STEPS)
                return false;
            bool copies = i->ast->kind == DF_COPY || i->ast->kind == DF_ADD;
            if (copies && copy_gives(c, i, &wanted, out))
                return true;
        }
        s = s->base.kind == REF_STAGE ? s->base.stage : NULL;
    }
    return false;
}

bool context_file(struct compile *c, const struct instr *by, struct str path, unsigned *steps,
                  struct str *text)
{
    struct context_source found = {0};
    if (!context_source(c, by->stage, path, steps, &found))
        return false;
    *text = found.text;
    return true;
}
