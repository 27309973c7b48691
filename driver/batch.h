/* All files of a run: read, compiled by one worker or several, written and shown in order.
 *
 * What is printed does not depend on the number of workers. A bad file never stops the others. */
#ifndef DRIVER_BATCH_H
#define DRIVER_BATCH_H

#include "driver/compile.h"

/* How a run ended, for the exit status. */
struct tally {
    size_t read, changed, failed;
    struct predicted sizes; /* of those that changed, when they are to be shown */
};

/* False when there was no memory to begin; the tally is empty then. */
bool batch_run(const struct session *session, const struct strs *files, struct tally *tally);

#endif
