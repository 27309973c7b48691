#include "ir/effects.h"

enum tri set_has(const struct set *s, struct str item)
{
    if (strs_have(&s->items, item))
        return YES;
    return s->unknown ? MAYBE : NO;
}

bool set_is_empty(const struct set *s)
{
    return s->items.n == 0 && !s->unknown;
}

enum tri set_meets(const struct set *a, const struct set *b)
{
    if (set_is_empty(a) || set_is_empty(b))
        return NO;
    for (size_t i = 0; i < a->items.n; i++)
        if (strs_have(&b->items, a->items.at[i]))
            return YES;
    return a->unknown || b->unknown ? MAYBE : NO;
}

/* A backslash escapes a glob's character: such items are rare, and MAYBE is right for them too. */
static bool is_glob(char c)
{
    return c == '*' || c == '?' || c == '[' || c == '\\';
}

/* Where the component ends that starts at `from`. */
static size_t component_end(struct str path, size_t from)
{
    size_t end = from;
    while (end < path.len && path.at[end] != '/')
        end++;
    return end;
}

/* Two components: YES when they are the same, NO when nothing can match both. What follows the
 * first glob character is not compared: it may stand for anything. */
static enum tri components_meet(struct str a, struct str b)
{
    for (size_t i = 0; i < a.len || i < b.len; i++) {
        char in_a = i < a.len ? a.at[i] : '\0', in_b = i < b.len ? b.at[i] : '\0';
        if (is_glob(in_a) || is_glob(in_b))
            return MAYBE;
        if (in_a != in_b)
            return NO;
    }
    return YES;
}

/* Component by component from the root; a path holds those below it. A glob ends the comparison:
 * one that stands for an unknown value may span components. */
static enum tri path_meets(struct str a, struct str b)
{
    if (!str_starts(a, LIT("/")) || !str_starts(b, LIT("/")))
        return MAYBE;
    size_t at_a = 1, at_b = 1;
    while (at_a < a.len && at_b < b.len) {
        size_t end_a = component_end(a, at_a), end_b = component_end(b, at_b);
        enum tri same = components_meet(str_slice(a, at_a, end_a), str_slice(b, at_b, end_b));
        if (same != YES)
            return same;
        at_a = end_a + 1;
        at_b = end_b + 1;
    }
    return YES;
}

static enum tri path_meets_set(struct str path, const struct set *s)
{
    enum tri answer = NO;
    for (size_t i = 0; i < s->items.n; i++) {
        enum tri meets = path_meets(path, s->items.at[i]);
        if (meets == YES)
            return YES;
        if (meets == MAYBE)
            answer = MAYBE;
    }
    return answer;
}

enum tri paths_meet(const struct set *a, const struct set *b)
{
    if (set_is_empty(a) || set_is_empty(b))
        return NO;
    enum tri answer = a->unknown || b->unknown ? MAYBE : NO;
    for (size_t i = 0; i < a->items.n; i++) {
        enum tri meets = path_meets_set(a->items.at[i], b);
        if (meets == YES)
            return YES;
        if (meets == MAYBE)
            answer = MAYBE;
    }
    return answer;
}

void set_add(struct arena *a, struct set *s, struct str item)
{
    if (!strs_have(&s->items, item))
        vec_add(a, &s->items, item);
}

void set_remove(struct set *s, struct str item)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < s->items.n; i++)
        if (!str_eq(s->items.at[i], item))
            s->items.at[kept++] = s->items.at[i];
    s->items.n = kept;
}

void set_merge(struct arena *a, struct set *to, const struct set *from)
{
    for (size_t i = 0; i < from->items.n; i++)
        set_add(a, to, from->items.at[i]);
    to->unknown |= from->unknown;
}

/* Where each set lies, so that what holds for all is said once. What the shell remembers is not
 * among them: a program cannot make its shell forget. */
static const size_t sets[] = {
    offsetof(struct effects, reads),       offsetof(struct effects, writes),
    offsetof(struct effects, deletes),     offsetof(struct effects, installs),
    offsetof(struct effects, removes),     offsetof(struct effects, lists),
    offsetof(struct effects, caches),      offsetof(struct effects, needs_lists),
    offsetof(struct effects, drops_lists), offsetof(struct effects, drops_caches),
    offsetof(struct effects, commands),
};

static struct set *set_at(struct effects *e, size_t i)
{
    return (struct set *)(void *)((char *)e + sets[i]);
}

void effects_forget(struct effects *e)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        set_at(e, i)->unknown = true;
}

void effects_settle(struct effects *e)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        set_at(e, i)->unknown = false;
    e->wants.unknown = e->away.unknown = e->scripts.unknown = false;
    e->remembered.unknown = e->replaced.unknown = e->own_versions.unknown = false;
    e->scripts.items.n = 0;
    e->hides_uses = false;
    e->flags &= ~(unsigned)FX_HIDDEN;
}

struct effects effects_anything(void)
{
    struct effects e = {.hides_uses = true, .flags = (FX_NOGLOB << 1) - 1};
    effects_forget(&e);
    e.remembered.unknown = e.replaced.unknown = e.own_versions.unknown = true;
    return e;
}
