#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "grammar/dockerfile.h"
#include "tests/df_properties.h"

enum { LIMIT = 64 * 1024 * 1024 };

/* ---- one line a reading ---- */

static void put_words(struct buf *out, const struct df_words *words)
{
    for (size_t k = 0; k < words->n; k++) {
        if (k)
            buf_char(out, '|');
        buf_add(out, words->at[k].text);
    }
}

/* run{--flag}(argument|argument)<name:content>, with `!` for the JSON form and an ONBUILD's trigger
 * in brackets. */
static void put_instr(struct buf *out, const struct df_instr *i)
{
    buf_add(out, df_keyword(i->kind));
    if (i->json)
        buf_char(out, '!');
    if (i->flags.n) {
        buf_char(out, '{');
        put_words(out, &i->flags);
        buf_char(out, '}');
    }
    if (i->trigger) {
        buf_char(out, '[');
        put_instr(out, i->trigger);
        buf_char(out, ']');
        return;
    }
    buf_char(out, '(');
    buf_add(out, i->healthcheck);
    if (i->healthcheck.len && i->args.n)
        buf_char(out, '|');
    put_words(out, &i->args);
    buf_char(out, ')');
    for (size_t k = 0; k < i->heredocs.n; k++) {
        const struct df_heredoc *h = &i->heredocs.at[k];
        buf_printf(out, "<%.*s%s:%.*s>", STR(h->name), h->expand ? "" : "'", STR(h->content));
    }
}

/* The file as readings, or its first error as `LINE: message`. */
static struct str reading(struct arena *a, struct str text)
{
    struct source source = source_of(a, LIT("Dockerfile"), text);
    struct diags diags = {.arena = a};
    const struct df_file *file = df_parse(a, &source, &diags);
    struct buf out = {.arena = a};
    if (!file) {
        const struct diag *first = &diags.at[0];
        buf_printf(&out, "%u: %.*s", source_place(&source, first->at.start).line,
                   STR(first->message));
        return buf_str(&out);
    }
    for (size_t k = 0; k < file->instrs.n; k++) {
        if (k)
            buf_char(&out, ' ');
        put_instr(&out, file->instrs.at[k]);
    }
    return buf_str(&out);
}

struct reading_case {
    struct str text, want;
};

static void check_readings(const struct reading_case *cases, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        struct arena *a = arena_new(LIMIT);
        struct str got = reading(a, cases[k].text);
        if (!str_eq(got, cases[k].want))
            fail_msg("%.*s\n  reads %.*s\n  wants %.*s", STR(cases[k].text), STR(got),
                     STR(cases[k].want));
        const char *broken = df_broken_property(a, cases[k].text);
        if (broken)
            fail_msg("%.*s\n  %s", STR(cases[k].text), broken);
        arena_free(a);
    }
}

#define TEXT(literal)                                                                              \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }
#define CASE(text, want)                                                                           \
    {                                                                                              \
        TEXT(text), TEXT(want)                                                                     \
    }
#define CHECK_READINGS(cases) check_readings((cases), sizeof(cases) / sizeof *(cases))

