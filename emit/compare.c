#include "emit/compare.h"

#include "grammar/base/map.h"

/* After so many steps of one search the furthest point is taken for the middle. */
enum { SEARCH_LIMIT = 512 };

/* Numbers stand for lines: equal lines have equal numbers. A diagonal k is all points with
 * x - y == k; the arrays of the searches are indexed by it and point into the middle of their
 * memory. */
struct search {
    const uint32_t *before, *after;
    struct comparison marks;
    int32_t *forward, *backward; /* furthest x on each diagonal */
};

/* Lines [x0, x1) of the first text against [y0, y1) of the second. */
struct box {
    int32_t x0, x1, y0, y1;
};

struct point {
    int32_t x, y;
};

/* The diagonals that a search has reached. */
struct reach {
    int32_t low, high;
};

static struct reach widen(struct reach r, const struct box *b, int32_t *furthest, int32_t never)
{
    if (r.low > b->x0 - b->y1)
        furthest[--r.low - 1] = never;
    else
        r.low++;
    if (r.high < b->x1 - b->y0)
        furthest[++r.high + 1] = never;
    else
        r.high--;
    return r;
}

/* One more edit from the top left. True when the other search, at `other`, is met. */
static bool step_forward(struct search *s, const struct box *b, struct reach mine,
                         const struct reach *other, struct point *met)
{
    int32_t *f = s->forward;
    for (int32_t k = mine.high; k >= mine.low; k -= 2) {
        int32_t x = f[k - 1] >= f[k + 1] ? f[k - 1] + 1 : f[k + 1];
        while (x < b->x1 && x - k < b->y1 && s->before[x] == s->after[x - k])
            x++;
        f[k] = x;
        if (other && other->low <= k && k <= other->high && s->backward[k] <= x) {
            *met = (struct point){x, x - k};
            return true;
        }
    }
    return false;
}

/* The same from the bottom right. */
static bool step_backward(struct search *s, const struct box *b, struct reach mine,
                          const struct reach *other, struct point *met)
{
    int32_t *f = s->backward;
    for (int32_t k = mine.high; k >= mine.low; k -= 2) {
        int32_t x = f[k - 1] < f[k + 1] ? f[k - 1] : f[k + 1] - 1;
        while (x > b->x0 && x - k > b->y0 && s->before[x - 1] == s->after[x - k - 1])
            x--;
        f[k] = x;
        if (other && other->low <= k && k <= other->high && x <= s->forward[k]) {
            *met = (struct point){x, x - k};
            return true;
        }
    }
    return false;
}

/* The point inside the box that lies furthest from the top left. */
static struct point furthest(const struct search *s, const struct box *b, struct reach reach)
{
    struct point best = {b->x0, b->y0};
    for (int32_t k = reach.high; k >= reach.low; k -= 2) {
        int32_t x = s->forward[k] < b->x1 ? s->forward[k] : b->x1;
        if (x - k > b->y1)
            x = b->y1 + k;
        if (x >= b->x0 && x - k >= b->y0 && x + (x - k) > best.x + best.y)
            best = (struct point){x, x - k};
    }
    return best;
}

/* A point that an edit script goes through; never a corner of a box that differs. */
static struct point middle(struct search *s, const struct box *b)
{
    struct reach top = {b->x0 - b->y0, b->x0 - b->y0};
    struct reach bottom = {b->x1 - b->y1, b->x1 - b->y1};
    bool odd = ((top.low - bottom.low) & 1) != 0;
    s->forward[top.low] = b->x0;
    s->backward[bottom.low] = b->x1;
    struct point met;
    for (int steps = 0; steps < SEARCH_LIMIT; steps++) {
        top = widen(top, b, s->forward, -1);
        if (step_forward(s, b, top, odd ? &bottom : NULL, &met))
            return met;
        bottom = widen(bottom, b, s->backward, INT32_MAX);
        if (step_backward(s, b, bottom, odd ? NULL : &top, &met))
            return met;
    }
    return furthest(s, b, top);
}

static void shrink(const struct search *s, struct box *b)
{
    while (b->x0 < b->x1 && b->y0 < b->y1 && s->before[b->x0] == s->after[b->y0])
        b->x0++, b->y0++;
    while (b->x0 < b->x1 && b->y0 < b->y1 && s->before[b->x1 - 1] == s->after[b->y1 - 1])
        b->x1--, b->y1--;
}

/* Recurses into the part before the middle and goes on with the part behind it. */
static void mark(struct search *s, struct box b)
{
    for (;;) {
        shrink(s, &b);
        if (b.x0 == b.x1 || b.y0 == b.y1)
            break;
        struct point at = middle(s, &b);
        mark(s, (struct box){b.x0, at.x, b.y0, at.y});
        b.x0 = at.x;
        b.y0 = at.y;
    }
    for (int32_t x = b.x0; x < b.x1; x++)
        s->marks.removed[x] = true;
    for (int32_t y = b.y0; y < b.y1; y++)
        s->marks.added[y] = true;
}

static uint32_t *number_lines(struct map *seen, uint32_t *next, const struct strs *lines)
{
    uint32_t *numbers = arena_array(seen->arena, lines->n + 1, sizeof *numbers);
    for (size_t i = 0; i < lines->n; i++) {
        uint32_t *number = map_get(seen, lines->at[i]);
        if (!number) {
            number = arena_alloc(seen->arena, sizeof *number);
            *number = (*next)++;
            map_put(seen, lines->at[i], number);
        }
        numbers[i] = *number;
    }
    return numbers;
}

struct comparison compare_lines(struct arena *a, const struct strs *before,
                                const struct strs *after)
{
    struct map seen = {.arena = a};
    uint32_t next = 0;
    size_t diagonals = before->n + after->n + 3;
    struct search s = {
        .before = number_lines(&seen, &next, before),
        .after = number_lines(&seen, &next, after),
        .marks = {arena_array(a, before->n + 1, sizeof(bool)),
                  arena_array(a, after->n + 1, sizeof(bool))},
    };
    s.forward = (int32_t *)arena_array(a, diagonals, sizeof(int32_t)) + after->n + 1;
    s.backward = (int32_t *)arena_array(a, diagonals, sizeof(int32_t)) + after->n + 1;
    mark(&s, (struct box){0, (int32_t)before->n, 0, (int32_t)after->n});
    return s.marks;
}
