/* grammar/shell: what texts read as, which are refused, quoting, spans. */
#include "tests/shell_spans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int with_arena(void **state)
{
    *state = arena_new(256 * 1024 * 1024);
    return *state ? 0 : -1;
}

static int without_arena(void **state)
{
    arena_free(*state);
    return 0;
}

struct reading {
    const char *text, *tree;
};

static void assert_tree(struct arena *a, struct str text, enum sh_dialect dialect, const char *tree)
{
    struct sh_error error = {0};
    struct span_check spans = {.arena = a, .text = text, .dialect = dialect};
    struct buf b = {.arena = a};
    struct sh_script *script = sh_parse(a, text, dialect, &error);
    if (!script)
        fail_msg("%.*s: %.*s", STR(text), STR(error.message));
    tree_list(&b, script->list);
    assert_string_equal(str_dup(a, buf_str(&b)).at, tree);
    check_spans(&spans, script);
    if (spans.broken)
        fail_msg("%.*s: %s at %u", STR(text), spans.broken, spans.at.start);
}

static void test_readings(void **state)
{
    static const struct reading readings[] = {
        {"", ""},
        {" \t\n# only a comment\n", ""},
        {"a", "(cmd a)"},
        {"a&&b", "(and (cmd a) (cmd b))"},
        {"a && b || c", "(or (and (cmd a) (cmd b)) (cmd c))"},
        {"a;b", "(list (cmd a) (cmd b))"},
        {"a\n\n# c\nb\n", "(list (cmd a) (cmd b))"},
        {"a & b", "(list (background (cmd a)) (cmd b))"},
        {"a | b | c", "(pipe (cmd a) (cmd b) (cmd c))"},
        {"a |& b", "(pipe-both (cmd a) (cmd b))"},
        {"! a | b", "(not (pipe (cmd a) (cmd b)))"},
        {"!(a)", "(not (subshell (cmd a)))"},
        {"time -p a", "(time (cmd a))"},
        {"a | time b", "(time (pipe (cmd a) (cmd b)))"},
        {"time ! a", "(time (not (cmd a)))"},
        {"a \\\n b\\\nc", "(cmd a b\\\nc)"},
        {"a#b # c", "(cmd a#b)"},
        {"x=1 y+=2 a z=3", "(cmd x=1 y+=2 a z=3)"},
        {"x= a", "(cmd x= a)"},
        {"1x=2", "(cmd 1x=2)"},
        {"a[1]=x", "(cmd a[1]=x)"},
        {"a[$i + 1]+=x", "(cmd a[{i} + 1]+=x)"},
        {"ls a[1]=x", "(cmd ls a[1]=x)"},
        {"a=(b 'c' $d)", "(cmd a=( b 'c' {d} ))"},
        {"a+=(\n b # c\n [x]=y\n)", "(cmd a+=( b [x]=y ))"},
        {"declare -A a=([3.7]=b) c", "(cmd a=( [3.7]=b ) declare -A c)"},
        {"f() { local a=(1); }", "(function f (brace (cmd a=( 1 ) local)))"},
        {"export A=b", "(cmd export A=b)"},
        {"{ a; }", "(brace (cmd a))"},
        {"(a)", "(subshell (cmd a))"},
        {"(a;)>f", "(subshell (cmd a) (> f))"},
        {"echo } {a,b} if then", "(cmd echo } {a,b} if then)"},
        {"if a; then b; elif c; then d; else e; fi",
         "(if (cmd a) then (cmd b) elif (cmd c) then (cmd d) else (cmd e))"},
        {"if (a) then (b) fi", "(if (subshell (cmd a)) then (subshell (cmd b)))"},
        {"while a; do b; done", "(while (cmd a) do (cmd b))"},
        {"until a\ndo b\ndone", "(until (cmd a) do (cmd b))"},
        {"for i in a b; do c; done", "(for i in a b do (cmd c))"},
        {"for i; do c; done", "(for i do (cmd c))"},
        {"for i do c; done", "(for i do (cmd c))"},
        {"for i in; do c; done", "(for i in do (cmd c))"},
        {"for in in in; do c; done", "(for in in in do (cmd c))"},
        {"for i in a; { b; }", "(for i in a do (cmd b))"},
        {"select i in a; do b; done", "(select i in a do (cmd b))"},
        {"for ((i=0; i<3; i++)); do a; done", "(for ((i=0; i<3; i++)) do (cmd a))"},
        {"case a in b|c) d;; (*) e; esac", "(case a (b|c) (cmd d) ;; (*) (cmd e))"},
        {"case a in\nb) ;;\nesac", "(case a (b) ;;)"},
        {"case a in b) c;& d) (e) esac", "(case a (b) (cmd c) ;& (d) (subshell (cmd e)))"},
        {"case in in (esac) a;;& b=c) d;; esac", "(case in (esac) (cmd a) ;;& (b=c) (cmd d) ;;)"},
        {"case a in esac", "(case a)"},
        {"f() { a; }", "(function f (brace (cmd a)))"},
        {"f() (a) >b", "(function f (subshell (cmd a) (> b)))"},
        {"f() a b", "(function f (cmd a b))"},
        {"function f { a; }", "(function f (brace (cmd a)))"},
        {"function f() { a; }", "(function f (brace (cmd a)))"},
        {"function f (a)", "(function f (subshell (cmd a)))"},
        {"coproc a b", "(coproc  (cmd a b))"},
        {"coproc n { a; }", "(coproc n (brace (cmd a)))"},
        {"[[ -f a && ! $b == c* || ( d ) ]]", "([[ -f a && ! {b} == c* || ( d ))"},
        {"[[ $a =~ ^(b c)+$ ]]", "([[ {a} =~ ^(b c)+$)"},
        {"[[ -f ]]", "([[ -f)"},
        {"[[ a < b ]] && c", "(and ([[ a < b) (cmd c))"},
        {"echo [[ a", "(cmd echo [[ a)"},
        {"((a = (1 + 2)))", "((( a = (1 + 2))"},
        {"((a); b)", "(subshell (list (subshell (cmd a)) (cmd b)))"},
        {"((a) || b) && c", "(and (subshell (or (subshell (cmd a)) (cmd b))) (cmd c))"},
        {"ls @(a|b) !(c) *(d)", "(cmd ls @(a|b) !(c) *(d))"},
    };
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        assert_tree(*state, str_from_c(readings[i].text), SH_BASH, readings[i].tree);
}

