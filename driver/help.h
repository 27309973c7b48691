/* What the program tells of itself. */
#ifndef DRIVER_HELP_H
#define DRIVER_HELP_H

#include <stdio.h>

#include "grammar/base/str.h"

void help_print(FILE *out);
void help_print_version(FILE *out);

/* One line a pass: name, level, what it does. */
void help_list_passes(FILE *out);

/* What a pass does and when it is legal, or the sentence of one of its rules (`name` is a pass's
 * name or a rule's id; `dfopt` stands for the rules of all passes). False when there is no such
 * thing. */
bool help_explain(FILE *out, struct str name);

#endif
