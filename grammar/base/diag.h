/* Diagnostics: collected here, shown by the driver.
 *
 * Who finds the user's input wrong reports it here and returns false or NULL; nobody below the
 * driver prints. */
#ifndef GRAMMAR_BASE_DIAG_H
#define GRAMMAR_BASE_DIAG_H

#include "grammar/base/str.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

struct diag {
    enum severity severity;
    struct span at; /* in the source's text; start == end points between bytes */
    struct str message;
};

struct diags {
    struct arena *arena;
    struct diag *at;
    uint32_t n, cap;
    size_t errors;
};

/* Each formats its message into the arena. */
void diag_error(struct diags *d, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_warning(struct diags *d, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
