/* The catalog's generator: reads YAML files, prints them as static const tables.
 *
 *     catalog-gen FILE.yaml... >catalog_data.c
 *
 * Runs when dfopt is built; a mistake in a row stops the build with its place. */
#include "ir/catalog/read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { MEMORY_LIMIT = 256 << 20 };

static void print_text(struct str s)
{
    printf("{\"");
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c >= ' ' && c < 0x7f)
            putchar(c);
        else
            printf("\\%03o", c);
    }
    printf("\", %zu}", s.len);
}

static void print_texts(const struct str *texts, size_t n)
{
    printf("(const struct str[]){");
    for (size_t i = 0; i < n; i++) {
        print_text(texts[i]);
        printf(", ");
    }
    printf("}");
}

static void print_row(const struct schema *s, const char *row);

static void print_rows(const struct schema *s, const char *rows, size_t n)
{
    printf("(const %s[]){", s->type);
    for (size_t i = 0; i < n; i++) {
        print_row(s, rows + i * s->size);
        printf(",\n");
    }
    printf("}");
}

static void print_list(const struct field *f, const char *row)
{
    size_t n = *(const size_t *)(const void *)(row + f->count_at);
    const char *list = *(const char *const *)(const void *)(row + f->at);
    if (n == 0)
        return;
    printf(".%s = ", f->member);
    if (f->kind == FIELD_ROWS)
        print_rows(f->rows, list, n);
    else
        print_texts((const struct str *)(const void *)list, n);
    printf(", .%s = %zu, ", f->count_member, n);
}

static void print_field(const struct field *f, const char *row)
{
    const void *at = row + f->at;
    switch (f->kind) {
    case FIELD_TEXT:
        printf(".%s = ", f->member);
        print_text(*(const struct str *)at);
        printf(", ");
        break;
    case FIELD_BOOL:
        printf(".%s = %d, ", f->member, *(const bool *)at);
        break;
    case FIELD_NUMBER:
    case FIELD_CHOICE:
        printf(".%s = %u, ", f->member, (unsigned)*(const uint32_t *)at);
        break;
    case FIELD_FLAGS:
        printf(".%s = UINT64_C(%" PRIu64 "), ", f->member, *(const uint64_t *)at);
        break;
    case FIELD_TEXTS:
    case FIELD_PATHS:
    case FIELD_ROWS:
        print_list(f, row);
        break;
    }
}

static void print_row(const struct schema *s, const char *row)
{
    printf("{");
    for (size_t i = 0; i < s->n_fields; i++)
        print_field(&s->fields[i], row);
    printf("}");
}

static void print_table(enum table_id id, const struct catalog_table *t)
{
    const struct table_schema *table = &catalog_tables[id];
    const struct schema *s = table->schema;
    printf("static const %s %s[] = {\n", s->type, table->key);
    for (size_t i = 0; i < t->n_rows; i++) {
        print_row(s, (const char *)t->rows + i * s->size);
        printf(",\n");
    }
    printf("};\n\nstatic const struct catalog_entry %s_index[] = {\n", table->key);
    for (size_t i = 0; i < t->n_index; i++) {
        size_t row = (size_t)((const char *)t->index[i].row - (const char *)t->rows) / s->size;
        printf("{");
        print_text(t->index[i].name);
        printf(", &%s[%zu]},\n", table->key, row);
    }
    printf("};\n\n");
}

static void print_catalog(const struct catalog *c)
{
    printf("/* Generated from ir/catalog/ by catalog-gen. */\n"
           "#include \"ir/catalog/schema.h\"\n\n"
           "extern const struct catalog catalog_shipped_rows;\n\n");
    for (int id = 0; id < TABLE_COUNT; id++)
        if (c->tables[id].n_rows)
            print_table((enum table_id)id, &c->tables[id]);
    printf("const struct catalog catalog_shipped_rows = {.tables = {\n");
    for (int id = 0; id < TABLE_COUNT; id++) {
        const char *key = catalog_tables[id].key;
        if (c->tables[id].n_rows)
            printf("[%d] = {%s, %zu, %s_index, %zu},\n", id, key, c->tables[id].n_rows, key,
                   c->tables[id].n_index);
    }
    printf("}};\n");
}

static _Noreturn void die(const char *path, const struct yaml_error *error)
{
    fprintf(stderr, "%s:%u:%u: error: %.*s\n", path, error->line, error->column,
            STR(error->message));
    exit(1);
}

static struct str read_file(struct arena *a, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        die(path, &(struct yaml_error){1, 1, LIT("cannot be opened")});
    struct buf text = {.arena = a};
    char block[1 << 16];
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
        buf_add(&text, (struct str){block, n});
    fclose(in);
    return buf_str(&text);
}

static void add_file(struct arena *a, struct catalog_reader *r, const char *path)
{
    struct yaml_error error;
    const struct yaml_node *file = yaml_read(a, read_file(a, path), &error);
    if (!file || !catalog_reader_add(r, file, &error))
        die(path, &error);
}

int main(int argc, char **argv)
{
    struct boundary out_of_memory = {.why = NULL};
    struct arena *a = arena_new(MEMORY_LIMIT);
    if (!a)
        return 1;
    arena_guard(a, &out_of_memory);
    if (setjmp(out_of_memory.at))
        die("catalog-gen", &(struct yaml_error){1, 1, str_from_c(out_of_memory.why)});
    struct catalog_reader *r = catalog_reader_new(a, NULL);
    for (int i = 1; i < argc; i++)
        add_file(a, r, argv[i]);
    struct yaml_error error;
    size_t file = 0;
    const struct catalog *c = catalog_reader_finish(r, &error, &file);
    if (!c)
        die(argv[file + 1], &error);
    print_catalog(c);
    arena_free(a);
    return 0;
}
