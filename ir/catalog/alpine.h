/* What becomes of an image of Debian's on Alpine. Package names are in ir/catalog/packages.h. */
#ifndef IR_CATALOG_ALPINE_H
#define IR_CATALOG_ALPINE_H

#include "ir/catalog/packages.h"

/* A family whose images of Alpine do the same as those of Debian. */
struct alpine_image {
    struct str name;
    const struct str *users; /* accounts that both have */
    size_t n_users;
    const struct str *packages; /* Debian's names of what the one of Alpine has */
    size_t n_packages;
    const struct str *paths; /* trees that both fill alike */
    size_t n_paths;
    const struct str *served; /* trees of files that are read and never run */
    size_t n_served;
    const struct str *configuration; /* trees of the settings of its program */
    size_t n_configuration;
    const struct str *marks; /* texts in settings that hold on Debian alone */
    size_t n_marks;
    bool runs; /* its own command is a program, not a shell */
    struct str source, date;
};

/* What busybox takes of a command. */
struct busybox_command {
    const struct str *names;
    size_t n_names;
    const struct str *options; /* with which it does the same */
    size_t n_options;
    const struct str *except; /* words with which it does not: globs */
    size_t n_except;
    bool told;    /* every word has to be known, unless its output is only shown */
    bool builtin; /* bash has its own */
    struct str source, date;
};

/* How an option is written there. */
struct ported_option {
    const struct str *names;
    size_t n_names;
    struct str becomes;     /* empty: nothing */
    const struct str *with; /* one of these must be given too */
    size_t n_with;
    bool named;  /* its value is a name */
    bool number; /* .. the number of a new account */
    bool shell;  /* .. an interpreter */
};

struct ported_default {
    const struct str *without; /* when none of these is given */
    size_t n_without;
    struct str add;
    struct str package; /* that this needs, by Debian's name; may be empty */
};

/* How a command of Debian's is written for busybox. Its one operand stays. */
struct ported_command {
    struct str name, becomes;
    const struct str *asks; /* one of these must be given */
    size_t n_asks;
    const struct ported_option *options;
    size_t n_options;
    const struct ported_default *otherwise;
    size_t n_otherwise;
    struct str source, date;
};

/* A program that scripts and accounts name by its path. */
struct interpreter {
    struct str name;    /* its path on Debian */
    struct str alpine;  /* on Alpine; empty: the same */
    struct str package; /* Debian's name of the one that has it; empty: all images do */
    struct str source, date;
};

/* Each gives NULL when there is no such row. */
const struct alpine_image *catalog_alpine_image(const struct catalog *c, struct str family);
const struct busybox_command *catalog_busybox(const struct catalog *c, struct str command);
const struct ported_command *catalog_port(const struct catalog *c, struct str command);
const struct interpreter *catalog_interpreter(const struct catalog *c, struct str path);

/* A language package that runs on musl, with all that it requires; as struct module. */
const struct module *catalog_musl(const struct catalog *c, struct str manager_name);

#endif
