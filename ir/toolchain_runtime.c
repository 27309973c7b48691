/* On what programs run that were built on an image: a smaller one of the same release. */
#include "grammar/pattern.h"
#include "ir/base.h"
#include "ir/options.h"
#include "ir/toolchain.h"

bool toolchain_matches(struct compile *c, struct str pattern, struct str text)
{
    struct pattern p = {.arena = c->arena};
    return pattern_read(pattern, false, &p) && !pattern_trim_start(&p, text, true).len;
}

/* "debian:{suite}-slim" */
struct str toolchain_filled(struct arena *a, struct str template, const struct base *base)
{
    struct buf b = {.arena = a};
    while (template.len) {
        size_t at = str_find(template, '{'), end = str_find(template, '}');
        struct str name = str_slice(template, at + 1, end);
        buf_add(&b, str_slice(template, 0, at));
        if (at < template.len)
            buf_add(&b, str_eq(name, LIT("suite")) ? base_release(base)
                        : str_eq(name, LIT("tag")) ? base->ref.tag
                                                   : base->version);
        template = str_slice(template, end + 1, template.len);
    }
    return buf_str(&b);
}

bool toolchain_has_image(struct compile *c, struct str image)
{
    struct image_ref ref;
    return image_ref_read(image, &ref) && base_has_tag(c->catalog, ref.name, ref.tag) == YES;
}

struct templates {
    const struct str *at;
    size_t n;
};

static struct templates images_of(const struct runtime_image *row)
{
    return (struct templates){row->image, row->n_image};
}

/* The first template that names an image; those with a suite only where that is wanted. */
static bool first_named(struct compile *c, struct templates from, const struct base *base,
                        bool suites, struct str *image)
{
    for (size_t i = 0; i < from.n; i++) {
        bool suite = str_search(from.at[i], LIT("{suite}")) < from.at[i].len;
        *image = toolchain_filled(c->arena, from.at[i], base);
        if ((suites || !suite) && toolchain_has_image(c, *image))
            return true;
    }
    return false;
}

/* The version as the tag names it: 17 of 17-jdk. */
static struct str own_version(const struct base *base)
{
    struct str tag = base->ref.tag;
    size_t n = 0;
    while (n < tag.len &&
           ((tag.at[n] >= '0' && tag.at[n] <= '9') || tag.at[n] == '.' || tag.at[n] == '_'))
        n++;
    return n ? str_slice(tag, 0, n) : base->version;
}

static struct str without_last(struct str version)
{
    size_t end = version.len;
    while (end && version.at[end - 1] != '.')
        end--;
    return str_slice(version, 0, end ? end - 1 : 0);
}

/* `17`, `17.0`: tags often name no more of a version, and some none at all. A tag without a suite
 * has none here either, if there is such an image. */
static bool find_named(struct compile *c, struct templates from, struct base base,
                       struct str *image)
{
    bool suites = str_search(base.ref.tag, base.suite) < base.ref.tag.len, more = true;
    for (base.version = own_version(&base); more; base.version = without_last(base.version)) {
        if ((!suites && first_named(c, from, &base, false, image)) ||
            first_named(c, from, &base, true, image))
            return true;
        more = base.version.len > 0;
    }
    return false;
}

static bool is_version(const struct runtime_image *row, const struct base *base)
{
    for (size_t i = 0; i < row->n_versions; i++)
        if (str_matches(row->versions[i], base->version))
            return true;
    return row->n_versions == 0;
}

static bool sets_entry(struct compile *c, struct str image, const struct base *than)
{
    struct base base;
    return base_of_image(c, image, &base) && base.variant && base.variant->n_entrypoint &&
           !than->variant->n_entrypoint;
}

/* What -O3 may take instead: of another distribution. */
static bool find_smallest(struct compile *c, const struct base *base, struct runtime *out)
{
    if (c->opt->level < 3 ||
        !find_named(c, (struct templates){out->row->smallest, out->row->n_smallest}, *base,
                    &out->image))
        return false;
    out->foreign = true;
    return true;
}

