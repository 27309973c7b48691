#include "ir/catalog/read.h"

#include "grammar/base/map.h"

#include <stdlib.h>
#include <string.h>

/* A name that must have a row once all files are read. */
struct reference {
    struct str name;
    enum table_id table;
    uint32_t line, column;
    size_t file;
};

struct entries VEC_OF(struct catalog_entry);
struct references VEC_OF(struct reference);
struct row_pointers VEC_OF(const void *);

struct table_reader {
    struct entries index;
    struct row_pointers rows;
    struct map names;
};

struct catalog_reader {
    struct arena *arena;
    const struct catalog *behind;
    struct table_reader tables[TABLE_COUNT];
    struct references references;
    size_t file;                      /* files read so far */
    struct yaml_error *error;         /* of the file in hand */
    const struct yaml_node *defaults; /* the file's top: `source` and `date` for its rows */
};

static bool refuse(struct catalog_reader *r, const struct yaml_node *at, const char *format,
                   struct str what)
{
    r->error->line = at->line;
    r->error->column = at->column;
    struct buf message = {.arena = r->arena};
    buf_printf(&message, "%s", format);
    if (what.len)
        buf_printf(&message, ": %.*s", STR(what));
    r->error->message = buf_str(&message);
    return false;
}

static void refer(struct catalog_reader *r, const struct yaml_node *at, enum table_id table,
                  struct str name)
{
    struct reference ref = {name, table, at->line, at->column, r->file};
    vec_add(r->arena, &r->references, ref);
}

static bool read_text(struct catalog_reader *r, const struct field *f, const struct yaml_node *n,
                      struct str *out)
{
    if (n->kind != YAML_SCALAR)
        return refuse(r, n, "must be a scalar", str_from_c(f->key));
    *out = n->text;
    if (f->refers_to >= 0)
        refer(r, n, (enum table_id)f->refers_to, n->text);
    return true;
}

static bool read_texts(struct catalog_reader *r, const struct field *f, const struct yaml_node *n,
                       char *row)
{
    struct yaml_node *alone[] = {(struct yaml_node *)n};
    struct yaml_nodes items = n->kind == YAML_LIST ? n->items : (struct yaml_nodes){alone, 1, 1};
    if (items.n == 0 && f->required)
        return refuse(r, n, "must not be empty", str_from_c(f->key));
    struct str *texts = arena_array(r->arena, items.n, sizeof *texts);
    for (size_t i = 0; i < items.n; i++) {
        if (items.at[i]->kind != YAML_SCALAR)
            return refuse(r, items.at[i], "must be a list of scalars", str_from_c(f->key));
        texts[i] = items.at[i]->text;
        if (f->kind == FIELD_PATHS && str_starts(texts[i], LIT("@")))
            refer(r, items.at[i], TABLE_TREES, str_slice(texts[i], 1, texts[i].len));
    }
    *(const struct str **)(void *)(row + f->at) = texts;
    *(size_t *)(void *)(row + f->count_at) = items.n;
    return true;
}

static bool read_choice(struct catalog_reader *r, const struct field *f, const struct yaml_node *n,
                        uint32_t *out)
{
    const struct word_value *word = NULL;
    if (n->kind == YAML_SCALAR)
        word = schema_word(f->words, n->text);
    if (!word)
        return refuse(r, n, "no such word", n->text);
    *out = word->value;
    return true;
}

static bool read_flag(struct catalog_reader *r, const struct field *f, const struct yaml_node *n,
                      uint64_t *out)
{
    uint32_t number = 0;
    if (!read_choice(r, f, n, &number))
        return false;
    *out |= UINT64_C(1) << number;
    return true;
}

static bool read_flags(struct catalog_reader *r, const struct field *f, const struct yaml_node *n,
                       uint64_t *out)
{
    if (n->kind != YAML_LIST)
        return read_flag(r, f, n, out);
    for (size_t i = 0; i < n->items.n; i++)
        if (!read_flag(r, f, n->items.at[i], out))
            return false;
    return true;
}

static bool read_row(struct catalog_reader *r, const struct schema *s, const struct yaml_node *n,
                     char *row);