static void test_words(void **state)
{
    static const struct reading readings[] = {
        {"'a'\"b\"$'c'$\"d\"e", "(cmd 'a'\"b\"$'c'\"d\"e)"},
        {"\"\" ''", "(cmd \"\" '')"},
        {"\"a$b c\"", "(cmd \"a{b} c\")"},
        {"$1 $@ $? $$ $ a$ \"$\"", "(cmd {1} {@} {?} {$} $ a$ \"$\")"},
        {"$12", "(cmd {1}2)"},
        {"${a} ${#a} ${!a} ${#} ${##} ${#-} ${!} ${10}",
         "(cmd {a} {#a} {!a} {#} {##} {#-} {!} {10})"},
        {"${a:-b c} ${a-} ${a:?\"b\"} ${a+$b}", "(cmd {a :- b c} {a - } {a :? \"b\"} {a + {b}})"},
        {"\"${a:-'}'}\"", "(cmd \"{a :- '}'}\")"},
        {"\"${a#'}'}\"", "(cmd \"{a # '}'}\")"},
        {"${a#b} ${a##b} ${a%b} ${a%%*/b}", "(cmd {a # b} {a ## b} {a % b} {a %% */b})"},
        {"${a/b/c} ${a//b} ${a//\\//-} ${a/#b/}",
         "(cmd {a / b c} {a // b} {a // \\/ -} {a / #b })"},
        {"${a:0:1} ${a: -1} ${a:$b}", "(cmd {a : 0 1} {a :  -1} {a : {b}})"},
        {"${a[@]} ${#a[@]} ${a[$i]:-b} ${a[@]:1:2}",
         "(cmd {a[@]} {#a[@]} {a[{i}] :- b} {a[@] : 1 2})"},
        {"${a^^} ${a,} ${a@Q} ${!a*} ${#-x}", "(cmd {a ^^ } {a , } {a @ Q} {!a * } {# - x})"},
        {"$(a) x$(b;c)y \"$(d)\"", "(cmd $((cmd a)) x$((list (cmd b) (cmd c)))y \"$((cmd d))\")"},
        {"$( ) $(<f)", "(cmd $() $((cmd (< f))))"},
        {"$(a # )\n)", "(cmd $((cmd a)))"},
        {"$(case a in b) c;; esac)", "(cmd $((case a (b) (cmd c) ;;)))"},
        {"`a \\`b\\``", "(cmd `(cmd a `(cmd b)`)`)"},
        {"\"`a \\\"b\\\"`\"", "(cmd \"`(cmd a \"b\")`\")"},
        {"$((1 + (2))) $[3]", "(cmd $((1 + (2))) $((3)))"},
        {"$((a); b)", "(cmd $((list (subshell (cmd a)) (cmd b))))"},
        {"a <(b) >(c)", "(cmd a <((cmd b)) <((cmd c)))"},
        {"a\\ b \\\"", "(cmd a\\ b \\\")"},
    };
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        assert_tree(*state, str_from_c(readings[i].text), SH_BASH, readings[i].tree);
}

