#include "grammar/checks.h"

#include "grammar/duration.h"
#include "grammar/heredoc.h"
#include "grammar/mount.h"
#include "grammar/suggest.h"
#include "grammar/utf8.h"

/* ---- what each instruction takes ---- */

enum flag_type { FLAG_TEXT, FLAG_BOOL, FLAG_LIST /* may come several times */ };

enum { MOST_FLAGS = 7 };

enum argument_count { ANY_NUMBER, EXACTLY_ONE, AT_LEAST_ONE, AT_LEAST_TWO, ONE_OR_THREE };

/* How instructions/parse.go treats each instruction. */
struct rule {
    const char *name;
    enum argument_count count;
    bool flags_pass; /* its flags are never looked at */
    struct flag_rule {
        const char *name;
        enum flag_type type;
    } flags[MOST_FLAGS];
};

static const struct rule rules[] = {
    [DF_ADD] = {"ADD", AT_LEAST_TWO,
                .flags = {{"chown", FLAG_TEXT},
                          {"chmod", FLAG_TEXT},
                          {"link", FLAG_BOOL},
                          {"keep-git-dir", FLAG_BOOL},
                          {"checksum", FLAG_TEXT},
                          {"unpack", FLAG_BOOL},
                          {"exclude", FLAG_LIST}}},
    [DF_ARG] = {"ARG", AT_LEAST_ONE, .flags_pass = true},
    [DF_CMD] = {"CMD", .count = ANY_NUMBER},
    [DF_COPY] = {"COPY", AT_LEAST_TWO,
                 .flags = {{"chown", FLAG_TEXT},
                           {"from", FLAG_TEXT},
                           {"chmod", FLAG_TEXT},
                           {"link", FLAG_BOOL},
                           {"exclude", FLAG_LIST},
                           {"parents", FLAG_BOOL}}},
    [DF_ENTRYPOINT] = {"ENTRYPOINT", .count = ANY_NUMBER},
    [DF_ENV] = {"ENV", .count = AT_LEAST_ONE},
    [DF_EXPOSE] = {"EXPOSE", .count = AT_LEAST_ONE},
    [DF_FROM] = {"FROM", ONE_OR_THREE, .flags = {{"platform", FLAG_TEXT}}},
    [DF_HEALTHCHECK] = {"HEALTHCHECK", ANY_NUMBER,
                        .flags = {{"interval", FLAG_TEXT},
                                  {"timeout", FLAG_TEXT},
                                  {"start-period", FLAG_TEXT},
                                  {"start-interval", FLAG_TEXT},
                                  {"retries", FLAG_TEXT}}},
    [DF_LABEL] = {"LABEL", .count = AT_LEAST_ONE},
    [DF_MAINTAINER] = {"MAINTAINER", .count = EXACTLY_ONE},
    [DF_ONBUILD] = {"ONBUILD", .count = ANY_NUMBER},
    [DF_RUN] = {"RUN", ANY_NUMBER,
                .flags = {{"device", FLAG_LIST},
                          {"mount", FLAG_LIST},
                          {"network", FLAG_TEXT},
                          {"security", FLAG_TEXT}}},
    [DF_SHELL] = {"SHELL", .count = AT_LEAST_ONE},
    [DF_STOPSIGNAL] = {"STOPSIGNAL", EXACTLY_ONE, .flags_pass = true},
    [DF_USER] = {"USER", .count = EXACTLY_ONE},
    [DF_VOLUME] = {"VOLUME", .count = AT_LEAST_ONE},
    [DF_WORKDIR] = {"WORKDIR", .count = EXACTLY_ONE},
};

/* An instruction being checked. */
struct check {
    struct df_parser *p;
    const struct df_instr *i;
    const struct rule *rule;
};

#define REFUSE(c, at, ...) (df_error((c)->p, (c)->i, (at), __VA_ARGS__), false)

/* ---- flags: bflag.go ---- */

