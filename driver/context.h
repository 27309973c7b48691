/* The build context's files, read for those below who may not open any. */
#ifndef DRIVER_CONTEXT_H
#define DRIVER_CONTEXT_H

#include "driver/compile.h"
#include "ir/context.h"

/* The context that `--context` names, or the Dockerfile's own directory; NULL with `--no-context`,
 * and for standard input alone. Lives in `a`. Only files are given out that lie in the context once
 * symbolic links are resolved. */
const struct context_ops *context_of(struct arena *a, const struct job *job);

/* The ignore file that lines may be added to, and its text so far: that of a context which the
 * Dockerfile lies in and shares with no other. False when there is none. */
bool context_ignore_file(struct arena *a, const struct job *job, struct str *path,
                         struct str *text);

#endif
