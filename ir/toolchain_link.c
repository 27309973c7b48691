/* Runtimes that a base image's tools link of their own modules: what the catalog knows of them. */
#include "ir/base.h"
#include "ir/toolchain.h"

static const struct linker *linker_of(struct compile *c, const struct base *base)
{
    return catalog_linker(c->catalog,
                          str_printf(c->arena, "%.*s:%.*s", STR(base->ref.name), STR(base->full)));
}

/* 17 of 17.0.2. */
static struct str first_number(struct str version)
{
    return str_slice(version, 0, str_find(version, '.'));
}

static struct str first_image(struct compile *c, const struct linker *by, const struct base *base)
{
    for (size_t i = 0; i < by->n_on; i++) {
        struct str image = toolchain_filled(c->arena, by->on[i], base);
        if (toolchain_has_image(c, image))
            return image;
    }
    return (struct str){0};
}

/* The runtime brings its own libraries, built for older C libraries: where a release gets no more
 * updates, it runs on the one that succeeds it. */
static void take_successor(struct compile *c, struct base *base)
{
    struct image_ref next;
    const struct suite *suite = catalog_suite(c->catalog, base->suite);
    if (!suite || !suite->successor.len || !image_ref_read(suite->successor, &next))
        return;
    const struct suite *later = catalog_suite(c->catalog, next.tag.len ? next.tag : next.name);
    if (later && str_eq(later->distribution, suite->distribution))
        base->suite = later->name;
}

bool toolchain_linked(struct compile *c, const struct stage *stage, struct linked *out)
{
    *out = (struct linked){0};
    if (!base_of_stage(c, stage, &out->base) || out->base.ref.digest.len)
        return false;
    struct base base = out->base, under;
    for (out->by = linker_of(c, &base); !out->by; out->by = linker_of(c, &base)) {
        if (!base_below(c, &base, &under)) {
            *out = (struct linked){0};
            return false;
        }
        base = under;
    }
    out->how = catalog_linkage(c->catalog, base.version);
    take_successor(c, &base);
    out->release = base.suite;
    out->version = base.version;
    base.version = first_number(base.version);
    out->image = first_image(c, out->by, &base);
    out->home = toolchain_filled(c->arena, out->by->home, &base);
    for (size_t i = 0; i < out->by->n_env; i++)
        vec_add(c->arena, &out->env, toolchain_filled(c->arena, out->by->env[i], &base));
    return true;
}
