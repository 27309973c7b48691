/* A growable array in an arena.
 *
 *     struct words VEC_OF(struct word);       declares the type
 *     vec_add(arena, &words, word);           appends; the array may move
 *     for (size_t i = 0; i < words.n; i++)    words.at[i]
 *
 * A zero-initialized array is empty. Nothing is freed: the arena owns the elements. */
#ifndef GRAMMAR_BASE_VEC_H
#define GRAMMAR_BASE_VEC_H

#include "grammar/base/arena.h"

#include <stddef.h>
#include <stdint.h>

#define VEC_OF(T)                                                                                  \
    {                                                                                              \
        T *at;                                                                                     \
        uint32_t n, cap;                                                                           \
    }

/* `element` must not use the array itself: it is read after the array may have moved. */
#define vec_add(arena, vec, element)                                                               \
    ((vec)->at = vec_room((arena), (vec)->at, (vec)->n, &(vec)->cap, sizeof *(vec)->at),           \
     (vec)->at[(vec)->n++] = (element))

#define vec_last(vec) (&(vec)->at[(vec)->n - 1])

/* Room for one element more than `n`; used by vec_add() alone. */
static inline void *vec_room(struct arena *a, void *at, size_t n, uint32_t *cap, size_t size)
{
    if (n < *cap)
        return at;
    if (*cap > UINT32_MAX / 2)
        arena_fail(a, arena_full);
    uint32_t more = *cap ? *cap * 2 : 1; /* most lists of an AST hold one */
    at = arena_grow(a, at, (size_t)*cap * size, (size_t)more * size);
    *cap = more;
    return at;
}

#endif
