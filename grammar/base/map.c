#include "grammar/base/map.h"

/* uthash reports a failed allocation by exit(); the arena never returns NULL, and jumps to the
 * boundary instead. */
#define uthash_malloc(size) arena_alloc(m->arena, (size))
#define uthash_free(at, size) ((void)(at), (void)(size))
#define uthash_fatal(why) arena_fail(m->arena, (why))
#include <uthash.h>

struct map_entry {
    struct str key;
    void *value;
    UT_hash_handle hh;
};

void *map_get(const struct map *m, struct str key)
{
    struct map_entry *entry = NULL;
    HASH_FIND(hh, m->entries, key.at, key.len, entry);
    return entry ? entry->value : NULL;
}

void map_put(struct map *m, struct str key, void *value)
{
    struct map_entry *entry = NULL;
    HASH_FIND(hh, m->entries, key.at, key.len, entry);
    if (!entry) {
        entry = arena_alloc(m->arena, sizeof *entry);
        entry->key = key;
        HASH_ADD_KEYPTR(hh, m->entries, entry->key.at, entry->key.len, entry);
    }
    entry->value = value;
}

bool map_next(const struct map *m, struct map_cursor *cursor)
{
    cursor->at = cursor->at ? cursor->at->hh.next : m->entries;
    if (!cursor->at)
        return false;
    cursor->key = cursor->at->key;
    cursor->value = cursor->at->value;
    return true;
}
