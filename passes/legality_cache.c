/* Who may use a package manager's cache, whether it is in the layer, and on what base image. */
#include "ir/base.h"
#include "ir/state.h"
#include "passes/legality.h"

/* ---- the base image ---- */

/* "name:tag", as the catalog writes it. */
static struct str image_name(struct arena *a, struct str image)
{
    struct image_ref ref;
    if (!image_ref_read(image, &ref))
        return image;
    return str_printf(a, "%.*s:%.*s", STR(ref.name), STR(ref.tag.len ? ref.tag : LIT("latest")));
}

bool legality_matches(const struct str *patterns, size_t n, struct str image)
{
    for (size_t i = 0; i < n; i++)
        if (str_matches(patterns[i], image))
            return true;
    return false;
}

bool legality_is_based_on(struct compile *c, const struct stage *stage, const struct str *patterns,
                          size_t n)
{
    while (stage->base.kind == REF_STAGE)
        stage = stage->base.stage;
    return stage->base.kind == REF_IMAGE &&
           legality_matches(patterns, n, image_name(c->arena, stage->base.image));
}

/* ---- mounts ---- */

static bool is_in_home(struct str path)
{
    return str_starts(path, LIT("~/"));
}

/* Whose home is meant may not be known: any cache mount may be there. */
bool legality_is_mounted(struct compile *c, const struct instr *run, const struct mess *mess)
{
    if (legality_mount_covers(c, run, mess->paths, mess->n_paths) != NO)
        return true;
    struct mounts mounts = mounts_of(c->arena, run->ast);
    for (size_t i = 0; is_in_home(mess->paths[0]) && i < mounts.n; i++)
        if (mounts.at[i].type == MOUNT_CACHE)
            return true;
    return false;
}

/* ---- users ---- */

/* The cache as others may name it: `at` is the path from which on it may be missing, `below_home`
 * the part of it that stands below any user's home. */
struct cache {
    struct str at, below_home;
};

/* Of ~/.cache/pip/x already .cache may be missing; of other paths the directory stays. */
static struct cache cache_of(struct arena *a, const struct mess *mess)
{
    struct str path = mess->paths[0];
    if (!is_in_home(path))
        return (struct cache){
            .at = str_slice(path, 0, path.len - (str_ends(path, LIT("/*")) ? 2 : 0))};
    struct str below = str_slice(path, 2, path.len);
    below = str_concat(a, LIT("/"), str_slice(below, 0, str_find(below, '/')));
    return (struct cache){.at = str_concat(a, LIT("/root"), below), .below_home = below};
}

/* A path above the cache is there with and without it. */
static bool names_cache(struct arena *a, const struct cache *cache, struct str path)
{
    if (is_in_home(path))
        path = str_concat(a, LIT("/root"), str_slice(path, 1, path.len));
    bool above = str_eq(path, LIT("/")) || str_starts(cache->at, str_concat(a, path, LIT("/")));
    if (!str_starts(path, LIT("/")) || above)
        return false;
    if (cache->below_home.len && str_search(path, cache->below_home) < path.len)
        return true;
    struct str at = cache->at;
    struct set one = {.items = {&path, 1, 1}}, other = {.items = {&at, 1, 1}};
    return paths_meet(&one, &other) != NO;
}

static bool any_names_cache(struct arena *a, const struct cache *cache, const struct set *paths)
{
    for (size_t i = 0; i < paths->items.n; i++)
        if (names_cache(a, cache, paths->items.at[i]))
            return true;
    return false;
}

/* With its own command, not with rm. */
static bool purges(struct compile *c, const struct manager *m, const struct effects *fx)
{
    if (!strs_have(&fx->drops_caches.items, m->name))
        return false;
    for (size_t i = 0; i < fx->commands.items.n; i++) {
        const struct command *row = catalog_command(c->catalog, fx->commands.items.at[i]);
        if (row && str_eq(row->manager, m->name))
            return true;
    }
    return false;
}

bool legality_uses_cache(struct compile *c, const struct manager *m, const struct mess *mess,
                         const struct effects *fx)
{
    struct cache cache = cache_of(c->arena, mess);
    return any_names_cache(c->arena, &cache, &fx->reads) ||
           any_names_cache(c->arena, &cache, &fx->wants) ||
           (mess->purge_needs_it && purges(c, m, fx));
}

bool legality_touches_cache(struct compile *c, const struct manager *m, const struct mess *mess,
                            const struct effects *fx)
{
    struct cache cache = cache_of(c->arena, mess);
    return strs_have(&fx->drops_caches.items, m->name) ||
           any_names_cache(c->arena, &cache, &fx->deletes) ||
           any_names_cache(c->arena, &cache, &fx->reads);
}

static struct str from_root(struct arena *a, struct str path)
{
    return str_starts(path, LIT("/")) ? path : str_concat(a, LIT("/"), path);
}

/* COPY --from: sources are paths from the root of the other stage. */
static bool copies_cache(struct compile *c, const struct cache *cache, const struct instr *by)
{
    const struct df_instr *ast = by->ast->kind == DF_ONBUILD ? by->ast->trigger : by->ast;
    for (size_t i = 0; ast->kind != DF_RUN && i + 1 < ast->args.n; i++) {
        struct str source;
        if (!state_expand(c, &by->before, ast->args.at[i].text, &source) ||
            names_cache(c->arena, cache, from_root(c->arena, source)))
            return true;
    }
    return false;
}

/* RUN --mount=from=: what is mounted whole is looked at by what the RUN reads. */
static bool mounts_cache(struct compile *c, const struct cache *cache, struct instr *by)
{
    const struct df_instr *ast = by->ast->kind == DF_ONBUILD ? by->ast->trigger : by->ast;
    struct mounts mounts = mounts_of(c->arena, ast);
    struct str tail = cache->below_home.len ? cache->below_home : cache->at;
    for (size_t i = 0; i < mounts.n; i++) {
        struct str source;
        if (mounts.at[i].from.len && (!state_expand(c, &by->before, mounts.at[i].source, &source) ||
                                      names_cache(c->arena, cache, from_root(c->arena, source))))
            return true;
    }
    const struct set *reads = mounts.n ? &instr_effects(c, by)->reads : NULL;
    for (size_t i = 0; reads && i < reads->items.n; i++)
        if (str_search(reads->items.at[i], tail) < reads->items.at[i].len)
            return true;
    return reads && reads->unknown;
}

const struct instr *legality_cache_copied(struct compile *c, const struct stage *stage,
                                          const struct mess *mess)
{
    struct cache cache = cache_of(c->arena, mess);
    unsigned steps = 0;
    for (const struct stage *s = c->file->stages; s; s = s->next) {
        for (size_t i = 0; i < s->uses.n; i++) {
            const struct ref *use = &s->uses.at[i];
            if (++steps > LEGALITY_STEPS)
                return use->by;
            bool ours = use->kind == REF_UNKNOWN ||
                        (use->kind == REF_STAGE && legality_is_built_on(use->stage, stage));
            if (ours && (copies_cache(c, &cache, use->by) || mounts_cache(c, &cache, use->by)))
                return use->by;
        }
    }
    return NULL;
}
