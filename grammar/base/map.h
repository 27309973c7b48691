/* A map from slices to pointers, in an arena. The only module that knows uthash. */
#ifndef GRAMMAR_BASE_MAP_H
#define GRAMMAR_BASE_MAP_H

#include "grammar/base/str.h"

struct map_entry;

/* Zero-initialize, set `arena`. Keys are borrowed, not copied. */
struct map {
    struct arena *arena;
    struct map_entry *entries;
};

/* The value stored under `key`, or NULL. */
void *map_get(const struct map *m, struct str key);

/* Stores `value` (not NULL) under `key`; replaces what was there. */
void map_put(struct map *m, struct str key, void *value);

/* Walks a map in the order in which its keys were added: zero-initialize, then `while (map_next(m,
 * &cursor))`. */
struct map_cursor {
    struct str key;
    void *value;
    struct map_entry *at;
};

bool map_next(const struct map *m, struct map_cursor *cursor);

#endif
