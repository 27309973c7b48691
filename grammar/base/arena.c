#include "grammar/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

/* Under ASan each block gets a poisoned zone behind it, so that an overrun inside the arena is
 * seen. */
#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(at, n) __asan_poison_memory_region((at), (n))
#define UNPOISON(at, n) __asan_unpoison_memory_region((at), (n))
enum { RED_ZONE = 16 };
#else
#define POISON(at, n) ((void)(at), (void)(n))
#define UNPOISON(at, n) ((void)(at), (void)(n))
enum { RED_ZONE = 0 };
#endif

enum { ALIGN = 8, FIRST_CHUNK = 64 * 1024, LARGEST_CHUNK = 1024 * 1024, KEPT = 1024 * 1024 };

struct chunk {
    struct chunk *next;
    size_t size, used;
    _Alignas(ALIGN) unsigned char bytes[];
};

/* `chunks` are kept over a reset; `now` is the one that is being filled, those after it are empty.
 */
struct arena {
    struct chunk *chunks, *now;
    struct boundary *boundary;
    size_t limit, used, fail_at;
};

const char arena_full[] = "memory limit for one file reached";

struct arena *arena_new(size_t limit)
{
    struct arena *a = calloc(1, sizeof *a);
    if (a)
        a->limit = limit;
    return a;
}

static void release(struct chunk *chunk)
{
    UNPOISON(chunk->bytes, chunk->size);
    free(chunk);
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct chunk *chunk = a->chunks; chunk;) {
        struct chunk *next = chunk->next;
        release(chunk);
        chunk = next;
    }
    free(a);
}

/* Keeps what an ordinary file needs; what one large file took goes back. */
static void drop_surplus(struct chunk **at)
{
    size_t kept = 0;
    while (*at) {
        struct chunk *chunk = *at;
        if (kept + chunk->size <= KEPT) {
            kept += chunk->size;
            at = &chunk->next;
            continue;
        }
        *at = chunk->next;
        release(chunk);
    }
}

void arena_reset(struct arena *a)
{
    drop_surplus(&a->chunks);
    for (struct chunk *chunk = a->chunks; chunk; chunk = chunk->next) {
        UNPOISON(chunk->bytes, chunk->size);
        memset(chunk->bytes, 0, chunk->used);
        POISON(chunk->bytes, chunk->size);
        chunk->used = 0;
    }
    a->now = NULL;
    a->used = 0;
    a->fail_at = 0;
    a->boundary = NULL;
}

struct boundary *arena_guard(struct arena *a, struct boundary *b)
{
    struct boundary *before = a->boundary;
    a->boundary = b;
    return before;
}

_Noreturn void arena_fail(struct arena *a, const char *why)
{
    if (!a->boundary)
        abort();
    a->boundary->why = why;
    longjmp(a->boundary->at, 1);
}

void arena_fail_at(struct arena *a, size_t n)
{
    a->fail_at = n;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

static struct chunk *add_chunk(struct arena *a, size_t need)
{
    size_t size = a->now ? a->now->size * 2 : FIRST_CHUNK;
    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < need)
        size = need;
    struct chunk *chunk = calloc(1, sizeof *chunk + size);
    if (!chunk)
        arena_fail(a, "out of memory");
    chunk->size = size;
    POISON(chunk->bytes, size);
    struct chunk **at = a->now ? &a->now->next : &a->chunks;
    chunk->next = *at;
    *at = chunk;
    return chunk;
}

static bool has_room(const struct chunk *chunk, size_t need)
{
    return chunk && chunk->size - chunk->used >= need;
}

/* A block that fits neither here nor in the next chunk gets one of its own between them: nothing is
 * skipped. */
static struct chunk *room_for(struct arena *a, size_t need)
{
    struct chunk *next = a->now ? a->now->next : a->chunks;
    if (has_room(a->now, need))
        return a->now;
    a->now = has_room(next, need) ? next : add_chunk(a, need);
    return a->now;
}

static size_t rounded(struct arena *a, size_t size)
{
    if (size > a->limit)
        arena_fail(a, arena_full);
    return (size + RED_ZONE + ALIGN - 1) / ALIGN * ALIGN;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t need = rounded(a, size);
    if (need > a->limit - a->used)
        arena_fail(a, arena_full);
    if (a->fail_at && --a->fail_at == 0)
        arena_fail(a, "out of memory");
    struct chunk *chunk = room_for(a, need);
    void *block = chunk->bytes + chunk->used;
    chunk->used += need;
    a->used += need;
    UNPOISON(block, size);
    return block;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        arena_fail(a, arena_full);
    return arena_alloc(a, count * size);
}

static bool grow_in_place(struct arena *a, void *old, size_t old_size, size_t new_size)
{
    struct chunk *chunk = a->now;
    size_t had = rounded(a, old_size), need = rounded(a, new_size);
    if (!chunk || chunk->used < had || (unsigned char *)old != chunk->bytes + chunk->used - had)
        return false;
    if (need - had > chunk->size - chunk->used || need - had > a->limit - a->used)
        return false;
    chunk->used += need - had;
    a->used += need - had;
    UNPOISON(old, new_size);
    return true;
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size)
{
    if (old && new_size <= old_size)
        return old;
    if (old && grow_in_place(a, old, old_size, new_size))
        return old;
    void *block = arena_alloc(a, new_size);
    if (old_size)
        memcpy(block, old, old_size);
    return block;
}
