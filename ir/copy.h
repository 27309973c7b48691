/* COPY and ADD: what they take, from where, and where it goes in the image.
 *
 * Read as BuildKit does it (frontend/dockerfile/dockerfile2llb/convert_copy.go and the file backend
 * in solver/llbsolver/file): a directory gives its content, not itself; a file goes into a target
 * that is a directory, and is called like the target otherwise; ADD unpacks tar archives of the
 * context whatever they are called; missing directories are made, with the owner of --chown. */
#ifndef IR_COPY_H
#define IR_COPY_H

#include "ir/ir.h"

enum copy_origin {
    COPY_CONTEXT,  /* the build context */
    COPY_FROM,     /* --from: a stage or an image */
    COPY_URL,      /* ADD: a file that is downloaded */
    COPY_GIT,      /* ADD: the content of a repository */
    COPY_DOCUMENT, /* a here-document */
    COPY_UNKNOWN   /* variables that cannot be told: any of these */
};

struct copy_source {
    enum copy_origin origin;
    struct str path;  /* variables replaced; of a here-document, its name */
    bool glob;        /* `path` is a pattern */
    struct str name;  /* what it is called inside of a directory, if it is a file; empty: unknown */
    enum tri file;    /* one file; NO: the content of a directory */
    enum tri unpacks; /* an archive, of which ADD takes the content */
};

struct copy_sources VEC_OF(struct copy_source);

struct copy {
    struct copy_sources sources;
    struct str to;             /* from the root, no slash at the end; empty: it cannot be told */
    bool directory;            /* `to` is a directory for certain, or becomes one */
    bool parents;              /* sources keep their directories below it */
    bool has_chown, has_chmod; /* with values as written: */
    struct str chown, chmod;
};

/* Reads COPY or ADD. */
struct copy copy_read(struct compile *c, const struct instr *i);

/* Where the files of one source are in the image then: the path of the file, or the directory that
 * holds them. False when it cannot be told. */
bool copy_destination(struct compile *c, const struct copy *copy, const struct copy_source *source,
                      struct str *out);

/* Where the source has what is at `path` in the image then, from its root; empty: nowhere, or that
 * cannot be told. */
struct str copy_source_of(struct compile *c, const struct copy *copy,
                          const struct copy_source *source, struct str path);

/* Whether COPY or ADD `i` takes the file at `path` of the context, as far as can be told. */
bool copy_takes(struct compile *c, const struct instr *i, struct str path);

/* The effects of COPY or ADD `i` on its image. Reads are those of the image: what comes from the
 * context or another stage is none. */
struct effects copy_effects(struct compile *c, const struct instr *i);

#endif
