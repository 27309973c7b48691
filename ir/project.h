/* The project: which files of the build context are where in the image of a stage.
 *
 * COPY and ADD are followed forward, directories one level deep: enough to tell sources from what
 * the program reads beside itself. */
#ifndef IR_PROJECT_H
#define IR_PROJECT_H

#include "ir/context.h"

struct project_entry {
    struct str path;        /* in the image, from the root: /app/templates */
    struct str context;     /* in the context */
    enum context_kind kind; /* OTHER: an archive that ADD unpacks into `path` */
    const struct instr *by;
};

struct project_entries VEC_OF(struct project_entry);

/* A directory of the context whose content is in `path`. */
struct project {
    struct project_entries entries; /* a path stands once: the last one put there */
    struct project_entries roots;   /* directories whose content was copied, as entries of it */
    bool complete;                  /* everything that comes from the context is among them */
};

/* What the instructions of the stage take from the context. */
struct project project_of(struct compile *c, const struct stage *stage);

/* The directory of the context that is at `path` in the image; false when it cannot be told. */
bool project_folder(struct compile *c, const struct project *p, struct str path, struct str *out);

#endif
