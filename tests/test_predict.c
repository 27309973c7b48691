/* Predicted sizes: a Dockerfile, and what its last stage's image is predicted to hold. */
#include "ir/predict.h"
#include "tests/in_arena.h"
#include "tests/lowered.h"
#include "tests/memory_context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A context of three files, in blocks of 512 bytes: 2, 2 and 3 with their headers. */
static const char *const files[] = {
    "run.sh",
    "true",
    "src/a.c",
    "int a;",
    "src/b/long.c",
    "................................................................"
    "................................................................"
    "................................................................"
    "................................................................"
    "................................................................"
    "................................................................"
    "................................................................"
    "................................................................"
    "more",
    NULL};

static bool predict(struct arena *a, const char *text, struct prediction *out)
{
    struct memory memory = {files};
    struct context_ops context = memory_context(&memory);
    struct compile c = lowered(a, str_from_c(text), &context);
    return predict_image(&c, c.file->last_stage, out);
}

#define DEBIAN "FROM debian:bookworm-slim\n"
#define INSTALL "RUN apt-get update && apt-get install -y "
#define CLEAN " && rm -rf /var/lib/apt/lists/*\n"

enum { SLIM_MB = 75, KIB = 1024, LISTS = 19428 * KIB, RECORDS = 900 * KIB, BLOCK = 512 };

/* Beyond the base image. */
static uint64_t bytes_of(struct arena *a, const char *text, bool whole)
{
    struct prediction p;
    assert_true(predict(a, text, &p));
    assert_int_equal(p.whole, whole);
    return p.bytes - p.base;
}

static void test_base_alone(void **state)
{
    struct prediction p;
    assert_int_equal(bytes_of(*state, DEBIAN "CMD [\"x\"]\n", true), 0);
    assert_true(predict(*state, DEBIAN, &p));
    assert_int_equal(p.base, SLIM_MB * 1000 * 1000);
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
    uint64_t docs = bytes_of(*state, "FROM debian:bookworm\n" INSTALL "git" CLEAN, true);
    assert_true(lean > 40 * 1000 * 1000 && lean < full && full < docs);
    assert_int_equal(lists - full, LISTS);
}

static void test_lists_under_a_mount(void **state)
{
    const char *cached = DEBIAN "RUN --mount=type=cache,target=/var/lib/apt apt-get update\n";
    const char *other = DEBIAN "RUN --mount=type=cache,target=/var/lib/a apt-get update\n";
    assert_int_equal(bytes_of(*state, cached, true), 0);
    assert_int_equal(bytes_of(*state, other, true), LISTS);
}

static void test_packages_count_once(void **state)
{
    const char *once = DEBIAN INSTALL "make" CLEAN;
    const char *twice = DEBIAN INSTALL "make" CLEAN INSTALL "make" CLEAN;
    assert_int_equal(bytes_of(*state, twice, true) - bytes_of(*state, once, true), RECORDS);
}

static void test_what_may_not_happen_counts_nothing(void **state)
{
    const char *either = DEBIAN "RUN test -e /a || apt-get install -y git\n";
    const char *upgraded = DEBIAN "RUN apt-get upgrade -y\n";
    assert_int_equal(bytes_of(*state, either, false), 0);
    assert_int_equal(bytes_of(*state, upgraded, false), 0);
}

static void test_what_goes_in_the_same_run(void **state)
{
    const char *all = DEBIAN INSTALL "gcc && apt-get purge -y --auto-remove gcc" CLEAN;
    const char *one = DEBIAN INSTALL "gcc && apt-get purge -y gcc" CLEAN;
    const char *later = DEBIAN INSTALL "gcc" CLEAN "RUN apt-get purge -y --auto-remove gcc\n";
    const char *marked =
        DEBIAN "RUN set -e; kept=\"$(apt-mark showmanual)\"; apt-get update; apt-get "
               "install -y gcc; rm -rf /var/lib/apt/lists/*; apt-mark auto '.*' "
               "> /dev/null; apt-mark manual $kept; "
               "apt-get purge -y --auto-remove\n";
    uint64_t installed = bytes_of(*state, DEBIAN INSTALL "gcc" CLEAN, true);
    assert_int_equal(bytes_of(*state, marked, true), RECORDS);
    assert_int_equal(bytes_of(*state, all, true), RECORDS);
    assert_true(bytes_of(*state, one, true) < installed);
    assert_true(bytes_of(*state, one, true) > 40 * 1000 * 1000);
    assert_int_equal(bytes_of(*state, later, true), installed + RECORDS);
}

static void test_small_things(void **state)
{
    const char *light = DEBIAN "RUN mkdir -p /srv/a && useradd -m u && echo x > /etc/a\n";
    const char *heavy = DEBIAN "RUN make install\n";
    assert_int_equal(bytes_of(*state, light, true), 0);
    assert_int_equal(bytes_of(*state, heavy, false), 0);
}

static void test_copied_files(void **state)
{
    assert_int_equal(bytes_of(*state, DEBIAN "COPY run.sh /\n", true), 2 * BLOCK);
    assert_int_equal(bytes_of(*state, DEBIAN "COPY src /srv/\n", true), 5 * BLOCK);
    assert_int_equal(bytes_of(*state, DEBIAN "COPY . .\n", true), 7 * BLOCK);
    assert_int_equal(bytes_of(*state, DEBIAN "COPY src/*.c run.* /srv/\n", true), 4 * BLOCK);
    assert_int_equal(bytes_of(*state, DEBIAN "COPY <<a /srv/\nx\na\n", true), 2 * BLOCK);
    assert_int_equal(bytes_of(*state, DEBIAN "COPY absent /\n", false), 0);
    assert_int_equal(bytes_of(*state, DEBIAN "ADD https://example.org/a /\n", false), 0);
}

static void test_last_stage_alone(void **state)
{
    const char *built =
        "FROM golang:1.19 AS b\nRUN go build -o /x\n" DEBIAN "COPY --from=b /x /x\n";
    const char *copied =
        "FROM golang:1.19 AS b\nCOPY . /srv\nRUN make\n" DEBIAN "COPY --from=b /srv/src /srv/src\n";
    const char *root = "FROM golang:1.19 AS b\nCOPY . /\n" DEBIAN "COPY --from=b /src/b/ /b\n";
    assert_int_equal(bytes_of(*state, built, false), 0);
    assert_int_equal(bytes_of(*state, root, false), 3 * BLOCK);
    assert_int_equal(bytes_of(*state, copied, false), 5 * BLOCK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_base_alone, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_unknown_base, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_packages, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_lists_under_a_mount, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_packages_count_once, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_what_may_not_happen_counts_nothing, new_arena,
                                        free_arena),
        cmocka_unit_test_setup_teardown(test_what_goes_in_the_same_run, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_small_things, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_copied_files, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_last_stage_alone, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
