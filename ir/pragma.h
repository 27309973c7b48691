/* Pragmas: comments that speak to dfopt.
 *
 *     # dfopt: off                    nothing is touched from here on
 *     # dfopt: on                     until here
 *     # dfopt: disable=PASS,PASS      before an instruction; before the first one, for the whole
 * file
 *     # dfopt: effects KEY=A,B ..     before a RUN: what those of its commands do that are not
 * known, and all that they do. Keys: reads, writes, deletes (absolute paths), installs, removes
 * (manager:package), commands (run by them), needs (all packages without which what the RUN makes
 *                                     does not run; `needs=`: none); alone: network */
#ifndef IR_PRAGMA_H
#define IR_PRAGMA_H

#include "ir/effects.h"

struct compile;
struct instr;

/* What `# dfopt: effects` says. */
struct pragma_effects {
    struct strs reads, writes, deletes, installs, removes, commands, needs;
    bool says_needs; /* maybe none */
    bool network;
};

/* What holds at one instruction. */
struct pragmas {
    bool off;
    struct strs disabled;                 /* names of passes and groups */
    const struct pragma_effects *effects; /* NULL: none */
};

/* Fills `pragmas` of every instruction from the comments in its lead. A pragma that cannot be read
 * is a warning. */
void pragma_read(struct compile *c);

/* False when a pragma keeps `pass` away from `i`. */
bool pragma_allows(const struct instr *i, struct str pass);

/* `fx` with what is unknown in it replaced by what the pragma says. */
void pragma_tell(struct arena *a, const struct pragma_effects *said, struct effects *fx);

/* True when a user who says `name` speaks of `pass`: it is its name, or its group's (`modernize` of
 * `modernize/expose-proto-casing`). */
bool pragma_names(struct str name, struct str pass);

#endif
