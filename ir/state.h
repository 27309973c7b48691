/* The state before each instruction: shell, user, workdir, environment. */
#ifndef IR_STATE_H
#define IR_STATE_H

#include "ir/ir.h"

/* What `i` makes of the state before it, for the instruction that follows in its stage. `global`
 * holds the ARGs before the first FROM: an ARG without a default takes theirs (Dockerfile
 * reference, "Scope"). */
struct state state_after(struct compile *c, const struct instr *i, const struct env *global);

/* The state after FROM: that of the stage it names, or what is known of an external image. */
struct state state_from(struct compile *c, const struct stage *stage, const struct state *base_end);

/* The language of the shell that `program` names, with or without its path. */
enum shell_kind state_shell_kind(struct str program);

/* The program that runs what RUN says in shell form; empty for a SHELL without words. */
struct str state_shell(const struct state *s);

/* The value of a Dockerfile word before `i`: quotes removed, variables replaced; an ARG's default
 * counts as known. False when it depends on something unknown. */
bool state_expand(struct compile *c, const struct state *s, struct str word, struct str *out);

/* The same SHELL in force; NULL is the default one. */
bool state_same_shell(const struct df_instr *a, const struct df_instr *b);

/* Root, or whom the base image runs as when nobody is named, which hardly ever is another. A group
 * does not matter. */
bool state_is_root(struct str user);

#endif
