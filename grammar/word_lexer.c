#include "grammar/word_lexer.h"

#include "grammar/pattern.h"
#include "grammar/utf8.h"

enum {
    END = -1,          /* text/scanner's EOF */
    DEEPEST = 500,     /* substitutions inside each other */
    LONGEST = 4 * 1024 /* a value that patterns are tried on: matching is quadratic */
};

static struct rune rune_here(const struct word_lexer *l)
{
    return utf8_first(str_slice(l->text, l->at, l->text.len));
}

static int32_t peek(const struct word_lexer *l)
{
    struct rune rune = rune_here(l);
    return rune.len ? (int32_t)rune.value : END;
}

static int32_t next(struct word_lexer *l)
{
    struct rune rune = rune_here(l);
    l->at += rune.len;
    return rune.len ? (int32_t)rune.value : END;
}

static void put(struct word_lexer *l, int32_t rune)
{
    utf8_add(&l->out, (uint32_t)rune);
}

static bool read_special(struct word_lexer *l, int32_t c);

static bool is_special(int32_t c)
{
    return c == '$' || c == '<' || c == '\'' || c == '"';
}

/* One rune that is not special, or an escaped one. */
static void read_plain(struct word_lexer *l)
{
    int32_t c = next(l);
    if (c == l->escape) {
        if (l->raw_escapes)
            put(l, c);
        c = next(l);
    }
    if (c != END)
        put(l, c);
}

/* Text up to and with `stop` (which may be END). */
static bool read_until(struct word_lexer *l, int32_t stop)
{
    for (int32_t c = peek(l); c != stop; c = peek(l)) {
        if (c == END)
            return false;
        if (!is_special(c))
            read_plain(l);
        else if (!read_special(l, c))
            return false;
    }
    next(l);
    return true;
}

/* An operand in braces. */
static bool read_operand(struct word_lexer *l, int32_t stop, bool raw_escapes)
{
    bool before = l->raw_escapes;
    l->raw_escapes = raw_escapes;
    l->word.len = 0; /* lex.go: both levels share the buffer, and the inner one empties it */
    bool good = read_until(l, stop);
    l->raw_escapes = before;
    return good;
}

/* Nothing escapes in it. */
static bool read_single_quotes(struct word_lexer *l)
{
    next(l);
    if (l->raw_quotes)
        put(l, '\'');
    for (int32_t c = next(l); c != END; c = next(l)) {
        if (c != '\'') {
            put(l, c);
            continue;
        }
        if (l->raw_quotes)
            put(l, c);
        return true;
    }
    return false;
}

/* An escape character in double quotes: it escapes `"`, `$` and itself; before anything else it
 * stays, and with raw escapes it comes out twice (as lex.go writes it). */
static void read_quoted_escape(struct word_lexer *l)
{
    int32_t c = next(l);
    if (l->raw_escapes)
        put(l, c);
    int32_t escaped = peek(l);
    if (escaped == END)
        return;
    if (escaped == '"' || escaped == '$' || escaped == l->escape)
        c = next(l);
    put(l, c);
}

static bool read_double_quotes(struct word_lexer *l)
{
    next(l);
    if (l->raw_quotes)
        put(l, '"');
    for (;;) {
        int32_t c = peek(l);
        if (c == END)
            return false;
        if (c == '"')
            break;
        if (c == '$') {
            if (!read_special(l, c))
                return false;
        } else if (c == l->escape) {
            read_quoted_escape(l);
        } else {
            put(l, next(l));
        }
    }
    next(l);
    if (l->raw_quotes)
        put(l, '"');
    return true;
}

/* `<<` takes the blanks behind it into its word. */
static bool read_less(struct word_lexer *l)
{
    put(l, next(l));
    if (peek(l) != '<')
        return true;
    put(l, next(l));
    while (peek(l) == ' ' || peek(l) == '\t' || peek(l) == '\r')
        put(l, next(l));
    return true;
}

static bool is_special_parameter(int32_t c)
{
    return c > 0 && c < 0x80 && str_find(LIT("@*#?-$!0"), (char)c) < 8;
}

/* Digits alone, one special parameter, or letters, digits and `_`; may be empty. */
static struct str read_name(struct word_lexer *l)
{
    size_t from = l->at;
    int32_t c = peek(l);
    if (c != END && rune_is_digit((uint32_t)c)) {
        while (peek(l) != END && rune_is_digit((uint32_t)peek(l)))
            next(l);
    } else if (is_special_parameter(c)) {
        next(l);
    } else {
        while (c != END &&
               (c == '_' || rune_is_letter((uint32_t)c) || rune_is_digit((uint32_t)c))) {
            next(l);
            c = peek(l);
        }
    }
    return str_slice(l->text, from, l->at);
}

static enum expand_value value_of(const struct word_lexer *l, struct str name, struct str *value)
{
    *value = (struct str){0};
    return l->env->get(l->env->self, name, value);
}

/* $x and ${x}; `as_written` is what stays of it without an environment. */
static void put_variable(struct word_lexer *l, struct str name, struct str as_written)
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
        return read_operand(l, '}', raw) && apply(l, s);
    buf_add(&l->out, LIT("${"));
    buf_add(&l->out, s->name);
    if (s->colon)
        put(l, ':');
    put(l, s->op);
    if (!read_operand(l, '}', raw))
        return false;
    put(l, '}');
    return true;
}

