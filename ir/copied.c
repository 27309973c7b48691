#include "ir/copied.h"

#include "ir/context.h"
#include "ir/copy.h"
#include "ir/path.h"

struct tally {
    struct compile *c;
    struct str inside; /* what goes there alone; empty: all of it */
    struct copied sum;
};

/* A layer is a tar archive: a header of a block, and the content in whole blocks. */
enum { TAR_BLOCK = 512 };

static uint64_t in_layer(uint64_t size)
{
    return TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

static void count(struct tally *t, struct str to, uint64_t size)
{
    if (!t->inside.len || path_is_in(to, t->inside))
        t->sum.bytes += in_layer(size);
}

/* ---- the context ---- */

static struct str in_image(struct arena *a, struct str directory, struct str name)
{
    bool root = str_eq(directory, LIT("/"));
    return root ? str_concat(a, directory, name) : path_join(a, directory, name);
}

static void count_tree(struct tally *t, struct str from, struct str to)
{
    struct context_entries files = {0};
    bool valid = context_path(t->c->arena, from, &from);
    t->sum.whole &= valid && context_files(t->c, from, &files);
    for (size_t i = 0; i < files.n; i++) {
        struct str name = files.at[i].name;
        struct str rest = str_slice(name, from.len ? from.len + 1 : 0, name.len);
        count(t, in_image(t->c->arena, to, rest), files.at[i].size);
    }
}

/* `to`: the file's own path there, or that of the directory which holds what is in it. */
static void count_path(struct tally *t, struct str from, struct str to)
{
    switch (context_kind(t->c, from)) {
    case CONTEXT_FILE:
        count(t, to, context_raw(t->c, from).size);
        break;
    case CONTEXT_DIRECTORY:
        count_tree(t, from, to);
        break;
    case CONTEXT_LINK:
    case CONTEXT_OTHER:
        count(t, to, 0);
        break;
    case CONTEXT_UNKNOWN:
    case CONTEXT_ABSENT:
        t->sum.whole = false;
    }
}

/* Patterns are looked up where they name a directory's entries. */
static void count_pattern(struct tally *t, struct str pattern, struct str to)
{
    struct str directory = path_directory(pattern);
    const struct context_entries *all = context_lists(t->c, directory);
    t->sum.whole &= all && !path_has_glob(directory);
    for (size_t i = 0; all && i < all->n; i++) {
        struct str name = all->at[i].name;
        if (str_matches(path_name(pattern), name))
            count_path(t, path_join(t->c->arena, directory, name), in_image(t->c->arena, to, name));
    }
}

/* ---- other origins ---- */

static const struct stage *stage_of(const struct instr *i)
{
    const struct refs *uses = &i->stage->uses;
    for (size_t k = 0; k < uses->n; k++)
        if (uses->at[k].by == i && uses->at[k].kind == REF_STAGE)
            return uses->at[k].stage;
    return NULL;
}

static void count_document(struct tally *t, const struct instr *i, struct str name, struct str to)
{
    for (size_t k = 0; k < i->ast->heredocs.n; k++)
        if (str_eq(i->ast->heredocs.at[k].name, name))
            count(t, to, i->ast->heredocs.at[k].content.len);
}

static void count_copy(struct tally *t, const struct instr *i, bool through);

/* Stages are copied from one behind the other: only the first is looked through. */
static void count_stage(struct tally *t, const struct instr *i, struct str path)
{
    struct tally there = {.c = t->c};
    bool told = path_resolve(t->c->arena, LIT("/"), path, &there.inside);
    for (const struct stage *s = told ? stage_of(i) : NULL; s;
         s = s->base.kind == REF_STAGE ? s->base.stage : NULL)
        for (const struct instr *k = instr_next(s->from); k; k = instr_next(k))
            if (k->ast->kind == DF_COPY || k->ast->kind == DF_ADD)
                count_copy(&there, k, false);
    t->sum.bytes += there.sum.bytes;
    t->sum.whole = false;
}

static void count_source(struct tally *t, const struct instr *i, const struct copy_source *s,
                         struct str to)
{
    switch (s->origin) {
    case COPY_CONTEXT:
        t->sum.whole &= s->unpacks == NO;
        if (s->glob)
            count_pattern(t, s->path, to);
        else
            count_path(t, s->path, to);
        break;
    case COPY_DOCUMENT:
        count_document(t, i, s->path, to);
        break;
    case COPY_FROM:
    case COPY_URL:
    case COPY_GIT:
    case COPY_UNKNOWN:
        t->sum.whole = false;
    }
}

static void count_copy(struct tally *t, const struct instr *i, bool through)
{
    struct copy copy = copy_read(t->c, i);
    for (size_t k = 0; k < copy.sources.n; k++) {
        const struct copy_source *s = &copy.sources.at[k];
        struct str to;
        if (!copy_destination(t->c, &copy, s, &to))
            to = LIT("/");
        if (through && s->origin == COPY_FROM)
            count_stage(t, i, s->path);
        else
            count_source(t, i, s, to);
    }
}

struct copied copied_by(struct compile *c, const struct instr *i)
{
    struct tally t = {.c = c, .sum.whole = true};
    count_copy(&t, i, true);
    return t.sum;
}
