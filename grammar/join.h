/* Joined text, and the way back to the bytes it came from.
 *
 * BuildKit hands an instruction on as one logical line: continuations and the comment and blank
 * lines inside them are taken out. A shell text is put together the same way from the joined line
 * and its here-documents. Each piece says where in the instruction's own bytes a stretch of the
 * joined text came from; bytes between pieces (continuations, comment lines) belong to no joined
 * text. */
#ifndef GRAMMAR_JOIN_H
#define GRAMMAR_JOIN_H

#include "grammar/base/str.h"

struct piece {
    uint32_t joined; /* offset in the joined text */
    uint32_t bytes;  /* offset in the instruction's bytes */
    uint32_t len;
};

struct pieces VEC_OF(struct piece);

struct joined {
    struct str text;
    struct pieces pieces; /* ascending in both offsets; together they are `text`, each byte once */
};

/* Where byte `at` of the joined text came from. `at` == text.len gives the end of the last piece.
 */
uint32_t join_offset(const struct joined *j, uint32_t at);

/* The smallest stretch of the instruction's bytes that holds all of `s` (offsets in the joined
 * text). An empty span gives an empty one. The result may hold continuations and comment lines that
 * lie between pieces. */
struct span join_span(const struct joined *j, struct span s);

/* True when the bytes of `s` lie in one piece: nothing that is not part of the text stands between
 * them. */
bool join_is_whole(const struct joined *j, struct span s);

/* Part [s.start, s.end) of `j` as a joined text of its own (slices borrowed, pieces in the arena).
 */
struct joined join_part(struct arena *a, const struct joined *j, struct span s);

#endif
