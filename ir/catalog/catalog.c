#include "ir/catalog/catalog.h"

#include "ir/catalog/read.h"

#include <stdlib.h>

/* Printed by the generator. */
extern const struct catalog catalog_shipped_rows;

const struct catalog *catalog_shipped(void)
{
    return &catalog_shipped_rows;
}

const struct catalog *catalog_extend(struct arena *a, const struct catalog *base,
                                     const struct yaml_node *rows, struct yaml_error *error)
{
    struct catalog_reader *r = catalog_reader_new(a, base);
    if (!catalog_reader_add(r, rows, error))
        return NULL;
    return catalog_reader_finish(r, error, NULL);
}

static int compare_name(const void *key, const void *entry)
{
    return str_cmp(*(const struct str *)key, ((const struct catalog_entry *)entry)->name);
}

const void *catalog_find(const struct catalog *c, enum table_id id, struct str name)
{
    for (; c; c = c->behind) {
        const struct catalog_table *t = &c->tables[id];
        const struct catalog_entry *e = NULL;
        if (t->n_index)
            e = bsearch(&name, t->index, t->n_index, sizeof *t->index, compare_name);
        if (e)
            return e->row;
    }
    return NULL;
}

const struct manager *catalog_manager(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_MANAGERS, name);
}

const struct mess *catalog_mess(const struct manager *m, enum mess_kind kind)
{
    for (size_t i = 0; m && i < m->n_messes; i++)
        if (m->messes[i].kind == kind)
            return &m->messes[i];
    return NULL;
}

const struct command *catalog_command(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_COMMANDS, name);
}

const struct tree_list *catalog_trees(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_TREES, name);
}

struct strs catalog_items(const struct catalog *c, struct arena *arena, const struct str *items,
                          size_t n)
{
    struct strs out = {0};
    for (size_t i = 0; i < n; i++) {
        bool refers = str_starts(items[i], LIT("@"));
        const struct tree_list *l =
            refers ? catalog_trees(c, str_slice(items[i], 1, items[i].len)) : NULL;
        for (size_t k = 0; l && k < l->n_paths; k++)
            vec_add(arena, &out, l->paths[k]);
        if (!refers)
            vec_add(arena, &out, items[i]);
    }
    return out;
}

bool catalog_lists(const struct catalog *c, struct str list, struct str item)
{
    const struct tree_list *l = catalog_trees(c, list);
    return l && str_is_one_of(item, l->paths, l->n_paths);
}

bool catalog_lists_like(const struct catalog *c, struct str list, struct str text)
{
    const struct tree_list *l = catalog_trees(c, list);
    for (size_t i = 0; l && i < l->n_paths; i++)
        if (str_matches(l->paths[i], text))
            return true;
    return false;
}

const struct source_language *catalog_source_language(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_SOURCES, name);
}

const struct development *catalog_development(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_DEVELOPMENT, name);
}

static bool is_script_of(const struct command *row, struct str place)
{
    for (size_t i = 0; i < row->n_names; i++) {
        struct str name = row->names[i];
        if (str_find(name, '*') < name.len && str_matches(name, place))
            return true;
    }
    return false;
}

const struct command *catalog_script(const struct catalog *c, struct str place)
{
    for (; c; c = c->behind) {
        const struct command *rows = c->tables[TABLE_COMMANDS].rows;
        for (size_t i = 0; i < c->tables[TABLE_COMMANDS].n_rows; i++)
            if (is_script_of(&rows[i], place))
                return &rows[i];
    }
    return NULL;
}

static size_t count(const struct catalog *c, enum table_id id)
{
    size_t n = 0;
    for (; c; c = c->behind)
        n += c->tables[id].n_rows;
    return n;
}

static const void *row_at(const struct catalog *c, enum table_id id, size_t size, size_t i)
{
    while (i >= c->tables[id].n_rows) {
        i -= c->tables[id].n_rows;
        c = c->behind;
    }
    return (const char *)c->tables[id].rows + i * size;
}

size_t catalog_manager_count(const struct catalog *c)
{
    return count(c, TABLE_MANAGERS);
}

const struct manager *catalog_manager_at(const struct catalog *c, size_t i)
{
    return row_at(c, TABLE_MANAGERS, sizeof(struct manager), i);
}

size_t catalog_toolchain_count(const struct catalog *c)
{
    return count(c, TABLE_TOOLCHAINS);
}

const struct toolchain *catalog_toolchain_at(const struct catalog *c, size_t i)
{
    return row_at(c, TABLE_TOOLCHAINS, sizeof(struct toolchain), i);
}

size_t catalog_install_count(const struct catalog *c)
{
    return count(c, TABLE_INSTALLS);
}

const struct dependency_install *catalog_install_at(const struct catalog *c, size_t i)
{
    return row_at(c, TABLE_INSTALLS, sizeof(struct dependency_install), i);
}

size_t catalog_leftover_count(const struct catalog *c)
{
    return count(c, TABLE_LEFTOVERS);
}

const struct leftover *catalog_leftover_at(const struct catalog *c, size_t i)
{
    return row_at(c, TABLE_LEFTOVERS, sizeof(struct leftover), i);
}

const struct runtime_image *catalog_runtime_image(const struct catalog *c, struct str family)
{
    return catalog_find(c, TABLE_RUNTIMES, family);
}

static bool any_matches(const struct str *patterns, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (str_matches(patterns[i], text))
            return true;
    return false;
}

const struct linker *catalog_linker(const struct catalog *c, struct str image)
{
    for (size_t i = 0; i < count(c, TABLE_LINKERS); i++) {
        const struct linker *row = row_at(c, TABLE_LINKERS, sizeof *row, i);
        if (any_matches(row->images, row->n_images, image))
            return row;
    }
    return NULL;
}

const struct linkage *catalog_linkage(const struct catalog *c, struct str version)
{
    for (size_t i = 0; i < count(c, TABLE_LINKAGES); i++) {
        const struct linkage *row = row_at(c, TABLE_LINKAGES, sizeof *row, i);
        if (any_matches(row->versions, row->n_versions, version))
            return row;
    }
    return NULL;
}
