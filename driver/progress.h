/* How far a long batch has come: one line on a terminal, drawn over a few times a second. In a pipe
 * there is none. */
#ifndef DRIVER_PROGRESS_H
#define DRIVER_PROGRESS_H

#include <time.h>

#include "driver/compile.h"

struct progress {
    bool on, visible;
    size_t total;
    struct timespec drawn;
};

/* Off with --quiet, and when standard error is no terminal. */
struct progress progress_start(const struct session *session, size_t total);

/* `done` files are through, `path` is the latest. */
void progress_step(struct progress *p, size_t done, struct str path);

/* Takes the line away; before something else is printed, and at the end. */
void progress_clear(struct progress *p);

#endif