static void test_lines(void **state)
{
    static const struct reading_case cases[] = {
        CASE("FROM a", "from(a)"),
        CASE("from a\n", "from(a)"),
        CASE("\xEF\xBB\xBF"
             "FROM a\n",
             "from(a)"),
        CASE("  \t FROM\ta  \r\n", "from(a)"),
        CASE("FROM a\nRUN a \\\n  b\n", "from(a) run(a   b)"),
        CASE("FROM a\nRUN a \\\n# c\nEXPOSE 80\n", "from(a) run(a EXPOSE 80)"),
        CASE("FROM a\nRUN 'a \\\n  # c \\\n\n b'\n", "from(a) run('a  b')"),
        CASE("FROM a\nRUN a \\ \t\r\n b\n", "from(a) run(a  b)"),
        CASE("FROM a\nRUN a \\\\\nRUN b\n", "from(a) run(a \\\\) run(b)"),
        CASE("FROM a\nRUN a \\", "from(a) run(a)"),
        CASE("FROM a\nRU\\\nN a\n", "from(a) run(a)"),
        CASE("FROM a\n\\\nRUN a\n", "from(a) run(a)"),
        CASE("FROM a\n\\\n   RUN a\n", "from(a) run(a)"),
        CASE("FROM a\nRUN a\0b\n", "from(a) run(a\0b)"),
        CASE("FROM a\nRUN \xFFx\n", "from(a) run(\xFFx)"),
        CASE("FROM a\n\xC2\xA0\xE3\x80\x80RUN x\xE2\x80\x83\n", "from(a) run(x)"),
        CASE("FROM a\nWOR\xE2\x84\xAA"
             "DIR /x\n",
             "from(a) workdir(/x)"),
        CASE("FROM a\nRUN a\rb\r\n", "from(a) run(a\rb)"),
        CASE("", "1: file with no instructions"),
        CASE("# c\n\n", "1: file with no instructions"),
        CASE("FROM a\nRUN\xC2\xA0x\n", "2: unknown instruction: RUN\xC2\xA0x"),
        CASE("FROM a\n\\\n\\\n", "2: unknown instruction: "),
    };
    (void)state;
    CHECK_READINGS(cases);
}

static void test_directives(void **state)
{
    static const struct reading_case cases[] = {
        CASE("# escape=`\nFROM a\nRUN a `\n b\\\nRUN c\n", "from(a) run(a  b\\) run(c)"),
        CASE("  #\tESCAPE = ` \r\nFROM a\nRUN a `\n b\n", "from(a) run(a  b)"),
        CASE("# syntax=x\n# check=skip=all\n#escape=`\nFROM a`\n\n", "from(a)"),
        CASE("#\n# escape=`\nFROM a`\n", "from(a`)"),
        CASE("\n# escape=`\nFROM a`\n", "from(a`)"),
        CASE("#!/bin/sh\n# escape=`\nFROM a`\n", "from(a`)"),
        CASE("# other=x\n# escape=`\nFROM a`\n", "from(a`)"),
        CASE("# escape=\n# escape=`\nFROM a`\n", "from(a`)"),
        CASE("# escape=x\nFROM a\n", "1: invalid escape token 'x' does not match ` or \\"),
        CASE("# escape=`\n# Escape=`\nFROM a\n", "2: only one escape parser directive can be used"),
    };
    (void)state;
    CHECK_READINGS(cases);
}

static void test_flags(void **state)
{
    static const struct reading_case cases[] = {
        CASE("FROM --platform=x a AS B\n", "from{--platform=x}(a|AS|B)"),
        CASE("FROM a\nCOPY --from=\"b c\" --chown='d':e x y\n",
             "from(a) copy{--from=b c|--chown=d:e}(x|y)"),
        CASE("FROM a\nCOPY --from=b\\ c x y\n", "from(a) copy{--from=b c}(x|y)"),
        CASE("FROM a\nCOPY -- --from=b /\n", "from(a) copy(--from=b|/)"),
        CASE("FROM a\nRUN --network=none -- --x\n", "from(a) run{--network=none}(--x)"),
        CASE("FROM a\nRUN -x --y\n", "from(a) run(-x --y)"),
        CASE("FROM a\nARG --x y\nSTOPSIGNAL --z 9\n", "from(a) arg{--x}(y) stopsignal{--z}(9)"),
        CASE("FROM a\nCOPY --chown=caf\xC3\xA9 x y\n",
             "from(a) copy{--chown=caf\xC3\x83\xC2\xA9}(x|y)"),
        CASE("FROM a\nCOPY --form=b x y\n", "2: unknown flag: --form (did you mean from?)"),
        CASE("FROM a\nCOPY --from=b --from=c x y\n", "2: duplicate flag specified: --from"),
        CASE("FROM a\nCOPY --from x y\n", "2: missing a value on flag: --from"),
        CASE("FROM a\nCOPY --link= x y\n", "2: missing a value on flag: --link"),
        CASE("FROM a\nCOPY --link=yes x y\n",
             "2: expecting boolean value for flag --link, not: yes"),
        CASE("FROM a\nUSER --x y\n", "2: unknown flag: --x"),
        CASE("FROM a\nRUN --network=x y\n", "2: invalid network mode \"x\""),
        CASE("FROM a\nRUN --security=x y\n", "2: security \"x\" is not valid"),
        CASE("FROM a\nRUN --mount=from=$x y\n",
             "2: 'from' doesn't support variable expansion, define alias stage instead"),
        CASE("FROM a\nRUN --mount=from=x$,type=bind y\n",
             "from(a) run{--mount=from=x$,type=bind}(y)"),
        CASE("FROM a\nRUN --mount=a\"b y\n", "from(a) run{--mount=ab y}()"),
        CASE("FROM a\nRUN --device=a,b y\n",
             "2: invalid field in --device: it must be a key=value pair"),
        CASE("FROM a\nRUN --device=v/x=y,required=t z\n",
             "from(a) run{--device=v/x=y,required=t}(z)"),
    };
    (void)state;
    CHECK_READINGS(cases);
}

