/* What is removed again before the build ends: COPY --from would not find it. */
#include "ir/path.h"
#include "passes/split_stage/split.h"

static struct str first_name(struct str *path)
{
    *path = str_slice(*path, 1, path->len); /* its slash */
    size_t end = str_find(*path, '/');
    struct str name = str_slice(*path, 0, end);
    *path = str_slice(*path, end, path->len);
    return name;
}

/* `removed`, which may be a pattern, is the path or a directory above it. */
static enum tri covers(struct str removed, struct str path)
{
    enum tri answer = YES;
    if (str_starts(removed, LIT("~/")) && !path_has_glob(removed)) /* of some home: by its name */
        return str_search(path, str_slice(removed, 1, removed.len)) < path.len ? MAYBE : NO;
    if (!str_starts(removed, LIT("/")))
        return MAYBE;
    while (removed.len > 1) {
        struct str pattern = first_name(&removed);
        if (!path.len)
            return NO;
        struct str name = first_name(&path);
        if (str_eq(pattern, name))
            continue;
        bool all = str_eq(pattern, LIT("*")) && name.at[0] != '.';
        if (!all && !str_matches(pattern, name) && str_find(pattern, '[') == pattern.len)
            return NO;
        answer = all && answer == YES ? YES : MAYBE;
    }
    return answer;
}

static bool writes_below(const struct split_step *s, struct str path)
{
    struct set one = {.items = {&path, 1, 1}};
    struct set written = {.items = s->step->effects.writes.items};
    struct str dir = s->step->runs.n ? vec_last(&s->step->runs)->workdir : LIT("");
    return (s->role == STEP_BUILD && split_is_below(dir, path)) || paths_meet(&written, &one) != NO;
}

/* After the step; `before` is what was so then. Package managers remove files of packages alone. */
static enum tri after_step(const struct split_step *s, struct str path, enum tri before)
{
    const struct strs *removed = &s->step->effects.deletes.items;
    enum tri now = before;
    for (size_t i = 0; s->role == STEP_FILES && i < removed->n; i++) {
        enum tri one = covers(removed->at[i], path);
        if (one == YES)
            return s->step->simple ? YES : MAYBE;
        if (one == MAYBE)
            now = MAYBE;
    }
    return writes_below(s, path) ? NO : now;
}

enum tri split_is_removed(struct compile *c, const struct split_plan *p, struct str path)
{
    enum tri removed = NO;
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++)
            removed = after_step(&in->steps.at[k], path, removed);
        if (legality_copy_brings(c, in->i, path))
            removed = NO;
    }
    return removed;
}

bool split_drop_removed(struct compile *c, struct split_plan *p, struct why *why)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < p->carries.n; i++) {
        const struct carry *what = &p->carries.at[i];
        enum tri removed = split_is_removed(c, p, what->path);
        if (removed == MAYBE)
            return split_refuse(why, SPLIT_REMOVED, what->by, what->path);
        if (removed == NO)
            p->carries.at[kept++] = *what;
    }
    p->carries.n = kept;
    return true;
}
