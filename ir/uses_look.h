/* What looks for uses, on its way through a stage. Private to ir/uses*.c. */
#ifndef IR_USES_LOOK_H
#define IR_USES_LOOK_H

#include "ir/command.h"
#include "ir/container.h"
#include "ir/context.h"
#include "ir/uses.h"

struct uses_look {
    struct compile *c;
    struct uses out;
    const struct stage *in;
    const struct instr *at;
    bool in_container;
    bool elsewhere;   /* in another stage's build */
    bool arguments;   /* CMD gives the scripts of ENTRYPOINT their arguments */
    bool in_packages; /* programs without a row are those of a language's packages */
    const struct container_scripts *container; /* the scripts that the container's command starts */
    struct strs languages;                     /* whose sources the container runs */
    struct strs registries;                    /* from which the build installs */
    const struct instr *language_at;
    struct strs scripts; /* of the context, read so far */
    unsigned steps;
};

/* ---- uses.c ---- */

/* Something is used: noted once for builds and once for the container. */
void uses_add(struct uses_look *l, struct used_list *to, struct str name, struct str detail);

void uses_add_unknown(struct uses_look *l, enum unknown_use why, struct str name);

/* ---- uses_packages.c ---- */

/* Packages that a command of that name calls for beside its own. */
void uses_add_helpers(struct uses_look *l, const struct invocation *run, struct str name);

/* What a package manager of a language installs. False when it is none, or installs nothing. */
bool uses_add_dependencies(struct uses_look *l, const struct invocation *run, struct str name);

/* ---- uses_settings.c ---- */

/* What programs of the container start that they are told by their settings. */
void uses_read_settings(struct uses_look *l);

/* ---- uses_commands.c ---- */

/* Who reads the script, by its first line. */
void uses_add_reader(struct uses_look *l, struct str text);

/* All that a script runs, and the scripts of the context that it starts. */
void uses_read_list(struct uses_look *l, const struct state *state, const struct sh_list *list);

#endif
