/* Edits of a command that installs packages. */
#ifndef IR_INSTALL_H
#define IR_INSTALL_H

#include "ir/command.h"

/* Gives the installation of `run` an option (empty: none) and more packages, laid out like its own;
 * declares the change. False when the edit is not taken. */
bool install_more(struct compile *c, struct instr *run, const struct installation *install,
                  struct str option, const struct strs *packages);

/* Whether install_less() can do that: the command is one of the script's own, and no comment stands
 * between its words or beside it. */
bool install_may_lessen(struct compile *c, struct instr *run, const struct installation *install,
                        const struct strs *dropped, const struct strs *instead);

/* Takes packages out of the installation, or puts what `instead` says of each in its place (empty:
 * nothing); where none is left the command goes, and its RUN if it is all of that. Declares the
 * change. */
bool install_less(struct compile *c, struct instr *run, const struct installation *install,
                  const struct strs *dropped, const struct strs *instead);

/* Where a RUN of its own goes that installs for all of the stage: behind the ARGs, ENVs and LABELs
 * that follow its FROM. */
struct instr *install_place(const struct instr *from);

/* The first instruction of the stage, or of one FROM it, that installs packages from lists which
 * none before it has fetched: that works where the base image has them already. NULL: there is
 * none. */
struct instr *install_without_lists(struct compile *c, const struct stage *stage);

#endif
