/* Inner forms of a file, printed for tests and for people who debug one (--dump=FORM).
 *
 * Each function reads `c->src` by itself, as far as its form needs (df_parse, lower_file), runs no
 * pass, and appends the form to `out`. False when the file is refused; then c->diags says why. The
 * forms are specified in docs/dumps.md. */
#ifndef EMIT_DUMP_H
#define EMIT_DUMP_H

#include "ir/ir.h"

/* Text whose every byte is fixed: the instructions as BuildKit's parser gives them. */
bool dump_canon(struct compile *c, struct buf *out);

/* Text whose every byte is fixed: the simple commands of each RUN. */
bool dump_commands(struct compile *c, struct buf *out);

/* JSON: the Dockerfile's AST. */
bool dump_ast(struct compile *c, struct buf *out);

/* JSON: the AST of each shell text. */
bool dump_shell(struct compile *c, struct buf *out);

/* JSON: stages, instructions, and the state before each. */
bool dump_ir(struct compile *c, struct buf *out);

/* JSON: what each instruction does. */
bool dump_effects(struct compile *c, struct buf *out);

/* JSON: what the image of the last stage is predicted to hold. */
bool dump_sizes(struct compile *c, struct buf *out);

struct dump {
    const char *name; /* as --dump takes it */
    bool (*print)(struct compile *c, struct buf *out);
};

/* NULL when there is none of that name. */
const struct dump *dump_named(struct str name);

/* One field of the tab-separated forms: backslash, newline, carriage return and tab are written as
 * two characters, all other bytes raw. */
void dump_field(struct buf *out, struct str field);

#endif
