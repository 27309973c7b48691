#include "grammar/base/diag.h"

static void add(struct diags *d, enum severity severity, struct span at, struct str message)
{
    if (severity == SEVERITY_ERROR)
        d->errors++;
    struct diag diag = {severity, at, message};
    vec_add(d->arena, d, diag);
}

void diag_error(struct diags *d, struct span at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(d, SEVERITY_ERROR, at, str_vprintf(d->arena, format, args));
    va_end(args);
}

void diag_warning(struct diags *d, struct span at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(d, SEVERITY_WARNING, at, str_vprintf(d->arena, format, args));
    va_end(args);
}
