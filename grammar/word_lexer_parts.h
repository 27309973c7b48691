/* What the word lexer's two files share: word_lexer.c reads words, quotes and escapes,
 * substitution.c what follows a `$`. Nobody else includes it. */
#ifndef GRAMMAR_WORD_LEXER_PARTS_H
#define GRAMMAR_WORD_LEXER_PARTS_H

#include "grammar/word_lexer.h"

enum { LEX_END = -1 }; /* text/scanner's EOF */

/* The rune that comes, or LEX_END; lex_next() also takes it. */
int32_t lex_peek(const struct word_lexer *l);
int32_t lex_next(struct word_lexer *l);

/* Appends to the result. */
void lex_put(struct word_lexer *l, int32_t rune);

/* Text in braces up to and with `stop`, processed. False when it does not come. */
bool lex_operand(struct word_lexer *l, int32_t stop, bool raw_escapes);

/* A variable's name: digits alone, one special parameter, or letters, digits and `_`. May be empty.
 */
struct str lex_name(struct word_lexer *l);

/* Appends the value of $x or ${x}; without an environment, `as_written`. */
void lex_variable(struct word_lexer *l, struct str name, struct str as_written);

/* From behind `${` to behind its `}`. False when BuildKit refuses it. */
bool lex_braces(struct word_lexer *l);

#endif
