/* Questions that the passes fold-layers/.. share. */
#ifndef PASSES_FOLD_LAYERS_FOLD_H
#define PASSES_FOLD_LAYERS_FOLD_H

#include "ir/chain.h"
#include "ir/command.h"
#include "ir/copy.h"
#include "ir/path.h"
#include "passes/legality.h"

/* COPY --chmod and RUN --mount can be used: the file names no frontend, or one that has them. */
bool fold_has_flags(struct compile *c);

/* The image that the stage starts from has nothing at `path`, or at most an empty directory: it is
 * scratch, or an official one. Of a stage that is FROM another, that one's base. */
bool fold_base_lacks(struct compile *c, const struct stage *stage, struct str path);

/* What the steps of `run` in front of `command` do; what follows it when `after`. False when the
 * script has no steps. */
bool fold_effects_beside(struct compile *c, const struct instr *run,
                         const struct sh_command *command, bool after, struct effects *out);

/* The command may be taken out of the script of `run`, which fails no other way then. `link` says
 * where it stands. */
bool fold_can_cut(struct compile *c, const struct instr *run, const struct sh_command *command,
                  struct chain_link *link);

/* Takes the command out of `run`, or `run` out of the file when nothing is left that does anything;
 * declares it. */
bool fold_cut(struct compile *c, struct instr *run, const struct sh_command *command);

/* Nothing would be left. */
bool fold_takes_all(struct compile *c, const struct instr *run, const struct sh_command *command);

#endif
