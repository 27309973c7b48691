/* Names of images, what their tags mean, their siblings. */
#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/options.h"
#include "tests/in_arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct compile *lowered(struct arena *a, const char *text)
{
    struct compile *c = arena_alloc(a, sizeof *c);
    c->arena = a;
    c->src = source_of(a, LIT("Dockerfile"), str_from_c(text));
    c->diags.arena = c->remarks.arena = a;
    c->catalog = catalog_shipped();
    c->opt = arena_alloc(a, sizeof *c->opt);
    assert_true(lower_file(c));
    return c;
}

static bool same(struct str got, const char *want)
{
    return str_eq(got, str_from_c(want));
}

static const struct {
    const char *text, *name, *tag, *digest; /* name NULL: no name of an image */
} refs[] = {
    {"python", "python", "", ""},
    {"python:3.11", "python", "3.11", ""},
    {"docker.io/library/python:3", "python", "3", ""},
    {"docker.io/a/b", "a/b", "", ""},
    {"library/python", "python", "", ""},
    {"r.example.com:5000/a/b", "r.example.com:5000/a/b", "", ""},
    {"r.example.com:5000/a/b:C_1", "r.example.com:5000/a/b", "C_1", ""},
    {"a:b@sha256:0123", "a", "b", "sha256:0123"},
    {"a@sha256:0123", "a", "", "sha256:0123"},
    {"", NULL, "", ""},
    {":a", NULL, "", ""},
    {"a:", NULL, "", ""},
    {"A", NULL, "", ""},
    {"a b", NULL, "", ""},
    {"a:$b", NULL, "", ""},
};

static void test_refs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refs / sizeof *refs; i++) {
        struct image_ref r;
        bool read = image_ref_read(str_from_c(refs[i].text), &r);
        assert_int_equal(read, refs[i].name != NULL);
        if (read && (!same(r.name, refs[i].name) || !same(r.tag, refs[i].tag) ||
                     !same(r.digest, refs[i].digest)))
            fail_msg("%s: %.*s %.*s %.*s", refs[i].text, STR(r.name), STR(r.tag), STR(r.digest));
    }
}

/* What the tables say of an image; NULL in place of the slim one: there is none. */
static const struct {
    const char *image, *full, *version, *suite, *slim;
} images[] = {
    {"python:3.6", "3.6.15-bullseye", "3.6.15", "bullseye", "python:3.6-slim"},
    {"python:3.6-buster", "3.6.15-buster", "3.6.15", "buster", "python:3.6-slim-buster"},
    {"python:3.6.15-slim-bullseye", "3.6.15-slim-bullseye", "3.6.15", "bullseye", NULL},
    {"python:2.7", "2.7.18-buster", "2.7.18", "buster", "python:2.7-slim"},
    {"python:3.6-jessie", "3.6.9-jessie", "3.6.9", "jessie", "python:3.6-slim-jessie"},
    {"python:3-alpine3.4", "3.6.5-alpine3.4", "3.6.5", "alpine3.4", NULL},
    {"node:16", "16.20.2-buster", "16.20.2", "buster", "node:16-slim"},
    {"node:22-bookworm", "22.23.2-bookworm", "22.23.2", "bookworm", "node:22-bookworm-slim"},
    {"rust:1.63", "1.63.0-bullseye", "1.63.0", "bullseye", "rust:1.63-slim"},
    {"golang:1.19", "1.19.13-bookworm", "1.19.13", "bookworm", NULL},
    {"perl:5.36", "5.36.3-bookworm", "5.36.3", "bookworm", "perl:5.36-slim"},
    {"openjdk:17", "17.0.2-jdk", "17.0.2", "", NULL},
    {"openjdk:8", "8u342-jdk-bullseye", "8u342", "bullseye", "openjdk:8-slim"},
    {"openjdk:8-jre", "8u342-jre-bullseye", "8u342", "bullseye", "openjdk:8-jre-slim"},
    {"debian:bookworm", "12.15", "12.15", "bookworm", "debian:bookworm-slim"},
    {"debian:9", "9.13", "9.13", "stretch", "debian:9-slim"},
    {"ubuntu:22.04", "jammy-20260810", "22.04", "jammy", NULL},
    {"php:7.4-apache", "7.4.33-apache-bullseye", "7.4.33", "bullseye", NULL},
    {"docker.io/library/ruby:2.7", "2.7.8-bullseye", "2.7.8", "bullseye",
     "docker.io/library/ruby:2.7-slim"},
    {"public.ecr.aws/docker/library/ruby:2.7", "2.7.8-bullseye", "2.7.8", "bullseye",
     "public.ecr.aws/docker/library/ruby:2.7-slim"},
    {"python:9.9", "9.9", "9.9", "", NULL},
};

