/* Makefiles: variables, functions, conditionals and rules of POSIX and GNU make, read as far as the
 * build context tells. Nothing is run: what a shell would print, and what only another machine
 * knows, is `unknown` in the texts.
 *
 * GNU make manual: "How to Use Variables", "Conditional Parts", "Functions", "Pattern Rules". */
#ifndef IR_MAKEFILE_H
#define IR_MAKEFILE_H

#include "ir/env.h"
#include "ir/ir.h"

/* Stands in a text for what cannot be told. */
#define MAKE_UNKNOWN "\x01"

struct make_rule {
    struct str targets; /* expanded, as needs */
    struct str needs;   /* of a static pattern rule: of its pattern */
    struct str pattern; /* of a static pattern rule: that targets match; else empty */
    struct strs recipe; /* as written */
};

struct make_rules VEC_OF(struct make_rule);

/* Whether lines count: a conditional around them. */
enum make_branch { BRANCH_TAKEN, BRANCH_MAYBE, BRANCH_LATER, BRANCH_OVER };
struct make_branches VEC_OF(enum make_branch);

struct makefile {
    struct compile *c;
    const struct env *env; /* that make runs in */
    struct str folder;     /* of the context that make runs in */
    struct str workdir;    /* the same, in the image */
    struct map variables;  /* name → struct str *, as written */
    struct map given;      /* those that the command line sets */
    struct strs exported;  /* names */
    struct make_rules rules;
    struct make_branches branches; /* conditionals that are open */
    struct str defining;           /* the name of `define`; empty: none is open */
    unsigned included, expanded;   /* how often */
    bool unknown;                  /* there is something that is not understood */
};

/* What a recipe's line is for: $@, and what $< and $^ are taken from. */
struct make_target {
    struct str name, needs, stem;
};

/* `?=` keeps what is there; see makefile_define() for the rest. */
void makefile_define(struct makefile *m, struct str name, struct str value);
void makefile_give(struct makefile *m, struct str name, struct str value);

/* Adds what the text says; variables that it gives are read before. */
void makefile_read(struct makefile *m, struct str text);

/* The text with its variables and functions replaced; `t` may be NULL. */
struct str makefile_expand(struct makefile *m, const struct make_target *t, struct str text);

bool makefile_is_known(struct str text);

/* `stem` of `name` in a pattern with one `%`. */
bool makefile_stem(struct str pattern, struct str name, struct str *stem);

/* The words with `%` replaced. */
struct str makefile_filled(struct arena *a, struct str words, struct str stem);

/* ---- between ir/makefile*.c ---- */

/* What a function of GNU make becomes; false when `name` is none. */
bool makefile_call(struct makefile *m, const struct make_target *t, struct str name,
                   struct str args, struct buf *out);

/* Every word with the pattern's stem put into another: $(patsubst FROM,TO,WORDS). */
struct str makefile_patsubst(struct arena *a, struct str from, struct str to, struct str words);

/* Takes the first word off; false at the end. */
bool makefile_word(struct str *text, struct str *word);

#endif
