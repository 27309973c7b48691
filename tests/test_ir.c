/* The IR: stages and what ships, states, layout, edits and their undoing, pragmas, the gate. */
#include "ir/catalog/catalog.h"
#include "ir/change.h"
#include "ir/gate.h"
#include "ir/layout.h"
#include "ir/options.h"
#include "ir/rewrite.h"
#include "tests/in_arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct compile *lowered(struct arena *a, const char *text, const char *target)
{
    struct compile *c = arena_alloc(a, sizeof *c);
    struct options *opt = arena_alloc(a, sizeof *opt);
    if (target)
        vec_add(a, &opt->targets, str_from_c(target));
    c->arena = a;
    c->src = source_of(a, LIT("Dockerfile"), str_from_c(text));
    c->diags.arena = c->remarks.arena = a;
    c->catalog = catalog_shipped();
    c->opt = opt;
    return lower_file(c) ? c : NULL;
}

static struct instr *nth(struct compile *c, unsigned n)
{
    struct instr *i = c->file->first;
    while (i && n--)
        i = i->next;
    return i;
}

static void assert_str(struct str got, const char *want)
{
    assert_int_equal(got.len, str_from_c(want).len);
    assert_memory_equal(got.at, want, got.len);
}

/* ---- which stages ship: one letter a stage ---- */

static const struct {
    const char *text, *target, *want;
} ships[] = {
    {"FROM a\n", NULL, "Y"},
    {"FROM a AS b\nFROM c\n", NULL, "NY"},
    {"FROM a AS b\nFROM b\n", NULL, "YY"},
    {"FROM a AS b\nFROM B\n", NULL, "YY"},
    {"FROM a AS b\nFROM b AS c\nFROM d\nCOPY --from=c /x /x\n", NULL, "NNY"},
    {"FROM a AS b\nFROM c AS d\n", "b", "YN"},
    {"FROM a AS b\nFROM c AS d\n", "0", "YN"},
    {"ARG X=b\nFROM a AS b\nFROM a\nFROM $X\n", NULL, "MNY"},
    {"FROM a AS b\nFROM c AS b\nFROM b\n", NULL, "NYY"},
};

static void test_ships(void **state)
{
    for (size_t i = 0; i < sizeof ships / sizeof *ships; i++) {
        struct compile *c = lowered(*state, ships[i].text, ships[i].target);
        assert_non_null(c);
        const char *want = ships[i].want;
        for (struct stage *s = c->file->stages; s; s = s->next)
            assert_int_equal("NYM"[s->ships], *want++);
        assert_int_equal(*want, 0);
    }
}

/* ---- the state before the last instruction ---- */

static const struct {
    const char *text, *user, *workdir;
} states[] = {
    {"FROM a\nRUN x\n", "", ""},
    {"FROM scratch\nRUN x\n", "", "/"},
    {"FROM a\nUSER app\nWORKDIR /srv\nWORKDIR x/y\nRUN x\n", "app", "/srv/x/y"},
    {"FROM a\nWORKDIR rel\nRUN x\n", "", ""},
    {"FROM a\nENV D=/opt\nWORKDIR $D/x\nRUN x\n", "", "/opt/x"},
    {"FROM a\nARG D=/opt\nWORKDIR ${D}\nRUN x\n", "", "/opt"},
    {"FROM a\nARG D\nWORKDIR /${D}\nRUN x\n", "", ""},
    {"ARG D=/g\nFROM a\nARG D\nWORKDIR $D\nRUN x\n", "", "/g"},
    {"FROM a AS b\nUSER u\nWORKDIR /w\nFROM b\nRUN x\n", "u", "/w"},
    {"FROM a AS b\nUSER u\nFROM c\nRUN x\n", "", ""},
    {"FROM a\nENV A=1 B=$A\nUSER $B\nRUN x\n", "$B", ""},
};

static void test_states(void **state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct compile *c = lowered(*state, states[i].text, NULL);
        assert_non_null(c);
        assert_str(c->file->last->before.user, states[i].user);
        assert_str(c->file->last->before.workdir, states[i].workdir);
    }
}