/* A flag `--name=value` taken apart. */
struct flag {
    struct span at;
    struct str dashed, name, value;
    bool has_value;
};

static struct flag flag_of(const struct df_word *word)
{
    size_t equals = str_find(word->text, '=');
    struct flag f = {.at = word->joined, .dashed = str_slice(word->text, 0, equals)};
    f.name = str_slice(f.dashed, 2, f.dashed.len);
    f.value = str_slice(word->text, equals + 1, word->text.len);
    f.has_value = equals < word->text.len;
    return f;
}

static const struct flag_rule *find_flag(const struct rule *rule, struct str name)
{
    for (size_t k = 0; k < MOST_FLAGS && rule->flags[k].name; k++)
        if (str_eq(str_from_c(rule->flags[k].name), name))
            return &rule->flags[k];
    return NULL;
}

static bool refuse_unknown_flag(const struct check *c, const struct flag *f)
{
    struct strs names = {0};
    for (size_t k = 0; k < MOST_FLAGS && c->rule->flags[k].name; k++)
        vec_add(c->p->arena, &names, str_from_c(c->rule->flags[k].name));
    struct str hint = suggest(c->p->arena, f->name, &names);
    return REFUSE(c, f->at, "unknown flag: %.*s%.*s", STR(f->dashed), STR(hint));
}

static bool bool_passes(const struct check *c, const struct flag *f)
{
    if (f->has_value && !f->value.len)
        return REFUSE(c, f->at, "missing a value on flag: %.*s", STR(f->dashed));
    if (!f->value.len || str_eq_nocase(f->value, LIT("true")) ||
        str_eq_nocase(f->value, LIT("false")))
        return true;
    return REFUSE(c, f->at, "expecting boolean value for flag %.*s, not: %.*s", STR(f->dashed),
                  STR(f->value));
}

/* `n` flags stand before this one. */
static bool flag_passes(const struct check *c, const struct flag *f, size_t n)
{
    const struct flag_rule *rule = find_flag(c->rule, f->name);
    if (!rule)
        return refuse_unknown_flag(c, f);
    for (size_t k = 0; k < n && rule->type != FLAG_LIST; k++) {
        struct flag before = flag_of(&c->i->flags.at[k]);
        if (str_eq(before.name, f->name))
            return REFUSE(c, f->at, "duplicate flag specified: %.*s", STR(f->dashed));
    }
    if (rule->type == FLAG_BOOL)
        return bool_passes(c, f);
    if (!f->has_value)
        return REFUSE(c, f->at, "missing a value on flag: %.*s", STR(f->dashed));
    return true;
}

static bool flags_pass(const struct check *c)
{
    if (c->rule->flags_pass)
        return true;
    for (size_t k = 0; k < c->i->flags.n; k++) {
        struct flag f = flag_of(&c->i->flags.at[k]);
        if (!flag_passes(c, &f, k))
            return false;
    }
    return true;
}

/* ---- numbers of arguments ---- */

static bool count_passes(const struct check *c)
{
    size_t n = c->i->args.n;
    struct span at = c->i->rest.end > c->i->rest.start ? c->i->rest : c->i->keyword;
    switch (c->rule->count) {
    case ANY_NUMBER:
        break;
    case EXACTLY_ONE:
        if (n != 1)
            return REFUSE(c, at, "%s requires exactly one argument", c->rule->name);
        break;
    case AT_LEAST_ONE:
        if (n == 0)
            return REFUSE(c, at, "%s requires at least one argument", c->rule->name);
        break;
    case AT_LEAST_TWO:
        if (n < 2)
            return REFUSE(c, at,
                          "%s requires at least two arguments, but only one was provided. "
                          "Destination could not be determined",
                          c->rule->name);
        break;
    case ONE_OR_THREE:
        if (n != 1 && n != 3)
            return REFUSE(c, at, "FROM requires either one or three arguments");
        break;
    }
    return true;
}

