/* The JSON form of an instruction's arguments, by the rules of Go's encoding/json. */
#ifndef GRAMMAR_JSON_H
#define GRAMMAR_JSON_H

#include "grammar/dockerfile.h"

enum json_form {
    JSON_NONE,  /* no JSON array: BuildKit reads the text form, silently */
    JSON_MIXED, /* an array with elements that are no strings: BuildKit refuses it */
    JSON_WORDS  /* an array of strings */
};

/* Reads `text`. The words' spans count in `text` and include the quotes. */
enum json_form json_words(struct arena *a, struct str text, struct df_words *words);

#endif
