/* Words that texts name programs with. Private to ir/sources*.c. */
#ifndef IR_SOURCES_WORDS_H
#define IR_SOURCES_WORDS_H

#include "ir/ir.h"

struct words_reading {
    const struct catalog *catalog;
    struct map *words; /* word -> path of the file that has it first */
    struct str path, text;
};

/* Those at the start of quoted texts, and where a command stands in one that is shell code. */
void words_of_source(const struct words_reading *r);

/* .. and of values: behind `=`, `:` and `>`, and of items of a list. */
void words_of_settings(const struct words_reading *r);

void words_keep(struct map *words, struct str path, struct str word);

/* A byte of a name in most languages. */
bool words_is_name_byte(char b);

#endif
