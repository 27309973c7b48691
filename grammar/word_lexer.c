#include "grammar/word_lexer.h"

#include "grammar/utf8.h"
#include "grammar/word_lexer_parts.h"

/* How deep substitutions may stand inside each other. */
enum { DEEPEST = 500 };

static struct rune rune_here(const struct word_lexer *l)
{
    return utf8_first(str_slice(l->text, l->at, l->text.len));
}

int32_t lex_peek(const struct word_lexer *l)
{
    struct rune rune = rune_here(l);
    return rune.len ? (int32_t)rune.value : LEX_END;
}

int32_t lex_next(struct word_lexer *l)
{
    struct rune rune = rune_here(l);
    l->at += rune.len;
    return rune.len ? (int32_t)rune.value : LEX_END;
}

void lex_put(struct word_lexer *l, int32_t rune)
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
    int32_t c = lex_next(l);
    if (c == l->escape) {
        if (l->raw_escapes)
            lex_put(l, c);
        c = lex_next(l);
    }
    if (c != LEX_END)
        lex_put(l, c);
}

/* Text up to and with `stop` (which may be LEX_END). */
static bool read_until(struct word_lexer *l, int32_t stop)
{
    for (int32_t c = lex_peek(l); c != stop; c = lex_peek(l)) {
        if (c == LEX_END)
            return false;
        if (!is_special(c))
            read_plain(l);
        else if (!read_special(l, c))
            return false;
    }
    lex_next(l);
    return true;
}

/* An operand in braces. */
bool lex_operand(struct word_lexer *l, int32_t stop, bool raw_escapes)
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
    lex_next(l);
    if (l->raw_quotes)
        lex_put(l, '\'');
    for (int32_t c = lex_next(l); c != LEX_END; c = lex_next(l)) {
        if (c != '\'') {
            lex_put(l, c);
            continue;
        }
        if (l->raw_quotes)
            lex_put(l, c);
        return true;
    }
    return false;
}

/* An escape character in double quotes: it escapes `"`, `$` and itself; before anything else it
 * stays, and with raw escapes it comes out twice (as lex.go writes it). */
static void read_quoted_escape(struct word_lexer *l)
{
    int32_t c = lex_next(l);
    if (l->raw_escapes)
        lex_put(l, c);
    int32_t escaped = lex_peek(l);
    if (escaped == LEX_END)
        return;
    if (escaped == '"' || escaped == '$' || escaped == l->escape)
        c = lex_next(l);
    lex_put(l, c);
}

static bool read_double_quotes(struct word_lexer *l)
{
    lex_next(l);
    if (l->raw_quotes)
        lex_put(l, '"');
    for (;;) {
        int32_t c = lex_peek(l);
        if (c == LEX_END)
            return false;
        if (c == '"')
            break;
        if (c == '$') {
            if (!read_special(l, c))
                return false;
        } else if (c == l->escape) {
            read_quoted_escape(l);
        } else {
            lex_put(l, lex_next(l));
        }
    }
    lex_next(l);
    if (l->raw_quotes)
        lex_put(l, '"');
    return true;
}

/* `<<` takes the blanks behind it into its word. */
static bool read_less(struct word_lexer *l)
{
    lex_put(l, lex_next(l));
    if (lex_peek(l) != '<')
        return true;
    lex_put(l, lex_next(l));
    while (lex_peek(l) == ' ' || lex_peek(l) == '\t' || lex_peek(l) == '\r')
        lex_put(l, lex_next(l));
    return true;
}

static bool read_dollar(struct word_lexer *l)
{
    lex_next(l);
    if (lex_peek(l) == '{') {
        lex_next(l);
        l->too_deep = l->too_deep || l->depth >= DEEPEST;
        if (l->too_deep)
            return false;
        l->depth++;
        bool good = lex_braces(l);
        l->depth--;
        return good;
    }
    size_t from = l->at - 1;
    struct str name = lex_name(l);
    if (name.len)
        lex_variable(l, name, str_slice(l->text, from, l->at));
    else
        lex_put(l, '$');
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
    l->at = lex_peek(l) == RUNE_BOM ? 3 : 0;
}

bool lex_value(struct word_lexer *l, struct str *out)
{
    start(l);
    bool good = read_until(l, LEX_END);
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
    int32_t c = lex_next(l);
    if (c == l->escape) {
        if (l->raw_escapes)
            add_rune(l, c, from);
        c = lex_next(l);
        if (c != LEX_END)
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
    for (int32_t c = lex_peek(l); c != LEX_END; c = lex_peek(l)) {
        if (!is_special(c))
            split_plain(l);
        else if (!split_special(l, c))
            return false;
    }
    end_word(l, l->at);
    return true;
}