static void test_redirections(void **state)
{
    static const struct reading readings[] = {
        {"a >b 2>&1 <c >>d >|e <>f", "(cmd a (> b) (2>& 1) (< c) (>> d) (>| e) (<> f))"},
        {">a", "(cmd (> a))"},
        {"a 2>&1>b", "(cmd a (2>& 1) (> b))"},
        {"a2>b", "(cmd a2 (> b))"},
        {"a &>b &>>c <<<d", "(cmd a (&> b) (&>> c) (<<< d))"},
        {"exec {fd}>a {fd}>&-", "(cmd exec ({fd}> a) ({fd}>& -))"},
        {"a <<E\nb $c\nE\n", "(cmd a (<< E b {c}\n))"},
        {"a <<'E'\nb $c\nE", "(cmd a (<< 'E' b $c\n))"},
        {"a <<-E\n\tb\n\tE\nc", "(list (cmd a (<<- E \tb\n)) (cmd c))"},
        {"a <<E <<F\n1\nE\n2\nF\n", "(cmd a (<< E 1\n) (<< F 2\n))"},
        {"a <<\"E\"F && b\n$(c\nEF\n", "(and (cmd a (<< 'EF' $(c\n)) (cmd b))"},
        {"a <<E\nE\n", "(cmd a (<< E ))"},
        {"$(a <<E\nb\nE\n)", "(cmd $((cmd a (<< E b\n))))"},
        {"{ a <<E; }\nb\nE\n", "(brace (cmd a (<< E b\n)))"},
        {"a <<E\n${x:-\"b\"} it's\nE\n", "(cmd a (<< E {x :- \"b\"} it's\n))"},
        {"a <<E\nb\\\nE\nE\n", "(cmd a (<< E b\\\nE\n))"},
        {"while a; do b; done <c | d", "(pipe (while (cmd a) do (cmd b) (< c)) (cmd d))"},
    };
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        assert_tree(*state, str_from_c(readings[i].text), SH_BASH, readings[i].tree);
}

static void test_posix_readings(void **state)
{
    static const struct reading readings[] = {
        {"((a) || b)", "(subshell (or (subshell (cmd a)) (cmd b)))"},
        {"((a b))", "(subshell (subshell (cmd a b)))"},
        {"((a=1))", "(subshell (subshell (cmd a=1)))"},
        {"\"${a:-it's}\"", "(cmd \"{a :- it's}\")"},
        {"\"${a#'}'}\"", "(cmd \"{a # '}'}\")"},
        {"((a = (1)))", "((( a = (1))"},
        {"a &>b", "(list (background (cmd a)) (cmd (> b)))"},
        {"\"a$[b\" $[c]", "(cmd \"a$[b\" $[c])"},
        {"a {b}>c", "(cmd a {b} (> c))"},
        {"[[ a ]]", "([[ a)"},
    };
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        assert_tree(*state, str_from_c(readings[i].text), SH_POSIX, readings[i].tree);
}

