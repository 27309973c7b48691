/* libFuzzer's entry: any bytes, read in both dialects; what parses keeps the rules of spans. */
#include "tests/shell_spans.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as(struct arena *a, struct str text, enum sh_dialect dialect)
{
    struct span_check check = {.arena = a, .text = text, .dialect = dialect};
    struct sh_error error = {0};
    struct sh_script *script = sh_parse(a, text, dialect, &error);
    if (!script && (error.message.len == 0 || error.at.end > text.len))
        abort();
    if (!script)
        return;
    check_spans(&check, script);
    if (check.broken)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct boundary boundary;
    struct arena *a = arena_new((size_t)1 << 30);
    arena_guard(a, &boundary);
    if (setjmp(boundary.at) == 0) {
        struct str text = str_dup(a, (struct str){(const char *)data, size});
        read_as(a, text, SH_BASH);
        read_as(a, text, SH_POSIX);
    }
    arena_free(a);
    return 0;
}
