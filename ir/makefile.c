/* Reading a Makefile line by line, and expanding what it says. */
#include "ir/makefile.h"

#include "ir/context.h"
#include "ir/path.h"

enum { MOST_DEPTH = 24, MOST_EXPANDED = 20000, MOST_INCLUDED = 16, MOST_TEXT = 64 * 1024 };

bool makefile_is_known(struct str text)
{
    return str_search(text, LIT(MAKE_UNKNOWN)) == text.len;
}

/* ---- variables ---- */

static void put(struct makefile *m, struct map *in, struct str name, struct str value)
{
    struct str *kept = arena_alloc(m->c->arena, sizeof *kept);
    *kept = value;
    in->arena = m->c->arena;
    map_put(in, str_dup(m->c->arena, name), kept);
}

void makefile_define(struct makefile *m, struct str name, struct str value)
{
    put(m, &m->variables, name, value);
}

void makefile_give(struct makefile *m, struct str name, struct str value)
{
    put(m, &m->given, name, value);
}

/* Of the command line, the file, the environment. */
static bool find_variable(const struct makefile *m, struct str name, struct str *value)
{
    const struct str *found = map_get(&m->given, name);
    if (!found)
        found = map_get(&m->variables, name);
    const struct env *e = found ? NULL : env_find(m->env, name);
    if (found)
        *value = *found;
    else if (e && (e->kind == ENV_SET || e->kind == ENV_DEFAULT))
        *value = e->value;
    else if (e && e->kind == ENV_OPAQUE)
        *value = LIT(MAKE_UNKNOWN);
    return found || (e && e->kind != ENV_ARGUMENT);
}

/* ---- expanding ---- */

struct expansion {
    struct makefile *m;
    const struct make_target *t;
    unsigned depth;
};

static void expand(const struct expansion *x, struct str text, struct buf *out);

static struct str expand_deeper(const struct expansion *x, struct str text)
{
    struct expansion deeper = {x->m, x->t, x->depth + 1};
    struct buf b = {.arena = x->m->c->arena};
    if (deeper.depth > MOST_DEPTH || x->m->expanded++ > MOST_EXPANDED)
        return LIT(MAKE_UNKNOWN);
    expand(&deeper, text, &b);
    return buf_str(&b);
}

static struct str first_word(struct str text)
{
    struct str word;
    makefile_word(&text, &word);
    return word;
}

/* $@ $< $^ $+ $? $*, and their directories and names: $(@D), $(<F). */
static bool expand_automatic(const struct expansion *x, struct str name, struct buf *out)
{
    struct str value;
    bool part = name.len == 2 && (name.at[1] == 'D' || name.at[1] == 'F');
    if (!x->t || !name.len || (name.len > 1 && !part))
        return false;
    switch (name.at[0]) {
    case '@':
        value = x->t->name;
        break;
    case '<':
        value = first_word(x->t->needs);
        break;
    case '^':
    case '+':
    case '?':
        value = x->t->needs;
        break;
    case '*':
        value = x->t->stem;
        break;
    default:
        return false;
    }
    struct str dir = path_directory(value);
    if (part)
        value = name.at[1] == 'F' ? path_name(value) : dir.len ? dir : LIT(".");
    buf_add(out, value);
    return true;
}

/* $(NAME:.c=.o), $(NAME:%.c=%.o) */
static struct str substituted(const struct expansion *x, struct str name, size_t colon)
{
    struct arena *a = x->m->c->arena;
    struct str value = {0}, rest = str_slice(name, colon + 1, name.len);
    size_t equals = str_find(rest, '=');
    struct str from = str_slice(rest, 0, equals), to = str_slice(rest, equals + 1, rest.len);
    if (equals == rest.len)
        return LIT(MAKE_UNKNOWN);
    find_variable(x->m, str_slice(name, 0, colon), &value);
    if (str_find(from, '%') == from.len) {
        from = str_concat(a, LIT("%"), from);
        to = str_concat(a, LIT("%"), to);
    }
    return makefile_patsubst(a, from, to, expand_deeper(x, value));
}