static void test_json(void **state)
{
    static const struct reading_case cases[] = {
        CASE("FROM a\nRUN [\"a b\", \"c\\n\\u00e9\\ud83d\\ude00\"]\n",
             "from(a) run!(a b|c\n\xC3\xA9\xF0\x9F\x98\x80)"),
        CASE("FROM a\nCMD [ \"a\" , \\\n \"b\" ] \n", "from(a) cmd!(a|b)"),
        CASE("FROM a\nCMD []\n", "from(a) cmd!()"),
        CASE("FROM a\nRUN [ -d x ] && y\n", "from(a) run([ -d x ] && y)"),
        CASE("FROM a\nCMD ['a']\n", "from(a) cmd(['a'])"),
        CASE("FROM a\nCMD [\"a\",]\n", "from(a) cmd([\"a\",])"),
        CASE("FROM a\nCMD [\"a\"] b\n", "from(a) cmd([\"a\"] b)"),
        CASE("FROM a\nCMD [\"\\x\"]\n", "from(a) cmd([\"\\x\"])"),
        CASE("FROM a\nCMD [1e999]\n", "from(a) cmd([1e999])"),
        CASE("FROM a\nCMD [\"\\ud800\", \"\xFF\"]\n", "from(a) cmd!(\xEF\xBF\xBD|\xEF\xBF\xBD)"),
        CASE("FROM a\nVOLUME [\"/a b\"]\n", "from(a) volume!(/a b)"),
        CASE("FROM a\nHEALTHCHECK CMD [\"a\"]\n", "from(a) healthcheck!(CMD|a)"),
        CASE("FROM a\nCMD [\"a\", {\"b\": [null]}]\n",
             "2: when using JSON array syntax, arrays must be comprised of strings only"),
        CASE("FROM a\nSHELL [\"a\"]\n", "from(a) shell!(a)"),
        CASE("FROM a\nSHELL a\n", "2: SHELL requires the arguments to be in JSON form"),
        CASE("FROM a\nVOLUME [\" \"]\n", "2: VOLUME specified can not be an empty string"),
    };
    (void)state;
    CHECK_READINGS(cases);
}

static void test_pairs(void **state)
{
    static const struct reading_case cases[] = {
        CASE("FROM a\nENV b=c d=\"e f\"\n", "from(a) env(b|c|=|d|\"e f\"|=)"),
        CASE("FROM a\nENV b  c d=e \n", "from(a) env(b|c d=e|)"),
        CASE("FROM a\nENV b=c\\ d e='f\n", "from(a) env(b|c\\ d|=|e|'f|=)"),
        CASE("FROM a\nENV \"b c\"=d\n", "from(a) env(\"b c\"|d|=)"),
        CASE("FROM a\nENV b=\xFF\n", "from(a) env(b|\xEF\xBF\xBD|=)"),
        CASE("FROM a\nENV \xFF=b c==\n", "from(a) env(\xEF\xBF\xBD|b|=|c|=|=)"),
        CASE("FROM a\nLABEL b\xC2\xA0=c\n", "2: LABEL must have two arguments"),
        CASE("FROM a\nENV b=c d\n",
             "2: Syntax error - can't find = in \"d\". Must be of the form: name=value"),
        CASE("FROM a\nENV b\n", "2: ENV must have two arguments"),
        CASE("FROM a\nENV\n", "2: ENV requires at least one argument"),
        CASE("FROM a\nENV =b\n", "2: ENV names can not be blank"),
        CASE("ARG b c=d # e\nFROM a\n", "arg(b|c=d|#|e) from(a)"),
        CASE("ARG =b\nFROM a\n", "1: ARG names can not be blank"),
    };
    (void)state;
    CHECK_READINGS(cases);
}

