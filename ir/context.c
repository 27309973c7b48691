#include "ir/context.h"

#include "ir/ignore.h"
#include "ir/path.h"
#include "ir/state.h"

#include <stdlib.h>

/* What has been seen of the context, once and for all. */
struct context_view {
    struct ignore ignore;
    bool understood;     /* the ignore file */
    struct map listings; /* path → struct context_entries; only of directories that can be read */
    size_t listed;       /* entries so far */
    enum tri fits;       /* MAYBE: not asked yet */
};

bool context_path(struct arena *a, struct str path, struct str *out)
{
    struct strs parts = {0};
    while (path.len) {
        size_t slash = str_find(path, '/');
        struct str part = str_slice(path, 0, slash);
        path = str_slice(path, slash + 1, path.len);
        bool up = str_eq(part, LIT(".."));
        if (up && !parts.n)
            return false;
        if (up)
            parts.n--;
        else if (part.len && !str_eq(part, LIT(".")))
            vec_add(a, &parts, part);
    }
    *out = str_join(a, &parts, LIT("/"));
    return true;
}

/* NULL without a context. */
static struct context_view *view_of(struct compile *c)
{
    if (!c->context)
        return NULL;
    if (c->view)
        return c->view;
    struct context_view *v = arena_alloc(c->arena, sizeof *v);
    struct str text;
    enum tri found = c->context->ignore(c->context->self, c->arena, &text);
    v->listings.arena = c->arena;
    v->fits = MAYBE;
    v->understood = found == NO || (found == YES && ignore_read(c->arena, text, &v->ignore));
    c->view = v;
    return v;
}

/* ---- what is there, hidden or not ---- */

static struct context_entry look(struct compile *c, struct str path)
{
    struct context_entry found = {.kind = CONTEXT_DIRECTORY};
    if (path.len)
        c->context->look(c->context->self, path, &found);
    return found;
}

struct context_entry context_raw(struct compile *c, struct str path)
{
    if (!c->context || !context_path(c->arena, path, &path))
        return (struct context_entry){.kind = CONTEXT_UNKNOWN};
    return look(c, path);
}

static int by_name(const void *a, const void *b)
{
    const struct context_entry *x = a, *y = b;
    return str_cmp(x->name, y->name);
}

/* Read once. NULL when it cannot be, or too much has been read already. */
static const struct context_entries *listing(struct compile *c, struct str path)
{
    struct context_view *v = c->view;
    struct str key = path.len ? path : LIT(".");
    struct context_entries *entries = map_get(&v->listings, key);
    if (entries || v->listed >= CONTEXT_MOST_LISTED)
        return entries;
    entries = arena_alloc(c->arena, sizeof *entries);
    if (!c->context->list(c->context->self, path, c->arena, entries))
        return NULL;
    if (entries->n)
        qsort(entries->at, entries->n, sizeof *entries->at, by_name);
    v->listed += entries->n + 1;
    map_put(&v->listings, key, entries);
    return entries;
}

/* ---- what the build sees ---- */

static bool is_hidden(struct compile *c, struct str path)
{
    return ignore_hides(c->arena, &c->view->ignore, path);
}

static enum tri sees_below(struct compile *c, struct str path, unsigned depth);

/* A directory that is hidden is there all the same when something below it is seen. */
static enum tri sees(struct compile *c, struct str path, enum context_kind kind, unsigned depth)
{
    if (kind == CONTEXT_ABSENT)
        return NO;
    if (!is_hidden(c, path))
        return kind == CONTEXT_UNKNOWN ? MAYBE : YES;
    bool may_hold = kind == CONTEXT_DIRECTORY || kind == CONTEXT_UNKNOWN;
    return may_hold && c->view->ignore.has_again ? sees_below(c, path, depth) : NO;
}

static enum tri sees_below(struct compile *c, struct str path, unsigned depth)
{
    const struct context_entries *all = depth < CONTEXT_DEPTH ? listing(c, path) : NULL;
    if (!all)
        return MAYBE;
    enum tri found = NO;
    for (size_t i = 0; i < all->n && found != YES; i++) {
        struct str inner = path_join(c->arena, path, all->at[i].name);
        enum tri one = sees(c, inner, all->at[i].kind, depth + 1);
        if (one != NO)
            found = one;
    }
    return found;
}

