/* Program sources: signs in them, and what they name. */
#include "ir/catalog/catalog.h"
#include "ir/context.h"
#include "ir/options.h"
#include "ir/sources.h"
#include "tests/in_arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct file_in_memory {
    const char *name, *text;
};

/* One directory of files; `self` is the list, which ends with a NULL name. */
static bool read_file(void *self, struct str path, struct arena *a, struct str *text)
{
    (void)a;
    for (const struct file_in_memory *f = self; f->name; f++)
        if (str_eq(path, str_from_c(f->name)) && f->text) {
            *text = str_from_c(f->text);
            return true;
        }
    return false;
}

static struct context_entry entry_of(const struct file_in_memory *f)
{
    return (struct context_entry){.name = str_from_c(f->name),
                                  .kind = CONTEXT_FILE,
                                  .mode = 0644,
                                  .size = f->text ? strlen(f->text) : 1};
}

static void look(void *self, struct str path, struct context_entry *out)
{
    *out =
        (struct context_entry){.name = path, .kind = path.len ? CONTEXT_ABSENT : CONTEXT_DIRECTORY};
    for (const struct file_in_memory *f = self; f->name; f++)
        if (str_eq(path, str_from_c(f->name)))
            *out = entry_of(f);
}

static bool list(void *self, struct str path, struct arena *a, struct context_entries *out)
{
    for (const struct file_in_memory *f = self; f->name && !path.len; f++)
        vec_add(a, out, entry_of(f));
    return path.len == 0;
}

static enum tri ignore(void *self, struct arena *a, struct str *text)
{
    (void)self;
    (void)a;
    (void)text;
    return NO;
}

static const struct {
    const char *language;
    enum source_trait trait;
    struct file_in_memory files[3];
    enum tri want;
} signs[] = {
    {"go", SOURCE_COMMANDS, {{"a.go", "import \"os/exec\""}}, YES},
    {"go", SOURCE_COMMANDS, {{"a.go", "package main"}, {"b.go", "import \"os/exec\""}}, YES},
    {"go", SOURCE_COMMANDS, {{"a.go", "package main"}}, NO},
    {"go", SOURCE_COMMANDS, {{"a_test.go", "import \"os/exec\""}, {"a.go", ""}}, NO},
    {"go", SOURCE_COMMANDS, {{"a.txt", "import \"os/exec\""}}, NO},
    {"go", SOURCE_COMMANDS, {{"a.go", NULL}}, MAYBE},
    {"go", SOURCE_COMMANDS, {{"a.go", NULL}, {"b.go", "import \"os/exec\""}}, YES},
    {"c", SOURCE_COMMANDS, {{"a.c", "int filesystem(int);"}}, NO},
    {"c", SOURCE_COMMANDS, {{"a.c", "return system(\"ls\");"}}, YES},
    {"c", SOURCE_COMMANDS, {{"a.c", "popen_x(); popen"}}, YES},
    {"c", SOURCE_COMMANDS, {{"a.c", "popen_x(); xpopen()"}}, NO},
    {"cobol", SOURCE_COMMANDS, {{"a.cbl", ""}}, MAYBE},
    {"go", SOURCE_CERTIFICATES, {{"a.go", "\t\"net/http\"\n http.ListenAndServe()"}}, NO},
    {"go", SOURCE_CERTIFICATES, {{"a.go", "\t\"net/http\"\n http.Get(u)"}}, YES},
    {"go", SOURCE_CERTIFICATES, {{"a.go", "\tweb \"net/http\"\n web.Get(u)"}}, YES},
    {"go", SOURCE_SYSTEM, {{"a.go", "os.CreateTemp(\"\", x)"}}, YES},
    {"go", SOURCE_SYSTEM, {{"a.go", "os.Create(x)"}}, NO},
    {"javascript", SOURCE_SYSTEM, {{"a.js", "// see /etc/hosts"}}, NO},
    {"javascript", SOURCE_SYSTEM, {{"a.js", "read('/etc/hosts')"}}, YES},
    {"javascript", SOURCE_ACCOUNTS, {{"a.js", "require('os').userInfo()"}}, YES},
    {"c", SOURCE_UNWINDING, {{"a.c", "pthread_exit(NULL);"}}, YES},
    {"c", SOURCE_UNWINDING, {{"a.c", "pthread_join(t, NULL);"}}, NO},
};