static void test_shapes(void **state)
{
    static const struct reading_case cases[] = {
        CASE("FROM a\nEXPOSE 80 # web\n", "from(a) expose(80|#|web)"),
        CASE("FROM a\nUSER b c \nWORKDIR /d e\n", "from(a) user(b c) workdir(/d e)"),
        CASE("FROM a\nMAINTAINER b <c@d>\n", "from(a) maintainer(b <c@d>)"),
        CASE("FROM a\nRUN\nCMD\nENTRYPOINT\n", "from(a) run() cmd() entrypoint()"),
        CASE("FROM a\nHEALTHCHECK none\n", "from(a) healthcheck(NONE)"),
        CASE("FROM a\nHEALTHCHECK --interval=1.5m --retries=3 cmd b c\n",
             "from(a) healthcheck{--interval=1.5m|--retries=3}(CMD|b c)"),
        CASE("FROM \"a:8\"\n", "from(\"a:8\")"),
        CASE("FROM a\nONBUILD RUN --x b\n", "from(a) onbuild[run{--x}(b)]"),
        CASE("FROM a\nONBUILD b c\n", "from(a) onbuild[()]"),
        CASE("FROM a b\n", "1: FROM requires either one or three arguments"),
        CASE("FROM a # b\n", "1: FROM requires either one or three arguments"),
        CASE("FROM a AS 1b\n", "1: invalid name for build stage: \"1b\", name can't start with a "
                               "number or contain symbols"),
        CASE("FROM a\nCOPY b\n", "2: COPY requires at least two arguments, but only one was "
                                 "provided. Destination could not be determined"),
        CASE("FROM a\nEXPOSE\n", "2: EXPOSE requires at least one argument"),
        CASE("FROM a\nUSER\n", "2: USER requires exactly one argument"),
        CASE("FROM a\nRUNN b\n", "2: unknown instruction: RUNN (did you mean RUN?)"),
        CASE("FROM a\n{{ b }}\n", "2: unknown instruction: {{"),
        CASE("RUN a\nFROM b\n", "1: no build stage in current context"),
        CASE("FROM a\nONBUILD\n", "2: ONBUILD requires at least one argument"),
        CASE("FROM a\nONBUILD ONBUILD RUN b\n",
             "2: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
        CASE("FROM a\nONBUILD from b\n", "2: FROM isn't allowed as an ONBUILD trigger"),
        CASE("FROM a\nONBUILD ENV b\n", "2: ENV must have two arguments"),
        CASE("FROM a\nHEALTHCHECK NONE b\n", "2: HEALTHCHECK NONE takes no arguments"),
        CASE("FROM a\nHEALTHCHECK b\n", "2: Unknown type \"b\" in HEALTHCHECK (try CMD)"),
        CASE("FROM a\nHEALTHCHECK CMD\n", "2: Missing command after HEALTHCHECK CMD"),
    };
    (void)state;
    CHECK_READINGS(cases);
}

static void test_durations(void **state)
{
    static const struct {
        const char *value;
        bool passes;
    } cases[] = {
        {"", true},
        {"0", true},
        {"1s", true},
        {"+1h2m3.5s", true},
        {".5s", true},
        {"1.s", true},
        {"1ms", true},
        {"1000\xB5s", true},
        {"1000\xC2\xB5s", false},
        {"2562047h", true},
        {"-0s", true},
        {"5", false},
        {"s", false},
        {".s", false},
        {"1x", false},
        {"999us", false},
        {"-1s", false},
        {"1ns", false},
        {"2562048h", false},
        {"9223372036854775808ns", false},
        {"+", false},
        {"1s ", true},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct arena *a = arena_new(LIMIT);
        struct str text =
            str_printf(a, "FROM a\nHEALTHCHECK --interval=%s CMD b\n", cases[k].value);
        struct str got = reading(a, text);
        if (str_starts(got, LIT("from")) != cases[k].passes)
            fail_msg("--interval=%s: %.*s", cases[k].value, STR(got));
        arena_free(a);
    }
}

static void test_heredocs(void **state)
{
    static const struct reading_case cases[] = {
        CASE("FROM a\nRUN <<EOF\nb \\\n# c\r\nEOF\nRUN d\n",
             "from(a) run(<<EOF)<EOF:b \\\n# c\r\n> run(d)"),
        CASE("FROM a\nRUN <<-EOF\n\tb\n\t\tEOF\r\n", "from(a) run(<<-EOF)<EOF:\tb\n>"),
        CASE("FROM a\nRUN <<\"E F\" cat\nb\nE F", "from(a) run(<<\"E F\" cat)<E F':b\n>"),
        CASE("FROM a\nCOPY <<A <<B /\nb\nA\nc\nB\n", "from(a) copy(<<A|<<B|/)<A:b\n><B:c\n>"),
        CASE("FROM a\nRUN cat <<A \\\n <<B\nA\nB\n", "from(a) run(cat <<A  <<B)<A:><B:>"),
        CASE("FROM a\nRUN (cat <<EOF)\nEOF\nEOF)\n", "from(a) run((cat <<EOF))<EOF):EOF\n>"),
        CASE("FROM a\nRUN 1<<EOF\nEOF\n", "from(a) run(1<<EOF)<EOF:>"),
        CASE("FROM a\nRUN b # see <<EOF\nEOF\n", "from(a) run(b # see <<EOF)<EOF:>"),
        CASE("FROM a\nRUN <<$X\n$X\n", "from(a) run(<<$X)<$X:>"),
        CASE("FROM a\nRUN <<\\EOF\nEOF\n", "from(a) run(<<\\EOF)<EOF:>"),
        CASE("FROM a\nRUN \"b\"<<EOF\n", "from(a) run(\"b\"<<EOF)"),
        CASE("FROM a\nRUN b<<EOF\n", "from(a) run(b<<EOF)"),
        CASE("FROM a\nRUN $((1<<2))\n", "from(a) run($((1<<2)))"),
        CASE("FROM a\nRUN '<<' \\<\\<A <<<EOF\n", "from(a) run('<<' \\<\\<A <<<EOF)"),
        CASE("FROM a\nRUN it's <<EOF\n", "from(a) run(it's <<EOF)"),
        CASE("FROM a\nRUN ${x[1]} <<EOF\n", "from(a) run(${x[1]} <<EOF)"),
        CASE("FROM a\nRUN <<- EOF\n", "from(a) run(<<- EOF)"),
        CASE("FROM a\nRUN <<EOF${x:-b}\n", "from(a) run(<<EOF${x:-b})"),
        CASE("FROM a\nRUN [\"<<EOF\"]\n", "from(a) run!(<<EOF)"),
        CASE("FROM a\nCMD <<EOF\n", "from(a) cmd(<<EOF)"),
        CASE("FROM a\nONBUILD RUN <<EOF\nb\nEOF\n", "from(a) onbuild[run(<<EOF)<EOF:b\n>]"),
        CASE("FROM a\nRUN <<EOF\nb\n", "2: unterminated heredoc EOF"),
        CASE("FROM a\nRUN $((1 << 3)) && b\n", "2: unterminated heredoc 3))"),
        CASE("FROM a\nCOPY b <<EOF\nEOF\n", "2: COPY cannot accept a heredoc as a destination"),
    };
    (void)state;
    CHECK_READINGS(cases);
}

/* ---- what is more than a reading ---- */

static void test_line_numbers_and_trivia(void **state)
{
    const struct str text = LIT("# syntax=docker/dockerfile:1 x\n\nFROM a AS B\n# c\n"
                                "RUN a \\\n# d\n\nFROM --platform=p b\n# e\n");
    struct arena *a = arena_new(LIMIT);
    struct source source = source_of(a, LIT("Dockerfile"), text);
    struct diags diags = {.arena = a};
    const struct df_file *file = df_parse(a, &source, &diags);
    (void)state;
    assert_non_null(file);
    assert_true(str_eq(file->syntax, LIT("docker/dockerfile:1")));
    assert_int_equal(file->instrs.n, 2);
    assert_true(str_eq(str_span(text, file->instrs.at[1]->lead), LIT("# c\n")));
    assert_int_equal(file->instrs.at[1]->first_line, 5);
    assert_int_equal(file->instrs.at[1]->last_line, 8);
    assert_true(str_eq(str_span(text, file->tail), LIT("# e\n")));
    assert_int_equal(file->stages.n, 1);
    assert_true(str_eq(file->stages.at[0].name, LIT("b")));
    assert_int_equal(file->stages.at[0].last_line, 8);
    arena_free(a);
}

static void test_shell_texts(void **state)
{
    static const struct {
        struct str text;
        const char *want; /* NULL: there is none */
    } cases[] = {
        {TEXT("RUN --network=none a \\\n# c\n  b\n"), "a   b"},
        {TEXT("RUN <<-EOF\n\ta\n\t\tb\nEOF\n"), "a\nb\n"},
        {TEXT("RUN cat <<-A <<B\n\ta\n\tA\nb\nB\n"), "cat <<-A <<B\n\ta\nA\nb\nB"},
        {TEXT("ONBUILD RUN a\n"), "a"},
        {TEXT("HEALTHCHECK CMD a b\n"), "a b"},
        {TEXT("RUN [\"a\"]\n"), NULL},
        {TEXT("RUN\n"), NULL},
        {TEXT("COPY a b\n"), NULL},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct arena *a = arena_new(LIMIT);
        const struct df_instr *i = df_parse_one(a, cases[k].text, '\\');
        struct joined shell;
        assert_non_null(i);
        bool found = df_shell_text(a, i, &shell);
        assert_int_equal(found, cases[k].want != NULL);
        if (found && !str_eq(shell.text, str_from_c(cases[k].want)))
            fail_msg("%s: got %.*s", cases[k].want, STR(shell.text));
        arena_free(a);
    }
}

static void test_parse_one_wants_one_instruction(void **state)
{
    static const char *const refused[] = {
        "",          "\n",          "# c\nRUN a\n", "RUN a\nRUN b\n",
        "RUN a\n\n", "RUN <<EOF\n", "RUNN a\n",     "\nRUN a\n"};
    struct arena *a = arena_new(LIMIT);
    (void)state;
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
        assert_null(df_parse_one(a, str_from_c(refused[k]), '\\'));
    assert_non_null(df_parse_one(a, LIT("  RUN a `\n b"), '`'));
    arena_free(a);
}

static void test_flag_values(void **state)
{
    struct arena *a = arena_new(LIMIT);
    const struct df_instr *i = df_parse_one(a, LIT("COPY --link --from=b=c x y"), '\\');
    struct str value = LIT("?");
    (void)state;
    assert_non_null(i);
    assert_true(df_flag(i, LIT("link"), &value) && value.len == 0);
    assert_true(df_flag(i, LIT("from"), &value) && str_eq(value, LIT("b=c")));
    assert_false(df_flag(i, LIT("chown"), &value));
    arena_free(a);
}

static void assert_span(struct span got, uint32_t start, uint32_t end)
{
    assert_int_equal(got.start, start);
    assert_int_equal(got.end, end);
}

/* `RUN ab \`, a comment, `cd`: joined `RUN ab cd` in the pieces [0, 7) and [13, 15). */
static void test_joined_spans(void **state)
{
    struct arena *a = arena_new(LIMIT);
    const struct df_instr *i = df_parse_one(a, LIT("RUN ab \\\n# c\ncd\n"), '\\');
    (void)state;
    assert_non_null(i);
    const struct joined *j = &i->joined;
    assert_true(str_eq(j->text, LIT("RUN ab cd")));
    assert_int_equal(join_offset(j, 6), 6);
    assert_int_equal(join_offset(j, 7), 13);
    assert_int_equal(join_offset(j, 9), 15);
    assert_span(join_span(j, (struct span){4, 6}), 4, 6);
    assert_span(join_span(j, (struct span){4, 9}), 4, 15);
    assert_span(join_span(j, (struct span){4, 7}), 4, 7);
    assert_span(join_span(j, (struct span){7, 7}), 13, 13);
    assert_true(join_is_whole(j, (struct span){4, 7}));
    assert_false(join_is_whole(j, (struct span){4, 8}));
    struct joined part = join_part(a, j, (struct span){5, 8});
    assert_true(str_eq(part.text, LIT("b c")));
    assert_int_equal(part.pieces.n, 2);
    assert_int_equal(join_offset(&part, 0), 5);
    assert_int_equal(join_offset(&part, 2), 13);
    assert_int_equal(join_part(a, j, (struct span){7, 9}).pieces.n, 1);
    assert_int_equal(join_part(a, j, (struct span){7, 7}).pieces.n, 0);
    arena_free(a);
}

/* Lines of 65,535 bytes pass, longer ones do not; a joined line may be longer. */
static void test_line_limit(void **state)
{
    enum { LONGEST = 65535 };
    (void)state;
    for (int more = 0; more < 2; more++) {
        struct arena *a = arena_new(LIMIT);
        struct buf text = {.arena = a};
        buf_add(&text, LIT("FROM a\nRUN a \\\n"));
        for (int k = 0; k < LONGEST - 2 + more; k++)
            buf_char(&text, 'x');
        buf_add(&text, LIT(" \\\nb\n"));
        struct str got = reading(a, buf_str(&text));
        assert_int_equal(str_starts(got, LIT("3: line greater")), more);
        arena_free(a);
    }
}

/* Wherever memory ends, control arrives at the boundary. */
static void test_memory_ends_anywhere(void **state)
{
    const struct str text =
        LIT("# escape=`\nFROM a AS b\nRUN --mount=from=c <<A d `\n <<-\"B\"\ne\nA\n\tB\n"
            "ENV a=b c=\xFF\nCMD [\"\\u00e9\"]\nONBUILD COPY a b\nRUNN\n");
    volatile bool failed = true;
    (void)state;
    for (volatile size_t n = 1; failed; n++) {
        struct arena *const a = arena_new(LIMIT);
        struct boundary boundary;
        arena_guard(a, &boundary);
        arena_fail_at(a, n);
        failed = setjmp(boundary.at) != 0;
        if (!failed)
            reading(a, text);
        arena_free(a);
        assert_true(n < 10000);
    }
}

/* A file may end anywhere. */
static void test_every_prefix(void **state)
{
    const struct str text = LIT("\xEF\xBB\xBF# escape=`\r\nFROM --platform=a b AS c\r\n# d\n\n  "
                                "RUN <<A e `\n# f\n <<-\"B\"\n"
                                "g\r\nA\n\t\tB\nENV a=\"b `\n c\" d='\xE3\x80\x80'\nHEALTHCHECK "
                                "--interval=1s CMD [ \"x\" ]\n"
                                "ONBUILD RUN <<$X${y:-z}\n$X${y:-z}\nCMD");
    (void)state;
    for (size_t n = 0; n <= text.len; n++) {
        struct arena *a = arena_new(LIMIT);
        const char *broken = df_broken_property(a, str_slice(text, 0, n));
        if (broken)
            fail_msg("%zu bytes: %s", n, broken);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_directives),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_heredocs),
        cmocka_unit_test(test_line_numbers_and_trivia),
        cmocka_unit_test(test_shell_texts),
        cmocka_unit_test(test_parse_one_wants_one_instruction),
        cmocka_unit_test(test_flag_values),
        cmocka_unit_test(test_joined_spans),
        cmocka_unit_test(test_line_limit),
        cmocka_unit_test(test_memory_ends_anywhere),
        cmocka_unit_test(test_every_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
