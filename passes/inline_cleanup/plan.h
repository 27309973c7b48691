/* What one clean-up is to do. Private to passes/inline_cleanup/. */
#ifndef PASSES_INLINE_CLEANUP_PLAN_H
#define PASSES_INLINE_CLEANUP_PLAN_H

#include "passes/legality.h"

enum reason {
    BUILD_STAGE,
    EXEC_FORM,
    HERE_DOCUMENT,
    NOT_ROOT,
    BACKGROUND_JOB,
    SHELL_STATE,
    ERREXIT,
    LISTS_NEEDED,
    HIDDEN_CODE,
    SOURCES_CHANGED,
    READ_LATER,
    MAY_BE_MISSING,
    REASONS
};

extern const struct rule inline_cleanup_rules[REASONS];

/* How a command is joined to what is there. */
enum joint { JOINT_AND, JOINT_SEMICOLON };

/* Something to remove, and whose it is. */
struct removal {
    struct str manager;
    const struct mess *mess;
};

struct removals VEC_OF(struct removal);

/* A later RUN that gets lists of its own: it fetches them before its first command that needs them,
 * and removes them at its end. */
struct refetch {
    struct instr *run;
    const struct mess *mess;
    uint32_t at; /* in its script's text */
    enum joint joint, end;
};

struct refetches VEC_OF(struct refetch);

struct plan {
    struct removals removals;
    struct strs commands; /* clean-up commands, in the catalog's order, each once */
    enum joint joint;
    int64_t bytes;
    struct refetches refetches;
    bool whole; /* the RUN does nothing else than fetch what is removed: it goes */
};

/* Rules 2 to 5: a clean-up may stand at the end of the RUN; how it is joined. */
bool cleanup_may_end(struct compile *c, struct instr *run, enum joint *joint, struct why *why);

/* Puts the commands behind the RUN's others, where cleanup_may_end() has said how. */
bool cleanup_append(struct compile *c, struct instr *run, enum joint joint,
                    const struct strs *commands);

/* Rule 7: the program that the clean-up calls is there. */
bool cleanup_is_present(struct compile *c, const struct instr *run, struct str cleanup);

/* Rule 6: nothing later needs what the plan removes, or it gets its own (plan->refetches). */
bool cleanup_is_free(struct compile *c, const struct site *site, struct why *why);

#endif