static struct compile *compile_with(struct arena *a, const struct file_in_memory *files)
{
    struct compile *c = arena_alloc(a, sizeof *c);
    struct context_ops *ops = arena_alloc(a, sizeof *ops);
    *ops = (struct context_ops){read_file, look, list, ignore, (void *)(uintptr_t)files};
    c->arena = a;
    c->src = source_of(a, LIT("Dockerfile"), LIT("FROM a\nCOPY . .\n"));
    c->diags.arena = c->remarks.arena = a;
    c->catalog = catalog_shipped();
    c->opt = arena_alloc(a, sizeof *c->opt);
    c->context = files ? ops : NULL;
    assert_true(lower_file(c));
    return c;
}

static void test_signs(void **state)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        struct compile *c = compile_with(*state, signs[i].files);
        struct source_evidence where = {0};
        enum tri got = source_shows(c, str_from_c(signs[i].language), signs[i].trait, &where);
        if (got != signs[i].want)
            fail_msg("row %zu: %d", i, got);
        assert_int_equal(where.mark.len > 0, got == YES);
    }
}

static const struct {
    const char *text, *word;
    enum tri want;
} names[] = {
    {"run(\"git\")", "git", YES},        {"run('git log')", "git", YES},
    {"run(`/usr/bin/git`)", "git", YES}, {"# git", "git", NO},
    {"run(\"gitk\")", "git", NO},        {"run(\"git\\n\")", "git", NO},
    {"run(\"a git\")", "git", NO},       {"\"", "git", NO},
};

static void test_names(void **state)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct file_in_memory files[] = {{"a.py", names[i].text}, {NULL, NULL}};
        struct compile *c = compile_with(*state, files);
        struct str path = {0};
        enum tri got = source_names(c, LIT("python"), str_from_c(names[i].word), &path);
        if (got != names[i].want)
            fail_msg("row %zu: %d", i, got);
        assert_int_equal(source_count(c, LIT("python")), 1);
        assert_int_equal(source_count(c, LIT("go")), 0);
    }
}

static const struct {
    const char *path, *text;
    enum tri want;
} mentions[] = {
    {"a.js", "require('lodash')", YES},
    {"a.js", "import x from \"lodash/fp\"", YES},
    {"a.js", "require('lodash.get')", NO},
    {"a.js", "// lodash", NO},
    {"a.js", NULL, MAYBE},
    {"next.config.js", "require('lodash')", YES},
    {"latest.js", "require('lodash')", YES},
    {"a.test.js", "require('lodash')", NO},
    {"vite.config.mts", "import 'lodash'", NO},
    {"test/a.js", "require('lodash')", NO},
    {"lib/__tests__/a.js", "require('lodash')", NO},
    {"contest/a.js", "require('lodash')", YES},
    {"package.json", "{\"lodash\": 4}", NO},
};

static void test_mentions(void **state)
{
    struct strs packages = {0};
    vec_add(*state, &packages, LIT("lodash"));
    for (size_t i = 0; i < sizeof mentions / sizeof *mentions; i++) {
        const struct file_in_memory files[] = {{mentions[i].path, mentions[i].text}, {NULL, NULL}};
        struct compile *c = compile_with(*state, files);
        enum tri got = source_mentions(c, LIT("javascript"), LIT(""), &packages);
        if (got != mentions[i].want)
            fail_msg("row %zu: %d", i, got);
    }
}

static void test_no_context(void **state)
{
    struct compile *c = compile_with(*state, NULL);
    assert_int_equal(source_shows(c, LIT("go"), SOURCE_NATIVE, NULL), MAYBE);
    assert_int_equal(source_names(c, LIT("go"), LIT("git"), NULL), MAYBE);
    assert_int_equal(source_mentions(c, LIT("go"), LIT(""), &(struct strs){0}), MAYBE);
    assert_int_equal(source_count(c, LIT("go")), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_signs, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_names, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_mentions, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_no_context, new_arena, free_arena),
    };
    return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
