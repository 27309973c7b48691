/* -dev packages that a project is built with: its files, and the packages, in the order in which
 * they are found. */
#include "ir/headers.h"
#include "tests/in_arena.h"
#include "tests/lowered.h"
#include "tests/memory_context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What images to build in have. */
static struct strs packages(struct arena *a)
{
    static const char *const names[] = {"libcurl4-openssl-dev", "libsqlite3-dev",
                                        "libxml2-dev",          "libpq-dev",
                                        "libyaml-dev",          "zlib1g-dev"};
    struct strs all = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        vec_add(a, &all, str_from_c(names[i]));
    return all;
}

static const struct {
    const char *language;
    const char *files[8];
    const char *want;
} rows[] = {
    {"c",
     {"a.c", "#include <curl/curl.h>\n#  include \"sqlite3.h\"\n", NULL},
     "libcurl4-openssl-dev libsqlite3-dev"},
    {"c", {"a.c", "#include <libxml/parser.h>\n#include \"own/yaml.h\"\n", NULL}, "libxml2-dev"},
    {"c", {"a.c", "/* curl/curl.h, -lpq */\n#include <stdio.h>\n#include <zlib\n", NULL}, ""},
    {"c", {"a.c", "", "Makefile", "LDLIBS = -lpq -lm # -lyamlx\n", NULL}, "libpq-dev"},
    {"c",
     {"a.c", "", "CMakeLists.txt", "find_package(CURL)\nlink(x SQLite::SQLite3)\n", NULL},
     "libcurl4-openssl-dev libsqlite3-dev"},
    {"c",
     {"a.c", "", "configure.ac", "PKG_CHECK_MODULES([X], [libxml-2.0 >= 2])\n", NULL},
     "libxml2-dev"},
    {"rust",
     {"src/main.rs", "#include <yaml.h>", "Cargo.lock", "name = \"pq-sys\"\n", NULL},
     "libpq-dev"},
    {"go", {"main.go", "#include <yaml.h>", "Makefile", "-lpq", NULL}, ""},
};

static void test_used(void **state)
{
    struct strs all = packages(*state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct memory memory = {rows[i].files};
        struct context_ops ops = memory_context(&memory);
        struct compile c = lowered(*state, LIT("FROM scratch\n"), &ops);
        struct strs used = {0};
        assert_true(headers_used(&c, str_from_c(rows[i].language), &all, &used));
        struct str got = str_join(*state, &used, LIT(" "));
        if (!str_eq(got, str_from_c(rows[i].want)))
            fail_msg("row %zu: %.*s", i, STR(got));
    }
}

/* Without a context nothing is known. */
static void test_no_context(void **state)
{
    struct compile c = lowered(*state, LIT("FROM scratch\n"), NULL);
    struct strs all = packages(*state), used = {0};
    assert_false(headers_used(&c, LIT("c"), &all, &used));
}

static void test_linked(void **state)
{
    struct compile c = lowered(*state, LIT("FROM scratch\n"), NULL);
    struct strs some = {0};
    vec_add(c.arena, &some, LIT("libglib2.0-dev"));
    struct strs all = headers_among(&c, &some);
    assert_true(strs_have(&all, LIT("libglib2.0-dev")));
    assert_true(strs_have(&all, LIT("zlib1g-dev"))); /* that it depends on */
    assert_false(strs_have(&all, LIT("libcurl4-openssl-dev")));
    assert_true(str_eq(headers_linked(&c, &all, LIT("glib-2.0")), LIT("libglib2.0-dev")));
    assert_true(str_eq(headers_linked(&c, &all, LIT("z")), LIT("zlib1g-dev")));
    assert_int_equal(headers_linked(&c, &all, LIT("curl")).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_used, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_no_context, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_linked, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
