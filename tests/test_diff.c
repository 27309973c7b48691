/* emit/compare, emit/diff, emit/escape. That the diffs apply is tested with git and patch, in
 * tests/cli.py. */
#include "emit/compare.h"
#include "emit/diff.h"
#include "emit/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int with_arena(void **state)
{
    *state = arena_new(256 * 1024 * 1024);
    return *state ? 0 : -1;
}

static int without_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void assert_str(struct str got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    if (got.len)
        assert_memory_equal(got.at, want, got.len);
}

/* ---- which lines ---- */

/* Each character is a line. */
static struct strs letters(struct arena *a, const char *text)
{
    struct strs lines = {0};
    for (const char *at = text; *at; at++) {
        struct str line = {at, 1};
        vec_add(a, &lines, line);
    }
    return lines;
}

static size_t count(const bool *marks, size_t n)
{
    size_t set = 0;
    for (size_t i = 0; i < n; i++)
        set += marks[i];
    return set;
}

/* The lines that are not marked must be the same in both. */
static void assert_common(const struct strs *before, const struct strs *after,
                          const struct comparison *marks)
{
    size_t b = 0, a = 0;
    for (;;) {
        while (b < before->n && marks->removed[b])
            b++;
        while (a < after->n && marks->added[a])
            a++;
        if (b == before->n || a == after->n)
            break;
        assert_true(str_eq(before->at[b++], after->at[a++]));
    }
    assert_int_equal(b, before->n);
    assert_int_equal(a, after->n);
}

