/* What an image is for: an application, which does with what it runs; or a tool, a shell to work
 * in, a build or test environment, which needs all that is in it.
 *
 * Told by what the container starts: its command, the scripts of the build context that this runs,
 * and the scripts of package.json. Nothing is executed. */
#ifndef IR_PURPOSE_H
#define IR_PURPOSE_H

#include "ir/ir.h"

enum purpose_kind {
    PURPOSE_APPLICATION, /* nothing speaks against it */
    PURPOSE_PACKAGED,    /* its sources are run or served by a tool that is a package of their
                            language: of the base image no more is needed than by an application */
    PURPOSE_NO_COMMAND,  /* a tool: the file does not say what it runs */
    PURPOSE_SHELL,       /* a tool: it starts a shell or an interpreter, with nothing to run */
    PURPOSE_DEVELOPMENT, /* a tool: it starts with a command of development */
    PURPOSE_OPAQUE,      /* cannot be told: the command is not understood */
    PURPOSE_HIDDEN       /* cannot be told: a script that it names is not seen */
};

struct purpose {
    enum purpose_kind kind;
    const struct instr *at; /* the instruction that says so */
    struct str detail;      /* the command, or the script, that does */
};

/* Of the image that the stage makes. */
struct purpose purpose_of(struct compile *c, const struct stage *s);

#endif