static void test_refused(void **state)
{
    static const char *const texts[] = {
        "a &&",
        "&& a",
        "a ; ; b",
        "a | | b",
        "(a",
        "a)",
        "{ a }",
        "if a; fi",
        "if a then b",
        "then",
        "in a",
        "fi",
        "}",
        "'a",
        "\"a",
        "`a",
        "$(a",
        "${a",
        "${a!}",
        "${}",
        "$((1)",
        "a <<E\nb",
        "a <<E",
        "a <",
        "a > ; b",
        "f( a )",
        "echo a=(b)",
        "for i in a",
        "for $i in a; do b; done",
        "while a; done",
        "case a in b) c",
        "case a b",
        "[[ a",
        "[[ a b ]]",
        "()",
        "a () { ; }",
        "a;; b",
        "if a; then b; else; fi",
        "`'`",
        "\"$f\"() { a; }",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str text = str_from_c(texts[i]);
        struct sh_error error = {0};
        if (sh_parse(*state, text, SH_BASH, &error) || sh_parse(*state, text, SH_POSIX, NULL))
            fail_msg("accepted: %s", texts[i]);
        assert_true(error.message.len > 0);
        assert_true(error.at.start <= error.at.end && error.at.end <= text.len);
    }
}

static struct str repeated(struct arena *a, const char *before, const char *behind, size_t n)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < n; i++)
        buf_add(&b, str_from_c(before));
    buf_add(&b, LIT(" x "));
    for (size_t i = 0; i < n; i++)
        buf_add(&b, str_from_c(behind));
    return buf_str(&b);
}

/* Nesting ends in a refusal, never in a crash; long lists are not deep. */
static void test_depth(void **state)
{
    static const struct {
        const char *before, *behind;
        bool deep_enough;
    } nests[] = {
        {"( ", ")", false},   {"$(", ")", false},
        {"{ ", ";}", false},  {"\"${x:-", "}\"", false},
        {"$((", "))", false}, {"x <(", ")", false},
        {"a;", "", true},     {"a && ", "", true},
        {"a | ", "", true},   {"if a; then ", ";fi", false},
        {"a ", "", true},     {"[[ ( ", ")", false},
    };
    for (size_t i = 0; i < sizeof nests / sizeof *nests; i++) {
        struct arena *a = *state;
        struct str text = repeated(a, nests[i].before, nests[i].behind, 50000);
        struct sh_error error = {0};
        assert_int_equal(sh_parse(a, text, SH_BASH, &error) != NULL, nests[i].deep_enough);
        arena_reset(a);
    }
    assert_non_null(sh_parse(*state, repeated(*state, "$(", ")", 30), SH_BASH, NULL));
    assert_null(sh_parse(*state, repeated(*state, "$(", ")", 31), SH_BASH, NULL));
}

static void test_comments(void **state)
{
    struct str text = LIT("#!/bin/sh\na # b\nc#d $(e # f\n) '#' \"#\" # g");
    struct sh_script *script = sh_parse(*state, text, SH_BASH, NULL);
    static const char *const comments[] = {"#!/bin/sh", "# b", "# f", "# g"};
    assert_non_null(script);
    assert_int_equal(script->comments.n, 4);
    for (size_t i = 0; i < 4; i++) {
        struct str found = str_span(text, script->comments.at[i].span);
        assert_true(str_eq(found, str_from_c(comments[i])));
    }
}

static const struct sh_word *first_word(struct arena *a, const char *text)
{
    struct sh_script *script = sh_parse(a, str_from_c(text), SH_BASH, NULL);
    assert_non_null(script);
    return script->list->items.at[0].and_or->operands.at[0].pipeline->commands.at[0]->words.at[0];
}

static void test_literal_words(void **state)
{
    static const struct {
        const char *text, *literal; /* NULL: not literal */
    } words[] = {
        {"abc", "abc"},
        {"a\\b\\\\", "ab\\"},
        {"'a b'c\"d e\"", "a bcd e"},
        {"\"a\\b\\\"\\$\"", "a\\b\"$"},
        {"''", ""},
        {"*.{a,b}?[c]", "*.{a,b}?[c]"},
        {"a\\\nb", "ab"},
        {"\"a\\\nb\"", "ab"},
        {"$", "$"},
        {"@(a|b)", "@(a|b)"},
        {"~/a", "~/a"},
        {"$a", NULL},
        {"a${b}", NULL},
        {"\"$(a)\"", NULL},
        {"`a`", NULL},
        {"$'a'", NULL},
        {"$\"a\"", NULL},
        {"$((1))", NULL},
        {"<(a)", NULL},
        {"$\"\"", NULL},
        {"\"\"", ""},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct str literal;
        bool is = sh_word_literal(*state, first_word(*state, words[i].text), &literal);
        assert_int_equal(is, words[i].literal != NULL);
        if (is && !str_eq(literal, str_from_c(words[i].literal)))
            fail_msg("%s: %.*s", words[i].text, STR(literal));
    }
}

