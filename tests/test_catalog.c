/* The YAML reader's refusals, the catalog's reader, and look-ups. */
#include "ir/catalog/catalog.h"
#include "ir/catalog/schema.h"
#include "ir/catalog/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int with_arena(void **state)
{
    *state = arena_new(64 * 1024 * 1024);
    return *state ? 0 : -1;
}

static int without_arena(void **state)
{
    arena_free(*state);
    return 0;
}

/* ---- YAML ---- */

/* {key: value, ..}, [item, ..] or text. */
static void put_node(struct buf *b, const struct yaml_node *n)
{
    if (n->kind == YAML_SCALAR) {
        buf_add(b, n->text);
        return;
    }
    buf_char(b, n->kind == YAML_MAP ? '{' : '[');
    for (size_t i = 0; i < n->items.n; i++) {
        if (i)
            buf_char(b, ' ');
        if (n->kind == YAML_MAP)
            buf_printf(b, "%.*s:", STR(n->items.at[i]->key));
        put_node(b, n->items.at[i]);
    }
    buf_char(b, n->kind == YAML_MAP ? '}' : ']');
}

static struct str outcome(struct arena *a, const char *text)
{
    struct yaml_error error;
    struct buf b = {.arena = a};
    const struct yaml_node *root = yaml_read(a, str_from_c(text), &error);
    if (root)
        put_node(&b, root);
    else
        buf_printf(&b, "%u:%u %.*s", error.line, error.column, STR(error.message));
    return buf_str(&b);
}

static void assert_text(struct str got, const char *want)
{
    if (!str_eq(got, str_from_c(want)))
        fail_msg("want %s\n  got  %.*s", want, STR(got));
}