/* Images of Alpine have rows of their own: what they lack is other things. */
static bool alpine_runtime(struct compile *c, const struct base *base, struct runtime *out)
{
    struct str name = str_printf(c->arena, "%.*s:alpine", STR(base->ref.name));
    out->row = catalog_runtime_image(c->catalog, name);
    out->release = base->suite;
    out->alpine = true;
    out->workdir = out->row ? out->row->workdir : (struct str){0};
    return out->row && base->suite.len && is_version(out->row, base) &&
           first_named(c, images_of(out->row), base, true, &out->image);
}

/* A registry that documents how its tags are made. */
static bool scheme_runtime(struct compile *c, const struct base *base, struct runtime *out)
{
    for (size_t i = 0; i < out->row->n_tags && !base->ref.digest.len; i++) {
        if (!str_matches(out->row->tags[i], base->ref.tag))
            continue;
        out->image = toolchain_filled(c->arena, out->row->image[0], base);
        return true;
    }
    return false;
}

/* Of the same distribution and release. */
static bool same_release(struct compile *c, const struct stage *stage, const struct base *base,
                         struct runtime *out)
{
    if (!catalog_suite(c->catalog, base->suite))
        return false;
    if (out->row->n_image)
        return find_named(c, images_of(out->row), *base, &out->image);
    if (base_slim(c, base, &out->image))
        return true;
    out->image = stage->base.image;
    return base_is_slim(base) || out->row->itself;
}

/* The row of the image, or of the one that it is built on, if it says that this one tells. */
static bool find_runtime_row(struct compile *c, struct base *base, struct runtime *out)
{
    struct base under;
    out->row = catalog_runtime_image(c->catalog, base->ref.name);
    out->workdir = out->row ? out->row->workdir : (struct str){0};
    if (!out->row || !out->row->below)
        return out->row != NULL;
    if (base->ref.digest.len || !base_below(c, base, &under) || !under.variant ||
        base_has_tag(c->catalog, under.ref.name, under.ref.tag) != YES)
        return false;
    *base = under;
    out->row = catalog_runtime_image(c->catalog, under.ref.name);
    return out->row && !out->row->below;
}

static bool find_runtime(struct compile *c, const struct stage *stage, bool foreign,
                         struct runtime *out)
{
    struct base own, base;
    if (!base_of_stage(c, stage, &own) || !own.variant)
        return false;
    base = own;
    if (base.variant->libc.len)
        return alpine_runtime(c, &base, out);
    if (!find_runtime_row(c, &base, out) || !is_version(out->row, &base))
        return false;
    out->release = base.suite;
    if (out->row->n_tags)
        return scheme_runtime(c, &base, out);
    if (!(foreign && find_smallest(c, &base, out)) && !same_release(c, stage, &base, out))
        return false;
    out->entry = sets_entry(c, out->image, &own);
    return true;
}

bool toolchain_runtime(struct compile *c, const struct stage *stage, bool foreign,
                       struct runtime *out)
{
    *out = (struct runtime){0};
    if (!find_runtime(c, stage, foreign, out))
        return false;
    out->lacks = catalog_items(c->catalog, c->arena, out->row->lacks, out->row->n_lacks);
    out->has = catalog_items(c->catalog, c->arena, out->row->has, out->row->n_has);
    return true;
}

void toolchain_newer_runtime(struct compile *c, const struct stage *stage, struct runtime *out)
{
    struct base base;
    struct image_ref next;
    if (out->alpine || !out->row->n_image || !base_of_stage(c, stage, &base))
        return;
    const struct suite *suite = catalog_suite(c->catalog, base.suite);
    if (!suite || !suite->successor.len || !image_ref_read(suite->successor, &next))
        return;
    const struct suite *later = catalog_suite(c->catalog, next.tag.len ? next.tag : next.name);
    if (!later || !str_eq(later->distribution, suite->distribution))
        return;
    base.suite = later->name;
    struct str image;
    if (find_named(c, images_of(out->row), base, &image)) {
        out->image = image;
        out->release = later->name;
    }
}
