/* What a stage uses of the system below it: commands, packages of languages, and what cannot be
 * named.
 *
 * In the build: what its RUNs run, the scripts of the context among it, and what the package
 * managers of languages install, as operands or manifests say. In the container: the command, the
 * scripts that it starts, and the programs that sources of the context start. Each use has the
 * instruction that shows it. */
#ifndef IR_USES_H
#define IR_USES_H

#include "ir/command.h"
#include "ir/ir.h"

/* Why something is used that has no name here. X(name, what the detail is). */
enum unknown_use {
    UNKNOWN_SHELL,    /* a text that is not understood; the detail is empty */
    UNKNOWN_PROGRAM,  /* a program or recipe that is not seen: its name */
    UNKNOWN_MANIFEST, /* what a package manager installs: its name, or the manifest's */
    UNKNOWN_SOURCES,  /* the sources of a language are not seen, or not all: the language */
    UNKNOWN_LIBRARY,  /* a source is linked with, or opens, native libraries: its path */
    UNKNOWN_STARTED   /* a source starts programs, none of which it names: its path */
};

struct used {
    struct str name;   /* of an unknown use: its detail */
    struct str detail; /* of a language package: the version asked for */
    bool extras;       /* .. with optional parts, which are packages of their own */
    const struct instr *at;
    bool in_container; /* else in the build */
    bool elsewhere;    /* in the build of another stage, from which it is copied */
    enum unknown_use why;
};

struct used_list VEC_OF(struct used);

/* One step of a script that runs, as it was read. */
struct used_step {
    struct step step;
    const struct sh_list *list; /* the script that it is of: a RUN's own, or one of the context */
    const struct instr *at;
    enum shell_kind shell; /* that reads the script */
    bool in_container, elsewhere;
    bool in_packages; /* a script of a manifest: programs without a row are those of packages */
    bool arguments;   /* runs what CMD says, which is read by itself */
};

struct used_steps VEC_OF(struct used_step);

struct uses {
    struct used_list commands; /* names without a path */
    struct used_list modules;  /* "pip:psycopg2" */
    struct used_list packages; /* Debian packages that these commands call for beside their own */
    struct used_list paths;    /* absolute paths that are read, as far as they are known */
    struct used_list installs; /* packages that the RUNs install, as effects name them */
    struct used_list unknown;
    struct used_list readers; /* of scripts and programs of the context, as their first lines name
                                 them: "/bin/bash"; "bash" where env looks for it */
    struct used_steps steps;
    struct strs settled;   /* programs that start others, whose settings are read */
    struct strs languages; /* whose sources the container runs */
};

/* Of a stage and of those that are FROM it. Programs that sources start are looked for among
 * `candidates`: commands that somebody wants to take away (NULL: the sources are not asked). */
struct uses uses_of(struct compile *c, const struct stage *s, const struct strs *candidates);

/* The first use of the name; NULL when there is none. */
const struct used *uses_find(const struct used_list *list, struct str name);

#endif
