#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/predict_run.h"

static void add_names(struct arena *a, struct strs *to, const struct strs *names)
{
    for (size_t i = 0; i < names->n; i++)
        vec_add(a, to, names->at[i]);
}

static void keep(struct arena *a, struct packages *to, const struct packages *from, struct str name)
{
    vec_add(a, &to->names, name);
    map_put(&to->known, name, map_get(&from->known, name));
}

struct image_packages predict_base_packages(struct compile *c, const struct stage *stage)
{
    struct image_packages p = {.c = c, .have.known.arena = c->arena};
    struct base base, under;
    if (!base_of_stage(c, stage, &base) || !base_packages(c, &base, &p.asked) ||
        !base_distribution(c, &base, &under))
        return p;
    p.no_docs = under.variant->no_docs;
    p.release = catalog_package_release(c->catalog, under.suite);
    if (p.release)
        p.have = packages_closure(c->catalog, c->arena, &p.asked, RECOMMENDS_NONE, NULL);
    return p;
}

bool image_install(struct image_packages *p, const struct installation *one)
{
    struct arena *a = p->c->arena;
    bool own = p->release->of_rows, lean = one->says || !own;
    struct packages more = packages_closure(p->c->catalog, a, &one->packages,
                                            lean ? RECOMMENDS_NONE : RECOMMENDS_OWN, &p->have);
    add_names(a, &p->asked, &one->packages);
    for (size_t i = 0; i < more.names.n; i++)
        keep(a, &p->have, &more, more.names.at[i]);
    return one->known && !more.missing.n && (one->says || own);
}

static struct str package_of(struct str item)
{
    return str_slice(item, str_find(item, ':') + 1, item.len);
}

static bool is_among(const struct set *removed, struct str name)
{
    for (size_t i = 0; i < removed->items.n; i++)
        if (str_eq(package_of(removed->items.at[i]), name))
            return true;
    return false;
}

void image_drop(struct image_packages *p, const struct set *removed, bool prune)
{
    struct arena *a = p->c->arena;
    struct strs asked = {0};
    struct packages left = {.known.arena = a};
    for (size_t i = 0; i < p->asked.n; i++)
        if (!is_among(removed, p->asked.at[i]))
            vec_add(a, &asked, p->asked.at[i]);
    struct packages needed = packages_closure(p->c->catalog, a, &asked, RECOMMENDS_OWN, NULL);
    for (size_t i = 0; i < p->have.names.n; i++) {
        struct str name = p->have.names.at[i];
        if (!is_among(removed, name) && (!prune || map_get(&needed.known, name)))
            keep(a, &left, &p->have, name);
    }
    p->asked = asked;
    p->have = left;
}

uint64_t image_bytes_beyond(const struct image_packages *p, const struct map *before)
{
    uint64_t kib = 0;
    for (size_t i = 0; i < p->have.names.n; i++) {
        struct str name = p->have.names.at[i];
        const struct package *row = map_get(&p->have.known, name);
        uint32_t docs = p->no_docs && row->docs <= row->kib ? row->docs : 0;
        if (!map_get(before, name))
            kib += row->kib - docs + row->made;
    }
    return kib * 1024;
}

struct map image_names(struct arena *a, const struct packages *have)
{
    struct map names = {.arena = a};
    for (size_t i = 0; i < have->names.n; i++)
        map_put(&names, have->names.at[i], map_get(&have->known, have->names.at[i]));
    return names;
}
