/* testdata/shell/CASE: `script`, read as bash, gives `want.json` (emit/dump_shell.c). With BLESS
 * set in the environment, want.json is written instead. */
#include "emit/dump_shell.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char root[] = "testdata/shell";

static struct str read_file(struct arena *a, const char *path)
{
    struct buf text = {.arena = a};
    FILE *f = fopen(path, "rb");
    if (!f)
        return (struct str){NULL, 0};
    for (int c; (c = fgetc(f)) != EOF;)
        buf_char(&text, (char)c);
    fclose(f);
    return buf_str(&text);
}

static void write_file(const char *path, struct str text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.at, 1, text.len, f), text.len);
    assert_int_equal(fclose(f), 0);
}

static void check_case(struct arena *a, const char *name)
{
    struct str script_path = str_printf(a, "%s/%s/script", root, name);
    struct str want_path = str_printf(a, "%s/%s/want.json", root, name);
    struct sh_error error = {0};
    struct sh_script *script = sh_parse(a, read_file(a, script_path.at), SH_BASH, &error);
    if (!script)
        fail_msg("%s: %.*s", name, STR(error.message));
    struct str got = dump_script(a, script);
    if (getenv("BLESS"))
        write_file(want_path.at, got);
    else if (!str_eq(got, read_file(a, want_path.at)))
        fail_msg("%s: reads differently than want.json says", name);
}

static void test_goldens(void **state)
{
    (void)state;
    unsigned cases = 0;
    DIR *folder = opendir(root);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        struct arena *a = arena_new(64 * 1024 * 1024);
        check_case(a, entry->d_name);
        arena_free(a);
        cases++;
    }
    closedir(folder);
    assert_true(cases > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_goldens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
