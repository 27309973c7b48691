/* minimal-base: a program that needs no distribution runs on an image without one. Private to
 * passes/minimal_base/.
 *
 * The program is a compiled one, or the sources that an interpreter runs. */
#ifndef PASSES_MINIMAL_BASE_MINIMAL_BASE_H
#define PASSES_MINIMAL_BASE_MINIMAL_BASE_H

#include "ir/base.h"
#include "ir/command_words.h"
#include "ir/toolchain.h"
#include "passes/legality.h"

/* X(id, name, sentence): why the base image stays. */
#define MINIMAL_REASONS(X)                                                                         \
    X(BASE, "base", "it is not built on a distribution's own image")                               \
    X(DIGEST, "digest", "the image is pinned by its digest")                                       \
    X(COMMAND, "command", "what it starts is not one program in exec form")                        \
    X(PROGRAM, "program", "no command of a known toolchain is seen to build what it starts")       \
    X(INTERPRETER, "interpreter",                                                                  \
      "no stage that it copies from has the interpreter as its own image brings it")               \
    X(PLATFORM, "platform", "the interpreter needs more libraries on that platform")               \
    X(STARTED, "not-the-interpreter", "what it starts is not its image's interpreter itself")      \
    X(HEALTH, "healthcheck", "the health check runs something else")                               \
    X(RUNS, "run", "what this RUN makes is not in an image without a shell")                       \
    X(COMMENT, "comment", "a comment goes with a RUN that would go")                               \
    X(USERS, "users", "an image without a shell has no such user")                                 \
    X(SHELL, "shell", "there is no shell for SHELL and ONBUILD")                                   \
    X(STARTS, "starts-programs",                                                                   \
      "its sources start other programs, or are not in the build context")                         \
    X(LIBRARIES, "opens-libraries", "its sources open shared libraries")                           \
    X(LOCALES, "locales", "its sources use locales")                                               \
    X(ACCOUNTS, "accounts", "its sources ask for users or homes")                                  \
    X(SYSTEM, "system-files", "its sources read files of a distribution")                          \
    X(VARIABLE, "variable", "a variable is used that only its own image sets")                     \
    X(PACKAGES, "packages", "a package that it requires needs more of a distribution")             \
    X(LINKED, "linked", "which shared libraries the program is linked with cannot be told")        \
    X(RELEASE, "release", "no image without a shell is known for the release that it is built on") \
    X(PRAGMA, "pragma", "a pragma keeps an instruction as it is")

enum minimal_reason {
#define X(id, name, sentence) MINIMAL_##id,
    MINIMAL_REASONS(X)
#undef X
};

/* A command that builds the program. */
struct minimal_build {
    struct instr *run;
    struct invocation *by;
    struct built built;
    struct span at;                   /* in the script's text */
    const struct sh_command *command; /* NULL: it does not stand in the script as it is */
};

struct minimal_plan {
    struct base base;
    struct str program;        /* its path; of an interpreted one, the interpreter's */
    const struct stage *stage; /* that it is copied from */
    const struct toolchain *toolchain;
    bool interpreted;
    bool accounts; /* users go over too */
    struct VEC_OF(struct minimal_build) builds;
    struct VEC_OF(struct instr *) dropped; /* RUNs */
    bool others;                           /* the stage builds others beside it */
    bool edits;                            /* the one build is told to link statically */
    struct str image;
};

/* ---- compiled.c ---- */

/* The program that the stage's command starts, and what builds it. */
bool minimal_find_program(struct compile *c, struct minimal_plan *p, const struct stage *stage,
                          struct why *why);

/* The image that has what it is linked with. */
bool minimal_choose_image(struct compile *c, struct minimal_plan *p, const struct stage *stage,
                          struct why *why);

/* ---- interpreted.c ---- */

/* Whether the stage's command starts the interpreter, a stage that it copies from has the same, and
 * the program asks for nothing else of the image. Chooses the other image. */
bool minimal_check_interpreted(struct compile *c, struct minimal_plan *p, struct stage *stage,
                               struct why *why);

/* ---- stage.c ---- */

/* What the stage does beside copying. */
bool minimal_check_stage(struct compile *c, struct minimal_plan *p, struct stage *stage,
                         struct why *why);

/* What the sources of a compiled program show. */
bool minimal_check_sources(struct compile *c, const struct minimal_plan *p,
                           const struct instr *from, struct why *why);

/* ---- shared ---- */

bool minimal_refuse(struct why *why, enum minimal_reason reason, const struct instr *at,
                    struct str detail);

/* The image of that template for the release of the stage that the program comes from; empty when
 * there is none. */
struct str minimal_image_of(struct compile *c, const struct minimal_plan *p, struct str template);

#endif
