/* Setup and teardown of a test that allocates from `*state`, an arena of its own. */
#ifndef TESTS_IN_ARENA_H
#define TESTS_IN_ARENA_H

#include "grammar/base/arena.h"

static inline int new_arena(void **state)
{
    *state = arena_new(64 * 1024 * 1024);
    return *state ? 0 : -1;
}

static inline int free_arena(void **state)
{
    arena_free(*state);
    return 0;
}

#endif
