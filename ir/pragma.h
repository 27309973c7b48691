/* Pragmas: comments that speak to dfopt.
 *
 *     # dfopt: off                    nothing is touched from here on
 *     # dfopt: on                     until here
 *     # dfopt: disable=PASS,PASS      before an instruction; before the first one, for the whole
 * file */
#ifndef IR_PRAGMA_H
#define IR_PRAGMA_H

#include "grammar/base/str.h"

struct compile;
struct instr;

/* What holds at one instruction. */
struct pragmas {
    bool off;
    struct strs disabled; /* names of passes and groups */
};

/* Fills `pragmas` of every instruction from the comments in its lead. A pragma that cannot be read
 * is a warning. */
void pragma_read(struct compile *c);

/* False when a pragma keeps `pass` away from `i`. */
bool pragma_allows(const struct instr *i, struct str pass);

/* True when a user who says `name` speaks of `pass`: it is its name, or its group's (`modernize` of
 * `modernize/expose-proto-casing`). */
bool pragma_names(struct str name, struct str pass);

#endif