/* What stands between the parentheses: a function's call, or a variable. */
static void expand_reference(const struct expansion *x, struct str inside, struct buf *out)
{
    struct str value, name = first_word(inside);
    bool called = name.len < inside.len &&
                  makefile_call(x->m, x->t, name,
                                str_trim_left(str_slice(inside, name.len, inside.len)), out);
    if (called)
        return;
    inside = str_trim(expand_deeper(x, inside));
    size_t colon = str_find(inside, ':');
    if (!makefile_is_known(inside))
        buf_add(out, LIT(MAKE_UNKNOWN));
    else if (expand_automatic(x, inside, out))
        return;
    else if (str_eq(inside, LIT("CURDIR")))
        buf_add(out, x->m->workdir);
    else if (colon < inside.len)
        buf_add(out, substituted(x, inside, colon));
    else if (find_variable(x->m, inside, &value))
        buf_add(out, expand_deeper(x, value));
}

/* Index of what closes the parenthesis at 1. */
static size_t find_close(struct str text)
{
    char open = text.at[1], close = open == '(' ? ')' : '}';
    int depth = 0;
    for (size_t i = 1; i < text.len; i++) {
        depth += (text.at[i] == open) - (text.at[i] == close);
        if (!depth)
            return i;
    }
    return text.len;
}

static void expand(const struct expansion *x, struct str text, struct buf *out)
{
    while (text.len && out->len < MOST_TEXT) {
        size_t at = str_find(text, '$');
        buf_add(out, str_slice(text, 0, at));
        text = str_slice(text, at, text.len);
        if (text.len < 2)
            return;
        char next = text.at[1];
        size_t end = 1;
        if (next == '$') {
            buf_char(out, '$');
        } else if (next == '(' || next == '{') {
            end = find_close(text);
            expand_reference(x, str_slice(text, 2, end), out);
        } else {
            expand_reference(x, str_slice(text, 1, 2), out);
        }
        text = str_slice(text, end + 1, text.len);
    }
}

struct str makefile_expand(struct makefile *m, const struct make_target *t, struct str text)
{
    struct expansion x = {m, t, 0};
    struct buf b = {.arena = m->c->arena};
    expand(&x, text, &b);
    return buf_str(&b);
}

/* ---- conditionals ---- */

static bool counts(const struct makefile *m)
{
    for (size_t i = 0; i < m->branches.n; i++)
        if (m->branches.at[i] == BRANCH_LATER || m->branches.at[i] == BRANCH_OVER)
            return false;
    return true;
}

static bool may_not_count(const struct makefile *m)
{
    for (size_t i = 0; i < m->branches.n; i++)
        if (m->branches.at[i] == BRANCH_MAYBE)
            return true;
    return false;
}

static struct str unquoted(struct str text)
{
    text = str_trim(text);
    if (text.len > 1 && (text.at[0] == '"' || text.at[0] == '\''))
        return str_slice(text, 1, text.len - 1);
    return text;
}

/* (A,B), "A" "B" */
static enum tri are_equal(struct makefile *m, struct str text)
{
    text = str_trim(text);
    bool round = str_starts(text, LIT("("));
    int depth = 0;
    size_t i = 1;
    for (; i < text.len; i++) {
        depth += (text.at[i] == '(') - (text.at[i] == ')');
        if (!depth && text.at[i] == (round ? ',' : text.at[0]))
            break;
    }
    struct str one = str_slice(text, round, round ? i : i + 1);
    struct str other = str_slice(text, i + 1, text.len - round);
    one = makefile_expand(m, NULL, unquoted(one));
    other = makefile_expand(m, NULL, unquoted(other));
    if (!makefile_is_known(one) || !makefile_is_known(other))
        return MAYBE;
    return str_eq(str_trim(one), str_trim(other)) ? YES : NO;
}

static enum tri is_defined(struct makefile *m, struct str name)
{
    struct str value = {0};
    name = str_trim(makefile_expand(m, NULL, name));
    if (!makefile_is_known(name) || (find_variable(m, name, &value) && !makefile_is_known(value)))
        return MAYBE;
    return value.len ? YES : NO;
}

static enum make_branch branch_of(enum tri holds, bool wanted)
{
    if (holds == MAYBE)
        return BRANCH_MAYBE;
    return (holds == YES) == wanted ? BRANCH_TAKEN : BRANCH_LATER;
}

