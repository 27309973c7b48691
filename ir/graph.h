/* Stages that use stages: FROM, COPY --from, RUN --mount from=; and which stages ship. */
#ifndef IR_GRAPH_H
#define IR_GRAPH_H

#include "ir/ir.h"

/* Fills stage->base. `global` holds the ARGs before the first FROM. Earlier stages must be in the
 * list already. */
void graph_resolve_base(struct compile *c, struct stage *stage, const struct env *global);

/* Adds what `i` (COPY, ADD, RUN, ONBUILD of these) takes from elsewhere to its stage's uses. */
void graph_add_uses(struct compile *c, struct instr *i);

/* Fills `ships` of every stage, from the targets that are kept and what they are FROM. */
void graph_mark_shipping(struct compile *c);

#endif
