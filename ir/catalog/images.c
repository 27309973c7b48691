#include "ir/catalog/images.h"

#include "ir/catalog/schema.h"

const struct suite *catalog_suite(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_SUITES, name);
}

const struct image_family *catalog_image(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_IMAGES, name);
}

const struct image_tags *catalog_tags(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_TAGS, name);
}

/* `version` is the suite's, or one of its point releases. */
static bool is_version_of(const struct suite *s, struct str version)
{
    return str_starts(version, s->version) &&
           (version.len == s->version.len || version.at[s->version.len] == '.');
}

const struct suite *catalog_suite_of(const struct catalog *c, struct str distribution,
                                     struct str version)
{
    const struct suite *named = catalog_suite(c, version);
    if (named || !version.len)
        return named;
    for (; c; c = c->behind) {
        const struct catalog_table *t = &c->tables[TABLE_SUITES];
        const struct suite *rows = t->rows;
        for (size_t i = 0; i < t->n_rows; i++)
            if (str_eq(rows[i].distribution, distribution) && is_version_of(&rows[i], version))
                return &rows[i];
    }
    return NULL;
}
