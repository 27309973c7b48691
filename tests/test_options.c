/* driver/options: what a command line means. That errors reach the user is tested in tests/cli.py.
 */
#include "driver/options.h"

#include "ir/remark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_ARGUMENTS = 16 };

static int with_arena(void **state)
{
    *state = arena_new(1024 * 1024);
    return *state ? 0 : -1;
}

static int without_arena(void **state)
{
    arena_free(*state);
    return 0;
}

/* Reads a command line whose arguments stand between single blanks. */
static bool read_line(struct arena *a, const char *text, struct command_line *line,
                      struct str *problem)
{
    char *argv[MOST_ARGUMENTS + 1] = {(char *)str_dup(a, LIT("dfopt")).at};
    int argc = 1;
    struct str rest = str_from_c(text);
    while (rest.len && argc < MOST_ARGUMENTS) {
        size_t end = str_find(rest, ' ');
        argv[argc++] = (char *)str_dup(a, str_slice(rest, 0, end)).at;
        rest = str_slice(rest, end + 1, rest.len);
    }
    return options_read(a, argc, argv, line, problem);
}

static struct command_line good(void **state, const char *text)
{
    struct command_line line;
    struct str problem = LIT("");
    if (!read_line(*state, text, &line, &problem))
        fail_msg("'%s' is refused: %.*s", text, STR(problem));
    return line;
}

static void assert_str(struct str got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    if (got.len)
        assert_memory_equal(got.at, want, got.len);
}

static void test_defaults(void **state)
{
    struct command_line line = good(state, "Dockerfile");
    assert_int_equal(line.passes.level, 2);
    assert_int_equal(line.request, REQUEST_RUN);
    assert_int_equal(line.remarks, 0);
    assert_int_equal(line.color, COLOR_AUTO);
    assert_int_equal(line.workers, 0);
    assert_int_equal(line.passes.pin, PIN_TAG);
    assert_false(line.diff || line.write || line.list || line.check || line.dump);
    assert_int_equal(line.paths.n, 1);
    assert_str(line.paths.at[0], "Dockerfile");
}

static void test_levels(void **state)
{
    assert_int_equal(good(state, "-O0 f").passes.level, 0);
    assert_int_equal(good(state, "-O 1 f").passes.level, 1);
    assert_int_equal(good(state, "f -O3").passes.level, 3);
    assert_int_equal(good(state, "-O1 -O2 f").passes.level, 2);
}

static void test_toggles_keep_their_order(void **state)
{
    struct command_line line =
        good(state, "--disable=all --enable=merge-run,,inline-cleanup --disable merge-run f");
    static const struct {
        const char *pass;
        bool on;
    } want[] = {
        {"all", false}, {"merge-run", true}, {"inline-cleanup", true}, {"merge-run", false}};
    assert_int_equal(line.passes.toggles.n, sizeof want / sizeof *want);
    for (size_t i = 0; i < line.passes.toggles.n; i++) {
        assert_str(line.passes.toggles.at[i].pass, want[i].pass);
        assert_int_equal(line.passes.toggles.at[i].on, want[i].on);
    }
}

static void test_remark_kinds_add_up(void **state)
{
    unsigned applied = 1u << REMARK_APPLIED, missed = 1u << REMARK_MISSED;
    unsigned all = applied | missed | 1u << REMARK_NOTE;
    assert_int_equal(good(state, "-R f").remarks, applied);
    assert_int_equal(good(state, "--remarks f").remarks, applied);
    assert_int_equal(good(state, "--remarks=missed f").remarks, missed);
    assert_int_equal(good(state, "-R --remarks=missed f").remarks, applied | missed);
    assert_int_equal(good(state, "--remarks=all f").remarks, all);
}

static void test_values(void **state)
{
    struct command_line line = good(state, "--target=Build,Test --context=c -o out -j3 f");
    assert_int_equal(line.passes.targets.n, 2);
    assert_str(line.passes.targets.at[0], "build");
    assert_str(line.passes.targets.at[1], "test");
    assert_str(line.context, "c");
    assert_str(line.output, "out");
    assert_int_equal(line.workers, 3);
    assert_str(good(state, "--files-from list -0 -l").files_from, "list");
    assert_int_equal(good(state, "--color f").color, COLOR_ALWAYS);
    assert_int_equal(good(state, "--color=never f").color, COLOR_NEVER);
    assert_non_null(good(state, "--dump=canon f").dump);
}

static void test_letters_and_names_may_be_joined_and_mixed(void **state)
{
    struct command_line line = good(state, "a -wRv b -- -d");
    assert_true(line.write && line.verbose && line.remarks);
    assert_false(line.diff);
    assert_int_equal(line.paths.n, 3);
    assert_str(line.paths.at[2], "-d");
    assert_true(good(state, "--verb f").verbose);
}

static void test_requests(void **state)
{
    assert_int_equal(good(state, "--help --nonsense").request, REQUEST_HELP);
    assert_int_equal(good(state, "--version").request, REQUEST_VERSION);
    assert_int_equal(good(state, "--list-passes").request, REQUEST_LIST_PASSES);
    assert_str(good(state, "--explain=merge-run").explain, "merge-run");
}

/* What is refused, and a part of what is said about it. */
static const struct {
    const char *text, *problem;
} refused[] = {
    {"", "no Dockerfile"},
    {"-O4 f", "0, 1, 2, 3"},
    {"-O-1 f", "0, 1, 2, 3"},
    {"-O99999999999999999999 f", "0, 1, 2, 3"},
    {"-x f", "'-x'"},
    {"--exotic f", "'--exotic'"},
    {"--co f", "'--co'"},
    {"--write=yes f", "no value"},
    {"f --context", "--context needs"},
    {"f -j", "-j needs"},
    {"-j 99999 f", "-j 99999"},
    {"--enable=loop-unrolling f", "'loop-unrolling'"},
    {"--dump=nonsense f", "'nonsense'"},
    {"--pin=sometimes f", "off, tag, digest"},
    {"--color=green f", "auto, always, never"},
    {"--check -w f", "--check"},
    {"-dl f", "-d and -l"},
    {"-o x -d f", "-o"},
    {"--dump=canon -l f", "--dump"},
    {"-w -", "standard input"},
    {"--files-from=- -", "standard input"},
    {"-0 f", "--files-from"},
    {"-qv f", "-q and -v"},
    {"--report=json f", "--report"},
    {"--config=x --no-config f", "--config"},
};

static void test_refusals_say_what_is_wrong(void **state)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct command_line line;
        struct str problem = LIT("");
        if (read_line(*state, refused[i].text, &line, &problem))
            fail_msg("'%s' is taken", refused[i].text);
        if (str_search(problem, str_from_c(refused[i].problem)) == problem.len)
            fail_msg("'%s': %.*s", refused[i].text, STR(problem));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_arena, without_arena)
    const struct CMUnitTest tests[] = {
        TEST(test_defaults),
        TEST(test_levels),
        TEST(test_toggles_keep_their_order),
        TEST(test_remark_kinds_add_up),
        TEST(test_values),
        TEST(test_letters_and_names_may_be_joined_and_mixed),
        TEST(test_requests),
        TEST(test_refusals_say_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
