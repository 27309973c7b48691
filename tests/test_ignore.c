/* .dockerignore: patterns and paths. Each row is a whole file, a path, and whether it is hidden. */
#include "ir/ignore.h"
#include "tests/in_arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *file, *path;
    bool hidden;
} rows[] = {
    {"", "a", false},
    {"a", "a", true},
    {"a", "a/b/c", true},
    {"a", "b/a", false},
    {"a", "ab", false},
    {"/a", "a", true},
    {"./a/", "a/b", true},
    {"x/../a", "a", true},
    {"../a", "a", false},
    {"  a \t\r\n", "a", true},
    {"# a\na", "a", true},
    {"#a", "#a", false},
    {" #a", "#a", true}, /* a comment starts the line */
    {"\xEF\xBB\xBF# x\na", "a", true},
    {"\n\na", "a", true},
    {".", "a", false},
    {"/", "a", false},

    {"*", "a", true},
    {"*", "a/b", true},
    {"*.o", "x.o", true},
    {"*.o", "d/x.o", false},
    {"*/x", "d/x", true},
    {"*/x", "d/e/x", false},
    {"*/x", "x", false},
    {"?", "a", true},
    {"?", "ab", false},
    {"a?c", "a/c", false},
    {"a?c",
     "a\xC3\xA4"
     "c",
     true},
    {"a.c", "abc", false},
    {"a+", "aa", false},
    {"a(b)", "a(b)", true},
    {"[ab].o", "a.o", true},
    {"[ab].o", "c.o", false},
    {"[a-c].o", "b.o", true},
    {"[^a-c].o", "b.o", false},
    {"[^a-c].o", "x.o", true},
    {"x[^a]y", "x/y", true}, /* as the regular expression has it */
    {"a\\*", "a*", true},
    {"a\\*", "ab", false},

    {"**", "a/b", true},
    {"**/x", "x", true},
    {"**/x", "a/x", true},
    {"**/x", "a/b/x/y", true},
    {"**/x", "ax", false},
    {"**x", "ax", true}, /* compared as an end */
    {"**/*.o", "x.o", true},
    {"**/*.o", "a/b/x.o", true},
    {"a/**", "a/b/c", true},
    {"a/**", "a", false},
    {"a/**/z", "a/z", true},
    {"a/**/z", "a/b/c/z", true},
    {"a/**/z", "a/bz", false},
    {"a**z", "az", true},
    {"a**z", "ab/z", true},
    {"a**z", "abz", false},
    {"**/a/**/b/*", "x/a/y/b/c", true},
    {"**a**", "x/a/y", true}, /* begins with directories, or with none */
    {"**a**", "xay", false},

    {"*\n!a", "a", false},
    {"*\n!a", "b", true},
    {"*\n!a", "a/b", false},
    {"!a\n*", "a", true},
    {"*.md\n!R*.md\nR2.md", "R1.md", false},
    {"*.md\n!R*.md\nR2.md", "R2.md", true},
    {"d\n!d/keep", "d/keep", false},
    {"d\n!d/keep", "d/other", true},
    {"d\n!d/keep", "d", true},
    {"! a\na", "a", true},
    {"a\n!  /a", "a", false},
    {"d/x\n!d", "d/x", true}, /* the directory had not been hidden: not asked again below it */
    {"**\n!**/*.go", "a/b.go", false},
    {"**\n!**/*.go", "a/b.c", true},
};

static void test_rows(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ignore ignore = {0};
        assert_true(ignore_read(*state, str_from_c(rows[i].file), &ignore));
        if (ignore_hides(*state, &ignore, str_from_c(rows[i].path)) != rows[i].hidden)
            fail_msg("%s: %s is%s hidden", rows[i].file, rows[i].path,
                     rows[i].hidden ? " not" : "");
    }
}

/* Refused by BuildKit, or left to its regular expressions. */
static const char *const refused[] = {"!",    "a\n! ", "[",    "[]",    "[a",      "a]",  "[z-a]",
                                      "\\d+", "a^b",   "a[*]", "[[a]]", "[\\w]*x", "a\\", "[a-]"};

static void test_refused(void **state)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct ignore ignore = {0};
        if (ignore_read(*state, str_from_c(refused[i]), &ignore))
            fail_msg("%s is read", refused[i]);
    }
}

/* Time is the product of pattern and path, also where there are many ways to match. */
static void test_many_stars(void **state)
{
    struct buf pattern = {.arena = *state}, path = {.arena = *state};
    for (size_t i = 0; i < 60; i++)
        buf_add(&pattern, LIT("**/*a*"));
    buf_add(&pattern, LIT("/x"));
    for (size_t i = 0; i < 500; i++)
        buf_add(&path, LIT("aaaa/"));
    struct ignore ignore = {0};
    assert_true(ignore_read(*state, buf_str(&pattern), &ignore));
    assert_false(ignore_hides(*state, &ignore, str_slice(buf_str(&path), 0, 300)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_refused, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_many_stars, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
