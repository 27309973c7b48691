/* Packages of the catalog: closures, lost recommendations, what stands for what. */
#include "ir/catalog/catalog.h"
#include "ir/catalog/packages.h"
#include "ir/catalog/schema.h"

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

static struct strs names(struct arena *a, const char *words)
{
    struct strs list = {0};
    struct str rest = str_from_c(words);
    while (rest.len) {
        size_t end = str_find(rest, ' ');
        vec_add(a, &list, str_slice(rest, 0, end));
        rest = str_slice(rest, end + 1, rest.len);
    }
    return list;
}

/* What apt itself chose and said for the release of the rows: packages and KiB. */
static void closures_are_those_of_apt(void **state)
{
    static const struct {
        const char *packages;
        bool recommends;
        uint32_t count;
        uint64_t kib;
    } lines[] = {
        {"curl", false, 16, 11695},
        {"curl", true, 22, 15380},
        {"git", false, 24, 106202},
        {"git", true, 46, 120881},
        {"build-essential", false, 56, 315223},
        {"build-essential", true, 125, 392451},
        {"python3-pip", false, 30, 46767},
        {"python3-pip", true, 152, 465431},
        {"imagemagick", true, 112, 210068},
        {"openjdk-17-jre-headless", false, 34, 223486},
        {"nginx", true, 20, 15743},
        {"wget", true, 6, 12683},
        {"tzdata", true, 0, 0}, /* there already */
    };
    struct arena *a = *state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct strs list = names(a, lines[i].packages);
        struct packages p =
            packages_closure(catalog_shipped(), a, &list,
                             lines[i].recommends ? RECOMMENDS_OWN : RECOMMENDS_NONE, NULL);
        if (p.names.n != lines[i].count || p.kib != lines[i].kib || p.missing.n)
            fail_msg("%s: %u packages, %lu KiB", lines[i].packages, p.names.n,
                     (unsigned long)p.kib);
    }
}

static void what_the_base_has_is_not_counted(void **state)
{
    const struct catalog *c = catalog_shipped();
    struct strs base = names(*state, "git"), more = names(*state, "git curl");
    struct packages have = packages_closure(c, *state, &base, RECOMMENDS_NONE, NULL);
    struct packages p = packages_closure(c, *state, &more, RECOMMENDS_NONE, &have);
    assert_true(strs_have(&p.names, LIT("curl")));
    assert_false(strs_have(&p.names, LIT("git")));
    assert_false(strs_have(&p.names, LIT("libssl3")));
    assert_true(packages_have(c, &have, LIT("perl")));
    assert_true(packages_have(c, &have, LIT("awk")));
    assert_true(packages_have(c, &have, LIT("bash")));
    assert_false(packages_have(c, &have, LIT("curl")));
}

static void unknown_packages_are_said(void **state)
{
    struct strs list = names(*state, "curl no-such-package");
    struct packages p = packages_closure(catalog_shipped(), *state, &list, RECOMMENDS_NONE, NULL);
    assert_int_equal(p.missing.n, 1);
    assert_true(strs_have(&p.missing, LIT("no-such-package")));
}

static bool has_root(const struct recommends_loss *loss, struct str name, struct str by)
{
    for (size_t i = 0; i < loss->roots.n; i++)
        if (str_eq(loss->roots.at[i].name, name) && str_eq(loss->roots.at[i].by, by))
            return true;
    return false;
}

static void lost_recommends(void **state)
{
    struct strs list = names(*state, "git");
    struct recommends_loss loss =
        packages_lost(catalog_shipped(), *state, &list, RECOMMENDS_OWN, NULL);
    assert_int_equal(loss.lost.names.n, 22);
    assert_int_equal(loss.lost.kib, 14679);
    assert_true(has_root(&loss, LIT("ca-certificates"), LIT("git")));
    assert_true(has_root(&loss, LIT("openssh-client"), LIT("git")));
    assert_true(has_root(&loss, LIT("publicsuffix"), LIT("libpsl5")));
    assert_true(strs_have(&loss.lost.names, LIT("xauth")));
    for (size_t i = 0; i < loss.roots.n; i++)
        assert_false(str_eq(loss.roots.at[i].name, LIT("xauth")));
}

static void commands_and_roles(void **state)
{
    static const char *const commands[][2] = {
        {"ps", "procps"},          {"curl", "curl"},   {"gcc", "gcc"},      {"cc", "gcc"},
        {"ssh", "openssh-client"}, {"xz", "xz-utils"}, {"hg", "mercurial"}, {"grep", "grep"},
        {"file", "file"},          {"make", "make"},   {"gpg", "gpg"},      {"no-such-command", ""},
    };
    const struct catalog *c = catalog_shipped();
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct str got = catalog_command_package(c, str_from_c(commands[i][0]));
        if (!str_eq(got, str_from_c(commands[i][1])))
            fail_msg("%s: %.*s", commands[i][0], STR(got));
    }
    assert_int_equal(catalog_keep(c, LIT("build-essential")), KEEP_NEVER);
    assert_int_equal(catalog_keep(c, LIT("ca-certificates")), KEEP_ALWAYS);
    assert_int_equal(catalog_keep(c, LIT("git")), KEEP_UNLESS_USED);
    assert_int_equal(catalog_keep(c, LIT("libpq-dev")), KEEP_NEVER);
    assert_int_equal(catalog_keep(c, LIT("nginx")), KEEP_UNKNOWN);
    (void)state;
}

