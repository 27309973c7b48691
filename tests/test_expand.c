#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "grammar/expand.h"

enum { LIMIT = 64 * 1024 * 1024 };

/* x=abcabc, e is empty, p=a*, far is not known; all others are unset. */
static enum expand_value get(void *self, struct str name, struct str *value)
{
    (void)self;
    if (str_eq(name, LIT("far")))
        return EXPAND_UNKNOWN;
    if (!str_eq(name, LIT("x")) && !str_eq(name, LIT("e")) && !str_eq(name, LIT("p")))
        return EXPAND_UNSET;
    *value = str_eq(name, LIT("x")) ? LIT("abcabc") : str_eq(name, LIT("p")) ? LIT("a*") : LIT("");
    return EXPAND_KNOWN;
}

static const struct expand_env env = {.get = get};

struct expand_case {
    const char *word, *want;
    enum expand_result result;
};

static void check(const struct expand_case *c, char escape)
{
    struct arena *a = arena_new(LIMIT);
    struct str got = {0};
    enum expand_result result = expand_word(a, str_from_c(c->word), escape, &env, &got);
    if (result != c->result || (c->want && !str_eq(got, str_from_c(c->want))))
        fail_msg("%s gives %d, %.*s", c->word, (int)result, STR(got));
    arena_free(a);
}

#define CHECK_ALL(cases)                                                                           \
    for (size_t k = 0; k < sizeof(cases) / sizeof *(cases); k++)                                   \
    check(&(cases)[k], '\\')

static void test_values(void **state)
{
    static const struct expand_case cases[] = {
        {"a", "a", EXPAND_OK},
        {"", "", EXPAND_OK},
        {"$x", "abcabc", EXPAND_OK},
        {"${x}y", "abcabcy", EXPAND_OK},
        {"$xy", "", EXPAND_OK},
        {"$u.", ".", EXPAND_OK},
        {"$", "$", EXPAND_OK},
        {"a$ b", "a$ b", EXPAND_OK},
        {"$1a", "a", EXPAND_OK},
        {"'$x'", "$x", EXPAND_OK},
        {"\"$x'\"", "abcabc'", EXPAND_OK},
        {"\\$x", "$x", EXPAND_OK},
        {"\"\\$x\\a\\\\\"", "$x\\a\\", EXPAND_OK},
        {"a\\", "a", EXPAND_OK},
        {"a<b <<c", "a<b <<c", EXPAND_OK},
        {"${x:-d}", "abcabc", EXPAND_OK},
        {"${e:-d}", "d", EXPAND_OK},
        {"${e-d}", "", EXPAND_OK},
        {"${u-d$x}", "dabcabc", EXPAND_OK},
        {"${u:-${e:-'}'}}", "}", EXPAND_OK},
        {"${x:+d}", "d", EXPAND_OK},
        {"${e:+d}", "", EXPAND_OK},
        {"${e+d}", "d", EXPAND_OK},
        {"${u+d}", "", EXPAND_OK},
        {"${x:?d}", "abcabc", EXPAND_OK},
        {"${e?d}", "", EXPAND_OK},
        {"\xEF\xBB\xBF"
         "a",
         "a", EXPAND_OK},
        {"${\xE5\x8F\x98}", "", EXPAND_OK},
    };
    (void)state;
    CHECK_ALL(cases);
}

static void test_patterns(void **state)
{
    static const struct expand_case cases[] = {
        {"${x#a}", "bcabc", EXPAND_OK},
        {"${x#*b}", "cabc", EXPAND_OK},
        {"${x##*b}", "c", EXPAND_OK},
        {"${x#b}", "abcabc", EXPAND_OK},
        {"${x%c}", "abcab", EXPAND_OK},
        {"${x%b*}", "abca", EXPAND_OK},
        {"${x%%b*}", "a", EXPAND_OK},
        {"${x%?}", "abcab", EXPAND_OK},
        {"${x%%*}", "", EXPAND_OK},
        {"${x#\\a}", NULL, EXPAND_BAD},
        {"${x#\\*}", "abcabc", EXPAND_OK},
        {"${p#a\\*}", "", EXPAND_OK},
        {"${x/b/-}", "a-cabc", EXPAND_OK},
        {"${x//b/-}", "a-ca-c", EXPAND_OK},
        {"${x/b*/-}", "a-", EXPAND_OK},
        {"${x//?/-}", "------", EXPAND_OK},
        {"${x///-}", "-a-b-c-a-b-c-", EXPAND_OK},
        {"${x/b/\\/}", "a\\/cabc", EXPAND_OK},
        {"${x/q/-}", "abcabc", EXPAND_OK},
        {"${u/b/-}", "", EXPAND_OK},
    };
    (void)state;
    CHECK_ALL(cases);
}

