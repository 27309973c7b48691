/* The catalog: what dfopt knows of commands, package managers, base images. Rows are YAML (one
 * schema, one reader); the shipped ones become static sorted tables at build time, a user's own are
 * read at run time and looked up first. Every row names its source and date. */
#ifndef IR_CATALOG_CATALOG_H
#define IR_CATALOG_CATALOG_H

#include "grammar/base/str.h"

/* What a package manager leaves behind, and the command that removes it. */
enum mess_kind { MESS_LISTS, MESS_CACHE };

struct mess {
    enum mess_kind kind;
    struct str cleanup;      /* one simple command, as a person would write it */
    const struct str *paths; /* absolute globs that it removes */
    size_t n_paths;
    uint32_t kib;         /* what it typically saves; 0 when not measured */
    bool removed_by_base; /* official images are configured to remove it themselves (apt's
                             docker-clean) */
};

struct manager {
    struct str name; /* "apt": what the sets of effects hold */
    const struct mess *messes;
    size_t n_messes;
};

struct catalog;

/* The shipped rows behind a user's own (`own` may be NULL). */
const struct catalog *catalog_shipped(void);

/* NULL when there is no such manager. */
const struct manager *catalog_manager(const struct catalog *c, struct str name);

#endif