/* False when the line begins no conditional. */
static bool find_condition(struct makefile *m, struct str line, enum make_branch *out)
{
    struct str word;
    makefile_word(&line, &word);
    if (str_eq(word, LIT("ifeq")) || str_eq(word, LIT("ifneq")))
        *out = branch_of(are_equal(m, line), str_eq(word, LIT("ifeq")));
    else if (str_eq(word, LIT("ifdef")) || str_eq(word, LIT("ifndef")))
        *out = branch_of(is_defined(m, line), str_eq(word, LIT("ifdef")));
    else
        return false;
    return true;
}

/* `else`, and `else ifeq ..`. */
static void turn(struct makefile *m, struct str rest)
{
    enum make_branch *last = vec_last(&m->branches), next = BRANCH_TAKEN;
    if (*last == BRANCH_TAKEN || *last == BRANCH_OVER) {
        *last = BRANCH_OVER;
        return;
    }
    find_condition(m, rest, &next);
    *last = *last == BRANCH_MAYBE ? BRANCH_MAYBE : next;
}

static bool read_conditional(struct makefile *m, struct str line)
{
    struct str rest = line, word;
    enum make_branch branch;
    makefile_word(&rest, &word);
    if (find_condition(m, line, &branch))
        vec_add(m->c->arena, &m->branches, branch);
    else if (str_eq(word, LIT("else")) && m->branches.n)
        turn(m, rest);
    else if (str_eq(word, LIT("endif")) && m->branches.n)
        m->branches.n--;
    else
        return false;
    return true;
}

/* ---- lines ---- */

static bool next_line(struct str *text, struct arena *a, struct str *out)
{
    struct buf b = {.arena = a};
    if (!text->len)
        return false;
    for (bool more = true; more && text->len;) {
        size_t end = str_find(*text, '\n');
        struct str line = str_slice(*text, 0, end);
        *text = str_slice(*text, end + 1, text->len);
        if (str_ends(line, LIT("\r")))
            line.len--;
        more = str_ends(line, LIT("\\"));
        buf_add(&b, more ? str_slice(line, 0, line.len - 1) : line);
        if (more)
            buf_char(&b, ' ');
    }
    *out = buf_str(&b);
    return true;
}

/* NAME and how it is assigned: `=`, `:=`, `::=`, `?=`, `+=`, `!=`; false for other lines. */
static bool find_assignment(struct str line, struct str *name, char *how, struct str *value)
{
    size_t equals = str_find(line, '='), end = equals;
    if (equals == line.len)
        return false;
    *how = equals && strchr(":?+!", line.at[equals - 1]) ? line.at[equals - 1] : '=';
    while (end && strchr(":?+!", line.at[end - 1]))
        end--;
    *name = str_trim(str_slice(line, 0, end));
    *value = str_trim(str_slice(line, equals + 1, line.len));
    for (size_t i = 0; i < name->len; i++)
        if (char_is_space(name->at[i]) || name->at[i] == ':')
            return false;
    return name->len > 0;
}

/* `:=` is expanded where it stands. In a branch that may not count, the value cannot be told. */
static void assign(struct makefile *m, struct str name, char how, struct str value)
{
    struct arena *a = m->c->arena;
    struct str old = {0};
    bool known = find_variable(m, name, &old);
    value = str_trim(str_slice(value, 0, str_search(value, LIT(" #"))));
    if (how == '?' && known)
        return;
    if (how == ':')
        value = makefile_expand(m, NULL, value);
    if (how == '!')
        value = LIT(MAKE_UNKNOWN);
    if (may_not_count(m))
        value = how == '+' ? str_printf(a, "%.*s " MAKE_UNKNOWN, STR(old)) : LIT(MAKE_UNKNOWN);
    else if (how == '+')
        value = str_printf(a, "%.*s %.*s", STR(old), STR(value));
    makefile_define(m, name, value);
}

static bool read_assignment(struct makefile *m, struct str line, bool exports)
{
    struct str name, value;
    char how;
    if (!find_assignment(line, &name, &how, &value))
        return false;
    name = makefile_expand(m, NULL, name);
    assign(m, name, how, value);
    if (exports)
        vec_add(m->c->arena, &m->exported, name);
    return true;
}

/* What follows a rule's first colon: needs, `PATTERN: NEEDS`, a recipe behind `;`; a variable of
 * these targets alone says nothing of what they make. */
