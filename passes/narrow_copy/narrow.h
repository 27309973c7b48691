/* narrow-copy: COPY --from of a whole directory becomes one of the paths in it that are used.
 * Private to passes/narrow_copy/. */
#ifndef PASSES_NARROW_COPY_NARROW_H
#define PASSES_NARROW_COPY_NARROW_H

#include "passes/pass.h"

/* X(id, name, sentence): why a COPY is left alone. */
#define NARROW_REASONS(X)                                                                          \
    X(NOT_APPLICATION, "not-an-application",                                                       \
      "what the image starts may use all that is copied: it is not taken for an application")      \
    X(BASE_CONTENT, "base-content",                                                                \
      "the base image of the stage may have files in this directory")                              \
    X(CONTEXT, "context", "what the directory holds cannot be told without the build context")     \
    X(UNKNOWN_WRITES, "unknown-writes",                                                            \
      "what is written to the directory cannot be told: a comment "                                \
      "`# dfopt: effects writes=PATH,..` above would tell")                                        \
    X(NOT_COMPILED, "not-compiled",                                                                \
      "nothing is compiled in the stage: its sources may be what runs")                            \
    X(MOUNT, "mount", "a mount of a RUN covers the directory")                                     \
    X(DELETED, "deleted", "files of the directory are deleted, or may be")                         \
    X(LINK, "link", "the directory holds symbolic links")                                          \
    X(TOO_MANY, "too-many", "too many of its paths are used to name each")                         \
    X(ENTRY, "entry", "the image starts something of the directory that is not seen to be in it")  \
    X(USED_LATER, "used-later", "a later instruction may use more of it")                          \
    X(ODD_NAME, "odd-name", "a name in the directory would need quotes")

enum narrow_reason {
#define X(id, name, sentence) NARROW_##id,
    NARROW_REASONS(X)
#undef X
        NARROW_REASON_COUNT
};

extern const struct rule narrow_rules[NARROW_REASON_COUNT];

/* A path of the directory. */
struct narrow_path {
    struct str path; /* below the directory */
    bool file;       /* one regular file, for certain */
};

struct narrow_paths VEC_OF(struct narrow_path);

struct narrow_content {
    struct narrow_paths kept;
    struct set unused; /* absolute */
    bool is_directory; /* something is seen to be below it */
};

/* What the stage has in `directory`, which an image may need of that and which it does not. False
 * when it cannot be told. */
bool narrow_content_of(struct compile *c, const struct stage *stage, struct str directory,
                       struct narrow_content *out, struct why *why);

/* What of `path` is below `directory`; false when it is not. */
bool narrow_below(struct str path, struct str directory, struct str *rest);

#endif