static bool read_rows(struct catalog_reader *r, const struct field *f, const struct yaml_node *n,
                      char *row)
{
    if (n->kind != YAML_LIST)
        return refuse(r, n, "must be a list", str_from_c(f->key));
    char *rows = arena_array(r->arena, n->items.n, f->rows->size);
    for (size_t i = 0; i < n->items.n; i++)
        if (!read_row(r, f->rows, n->items.at[i], rows + i * f->rows->size))
            return false;
    *(const void **)(void *)(row + f->at) = rows;
    *(size_t *)(void *)(row + f->count_at) = n->items.n;
    return true;
}

static bool read_field(struct catalog_reader *r, const struct field *f, const struct yaml_node *n,
                       char *row)
{
    void *at = row + f->at;
    uint32_t number = 0;
    switch (f->kind) {
    case FIELD_TEXT:
        return read_text(r, f, n, at);
    case FIELD_TEXTS:
    case FIELD_PATHS:
        return read_texts(r, f, n, row);
    case FIELD_BOOL:
        return yaml_bool(n, at) || refuse(r, n, "must be true or false", str_from_c(f->key));
    case FIELD_NUMBER:
        return yaml_number(n, UINT32_MAX, at) ||
               refuse(r, n, "must be a number", str_from_c(f->key));
    case FIELD_CHOICE:
        if (!read_choice(r, f, n, &number))
            return false;
        memcpy(at, &(enum use){(enum use)number}, sizeof(enum use));
        return true;
    case FIELD_FLAGS:
        return read_flags(r, f, n, at);
    case FIELD_ROWS:
        return read_rows(r, f, n, row);
    }
    return false;
}

static bool has_required(struct catalog_reader *r, const struct schema *s,
                         const struct yaml_node *n)
{
    for (size_t i = 0; i < s->n_fields; i++)
        if (s->fields[i].required && !yaml_get(n, str_from_c(s->fields[i].key)))
            return refuse(r, n, "a key is missing", str_from_c(s->fields[i].key));
    return true;
}

static bool read_row(struct catalog_reader *r, const struct schema *s, const struct yaml_node *n,
                     char *row)
{
    if (n->kind != YAML_MAP)
        return refuse(r, n, "a row must be a map", LIT(""));
    for (size_t i = 0; i < n->items.n; i++) {
        const struct yaml_node *item = n->items.at[i];
        const struct field *f = schema_field(s, item->key);
        if (!f)
            return refuse(r, item, "unknown key", item->key);
        if (!read_field(r, f, item, row))
            return false;
    }
    return has_required(r, s, n);
}

/* `source` and `date` come from the row, else from the top of its file. */
static bool add_provenance(struct catalog_reader *r, const struct schema *s,
                           const struct yaml_node *n, char *row)
{
    static const char *const keys[] = {"source", "date"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str key = str_from_c(keys[i]);
        struct str *text = (struct str *)(void *)(row + schema_field(s, key)->at);
        const struct yaml_node *given = yaml_get(r->defaults, key);
        if (!text->len && given && given->kind == YAML_SCALAR)
            *text = given->text;
        if (!text->len)
            return refuse(r, n, "a row must name its source and date", LIT(""));
    }
    return true;
}

static bool add_name(struct catalog_reader *r, struct table_reader *t, const struct yaml_node *n,
                     struct catalog_entry entry)
{
    if (!entry.name.len)
        return refuse(r, n, "a name must not be empty", LIT(""));
    if (map_get(&t->names, entry.name))
        return refuse(r, n, "the name has a row already", entry.name);
    map_put(&t->names, entry.name, (void *)entry.row);
    vec_add(r->arena, &t->index, entry);
    return true;
}

static bool add_names(struct catalog_reader *r, enum table_id id, const struct yaml_node *n,
                      char *row)
{
    const struct table_schema *table = &catalog_tables[id];
    const struct field *f = schema_field(table->schema, str_from_c(table->names));
    const struct str *names = (const struct str *)(void *)(row + f->at);
    size_t count = 1;
    if (f->kind == FIELD_TEXTS) {
        names = *(const struct str **)(void *)(row + f->at);
        count = *(size_t *)(void *)(row + f->count_at);
    }
    for (size_t i = 0; i < count; i++)
        if (!add_name(r, &r->tables[id], n, (struct catalog_entry){names[i], row}))
            return false;
    vec_add(r->arena, &r->tables[id].rows, row);
    return true;
}

