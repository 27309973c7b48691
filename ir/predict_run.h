/* What a RUN adds to an image: the distribution's packages that are there at its end and were not
 * at its start, package lists and caches that it leaves, and the package manager's own records.
 * Private to ir/predict*.c. */
#ifndef IR_PREDICT_RUN_H
#define IR_PREDICT_RUN_H

#include "ir/catalog/packages.h"
#include "ir/command.h"
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

/* Those that it adds. False when not all are known: what this release recommends is where the
 * catalog's rows are its own. */
bool image_install(struct image_packages *p, const struct installation *one);

/* Takes packages away ("manager:name"). `prune`: and those that nothing needs any more that was
 * asked for. */
void image_drop(struct image_packages *p, const struct set *removed, bool prune);

/* By name, as they are now; and the bytes of those that came since. */
struct map image_names(struct arena *a, const struct packages *have);
uint64_t image_bytes_beyond(const struct image_packages *p, const struct map *before);

void predict_run(struct image_packages *p, struct instr *run, struct predicted_part *out);

#endif