/* ---- one function an instruction ---- */

static bool names_pass(const struct check *c)
{
    for (size_t k = 0; k < c->i->pairs.n; k++)
        if (!c->i->pairs.at[k].name.len && (c->i->kind != DF_ARG || c->i->pairs.at[k].has_value))
            return REFUSE(c, c->i->rest, "%s names can not be blank", c->rule->name);
    return true;
}

/* Only the sources may be here-documents. */
static bool destination_passes(const struct check *c)
{
    const struct df_word *last = vec_last(&c->i->args);
    if (!is_heredoc_word(c->p->arena, last->text))
        return true;
    return REFUSE(c, last->joined, "%s cannot accept a heredoc as a destination", c->rule->name);
}

/* EqualFold("as"): Unicode folds the long s to s. */
static bool is_as(struct str word)
{
    return str_eq_nocase(word, LIT("as")) || str_eq_nocase(word, LIT("a\xC5\xBF"));
}

/* ^[a-z][a-z0-9-_.]*$ */
static bool is_stage_name(struct str name)
{
    if (!name.len || name.at[0] < 'a' || name.at[0] > 'z')
        return false;
    for (size_t k = 1; k < name.len; k++) {
        char c = name.at[k];
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!fits && c != '-' && c != '_' && c != '.')
            return false;
    }
    return true;
}

static bool from_passes(const struct check *c)
{
    if (c->i->args.n == 1)
        return true;
    if (!is_as(c->i->args.at[1].text))
        return REFUSE(c, c->i->rest, "FROM requires either one or three arguments");
    const struct df_word *name = &c->i->args.at[2];
    if (is_stage_name(utf8_lower(c->p->arena, name->text)))
        return true;
    return REFUSE(c, name->joined,
                  "invalid name for build stage: \"%.*s\", name can't start with a number or "
                  "contain symbols",
                  STR(name->text));
}

static bool trigger_passes(const struct check *c)
{
    if (!c->i->trigger)
        return REFUSE(c, c->i->keyword, "ONBUILD requires at least one argument");
    enum df_kind kind = c->i->trigger->kind;
    if (kind == DF_FROM || kind == DF_MAINTAINER)
        return REFUSE(c, c->i->trigger->keyword, "%s isn't allowed as an ONBUILD trigger",
                      rules[kind].name);
    return true;
}

static bool volumes_pass(const struct check *c)
{
    for (size_t k = 0; k < c->i->args.n; k++)
        if (!utf8_trim(c->i->args.at[k].text).len)
            return REFUSE(c, c->i->args.at[k].joined,
                          "VOLUME specified can not be an empty string");
    return true;
}

static bool shell_passes(const struct check *c)
{
    if (c->i->json)
        return true;
    return REFUSE(c, c->i->rest, "SHELL requires the arguments to be in JSON form");
}

static bool run_value_passes(const struct check *c, const struct flag *f)
{
    const char *why = NULL;
    if (str_eq(f->name, LIT("mount")) && !mount_passes(c->p->arena, f->value, &why))
        return REFUSE(c, f->at, "%s", why);
    if (str_eq(f->name, LIT("device")) && !device_passes(c->p->arena, f->value, &why))
        return REFUSE(c, f->at, "%s", why);
    if (str_eq(f->name, LIT("network")) && !str_eq(f->value, LIT("default")) &&
        !str_eq(f->value, LIT("none")) && !str_eq(f->value, LIT("host")))
        return REFUSE(c, f->at, "invalid network mode \"%.*s\"", STR(f->value));
    if (str_eq(f->name, LIT("security")) && !str_eq(f->value, LIT("sandbox")) &&
        !str_eq(f->value, LIT("insecure")))
        return REFUSE(c, f->at, "security \"%.*s\" is not valid", STR(f->value));
    return true;
}

