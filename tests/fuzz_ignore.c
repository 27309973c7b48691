/* libFuzzer's entry: a .dockerignore, and behind the first NUL byte a path. */
#include "ir/ignore.h"
#include "tests/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct boundary boundary;
    struct arena *a = arena_new((size_t)1 << 28);
    arena_guard(a, &boundary);
    if (setjmp(boundary.at) == 0) {
        struct str all = str_dup(a, (struct str){(const char *)data, size});
        size_t end = str_find(all, '\0');
        struct ignore ignore = {0};
        if (ignore_read(a, str_slice(all, 0, end), &ignore))
            ignore_hides(a, &ignore, str_slice(all, end + 1, all.len));
    }
    arena_free(a);
    return 0;
}