/* ${x/p/r}, kept. The second slash of `//` is lost, as in lex.go. */
static bool keep_replaced(struct word_lexer *l, struct str name)
{
    buf_add(&l->out, LIT("${"));
    buf_add(&l->out, name);
    put(l, '/');
    if (!read_operand(l, '/', true))
        return false;
    put(l, '/');
    if (!read_operand(l, '}', true))
        return false;
    put(l, '}');
    return true;
}

/* ${x/p/r} and ${x//p/r} from behind the first slash. */
static bool read_replaced(struct word_lexer *l, const struct substitution *s)
{
    bool all = peek(l) == '/';
    if (all)
        next(l);
    if (!l->env)
        return keep_replaced(l, s->name);
    if (!read_operand(l, '/', true))
        return false;
    size_t middle = l->out.len;
    if (!read_operand(l, '}', true))
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

/* From behind `${`. */
static bool read_braces(struct word_lexer *l)
{
    size_t from = l->at - 2;
    int32_t c = peek(l);
    if (c == END || c == '{' || c == '}' || c == ':')
        return false;
    struct substitution s = {.mark = l->out.len, .depended = l->depends};
    s.name = read_name(l);
    s.op = next(l);
    switch (s.op) {
    case '}':
        put_variable(l, s.name, str_slice(l->text, from, l->at));
        return true;
    case '/':
        return read_replaced(l, &s);
    case ':':
        s.colon = true;
        s.op = next(l);
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

static bool read_dollar(struct word_lexer *l)
{
    next(l);
    if (peek(l) == '{') {
        next(l);
        l->too_deep = l->too_deep || l->depth >= DEEPEST;
        if (l->too_deep)
            return false;
        l->depth++;
        bool good = read_braces(l);
        l->depth--;
        return good;
    }
    size_t from = l->at - 1;
    struct str name = read_name(l);
    if (name.len)
        put_variable(l, name, str_slice(l->text, from, l->at));
    else
        put(l, '$');
    return true;
}

static bool read_special(struct word_lexer *l, int32_t c)
{
    switch (c) {
    case '$':
        return read_dollar(l);
    case '<':
        return read_less(l);
    case '\'':
        return read_single_quotes(l);
    }
    return read_double_quotes(l);
}

/* text/scanner drops a byte order mark. */
static void start(struct word_lexer *l)
{
    l->out.arena = l->word.arena = l->arena;
    l->at = peek(l) == RUNE_BOM ? 3 : 0;
}

bool lex_value(struct word_lexer *l, struct str *out)
{
    start(l);
    bool good = read_until(l, END);
    *out = buf_str(&l->out);
    return good;
}

static void end_word(struct word_lexer *l, size_t end)
{
    if (!l->word.len)
        return;
    struct lexed_word word = {.text = str_dup(l->arena, buf_str(&l->word)),
                              .at = {l->begin, (uint32_t)end}};
    vec_add(l->arena, l->words, word);
    l->word.len = 0;
    l->in_word = false;
}

/* `from`: where in the text what is added comes from. */
static void add_raw(struct word_lexer *l, struct str text, size_t from)
{
    if (!l->word.len)
        l->begin = (uint32_t)from;
    buf_add(&l->word, text);
    l->in_word = true;
}

static void add_rune(struct word_lexer *l, int32_t rune, size_t from)
{
    if (!l->word.len)
        l->begin = (uint32_t)from;
    utf8_add(&l->word, (uint32_t)rune);
    l->in_word = true;
}

/* A substitution's text is split again. */
static void add_split(struct word_lexer *l, struct str text, size_t from)
{
    while (text.len) {
        struct rune rune = utf8_first(text);
        if (!rune_is_space(rune.value))
            add_rune(l, (int32_t)rune.value, from);
        else if (l->in_word)
            end_word(l, l->at);
        text = str_slice(text, rune.len, text.len);
    }
}

static bool split_special(struct word_lexer *l, int32_t c)
{
    size_t from = l->at;
    l->out.len = 0;
    if (!read_special(l, c))
        return false;
    if (c == '$')
        add_split(l, buf_str(&l->out), from);
    else
        add_raw(l, buf_str(&l->out), from);
    return true;
}

static void split_plain(struct word_lexer *l)
{
    size_t from = l->at;
    int32_t c = next(l);
    if (c == l->escape) {
        if (l->raw_escapes)
            add_rune(l, c, from);
        c = next(l);
        if (c != END)
            add_rune(l, c, from);
    } else if (!rune_is_space((uint32_t)c)) {
        add_rune(l, c, from);
    } else if (l->in_word) {
        end_word(l, from);
    }
}

bool lex_split(struct word_lexer *l, struct lexed_words *out)
{
    start(l);
    *out = (struct lexed_words){0};
    l->words = out;
    for (int32_t c = peek(l); c != END; c = peek(l)) {
        if (!is_special(c))
            split_plain(l);
        else if (!split_special(l, c))
            return false;
    }
    end_word(l, l->at);
    return true;
}
