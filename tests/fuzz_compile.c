/* A whole compile as the driver makes it: every pass, every remark, a diff. */
#include "tests/fuzz.h"

#include "driver/compile.h"

static const char *arguments[] = {"dfopt",        "-O3",         "--enable=all", "--remarks=all",
                                  "--no-context", "--no-config", "-d",           "Dockerfile"};

static void compile(struct arena *a, struct str text)
{
    struct command_line line;
    struct str problem;
    struct compiled result;
    int n = sizeof arguments / sizeof *arguments;
    if (!options_read(a, n, (char **)arguments, &line, &problem))
        abort();
    struct session session = {.line = &line, .err_snippet = true};
    struct config config = {.arena = a, .line = &line};
    struct job job = {LIT("Dockerfile"), text, &session, config_for(&config, LIT("-"))};
    compile_file(a, &job, &result);
    /* Only a limit may end a compile; and the gate has no reason to refuse our own result. */
    if (result.failure && str_starts(str_from_c(result.failure), LIT("internal error")))
        abort();
    if (result.gate_refused)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new((size_t)64 * 1024 * 1024);
    struct boundary boundary = {.why = NULL};
    if (!a)
        return 0;
    arena_guard(a, &boundary);
    if (setjmp(boundary.at) == 0)
        compile(a, (struct str){(const char *)data, size});
    arena_free(a);
    return 0;
}
