/* One region of memory a compile.
 *
 * Whatever a compile makes lives in its arena, and one call frees it all. There is no other
 * ownership below the driver. An allocation never returns NULL: past the limit, or when the system
 * has no memory, control jumps to the boundary that the driver has set with arena_guard(). Code
 * between the boundary and the failure holds nothing but arena memory, so the jump loses nothing.
 */
#ifndef GRAMMAR_BASE_ARENA_H
#define GRAMMAR_BASE_ARENA_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

/* Where failures arrive: `if (setjmp(b.at))` is the boundary, `why` says what happened (a static
 * string). */
struct boundary {
    jmp_buf at;
    const char *why;
};

struct arena;

/* A new arena that hands out at most `limit` bytes; NULL when the system has no memory. Free with
 * arena_free(). */
struct arena *arena_new(size_t limit);

/* Frees the arena and all that was allocated from it. NULL is allowed. */
void arena_free(struct arena *a);

/* Forgets all allocations but keeps the memory for the next compile. The boundary is forgotten too.
 */
void arena_reset(struct arena *a);

/* From now on failures jump to `b`, which must outlive the next call of this function or of
 * arena_reset(). Returns the boundary that was set before (NULL if none), so that an inner one can
 * be undone. */
struct boundary *arena_guard(struct arena *a, struct boundary *b);

/* `size` zeroed bytes, aligned for pointers and 64-bit numbers. */
void *arena_alloc(struct arena *a, size_t size);

/* `count` zeroed elements of `size` bytes; the product is checked. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Makes the block at `old` (`old_size` bytes; NULL and 0 for none) hold `new_size` bytes; it may
 * move. The new bytes are zeroed. In place when it is the newest block. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size);

/* The `why` of an arena that is full: its limit is reached. */
extern const char arena_full[];

/* Gives up: jumps to the boundary with `why` (a static string). Aborts when no boundary is set. */
_Noreturn void arena_fail(struct arena *a, const char *why);

/* For tests: the n-th allocation from now fails; 0 switches it off. */
void arena_fail_at(struct arena *a, size_t n);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

/* For what only a mistake of ours can make false. Sanitizer and debug builds abort, so that the
 * stack is seen; a release jumps to the boundary, and the file stays as it was. */
#ifdef DFOPT_DEBUG
#include <stdlib.h>
#define CHECK(a, cond) ((cond) ? (void)(a) : abort())
#else
#define CHECK(a, cond) ((cond) ? (void)(a) : arena_fail((a), "internal error: " #cond))
#endif

#endif
