/* The catalog's reader: YAML trees → rows.
 *
 * Used by the generator for the shipped files and at run time for a user's additions. An unknown
 * key, a duplicate, a value of the wrong kind, a dangling name, a row without source and date is an
 * error with its line. */
#ifndef IR_CATALOG_READ_H
#define IR_CATALOG_READ_H

#include "ir/catalog/schema.h"
#include "ir/catalog/yaml.h"

struct catalog_reader;

/* A reader that adds to what `behind` knows (NULL for nothing): its rows may be referred to. */
struct catalog_reader *catalog_reader_new(struct arena *a, const struct catalog *behind);

/* Adds the rows of one file. False when it is refused: then `error` says where and why. */
bool catalog_reader_add(struct catalog_reader *r, const struct yaml_node *file,
                        struct yaml_error *error);

/* All that was added, sorted. NULL when a name refers to nothing: then `error` says where, and
 * *file counts which of the added files it is in (from 0; `file` may be NULL). */
const struct catalog *catalog_reader_finish(struct catalog_reader *r, struct yaml_error *error,
                                            size_t *file);

#endif
