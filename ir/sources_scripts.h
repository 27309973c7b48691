/* Shell scripts of the context that sources start. Private to ir/sources*.c. */
#ifndef IR_SOURCES_SCRIPTS_H
#define IR_SOURCES_SCRIPTS_H

#include "ir/context.h"
#include "ir/ir.h"

struct started_command {
    struct str name, path; /* the command's name; the script's path in the context */
};

struct started_commands VEC_OF(struct started_command);

/* The commands of the scripts among `files` whose names stand in one of `texts`, and of those that
 * these name. */
struct started_commands sources_started(struct compile *c, const struct context_entries *files,
                                        struct strs texts);

#endif
