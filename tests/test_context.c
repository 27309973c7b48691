/* The build context: from a path of the container to the file of the context. */
#include "ir/catalog/catalog.h"
#include "ir/context.h"
#include "ir/options.h"
#include "tests/in_arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

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

/* A directory is what files are below. */
static void look_listed(void *self, struct str path, struct context_entry *out)
{
    (void)self;
    *out = (struct context_entry){.kind = CONTEXT_ABSENT};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct str file = str_from_c(files[i]);
        if (str_eq(path, file))
            *out = (struct context_entry){.kind = CONTEXT_FILE, .mode = 0644, .size = path.len};
        else if (str_starts(file, path) && file.at[path.len] == '/')
            *out = (struct context_entry){.kind = CONTEXT_DIRECTORY, .mode = 0755};
    }
}

static bool has_entry(const struct context_entries *all, struct str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->at[i].name, name))
            return true;
    return false;
}

/* Last first, so that sorting shows. */
static bool list_listed(void *self, struct str path, struct arena *a, struct context_entries *out)
{
    struct str inside = path.len ? str_concat(a, path, LIT("/")) : path;
    for (size_t i = sizeof files / sizeof *files; i-- > 0;) {
        struct str file = str_from_c(files[i]);
        if (!str_starts(file, inside))
            continue;
        struct str rest = str_slice(file, inside.len, file.len);
        struct context_entry e;
        rest = str_slice(rest, 0, str_find(rest, '/'));
        if (has_entry(out, rest))
            continue;
        look_listed(self, str_concat(a, inside, rest), &e);
        e.name = rest;
        vec_add(a, out, e);
    }
    return true;
}

/* The ignore file is what the test lends. */
static enum tri ignore_lent(void *self, struct arena *a, struct str *text)
{
    (void)a;
    *text = str_from_c(self ? self : "");
    return self ? YES : NO;
}

static const struct context_ops listed = {read_listed, look_listed, list_listed, ignore_lent, NULL};

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
    {"COPY ?.sh /", "/a.sh", "a.sh"},
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
        struct str file = str_printf(*state, "FROM example.com/base AS s\n%s\n", rows[i].copies);
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

/* ---- what the build sees ---- */

static struct str list_of(struct arena *a, const struct context_entries *all)
{
    struct strs names = {0};
    for (size_t i = 0; all && i < all->n; i++)
        vec_add(a, &names, all->at[i].name);
    return all ? str_join(a, &names, LIT(" ")) : LIT("?");
}

static const struct {
    const char *ignore, *copies, *directory, *lists, *files;
} views[] = {
    {NULL, "", "", "a.sh b.sh bin conf", "a.sh b.sh bin/a.sh bin/deep/c.sh conf/a.sh/d"},
    {NULL, "", "bin/", "a.sh deep", "bin/a.sh bin/deep/c.sh"},
    {NULL, "", "none", "?", "?"},
    {NULL, "", "a.sh", "?", "?"},
    {NULL, "COPY a.sh /", "bin", "a.sh deep", "bin/a.sh bin/deep/c.sh"},
    {NULL, "COPY none /", "bin", "?", "?"},
    {NULL, "COPY none* $X /", "bin", "a.sh deep", "bin/a.sh bin/deep/c.sh"},
    {"bin", "", "", "a.sh b.sh conf", "a.sh b.sh conf/a.sh/d"},
    {"bin", "", "bin", "?", "?"},
    {"bin", "COPY bin /", "", "?", "?"},
    {"*\n!bin/deep", "", "", "bin", "bin/deep/c.sh"},
    {"*\n!bin/deep", "", "bin", "deep", "bin/deep/c.sh"},
    {"[", "", "", "?", "?"},
};

static void test_views(void **state)
{
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        struct str file = str_printf(*state, "FROM debian:12 AS s\n%s\n", views[i].copies);
        struct compile c = lowered(*state, file.at);
        struct context_ops ops = listed;
        struct context_entries all = {0};
        ops.self = (void *)(uintptr_t)views[i].ignore;
        c.context = &ops;
        struct str directory = str_from_c(views[i].directory);
        assert_str(list_of(*state, context_lists(&c, directory)), views[i].lists);
        bool known = context_files(&c, directory, &all);
        assert_str(list_of(*state, known ? &all : NULL), views[i].files);
    }
}

static void test_presence(void **state)
{
    struct compile c = lowered(*state, "FROM debian:12\nCOPY a.sh /\n");
    assert_int_equal(context_kind(&c, LIT("./bin//a.sh")), CONTEXT_FILE);
    assert_int_equal(context_kind(&c, LIT("")), CONTEXT_DIRECTORY);
    assert_int_equal(context_has(&c, LIT("none")), NO);
    assert_int_equal(context_has(&c, LIT("../x")), MAYBE);
    c = lowered(*state, "FROM debian:12\nCOPY other.sh /\n");
    assert_int_equal(context_has(&c, LIT("none")), MAYBE);
    assert_int_equal(context_has(&c, LIT("bin")), YES);
    c.context = NULL;
    assert_int_equal(context_has(&c, LIT("bin")), MAYBE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_paths, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_copies, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_search_is_bounded, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_views, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_presence, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
