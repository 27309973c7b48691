/* What the container runs: its command, and of the build context the scripts that CMD, ENTRYPOINT
 * and HEALTHCHECK start, and those that these start. */
#ifndef IR_CONTAINER_H
#define IR_CONTAINER_H

#include "ir/command.h"
#include "ir/ir.h"

/* The instructions in force at the end of a stage: its own, or those of the stages that it is FROM.
 * NULL where there is none: then that of the external base image holds, if it has one. */
struct container_command {
    struct instr *entrypoint, *cmd;
};

/* An ENTRYPOINT takes away the CMD of the stages below its own (Dockerfile reference, "Understand
 * how CMD and ENTRYPOINT interact"). */
struct container_command container_command(struct compile *c, const struct stage *s);

/* What it starts, as the one command or the script that it is; NULL when there is none, or it is
 * not understood. */
const struct sh_list *container_starts(struct compile *c, const struct container_command *command);

/* The state in which a command of the stage starts: as at its end, with the shell of `by`. */
struct state container_state(const struct stage *s, const struct instr *by);

struct container_script {
    struct str path; /* as the one who runs it names it */
    struct effects effects;
    struct state state;
    const struct sh_list *list;
};

struct container_scripts VEC_OF(struct container_script);

/* The shell scripts that `by` starts and that the context has: in the last stage that ships and
 * where it is in force, else in its own. None for other instructions, for one that a later one of
 * its stage overrides, and without a context. What is not found, not understood or no shell script
 * is not among them: an empty answer proves nothing. */
const struct container_scripts *container_scripts(struct compile *c, struct instr *by);

/* The step of a script of the container's is one simple command that ends in "$@" (`exec "$@"`):
 * what it runs is what the script was given. Not said of a script that sets these words anew. */
bool container_runs_arguments(const struct sh_list *script, const struct steps *all,
                              const struct step *step);

/* The first word of `cmd` is one that the scripts know (`case "$1" in WORD)`), and no command. */
bool container_knows_word(struct compile *c, const struct container_scripts *scripts,
                          const struct instr *cmd);

/* Which shell reads the script: `#!/bin/sh -e`, `#!/usr/bin/env -S bash -e`; without such a line a
 * shell that starts it reads it itself (POSIX XCU 2.9.1.1). */
enum shell_kind container_reader(struct str text);

#endif
