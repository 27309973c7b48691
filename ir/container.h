/* What the container runs of the build context: the scripts that CMD, ENTRYPOINT and HEALTHCHECK
 * start, and those that these start. */
#ifndef IR_CONTAINER_H
#define IR_CONTAINER_H

#include "ir/ir.h"

struct container_script {
    struct str path; /* as the one who runs it names it */
    struct effects effects;
};

struct container_scripts VEC_OF(struct container_script);

/* The shell scripts that `by` starts and that the context has; none for other instructions, for one
 * that a later one of its stage overrides, and without a context. What is not found, not understood
 * or no shell script is not among them: an empty answer proves nothing. */
const struct container_scripts *container_scripts(struct compile *c, struct instr *by);

/* Which shell reads the script: `#!/bin/sh -e`, `#!/usr/bin/env -S bash -e`; without such a line a
 * shell that starts it reads it itself (POSIX XCU 2.9.1.1). */
enum shell_kind container_reader(struct str text);

#endif
