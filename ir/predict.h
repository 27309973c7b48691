/* Predicted sizes: what an image holds as far as the catalog's tables tell.
 *
 * The base image, and the distribution's packages, package lists and caches that RUNs leave. All
 * else (copied files, downloads, packages of languages, what is deleted of packages) is not
 * counted, and said not to be. Sizes of packages are those of the release that the catalog has. */
#ifndef IR_PREDICT_H
#define IR_PREDICT_H

#include "ir/ir.h"

/* What one instruction adds. */
struct predicted_part {
    const struct instr *by;
    uint64_t bytes; /* at least these */
    bool whole;     /* and nothing else */
};

struct predicted_parts VEC_OF(struct predicted_part);

struct prediction {
    uint64_t base;  /* of the image that it stands on */
    uint64_t bytes; /* of all: at least these */
    bool whole;     /* nothing else is in the image */
    struct predicted_parts parts;
};

/* Of the image that the stage makes. False when the size of what it stands on is not known. */
bool predict_image(struct compile *c, const struct stage *stage, struct prediction *out);

#endif
