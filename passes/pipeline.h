/* Runs the passes over a file until nothing changes. */
#ifndef PASSES_PIPELINE_H
#define PASSES_PIPELINE_H

#include "passes/pass.h"

/* Rewrites c->file in place; every remark goes to c->remarks. c->file stays lowered. */
void pipeline_run(struct compile *c);

#endif