static void test_refusals(void **state)
{
    static const struct expand_case cases[] = {
        {"'a", NULL, EXPAND_BAD},
        {"\"a", NULL, EXPAND_BAD},
        {"${x", NULL, EXPAND_BAD},
        {"${}", NULL, EXPAND_BAD},
        {"${", NULL, EXPAND_BAD},
        {"${:x}", NULL, EXPAND_BAD},
        {"${x^^}", NULL, EXPAND_BAD},
        {"${x:0:1}", NULL, EXPAND_BAD},
        {"${x=a}", NULL, EXPAND_BAD},
        {"${x:#a}", NULL, EXPAND_BAD},
        {"${x/a}", NULL, EXPAND_BAD},
        {"${u?d}", NULL, EXPAND_BAD},
        {"${e:?d}", NULL, EXPAND_BAD},
        {"${x:-'}", NULL, EXPAND_BAD},
        {"${\xE2\x82\xAC}", NULL, EXPAND_BAD},
    };
    (void)state;
    CHECK_ALL(cases);
}

static void test_unknown_variables(void **state)
{
    static const struct expand_case cases[] = {
        {"$far", NULL, EXPAND_DEPENDS},
        {"${far:-a}", NULL, EXPAND_DEPENDS},
        {"${x:-$far}", "abcabc", EXPAND_OK},
        {"${u:-$far}", NULL, EXPAND_DEPENDS},
        {"${u:+$far}", "", EXPAND_OK},
        {"${far:?}", NULL, EXPAND_DEPENDS},
        {"${x:-${far?}}", NULL, EXPAND_DEPENDS},
        {"${x#$far}", NULL, EXPAND_DEPENDS},
        {"$far${", NULL, EXPAND_BAD},
    };
    (void)state;
    CHECK_ALL(cases);
}

static void test_backtick_escape(void **state)
{
    static const struct expand_case word = {"`$x\\$x", "$x\\abcabc", EXPAND_OK};
    (void)state;
    check(&word, '`');
}

static void test_names(void **state)
{
    struct arena *a = arena_new(LIMIT);
    struct strs names;
    (void)state;
    assert_true(expand_names(a, LIT("$a${b:-$c}'$d'\"$a\"${e?}"), '\\', &names));
    assert_true(str_eq(str_join(a, &names, LIT(" ")), LIT("a c b e")));
    assert_false(expand_names(a, LIT("$a${"), '\\', &names));
    arena_free(a);
}

/* What is quoted has the value again, and needs no variable for it. */
static void test_quote(void **state)
{
    static const struct {
        const char *value, *quoted;
        char escape;
    } rows[] = {
        {"", "\"\"", '\\'},
        {"a  b", "\"a  b\"", '\\'},
        {"a 'b' \"c\"", "\"a 'b' \\\"c\\\"\"", '\\'},
        {"$x \\n", "\"\\$x \\\\n\"", '\\'},
        {"$x \\n`", "\"`$x \\n``\"", '`'},
    };
    struct arena *a = arena_new(LIMIT);
    struct str value;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str quoted = expand_quote(a, str_from_c(rows[i].value), rows[i].escape);
        assert_true(str_eq(quoted, str_from_c(rows[i].quoted)));
        assert_int_equal(expand_word(a, quoted, rows[i].escape, &env, &value), EXPAND_OK);
        assert_true(str_eq(value, str_from_c(rows[i].value)));
    }
    arena_free(a);
}

/* Deep nesting is given up, not followed. */
static void test_depth(void **state)
{
    enum { DEPTH = 100000 };
    struct arena *a = arena_new(LIMIT);
    struct buf word = {.arena = a};
    struct str value;
    (void)state;
    for (int k = 0; k < DEPTH; k++)
        buf_add(&word, LIT("${u:-"));
    assert_int_equal(expand_word(a, buf_str(&word), '\\', &env, &value), EXPAND_DEPENDS);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),          cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_refusals),        cmocka_unit_test(test_unknown_variables),
        cmocka_unit_test(test_backtick_escape), cmocka_unit_test(test_names),
        cmocka_unit_test(test_quote),           cmocka_unit_test(test_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
