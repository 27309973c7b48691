/* The shapes of arguments: BuildKit's line parsers (parser/line_parsers.go, split_command.go). */
#ifndef GRAMMAR_ARGUMENTS_H
#define GRAMMAR_ARGUMENTS_H

#include "grammar/dockerfile_parser.h"

/* Reads keyword, flags and arguments of `line`, which is a part of i->joined.text; for ONBUILD its
 * trigger too. False when BuildKit's line parser refuses it; the error is reported then. */
bool arguments_read(struct df_parser *p, struct df_instr *i, struct str line);

#endif
