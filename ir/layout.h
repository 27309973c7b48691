/* A file's style, learned once, so that a rewritten RUN looks like its neighbours. */
#ifndef IR_LAYOUT_H
#define IR_LAYOUT_H

#include "ir/ir.h"

struct layout {
    struct str indent;  /* of continuation lines; four spaces when the file has none */
    struct str newline; /* "\n", or "\r\n" when most lines end so */
    bool leading;       /* `&&` starts a line; else it ends one */
    char escape;        /* what continues a line */
};

/* The style of `f`: the commonest indentation of its continuation lines, and where its `&&` stand.
 */
const struct layout *layout_learn(struct arena *a, const struct file *f);

/* The style of `run` where it has several lines; of `whole`, the file's, in what it does not show.
 */
struct layout layout_of_run(const struct layout *whole, const struct instr *run);

/* Appends `&& text` on a line of its own to the RUN in `b`, as the file does it: ` \`, newline,
 * comments, indent, `&& `; or ` && \`, newline, comments, indent. `comments` are whole lines with
 * their newlines (may be empty). */
void layout_and(struct buf *b, const struct layout *l, struct str comments, struct str text);

/* Appends `; \`, newline, indent, text: for lists whose commands end in semicolons. */
void layout_semicolon(struct buf *b, const struct layout *l, struct str text);

#endif
