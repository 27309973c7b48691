/* What must hold for every Dockerfile that the front end accepts; shared by the unit tests, the
 * corpus check and the fuzzer. */
#ifndef TESTS_DF_PROPERTIES_H
#define TESTS_DF_PROPERTIES_H

#include "grammar/dockerfile.h"

/* Reads `text`; a sentence about the first property that does not hold, or NULL: leads, texts and
 * tail tile the file; joined and shell texts map back to their bytes; each instruction's own bytes
 * give the same tree again. */
const char *df_broken_property(struct arena *a, struct str text);

#endif
