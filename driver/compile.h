/* One file, from its bytes to what is to be written and shown.
 *
 * Here is the boundary: whatever fails below (memory, a limit, a CHECK) becomes one message, and
 * the file stays as it was. */
#ifndef DRIVER_COMPILE_H
#define DRIVER_COMPILE_H

#include "driver/config.h"
#include "driver/predicted.h"

/* What is the same for all files of a run. */
struct session {
    const struct command_line *line;
    const struct settings **settings; /* of each file, in their order */
    struct str directory;             /* the current one, absolute; empty when it cannot be told */
    bool out_color, err_color;        /* colours on standard output, on standard error */
    bool out_escape;                  /* standard output is a terminal */
    bool err_snippet;                 /* source lines below messages */
};

struct job {
    struct str path; /* "-" for standard input */
    struct str text; /* the file's bytes; they outlive the result */
    const struct session *session;
    const struct settings *settings;
};

enum verdict { FILE_REFUSED, FILE_SAME, FILE_CHANGED };

/* Slices are in the arena or in the job's text. */
struct compiled {
    enum verdict verdict;
    struct str text;          /* what the file becomes; not for dumps and refused files */
    struct str shown;         /* for standard output */
    struct str messages;      /* for standard error */
    struct str ignore_path;   /* --dockerignore: the file to write; empty: none */
    struct str ignore_text;   /* .. and all of its text */
    struct predicted sizes;   /* of a changed file, when they are to be shown */
    bool gate_refused;        /* the result would not have meant the same: our mistake */
    const char *failure;      /* what stopped the compile; NULL when it came to its end */
    struct boundary boundary; /* where failures arrive */
};

/* Compiles; all memory comes from `a`, which the caller has reset. */
void compile_file(struct arena *a, const struct job *job, struct compiled *out);

#endif