/* The length of the longest common subsequence, by the textbook's table. */
static size_t longest_common(struct arena *arena, const struct strs *b, const struct strs *a)
{
    size_t width = a->n + 1;
    size_t *best = arena_array(arena, (b->n + 1) * width, sizeof *best);
    for (size_t i = 1; i <= b->n; i++)
        for (size_t j = 1; j <= a->n; j++) {
            size_t up = best[(i - 1) * width + j], left = best[i * width + j - 1];
            size_t longer = up > left ? up : left;
            bool equal = str_eq(b->at[i - 1], a->at[j - 1]);
            best[i * width + j] = equal ? best[(i - 1) * width + j - 1] + 1 : longer;
        }
    return best[b->n * width + a->n];
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void random_text(char *text, size_t most, uint32_t letters_used, uint32_t *seed)
{
    size_t n = next_random(seed) % most;
    for (size_t i = 0; i < n; i++)
        text[i] = (char)('a' + next_random(seed) % letters_used);
    text[n] = '\0';
}

static void test_comparison_is_right_and_shortest(void **state)
{
    uint32_t seed = 1;
    for (int round = 0; round < 3000; round++) {
        char b[40], a[40];
        uint32_t letters_used = 1 + next_random(&seed) % 6;
        random_text(b, sizeof b, letters_used, &seed);
        random_text(a, sizeof a, letters_used, &seed);
        struct strs before = letters(*state, b), after = letters(*state, a);
        struct comparison marks = compare_lines(*state, &before, &after);
        assert_common(&before, &after, &marks);
        assert_int_equal(before.n - count(marks.removed, before.n),
                         longest_common(*state, &before, &after));
        arena_reset(*state);
    }
}

/* Beyond the limit of the search it need not be shortest. */
static void test_comparison_of_unlike_texts_is_right(void **state)
{
    uint32_t seed = 2;
    for (int round = 0; round < 5; round++) {
        static char b[20000], a[20000];
        random_text(b, sizeof b, 26, &seed);
        random_text(a, sizeof a, 26, &seed);
        struct strs before = letters(*state, b), after = letters(*state, a);
        struct comparison marks = compare_lines(*state, &before, &after);
        assert_common(&before, &after, &marks);
        arena_reset(*state);
    }
}

/* ---- unified diffs ---- */

struct diff_case {
    const char *path, *before, *after, *want;
};

#define HEADER "--- a/f\n+++ b/f\n"
#define NO_NEWLINE "\\ No newline at end of file\n"

static const struct diff_case diff_cases[] = {
    {"f", "a\n", "a\n", ""},
    {"f", "", "", ""},
    {"f", "a\n", "b\n", HEADER "@@ -1 +1 @@\n-a\n+b\n"},
    {"f", "", "a\n", HEADER "@@ -0,0 +1 @@\n+a\n"},
    {"f", "a\n", "", HEADER "@@ -1 +0,0 @@\n-a\n"},
    {"f", "a", "a\n", HEADER "@@ -1 +1 @@\n-a\n" NO_NEWLINE "+a\n"},
    {"f", "a\n", "a", HEADER "@@ -1 +1 @@\n-a\n+a\n" NO_NEWLINE},
    {"f", "a\nb", "c\nb", HEADER "@@ -1,2 +1,2 @@\n-a\n+c\n b\n" NO_NEWLINE},
    {"f", "a\r\n", "b\r\n", HEADER "@@ -1 +1 @@\n-a\r\n+b\r\n"},
    {"f", "1\n2\n3\n4\nx\n", "1\n2\n3\n4\ny\n", HEADER "@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-x\n+y\n"},
    {"f", "x\n1\n2\n3\n4\n5\n6\ny\n", "1\n2\n3\n4\n5\n6\n",
     HEADER "@@ -1,8 +1,6 @@\n-x\n 1\n 2\n 3\n 4\n 5\n 6\n-y\n"},
    {"f", "x\n1\n2\n3\n4\n5\n6\n7\ny\n", "1\n2\n3\n4\n5\n6\n7\n",
     HEADER "@@ -1,4 +1,3 @@\n-x\n 1\n 2\n 3\n@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-y\n"},
    {"./f", "a\n", "b\n", HEADER "@@ -1 +1 @@\n-a\n+b\n"},
    {"/f", "a\n", "b\n", HEADER "@@ -1 +1 @@\n-a\n+b\n"},
    {"a b", "a\n", "b\n", "--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-a\n+b\n"},
    {"q\"\\", "a\n", "b\n", "--- \"a/q\\\"\\\\\"\n+++ \"b/q\\\"\\\\\"\n@@ -1 +1 @@\n-a\n+b\n"},
    {"\x1b", "a\n", "b\n", "--- \"a/\\033\"\n+++ \"b/\\033\"\n@@ -1 +1 @@\n-a\n+b\n"},
    {"caf\xc3\xa9", "a\n", "b\n", "--- a/caf\xc3\xa9\n+++ b/caf\xc3\xa9\n@@ -1 +1 @@\n-a\n+b\n"},
};

static void test_diffs(void **state)
{
    for (size_t i = 0; i < sizeof diff_cases / sizeof *diff_cases; i++) {
        const struct diff_case *c = &diff_cases[i];
        struct diff_input input = {str_from_c(c->path), str_from_c(c->before),
                                   str_from_c(c->after)};
        struct buf out = {.arena = *state};
        diff_unified(&out, &input, (struct diff_style){0});
        assert_str(buf_str(&out), c->want);
    }
}

static void test_diff_for_a_terminal(void **state)
{
    struct diff_input input = {LIT("f"), LIT("\x1b[1m\r\n"), LIT("b\n")};
    struct buf out = {.arena = *state};
    diff_unified(&out, &input, (struct diff_style){.escape = true});
    assert_str(buf_str(&out), HEADER "@@ -1 +1 @@\n-\\x1b[1m\\r\n+b\n");
}

/* ---- escaping ---- */

struct escape_case {
    const char *text, *in_line, *in_text;
};

static const struct escape_case escape_cases[] = {
    {"", "", ""},
    {"plain", "plain", "plain"},
    {"a\tb\n", "a\\tb\\n", "a\tb\n"},
    {"a\r\nb\rc", "a\\r\\nb\\rc", "a\r\nb\\rc"},
    {"\x1b[2J\x7f", "\\x1b[2J\\x7f", "\\x1b[2J\\x7f"},
    {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb3", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb3",
     "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb3"},
    {"\xe2\x80\xae", "\\u202e", "\\u202e"},                 /* right-to-left override */
    {"\xc2\x9b", "\\u009b", "\\u009b"},                     /* C1: control sequence introducer */
    {"\x9b\xff\xc3", "\\x9b\\xff\\xc3", "\\x9b\\xff\\xc3"}, /* not UTF-8 */
};

static void test_escapes(void **state)
{
    for (size_t i = 0; i < sizeof escape_cases / sizeof *escape_cases; i++) {
        struct buf line = {.arena = *state}, text = {.arena = *state};
        escape_line(&line, str_from_c(escape_cases[i].text));
        escape_text(&text, str_from_c(escape_cases[i].text));
        assert_str(buf_str(&line), escape_cases[i].in_line);
        assert_str(buf_str(&text), escape_cases[i].in_text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_comparison_is_right_and_shortest, with_arena,
                                        without_arena),
        cmocka_unit_test_setup_teardown(test_comparison_of_unlike_texts_is_right, with_arena,
                                        without_arena),
        cmocka_unit_test_setup_teardown(test_diffs, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(test_diff_for_a_terminal, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(test_escapes, with_arena, without_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
