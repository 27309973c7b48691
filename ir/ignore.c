#include "ir/ignore.h"

#include "grammar/utf8.h"

/* ---- lines (ignorefile.ReadAll) ---- */

/* Go's path.Clean: no `.`, empty or inner `..` component, no slash at the end; "" is ".". */
static struct str clean(struct arena *a, struct str path)
{
    bool rooted = str_starts(path, LIT("/"));
    struct strs parts = {0};
    while (path.len) {
        size_t slash = str_find(path, '/');
        struct str part = str_slice(path, 0, slash);
        path = str_slice(path, slash + 1, path.len);
        if (!part.len || str_eq(part, LIT(".")))
            continue;
        bool up = str_eq(part, LIT(".."));
        if (up && parts.n && !str_eq(*vec_last(&parts), LIT("..")))
            parts.n--;
        else if (!up || !rooted)
            vec_add(a, &parts, part);
    }
    struct str joined = str_join(a, &parts, LIT("/"));
    if (rooted)
        return str_concat(a, LIT("/"), joined);
    return joined.len ? joined : LIT(".");
}

/* The pattern of a line, `again` apart; empty when there is none. */
static struct str pattern_of(struct arena *a, struct str line, bool *again)
{
    if (str_starts(line, LIT("#")))
        return (struct str){0};
    line = utf8_trim(line);
    *again = str_starts(line, LIT("!"));
    if (*again)
        line = utf8_trim(str_slice(line, 1, line.len));
    if (!line.len)
        return line;
    line = clean(a, line);
    return line.len > 1 && line.at[0] == '/' ? str_slice(line, 1, line.len) : line;
}

/* ---- patterns (Pattern.compile) ---- */

struct scan {
    struct arena *arena;
    struct str text;
    size_t at;
};

static bool at_end(const struct scan *s)
{
    return s->at == s->text.len;
}

static bool next_is(const struct scan *s, char c)
{
    return !at_end(s) && s->text.at[s->at] == c;
}

static uint32_t take(struct scan *s)
{
    struct rune r = utf8_first(str_slice(s->text, s->at, s->text.len));
    s->at += r.len;
    return r.value;
}

/* One end of a range; false when there is none, or it needs no regular expression to mean nothing
 * sure. */
static bool take_class_rune(struct scan *s, uint32_t *rune)
{
    if (at_end(s) || next_is(s, '[') || next_is(s, ']') || next_is(s, '*') || next_is(s, '?') ||
        next_is(s, '-'))
        return false;
    *rune = take(s);
    if (*rune != '\\')
        return true;
    if (at_end(s))
        return false;
    *rune = take(s);
    return !rune_is_letter(*rune) && !rune_is_digit(*rune); /* \d, \w: classes of their own */
}

/* Behind `[`. */
static bool read_class(struct scan *s, struct ignore_token *t)
{
    t->kind = IGNORE_CLASS;
    t->negated = next_is(s, '^');
    s->at += t->negated;
    do {
        struct ignore_range range;
        if (!take_class_rune(s, &range.first))
            return false;
        range.last = range.first;
        if (next_is(s, '-')) {
            s->at++;
            if (!take_class_rune(s, &range.last) || range.last < range.first)
                return false;
        }
        vec_add(s->arena, &t->ranges, range);
    } while (!next_is(s, ']'));
    s->at++;
    return true;
}

/* Behind the first `*`. */
static enum ignore_token_kind read_star(struct scan *s)
{
    if (!next_is(s, '*'))
        return IGNORE_STAR;
    s->at++;
    s->at += next_is(s, '/');
    return at_end(s) ? IGNORE_REST : IGNORE_DEEP;
}

/* False for what BuildKit refuses or what only a regular expression could say: a stray bracket,
 * `^` (an anchor there), an escaped letter (a class there), a backslash at the end. */
static bool read_token(struct scan *s, struct ignore_token *t)
{
    uint32_t rune = take(s);
    *t = (struct ignore_token){.kind = IGNORE_RUNE, .rune = rune};
    if (rune == '[')
        return read_class(s, t);
    if (rune == '*')
        t->kind = read_star(s);
    else if (rune == '?')
        t->kind = IGNORE_ANY;
    else if (rune == '\\' && !at_end(s))
        t->rune = take(s);
    bool escaped = rune == '\\' && t->rune != rune;
    if (escaped && (rune_is_letter(t->rune) || rune_is_digit(t->rune)))
        return false;
    return rune != ']' && rune != '^' && !(rune == '\\' && t->rune == '\\' && at_end(s));
}

static bool is_special(const struct ignore_token *t)
{
    return t->kind != IGNORE_RUNE;
}

/* What is compared without tokens: all literal, `text**` or `**text`. Otherwise a GLOB. */
static void settle(struct ignore_pattern *p, struct str text, size_t n_special)
{
    const struct ignore_tokens *t = &p->tokens;
    bool escapes = str_find(text, '\\') < text.len;
    p->kind = IGNORE_GLOB;
    if (escapes || n_special > 1 || !t->n)
        return;
    if (n_special == 0) {
        p->kind = IGNORE_EXACT;
        p->text = text;
    } else if (t->at[0].kind == IGNORE_DEEP || (t->at[0].kind == IGNORE_REST && t->n == 1)) {
        p->kind = IGNORE_SUFFIX;
        p->text = str_slice(text, 2, text.len);
    } else if (vec_last(t)->kind == IGNORE_REST) {
        p->kind = IGNORE_PREFIX;
        p->text = str_slice(text, 0, text.len - 2);
    }
}

