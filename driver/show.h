/* What a run prints for one file. */
#ifndef DRIVER_SHOW_H
#define DRIVER_SHOW_H

#include "driver/compile.h"

/* The file's name for people. */
struct str show_path(const struct job *job);

/* For standard output, as the mode says: the text, a diff, the name, or nothing. */
struct str show_result(struct arena *a, const struct job *job, const struct compiled *compiled);

/* For standard error: diagnostics, and the remarks that were asked for. */
struct str show_messages(const struct compile *c, const struct session *session);

/* Prints on standard error what kept a file from being read, compiled or written: FILE: error:
 * WHAT: DETAIL (NULL: none). Needs no memory. */
void show_problem(const struct session *session, struct str path, const char *what,
                  const char *detail);

/* Prints on standard error that the file was rewritten. */
void show_rewritten(struct str path);

#endif
