/* What a RUN adds to an image: the distribution's packages that are there at its end and were not
 * at its start, package lists and caches that it leaves, and the package manager's own records.
 * Private to ir/predict*.c. */
#ifndef IR_PREDICT_RUN_H
#define IR_PREDICT_RUN_H

#include "ir/catalog/packages.h"
#include "ir/predict.h"

/* The packages of an image, as its instructions are gone through. */
struct image_packages {
    struct compile *c;
    const struct package_release *release; /* NULL: packages are not known */
    bool no_docs;                          /* they come without documentation */
    struct strs asked;                     /* those that were asked for by name */
    struct packages have;
};

/* Those of the base image. */
struct image_packages predict_base_packages(struct compile *c, const struct stage *stage);

void predict_run(struct image_packages *p, struct instr *run, struct predicted_part *out);

#endif
