/* Shell words → values, as far as they are known: XCU 2.6 (tilde, parameter expansion, field
 * splitting, quote removal) and brace expansion, with globs kept as patterns. Private to
 * ir/command*.c. */
#ifndef IR_COMMAND_WORDS_H
#define IR_COMMAND_WORDS_H

#include "grammar/shell.h"
#include "ir/env.h"
#include "ir/path.h"

/* One field. What cannot be told stands in it as `*`. Text without globs is as the command gets it;
 * text with globs is a pattern, in which a backslash keeps a character from being one. */
struct value {
    struct str text;
    bool glob;    /* has a glob, or something that cannot be told */
    bool unknown; /* has something that cannot be told */
    bool braced;  /* came from a brace expansion, which not every shell does */
    const struct sh_word
        *word; /* the word of a command that became this one field; NULL when none did */
};

struct values VEC_OF(struct value);

/* What words are expanded with. */
struct word_reader {
    struct arena *arena;
    const struct env *env; /* shell variables in front of the environment */
    bool braces;           /* the shell surely expands braces; else the word as it is counts too */
    struct str cwd;        /* absolute; empty when it cannot be told */
    struct str home;       /* absolute; "~" for that of the user in force; empty: somebody else's */
};

/* Adds the fields that the word becomes: none, one or more. */
void word_fields(const struct word_reader *r, const struct sh_word *w, struct values *out);

/* The word as one value, without field splitting and braces: assignments, redirections. `w` may be
 * NULL: empty. */
struct value word_value(const struct word_reader *r, const struct sh_word *w);

/* A value that is as it is, and one that may be anything. */
struct value value_known(struct str text);
struct value value_unknown(void);

#endif