static bool add_table(struct catalog_reader *r, enum table_id id, const struct yaml_node *n)
{
    const struct schema *s = catalog_tables[id].schema;
    if (n->kind != YAML_LIST)
        return refuse(r, n, "must be a list of rows", n->key);
    for (size_t i = 0; i < n->items.n; i++) {
        char *row = arena_alloc(r->arena, s->size);
        const struct yaml_node *item = n->items.at[i];
        if (!read_row(r, s, item, row) || !add_provenance(r, s, item, row) ||
            !add_names(r, id, item, row))
            return false;
    }
    return true;
}

static bool add_top(struct catalog_reader *r, const struct yaml_node *n)
{
    for (int id = 0; id < TABLE_COUNT; id++)
        if (str_eq(n->key, str_from_c(catalog_tables[id].key)))
            return add_table(r, (enum table_id)id, n);
    if (str_eq(n->key, LIT("source")) || str_eq(n->key, LIT("date")))
        return n->kind == YAML_SCALAR || refuse(r, n, "must be a scalar", n->key);
    return refuse(r, n, "unknown key", n->key);
}

struct catalog_reader *catalog_reader_new(struct arena *a, const struct catalog *behind)
{
    struct catalog_reader *r = arena_alloc(a, sizeof *r);
    r->arena = a;
    r->behind = behind;
    for (int id = 0; id < TABLE_COUNT; id++)
        r->tables[id].names.arena = a;
    return r;
}

bool catalog_reader_add(struct catalog_reader *r, const struct yaml_node *file,
                        struct yaml_error *error)
{
    r->error = error;
    r->defaults = file;
    if (file->kind != YAML_MAP)
        return refuse(r, file, "must be a map of tables", LIT(""));
    for (size_t i = 0; i < file->items.n; i++)
        if (!add_top(r, file->items.at[i]))
            return false;
    r->file++;
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct catalog_entry *first = a, *second = b;
    return str_cmp(first->name, second->name);
}

static bool known_behind(const struct catalog *c, enum table_id id, struct str name)
{
    struct catalog_entry key = {name, NULL};
    for (; c; c = c->behind) {
        const struct catalog_table *t = &c->tables[id];
        if (t->n_index && bsearch(&key, t->index, t->n_index, sizeof key, by_name))
            return true;
    }
    return false;
}

static bool resolve(struct catalog_reader *r, const struct reference *ref, struct yaml_error *error)
{
    if (map_get(&r->tables[ref->table].names, ref->name) ||
        known_behind(r->behind, ref->table, ref->name))
        return true;
    error->line = ref->line;
    error->column = ref->column;
    error->message = str_printf(r->arena, "no row in %s has this name: %.*s",
                                catalog_tables[ref->table].key, STR(ref->name));
    return false;
}

/* Rows were allocated one by one, as they came; a table has them side by side. */
static struct catalog_table finish_table(struct catalog_reader *r, enum table_id id)
{
    struct table_reader *t = &r->tables[id];
    size_t size = catalog_tables[id].schema->size;
    char *rows = arena_array(r->arena, t->rows.n, size);
    for (size_t i = 0, entry = 0; i < t->rows.n; i++) {
        memcpy(rows + i * size, t->rows.at[i], size);
        for (; entry < t->index.n && t->index.at[entry].row == t->rows.at[i]; entry++)
            t->index.at[entry].row = rows + i * size;
    }
    if (t->index.n)
        qsort(t->index.at, t->index.n, sizeof *t->index.at, by_name);
    return (struct catalog_table){rows, t->rows.n, t->index.at, t->index.n};
}

const struct catalog *catalog_reader_finish(struct catalog_reader *r, struct yaml_error *error,
                                            size_t *file)
{
    for (size_t i = 0; i < r->references.n; i++) {
        if (file)
            *file = r->references.at[i].file;
        if (!resolve(r, &r->references.at[i], error))
            return NULL;
    }
    struct catalog *c = arena_alloc(r->arena, sizeof *c);
    c->behind = r->behind;
    for (int id = 0; id < TABLE_COUNT; id++)
        c->tables[id] = finish_table(r, (enum table_id)id);
    return c;
}
