#include "ir/env.h"

/* Real files have some dozens of bindings. Beyond this many a look-up gives up, so that a file of
 * ENVs alone is read in time linear in its size. */
enum { MOST_STEPS = 400 };

const struct env *env_find(const struct env *env, struct str name)
{
    static const struct env too_far = {.kind = ENV_OPAQUE};
    for (unsigned steps = 0; env; env = env->before) {
        if (str_eq(env->name, name))
            return env;
        if (++steps == MOST_STEPS)
            return &too_far;
    }
    return NULL;
}

const struct env *env_bind(struct arena *a, const struct env *env, struct env b)
{
    struct env *bound = arena_alloc(a, sizeof *bound);
    *bound = b;
    bound->before = env;
    return bound;
}

static enum expand_value read_env(void *self, struct str name, struct str *value)
{
    const struct env_reader *reader = self;
    const struct env *bound = env_find(reader->env, name);
    bool known =
        bound && (bound->kind == ENV_SET || (bound->kind == ENV_DEFAULT && reader->trust_defaults));
    if (!known)
        return EXPAND_UNKNOWN;
    *value = bound->value;
    return EXPAND_KNOWN;
}

struct expand_env env_expander(struct env_reader *reader)
{
    return (struct expand_env){.get = read_env, .self = reader};
}
