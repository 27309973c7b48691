/* The image config that a stage ends with, as far as its Dockerfile says it: what is told by
 * instructions of the stage and of the stages that it is FROM. What only the external base image
 * sets is not known here. */
#ifndef IR_IMAGE_H
#define IR_IMAGE_H

#include "ir/ir.h"

struct image {
    struct map env, labels;               /* name → struct image_value */
    struct strs ports, volumes, triggers; /* EXPOSE, VOLUME, ONBUILD; each once */
    /* The instruction that says it; NULL when none does. An ENTRYPOINT takes away the CMD of what
     * its stage is FROM. */
    const struct instr *cmd, *entrypoint, *healthcheck, *stop_signal, *shell;
    struct str user, workdir; /* empty: the base image's */
    char escape;              /* of the words that are as written */
};

struct image_value {
    struct str text;
    bool known; /* variables were replaced; else `text` is as written */
};

/* The config of the stage's image. The compile must not be changed while it is used. */
struct image image_of(struct compile *c, const struct stage *stage);

/* True when `after` says all that `before` says, and nothing else but what `extra` allows: names of
 * variables, and whatever `before` left to the base image (user, working directory, command,
 * entrypoint). Else `what` names the difference. */
bool image_same(const struct image *before, const struct image *after, const struct strs *extra,
                struct str *what);

#endif
