/* File modes as chmod reads them (POSIX XCU, chmod, "Extended description"). */
#ifndef IR_MODE_H
#define IR_MODE_H

#include "grammar/base/str.h"

/* `755`, `0644`: its value. False when it is no octal mode. */
bool mode_octal(struct str text, unsigned *out);

/* What `chmod TEXT` makes of a file (no directory) with mode `old`, under the umask 022 that builds
 * have. False when it is not understood: `X`, `s`, `t` and copies (`g=u`) among others. */
bool mode_of_file(struct str text, unsigned old, unsigned *out);

#endif
