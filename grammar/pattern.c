#include "grammar/pattern.h"

#include "grammar/utf8.h"

enum { ANY_ONE = RUNE_LAST + 1, ANY_MANY };

/* Where a value is matched: its runes, and the offset behind each. */
struct subject {
    uint32_t *runes, *ends;
    size_t n;
};

static const size_t NO_MATCH = (size_t)-1;

/* Backwards, escapes still before what they escape; one at the end, which escapes nothing, comes
 * first (reversePattern in lex.go). */
static struct runes reversed(struct arena *a, const struct runes *runes)
{
    size_t n = runes->n;
    struct runes out = {
        .at = arena_array(a, n, sizeof *out.at), .n = (uint32_t)n, .cap = (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        if (runes->at[i] == '\\' && i + 1 < n) {
            out.at[n - 2 - i] = runes->at[i];
            i++;
            out.at[n - i] = runes->at[i];
        } else {
            out.at[n - 1 - i] = runes->at[i];
        }
    }
    return out;
}

static struct runes runes_of(struct arena *a, struct str text)
{
    struct runes runes = {0};
    while (text.len) {
        struct rune rune = utf8_first(text);
        vec_add(a, &runes, rune.value);
        text = str_slice(text, rune.len, text.len);
    }
    return runes;
}

bool pattern_read(struct str text, bool backward, struct pattern *out)
{
    struct runes runes = runes_of(out->arena, text);
    if (backward)
        runes = reversed(out->arena, &runes);
    for (size_t i = 0; i < runes.n; i++) {
        uint32_t item = runes.at[i];
        if (item == '*' || item == '?')
            item = item == '*' ? ANY_MANY : ANY_ONE;
        if (item == '\\') {
            item = i + 1 < runes.n ? runes.at[i + 1] : 0;
            if (item == '}' || item == '/')
                continue; /* the substitution's own escapes */
            if (item != '*' && item != '?' && item != '\\')
                return false;
            i++;
        }
        vec_add(out->arena, &out->items, item);
    }
    return true;
}

static struct subject subject_of(struct arena *a, struct str value)
{
    struct subject s = {.runes = arena_array(a, value.len + 1, sizeof *s.runes),
                        .ends = arena_array(a, value.len + 1, sizeof *s.ends)};
    for (size_t i = 0; i < value.len; s.n++) {
        struct rune rune = utf8_first(str_slice(value, i, value.len));
        i += rune.len;
        s.runes[s.n] = rune.value;
        s.ends[s.n] = (uint32_t)i;
    }
    return s;
}

static void reverse(uint32_t *at, size_t n)
{
    for (size_t i = 0; i + 1 < n - i; i++) {
        uint32_t swap = at[i];
        at[i] = at[n - 1 - i];
        at[n - 1 - i] = swap;
    }
}

/* States behind stars are reached without reading. */
static void close_states(const struct pattern *p, bool *states)
{
    for (size_t i = 0; i < p->items.n; i++)
        if (states[i] && p->items.at[i] == ANY_MANY)
            states[i + 1] = true;
}

/* One step of the automaton whose state i stands before item i. Go's `.` takes no newline. */
static bool step(const struct pattern *p, bool *states, uint32_t rune)
{
    bool alive = false;
    bool wild = rune != '\n';
    states[p->items.n] = false;
    for (size_t i = p->items.n; i-- > 0;) {
        if (!states[i])
            continue;
        uint32_t item = p->items.at[i];
        bool stays = item == ANY_MANY && wild;
        bool moves = item == rune || (item == ANY_ONE && wild);
        states[i] = stays;
        states[i + 1] = states[i + 1] || moves;
        alive = alive || stays || moves;
    }
    close_states(p, states);
    return alive;
}

/* Number of runes from `from` on that match; NO_MATCH when none do. */
static size_t match_at(const struct pattern *p, const struct subject *s, size_t from, bool longest)
{
    bool *states = arena_array(p->arena, p->items.n + 1, sizeof *states);
    states[0] = true;
    close_states(p, states);
    size_t hit = NO_MATCH;
    for (size_t n = 0;; n++) {
        if (states[p->items.n])
            hit = n;
        if ((hit == n && !longest) || from + n >= s->n || !step(p, states, s->runes[from + n]))
            return hit;
    }
}

/* Offset of the byte behind the first `n` runes. */
static size_t offset_of(const struct subject *s, size_t n)
{
    return n ? s->ends[n - 1] : 0;
}

struct str pattern_trim_start(const struct pattern *p, struct str value, bool longest)
{
    struct subject s = subject_of(p->arena, value);
    size_t hit = match_at(p, &s, 0, longest);
    return hit == NO_MATCH ? value : str_slice(value, offset_of(&s, hit), value.len);
}

struct str pattern_trim_end(const struct pattern *p, struct str value, bool longest)
{
    struct subject s = subject_of(p->arena, value);
    reverse(s.runes, s.n);
    size_t hit = match_at(p, &s, 0, longest);
    return hit == NO_MATCH ? value : str_slice(value, 0, offset_of(&s, s.n - hit));
}

struct str pattern_replace(const struct pattern *p, struct str value, struct str by, bool all)
{
    struct subject s = subject_of(p->arena, value);
    struct buf out = {.arena = p->arena};
    size_t copied = 0, match_end = NO_MATCH;
    for (size_t i = 0; i <= s.n;) {
        size_t hit = match_at(p, &s, i, true);
        if (hit == NO_MATCH || (hit == 0 && i == match_end)) {
            i++;
            continue;
        }
        buf_add(&out, str_slice(value, copied, offset_of(&s, i)));
        buf_add(&out, by);
        match_end = i + hit;
        copied = offset_of(&s, match_end);
        i = hit ? match_end : i + 1;
        if (!all)
            break;
    }
    buf_add(&out, str_slice(value, copied, value.len));
    return buf_str(&out);
}
