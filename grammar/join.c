#include "grammar/join.h"

/* Index of the last piece that starts at or before `at`; 0 when there is none. */
static size_t piece_at(const struct pieces *pieces, uint32_t at)
{
    size_t low = 0, high = pieces->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (pieces->at[middle].joined <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint32_t join_offset(const struct joined *j, uint32_t at)
{
    if (!j->pieces.n)
        return 0;
    const struct piece *p = &j->pieces.at[piece_at(&j->pieces, at)];
    uint32_t within = at - p->joined;
    return p->bytes + (within < p->len ? within : p->len);
}

struct span join_span(const struct joined *j, struct span s)
{
    uint32_t start = join_offset(j, s.start);
    if (s.end <= s.start)
        return (struct span){start, start};
    return (struct span){start, join_offset(j, s.end - 1) + 1};
}

bool join_is_whole(const struct joined *j, struct span s)
{
    if (!j->pieces.n || s.end <= s.start)
        return true;
    return piece_at(&j->pieces, s.start) == piece_at(&j->pieces, s.end - 1);
}

struct joined join_part(struct arena *a, const struct joined *j, struct span s)
{
    struct joined part = {.text = str_span(j->text, s)};
    for (size_t i = piece_at(&j->pieces, s.start); i < j->pieces.n; i++) {
        struct piece p = j->pieces.at[i];
        if (p.joined >= s.end)
            break;
        uint32_t from = p.joined > s.start ? p.joined : s.start;
        uint32_t end = p.joined + p.len < s.end ? p.joined + p.len : s.end;
        if (from >= end)
            continue;
        struct piece cut = {from - s.start, p.bytes + (from - p.joined), end - from};
        vec_add(a, &part.pieces, cut);
    }
    return part;
}