static void read_rule(struct makefile *m, struct str line)
{
    struct str name, value;
    char how;
    line = str_slice(line, 0, str_search(line, LIT(" #")));
    size_t colon = str_find(line, ':');
    struct str rest = str_slice(line, colon + 1, line.len);
    if (colon == line.len || find_assignment(rest, &name, &how, &value))
        return;
    if (str_starts(rest, LIT(":")))
        rest = str_slice(rest, 1, rest.len);
    struct make_rule rule = {.targets = makefile_expand(m, NULL, str_slice(line, 0, colon))};
    size_t semicolon = str_find(rest, ';');
    if (semicolon < rest.len)
        vec_add(m->c->arena, &rule.recipe, str_slice(rest, semicolon + 1, rest.len));
    rest = makefile_expand(m, NULL, str_slice(rest, 0, semicolon));
    colon = str_find(rest, ':');
    if (colon < rest.len)
        rule.pattern = str_trim(str_slice(rest, 0, colon));
    rule.needs = str_slice(rest, colon < rest.len ? colon + 1 : 0, rest.len);
    m->unknown |= may_not_count(m) || !makefile_is_known(rule.targets);
    vec_add(m->c->arena, &m->rules, rule);
}

/* A file that may be missing (-include) is one that builds make. */
static void include(struct makefile *m, struct str names, bool may_miss)
{
    struct str name, path, text;
    names = makefile_expand(m, NULL, names);
    while (makefile_word(&names, &name)) {
        bool found =
            makefile_is_known(name) && !str_starts(name, LIT("/")) &&
            path_resolve(m->c->arena, LIT("/"), path_join(m->c->arena, m->folder, name), &path) &&
            m->included++ < MOST_INCLUDED && context_text(m->c, path, &text);
        if (found)
            makefile_read(m, text);
        m->unknown |= !found && !may_miss;
    }
}

static void read_recipe(struct makefile *m, struct str line)
{
    if (!m->rules.n || !str_trim(line).len)
        return;
    vec_add(m->c->arena, &vec_last(&m->rules)->recipe,
            may_not_count(m) ? LIT(MAKE_UNKNOWN) : str_trim(line));
}

static void export(struct makefile *m, struct str rest)
{
    struct str name;
    if (read_assignment(m, rest, true))
        return;
    while (makefile_word(&rest, &name))
        vec_add(m->c->arena, &m->exported, name);
}

/* Lines that begin with a word of make's own. */
static bool read_directive(struct makefile *m, struct str line)
{
    struct str rest = line, word;
    makefile_word(&rest, &word);
    bool is_rule = str_starts(str_trim(rest), LIT(":")) || str_starts(str_trim(rest), LIT("="));
    if (is_rule)
        return false;
    if (str_eq(word, LIT("include")))
        include(m, rest, false);
    else if (str_eq(word, LIT("-include")) || str_eq(word, LIT("sinclude")))
        include(m, rest, true);
    else if (str_eq(word, LIT("define")))
        m->defining = first_word(rest);
    else if (str_eq(word, LIT("override")) || str_eq(word, LIT("private")))
        read_assignment(m, rest, false);
    else if (str_eq(word, LIT("export")))
        export(m, rest);
    else
        return str_eq(word, LIT("unexport")) || str_eq(word, LIT("vpath"));
    return true;
}

static void read_line(struct makefile *m, struct str line)
{
    struct str word = first_word(line);
    if (m->defining.len) {
        if (str_eq(word, LIT("endef"))) {
            makefile_define(m, m->defining, LIT(MAKE_UNKNOWN));
            m->defining = (struct str){0};
        }
        return;
    }
    bool recipe = str_starts(line, LIT("\t"));
    if ((!recipe && read_conditional(m, line)) || !counts(m))
        return;
    if (recipe) {
        read_recipe(m, line);
        return;
    }
    if (!word.len || str_starts(word, LIT("#")) || read_directive(m, line) ||
        read_assignment(m, line, false))
        return;
    m->unknown |= str_starts(word, LIT("$")) && str_find(line, ':') == line.len &&
                  makefile_expand(m, NULL, line).len > 0;
    read_rule(m, line);
}

void makefile_read(struct makefile *m, struct str text)
{
    struct str line;
    while (next_line(&text, m->c->arena, &line))
        read_line(m, line);
}
