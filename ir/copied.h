/* How many bytes COPY and ADD bring, as a layer holds them: what the build context shows. */
#ifndef IR_COPIED_H
#define IR_COPIED_H

#include "ir/ir.h"

struct copied {
    uint64_t bytes; /* at least these */
    bool whole;     /* and no more */
};

/* Of a COPY or ADD. What comes from another stage counts as far as that stage has it from the
 * context; downloads and the content of archives do not. */
struct copied copied_by(struct compile *c, const struct instr *i);

#endif
