/* COPY and ADD: what they do to the image, one line a test. */
#include "ir/catalog/catalog.h"
#include "ir/copy.h"
#include "ir/options.h"
#include "tests/in_arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct compile *lowered(struct arena *a, struct str text)
{
    struct compile *c = arena_alloc(a, sizeof *c);
    c->arena = a;
    c->src = source_of(a, LIT("Dockerfile"), text);
    c->diags.arena = c->remarks.arena = a;
    c->catalog = catalog_shipped();
    c->opt = arena_alloc(a, sizeof *c->opt);
    return lower_file(c) ? c : NULL;
}

static void put_set(struct buf *b, const char *name, const struct set *s)
{
    if (set_is_empty(s))
        return;
    buf_printf(b, "%s%s=", b->len ? " " : "", name);
    for (size_t i = 0; i < s->items.n; i++)
        buf_printf(b, "%s%.*s", i ? "," : "", STR(s->items.at[i]));
    if (s->unknown)
        buf_printf(b, "%s?", s->items.n ? "," : "");
}

static struct str effects_text(struct arena *a, const struct effects *e)
{
    struct buf b = {.arena = a};
    put_set(&b, "reads", &e->reads);
    put_set(&b, "writes", &e->writes);
    if (effects_any(e, FX_NETWORK))
        buf_printf(&b, "%snetwork", b.len ? " " : "");
    return buf_str(&b);
}

struct line {
    const char *instructions, *want; /* of the last one */
};

static void check(struct arena *a, const struct line *lines, size_t n)
{
    bool failed = false;
    for (size_t i = 0; i < n; i++) {
        struct compile *c = lowered(a, str_printf(a, "FROM a\n%s\n", lines[i].instructions));
        assert_non_null(c);
        struct str got = effects_text(a, instr_effects(c, c->file->last));
        if (str_eq(got, str_from_c(lines[i].want)))
            continue;
        failed = true;
        print_error("%s\n  want %s\n  got  %.*s\n", lines[i].instructions, lines[i].want, STR(got));
    }
    assert_false(failed);
}

#define CHECK_LINES(lines) check(*state, lines, sizeof lines / sizeof *lines)

static void test_targets(void **state)
{
    static const struct line lines[] = {
        {"COPY a /x", "writes=/x"},
        {"COPY a /x/", "writes=/x"},
        {"COPY a b /x/y/../", "writes=/x"},
        {"COPY . /", "writes=/"},
        {"COPY . .", "writes=?"},
        {"WORKDIR /app\nCOPY . .", "writes=/app"},
        {"WORKDIR /app\nCOPY a b/", "writes=/app/b"},
        {"WORKDIR /app\nWORKDIR b\nCOPY a ./c", "writes=/app/b/c"},
        {"COPY a ~/b", "writes=?"},
        {"COPY a C:\\b", "writes=?"},
        {"ENV D=/opt\nCOPY a $D/b", "writes=/opt/b"},
        {"ARG D=/opt\nCOPY a ${D}/b", "writes=/opt/b"},
        {"ARG D\nCOPY a $D/b", "writes=?"},
        {"COPY $A /b", "writes=/b"},
        {"COPY [\"a b\", \"/c d\"]", "writes=/c d"},
        {"COPY --parents a/b c/d /x", "writes=/x"},
        {"ONBUILD COPY a /x", ""},
    };
    CHECK_LINES(lines);
}

static void test_sources(void **state)
{
    static const struct line lines[] = {
        {"COPY --from=b /a/b /x/", "writes=/x"},
        {"COPY <<a <<-'b' /x/\n1\na\n2\n\tb", "writes=/x/a,/x/b"},
        {"COPY <<a /x\n1\na", "writes=/x"},
        {"COPY <<a b /x/\n1\na", "writes=/x/a,/x"},
        {"ADD a.tar.gz /x/", "writes=/x"},
        {"ADD https://h/a/b.tgz?c=d/e /x/", "writes=/x/b.tgz network"},
        {"ADD https://h/a/b.tgz /x", "writes=/x network"},
        {"ADD https://h/a/b/ /x/", "writes=/x/b network"},
        {"ADD https://h/ /x/", "writes=/x network"},
        {"ADD --unpack=true https://h/a.tgz /x/", "writes=/x network"},
        {"ADD https://h/a/b.git#v1 /x/", "writes=/x network"},
        {"ADD git@h:a/b.git /x/", "writes=/x network"},
        {"ADD $A /x/", "writes=/x network"},
    };
    CHECK_LINES(lines);
}

static void test_owners(void **state)
{
    static const struct line lines[] = {
        {"COPY --chown=1:2 a /x", "writes=/x"},
        {"COPY --chown=1 a /x", "writes=/x"},
        {"COPY --chown=app a /x", "reads=/etc/passwd writes=/x"},
        {"COPY --chown=app:1 a /x", "reads=/etc/passwd writes=/x"},
        {"COPY --chown=1:app a /x", "reads=/etc/group writes=/x"},
        {"COPY --chown=$A:$B a /x", "reads=/etc/passwd,/etc/group writes=/x"},
    };
    CHECK_LINES(lines);
}

/* What a file is called, and whether ADD takes it apart: `name` or `-`, file, unpacks. */
static void test_words(void **state)
{
    static const struct line lines[] = {
        {"ADD a.tar.xz /x", "a.tar.xz ?!"},
        {"ADD a.sh /x", "a.sh ?-"},
        {"ADD b/a /x", "a ??"},
        {"ADD a-1.2 /x", "a-1.2 ??"},
        {"ADD a.apk /x", "a.apk ??"},
        {"ADD a.sql.gz /x", "a.sql.gz ??"},
        {"ADD Gemfile /x", "Gemfile ?-"},
        {"ADD *.sh /x/", "- ?-"},
        {"ADD *.tgz /x/", "- ??"},
        {"ADD b.* /x/", "- ??"},
        {"ADD . /x", "- --"},
        {"ADD ../.. /x", "- --"},
        {"ADD a/ /x", "a --"},
        {"ADD http://h/a.tgz /x", "a.tgz !-"},
        {"ADD --unpack=true http://h/a.tgz /x", "a.tgz !!"},
        {"COPY a.tgz /x", "a.tgz ?-"},
    };
    static const char answers[] = "-!?";
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct compile *c =
            lowered(*state, str_printf(*state, "FROM a\n%s\n", lines[i].instructions));
        struct copy copy = copy_read(c, c->file->last);
        assert_int_equal(copy.sources.n, 1);
        const struct copy_source *s = &copy.sources.at[0];
        struct str name = s->name.len ? s->name : LIT("-");
        struct str got =
            str_printf(*state, "%.*s %c%c", STR(name), answers[s->file], answers[s->unpacks]);
        if (!str_eq(got, str_from_c(lines[i].want)))
            fail_msg("%s: want %s, got %.*s", lines[i].instructions, lines[i].want, STR(got));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_targets, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_sources, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_owners, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_words, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