static void yaml_trees(void **state)
{
    static const struct {
        const char *text, *want;
    } lines[] = {
        {"", "{}"},
        {"# comment\n", "{}"},
        {"a: 1\nb: [x, 'y z']\n", "{a:1 b:[x y z]}"},
        {"- {a: {b: c}}\n- ~\n", "[{a:{b:c}} ~]"},
        {"a: &x 1\n", "1:4 aliases, anchors and tags are not supported"},
        {"a: 1\nb: *x\n", "2:4 aliases, anchors and tags are not supported"},
        {"a: !!str 1\n", "1:4 aliases, anchors and tags are not supported"},
        {"a: 1\nb: 2\na: 3\n", "3:1 the key occurs twice"},
        {"? [a]\n: 1\n", "1:3 a key must be a scalar"},
        {"a: 1\n---\nb: 2\n", "2:1 a second document is not supported"},
        {"[[[[[[[[1]]]]]]]]", "[[[[[[[[1]]]]]]]]"},
        {"[[[[[[[[[1]]]]]]]]]", "1:9 nested too deep"},
        {"a: [1\n", "2:1 did not find expected ',' or ']'"},
        {"a: b: c\n", "1:5 mapping values are not allowed in this context"},
        {"a: \"\\q\"\n", "1:5 found unknown escape character"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_text(outcome(*state, lines[i].text), lines[i].want);
}

static void yaml_bytes(void **state)
{
    struct yaml_error error;
    assert_null(yaml_read(*state, (struct str){"a: \xff\n", 5}, &error));
    assert_null(yaml_read(*state, (struct str){"a: \0\n", 5}, &error));
    assert_null(yaml_read(*state, (struct str){"", YAML_MAX_BYTES + 1}, &error));
}

static void yaml_values(void **state)
{
    struct yaml_error error;
    const struct yaml_node *n = yaml_read(
        *state, LIT("{t: yes, f: off, x: maybe, n: 42, m: 4294967295, o: 4294967296}"), &error);
    bool truth = false;
    uint32_t number = 0;
    assert_non_null(n);
    assert_true(yaml_bool(yaml_get(n, LIT("t")), &truth) && truth);
    assert_true(yaml_bool(yaml_get(n, LIT("f")), &truth) && !truth);
    assert_false(yaml_bool(yaml_get(n, LIT("x")), &truth));
    assert_false(yaml_bool(yaml_get(n, LIT("absent")), &truth));
    assert_true(yaml_number(yaml_get(n, LIT("n")), 100, &number) && number == 42);
    assert_false(yaml_number(yaml_get(n, LIT("n")), 41, &number));
    assert_true(yaml_number(yaml_get(n, LIT("m")), UINT32_MAX, &number));
    assert_false(yaml_number(yaml_get(n, LIT("o")), UINT32_MAX, &number));
    assert_false(yaml_number(yaml_get(n, LIT("x")), 100, &number));
}

/* The n-th allocation fails. */
static void read_without_memory(size_t n)
{
    struct arena *a = arena_new(1 << 20);
    struct boundary boundary = {.why = NULL};
    struct yaml_error error;
    arena_guard(a, &boundary);
    arena_fail_at(a, n);
    if (!setjmp(boundary.at))
        yaml_read(a, LIT("a: [1, {b: c, d: 'e'}]\nf: {g: [h]}\n"), &error);
    else
        assert_non_null(boundary.why);
    arena_free(a);
}

/* Nothing leaks, and the outer boundary is reached. */
static void yaml_without_memory(void **state)
{
    (void)state;
    for (size_t n = 1; n < 60; n++)
        read_without_memory(n);
}

/* ---- rows ---- */

#define SOURCE "source: s\ndate: d\n"

static struct str refusal(struct arena *a, const char *text)
{
    struct yaml_error error;
    const struct yaml_node *root = yaml_read(a, str_from_c(text), &error);
    assert_non_null(root);
    if (catalog_extend(a, catalog_shipped(), root, &error))
        return LIT("taken");
    return str_printf(a, "%u:%u %.*s", error.line, error.column, STR(error.message));
}

static void rows(void **state)
{
    static const struct {
        const char *text, *want;
    } lines[] = {
        {SOURCE "commands: [{names: [x], does: [network, hidden]}]", "taken"},
        {SOURCE "commands: [{names: x, reads: '@system'}]", "taken"},
        {"commands: [{names: [x], source: s, date: d}]", "taken"},
        {"commands: [{names: [x]}]", "1:12 a row must name its source and date"},
        {"commands: [{names: [x], source: s}]", "1:12 a row must name its source and date"},
        {SOURCE "frobs: []", "3:1 unknown key: frobs"},
        {SOURCE "commands: [{names: [x], colour: red}]", "3:25 unknown key: colour"},
        {SOURCE "commands: [{style: gnu}]", "3:12 a key is missing: names"},
        {SOURCE "commands: {}", "3:1 must be a list of rows: commands"},
        {SOURCE "commands: [x]", "3:12 a row must be a map"},
        {SOURCE "commands: [{names: []}]", "3:13 must not be empty: names"},
        {SOURCE "commands: [{names: ['']}]", "3:12 a name must not be empty"},
        {SOURCE "commands: [{names: [[x]]}]", "3:21 must be a list of scalars: names"},
        {SOURCE "commands: [{names: [x, x]}]", "3:12 the name has a row already: x"},
        {SOURCE "commands:\n- {names: [x]}\n- {names: [x]}", "5:3 the name has a row already: x"},
        {SOURCE "commands: [{names: [x], does: [network, magic]}]", "3:41 no such word: magic"},
        {SOURCE "commands: [{names: [x], style: [gnu]}]", "3:25 no such word"},
        {SOURCE "commands: [{names: [x], skip: -1}]", "3:25 must be a number: skip"},
        {SOURCE "commands: [{names: [x], manager: nobody}]",
         "3:25 no row in managers has this name: nobody"},
        {SOURCE "commands: [{names: [x], writes: ['@nowhere']}]",
         "3:34 no row in trees has this name: nowhere"},
        {SOURCE "commands: [{names: [x], verbs: [{names: [y], verbs: []}]}]",
         "3:46 unknown key: verbs"},
        {SOURCE "managers: [{name: m, leaves: [{kind: lists, paths: [/x], flat: perhaps}]}]",
         "3:58 must be true or false: flat"},
        {"source: [s]", "1:1 must be a scalar: source"},
        {"[]", "1:1 must be a map of tables"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_text(refusal(*state, lines[i].text), lines[i].want);
}

/* A user's rows are found first, the shipped ones behind them. */
static void extended(void **state)
{
    struct yaml_error error;
    const struct catalog *shipped = catalog_shipped();
    struct str text = LIT(SOURCE "commands: [{names: [frob, tar], skip: 7}]\n"
                                 "managers: [{name: own, leaves: [{kind: cache, paths: [/own]}]}]\n"
                                 "trees: [{name: own, paths: [/a, /b]}]\n");
    const struct catalog *c =
        catalog_extend(*state, shipped, yaml_read(*state, text, &error), &error);
    assert_non_null(c);
    assert_int_equal(catalog_command(c, LIT("tar"))->usage.skip, 7);
    assert_ptr_equal(catalog_command(c, LIT("frob")), catalog_command(c, LIT("tar")));
    assert_ptr_equal(catalog_command(c, LIT("rm")), catalog_command(shipped, LIT("rm")));
    assert_null(catalog_command(c, LIT("nothing-of-the-kind")));
    assert_int_equal(catalog_trees(c, LIT("own"))->n_paths, 2);
    assert_int_equal(catalog_manager_count(c), catalog_manager_count(shipped) + 1);
    assert_ptr_equal(catalog_manager_at(c, 0), catalog_manager(c, LIT("own")));
    assert_ptr_equal(catalog_manager_at(c, 1), catalog_manager_at(shipped, 0));
}

/* ---- the shipped tables ---- */

static void shipped(void **state)
{
    const struct catalog *c = catalog_shipped();
    (void)state;
    for (int id = 0; id < TABLE_COUNT; id++) {
        const struct catalog_table *t = &c->tables[id];
        assert_true(t->n_rows > 0 && t->n_index >= t->n_rows);
        for (size_t i = 1; i < t->n_index; i++)
            assert_true(str_cmp(t->index[i - 1].name, t->index[i].name) < 0);
    }
    for (size_t i = 0; i < catalog_manager_count(c); i++) {
        const struct manager *m = catalog_manager_at(c, i);
        assert_true(m->source.len && m->date.len);
        for (size_t k = 0; k < m->n_messes; k++)
            assert_true(m->messes[k].n_paths > 0);
    }
    assert_true(catalog_manager(c, LIT("apt"))->messes[1].removed_by_base.len > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(yaml_trees, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(yaml_bytes, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(yaml_values, with_arena, without_arena),
        cmocka_unit_test(yaml_without_memory),
        cmocka_unit_test_setup_teardown(rows, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(extended, with_arena, without_arena),
        cmocka_unit_test(shipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
