/* Which image of Alpine is the same. */
#include "ir/catalog/catalog.h"
#include "passes/alpine_base/alpine.h"

/* A word that says which distribution it is. */
static bool is_of_distribution(const struct compile *c, const struct alpine_plan *plan,
                               struct str word)
{
    const struct image_variant *v = plan->base.variant;
    for (size_t i = 0; i < v->n_words; i++)
        if (str_eq(v->words[i], word))
            return true;
    return catalog_suite(c->catalog, word) != NULL;
}

/* The tag without the words of the distribution: `3.12-` of 3.12-slim-bookworm. */
static struct str stem(struct compile *c, const struct alpine_plan *plan, struct str tag)
{
    struct buf b = {.arena = c->arena};
    struct str word;
    while (str_next(&tag, '-', &word))
        if (!is_of_distribution(c, plan, word))
            buf_printf(&b, "%.*s-", STR(word));
    return buf_str(&b);
}

/* It exists, is of a release whose packages are known, and the version is the same, as is where it
 * works. */
static bool fits(struct compile *c, struct alpine_plan *plan, struct str tag, struct str release)
{
    const struct base *base = &plan->base;
    struct str name = base->ref.name;
    struct str image = str_printf(c->arena, "%.*s:%.*s", STR(name), STR(tag));
    return base_has_tag(c->catalog, name, tag) == YES && base_of_image(c, image, &plan->alpine) &&
           plan->alpine.variant && str_eq(plan->alpine.variant->libc, LIT("musl")) &&
           str_eq(plan->alpine.variant->workdir, base->variant->workdir) &&
           str_eq(plan->alpine.suite, release) && str_eq(plan->alpine.version, base->version);
}

static bool find_tag(struct compile *c, struct alpine_plan *plan, struct str *tag)
{
    const struct tree_list *releases = catalog_trees(c->catalog, LIT("alpine-releases"));
    struct str written = plan->base.ref.tag;
    bool floating = !written.len || str_eq(written, LIT("latest"));
    struct str before = floating ? LIT("") : stem(c, plan, written);
    for (size_t i = 0; releases && i < releases->n_paths; i++) {
        *tag = str_concat(c->arena, before, releases->paths[i]);
        if (fits(c, plan, *tag, releases->paths[i]))
            return true;
    }
    return false;
}

static const struct manager *manager_of(struct compile *c, const struct base *base)
{
    struct base under;
    if (!base_distribution(c, base, &under))
        return NULL;
    return catalog_manager(c->catalog, under.variant->manager);
}

bool alpine_find_image(struct alpine_question *q)
{
    struct alpine_plan *plan = q->plan;
    struct str tag;
    if (!find_tag(q->c, plan, &tag))
        return alpine_refuse(q, ALPINE_NO_VARIANT, q->from, (struct str){0});
    plan->from = manager_of(q->c, &plan->base);
    plan->to = manager_of(q->c, &plan->alpine);
    if (!plan->from || !plan->to || !plan->to->install.len)
        return alpine_refuse(q, ALPINE_NO_VARIANT, q->from, (struct str){0});
    plan->image = str_printf(q->c->arena, "%.*s%.*s:%.*s", STR(plan->base.ref.prefix),
                             STR(plan->base.ref.name), STR(tag));
    return true;
}
