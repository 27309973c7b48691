/* unused-packages: compilers and headers that nothing in the image uses are not installed. Private
 * to passes/unused_packages/. */
#ifndef PASSES_UNUSED_PACKAGES_UNUSED_H
#define PASSES_UNUSED_PACKAGES_UNUSED_H

#include "ir/base.h"
#include "ir/install.h"
#include "passes/legality.h"

enum unused_reason {
    UNUSED_COPIED_FROM,
    UNUSED_NOT_PLAIN,
    UNUSED_REMOVED,
    UNUSED_TOOL,
    UNUSED_LOGIN,
    UNUSED_TRIGGER,
    UNUSED_UNKNOWN,
    UNUSED_STARTER,
    UNUSED_USED
};

extern const struct rule unused_rules[];

struct unused_plan {
    struct installation install;
    struct str suite;
    struct strs dropped;
    struct strs instead; /* of each: its libraries; empty: nothing */
    uint64_t kib;
};

/* ---- unused_packages.c ---- */

/* Of its kind: it is needed while building alone, or has headers. */
bool unused_for_builds(const struct catalog *c, struct str package);

/* ---- needs.c ---- */

/* Of the plan's packages, which nothing uses; refuses when it is none, or cannot be told. */
bool unused_find(struct compile *c, const struct instr *run, struct unused_plan *plan,
                 const struct base *base, struct why *why);

/* "apt:gcc" without its manager. */
struct str unused_package_name(struct str item);

#endif
