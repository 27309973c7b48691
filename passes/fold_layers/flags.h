/* fold-layers/copy-flags: owners and modes are given by COPY itself. Private to
 * passes/fold_layers/.
 *
 * One command of a RUN (chown, chmod) is a candidate; the search walks back from it over all that
 * came before, and collects the COPYs that get its flag. */
#ifndef PASSES_FOLD_LAYERS_FLAGS_H
#define PASSES_FOLD_LAYERS_FLAGS_H

#include "passes/fold_layers/fold.h"

enum flags_reason {
    FLAGS_FRONTEND,
    FLAGS_NOT_CHAINED,
    FLAGS_COMMENTED,
    FLAGS_NOT_TOLD,
    FLAGS_NO_GROUP,
    FLAGS_MODE_UNKNOWN,
    FLAGS_BASE_FILES,
    FLAGS_WRITTEN_BY_RUN,
    FLAGS_READ_BETWEEN,
    FLAGS_ACCOUNTS,
    FLAGS_COPIES_MORE,
    FLAGS_OWN_FLAG,
    FLAGS_NEW_PARENT,
    FLAGS_IS_VOLUME,
    FLAGS_OFF
};

extern const struct rule flags_rules[];

/* One command that COPYs make superfluous. */
struct flags_plan {
    const struct files_command *by;
    struct VEC_OF(struct instr *) copies; /* that get the flag */
    struct str flag;
    struct strs keep; /* directories that are there before */
    int64_t bytes;    /* of the files, where known */
    bool names;       /* the owner has a name that is looked up */
    unsigned mode;
};

/* The walk back from the command. */
struct flags_search {
    struct compile *c;
    struct instr *run;
    struct flags_plan *plan;
    struct set paths;           /* of the command */
    const struct instr *reader; /* the first RUN on the way that reads them, or may */
    const struct instr *maker;  /* .. that may change the accounts */
    bool found;        /* the files, which are no trees: what was there before does not matter */
    bool base;         /* in a stage that this one is FROM: nothing there can be changed */
    struct strs there; /* directories that are made on the way */
    struct why *why;
};

/* ---- flags_attribute.c ---- */

/* Rules 2 and 6, first half: the plan's flag is that of the command's owner. */
bool flags_owner(struct flags_search *s);

/* The same for its mode. It stays open where it depends on the mode that each file has. */
bool flags_mode(struct flags_search *s);

/* The command names a group. */
bool flags_has_group(const struct flags_search *s);

/* Rule 7: all files get the same mode, those of `source` too. */
bool flags_join_mode(struct flags_search *s, const struct copy_source *source);

/* ---- flags_copies.c ---- */

/* The command changes what is at `path`. */
bool flags_reach(const struct flags_search *s, struct str path);

/* Rule 3 for one COPY or ADD on the way: one that puts such files gets the flag, or stands in the
 * way. */
bool flags_visit_copy(struct flags_search *s, struct instr *i);

/* Each of the command's files is what a COPY that gets the flag has put there. */
bool flags_cover(struct flags_search *s);

/* Some COPY of the stage puts files there: only then there is something to say. */
bool flags_concern_copies(struct flags_search *s);

/* ---- flags_walk.c ---- */

/* Rules 3 to 5 for the commands of `run` up to `end` in its script, of which `fx` are the effects.
 */
bool flags_visit_before(struct flags_search *s, struct instr *run, struct effects fx, uint32_t end);

/* All that came before the RUN, down to the base image. */
bool flags_walk_back(struct flags_search *s);

#endif
