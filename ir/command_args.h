/* A command's words read as its row says: options with their values, the verb, operands. Private to
 * ir/command*.c. */
#ifndef IR_COMMAND_ARGS_H
#define IR_COMMAND_ARGS_H

#include "ir/catalog/catalog.h"
#include "ir/command_words.h"

/* An option that was given. */
struct given {
    struct str name;                     /* as written, without an attached value */
    const struct command_option *option; /* NULL when the rows do not have it */
    struct value value;
    bool has_value;
    uint32_t at;             /* its word among the arguments' words */
    uint32_t words, n_words; /* COMMAND_TO_SEMICOLON: the command among the arguments' words */
};

struct givens VEC_OF(struct given);

struct command_args {
    const struct command *row;
    const struct verb *verb; /* NULL when the row has no verbs, or none of them was given */
    bool verb_unknown;       /* the row has verbs, and what was given is none of them */
    struct values words;     /* behind the command's name */
    struct givens options;
    struct values operands;
    size_t command;  /* where a command starts among `words`; words.n when there is none */
    size_t verb_end; /* behind the verb's last word among `words`; 0 when no word names it */
    size_t verb_at, verb_words; /* the words that stand where a verb is expected */
    bool dashes;                /* `--` was given */
};

/* Reads `words` (the fields behind the command's name). */
void command_args_read(struct arena *a, const struct command *row, struct values words,
                       struct command_args *out);

/* How the operands are used, how many are skipped first, and all that is done. */
enum use command_args_operands(const struct command_args *args);
size_t command_args_skip(const struct command_args *args);
uint64_t command_args_deeds(const struct command_args *args);

/* Whether an option with this use was given, and the value of the last one (NULL: none). */
bool command_args_has(const struct command_args *args, enum use use);
const struct value *command_args_value(const struct command_args *args, enum use use);

#endif
