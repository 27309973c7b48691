/* What branches and subshells do to the state of a walk. */
#include "ir/command_walk.h"

/* ---- branches, and functions that end early ---- */

static struct set copy_set(struct arena *a, const struct set *s)
{
    struct set copy = {.unknown = s->unknown};
    set_merge(a, &copy, s);
    return copy;
}

/* Sets are changed in place; a branch needs its own. */
struct track command_copy_track(struct arena *a, const struct track *t)
{
    return (struct track){.lists = copy_set(a, &t->lists),
                          .caches = copy_set(a, &t->caches),
                          .fetched = copy_set(a, &t->fetched),
                          .drops_lists = copy_set(a, &t->drops_lists),
                          .drops_caches = copy_set(a, &t->drops_caches),
                          .env = t->env,
                          .cwd = t->cwd};
}

static void keep_common(struct set *to, const struct set *other)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < to->items.n; i++)
        if (strs_have(&other->items, to->items.at[i]))
            to->items.at[kept++] = to->items.at[i];
    to->items.n = kept;
    to->unknown |= other->unknown;
}

static bool is_bound_in(const struct env *env, const struct env *end, struct str name)
{
    for (; env && env != end; env = env->before)
        if (str_eq(env->name, name))
            return true;
    return false;
}

/* Where two chains have grown from `base`, the names that either has bound can no longer be told.
 */
static const struct env *forget_new(struct arena *a, const struct env *to, const struct env *from,
                                    const struct env *base)
{
    for (const struct env *e = from; e && e != base; e = e->before)
        if (!is_bound_in(from, e, e->name))
            to = env_bind(a, to, (struct env){.name = e->name, .kind = ENV_OPAQUE});
    return to;
}

static bool chain_has(const struct env *env, const struct env *link)
{
    for (; env; env = env->before)
        if (env == link)
            return true;
    return link == NULL;
}

/* The environment after one way or the other, both of which started at `base`. A way that has
 * forgotten everything leaves nothing known. */
const struct env *command_merge_env(struct arena *a, const struct env *one, const struct env *other,
                                    const struct env *base)
{
    if (one == other)
        return one;
    if (!chain_has(one, base) || !chain_has(other, base))
        return NULL;
    const struct env *merged = forget_new(a, base, one, base);
    return forget_new(a, merged, other, base);
}

/* After a branch: what either way leaves is left; what only one way is sure of is not sure. */
struct track command_merge_tracks(struct walk *w, const struct track *one,
                                  const struct track *other, const struct env *base)
{
    struct arena *a = w->c->arena;
    struct track merged = command_copy_track(a, one);
    set_merge(a, &merged.lists, &other->lists);
    set_merge(a, &merged.caches, &other->caches);
    keep_common(&merged.fetched, &other->fetched);
    keep_common(&merged.drops_lists, &other->drops_lists);
    keep_common(&merged.drops_caches, &other->drops_caches);
    merged.env = command_merge_env(a, one->env, other->env, base);
    if (!str_eq(one->cwd, other->cwd))
        merged.cwd = LIT("");
    return merged;
}

void command_return(struct walk *w)
{
    struct call *call = w->call;
    if (!call) {
        w->out.flags |= FX_EXIT | FX_RETURN;
        return;
    }
    call->end = call->returns ? command_merge_tracks(w, &call->end, &w->now, call->base)
                              : command_copy_track(w->c->arena, &w->now);
    call->returns = true;
}

void command_end_call(struct walk *w, const struct call *call)
{
    if (call->returns)
        w->now = command_merge_tracks(w, &w->now, &call->end, call->base);
}

/* Bits that a subshell keeps to itself. */
static const unsigned contained = FX_CD | FX_STATE | FX_EXIT | FX_ERREXIT | FX_OPTIONS | FX_NOGLOB |
                                  FX_ALIAS | FX_FUNCTION | FX_PATH | FX_ERREXIT_ON | FX_TRACES;

/* ---- subshells ---- */

struct shell_state command_enter_subshell(struct walk *w)
{
    struct shell_state s = {w->now.env, w->now.cwd, w->home, w->out.flags, w->functions.n};
    w->out.flags = 0;
    return s;
}

void command_leave_subshell(struct walk *w, const struct shell_state *s)
{
    w->now.env = s->env;
    w->now.cwd = s->cwd;
    w->home = s->home;
    w->functions.n = s->n_functions;
    if (w->out.flags & FX_ERREXIT)
        w->out.flags |= FX_ERREXIT_INSIDE;
    w->out.flags = s->flags | (w->out.flags & ~contained);
}

void command_walk_in_subshell(struct walk *w, const struct sh_list *list)
{
    struct shell_state outer = command_enter_subshell(w);
    command_walk_list(w, list);
    bool has_text = effects_any(&w->out, FX_TEXT) && effects_any(&w->out, FX_ERREXIT_ON);
    if (sh_is_plain(list) && !has_text)
        w->out.flags &= ~(unsigned)FX_ERREXIT; /* it makes no difference */
    command_leave_subshell(w, &outer);
}
