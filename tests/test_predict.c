/* Predicted sizes: a Dockerfile, and what its last stage's image is predicted to hold. */
#include "ir/catalog/catalog.h"
#include "ir/options.h"
#include "ir/predict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int new_arena(void **state)
{
    *state = arena_new(64 * 1024 * 1024);
    return *state ? 0 : -1;
}

static int free_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static bool predict(struct arena *a, const char *text, struct prediction *out)
{
    static const struct options options = {.level = 2};
    struct compile c = {.arena = a,
                        .src = source_of(a, LIT("Dockerfile"), str_from_c(text)),
                        .diags = {.arena = a},
                        .remarks = {.arena = a},
                        .catalog = catalog_shipped(),
                        .opt = &options};
    assert_true(lower_file(&c));
    return predict_image(&c, c.file->last_stage, out);
}

#define DEBIAN "FROM debian:bookworm-slim\n"
#define INSTALL "RUN apt-get update && apt-get install -y "
#define CLEAN " && rm -rf /var/lib/apt/lists/*\n"

enum { SLIM_MB = 75 };

static uint64_t bytes_of(struct arena *a, const char *text, bool whole)
{
    struct prediction p;
    assert_true(predict(a, text, &p));
    assert_int_equal(p.whole, whole);
    return p.bytes - (uint64_t)SLIM_MB * 1000 * 1000;
}

static void test_base_alone(void **state)
{
    assert_int_equal(bytes_of(*state, DEBIAN "CMD [\"x\"]\n", true), 0);
    assert_int_equal(bytes_of(*state, DEBIAN "COPY a /\n", false), 0);
}

static void test_unknown_base(void **state)
{
    struct prediction p;
    assert_false(predict(*state, "FROM example.org/unknown\n", &p));
    assert_false(predict(*state, "FROM scratch\n", &p));
}

static void test_packages(void **state)
{
    uint64_t lean = bytes_of(*state, DEBIAN INSTALL "--no-install-recommends git" CLEAN, true);
    uint64_t full = bytes_of(*state, DEBIAN INSTALL "git" CLEAN, true);
    uint64_t lists = bytes_of(*state, DEBIAN INSTALL "git\n", true);
    assert_true(lean > 40 * 1000 * 1000 && lean < full);
    assert_int_equal(lists - full, 19428 * 1024);
}

static void test_packages_count_once(void **state)
{
    const char *once = DEBIAN INSTALL "make" CLEAN;
    const char *twice = DEBIAN INSTALL "make" CLEAN INSTALL "make" CLEAN;
    assert_int_equal(bytes_of(*state, once, true), bytes_of(*state, twice, true));
}

static void test_what_may_not_happen_counts_nothing(void **state)
{
    const char *either = DEBIAN "RUN test -e /a || apt-get install -y git\n";
    const char *purged = DEBIAN "RUN apt-get install -y gcc && make && apt-get purge -y gcc\n";
    assert_int_equal(bytes_of(*state, either, false), 0);
    assert_int_equal(bytes_of(*state, purged, false), 0);
}

static void test_last_stage_alone(void **state)
{
    const char *split =
        "FROM golang:1.19 AS b\nRUN go build -o /x\n" DEBIAN "COPY --from=b /x /x\n";
    assert_int_equal(bytes_of(*state, split, false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_base_alone, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_unknown_base, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_packages, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_packages_count_once, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_what_may_not_happen_counts_nothing, new_arena,
                                        free_arena),
        cmocka_unit_test_setup_teardown(test_last_stage_alone, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
