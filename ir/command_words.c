#include "ir/command_words.h"

enum { MAX_BRACES = 64 };

/* A field under construction. A character that is not active (quoted, or from a variable where
 * braces do not act) has a backslash before it when it could be taken for an operator. */
struct field_builder {
    const struct word_reader *r;
    struct values *out;
    struct buf text;
    bool split; /* unquoted values are split into fields */
    bool open;  /* there is a field, be it empty */
    bool unknown;
};

static bool is_special(char c)
{
    return c == '*' || c == '?' || c == '[' || c == ']' || c == '{' || c == '}' || c == ',' ||
           c == '\\';
}

static bool is_glob(char c)
{
    return c == '*' || c == '?' || c == '[';
}

static void add_inert(struct field_builder *b, char c)
{
    if (is_special(c))
        buf_char(&b->text, '\\');
    buf_char(&b->text, c);
    b->open = true;
}

static void add_quoted(struct field_builder *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        add_inert(b, text.at[i]);
    b->open = true;
}

static void add_unknown(struct field_builder *b)
{
    buf_char(&b->text, '*');
    b->unknown = b->open = true;
}

/* ---- a finished field: braces, globs, quote removal ---- */

/* The text without the backslashes that protect nothing; all of them go when no glob is active. */
static struct str remove_escapes(struct arena *a, struct str text, bool pattern)
{
    struct buf plain = {.arena = a};
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c != '\\' || i + 1 == text.len) {
            buf_char(&plain, c);
            continue;
        }
        c = text.at[++i];
        if (pattern && (is_glob(c) || c == '\\'))
            buf_char(&plain, '\\');
        buf_char(&plain, c);
    }
    return buf_str(&plain);
}

static bool has_active_glob(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (is_glob(text.at[i]))
            return true;
    }
    return false;
}

static void add_field(struct field_builder *b, struct str text, bool braced)
{
    bool glob = has_active_glob(text);
    struct value v = {.text = remove_escapes(b->r->arena, text, glob),
                      .glob = glob,
                      .unknown = b->unknown,
                      .braced = braced};
    vec_add(b->r->arena, b->out, v);
}

/* One pair of braces that acts: `{a,b}`. */
struct braces {
    size_t open, close;
    struct strs choices;
};

/* Reads the braces that open at `at`; false when they do not close or have no comma. */
static bool read_braces(struct arena *a, struct str text, size_t at, struct braces *out)
{
    unsigned depth = 0;
    size_t from = at + 1;
    *out = (struct braces){.open = at};
    for (size_t i = at; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\\') {
            i++;
        } else if (c == '{') {
            depth++;
        } else if (depth == 1 && (c == ',' || c == '}')) {
            vec_add(a, &out->choices, str_slice(text, from, i));
            from = i + 1;
        }
        if (c == '}' && --depth == 0) {
            out->close = i;
            return out->choices.n > 1;
        }
    }
    return false;
}

static bool find_braces(struct arena *a, struct str text, struct braces *out)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == '{' && read_braces(a, text, i, out))
            return true;
    }
    return false;
}

/* Braces expand from the left; what they give is looked at again, so that nested ones do too. */
static void expand_braces(struct field_builder *b, struct str text, unsigned depth)
{
    struct braces pair;
    if (depth > 8 || b->out->n > MAX_BRACES || !find_braces(b->r->arena, text, &pair)) {
        add_field(b, text, depth > 0);
        return;
    }
    if (depth == 0 && !b->r->braces)
        add_field(b, text, true);
    struct str before = str_slice(text, 0, pair.open);
    struct str after = str_slice(text, pair.close + 1, text.len);
    for (size_t i = 0; i < pair.choices.n; i++)
        expand_braces(b,
                      str_printf(b->r->arena, "%.*s%.*s%.*s", STR(before), STR(pair.choices.at[i]),
                                 STR(after)),
                      depth + 1);
}

static void end_field(struct field_builder *b)
{
    if (b->open) {
        struct str text = str_dup(b->r->arena, buf_str(&b->text));
        if (b->split)
            expand_braces(b, text, 0);
        else
            add_field(b, text, false);
    }
    b->text.len = 0;
    b->open = b->unknown = false;
}

/* ---- parts ---- */

/* An unquoted value: blanks separate fields (IFS is taken to be the default), globs act. */
static void add_split(struct field_builder *b, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.at[i];
        if (b->split && (char_is_blank(c) || c == '\n')) {
            end_field(b);
        } else if (is_glob(c)) {
            buf_char(&b->text, c);
            b->open = true;
        } else {
            add_inert(b, c);
        }
    }
}

/* What a variable stands for; false when it cannot be told. */
static bool variable(const struct word_reader *r, struct str name, struct str *out)
{
    const struct env *bound = env_find(r->env, name);
    if (bound) {
        *out = bound->value;
        return bound->kind == ENV_SET;
    }
    if (str_eq(name, LIT("HOME")))
        return *out = r->home, out->len > 0;
    if (str_eq(name, LIT("PWD")))
        return *out = r->cwd, out->len > 0;
    return false;
}

