/* What the gate compares: a file taken apart, stage by stage. Private to ir/gate*.c. */
#ifndef IR_GATE_MODEL_H
#define IR_GATE_MODEL_H

#include "ir/change.h"

/* A simple command, the whole of a RUN whose text is not understood, or an instruction other than
 * RUN. */
struct gate_item {
    enum { GATE_INSTR, GATE_COMMAND } kind;
    struct str text;
    struct str tidy; /* COMMAND: the text with the options that avoid a cache; may be empty */
    const struct instr *by; /* with its state; of an INSTR, its meaning too */
};

struct gate_items VEC_OF(struct gate_item);

struct gate_stage {
    struct gate_item from;
    struct gate_items files;    /* what changes the file system: commands, COPY, ADD, VOLUME */
    struct gate_items settings; /* all other instructions */
    struct gate_items added;    /* declared: they may stand anywhere */
    struct strs names;          /* of variables that commands may see with other values */
    struct strs flags;          /* of RUNs, that may come or go */
};

struct gate_stages VEC_OF(struct gate_stage);

struct gate_model {
    struct compile *c;
    bool tidy;                 /* fill gate_item.tidy */
    struct gate_stage outside; /* before the first FROM */
    struct gate_stages stages;
};

/* A file that was lowered and not rewritten. */
struct gate_model gate_model_of(struct compile *c, bool tidy);

/* Carries out a declared change. One that finds nothing to change does nothing: then the comparison
 * decides. */
void gate_expect(struct gate_model *m, const struct change *change);

#endif
