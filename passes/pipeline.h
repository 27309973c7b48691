/* Runs the passes over a file until nothing changes. */
#ifndef PASSES_PIPELINE_H
#define PASSES_PIPELINE_H

#include "passes/pass.h"

/* Rewrites c->file in place; every remark goes to c->remarks. c->file stays lowered. */
void pipeline_run(struct compile *c);

/* True when the level and the toggles (--enable, --disable, in their order) let `pass` run. */
bool pipeline_has(const struct options *opt, const struct pass *pass);

#endif
