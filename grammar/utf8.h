/* Runes: UTF-8 read as Go reads it, because BuildKit is written in Go.
 *
 * A byte that starts no valid sequence is one rune, U+FFFD, of one byte; over-long forms and
 * surrogates are invalid. */
#ifndef GRAMMAR_UTF8_H
#define GRAMMAR_UTF8_H

#include "grammar/base/str.h"

enum { RUNE_BAD = 0xFFFD, RUNE_BOM = 0xFEFF, RUNE_LAST = 0x10FFFF };

struct rune {
    uint32_t value;
    uint32_t len; /* bytes; 0 only when there was nothing to read */
};

/* The first rune of `s`. */
struct rune utf8_first(struct str s);

/* Appends `rune`; what is no code point becomes U+FFFD. */
void utf8_add(struct buf *b, uint32_t rune);

/* Go's unicode.IsSpace, IsLetter and IsDigit. */
bool rune_is_space(uint32_t rune);
bool rune_is_letter(uint32_t rune);
bool rune_is_digit(uint32_t rune);

/* Without Unicode white space at the left end, or at both. */
struct str utf8_trim_left(struct str s);
struct str utf8_trim(struct str s);

/* A copy in which each invalid byte has become U+FFFD, as text has that went through Go's runes. */
struct str utf8_valid(struct arena *a, struct str s);

/* Lower case as far as it can become ASCII: A to Z, and the Kelvin sign and the dotted I, whose
 * lower case Unicode has in ASCII. Other runes stay, which is enough to compare with keywords. */
struct str utf8_lower(struct arena *a, struct str s);

#endif
