/* alpine-base: the Alpine variant of a base image. Private to passes/alpine_base/. */
#ifndef PASSES_ALPINE_BASE_ALPINE_H
#define PASSES_ALPINE_BASE_ALPINE_H

#include "ir/base.h"
#include "ir/catalog/alpine.h"
#include "ir/rewrite.h"
#include "ir/uses.h"
#include "passes/legality.h"

enum alpine_reason {
    ALPINE_FAMILY,
    ALPINE_FULL,
    ALPINE_VARIABLE,
    ALPINE_DIGEST,
    ALPINE_TOOL,
    ALPINE_TRIGGER,
    ALPINE_SHELL,
    ALPINE_NO_VARIANT,
    ALPINE_UNKNOWN,
    ALPINE_STARTS,
    ALPINE_NATIVE,
    ALPINE_LOCALE,
    ALPINE_MODULE,
    ALPINE_COPIED,
    ALPINE_COPIED_OUT,
    ALPINE_FILES,
    ALPINE_CONFIGURATION,
    ALPINE_ENVIRONMENT,
    ALPINE_ACCOUNT,
    ALPINE_INTERPRETER,
    ALPINE_COMMAND,
    ALPINE_COMPILER,
    ALPINE_DOWNLOAD,
    ALPINE_PATH,
    ALPINE_MANAGER,
    ALPINE_RECOMMENDS,
    ALPINE_PINNED,
    ALPINE_PACKAGE,
    ALPINE_NEW_ACCOUNT,
    ALPINE_SCRIPT
};

extern const struct rule alpine_rules[];

/* A command of a RUN that is written otherwise, or goes. */
struct alpine_command {
    const struct sh_command *command;
    bool gone, installs;
    struct VEC_OF(struct edit) edits; /* in the script's text, in ascending order */
};

struct alpine_run {
    struct instr *run;
    struct VEC_OF(struct alpine_command) commands;
};

struct alpine_plan {
    struct base base, alpine;
    const struct alpine_image *row;
    const struct manager *from, *to; /* of the two distributions' packages */
    struct str image;                /* what comes into the FROM */
    struct uses uses;
    struct strs needs; /* Alpine packages that are added */
    struct VEC_OF(struct alpine_run) runs;
};

/* A question about the site whose FROM is `from`. A function that answers it fills `why`. */
struct alpine_question {
    struct compile *c;
    struct alpine_plan *plan;
    struct instr *from;
    struct why *why;
};

/* Says no. */
static inline bool alpine_refuse(const struct alpine_question *q, enum alpine_reason reason,
                                 const struct instr *at, struct str detail)
{
    return refuse_for(q->why, &alpine_rules[reason], at, detail);
}

/* ---- image.c ---- */

/* The image of Alpine of the same family, version and words. */
bool alpine_find_image(struct alpine_question *q);

/* ---- stage.c ---- */

/* Whether the path is one of the trees, or below one; whether a list of the catalog has a pattern
 * that the text matches. */
bool alpine_is_in(const struct str *trees, size_t n, struct str path);
bool alpine_matches(const struct alpine_question *q, struct str list, struct str text);

/* What is copied into the image, set, and run by whom. */
bool alpine_allows_stage(struct alpine_question *q);

/* Whether the two distributions fill the path alike. */
bool alpine_is_path(const struct alpine_question *q, struct str path);

/* Whether USER and chown may name it: `user`, `user:group`. */
bool alpine_is_account(const struct alpine_question *q, struct str owner);

/* A path where projects and packages of languages are, and no program of an image. */
bool alpine_is_project_path(const struct alpine_question *q, struct str path);

/* ---- files.c ---- */

/* What the COPY or ADD takes is the same on both distributions. */
bool alpine_allows_copy(struct alpine_question *q, struct instr *i);

/* COPY or ADD takes files of the context as they are; none is a program or library, by its name. */
bool alpine_holds_sources(const struct alpine_question *q, struct instr *copy);

/* ---- copied.c ---- */

/* Whether what COPY `at` takes from `path` of another stage runs on any distribution. */
bool alpine_is_portable(const struct alpine_question *q, const struct instr *at, struct str path);

/* ---- steps.c ---- */

/* What runs, in the build and in the container; fills the plan's runs and needs. */
bool alpine_allows_steps(struct alpine_question *q);

/* ---- commands.c ---- */

/* One command that stays as it is written. */
bool alpine_allows_command(struct alpine_question *q, const struct used_step *s,
                           const struct invocation *run);

/* Something needs the package, by Debian's name. False when it has none on Alpine that is known for
 * sure. */
bool alpine_need(struct alpine_question *q, struct str package);

/* ---- packages.c ---- */

/* Writes a command of the package manager for Alpine. */
bool alpine_port_packages(struct alpine_question *q, const struct used_step *s,
                          struct alpine_command *out);

/* ---- accounts.c ---- */

/* Writes a command that makes an account for busybox. */
bool alpine_port_account(struct alpine_question *q, const struct used_step *s,
                         struct alpine_command *out);

/* ---- write.c ---- */

/* Settles where the needs are installed, and that the edits can be carried out: no comment is lost.
 */
bool alpine_can_write(struct alpine_question *q);

bool alpine_write(struct compile *c, const struct alpine_plan *plan, struct instr *from);

#endif