static void test_images(void **state)
{
    struct compile *c = lowered(*state, "FROM a\n");
    for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
        struct base b;
        struct str slim;
        assert_true(base_of_image(c, str_from_c(images[i].image), &b));
        if (!same(b.full, images[i].full) || !same(b.version, images[i].version) ||
            !same(b.suite, images[i].suite))
            fail_msg("%s: %.*s %.*s %.*s", images[i].image, STR(b.full), STR(b.version),
                     STR(b.suite));
        bool found = base_slim(c, &b, &slim);
        if (found != (images[i].slim != NULL) || (found && !same(slim, images[i].slim)))
            fail_msg("%s: %.*s", images[i].image, STR(found ? slim : LIT("nothing")));
    }
    struct base b;
    assert_false(base_of_image(c, LIT("example.com/python:3"), &b));
}

static void test_tags(void **state)
{
    (void)state;
    const struct catalog *k = catalog_shipped();
    struct str month;
    assert_int_equal(base_has_tag(k, LIT("python"), LIT("3.6.15-slim-bullseye")), YES);
    assert_int_equal(base_has_tag(k, LIT("python"), LIT("3.6.15-slim-trixie")), NO);
    assert_int_equal(base_has_tag(k, LIT("python"), LIT("")), NO);
    assert_int_equal(base_has_tag(k, LIT("nobody/knows"), LIT("1")), MAYBE);
    assert_true(same(base_full_tag(k, LIT("node"), LIT("16"), &month), "16.20.2-buster"));
    assert_true(same(month, "2023-09"));
    assert_true(same(base_full_tag(k, LIT("python"), LIT("3.6.15-slim-bullseye"), &month), ""));
}

/* Every tag is found by halving, the first and the last too. */
static void test_every_tag_is_found(void **state)
{
    (void)state;
    const struct catalog *k = catalog_shipped();
    struct str lines = catalog_tags(k, LIT("golang"))->tags;
    size_t n = 0;
    while (lines.len) {
        struct str tag = str_slice(lines, 0, str_find(lines, ' '));
        assert_int_equal(base_has_tag(k, LIT("golang"), tag), YES);
        lines = str_slice(lines, str_find(lines, '\n') + 1, lines.len);
        n++;
    }
    assert_true(n > 1000);
}

static void test_stages(void **state)
{
    struct compile *c = lowered(*state, "ARG V=3.11\nFROM python:$V-slim-bookworm AS a\nFROM a\n"
                                        "FROM scratch\nFROM ${W}\n");
    struct base b, under;
    struct stage *s = c->file->stages;
    assert_true(base_of_stage(c, s, &b));
    assert_true(base_of_stage(c, s->next, &b));
    assert_true(same(b.ref.name, "python"));
    assert_true(base_distribution(c, &b, &under));
    assert_true(same(under.ref.name, "debian"));
    assert_true(same(under.variant->manager, "apt"));
    assert_false(base_of_stage(c, s->next->next, &b));
    assert_false(base_of_stage(c, s->next->next->next, &b));
}

static void test_packages(void **state)
{
    struct compile *c = lowered(*state, "FROM a\n");
    struct strs packages = {0};
    struct base b;
    assert_true(base_of_image(c, LIT("node:20"), &b));
    assert_true(base_packages(c, &b, &packages));
    assert_true(strs_have(&packages, LIT("git")) && strs_have(&packages, LIT("gcc")) &&
                strs_have(&packages, LIT("curl")));
    packages.n = 0;
    assert_true(base_of_image(c, LIT("node:20-slim"), &b));
    assert_true(base_packages(c, &b, &packages));
    assert_int_equal(packages.n, 0);
    assert_true(base_of_image(c, LIT("maven:3.9.9-eclipse-temurin-21-noble"), &b));
    assert_true(base_packages(c, &b, &packages)); /* through the JDK's image of the same release */
    assert_true(strs_have(&packages, LIT("git")) && strs_have(&packages, LIT("fontconfig")));
    assert_true(base_of_image(c, LIT("amazoncorretto:17"), &b));
    assert_false(base_packages(c, &b, &packages));
}

static void test_ends(void **state)
{
    struct compile *c = lowered(*state, "FROM a\n");
    struct base b;
    assert_true(base_of_image(c, LIT("python:2.7-slim"), &b));
    assert_non_null(base_end(&b));
    assert_true(base_of_image(c, LIT("python:3.12"), &b));
    assert_null(base_end(&b));
    assert_true(base_of_image(c, LIT("centos"), &b));
    assert_non_null(base_end(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_refs, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_images, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_tags, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_every_tag_is_found, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_stages, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_packages, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_ends, new_arena, free_arena),
    };
    return cmocka_run_group_tests_name("images", tests, NULL, NULL);
}