/* ---- whose context it is ---- */

/* The sources of COPY and ADD that are files of the context. */
static bool copies_from_context(const struct instr *i)
{
    struct str from;
    bool copies = i->ast->kind == DF_COPY || i->ast->kind == DF_ADD;
    return copies && !i->ast->heredocs.n && !df_flag(i->ast, LIT("from"), &from);
}

static bool is_remote(const struct instr *i, struct str source)
{
    return i->ast->kind == DF_ADD &&
           (str_search(source, LIT("://")) < source.len || str_starts(source, LIT("git@")));
}

static bool has_sources_of(struct compile *c, const struct instr *i)
{
    for (size_t k = 0; k + 1 < i->ast->args.n; k++) {
        struct str word, path;
        if (!state_expand(c, &i->before, i->ast->args.at[k].text, &word) || path_has_glob(word) ||
            is_remote(i, word) || !context_path(c->arena, word, &path))
            continue;
        if (sees(c, path, look(c, path).kind, 0) == NO)
            return false;
    }
    return true;
}

/* The context is guessed when nobody names it: one in which a file is missing that the build copies
 * is another one's, and what it lacks says nothing. */
static bool fits(struct compile *c)
{
    struct context_view *v = c->view;
    if (v->fits != MAYBE)
        return v->fits == YES;
    bool all = true;
    for (const struct instr *i = c->file->first; i && all; i = i->next)
        all = !i->stage || !copies_from_context(i) || has_sources_of(c, i);
    v->fits = all ? YES : NO;
    return all;
}

/* ---- questions ---- */

enum context_kind context_kind(struct compile *c, struct str path)
{
    struct context_view *v = view_of(c);
    if (!v || !v->understood || !context_path(c->arena, path, &path))
        return CONTEXT_UNKNOWN;
    enum context_kind kind = look(c, path).kind;
    enum tri seen = sees(c, path, kind, 0);
    if (seen == NO)
        return fits(c) ? CONTEXT_ABSENT : CONTEXT_UNKNOWN;
    return seen == YES ? kind : CONTEXT_UNKNOWN;
}

enum tri context_has(struct compile *c, struct str path)
{
    enum context_kind kind = context_kind(c, path);
    if (kind == CONTEXT_UNKNOWN)
        return MAYBE;
    return kind == CONTEXT_ABSENT ? NO : YES;
}

const struct context_entries *context_lists(struct compile *c, struct str path)
{
    if (context_kind(c, path) != CONTEXT_DIRECTORY || !fits(c) ||
        !context_path(c->arena, path, &path))
        return NULL;
    const struct context_entries *all = listing(c, path);
    struct context_entries *seen = all ? arena_alloc(c->arena, sizeof *seen) : NULL;
    for (size_t i = 0; all && i < all->n; i++) {
        enum tri one = sees(c, path_join(c->arena, path, all->at[i].name), all->at[i].kind, 0);
        if (one == MAYBE)
            return NULL;
        if (one == YES)
            vec_add(c->arena, seen, all->at[i]);
    }
    return seen;
}

static bool gather(struct compile *c, struct str path, unsigned depth, struct context_entries *out)
{
    const struct context_entries *all = depth < CONTEXT_DEPTH ? context_lists(c, path) : NULL;
    for (size_t i = 0; all && i < all->n; i++) {
        struct context_entry e = all->at[i];
        e.name = path_join(c->arena, path, e.name);
        if (e.kind != CONTEXT_DIRECTORY)
            vec_add(c->arena, out, e);
        else if (!gather(c, e.name, depth + 1, out))
            return false;
    }
    return all != NULL;
}

bool context_files(struct compile *c, struct str path, struct context_entries *out)
{
    return context_path(c->arena, path, &path) && gather(c, path, 0, out);
}

bool context_text(struct compile *c, struct str path, struct str *text)
{
    const struct context_view *v = view_of(c);
    return v && v->understood && context_path(c->arena, path, &path) && !is_hidden(c, path) &&
           c->context->read(c->context->self, path, c->arena, text);
}

bool context_says_again(struct compile *c)
{
    const struct context_view *v = view_of(c);
    return !v || !v->understood || v->ignore.has_again;
}
