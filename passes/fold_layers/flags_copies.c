/* The COPYs and ADDs that put the command's files where they are. */
#include "ir/context.h"
#include "passes/fold_layers/flags.h"

static bool is_one_file(struct compile *c, const struct copy_source *s)
{
    const struct tree_list *names = catalog_trees(c->catalog, LIT("surely-files"));
    bool named = s->file == YES;
    for (size_t i = 0; s->file == MAYBE && s->name.len && names && i < names->n_paths; i++)
        named = named || str_eq(s->name, names->paths[i]) ||
                (names->paths[i].at[0] == '.' && s->name.len > names->paths[i].len &&
                 str_ends(s->name, names->paths[i]));
    return named;
}

/* Where the source's files are, as near as can be told. */
static bool destination(struct compile *c, const struct copy *copy, struct copy_source source,
                        struct str *path)
{
    if (is_one_file(c, &source))
        source.file = YES;
    return copy_destination(c, copy, &source, path);
}

bool flags_reach(const struct flags_search *s, struct str path)
{
    for (size_t i = 0; i < s->paths.items.n; i++) {
        struct str tree = s->paths.items.at[i];
        if (s->plan->by->recursive ? path_is_in(path, tree) : str_eq(path, tree))
            return true;
    }
    return false;
}

static bool knows_size(struct compile *c, const struct copy_source *source, int64_t *bytes)
{
    struct context_entry entry = context_raw(c, source->path);
    *bytes = (int64_t)entry.size;
    return source->origin == COPY_CONTEXT && entry.kind == CONTEXT_FILE;
}

/* Rule 3 for one COPY: all that it puts somewhere gets the flag. */
static bool reaches_all(struct flags_search *s, struct instr *i, const struct copy *copy)
{
    for (size_t k = 0; k < copy->sources.n; k++) {
        const struct copy_source *source = &copy->sources.at[k];
        struct str path;
        int64_t bytes;
        bool one = is_one_file(s->c, source);
        if (!destination(s->c, copy, *source, &path) || !flags_reach(s, path) ||
            (!s->plan->by->recursive && !one))
            return refuse(s->why, &flags_rules[FLAGS_COPIES_MORE], i);
        if (source->unpacks != NO)
            return refuse(s->why, &flags_rules[FLAGS_OWN_FLAG], i);
        if (source->origin == COPY_FROM && s->plan->by->use == FILES_OWNED && !flags_has_group(s))
            return refuse(s->why, &flags_rules[FLAGS_NO_GROUP], i);
        if (!flags_join_mode(s, source))
            return false;
        s->plan->bytes += knows_size(s->c, source, &bytes) ? bytes : 0;
    }
    return true;
}

static struct set destinations(struct compile *c, const struct copy *copy)
{
    struct set out = {0};
    for (size_t k = 0; k < copy->sources.n; k++) {
        struct str path;
        if (destination(c, copy, copy->sources.at[k], &path))
            set_add(c->arena, &out, path);
        else
            out.unknown = true;
    }
    return out;
}

/* Each of the command's files is what a COPY has put there. */
bool flags_cover(struct flags_search *s)
{
    for (size_t i = 0; i < s->paths.items.n; i++) {
        struct set one = {0};
        bool found = false;
        vec_add(s->c->arena, &one.items, s->paths.items.at[i]);
        for (size_t k = 0; k < s->plan->copies.n; k++) {
            struct copy copy = copy_read(s->c, s->plan->copies.at[k]);
            struct set to = destinations(s->c, &copy);
            found = found || paths_meet(&to, &one) == YES;
        }
        if (!found)
            return false;
    }
    return true;
}

/* This pass's own work. */
static bool has_it_already(const struct flags_search *s, const struct copy *copy)
{
    struct str flag = s->plan->flag;
    struct str value = str_slice(flag, str_find(flag, '=') + 1, flag.len);
    bool owner = s->plan->by->use == FILES_OWNED;
    return !s->plan->by->recursive && (owner ? copy->has_chown : copy->has_chmod) &&
           str_eq(owner ? copy->chown : copy->chmod, value);
}

bool flags_visit_copy(struct flags_search *s, struct instr *i)
{
    struct str linked;
    if (s->found)
        return true;
    struct copy copy = copy_read(s->c, i);
    struct set writes = destinations(s->c, &copy);
    if (paths_meet(&writes, &s->paths) == NO)
        return true;
    if (s->base)
        return refuse(s->why, &flags_rules[FLAGS_BASE_FILES], s->run);
    bool owner = s->plan->by->use == FILES_OWNED;
    if (has_it_already(s, &copy))
        return false;
    if ((owner ? copy.has_chown : copy.has_chmod) || df_flag(i->ast, LIT("link"), &linked))
        return refuse(s->why, &flags_rules[FLAGS_OWN_FLAG], i);
    if (!pragma_allows(i, LIT("fold-layers/copy-flags")))
        return refuse(s->why, &flags_rules[FLAGS_OFF], i);
    if (s->reader)
        return refuse(s->why, &flags_rules[FLAGS_READ_BETWEEN], s->reader);
    if (s->maker && s->plan->names)
        return refuse(s->why, &flags_rules[FLAGS_ACCOUNTS], s->maker);
    if (!reaches_all(s, i, &copy))
        return false;
    vec_add(s->c->arena, &s->plan->copies, i);
    s->found = !s->plan->by->recursive && flags_cover(s);
    return true;
}

/* Some COPY of the stage puts files there: only then there is something to say. */
bool flags_concern_copies(struct flags_search *s)
{
    unsigned steps = 0;
    for (struct instr *i = s->run->prev; i && i->stage == s->run->stage; i = i->prev) {
        if (++steps > LEGALITY_STEPS)
            return false;
        if (i->ast->kind != DF_COPY && i->ast->kind != DF_ADD)
            continue;
        struct copy copy = copy_read(s->c, i);
        struct set to = destinations(s->c, &copy);
        if (paths_meet(&to, &s->paths) == YES)
            return true;
    }
    return false;
}