static bool is_plain_op(struct str op)
{
    return op.len == 0 || str_eq(op, LIT(":?")) || str_eq(op, LIT("?"));
}

/* $x, ${x}, and ${x:-word} of a variable that is set and not empty. */
static bool parameter(const struct word_reader *r, const struct sh_part *p, struct str *out)
{
    if (p->length || p->indirect || !variable(r, p->name, out))
        return false;
    bool has_default = str_eq(p->op, LIT(":-")) || str_eq(p->op, LIT("-")) ||
                       str_eq(p->op, LIT(":=")) || str_eq(p->op, LIT("="));
    return is_plain_op(p->op) || (has_default && out->len > 0);
}

static void add_parameter(struct field_builder *b, const struct sh_part *p, bool quoted)
{
    struct str value;
    if (!parameter(b->r, p, &value))
        add_unknown(b);
    else if (quoted)
        add_quoted(b, value);
    else
        add_split(b, value);
}

static void add_literal(struct field_builder *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\\' && i + 1 < text.len) {
            if (text.at[++i] != '\n')
                add_inert(b, text.at[i]);
        } else {
            buf_char(&b->text, c);
            b->open = true;
        }
    }
}

/* Inside double quotes a backslash escapes $ ` " \ and newline alone (XCU 2.2.3). */
static void add_dquote_literal(struct field_builder *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char next = i + 1 < text.len ? text.at[i + 1] : '\0';
        bool escapes = text.at[i] == '\\' &&
                       (next == '$' || next == '`' || next == '"' || next == '\\' || next == '\n');
        if (escapes && next == '\n') {
            i++;
            continue;
        }
        add_inert(b, text.at[escapes ? ++i : i]);
    }
}

static void add_dquote(struct field_builder *b, const struct sh_word *inner)
{
    b->open = true;
    for (size_t i = 0; inner && i < inner->parts.n; i++) {
        const struct sh_part *p = &inner->parts.at[i];
        if (p->kind == SH_LITERAL)
            add_dquote_literal(b, p->text);
        else if (p->kind == SH_PARAM)
            add_parameter(b, p, true);
        else
            add_unknown(b);
    }
}

static void add_dollar_quote(struct field_builder *b, struct str text)
{
    if (str_find(text, '\\') < text.len)
        add_unknown(b);
    else
        add_quoted(b, text);
}

static void add_part(struct field_builder *b, const struct sh_part *p)
{
    switch (p->kind) {
    case SH_LITERAL:
        add_literal(b, p->text);
        return;
    case SH_SQUOTE:
        add_quoted(b, p->text);
        return;
    case SH_DOLSQUOTE:
        add_dollar_quote(b, p->text);
        return;
    case SH_DQUOTE:
        add_dquote(b, p->inner);
        return;
    case SH_PARAM:
        add_parameter(b, p, false);
        return;
    case SH_PROCSUB: /* a pipe's name */
        add_quoted(b, LIT("/dev/fd/63"));
        return;
    case SH_CMDSUB:
    case SH_ARITH:
        add_unknown(b);
        return;
    }
}

/* `~` and `~/x` at the start of a word; ~name stays as it is, a relative path. */
static bool starts_with_home(const struct sh_word *w)
{
    struct str first = w->parts.n ? w->parts.at[0].text : LIT("");
    if (!w->parts.n || w->parts.at[0].kind != SH_LITERAL || !str_starts(first, LIT("~")))
        return false;
    return first.len > 1 ? first.at[1] == '/' : w->parts.n == 1;
}

static void add_word(struct field_builder *b, const struct sh_word *w)
{
    size_t first = 0;
    if (starts_with_home(w)) {
        if (b->r->home.len)
            add_quoted(b, b->r->home);
        else
            add_unknown(b);
        add_literal(b, str_slice(w->parts.at[0].text, 1, w->parts.at[0].text.len));
        first = 1;
    }
    for (size_t i = first; i < w->parts.n; i++)
        add_part(b, &w->parts.at[i]);
    end_field(b);
}

void word_fields(const struct word_reader *r, const struct sh_word *w, struct values *out)
{
    struct field_builder b = {.r = r, .out = out, .text = {.arena = r->arena}, .split = true};
    add_word(&b, w);
}

struct value word_value(const struct word_reader *r, const struct sh_word *w)
{
    struct values out = {0};
    struct field_builder b = {.r = r, .out = &out, .text = {.arena = r->arena}};
    if (w)
        add_word(&b, w);
    return out.n ? out.at[0] : (struct value){0};
}

struct value value_known(struct str text)
{
    return (struct value){.text = text};
}

struct value value_unknown(void)
{
    return (struct value){.text = LIT("*"), .glob = true, .unknown = true};
}
