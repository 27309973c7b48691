#include "ir/predict_run.h"

#include "grammar/mount.h"
#include "ir/catalog/catalog.h"
#include "ir/command.h"
#include "ir/path.h"

/* ---- one step of the script ---- */

struct run {
    struct image_packages *p;
    struct set fetched; /* managers whose lists came for certain */
    struct strs used;   /* managers that wrote their records */
    struct mounts mounts;
    struct strs before; /* packages that were asked for before it */
    bool whole;
};

static bool is_one_of(const struct str *words, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(words[i], word))
            return true;
    return false;
}

static bool prunes(const struct manager *m, const struct invocation *i)
{
    if (i->words.n && is_one_of(m->prune_words, m->n_prune_words, i->words.at[0]))
        return true;
    for (size_t k = 0; k < i->options.n; k++)
        if (is_one_of(m->prune_words, m->n_prune_words, i->options.at[k].name))
            return true;
    return false;
}

static bool install_all(struct run *r, const struct step *s)
{
    bool whole = s->installs.n > 0;
    for (size_t i = 0; i < s->installs.n; i++)
        whole &= image_install(r->p, &s->installs.at[i]);
    return whole;
}

static void note_use(struct run *r, const struct manager *m)
{
    if (!strs_have(&r->used, m->name))
        vec_add(r->p->c->arena, &r->used, m->name);
}

/* One command of a package manager. False when not all that it writes is counted. */
static bool add_packages(struct run *r, const struct step *s, const struct invocation *by)
{
    const struct effects *fx = &s->effects;
    const struct manager *m = catalog_manager(r->p->c->catalog, by->row->manager);
    bool installs = !set_is_empty(&fx->installs);
    bool pruned = prunes(m, by), removes = !set_is_empty(&fx->removes) || pruned;
    set_merge(r->p->c->arena, &r->fetched, &fx->lists);
    if (installs || removes)
        note_use(r, m);
    if (removes && r->p->release)
        image_drop(r->p, &fx->removes, pruned);
    if (installs)
        return r->p->release && install_all(r, s);
    return removes ? r->p->release && !fx->removes.unknown
                   : fx->lists.items.n || fx->drops_lists.items.n || fx->drops_caches.items.n;
}

/* Writes so little that it does not matter. */
static bool is_light(const struct run *r, struct str name)
{
    const struct tree_list *light = catalog_trees(r->p->c->catalog, LIT("light"));
    return light && is_one_of(light->paths, light->n_paths, name);
}

/* The one package manager that the step runs; NULL when there is none or more than one. */
static const struct invocation *manager_in(const struct run *r, const struct step *s, bool *light)
{
    const struct invocation *found = NULL;
    *light = true;
    for (size_t i = 0; i < s->runs.n; i++) {
        const struct invocation *one = &s->runs.at[i];
        if (found && one->row && one->row->manager.len)
            return NULL;
        if (one->row && catalog_manager(r->p->c->catalog, one->row->manager))
            found = one;
        else
            *light &= is_light(r, one->name);
    }
    return found;
}

/* Build dependencies that a script lets go in the end (apt-mark auto, then a purge). */
static bool demotes(const struct run *r, const struct invocation *one)
{
    struct arena *a = r->p->c->arena;
    struct str word = one->words.n ? one->words.at[0] : (struct str){0};
    struct str said = str_printf(a, "%.*s %.*s", STR(one->name), STR(word));
    for (size_t i = 0; i < r->used.n; i++) {
        const struct manager *m = catalog_manager(r->p->c->catalog, r->used.at[i]);
        if (is_one_of(m->demotes, m->n_demotes, said))
            return true;
    }
    return false;
}

/* What may not happen counts nothing. */
static void add_step(struct run *r, const struct step *s)
{
    bool light;
    const struct invocation *manager = manager_in(r, s, &light);
    if (s->simple && s->runs.n == 1 && demotes(r, &s->runs.at[0]))
        r->p->asked = r->before;
    if (set_is_empty(&s->effects.writes) || (light && !manager))
        return;
    r->whole &= light && manager && s->simple && add_packages(r, s, manager);
}

/* ---- what is left ---- */

/* What is under a mount is not in the layer. */
static bool is_mounted(const struct run *r, const struct mess *mess)
{
    for (size_t i = 0; i < r->mounts.n; i++)
        for (size_t k = 0; k < mess->n_paths; k++)
            if (r->mounts.at[i].target.len && path_is_in(mess->paths[k], r->mounts.at[i].target))
                return true;
    return false;
}

static void add_mess(struct predicted_part *out, const struct mess *mess)
{
    bool removed = mess->removed_by_base.len > 0;
    out->whole &= mess->kib > 0 || removed;
    out->bytes += removed ? 0 : (uint64_t)mess->kib * 1024;
}

static void add_messes(struct run *r, const struct set *left, enum mess_kind kind,
                       struct predicted_part *out)
{
    out->whole &= !left->unknown;
    for (size_t i = 0; i < left->items.n; i++) {
        const struct manager *m = catalog_manager(r->p->c->catalog, left->items.at[i]);
        bool certain = kind != MESS_LISTS || set_has(&r->fetched, left->items.at[i]) != NO;
        for (size_t k = 0; m && certain && k < m->n_messes; k++)
            if (m->messes[k].kind == kind && !is_mounted(r, &m->messes[k]))
                add_mess(out, &m->messes[k]);
    }
}

static void add_records(struct run *r, struct predicted_part *out)
{
    for (size_t i = 0; i < r->used.n; i++)
        out->bytes += (uint64_t)catalog_manager(r->p->c->catalog, r->used.at[i])->records * 1024;
}

void predict_run(struct image_packages *p, struct instr *run, struct predicted_part *out)
{
    struct compile *c = p->c;
    const struct sh_list *list = instr_commands(c, run);
    struct steps steps = {0};
    if (!list || !command_steps(c, &run->before, list, &steps)) {
        out->whole = false;
        return;
    }
    const struct effects *fx = instr_effects(c, run);
    struct run r = {.p = p, .whole = true, .mounts = mounts_of(c->arena, run->ast)};
    for (size_t i = 0; i < p->asked.n; i++)
        vec_add(c->arena, &r.before, p->asked.at[i]);
    struct map before = image_names(c->arena, &p->have);
    for (size_t i = 0; i < steps.n; i++)
        add_step(&r, &steps.at[i]);
    out->whole &= r.whole;
    out->bytes += image_bytes_beyond(p, &before);
    add_messes(&r, &fx->lists, MESS_LISTS, out);
    add_messes(&r, &fx->caches, MESS_CACHE, out);
    add_records(&r, out);
}
