/* The line that says what a file's image is predicted to hold before and after, and the same of all
 * files of a run. */
#ifndef DRIVER_PREDICTED_H
#define DRIVER_PREDICTED_H

#include "ir/predict.h"

struct predicted {
    unsigned files;         /* of which both sizes are known */
    uint64_t before, after; /* bytes, all together */
    bool whole_before, whole_after;
};

/* Of the last stage of `before` and `after`, both lowered. `files` is 0 when one of them cannot be
 * told. */
struct predicted predicted_of(struct compile *before, struct compile *after);

/* Zero-initialize the total. */
void predicted_add(struct predicted *total, const struct predicted *one);

/* "predicted: 1,012 MB → 148 MB, -85 %", or "at least 1,012 MB → at least 148 MB, -85 % of what is
 * known"; empty where nothing is known, or nothing is saved that shows in megabytes. */
struct str predicted_text(struct arena *a, const struct predicted *p);

#endif
