/* BuildKit's word lexer (frontend/dockerfile/shell/lex.go): quotes, escapes, `$` and `<<`.
 *
 * It serves two ends. Expansion wants a word's value; it gives an environment. The search for
 * here-documents wants a line's words, quotes and substitutions kept; it gives none, and
 * substitutions are then written out again. Where the two differ it says so. */
#ifndef GRAMMAR_WORD_LEXER_H
#define GRAMMAR_WORD_LEXER_H

#include "grammar/expand.h"

struct lexed_word {
    struct str text;
    struct span at; /* in the text that was lexed */
};

struct lexed_words VEC_OF(struct lexed_word);

struct word_lexer {
    /* Set by the caller. */
    struct arena *arena;
    struct str text;
    char escape;
    bool raw_quotes;              /* quotes stay in the result */
    bool raw_escapes;             /* escape characters stay in the result */
    const struct expand_env *env; /* NULL: every variable is unset, and its substitution is kept */

    /* Answers. */
    bool depends;  /* the result depends on a variable whose value is not known */
    bool may_fail; /* such a variable may make BuildKit refuse the word */
    bool too_deep; /* substitutions nest deeper than we follow them; the lexing failed */

    /* Private. */
    size_t at;
    unsigned depth;
    struct buf out;  /* the value; in splitting, a substitution's text alone */
    struct buf word; /* splitting: the word under construction */
    bool in_word;    /* splitting: it has begun */
    uint32_t begin;  /* splitting: where */
    struct lexed_words *words;
};

/* Go's ProcessWord: the value of `text`. False when BuildKit refuses it. */
bool lex_value(struct word_lexer *l, struct str *out);

/* Go's ProcessWords: `text` split at white space that is not quoted. False as above. */
bool lex_split(struct word_lexer *l, struct lexed_words *out);

#endif
