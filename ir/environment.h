/* Which instructions may tell that a variable of the environment is set.
 *
 * Their text is asked, not their words: scripts that stand quoted in others are seen there too. */
#ifndef IR_ENVIRONMENT_H
#define IR_ENVIRONMENT_H

#include "ir/ir.h"

/* The name stands in the instruction, here-documents included, as a word of its own, in whatever
 * role. */
bool environment_names(const struct instr *i, struct str name);

/* False when what the RUN does is the same with the variable and without: it does not name it,
 * shows the environment neither as a whole nor by computed names, and runs tools of the
 * distribution alone, which know no variables but those of the catalog's list `variables`. */
bool environment_sees(struct compile *c, struct instr *run, struct str name);

#endif
