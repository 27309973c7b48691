/* Shell AST × command table → effects.
 *
 * Each simple command is looked up in the catalog by its name (looking through sudo, env, nice,
 * time, xargs, `sh -c`
 * ..., as the catalog's rows say); options and operands are read as its row says; relative paths
 * are resolved through the state and `cd`, variables through the environment and assignments. A
 * command that has no row has unknown effects on files, but is still a plain external command to
 * the shell. */
#ifndef IR_COMMAND_H
#define IR_COMMAND_H

#include "ir/ir.h"

/* Effects of a whole script, in the order of its commands: lists that are fetched and removed again
 * are not left. `before` is the state in which it starts. */
struct effects command_effects_of_list(struct compile *c, const struct state *before,
                                       const struct sh_list *list);

/* Effects of one pipeline alone (an operand of an AND-OR list). */
struct effects command_effects_of_pipeline(struct compile *c, const struct state *before,
                                           const struct sh_pipeline *pipeline);

#endif
