/* What BuildKit's typed layer refuses (instructions/parse.go, bflag.go, commands_run*.go): unknown
 * keywords and flags, wrong numbers of arguments, bad values. */
#ifndef GRAMMAR_CHECKS_H
#define GRAMMAR_CHECKS_H

#include "grammar/dockerfile_parser.h"

/* False when BuildKit would refuse the instruction; the first error is reported then. */
bool checks_pass(struct df_parser *p, const struct df_instr *i);

#endif