static void test_shells(void **state)
{
    static const struct {
        const char *text;
        enum shell_kind kind;
        bool errexit;
    } rows[] = {
        {"FROM a\nRUN x\n", SHELL_SH, false},
        {"FROM a\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN x\n", SHELL_BASH, false},
        {"FROM a\nSHELL [\"/bin/bash\", \"-euo\", \"pipefail\", \"-c\"]\nRUN x\n", SHELL_BASH,
         true},
        {"FROM a\nSHELL [\"sh\", \"-o\", \"errexit\", \"-c\"]\nRUN x\n", SHELL_SH, true},
        {"FROM a\nSHELL [\"pwsh\", \"-Command\"]\nRUN x\n", SHELL_OTHER, false},
        {"# escape=`\nFROM a\nRUN x\n", SHELL_OTHER, false},
        {"FROM a AS b\nSHELL [\"bash\", \"-c\"]\nFROM b\nRUN x\n", SHELL_BASH, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct compile *c = lowered(*state, rows[i].text, NULL);
        assert_non_null(c);
        assert_int_equal(c->file->last->before.shell_kind, rows[i].kind);
        assert_int_equal(c->file->last->before.errexit, rows[i].errexit);
    }
}

/* ---- layout ---- */

static void test_layout(void **state)
{
    static const struct {
        const char *text, *indent;
        bool leading;
    } rows[] = {
        {"FROM a\nRUN x\n", "    ", true},
        {"FROM a\nRUN x \\\n  && y\n", "  ", true},
        {"FROM a\nRUN x && \\\n\ty\n", "\t", false},
        {"FROM a\nRUN x \\\n  && y \\\n      a \\\n      b \\\n      c\n", "  ", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct compile *c = lowered(*state, rows[i].text, NULL);
        assert_str(c->file->layout->indent, rows[i].indent);
        assert_int_equal(c->file->layout->leading, rows[i].leading);
    }
}

/* ---- edits ---- */

static void test_edits_are_undone(void **state)
{
    const char *text = "FROM a\n# one\nRUN x\n# two\nRUN y\n";
    struct compile *c = lowered(*state, text, NULL);
    size_t mark = rw_mark(c);
    assert_true(rw_replace(c, nth(c, 1), LIT("RUN x && y\n")));
    rw_delete(c, nth(c, 2), true);
    assert_str(file_text(*state, c->file), "FROM a\n# one\nRUN x && y\n# two\n");
    rw_undo(c, mark);
    assert_str(file_text(*state, c->file), text);
}

static void test_bad_edits_are_refused(void **state)
{
    struct compile *c = lowered(*state, "FROM a\nRUN x\n", NULL);
    assert_false(rw_replace(c, nth(c, 1), LIT("RUN x\nRUN y\n")));
    assert_false(rw_replace(c, nth(c, 1), LIT("NOT an instruction\n")));
    assert_str(nth(c, 1)->text, "RUN x\n");
}

static void test_splice(void **state)
{
    struct compile *c = lowered(*state, "FROM a\nRUN one two\n", NULL);
    struct edit edits[] = {{{4, 7}, LIT("1")}, {{11, 11}, LIT(" 3")}};
    assert_true(rw_splice(c, nth(c, 1), edits, 2));
    assert_str(nth(c, 1)->text, "RUN 1 two 3\n");
}

/* ---- pragmas ---- */

static void test_pragmas(void **state)
{
    struct compile *c = lowered(*state,
                                "FROM a\nRUN 1\n# dfopt: off\nRUN 2\n# dfopt: on\nRUN 3\n"
                                "# dfopt: disable=merge-run, modernize\nRUN 4\n",
                                NULL);
    assert_true(pragma_allows(nth(c, 1), LIT("merge-run")));
    assert_false(pragma_allows(nth(c, 2), LIT("merge-run")));
    assert_true(pragma_allows(nth(c, 3), LIT("merge-run")));
    assert_false(pragma_allows(nth(c, 4), LIT("modernize")));
    assert_false(pragma_allows(nth(c, 4), LIT("modernize/from-as-casing")));
    assert_true(pragma_allows(nth(c, 4), LIT("inline-cleanup")));
}

/* ---- the gate ---- */

static const struct {
    const char *before, *after;
    bool passes;
} gates[] = {
    {"FROM a\nRUN x\nRUN y\n", "FROM a\nRUN x && y\n", true},
    {"FROM a\nRUN x\n", "FROM a\nRUN x && rm -rf z\n", false},
    {"FROM a\n# why\nRUN x\nRUN y\n", "FROM a\nRUN x \\\n    # why\n    && y\n", true},
    {"FROM a\nRUN x # why\nRUN y\n", "FROM a\nRUN x \\\n    # why\n    && y\n", true},
    {"FROM a\nRUN pip install x\n", "FROM a\nRUN pip install --no-cache-dir x\n", true},
    {"FROM a\nRUN apk add -U x\n", "FROM a\nRUN apk add --no-cache x\n", true},
    {"FROM a\nRUN pip install x\n", "FROM a\nRUN pip install --no-deps x\n", false},
    {"FROM a\nRUN pip install x\n", "FROM a\nRUN pip install --no-cache-dir y\n", false},
    {"FROM a\nRUN pip install x\n", "FROM a\nRUN pip install x --no-cache-dir\n", false},
    {"FROM a\nRUN pip install --no-cache-dir x\n", "FROM a\nRUN pip install x\n", false},
    {"FROM a\nRUN pip list\n", "FROM a\nRUN pip list --no-cache-dir\n", false},
    {"FROM a\nRUN sh -c 'pip install x'\n", "FROM a\nRUN sh -c 'pip install --no-cache-dir x'\n",
     false},
    {"FROM a\nRUN pip install x && pip install x\n", "FROM a\nRUN pip install --no-cache-dir x\n",
     false},
    {"FROM a\nENV A b\nRUN x\n", "FROM a\nENV A=b\nRUN x\n", true},
    {"FROM a\nENV A b $C\nRUN x\n", "FROM a\nENV A=\"b $C\"\nRUN x\n", true},
    {"FROM a\nLABEL a 'b' c\n", "FROM a\nLABEL a=\"b c\"\n", true},
    {"FROM a\nMAINTAINER \"b\" c\n",
     "FROM a\nLABEL org.opencontainers.image.authors=\"\\\"b\\\" c\"\n", true},
    {"FROM a\nMAINTAINER \"b\"\n", "FROM a\nLABEL org.opencontainers.image.authors=b\n", true},
    {"FROM a\nEXPOSE 1/TCP 2\n", "FROM a\nEXPOSE 1/tcp 2\n", true},
    {"From a as b\nrun x\n", "FROM a AS b\nRUN x\n", true},
    {"FROM --platform=$TARGETPLATFORM a\n", "FROM a\n", true},
    {"FROM a\nRUN (x \\\n\n  y\n", "FROM a\nRUN (x \\\n  y\n", true},
    {"FROM a\nRUN [\"x\", \\\n\n \"y\"]\n", "FROM a\nRUN [\"x\", \\\n \"y\"]\n", true},
    {"FROM a\nRUN (x \\\n  y\n", "FROM a\nRUN (x \\\n  z\n", false},
    {"FROM a\nRUN x\n", "FROM b\nRUN x\n", false},
    {"FROM a\nENV A b $C\n", "FROM a\nENV A=\"b \\$C\"\n", false},
    {"FROM a\nENV A b $C\n", "FROM a\nENV A='b $C'\n", false},
    {"FROM a\nENV A b  c\n", "FROM a\nENV A=\"b c\"\n", false},
    {"FROM a\nENV A b B=c\n", "FROM a\nENV A=b B=c\n", false},
    {"FROM a\nENV A $B\n", "FROM a\nENV A=$C\n", false},
    {"FROM a\nENV A \"$B\" c\n", "FROM a\nENV A=\"\"$B\" c\"\n", false},
    {"FROM a\nENV A=b\n", "FROM a\nLABEL A=b\n", false},
    {"FROM a\nLABEL a=b\n", "FROM a\nLABEL A=b\n", false},
    {"FROM a\nMAINTAINER b\n", "FROM a\nLABEL org.opencontainers.image.authors=c\n", false},
    {"FROM a\nMAINTAINER b\n", "FROM a\nLABEL maintainer=b\n", false},
    {"FROM a\nMAINTAINER $b\n", "FROM a\nLABEL org.opencontainers.image.authors=$b\n", false},
    {"FROM a\nMAINTAINER \"b\" \"c\"\n",
     "FROM a\nLABEL org.opencontainers.image.authors=\"b\\\" \\\"c\"\n", false},
    {"FROM a\nLABEL org.opencontainers.image.authors=b\n", "FROM a\nMAINTAINER b\n", false},
    {"FROM a\nEXPOSE 1/TCP\n", "FROM a\nEXPOSE 1/udp\n", false},
    {"FROM a\nEXPOSE 1/$P\n", "FROM a\nEXPOSE 1/$p\n", false},
    {"FROM a\nEXPOSE $P/tcp\n", "FROM a\nEXPOSE $p/tcp\n", false},
    {"FROM a AS B\n", "FROM a AS b\n", false},
    {"FROM --platform=$BUILDPLATFORM a\n", "FROM a\n", false},
    {"ARG TARGETPLATFORM=b\nFROM --platform=$TARGETPLATFORM a\n", "ARG TARGETPLATFORM=b\nFROM a\n",
     false},
    {"FROM a AS b\nFROM --platform=$TARGETPLATFORM b\n", "FROM a AS b\nFROM b\n", false},
    {"FROM a\nONBUILD ENV A b\n", "FROM a\nONBUILD ENV A=b\n", false},
    {"# escape=`\nFROM a\n", "# escape=\\\nFROM a\n", false},
    {"FROM a AS b\nRUN x\nFROM c\n", "FROM c\n", false},
    {"FROM a\nENV A=1\nRUN x\n", "FROM a\nENV A=2\nRUN x\n", false},
    {"FROM a\nENV A=1\nRUN x\n", "FROM a\nRUN x\nENV A=1\n", false},
    {"FROM a\nUSER u\nRUN x\n", "FROM a\nRUN x\nUSER u\n", false},
    {"FROM a\nRUN x\nRUN y\n", "FROM a\nRUN y && x\n", false},
    {"FROM a\nRUN x && y\n", "FROM a\nRUN x\n", false},
    {"FROM a\nRUN x\n", "FROM a\nRUN x 'y\n", false},
    {"FROM a\n# why\nRUN x\n", "FROM a\nRUN x\n", false},
    {"FROM a\nRUN x \\\n# why\n  && y\n", "FROM a\nRUN x && y\n", false},
    {"FROM a\nCMD [\"x\"]\n", "FROM a\nCMD x\n", false},
    {"FROM a\nRUN --network=none x\n", "FROM a\nRUN x\n", false},
    {"FROM a\nCOPY <<E /x\n1\nE\n", "FROM a\nCOPY <<E /x\n2\nE\n", false},
    {"FROM a AS b\nRUN x\nFROM c\nRUN y\n", "FROM a AS b\nFROM c\nRUN x && y\n", false},
};

static void test_gate(void **state)
{
    for (size_t i = 0; i < sizeof gates / sizeof *gates; i++) {
        struct compile *before = lowered(*state, gates[i].before, NULL);
        struct compile *after = lowered(*state, gates[i].after, NULL);
        struct str why = {0};
        if (gate_compare(before, after, NULL, &why) != gates[i].passes)
            fail_msg("row %zu: %.*s", i, STR(why));
        assert_int_equal(why.len == 0, gates[i].passes);
    }
}

/* ---- declared changes: with them the gate lets pass what it would refuse ---- */

enum { NO_STAGE = 99 };

static const struct {
    const char *before, *after;
    struct {
        enum change_kind kind;
        unsigned stage;
        const char *before, *after;
    } changes[5];
    bool passes;
} declared[] = {
    {"FROM a\nRUN x\nRUN y\n", "FROM a\nRUN x\n", {{CHANGE_COMMAND, 0, "y", ""}}, true},
    {"FROM a\nRUN x\nRUN y\n", "FROM a\nRUN y\n", {{CHANGE_COMMAND, 0, "y", ""}}, false},
    {"FROM a\nRUN x\n", "FROM a\nRUN x -y\n", {{CHANGE_COMMAND, 0, "x", "x -y"}}, true},
    {"FROM a\nRUN x\n", "FROM a\nRUN x -z\n", {{CHANGE_COMMAND, 0, "x", "x -y"}}, false},
    {"FROM a\nRUN pip install x\n",
     "FROM a\nRUN pip install --no-cache-dir y\n",
     {{CHANGE_COMMAND, 0, "pip install x", "pip install y"}},
     true},
    {"FROM a\nRUN x\n", "FROM a\nRUN x && y\n", {{CHANGE_ADD, 0, "", "RUN y"}}, true},
    {"FROM a\nRUN x\n", "FROM a\nRUN x\n", {{CHANGE_ADD, 0, "", "RUN y"}}, false},
    {"FROM a\nRUN x\n",
     "FROM a\nRUN x\nRUN y && z\n",
     {{CHANGE_ADD, 0, "", "RUN y && w\n"}, {CHANGE_COMMAND, 0, "w", "z"}},
     true},
    {"FROM a\nCOPY a /b\nRUN x\n",
     "FROM a\nCOPY --chown=u a /b\nRUN x\n",
     {{CHANGE_INSTR, 0, "COPY a /b\n", "COPY --chown=u a /b\n"}},
     true},
    {"FROM a\nCOPY a /b\nRUN x\n", "FROM a\nRUN x\nCOPY a /b\n", {{0}}, false},
    {"FROM a\nCOPY a /b\nRUN x\n",
     "FROM a\nRUN x\nCOPY a /b\n",
     {{CHANGE_INSTR, 0, "COPY a /b\n", ""}, {CHANGE_ADD, 0, "", "COPY a /b\n"}},
     true},
    {"FROM a\nRUN x\nENV A=1\nRUN y\n",
     "FROM a\nENV A=1\nRUN x && y\n",
     {{CHANGE_ENV, 0, "", "A"}},
     true},
    {"FROM a\nRUN x\nENV B=1\nRUN y\n",
     "FROM a\nENV B=1\nRUN x && y\n",
     {{CHANGE_ENV, 0, "", "A"}},
     false},
    {"FROM a\nRUN x\n",
     "FROM a\nRUN --mount=type=bind,target=/c x\n",
     {{CHANGE_FLAG, 0, "", "--mount=type=bind,target=/c"}},
     true},
    {"FROM a:1\nRUN x\n",
     "FROM a:2\nRUN x\n",
     {{CHANGE_INSTR, 0, "FROM a:1\n", "FROM a:2\n"}},
     true},
    {"ARG V=1\nFROM a:$V\n",
     "ARG V=2\nFROM a:$V\n",
     {{CHANGE_INSTR, CHANGE_OUTSIDE, "ARG V=1\n", "ARG V=2\n"}},
     true},
    {"FROM a\nRUN x\nCMD [\"y\"]\n",
     "FROM a AS build\nRUN x\nFROM b\nCOPY --from=build /y /y\nCMD [\"y\"]\n",
     {{CHANGE_INSTR, 0, "FROM a\n", "FROM a AS build\n"},
      {CHANGE_INSTR, 0, "CMD [\"y\"]\n", ""},
      {CHANGE_ADD_STAGE, 1, "", "FROM b\n"},
      {CHANGE_ADD, 1, "", "COPY --from=build /y /y\n"},
      {CHANGE_ADD, 1, "", "CMD [\"y\"]\n"}},
     true},
    /* whatever is declared, the image's configuration is as it was */
    {"FROM a\nRUN x\nCMD [\"y\"]\n",
     "FROM a AS build\nRUN x\nCMD [\"y\"]\nFROM b\nCOPY --from=build /y /y\n",
     {{CHANGE_INSTR, 0, "FROM a\n", "FROM a AS build\n"},
      {CHANGE_ADD_STAGE, 1, "", "FROM b\n"},
      {CHANGE_ADD, 1, "", "COPY --from=build /y /y\n"}},
     false},
    {"FROM a\nENV A=1\n",
     "FROM a\nENV A=2\n",
     {{CHANGE_INSTR, 0, "ENV A=1\n", "ENV A=2\n"}},
     false},
    {"FROM a\nCMD x\nCMD y\n", "FROM a\nCMD y\n", {{CHANGE_INSTR, 0, "CMD x\n", ""}}, true},
    {"FROM a\nCMD x\nCMD y\n", "FROM a\nCMD x\n", {{CHANGE_INSTR, 0, "CMD y\n", ""}}, false},
    {"FROM a\nRUN x\nFROM b\nRUN y\n", "FROM b\nRUN y\n", {{CHANGE_DROP_STAGE, 0, "", ""}}, true},
    {"FROM a\nRUN x\nFROM b\nRUN y\n", "FROM a\nRUN x\n", {{CHANGE_DROP_STAGE, 0, "", ""}}, false},
    {"FROM a\nRUN x\n", "FROM a\nRUN x\n", {{CHANGE_COMMAND, NO_STAGE, "x", ""}}, true},
};

static struct journal journal_of(struct arena *a, size_t row)
{
    struct journal journal = {0};
    for (size_t i = 0; i < sizeof declared[0].changes / sizeof declared[0].changes[0]; i++) {
        struct change *change = arena_alloc(a, sizeof *change);
        if (!declared[row].changes[i].after)
            continue;
        *change = (struct change){declared[row].changes[i].kind, declared[row].changes[i].stage,
                                  str_from_c(declared[row].changes[i].before),
                                  str_from_c(declared[row].changes[i].after), 0};
        struct rewrite r = {.kind = REWRITE_DECLARE, .change = change};
        vec_add(a, &journal, r);
    }
    return journal;
}

static void test_declared_changes(void **state)
{
    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++) {
        struct compile *before = lowered(*state, declared[i].before, NULL);
        struct compile *after = lowered(*state, declared[i].after, NULL);
        struct journal journal = journal_of(*state, i);
        struct str why = {0};
        if (gate_compare(before, after, &journal, &why) != declared[i].passes)
            fail_msg("row %zu: %.*s", i, STR(why));
    }
}

static void test_moves_are_undone(void **state)
{
    const char *text = "FROM a\n# c\nENV A=1\nRUN x\nRUN y";
    struct compile *c = lowered(*state, text, NULL);
    size_t mark = rw_mark(c);
    rw_move_after(c, nth(c, 1), nth(c, 3));
    assert_str(file_text(c->arena, c->file), "FROM a\nRUN x\nRUN y\n# c\nENV A=1");
    assert_non_null(rw_insert_after(c, nth(c, 0), LIT("# new\n"), LIT("RUN z\n")));
    assert_non_null(rw_insert_after(c, nth(c, 4), LIT(""), LIT("CMD w\n")));
    assert_null(rw_insert_after(c, nth(c, 0), LIT(""), LIT("RUN z\nRUN w\n")));
    lower_again(c);
    assert_str(file_text(c->arena, c->file),
               "FROM a\n# new\nRUN z\nRUN x\nRUN y\n# c\nENV A=1\nCMD w");
    rw_undo(c, mark);
    lower_again(c);
    assert_str(file_text(c->arena, c->file), text);
}

/* ---- effects that a pragma tells ---- */

static const struct {
    const char *lead;
    bool known; /* what /opt/tool does */
} told[] = {
    {"", false},
    {"# dfopt: effects writes=/opt/x\n", true},
    {"# dfopt: effects network writes=/opt/x,/opt/y   needs=libpq5\n", true},
    {"# dfopt: effects\n", false},
    {"# dfopt: effects wrotes=/opt/x\n", false},
    {"# dfopt: effects writes\n", false},
};

static void test_told_effects(void **state)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct str text = str_printf(*state, "FROM a\n%sRUN /opt/tool && touch /b\n", told[i].lead);
        struct compile *c = lowered(*state, str_dup(*state, text).at, NULL);
        const struct effects *fx = instr_effects(c, nth(c, 1));
        assert_int_equal(!fx->writes.unknown, told[i].known);
        assert_int_equal(!fx->deletes.unknown, told[i].known);
        assert_int_equal(set_has(&fx->writes, LIT("/b")), YES);
        assert_int_equal(set_has(&fx->writes, LIT("/opt/x")) == YES, told[i].known);
        assert_int_equal(fx->needs.items.n, i == 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ships, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_states, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_shells, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_layout, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_edits_are_undone, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_bad_edits_are_refused, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_splice, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_pragmas, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_told_effects, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_gate, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_declared_changes, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_moves_are_undone, new_arena, free_arena),
    };
    return cmocka_run_group_tests_name("ir", tests, NULL, NULL);
}
