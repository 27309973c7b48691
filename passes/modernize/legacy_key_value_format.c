/* modernize/legacy-key-value-format: `ENV name value` is written `ENV name=value`. Details:
 * `explain`. */
#include "ir/normal.h"
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "ENV and LABEL of one pair without `=` get one; the value is quoted where it has blanks.\n"
    "\n"
    "    ENV NODE_ENV production                  ENV NODE_ENV=production\n"
    "    ENV JAVA_OPTS -Xmx1g -Dx=$X        =>    ENV JAVA_OPTS=\"-Xmx1g -Dx=$X\"\n"
    "    LABEL maintainer \"Jo Doe\"                LABEL maintainer=\"Jo Doe\"\n"
    "\n"
    "Legal when\n"
    " 1. name and value stand on one line: a value that goes on over lines was often meant as "
    "several pairs;\n"
    " 2. the name has no quote, escape or variable;\n"
    " 3. the value does not begin with `=`, which is then part of it, and hardly meant so;\n"
    " 4. the new text, read again, is one pair with the same name, and a value that BuildKit's "
    "word "
    "expansion\n"
    "    (frontend/dockerfile/shell/lex.go) takes, and makes the same of, whatever variables "
    "hold.\n"
    "\n"
    "Left alone: ONBUILD's, which is text in the image's configuration; values with variables and "
    "quotes or escapes\n"
    "that are more than one word.\n";

enum reason { SEVERAL_LINES, NAME, EQUALS, QUOTES };

static const struct rule rules[] = {
    [SEVERAL_LINES] = {"modernize/legacy-key-value-format/several-lines",
                       "all its lines are the value of one variable; were several meant?"},
    [NAME] = {"modernize/legacy-key-value-format/name",
              "its name has a character that names seldom have"},
    [EQUALS] = {"modernize/legacy-key-value-format/equals",
                "the value begins with `=`: were blanks around it meant?"},
    [QUOTES] = {"modernize/legacy-key-value-format/quotes",
                "no plain quoting gives the value that its quotes, escapes and variables do"},
};

static const struct rule applied = {"modernize/legacy-key-value-format/rewritten",
                                    "the pair is written with `=`"};

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        bool pairs = i->ast->kind == DF_ENV || i->ast->kind == DF_LABEL;
        if (!pairs || !i->ast->pairs.n || !i->ast->pairs.at[0].legacy)
            continue;
        *site = (struct site){.at = i, .with = i};
        return true;
    }
    return false;
}

static bool is_plain_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool alphanumeric =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alphanumeric && str_find(LIT("_.-/"), c) == 4)
            return false;
    }
    return name.len != 0;
}

/* Rule 4. The edit that puts `=value` in place of the blanks and the value; false when that does
 * not give the same pair. */
static bool try_value(struct compile *c, const struct instr *i, struct str value, struct edit *edit)
{
    const struct df_instr *ast = i->ast;
    edit->at.start = join_span(&ast->joined, ast->args.at[0].joined).end;
    edit->at.end = join_span(&ast->joined, ast->args.at[1].joined).end;
    edit->text = str_concat(c->arena, LIT("="), value);
    struct instr after = *i;
    after.ast = df_parse_one(c->arena, rw_spliced(c, i, edit, 1), c->file->escape);
    return after.ast && after.ast->pairs.n == 1 && !after.ast->pairs.at[0].legacy &&
           normal_same(c->arena, i, &after, c->file->escape);
}

/* As it stands, where it is one word; in double quotes, where it has none; or, where no variable is
 * in it, its value quoted anew. */
static bool choose_value(struct compile *c, const struct instr *i, struct edit *edit)
{
    char escape = c->file->escape;
    struct str value = i->ast->pairs.at[0].value, literal;
    struct strs names;
    if (!expand_names(c->arena, value, escape, &names))
        return false;
    if (try_value(c, i, value, edit))
        return true;
    bool has_quote = str_find(value, '"') < value.len;
    if (!has_quote && try_value(c, i, str_printf(c->arena, "\"%.*s\"", STR(value)), edit))
        return true;
    return normal_literal(c->arena, value, escape, &literal) &&
           try_value(c, i, expand_quote(c->arena, literal, escape), edit);
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    const struct df_instr *ast = site->at->ast;
    struct span pair = {ast->args.at[0].joined.start, ast->args.at[1].joined.end};
    if (!join_is_whole(&ast->joined, pair))
        return refuse(why, &rules[SEVERAL_LINES], site->at);
    if (!is_plain_name(ast->pairs.at[0].name))
        return refuse(why, &rules[NAME], site->at);
    if (str_starts(ast->pairs.at[0].value, LIT("=")))
        return refuse(why, &rules[EQUALS], site->at);
    struct edit *edit = arena_alloc(c->arena, sizeof *edit);
    site->plan = edit;
    return choose_value(c, site->at, edit) || refuse(why, &rules[QUOTES], site->at);
}

static bool apply(struct compile *c, const struct site *site)
{
    return rw_respell(c, site->at, site->plan, 1);
}

const struct pass pass_modernize_legacy_key_value_format = {
    .name = "modernize/legacy-key-value-format",
    .summary = "`ENV name value` and `LABEL name value` are written with `=`",
    .explain = explain,
    .level = 1,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .apply = apply,
};
