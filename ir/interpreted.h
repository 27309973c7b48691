/* Programs that an interpreter runs which is one file: of all that its image holds they need that
 * alone, unless something shows that they need more.
 *
 * The catalog says of which images that is so (toolchains, `interpreter`). */
#ifndef IR_INTERPRETED_H
#define IR_INTERPRETED_H

#include "ir/base.h"
#include "ir/toolchain.h"

/* X(id): what a stage's program needs beside the interpreter. */
#define INTERPRETED_NEEDS(X)                                                                       \
    X(NOTHING)                                                                                     \
    X(PLATFORM)  /* it is for one on which the interpreter needs more libraries */                 \
    X(COMMAND)   /* the container's command is in shell form, or there is none */                  \
    X(OTHER)     /* it starts something else; a HEALTHCHECK may not either */                      \
    X(PROGRAMS)  /* its sources, or code in the command, start others; or they are not seen */     \
    X(LIBRARIES) /* its sources open shared libraries */                                           \
    X(LOCALES)                                                                                     \
    X(ACCOUNTS)                                                                                    \
    X(SYSTEM)   /* files of a distribution */                                                      \
    X(VARIABLE) /* one that only the interpreter's image sets */                                   \
    X(PACKAGE)  /* a package of the language is known to need more, or they cannot be told */

enum interpreted_need {
#define X(id) INTERPRETED_##id,
    INTERPRETED_NEEDS(X)
#undef X
};

struct interpreted_evidence {
    const struct instr *at; /* never NULL, but for NOTHING */
    struct str detail;      /* a name, a path; may be empty */
};

/* The toolchain whose interpreter the image brings; NULL when it brings none. */
const struct toolchain *interpreted_by(struct compile *c, const struct base *base);

/* What the program of the stage needs, which the toolchain's interpreter runs. `built` is the stage
 * that its packages were installed in, maybe the same. */
enum interpreted_need interpreted_needs(struct compile *c, const struct toolchain *t,
                                        const struct stage *stage, const struct stage *built,
                                        struct interpreted_evidence *where);

/* Nothing in the stage, nor in those that it is FROM, may write over the interpreter that its image
 * brings. */
bool interpreted_is_untouched(struct compile *c, const struct toolchain *t,
                              const struct stage *stage);

#endif
