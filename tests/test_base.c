/* grammar/base: arena, slices, maps, places. */
#include "grammar/base/arena.h"
#include "grammar/base/map.h"
#include "grammar/base/source.h"
#include "grammar/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int with_arena(void **state)
{
    *state = arena_new(1024 * 1024);
    return *state ? 0 : -1;
}

static int without_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void test_arena_is_zeroed_and_aligned(void **state)
{
    for (size_t size = 1; size < 5000; size += 37) {
        unsigned char *block = arena_alloc(*state, size);
        assert_int_equal((uintptr_t)block % _Alignof(uint64_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(block[i], 0);
        block[size - 1] = 0xff;
    }
}

static void test_arena_is_zeroed_after_reset(void **state)
{
    unsigned char *block = arena_alloc(*state, 3000);
    for (size_t i = 0; i < 3000; i++)
        block[i] = 0xff;
    arena_reset(*state);
    assert_int_equal(arena_used(*state), 0);
    block = arena_alloc(*state, 3000);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(block[i], 0);
}

static void test_arena_grow_keeps_bytes(void **state)
{
    char *block = NULL;
    size_t size = 0;
    for (size_t more = 1; more < 200000; more = more * 2 + 1) {
        block = arena_grow(*state, block, size, more);
        for (size_t i = 0; i < more; i++)
            assert_int_equal(block[i], i < size ? 'x' : 0);
        for (size_t i = 0; i < more; i++)
            block[i] = 'x';
        if (size % 3 == 0)
            arena_alloc(*state, 1); /* now it cannot grow in place */
        size = more;
    }
}

/* True when an allocation of `size` bytes arrives at the boundary. */
static bool alloc_fails(struct arena *a, size_t size)
{
    struct boundary b;
    arena_guard(a, &b);
    if (setjmp(b.at)) {
        assert_non_null(b.why);
        return true;
    }
    arena_alloc(a, size);
    return false;
}

static void test_arena_limit(void **state)
{
    assert_false(alloc_fails(*state, 1000));
    assert_true(alloc_fails(*state, 1024 * 1024));
    assert_true(alloc_fails(*state, SIZE_MAX));
    assert_true(alloc_fails(*state, SIZE_MAX - 8));
}

static void test_arena_fails_on_demand(void **state)
{
    arena_fail_at(*state, 3);
    assert_false(alloc_fails(*state, 1));
    assert_false(alloc_fails(*state, 1));
    assert_true(alloc_fails(*state, 1));
    assert_false(alloc_fails(*state, 1));
}

static void test_arena_array_checks_the_product(void **state)
{
    struct boundary b;
    arena_guard(*state, &b);
    if (!setjmp(b.at)) {
        arena_array(*state, SIZE_MAX / 2, 4);
        fail();
    }
}

static void test_str_search_and_trim(void **state)
{
    (void)state;
    assert_int_equal(str_find(LIT("a=b=c"), '='), 1);
    assert_int_equal(str_find(LIT("abc"), '='), 3);
    assert_int_equal(str_search(LIT("one two two"), LIT("two")), 4);
    assert_int_equal(str_search(LIT("one"), LIT("none")), 3);
    assert_int_equal(str_search(LIT("one"), LIT("")), 0);
    assert_true(str_eq(str_trim(LIT(" \t a b\r\n")), LIT("a b")));
    assert_true(str_eq(str_trim(LIT(" \t ")), LIT("")));
    assert_true(str_eq_nocase(LIT("FroM"), LIT("fROm")));
    assert_false(str_eq_nocase(LIT("from"), LIT("fro")));
    assert_true(str_starts(LIT("from"), LIT("fr")));
    assert_false(str_starts(LIT("f"), LIT("fr")));
    assert_true(str_ends(LIT("from"), LIT("om")));
    assert_true(str_cmp(LIT("ab"), LIT("abc")) < 0);
    assert_true(str_cmp(LIT("b"), LIT("abc")) > 0);
    assert_int_equal(str_cmp(LIT("b"), LIT("b")), 0);
}

static void test_str_slices_are_cut(void **state)
{
    (void)state;
    assert_true(str_eq(str_slice(LIT("hello"), 1, 3), LIT("el")));
    assert_true(str_eq(str_slice(LIT("hello"), 3, 99), LIT("lo")));
    assert_true(str_eq(str_slice(LIT("hello"), 9, 99), LIT("")));
}

static void test_str_building(void **state)
{
    struct buf b = {.arena = *state};
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "%d,", i % 10);
    assert_int_equal(buf_str(&b).len, 2000);
    assert_true(str_starts(buf_str(&b), LIT("0,1,2,")));
    struct strs items = {0};
    vec_add(*state, &items, LIT("a"));
    vec_add(*state, &items, LIT("b"));
    assert_true(str_eq(str_join(*state, &items, LIT(", ")), LIT("a, b")));
    assert_true(strs_have(&items, LIT("b")));
    assert_false(strs_have(&items, LIT("c")));
    assert_true(str_eq(str_printf(*state, "%s-%d", "x", 7), LIT("x-7")));
    assert_true(str_eq(str_lower(*state, LIT("AbC\xc3\x84")), LIT("abc\xc3\x84")));
}

static void test_map_replaces(void **state)
{
    struct map m = {.arena = *state};
    int values[2000];
    for (int i = 0; i < 2000; i++)
        map_put(&m, str_printf(*state, "key %d", i % 1000), &values[i]);
    assert_ptr_equal(map_get(&m, LIT("key 7")), &values[1007]);
    assert_null(map_get(&m, LIT("key 1000")));
    assert_null(map_get(&m, LIT("")));
}

static void test_source_places(void **state)
{
    struct source s = source_of(*state, LIT("f"), LIT("ab\r\n\nc"));
    assert_int_equal(source_place(&s, 0).line, 1);
    assert_int_equal(source_place(&s, 3).column, 4);
    assert_int_equal(source_place(&s, 4).line, 2);
    assert_int_equal(source_place(&s, 5).line, 3);
    assert_int_equal(source_place(&s, 6).column, 2);
    assert_int_equal(source_place(&s, 99).line, 3);
    assert_true(str_eq(source_line(&s, 1), LIT("ab")));
    assert_true(str_eq(source_line(&s, 2), LIT("")));
    assert_true(str_eq(source_line(&s, 3), LIT("c")));
    assert_true(str_eq(source_line(&s, 4), LIT("")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_arena, without_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_arena_is_zeroed_and_aligned),
        TEST(test_arena_is_zeroed_after_reset),
        TEST(test_arena_grow_keeps_bytes),
        TEST(test_arena_limit),
        TEST(test_arena_fails_on_demand),
        TEST(test_arena_array_checks_the_product),
        TEST(test_str_search_and_trim),
        TEST(test_str_slices_are_cut),
        TEST(test_str_building),
        TEST(test_map_replaces),
        TEST(test_source_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
