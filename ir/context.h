/* The build context: where a file of the container comes from.
 *
 * COPY and ADD are followed back from the container's path to the context's. Nothing here opens a
 * file: the driver lends the reader. */
#ifndef IR_CONTEXT_H
#define IR_CONTEXT_H

#include "ir/ir.h"

/* What is larger is no script. */
enum { CONTEXT_FILE_LIMIT = 256 * 1024 };

struct context_ops {
    /* The bytes, in `a`, of the regular file at `path`, as context_path() gives it. False when
     * there is none in the context that is within CONTEXT_FILE_LIMIT and can be read. */
    bool (*read)(void *self, struct str path, struct arena *a, struct str *text);
    void *self;
};

/* The path from the root: no `.`, `..` or empty component, no slash at either end; the root itself
 * is empty. False when `..` leaves the root. */
bool context_path(struct arena *a, struct str path, struct str *out);

/* How many instructions may be looked at in search of the files that one instruction names. */
enum { CONTEXT_STEPS = 4000 };

/* The text of the file that is at `path` in the image of `by`'s stage, when the last COPY or ADD
 * that puts one there takes it from the context. A relative path counts from the stage's last
 * WORKDIR; a name without a slash is looked for where programs are. Each instruction that is looked
 * at counts in `steps`. False when the file is not found: then nothing is known of it. */
bool context_file(struct compile *c, const struct instr *by, struct str path, unsigned *steps,
                  struct str *text);

#endif
