/* What the dumps of shell texts are made of (emit/dump.h has those of a whole file). */
#ifndef EMIT_DUMP_SHELL_H
#define EMIT_DUMP_SHELL_H

#include "grammar/shell.h"

/* Appends one `C` line for each simple command of the script that has words, in source order, but
 * for those in substitutions (the form: at the head of dump_commands.c). */
void dump_commands_of(struct buf *out, const struct sh_script *script);

/* The script as JSON, indented by two blanks, its schema at the head of dump_shell.c. Spans are
 * [start, end] in the script's text. */
struct str dump_script(struct arena *a, const struct sh_script *script);

#endif
