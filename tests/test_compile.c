/* driver/compile: whatever fails below becomes one message, and the file stays as it was. */
#include "driver/compile.h"
#include "ir/catalog/catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const inputs[] = {
    "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n",
    ("FROM golang AS build\nRUN cd /src && go build -o /app ./...\n"
     "FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n"),
    "FROM alpine\nRUN <<EOF\nset -e\nfor x in a b; do echo \"$x\"; done\nEOF\nCMD echo $HOME\n",
    "ARG V=1\nFROM base:$V\nENV a=b \\\n  c=${V:-2}\n# dfopt: off\nRUN x \\\n# inside\n  && y\n",
    "FROM debian\nFRM x\n",
    "",
};

struct trial {
    struct arena *arena;
    struct command_line line;
    struct session session;
    struct settings settings;
};

static int begin(void **state)
{
    static struct trial trial;
    trial = (struct trial){.arena = arena_new(64 * 1024 * 1024)};
    trial.line = (struct command_line){.passes = {.level = 3}, .diff = true, .remarks = ~0u};
    trial.settings = (struct settings){
        .passes = trial.line.passes, .catalog = catalog_shipped(), .no_context = true};
    trial.session = (struct session){.line = &trial.line, .err_snippet = true};
    *state = &trial;
    return trial.arena ? 0 : -1;
}

static int end(void **state)
{
    arena_free(((struct trial *)*state)->arena);
    return 0;
}

static struct compiled compile_text(struct trial *t, struct str text, size_t fail_at)
{
    struct job job = {LIT("Dockerfile"), text, &t->session, &t->settings};
    struct compiled out;
    arena_reset(t->arena);
    arena_fail_at(t->arena, fail_at);
    compile_file(t->arena, &job, &out);
    return out;
}

/* The n-th allocation fails, for every n until the compile comes through. */
static void test_each_allocation_may_fail(void **state)
{
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct str text = str_from_c(inputs[i]);
        struct compiled whole = compile_text(*state, text, 0);
        assert_null(whole.failure);
        enum verdict verdict = whole.verdict;
        size_t n = 1;
        for (;; n++) {
            struct compiled out = compile_text(*state, text, n);
            if (!out.failure) {
                assert_int_equal(out.verdict, verdict);
                break;
            }
            assert_string_equal(out.failure, "out of memory");
            assert_int_equal(out.verdict, FILE_REFUSED);
            assert_int_equal(out.shown.len + out.messages.len + out.text.len, 0);
        }
        assert_true(n > 10 || !text.len);
    }
}

static void test_memory_has_a_limit(void **state)
{
    struct trial *t = *state;
    struct arena *roomy = t->arena;
    t->arena = arena_new(64 * 1024);
    struct buf text = {.arena = roomy};
    buf_add(&text, LIT("FROM debian\n"));
    for (int i = 0; i < 2000; i++)
        buf_add(&text, LIT("RUN echo x && echo y\n"));
    struct compiled out = compile_text(t, buf_str(&text), 0);
    assert_int_equal(out.verdict, FILE_REFUSED);
    assert_non_null(strstr(out.failure, "memory limit"));
    arena_free(t->arena);
    t->arena = roomy;
}

/* Every prefix of every input: an answer, and no change where there are errors. */
static void test_each_prefix_is_answered(void **state)
{
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct str text = str_from_c(inputs[i]);
        for (size_t n = 0; n <= text.len; n++) {
            struct compiled out = compile_text(*state, str_slice(text, 0, n), 0);
            assert_null(out.failure);
            if (out.verdict == FILE_REFUSED)
                assert_true(out.messages.len > 0 && !out.shown.len);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_allocation_may_fail, begin, end),
        cmocka_unit_test_setup_teardown(test_memory_has_a_limit, begin, end),
        cmocka_unit_test_setup_teardown(test_each_prefix_is_answered, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
