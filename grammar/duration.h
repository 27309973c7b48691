/* The values of HEALTHCHECK's flags, as Go reads them. */
#ifndef GRAMMAR_DURATION_H
#define GRAMMAR_DURATION_H

#include "grammar/base/str.h"

enum duration {
    DURATION_GOOD,  /* empty, zero, or a millisecond and more */
    DURATION_SHORT, /* negative, or more than zero and less than a millisecond */
    DURATION_BAD    /* no duration (Go's time.ParseDuration) */
};

enum duration duration_check(struct str text);

/* A decimal number of 32 bits that is not negative (strconv.ParseInt). */
bool retries_pass(struct str text);

#endif