static bool run_passes(const struct check *c)
{
    for (size_t k = 0; k < c->i->flags.n; k++) {
        struct flag f = flag_of(&c->i->flags.at[k]);
        if (!run_value_passes(c, &f))
            return false;
    }
    return true;
}

static bool health_flag_passes(const struct check *c, const struct flag *f)
{
    if (str_eq(f->name, LIT("retries"))) {
        if (!f->value.len || retries_pass(f->value))
            return true;
        return REFUSE(c, f->at, "--retries must be a number that is not negative, not: %.*s",
                      STR(f->value));
    }
    switch (duration_check(f->value)) {
    case DURATION_GOOD:
        return true;
    case DURATION_SHORT:
        return REFUSE(c, f->at, "Interval \"%.*s\" cannot be less than 1ms", STR(f->name));
    case DURATION_BAD:
        break;
    }
    return REFUSE(c, f->at,
                  "time: invalid duration \"%.*s\": numbers with units are expected, as in 1m30s",
                  STR(f->value));
}

/* HEALTHCHECK CMD; BuildKit looks at flags only here. */
static bool health_command_passes(const struct check *c)
{
    if (!flags_pass(c))
        return false;
    if (!str_eq(c->i->healthcheck, LIT("CMD")))
        return REFUSE(c, c->i->rest, "Unknown type \"%.*s\" in HEALTHCHECK (try CMD)",
                      STR(c->i->healthcheck));
    if (!c->i->args.n)
        return REFUSE(c, c->i->rest, "Missing command after HEALTHCHECK CMD");
    for (size_t k = 0; k < c->i->flags.n; k++) {
        struct flag f = flag_of(&c->i->flags.at[k]);
        if (!health_flag_passes(c, &f))
            return false;
    }
    return true;
}

static bool health_passes(const struct check *c)
{
    if (!c->i->healthcheck.len)
        return REFUSE(c, c->i->keyword, "HEALTHCHECK requires at least one argument");
    if (!str_eq(c->i->healthcheck, LIT("NONE")))
        return health_command_passes(c);
    if (c->i->args.n)
        return REFUSE(c, c->i->rest, "HEALTHCHECK NONE takes no arguments");
    return true;
}

static bool values_pass(const struct check *c)
{
    switch (c->i->kind) {
    case DF_ADD:
    case DF_COPY:
        return destination_passes(c);
    case DF_ARG:
    case DF_ENV:
    case DF_LABEL:
        return names_pass(c);
    case DF_FROM:
        return from_passes(c);
    case DF_HEALTHCHECK:
        return health_passes(c);
    case DF_ONBUILD:
        return trigger_passes(c);
    case DF_RUN:
        return run_passes(c);
    case DF_SHELL:
        return shell_passes(c);
    case DF_VOLUME:
        return volumes_pass(c);
    case DF_CMD:
    case DF_ENTRYPOINT:
    case DF_EXPOSE:
    case DF_MAINTAINER:
    case DF_STOPSIGNAL:
    case DF_USER:
    case DF_WORKDIR:
    case DF_UNKNOWN:
        break;
    }
    return true;
}

static bool refuse_unknown(const struct check *c)
{
    struct strs names = {0};
    for (int kind = 0; kind < DF_UNKNOWN; kind++)
        vec_add(c->p->arena, &names, str_from_c(rules[kind].name));
    struct str word = str_span(c->i->joined.text, c->i->keyword);
    struct str hint = suggest_keyword(c->p->arena, word, &names);
    return REFUSE(c, c->i->keyword, "unknown instruction: %.*s%.*s", STR(word), STR(hint));
}

bool checks_pass(struct df_parser *p, const struct df_instr *i)
{
    struct check c = {.p = p, .i = i};
    if (i->kind == DF_UNKNOWN)
        return refuse_unknown(&c);
    c.rule = &rules[i->kind];
    return count_passes(&c) && (i->kind == DF_HEALTHCHECK || flags_pass(&c)) && values_pass(&c);
}
