/* --mount of RUN: each row is the value as it stands, and what it says. */
#include "grammar/mount.h"
#include "tests/in_arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *value;
    enum mount_type type;
    const char *from, *source, *target;
    bool writable;
} rows[] = {
    {"target=/a", MOUNT_BIND, "", "", "/a", false},
    {"type=bind,src=b,dst=/a", MOUNT_BIND, "", "b", "/a", false},
    {"TYPE=Bind,Source=b,Destination=/a", MOUNT_BIND, "", "b", "/a", false},
    {"from=build,source=/x,target=/a", MOUNT_BIND, "build", "/x", "/a", false},
    {"target=/a,rw", MOUNT_BIND, "", "", "/a", true},
    {"target=/a,readwrite=true", MOUNT_BIND, "", "", "/a", true},
    {"target=/a,rw=false", MOUNT_BIND, "", "", "/a", false},
    {"target=/a,ro", MOUNT_BIND, "", "", "/a", false},
    {"target=/a,readonly=false", MOUNT_BIND, "", "", "/a", true},
    {"target=/a,ro=$X", MOUNT_BIND, "", "", "/a", true},
    {"type=cache,target=/a", MOUNT_CACHE, "", "", "/a", true},
    {"id=type=cache,type=tmpfs,target=/a", MOUNT_TMPFS, "", "", "/a", true},
    {"type=secret,id=from=x", MOUNT_SECRET, "", "", "", false},
    {"type=ssh", MOUNT_SSH, "", "", "", false},
    {"type=$T,target=$A/b", MOUNT_OTHER, "", "", "$A/b", true},
    {"\"target=/a,b\",from=c", MOUNT_BIND, "c", "", "/a,b", false},
    {"target=/a,target=/b", MOUNT_BIND, "", "", "/b", false},
};

static void assert_text(struct str got, const char *want)
{
    assert_true(str_eq(got, str_from_c(want)));
}

static void test_rows(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct df_instr run = {.kind = DF_RUN};
        struct df_word flag = {.text =
                                   str_concat(*state, LIT("--mount="), str_from_c(rows[i].value))};
        vec_add(*state, &run.flags, ((struct df_word){.text = LIT("--network=none")}));
        vec_add(*state, &run.flags, flag);
        struct mounts mounts = mounts_of(*state, &run);
        assert_int_equal(mounts.n, 1);
        assert_int_equal(mounts.at[0].type, rows[i].type);
        assert_text(mounts.at[0].from, rows[i].from);
        assert_text(mounts.at[0].source, rows[i].source);
        assert_text(mounts.at[0].target, rows[i].target);
        assert_int_equal(mounts.at[0].writable, rows[i].writable);
    }
}

static void test_order(void **state)
{
    struct df_instr run = {.kind = DF_RUN};
    vec_add(*state, &run.flags, ((struct df_word){.text = LIT("--mount=target=/a")}));
    vec_add(*state, &run.flags, ((struct df_word){.text = LIT("--mount=target=/b")}));
    struct mounts mounts = mounts_of(*state, &run);
    assert_int_equal(mounts.n, 2);
    assert_text(mounts.at[1].target, "/b");
    run.kind = DF_COPY;
    assert_int_equal(mounts_of(*state, &run).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_order, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
