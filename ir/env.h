/* ARG and ENV: what a name stands for at a point of the Dockerfile.
 *
 * An environment is an immutable chain; each binding points to the one before it, so that every
 * instruction can keep its own without a copy. Dockerfile reference: ARG ("Using ARG variables",
 * "Scope"), ENV, "Environment replacement". */
#ifndef IR_ENV_H
#define IR_ENV_H

#include "grammar/base/str.h"
#include "grammar/expand.h"

enum env_kind {
    ENV_SET,      /* ENV: the value is what it says, in the build and in the container */
    ENV_DEFAULT,  /* ARG with a default: --build-arg may override it */
    ENV_ARGUMENT, /* ARG without one: unset unless --build-arg gives it */
    ENV_OPAQUE    /* bound, but its value cannot be told */
};

struct env {
    struct str name, value; /* value: for SET and DEFAULT */
    enum env_kind kind;
    bool of_image;            /* the base image sets it, as the catalog says; no instruction does */
    const struct env *before; /* NULL at the end of the chain */
};

/* What is known of `name`; NULL when the chain does not bind it (the base image still may). A
 * binding very far back is not looked for: it is opaque. */
const struct env *env_find(const struct env *env, struct str name);

/* `env` with the binding `b` in front (b.before is set here). */
const struct env *env_bind(struct arena *a, const struct env *env, struct env b);

/* For expand_word(). A name that is not bound, or bound to something that cannot be told, is
 * unknown; an ARG's default counts as known only when `trust_defaults`. */
struct env_reader {
    const struct env *env;
    bool trust_defaults;
};

struct expand_env env_expander(struct env_reader *reader);

#endif
