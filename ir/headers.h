/* Which -dev packages a project is built with: its sources include their headers, or a file that
 * says how it is built names their libraries, with or without the rest of the linker's,
 * pkg-config's or CMake's syntax around it.
 *
 * A name may stand in a comment or in a part that is not built: as far as can be seen, too many are
 * named, not too few. */
#ifndef IR_HEADERS_H
#define IR_HEADERS_H

#include "ir/ir.h"

/* -dev packages (rows of `headers`) that a program may find: those of `names`, and what they
 * depend on. */
struct strs headers_among(struct compile *c, const struct strs *names);

/* The one of them that -lNAME is linked with; empty: none. */
struct str headers_linked(struct compile *c, const struct strs *headers, struct str name);

/* Those of them that a project of the language is built with, in their order. False when its files
 * cannot all be read. */
bool headers_used(struct compile *c, struct str language, const struct strs *headers,
                  struct strs *used);

#endif