static void libraries_behind_headers(void **state)
{
    static const struct {
        const char *headers, *release, *want;
    } lines[] = {
        {"libssl-dev", "bookworm", "libssl3"},  {"libssl-dev", "bullseye", "libssl1.1"},
        {"libssl-dev", "trixie", "libssl3"},    {"libssl-dev", "noble", "libssl3t64"},
        {"libaio-dev", "trixie", "libaio1t64"}, {"libpq-dev", "noble", "libpq5"},
        {"libffi-dev", "bullseye", "libffi7"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const struct str *got;
        size_t n;
        assert_true(catalog_runtime(catalog_shipped(), str_from_c(lines[i].headers),
                                    str_from_c(lines[i].release), &got, &n));
        assert_int_equal(n, 1);
        assert_true(str_eq(*got, str_from_c(lines[i].want)));
    }
    const struct str *got;
    size_t n;
    assert_false(catalog_runtime(catalog_shipped(), LIT("no-such-dev"), LIT("bookworm"), &got, &n));
    (void)state;
}

static void names_in_alpine(void **state)
{
    const struct alpine_name *n = catalog_alpine(catalog_shipped(), LIT("build-essential"));
    assert_non_null(n);
    assert_true(n->verified && n->n_alpine == 1 && str_eq(n->alpine[0], LIT("build-base")));
    assert_null(catalog_alpine(catalog_shipped(), LIT("no-such-package")));
    (void)state;
}

static void assert_known(const struct str *list, size_t n, struct str where)
{
    for (size_t i = 0; i < n; i++)
        if (!catalog_package(catalog_shipped(), list[i]) &&
            !catalog_virtual(catalog_shipped(), list[i]))
            fail_msg("%.*s: no package %.*s", STR(where), STR(list[i]));
}

/* What language packages need are packages of the catalog. */
static void modules_need_packages(void **state)
{
    const struct catalog_table *t = &catalog_shipped()->tables[TABLE_MODULES];
    const struct module *rows = t->rows;
    for (size_t i = 0; i < t->n_rows; i++) {
        assert_known(rows[i].build, rows[i].n_build, rows[i].names[0]);
        assert_known(rows[i].run, rows[i].n_run, rows[i].names[0]);
    }
    const struct module *pg = catalog_module(catalog_shipped(), LIT("pip:psycopg2"));
    assert_true(pg && !pg->prebuilt && pg->n_run == 1 && str_eq(pg->run[0], LIT("libpq-dev")));
    assert_null(catalog_module(catalog_shipped(), LIT("pip:no-such-module")));
    (void)state;
}

static void modules_are_built_or_not(void **state)
{
    static const struct {
        const char *module, *python, *version;
        bool builds;
    } lines[] = {
        {"pip:numpy", "3.12.1", "", false},         {"pip:numpy", "3.12.1", ">=1.20", false},
        {"pip:numpy", "3.12.1", "==1.26.4", false}, {"pip:numpy", "3.12.1", "==1.9.1", true},
        {"pip:numpy", "3.1.4", "==1.26.4", true},   {"pip:psycopg2", "3.12.1", "", true},
        {"pip:flask", "3.12.1", "==0.1", false},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const struct module *m = catalog_module(catalog_shipped(), str_from_c(lines[i].module));
        assert_non_null(m);
        if (catalog_module_builds(m, str_from_c(lines[i].python), str_from_c(lines[i].version)) !=
            lines[i].builds)
            fail_msg("%s %s on %s", lines[i].module, lines[i].version, lines[i].python);
    }
    (void)state;
}

static void recommended_packages(void **state)
{
    const struct catalog *c = catalog_shipped();
    assert_true(catalog_recommended(c, LIT("ca-certificates"))->always);
    assert_true(catalog_recommended(c, LIT("libc6-dev"))->builds);
    const struct recommended_package *manual = catalog_recommended(c, LIT("manpages"));
    assert_true(manual && !manual->always && !manual->hidden && !manual->n_commands);
    assert_null(catalog_recommended(c, LIT("no-such-package")));
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(closures_are_those_of_apt, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(what_the_base_has_is_not_counted, with_arena,
                                        without_arena),
        cmocka_unit_test_setup_teardown(unknown_packages_are_said, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(lost_recommends, with_arena, without_arena),
        cmocka_unit_test(commands_and_roles),
        cmocka_unit_test(libraries_behind_headers),
        cmocka_unit_test(names_in_alpine),
        cmocka_unit_test(modules_need_packages),
        cmocka_unit_test(modules_are_built_or_not),
        cmocka_unit_test(recommended_packages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
