/* Edits: the only way to change the IR.
 *
 * Each edit re-reads the instruction it touches, so that no stale tree exists; pointers into an
 * instruction's old AST are dead afterwards, the `struct instr` stays. Edits are journalled, and
 * can be undone back to a mark. */
#ifndef IR_REWRITE_H
#define IR_REWRITE_H

#include "ir/ir.h"

/* Gives `i` other bytes. False, and nothing changes, when they are not exactly one instruction that
 * BuildKit accepts. */
bool rw_replace(struct compile *c, struct instr *i, struct str text);

/* One replacement in an instruction's own bytes: those of `at` give way to `text` (empty `at`: an
 * insertion). */
struct edit {
    struct span at;
    struct str text;
};

/* Replaces stretches of `i`; every other byte stays. Edits are in ascending order and do not
 * overlap. False as rw_replace(). */
bool rw_splice(struct compile *c, struct instr *i, const struct edit *edits, size_t n);

/* As rw_splice(), where the new text means the same (normal_same()): what is derived from `i` stays
 * as it is, and nothing is derived anew. False also when it does not mean the same. */
bool rw_respell(struct compile *c, struct instr *i, const struct edit *edits, size_t n);

/* The text that these edits give. */
struct str rw_spliced(struct compile *c, const struct instr *i, const struct edit *edits, size_t n);

/* Takes `i` out of the file. With `keep_lead` its lead goes to the instruction that follows (or to
 * the tail); without, an edit has placed its comments elsewhere. */
void rw_delete(struct compile *c, struct instr *i, bool keep_lead);

/* A new instruction behind `at`, of its stage (FROM opens the next one), with `lead` above it. Both
 * end in a newline; where the file's last line has none, the new last line has none either. Its
 * origin, for remarks, is that of `at`; pragmas of `at` hold for it. NULL, and nothing changes,
 * when `text` is not one instruction that BuildKit accepts. */
struct instr *rw_insert_after(struct compile *c, struct instr *at, struct str lead,
                              struct str text);

/* Moves `i`, its lead with it, right behind `at` (which is not `i`). */
void rw_move_after(struct compile *c, struct instr *i, struct instr *at);

/* Where the journal stands; rw_undo() takes back all edits since. */
size_t rw_mark(const struct compile *c);
void rw_undo(struct compile *c, size_t mark);

#endif
