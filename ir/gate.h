/* The gate: before a result leaves dfopt it is read again from its bytes and compared with the
 * input. */
#ifndef IR_GATE_H
#define IR_GATE_H

#include "ir/ir.h"

/* Both are fresh compiles, lowered and not rewritten: `before` of the input, `after` of the result;
 * they share an arena. True when the result holds what a rewrite must never change (design, "The
 * gate"):
 *
 *  - the same stages, in order, with the same names, bases and platforms;
 *  - the same configuration: every instruction but RUN, in order, with the same meaning
 *    (ir/normal.h);
 *  - every command of the input, in order, with the same shell, user, workdir and environment;
 *    it may have got the options with which the catalog says that it leaves no cache
 *    (command_avoidable), and no other change;
 *  - every shell text that parsed still does;
 *  - every comment.
 *
 * False fills `why` with one sentence. */
bool gate_compare(struct compile *before, struct compile *after, struct str *why);

#endif
