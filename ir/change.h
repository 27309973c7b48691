/* Declared changes: what a pass changes on purpose.
 *
 * The gate (ir/gate.h) takes the input apart into what counts: the simple commands of its RUNs and
 * its other instructions, stage by stage and in order. The result must hold the same, but for what
 * the passes have declared here, in the order in which they did it. A pass declares in apply(),
 * beside the edit; rw_undo() takes back declarations like edits. What only spells anew, and the
 * options with which the catalog says that a command leaves no cache, need no declaration.
 *
 * Stages are numbered as they stand when the change is declared. */
#ifndef IR_CHANGE_H
#define IR_CHANGE_H

#include "ir/ir.h"

enum change_kind {
    CHANGE_COMMAND,   /* a simple command of a RUN is spelled differently, or gone */
    CHANGE_INSTR,     /* an instruction means something else, or is gone */
    CHANGE_ADD,       /* an instruction is new; of a RUN, its commands are */
    CHANGE_ENV,       /* commands may see another value of a variable */
    CHANGE_FLAG,      /* RUNs may have this flag, or no longer have it */
    CHANGE_ADD_STAGE, /* a stage is new: its FROM is `after` */
    CHANGE_DROP_STAGE
};

/* The place before the first FROM, where ARGs are. */
#define CHANGE_OUTSIDE ((unsigned)-1)

struct change {
    enum change_kind kind;
    unsigned stage;           /* index */
    struct str before, after; /* texts; `after` empty: gone */
    uint32_t from;            /* COMMAND, INSTR: where it, or its RUN, stood in the source; of equal
                                 ones, the first from there on is meant */
};

/* The simple command of RUN `i` whose text in its script is `before` (joined text: no
 * continuations) becomes `after`, or goes when that is empty. Words of commands inside
 * substitutions and inside backquotes belong to the command around them. */
void change_command(struct compile *c, const struct instr *i, struct str before, struct str after);

/* A RUN of the stage of `i` has the simple commands of the script too, wherever they stand. A
 * compound command is declared by the simple commands in it. */
void change_add_script(struct compile *c, const struct instr *i, struct str script);

/* Instruction `i`, no RUN and still as it was, becomes `after` (one instruction's text, with its
 * newline), or goes when that is empty. A FROM's stage stays. */
void change_instr(struct compile *c, const struct instr *i, struct str after);

/* Instruction `i`, still as it was, goes; of a RUN, all its commands do. */
void change_drop(struct compile *c, struct instr *i);

/* The new instruction `i`, already in its place (rw_insert_after). A RUN stands for all its
 * commands. */
void change_add(struct compile *c, const struct instr *i);

/* Instruction `i` (no RUN) has moved within its stage. A RUN that moves across COPY, ADD or VOLUME
 * is declared by moving these. */
void change_move(struct compile *c, const struct instr *i);

/* Commands of the stage may see another value of the variable, or a value where they saw none. */
void change_env(struct compile *c, const struct stage *stage, struct str name);

/* RUNs of the stage may have got this flag, as written (`--mount=type=bind,..`), or lost it. */
void change_flag(struct compile *c, const struct stage *stage, struct str flag);

/* A new stage with number `index`, whose FROM is `from`: stages from there on move up by one.
 * Declare before the instructions in it. */
void change_add_stage(struct compile *c, unsigned index, struct str from);

/* The stage, with all that is in it, is dropped: those behind it move down by one. */
void change_drop_stage(struct compile *c, const struct stage *stage);

#endif
