/* The front end on any bytes: whatever it accepts has the properties of tests/df_properties.h. */
#include "tests/fuzz.h"

#include <stdlib.h>

#include "tests/df_properties.h"

enum { LIMIT = 64 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *a = arena_new(LIMIT);
    struct boundary boundary;
    if (!a)
        return 0;
    arena_guard(a, &boundary);
    if (!setjmp(boundary.at)) {
        struct str text = str_dup(a, (struct str){(const char *)bytes, size});
        if (df_broken_property(a, text))
            abort();
    }
    arena_free(a);
    return 0;
}
