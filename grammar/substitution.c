/* `$name` and `${name operator operand}`. */
#include "grammar/pattern.h"
#include "grammar/utf8.h"
#include "grammar/word_lexer_parts.h"

/* Patterns are not tried on longer values: matching is quadratic. */
enum { LONGEST = 4 * 1024 };

static bool is_special_parameter(int32_t c)
{
    return c > 0 && c < 0x80 && str_find(LIT("@*#?-$!0"), (char)c) < 8;
}

struct str lex_name(struct word_lexer *l)
{
    size_t from = l->at;
    int32_t c = lex_peek(l);
    if (c != LEX_END && rune_is_digit((uint32_t)c)) {
        while (lex_peek(l) != LEX_END && rune_is_digit((uint32_t)lex_peek(l)))
            lex_next(l);
    } else if (is_special_parameter(c)) {
        lex_next(l);
    } else {
        while (c != LEX_END &&
               (c == '_' || rune_is_letter((uint32_t)c) || rune_is_digit((uint32_t)c))) {
            lex_next(l);
            c = lex_peek(l);
        }
    }
    return str_slice(l->text, from, l->at);
}

static enum expand_value value_of(const struct word_lexer *l, struct str name, struct str *value)
{
    *value = (struct str){0};
    return l->env->get(l->env->self, name, value);
}

void lex_variable(struct word_lexer *l, struct str name, struct str as_written)
{
    if (!l->env) {
        buf_add(&l->out, as_written);
        return;
    }
    struct str value;
    enum expand_value state = value_of(l, name, &value);
    if (state == EXPAND_KNOWN)
        buf_add(&l->out, value);
    l->depends = l->depends || state == EXPAND_UNKNOWN;
}

/* A `${` with an operator. */
struct substitution {
    struct str name;
    bool colon;    /* `:` before the operator: empty counts as unset */
    int32_t op;    /* + - ? # % / */
    size_t mark;   /* where its text starts in `out` */
    bool depended; /* `depends` before its operand was read */
};

static void replace_output(struct word_lexer *l, const struct substitution *s, struct str value)
{
    value = str_dup(l->arena, value); /* it may stand in `out` itself */
    l->out.len = s->mark;
    buf_add(&l->out, value);
}

/* The value, if patterns may be tried on it. */
static bool known_subject(struct word_lexer *l, const struct substitution *s, struct str *value)
{
    enum expand_value state = value_of(l, s->name, value);
    if (state != EXPAND_UNKNOWN && value->len <= LONGEST && !l->depends)
        return true;
    l->depends = l->may_fail = true;
    l->out.len = s->mark;
    return false;
}

/* ${x#p} ${x##p} ${x%p} ${x%%p}, the operand in `out`. */
static bool apply_trim(struct word_lexer *l, const struct substitution *s)
{
    struct str value;
    if (!known_subject(l, s, &value))
        return true;
    struct str operand = str_slice(buf_str(&l->out), s->mark, l->out.len);
    bool longest = operand.len && operand.at[0] == (char)s->op;
    struct pattern pattern = {.arena = l->arena};
    if (!pattern_read(str_slice(operand, longest, operand.len), s->op == '%', &pattern))
        return false;
    replace_output(l, s,
                   s->op == '#' ? pattern_trim_start(&pattern, value, longest)
                                : pattern_trim_end(&pattern, value, longest));
    return true;
}

/* ${x-w} ${x:-w} ${x+w} ${x:+w} ${x?w} ${x:?w}, the operand in `out`. */
static bool apply_choice(struct word_lexer *l, const struct substitution *s)
{
    struct str value;
    enum expand_value state = value_of(l, s->name, &value);
    if (state == EXPAND_UNKNOWN) {
        l->depends = true;
        l->may_fail = l->may_fail || s->op == '?';
        l->out.len = s->mark;
        return true;
    }
    bool missing = state == EXPAND_UNSET || (s->colon && !value.len);
    if (s->op == '?' && missing)
        return false;
    if (s->op == '-' ? missing : s->op == '+' && !missing)
        return true;
    l->depends = s->depended;
    replace_output(l, s, s->op == '+' ? (struct str){0} : value);
    return true;
}

static bool apply(struct word_lexer *l, const struct substitution *s)
{
    switch (s->op) {
    case '#':
    case '%':
        return apply_trim(l, s);
    case '-':
    case '+':
    case '?':
        return apply_choice(l, s);
    }
    return false;
}

/* From the operator on. Without an environment BuildKit keeps the substitution before it looks at
 * the operator, so `${x:0:1}` passes. */
static bool read_modified(struct word_lexer *l, struct substitution *s)
{
    bool raw = s->op == '#' || s->op == '%';
    if (s->colon && raw)
        return false;
    if (l->env)
        return lex_operand(l, '}', raw) && apply(l, s);
    buf_add(&l->out, LIT("${"));
    buf_add(&l->out, s->name);
    if (s->colon)
        lex_put(l, ':');
    lex_put(l, s->op);
    if (!lex_operand(l, '}', raw))
        return false;
    lex_put(l, '}');
    return true;
}

/* ${x/p/r}, kept. The second slash of `//` is lost, as in lex.go. */
static bool keep_replaced(struct word_lexer *l, struct str name)
{
    buf_add(&l->out, LIT("${"));
    buf_add(&l->out, name);
    lex_put(l, '/');
    if (!lex_operand(l, '/', true))
        return false;
    lex_put(l, '/');
    if (!lex_operand(l, '}', true))
        return false;
    lex_put(l, '}');
    return true;
}

/* ${x/p/r} and ${x//p/r} from behind the first slash. */
static bool read_replaced(struct word_lexer *l, const struct substitution *s)
{
    bool all = lex_peek(l) == '/';
    if (all)
        lex_next(l);
    if (!l->env)
        return keep_replaced(l, s->name);
    if (!lex_operand(l, '/', true))
        return false;
    size_t middle = l->out.len;
    if (!lex_operand(l, '}', true))
        return false;
    struct str value;
    if (!known_subject(l, s, &value))
        return true;
    struct str text = buf_str(&l->out);
    struct pattern pattern = {.arena = l->arena};
    if (!pattern_read(str_slice(text, s->mark, middle), false, &pattern))
        return false;
    struct str by = str_slice(text, middle, text.len);
    if (all && str_find(by, '$') < by.len) {
        l->depends = true; /* Go's regexp would expand it once more */
        by.len = 0;
    }
    replace_output(l, s, pattern_replace(&pattern, value, by, all));
    return true;
}

bool lex_braces(struct word_lexer *l)
{
    size_t from = l->at - 2;
    int32_t c = lex_peek(l);
    if (c == LEX_END || c == '{' || c == '}' || c == ':')
        return false;
    struct substitution s = {.mark = l->out.len, .depended = l->depends};
    s.name = lex_name(l);
    s.op = lex_next(l);
    switch (s.op) {
    case '}':
        lex_variable(l, s.name, str_slice(l->text, from, l->at));
        return true;
    case '/':
        return read_replaced(l, &s);
    case ':':
        s.colon = true;
        s.op = lex_next(l);
        return read_modified(l, &s);
    case '+':
    case '-':
    case '?':
    case '#':
    case '%':
        return read_modified(l, &s);
    }
    return false;
}
