/* The build context: from a path of the container to the file of the context. */
#include "ir/catalog/catalog.h"
#include "ir/context.h"
#include "ir/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static int new_arena(void **state)
{
    *state = arena_new(16 * 1024 * 1024);
    return *state ? 0 : -1;
}

static int free_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void assert_str(struct str got, const char *want)
{
    assert_int_equal(got.len, str_from_c(want).len);
    assert_memory_equal(got.at, want, got.len);
}

/* ---- paths ---- */

static const struct {
    const char *path, *want; /* NULL: it leaves the root */
} paths[] = {
    {"", ""},         {"/", ""},         {".", ""},           {"a", "a"},
    {"/a/b/", "a/b"}, {"./a//b", "a/b"}, {"a/../b/.", "b"},   {"a/..", ""},
    {"..", NULL},     {"/../a", NULL},   {"a/../../a", NULL}, {"...", "..."},
};

static void test_paths(void **state)
{
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct str got;
        bool ok = context_path(*state, str_from_c(paths[i].path), &got);
        assert_int_equal(ok, paths[i].want != NULL);
        if (ok)
            assert_str(got, paths[i].want);
    }
}

/* ---- COPY ---- */

/* The context: each file holds its own path. */
static const char *const files[] = {"a.sh", "b.sh", "bin/a.sh", "bin/deep/c.sh", "conf/a.sh/d"};

static bool read_listed(void *self, struct str path, struct arena *a, struct str *text)
{
    (void)self;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!str_eq(path, str_from_c(files[i])))
            continue;
        *text = str_dup(a, path);
        return true;
    }
    return false;
}

static const struct context_ops listed = {read_listed, NULL};

static struct compile lowered(struct arena *a, const char *text)
{
    static const struct options options = {.level = 1};
    struct compile c = {.arena = a,
                        .src = source_of(a, LIT("Dockerfile"), str_from_c(text)),
                        .diags = {.arena = a},
                        .remarks = {.arena = a},
                        .catalog = catalog_shipped(),
                        .opt = &options,
                        .context = &listed};
    assert_true(lower_file(&c));
    return c;
}

static const struct {
    const char *copies, *path, *want; /* want NULL: not found */
} rows[] = {
    {"COPY a.sh /x", "/x", "a.sh"},
    {"COPY a.sh /", "/a.sh", "a.sh"},
    {"COPY a.sh /opt", "/opt/a.sh", "a.sh"},
    {"COPY a.sh /opt/", "/opt", NULL},
    {"COPY a.sh b.sh /opt", "/opt/b.sh", "b.sh"},
    {"COPY a.sh b.sh /opt", "/opt", NULL},
    {"COPY [\"a.sh\", \"/x y\"]", "/x y", "a.sh"},
    {"ADD --chmod=755 /a.sh /x", "/x", "a.sh"},
    {"COPY . /app", "/app/bin/deep/c.sh", "bin/deep/c.sh"},
    {"COPY . /app", "/application/a.sh", NULL},
    {"COPY . /app", "/app", NULL},
    {"COPY ./bin/ /", "/deep/c.sh", "bin/deep/c.sh"},
    {"COPY bin /app/", "/app/bin/a.sh", NULL},
    {"COPY bin /app", "/app/a.sh", "bin/a.sh"},
    {"COPY * /app/", "/app/b.sh", "b.sh"},
    {"COPY bin/*.sh /", "/a.sh", "bin/a.sh"},
    {"COPY bin/*.py /", "/a.sh", NULL},
    {"COPY bin/*a*.s*h /", "/a.sh", "bin/a.sh"},
    {"COPY */a.sh /", "/a.sh", NULL},
    {"COPY ?.sh /", "/a.sh", NULL},
    {"COPY conf /", "/a.sh", NULL},
    {"COPY ../a.sh /", "/a.sh", NULL},
    {"COPY --from=b a.sh /", "/a.sh", NULL},
    {"COPY --parents bin/a.sh /", "/a.sh", NULL},
    {"COPY a.sh <<x /opt/\nx", "/opt/a.sh", NULL},
    {"COPY a.sh x", "/x", NULL},
    {"WORKDIR /w\nCOPY a.sh x", "/w/x", "a.sh"},
    {"WORKDIR /w\nCOPY a.sh .", "/w/a.sh", "a.sh"},
    {"WORKDIR /w\nCOPY a.sh .", "./a.sh", "a.sh"},
    {"WORKDIR /w\nCOPY a.sh ../v/", "/v/a.sh", "a.sh"},
    {"COPY a.sh /\nWORKDIR $W", "./a.sh", NULL},
    {"ARG D=/d\nENV N=b\nCOPY ${N}.sh $D/", "/d/b.sh", "b.sh"},
    {"COPY $X.sh /", "/a.sh", NULL},
    {"COPY a.sh /x\nCOPY b.sh /x", "/x", "b.sh"},
    {"COPY b.sh /x\nCOPY none /x", "/x", "b.sh"},
    {"COPY a.sh /usr/local/bin/", "a.sh", "a.sh"},
    {"COPY a.sh /bin/run", "run", "a.sh"},
    {"COPY a.sh /opt/bin/", "a.sh", NULL},
    {"COPY . /", "/../a.sh", NULL},
    {"COPY a.sh /x\nFROM s", "/x", "a.sh"},
    {"COPY a.sh /x\nFROM other", "/x", NULL},
};

static void test_copies(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str file = str_printf(*state, "FROM debian:12 AS s\n%s\n", rows[i].copies);
        struct compile c = lowered(*state, file.at);
        struct str text = {0};
        unsigned steps = 0;
        bool ok = context_file(&c, c.file->last, str_from_c(rows[i].path), &steps, &text);
        if (ok != (rows[i].want != NULL))
            fail_msg("%s: %s is%s found", rows[i].copies, rows[i].path, ok ? "" : " not");
        if (ok)
            assert_str(text, rows[i].want);
    }
}

static void test_search_is_bounded(void **state)
{
    struct buf b = {.arena = *state};
    buf_add(&b, LIT("FROM debian:12\nCOPY a.sh /x\n"));
    for (unsigned i = 0; i < CONTEXT_STEPS; i++)
        buf_add(&b, LIT("USER 0\n"));
    buf_char(&b, '\0');
    struct compile c = lowered(*state, b.at);
    struct str text;
    unsigned steps = 0;
    assert_false(context_file(&c, c.file->last, LIT("/x"), &steps, &text));
    c.context = NULL;
    steps = 0;
    assert_false(context_file(&c, c.file->last, LIT("/x"), &steps, &text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_paths, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_copies, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_search_is_bounded, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
