/* The gate: before a result leaves dfopt it is read again from its bytes and compared with the
 * input. */
#ifndef IR_GATE_H
#define IR_GATE_H

#include "ir/ir.h"

/* `before` and `after` are fresh compiles, lowered and not rewritten, of the input and of the
 * result; they share an arena. `done` is the journal of the compile that made the result: of it
 * only the declared changes count (ir/change.h); NULL for none. True when the result is the input
 * with the declared changes, which means:
 *
 *  - the same stages, in order, with the same names, bases and platforms;
 *  - in each stage, every command of every RUN, every COPY, ADD and VOLUME, in order, with the same
 *    shell, user, workdir, environment and flags; a command may have got the options with which the
 *    catalog says that it leaves no cache (command_avoidable);
 *  - in each stage, every other instruction, in order, with the same meaning (ir/normal.h);
 *  - nothing else: no command and no instruction that was not declared;
 *  - every kept target has the same image config as before (ir/image.h), whatever was declared;
 *  - every shell text that parsed still does;
 *  - every comment.
 *
 * False fills `why` with one sentence. */
bool gate_compare(struct compile *before, struct compile *after, const struct journal *done,
                  struct str *why);

#endif