/* What is quoted reads as one word with that text. */
static void test_quote(void **state)
{
    static const char *const texts[] = {"a",  "",  "a b", "it's", "$x", "*", "~",  "a\nb",
                                        "if", "'", "a=b", "#",    "\\", "!", "{}", "/usr/lib64"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str text = str_from_c(texts[i]), back;
        struct str quoted = str_concat(*state, LIT("echo "), sh_quote(*state, text));
        struct sh_script *script = sh_parse(*state, quoted, SH_POSIX, NULL);
        assert_non_null(script);
        const struct sh_command *c =
            script->list->items.at[0].and_or->operands.at[0].pipeline->commands.at[0];
        assert_int_equal(c->words.n, 2);
        assert_true(sh_word_literal(*state, c->words.at[1], &back));
        assert_true(str_eq(back, text));
    }
    assert_string_equal(sh_quote(*state, LIT("/usr/lib64")).at, "/usr/lib64");
}

struct count {
    unsigned commands, inner, words;
};

static bool count_command(void *self, const struct sh_command *c, unsigned substitution)
{
    struct count *count = self;
    (void)c;
    count->commands++;
    count->inner += substitution;
    return true;
}

static bool count_word(void *self, const struct sh_word *w, unsigned substitution)
{
    struct count *count = self;
    (void)w;
    (void)substitution;
    count->words++;
    return true;
}

static void test_walk(void **state)
{
    struct str text = LIT("f() { a $(b $(c)) `d`; }\nx=$(e) >\"$(g)\" <<E\n$(h)\nE\n");
    struct sh_script *script = sh_parse(*state, text, SH_BASH, NULL);
    struct count count = {0};
    struct sh_visitor v = {.self = &count, .command = count_command, .word = count_word};
    assert_non_null(script);
    sh_walk(script->list, &v);
    assert_int_equal(count.commands, 10);
    assert_int_equal(count.inner, 7);
}

/* Any text cut short at any byte is read or refused. */
static void test_truncated(void **state)
{
    struct str text = LIT("f() { a \"${b:-$(c <<E\nx `d`\nE\n)}\" && [[ $x =~ a(b) ]]; }\n"
                          "case $x in a|b) ((i+=1));; *) y=([1]=2 $'3') z;; esac >f 2>&1 &\n");
    for (size_t n = 0; n <= text.len; n++) {
        struct sh_error error;
        struct str part = str_dup(*state, str_slice(text, 0, n));
        if (!sh_parse(*state, part, SH_BASH, &error))
            assert_true(error.message.len > 0);
    }
    assert_non_null(sh_parse(*state, text, SH_BASH, NULL));
}

/* Memory that runs out at any allocation ends at the boundary. */
static void test_no_memory(void **state)
{
    struct str text = LIT("a \"${b:-$(c <<E\n`d`\nE\n)}\" && [[ $x =~ a(b) ]] | y=([1]=2 $'3')");
    struct arena *volatile a = *state;
    volatile bool failed = true;
    for (volatile size_t n = 1; failed; n++) {
        struct boundary boundary;
        arena_reset(a);
        arena_guard(a, &boundary);
        if (setjmp(boundary.at))
            continue;
        arena_fail_at(a, n);
        assert_non_null(sh_parse(a, text, SH_BASH, NULL));
        failed = false;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_arena, without_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_readings), TEST(test_words), TEST(test_redirections), TEST(test_posix_readings),
        TEST(test_refused),  TEST(test_depth), TEST(test_comments),     TEST(test_literal_words),
        TEST(test_quote),    TEST(test_walk),  TEST(test_truncated),    TEST(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
