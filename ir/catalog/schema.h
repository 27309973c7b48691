/* The catalog's schema: which keys a row has and where each goes in its struct.
 *
 * One table of fields a struct serves the reader (YAML → structs) and the generator (structs → C).
 * A new kind of row is a struct in catalog.h, its fields here, and a line in the list of tables. */
#ifndef IR_CATALOG_SCHEMA_H
#define IR_CATALOG_SCHEMA_H

#include "ir/catalog/alpine.h"
#include "ir/catalog/catalog.h"
#include "ir/catalog/images.h"
#include "ir/catalog/packages.h"

enum field_kind {
    FIELD_TEXT,   /* struct str */
    FIELD_TEXTS,  /* const struct str *, and a count; one scalar is a list of one */
    FIELD_PATHS,  /* as TEXTS; `@name` refers to a tree list */
    FIELD_BOOL,   /* bool */
    FIELD_NUMBER, /* uint32_t */
    FIELD_CHOICE, /* an enum: one of `words` */
    FIELD_FLAGS,  /* uint64_t: bits, numbered by some of `words` */
    FIELD_ROWS    /* const struct x *, and a count */
};

/* A word of a closed set, as the C name after its prefix (LEAVES_CACHE is `leaves-cache`). */
struct word_value {
    const char *name;
    uint32_t value;
};

struct schema;

struct field {
    const char *key;    /* in YAML */
    const char *member; /* in C */
    enum field_kind kind;
    bool required;
    size_t at, count_at; /* offsets of the member and of its count */
    const char *count_member;
    const struct word_value *words; /* CHOICE, FLAGS; ends with a NULL name */
    const struct schema *rows;      /* ROWS */
    int refers_to;                  /* TEXT: the table that must have a row of this name; or -1 */
};

struct schema {
    const char *type; /* "struct manager" */
    size_t size;
    const struct field *fields;
    size_t n_fields;
};

/* The tables, in the order of catalog_tables[]. */
enum table_id {
    TABLE_MANAGERS,
    TABLE_COMMANDS,
    TABLE_TREES,
    TABLE_SOURCES,
    TABLE_DEVELOPMENT,
    TABLE_TOOLCHAINS,
    TABLE_RUNTIMES,
    TABLE_PACKAGES,
    TABLE_VIRTUALS,
    TABLE_HEADERS,
    TABLE_ROLES,
    TABLE_ALPINE,
    TABLE_PROVIDERS,
    TABLE_RECOMMENDED,
    TABLE_MODULES,
    TABLE_SUITES,
    TABLE_IMAGES,
    TABLE_TAGS,
    TABLE_LEFTOVERS,
    TABLE_DEPENDENCIES,
    TABLE_PROGRAMS,
    TABLE_HELPERS,
    TABLE_STARTERS,
    TABLE_LINKERS,
    TABLE_LINKAGES,
    TABLE_RELEASES,
    TABLE_IMAGE_COMMANDS,
    TABLE_INSTALLS,
    TABLE_ALPINE_IMAGES,
    TABLE_BUSYBOX,
    TABLE_PORTS,
    TABLE_INTERPRETERS,
    TABLE_MUSL,
    TABLE_COUNT
};

struct table_schema {
    const char *key;   /* in YAML, at the top of a file */
    const char *names; /* the field that holds the name or names of a row */
    const struct schema *schema;
};

extern const struct table_schema catalog_tables[TABLE_COUNT];

/* `words` entry whose YAML spelling is `text`; NULL when there is none. */
const struct word_value *schema_word(const struct word_value *words, struct str text);

/* The field of a row with this key; NULL when there is none. */
const struct field *schema_field(const struct schema *s, struct str key);

/* ---- what a catalog is made of ---- */

struct catalog_entry {
    struct str name;
    const void *row;
};

/* Rows in the order of their first reading; `index` is sorted by name, one entry a name. */
struct catalog_table {
    const void *rows;
    size_t n_rows;
    const struct catalog_entry *index;
    size_t n_index;
};

struct catalog {
    struct catalog_table tables[TABLE_COUNT];
    const struct catalog *behind; /* looked up next; NULL for none */
};

/* The row of this name, a user's own first; NULL when there is none. */
const void *catalog_find(const struct catalog *c, enum table_id id, struct str name);

#endif
