/* "did you mean": the nearest of several names, as BuildKit's util/suggest chooses it. */
#ifndef GRAMMAR_SUGGEST_H
#define GRAMMAR_SUGGEST_H

#include "grammar/base/str.h"

/* ` (did you mean NAME?)`, or empty when no name is within two edits of `word`. */
struct str suggest(struct arena *a, struct str word, const struct strs *names);

/* The same for instructions: `names` are in upper case, and the answer has the case of `word`. */
struct str suggest_keyword(struct arena *a, struct str word, const struct strs *names);

#endif