static bool read_pattern(struct arena *a, struct str text, struct ignore_pattern *p)
{
    struct scan s = {.arena = a, .text = text};
    size_t n_special = 0;
    while (!at_end(&s)) {
        struct ignore_token t;
        if (!read_token(&s, &t))
            return false;
        n_special += is_special(&t);
        vec_add(a, &p->tokens, t);
    }
    settle(p, text, n_special);
    vec_add(a, &p->tokens, (struct ignore_token){.kind = IGNORE_END});
    return true;
}

bool ignore_read(struct arena *a, struct str text, struct ignore *out)
{
    if (str_starts(text, LIT("\xEF\xBB\xBF")))
        text = str_slice(text, 3, text.len);
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct ignore_pattern p = {0};
        struct str line = str_slice(text, 0, end);
        text = str_slice(text, end + 1, text.len);
        struct str pattern = pattern_of(a, line, &p.again);
        if (p.again && !pattern.len)
            return false; /* a lone `!` is refused */
        if (!pattern.len)
            continue;
        if (!read_pattern(a, pattern, &p))
            return false;
        out->has_again |= p.again;
        vec_add(a, out, p);
    }
    return true;
}

/* ---- matching ---- */

/* The places in a pattern that a path's beginning may have led to. */
struct places {
    bool *now, *then;
    const struct ignore_tokens *tokens;
};

/* Place `i` is reached; what may stand for nothing is passed by at once. */
static void reach(const struct places *p, bool *set, size_t i)
{
    set[i] = true;
    enum ignore_token_kind kind = p->tokens->at[i].kind;
    while (kind == IGNORE_STAR || kind == IGNORE_REST || kind == IGNORE_DEEP) {
        set[++i] = true;
        kind = p->tokens->at[i].kind;
    }
}

static bool class_has(const struct ignore_token *t, uint32_t rune)
{
    bool found = false;
    for (size_t i = 0; i < t->ranges.n && !found; i++)
        found = t->ranges.at[i].first <= rune && rune <= t->ranges.at[i].last;
    return found != t->negated;
}

/* One rune on, from place `i`. Within `**` the way out is behind a slash alone. */
static void step(const struct places *p, size_t i, uint32_t rune)
{
    const struct ignore_token *t = &p->tokens->at[i];
    switch (t->kind) {
    case IGNORE_RUNE:
        if (t->rune == rune)
            reach(p, p->then, i + 1);
        return;
    case IGNORE_ANY:
        if (rune != '/')
            reach(p, p->then, i + 1);
        return;
    case IGNORE_CLASS:
        if (class_has(t, rune))
            reach(p, p->then, i + 1);
        return;
    case IGNORE_STAR:
        if (rune != '/')
            reach(p, p->then, i);
        return;
    case IGNORE_REST:
        reach(p, p->then, i);
        return;
    case IGNORE_DEEP:
        p->then[i] = true;
        if (rune == '/')
            reach(p, p->then, i + 1);
        return;
    case IGNORE_END:
        return;
    }
}

/* In time of their product, whatever the pattern. */
static bool glob_matches(struct arena *a, const struct ignore_tokens *tokens, struct str path)
{
    size_t n = tokens->n;
    struct places p = {arena_array(a, n, sizeof(bool)), arena_array(a, n, sizeof(bool)), tokens};
    reach(&p, p.now, 0);
    while (path.len) {
        struct rune r = utf8_first(path);
        path = str_slice(path, r.len, path.len);
        memset(p.then, 0, n * sizeof *p.then);
        for (size_t i = 0; i < n; i++)
            if (p.now[i])
                step(&p, i, r.value);
        bool *swap = p.now;
        p.now = p.then;
        p.then = swap;
    }
    return p.now[n - 1];
}

static bool matches(struct arena *a, const struct ignore_pattern *p, struct str path)
{
    switch (p->kind) {
    case IGNORE_EXACT:
        return str_eq(path, p->text);
    case IGNORE_PREFIX:
        return str_starts(path, p->text);
    case IGNORE_SUFFIX:
        return str_ends(path, p->text) ||
               (str_starts(p->text, LIT("/")) && str_eq(path, str_slice(p->text, 1, p->text.len)));
    case IGNORE_GLOB:
        return glob_matches(a, &p->tokens, path);
    }
    return false;
}

/* One component more: `hit` holds which patterns match the directory that it is in. A pattern that
 * could change nothing is not asked, and so not passed on to what is below. */
static bool hides_one(struct arena *a, const struct ignore *ignore, struct str path, bool *hit)
{
    bool hidden = false;
    for (size_t i = 0; i < ignore->n; i++) {
        const struct ignore_pattern *p = &ignore->at[i];
        if (!hit[i])
            hit[i] = p->again == hidden && matches(a, p, path);
        if (hit[i])
            hidden = !p->again;
    }
    return hidden;
}

bool ignore_hides(struct arena *a, const struct ignore *ignore, struct str path)
{
    bool hidden = false;
    bool *hit = arena_array(a, ignore->n, sizeof *hit);
    for (size_t end = 0; ignore->n && end < path.len; end++) {
        end += str_find(str_slice(path, end, path.len), '/');
        hidden = hides_one(a, ignore, str_slice(path, 0, end), hit);
    }
    return hidden;
}
