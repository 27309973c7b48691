/* slim-base: the slim variant of a base image, with what is used of the full one. Private to
 * passes/slim_base/. */
#ifndef PASSES_SLIM_BASE_SLIM_H
#define PASSES_SLIM_BASE_SLIM_H

#include "ir/base.h"
#include "ir/catalog/packages.h"
#include "passes/legality.h"

enum slim_reason {
    SLIM_TOOL,
    SLIM_VARIABLE,
    SLIM_DIGEST,
    SLIM_TRIGGER,
    SLIM_NO_VARIANT,
    SLIM_SHELL_TEXT,
    SLIM_PROGRAM,
    SLIM_MANIFEST,
    SLIM_SOURCES,
    SLIM_LIBRARY,
    SLIM_STARTER,
    SLIM_STARTED,
    SLIM_COMPILER,
    SLIM_MISSING_FILES,
    SLIM_BREAKS,
    SLIM_RELEASE,
    SLIM_NO_LISTS,
    SLIM_ASSUMED
};

extern const struct rule slim_rules[];

struct slim_plan {
    struct base base, slim;
    struct str image; /* what comes into the FROM */
    struct strs needs;
    struct strs builds;     /* what language packages need to be built, and nothing else uses */
    struct instr *built_by; /* the one RUN that builds them; NULL: none, or several do */
    uint64_t kib;
    struct str assumed;            /* packages of languages that are not known */
    const struct instr *first_use; /* the first RUN that uses what is missing; NULL: none does */
};

/* ---- needs.c ---- */

/* What is used of all that the slim image lacks: fills the plan's needs. */
bool slim_needs(struct compile *c, struct slim_plan *plan, const struct instr *from,
                struct why *why);

/* ---- place.c ---- */

/* Which of the needs go again behind the RUN that builds with them, and that all can be installed.
 * `slim` is what the slim image has. */
bool slim_place(struct compile *c, struct slim_plan *plan, const struct packages *slim,
                const struct instr *from, struct why *why);

/* ---- write.c ---- */

/* Installs what is needed. */
bool slim_write(struct compile *c, const struct slim_plan *plan, struct instr *from);

#endif
