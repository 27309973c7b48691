/* The dump of one shell text (emit/dump.h has those of a whole file). */
#ifndef EMIT_DUMP_SHELL_H
#define EMIT_DUMP_SHELL_H

#include "grammar/shell.h"

/* The script as JSON, indented by two blanks, its schema at the head of dump_shell.c. Spans are
 * [start, end] in the script's text. */
struct str dump_script(struct arena *a, const struct sh_script *script);

#endif
