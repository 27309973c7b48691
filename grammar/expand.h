/* Word expansion as BuildKit does it for Dockerfile words (frontend/dockerfile/shell/lex.go):
 * quotes, escapes, $x ${x} ${x:-w} ${x-w} ${x:+w} ${x+w} ${x:?w} ${x?w} ${x#p} ${x##p} ${x%p}
 * ${x%%p} ${x/p/r} ${x//p/r}.
 *
 * Values come from a callback, so that grammar/ knows nothing of environments. */
#ifndef GRAMMAR_EXPAND_H
#define GRAMMAR_EXPAND_H

#include "grammar/base/str.h"

enum expand_value { EXPAND_UNSET, EXPAND_KNOWN, EXPAND_UNKNOWN };

struct expand_env {
    /* Fills `value` when it answers EXPAND_KNOWN. */
    enum expand_value (*get)(void *self, struct str name, struct str *value);
    void *self;
};

enum expand_result {
    EXPAND_OK,      /* `out` is the word's value */
    EXPAND_DEPENDS, /* the value depends on a variable that is not known */
    EXPAND_BAD      /* BuildKit refuses the word (`${x:?}`, unclosed quote, bad modifier) */
};

/* One word with its quotes removed and variables replaced. `escape` is the file's escape character.
 */
enum expand_result expand_word(struct arena *a, struct str word, char escape,
                               const struct expand_env *env, struct str *out);

/* Names of the variables that the word mentions, in order, duplicates left out. False when the word
 * is bad. */
bool expand_names(struct arena *a, struct str word, char escape, struct strs *out);

/* A word in double quotes whose value is `value`. */
struct str expand_quote(struct arena *a, struct str value, char escape);

#endif
