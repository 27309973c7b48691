/* The build context: what a build may copy, and where a file of the container comes from.
 *
 * What is asked for is what the build sees: .dockerignore is obeyed, links are not followed out of
 * the context, and of a tree too large to look at nothing is known. Nothing here opens a file: the
 * driver lends the readers. */
#ifndef IR_CONTEXT_H
#define IR_CONTEXT_H

#include "ir/ir.h"

enum {
    CONTEXT_FILE_LIMIT = 256 * 1024, /* what is larger is no script and no manifest */
    CONTEXT_MOST_ENTRIES = 4096,     /* of one directory */
    CONTEXT_MOST_LISTED = 20000,     /* of all directories that one compile looks at */
    CONTEXT_DEPTH = 24
};

enum context_kind {
    CONTEXT_UNKNOWN,
    CONTEXT_ABSENT,
    CONTEXT_FILE,
    CONTEXT_DIRECTORY,
    CONTEXT_LINK, /* symbolic, wherever it leads */
    CONTEXT_OTHER /* a socket, a FIFO, a device */
};

struct context_entry {
    struct str name; /* of list: within its directory; of context_files(): from the root */
    enum context_kind kind;
    unsigned mode; /* permission bits */
    uint64_t size; /* FILE: bytes */
};

struct context_entries VEC_OF(struct context_entry);

/* What the driver lends. Paths are as context_path() gives them. */
struct context_ops {
    /* The bytes, in `a`, of the regular file at `path`. False when there is none in the context
     * that is within CONTEXT_FILE_LIMIT and can be read. */
    bool (*read)(void *self, struct str path, struct arena *a, struct str *text);
    /* What is at `path`, itself and not what a link leads to; UNKNOWN when a link leads there. */
    void (*look)(void *self, struct str path, struct context_entry *out);
    /* The entries of the directory at `path`, in any order. False when it cannot be read, a link
     * leads there, or there are more than CONTEXT_MOST_ENTRIES. */
    bool (*list)(void *self, struct str path, struct arena *a, struct context_entries *out);
    /* The ignore file that holds: NAME.dockerignore beside the Dockerfile NAME, else .dockerignore
     * in the context. YES and its text, NO when there is none, MAYBE when it cannot be read. */
    enum tri (*ignore)(void *self, struct arena *a, struct str *text);
    void *self;
};

/* The path from the root: no `.`, `..` or empty component, no slash at either end; the root itself
 * is empty. False when `..` leaves the root. */
bool context_path(struct arena *a, struct str path, struct str *out);

/* What the build sees at `path`, any spelling of one from the context's root. ABSENT is said only
 * when the context is this file's: when each file that a COPY names is in it. UNKNOWN without a
 * context. */
enum context_kind context_kind(struct compile *c, struct str path);

/* Whether the build sees anything at `path`. */
enum tri context_has(struct compile *c, struct str path);

/* What is in the directory at `path` as the build sees it, sorted by name. NULL when there is none
 * or it cannot be told. */
const struct context_entries *context_lists(struct compile *c, struct str path);

/* All files, links and others below `path`, sorted, with their paths from the root. False when it
 * cannot be told or there are too many: then `out` holds some of them. */
bool context_files(struct compile *c, struct str path, struct context_entries *out);

/* The text of the file at `path`, if the build sees it. */
bool context_text(struct compile *c, struct str path, struct str *text);

/* Whether .dockerignore has lines that say what is wanted (`!path`), or cannot be told. */
bool context_says_again(struct compile *c);

/* What is at `path` whether or not it is hidden. */
struct context_entry context_raw(struct compile *c, struct str path);

/* How many instructions may be looked at in search of the files that one instruction names. */
enum { CONTEXT_STEPS = 4000 };

/* A file of the context. */
struct context_source {
    struct str path; /* in the context */
    struct str text;
};

/* The file that is at `path` in the image of stage `in`, when the last COPY or ADD that puts one
 * there takes it from the context. A relative path counts from the stage's last WORKDIR; a name
 * without a slash is looked for where programs are. Each instruction that is looked at counts in
 * `steps`. False when the file is not found: then nothing is known of it. */
bool context_source(struct compile *c, const struct stage *in, struct str path, unsigned *steps,
                    struct context_source *out);

/* The text alone, in the image of `by`'s stage. */
bool context_file(struct compile *c, const struct instr *by, struct str path, unsigned *steps,
                  struct str *text);

#endif
