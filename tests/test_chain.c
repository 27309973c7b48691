/* A script's outermost commands: which can be taken out, and what is left then. */
#include "ir/catalog/catalog.h"
#include "ir/chain.h"
#include "ir/command.h"
#include "ir/options.h"
#include "ir/rewrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct instr *run_of(struct arena *a, struct compile *c, struct str text)
{
    *c = (struct compile){.arena = a, .catalog = catalog_shipped()};
    c->src = source_of(a, LIT("Dockerfile"), text);
    c->diags.arena = c->remarks.arena = a;
    c->opt = arena_alloc(a, sizeof *c->opt);
    assert_true(lower_file(c));
    assert_non_null(instr_script(c, c->file->last));
    return c->file->last;
}

/* What is cut is the first chmod. */
static void test_cuts(void **state)
{
    static const struct {
        const char *script, *want; /* NULL: it has no link */
    } lines[] = {
        {"chmod 1 /a", ""},
        {"a && chmod 1 /a && b", "a && b"},
        {"chmod 1 /a && b", "b"},
        {"a \\\n && chmod 1 /a", "a"},
        {"set -e; a; chmod 1 /a; b;", "set -e; a; b;"},
        {"set -e; a; chmod 1 /a;", "set -e; a;"},
        {"set -e; chmod 1 /a && b; c", "set -e; b; c"},
        {"a || chmod 1 /a", NULL},
        {"chmod 1 /a || b", NULL},
        {"! chmod 1 /a", NULL},
        {"chmod 1 /a | cat", NULL},
        {"chmod 1 /a & b", NULL},
        {"(chmod 1 /a)", NULL},
        {"if a; then chmod 1 /a; fi", NULL},
    };
    struct arena *a = arena_new(16 * 1024 * 1024);
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct compile c;
        struct chain_link link;
        struct instr *run = run_of(a, &c, str_printf(a, "FROM a\nRUN %s\n", lines[i].script));
        struct files_commands found = command_on_files(&c, &run->before, run->script->list);
        assert_int_equal(found.n, 1);
        if (!chain_find(run, found.at[0].command, &link)) {
            if (lines[i].want)
                fail_msg("%s: no link", lines[i].script);
            continue;
        }
        assert_non_null(lines[i].want);
        struct edit edit = {chain_cut(run, link), LIT("")};
        struct str want = str_printf(a, "RUN %s\n", lines[i].want);
        struct str got = rw_spliced(&c, run, &edit, 1);
        if (!str_eq(got, want))
            fail_msg("%s: got %.*s", lines[i].script, STR(got));
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cuts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
