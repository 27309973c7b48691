/* A script's outermost commands: those that run one after the other, each once, when all goes well.
 *
 * A script is a chain when it is one list of `&&`, or several such lists under `set -e`, without
 * jobs in the background. A pass that wants to take a command out of a RUN asks for its link. */
#ifndef IR_CHAIN_H
#define IR_CHAIN_H

#include "ir/ir.h"

/* Where a command stands: an operand of an item of the script's list. */
struct chain_link {
    size_t item, operand;
};

/* The link that consists of the simple command alone; false when there is none. The script is
 * understood. */
bool chain_find(const struct instr *run, const struct sh_command *command, struct chain_link *out);

/* It is the only command. */
bool chain_is_alone(const struct instr *run);

/* The bytes of the RUN without which the script is the same without that link: the command and what
 * ties it to its neighbours. */
struct span chain_cut(const struct instr *run, struct chain_link link);

#endif
