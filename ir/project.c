#include "ir/project.h"

#include "ir/catalog/catalog.h"
#include "ir/copy.h"
#include "ir/path.h"

static struct str joined(struct arena *a, struct str directory, struct str name)
{
    if (!directory.len || !name.len)
        return directory.len ? directory : name;
    bool slash = str_ends(directory, LIT("/"));
    return str_concat(a, slash ? directory : str_concat(a, directory, LIT("/")), name);
}

static void put(struct compile *c, struct project *p, struct project_entry e)
{
    for (size_t i = 0; i < p->entries.n; i++) {
        if (str_eq(p->entries.at[i].path, e.path)) {
            p->entries.at[i] = e;
            return;
        }
    }
    vec_add(c->arena, &p->entries, e);
}

/* The content of the directory `folder` goes into `to`. */
static bool put_content(struct compile *c, struct project *p, const struct instr *by,
                        struct str folder, struct str to)
{
    const struct context_entries *list = context_lists(c, folder);
    struct project_entry root = {to, folder, CONTEXT_DIRECTORY, by};
    vec_add(c->arena, &p->roots, root);
    for (size_t i = 0; list && i < list->n; i++) {
        const struct context_entry *e = &list->at[i];
        put(c, p,
            (struct project_entry){joined(c->arena, to, e->name), joined(c->arena, folder, e->name),
                                   e->kind, by});
    }
    return list != NULL;
}

static bool put_one(struct compile *c, struct project *p, struct project_entry e)
{
    if (e.kind == CONTEXT_DIRECTORY)
        return put_content(c, p, e.by, e.context, e.path);
    put(c, p, e);
    return e.kind == CONTEXT_FILE || e.kind == CONTEXT_LINK;
}

/* Names hold no slash, which `*` and `?` would not match; brackets are not looked into. */
static bool put_glob(struct compile *c, struct project *p, const struct instr *by,
                     struct str pattern, struct str to)
{
    struct str folder = path_directory(pattern), name = path_name(pattern);
    const struct context_entries *list = context_lists(c, folder);
    bool told = list && str_find(name, '[') == name.len && str_find(folder, '*') == folder.len;
    for (size_t i = 0; told && i < list->n; i++) {
        const struct context_entry *e = &list->at[i];
        struct str path = e->kind == CONTEXT_DIRECTORY ? to : joined(c->arena, to, e->name);
        struct project_entry one = {path, joined(c->arena, folder, e->name), e->kind, by};
        if (str_matches(name, e->name))
            told = put_one(c, p, one);
    }
    return told;
}

/* A directory that programs are in is there before; COPY goes into it. */
static struct str file_target(struct compile *c, const struct copy *copy, struct str name)
{
    bool directory = copy->directory || catalog_lists(c->catalog, LIT("path"), copy->to);
    return directory ? joined(c->arena, copy->to, name) : copy->to;
}

static bool put_path(struct compile *c, struct project *p, const struct instr *by,
                     const struct copy *copy, const struct copy_source *source)
{
    struct str path;
    if (!copy->to.len || copy->parents || !context_path(c->arena, source->path, &path))
        return false;
    if (source->glob)
        return put_glob(c, p, by, path, copy->to);
    enum context_kind kind = context_kind(c, path);
    if (kind == CONTEXT_DIRECTORY)
        return put_content(c, p, by, path, copy->to);
    if (source->unpacks == YES) {
        put(c, p, (struct project_entry){copy->to, path, CONTEXT_OTHER, by});
        return true;
    }
    struct project_entry file = {file_target(c, copy, path_name(path)), path, kind, by};
    return source->unpacks == NO && put_one(c, p, file);
}

static bool put_source(struct compile *c, struct project *p, const struct instr *by,
                       const struct copy *copy, const struct copy_source *source)
{
    switch (source->origin) {
    case COPY_CONTEXT:
        return put_path(c, p, by, copy, source);
    case COPY_FROM:
    case COPY_URL:
    case COPY_GIT:
    case COPY_DOCUMENT:
        return true;
    case COPY_UNKNOWN:
        return false;
    }
    return false;
}

struct project project_of(struct compile *c, const struct stage *stage)
{
    struct project p = {.complete = true};
    for (const struct instr *i = stage->from; i; i = instr_next(i)) {
        if (i->ast->kind != DF_COPY && i->ast->kind != DF_ADD)
            continue;
        struct copy copy = copy_read(c, i);
        for (size_t k = 0; k < copy.sources.n; k++)
            p.complete &= put_source(c, &p, i, &copy, &copy.sources.at[k]);
    }
    return p;
}

/* What of `path` is below `directory`; false when it is not, and is not it. */
static bool rest_below(struct str path, struct str directory, struct str *rest)
{
    bool root = str_eq(directory, LIT("/"));
    if (!str_starts(path, directory))
        return false;
    *rest = str_slice(path, directory.len, path.len);
    if (rest->len && !root && rest->at[0] != '/')
        return false;
    if (rest->len && rest->at[0] == '/')
        *rest = str_slice(*rest, 1, rest->len);
    return true;
}

bool project_folder(struct compile *c, const struct project *p, struct str path, struct str *out)
{
    struct str rest;
    for (size_t i = p->roots.n; i-- > 0;) {
        if (!rest_below(path, p->roots.at[i].path, &rest))
            continue;
        *out = joined(c->arena, p->roots.at[i].context, rest);
        if (!rest.len || context_kind(c, *out) == CONTEXT_DIRECTORY)
            return true;
    }
    for (size_t i = p->entries.n; i-- > 0;) {
        const struct project_entry *e = &p->entries.at[i];
        if (e->kind != CONTEXT_FILE || !str_eq(path_directory(e->path), path))
            continue;
        *out = path_directory(e->context);
        return true;
    }
    return false;
}
