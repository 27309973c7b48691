#include "grammar/heredoc.h"

#include "grammar/word_lexer.h"

static const char TOO_DEEP[] = "substitutions are nested too deeply";

struct str heredoc_trim_tabs(struct str s)
{
    size_t tabs = 0;
    while (tabs < s.len && s.at[tabs] == '\t')
        tabs++;
    return str_slice(s, tabs, s.len);
}

/* Saturates, as strconv.ParseUint does. */
static uint64_t number(struct str digits)
{
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t digit = (uint64_t)(digits.at[i] - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return UINT64_MAX;
        value = value * 10 + digit;
    }
    return value;
}

/* Go's \s: no vertical tab. */
static struct str trim_blanks(struct str s)
{
    size_t i = 0;
    while (i < s.len && s.at[i] != '\v' && char_is_space(s.at[i]))
        i++;
    return str_slice(s, i, s.len);
}

/* Takes `^(\d*)<<(-?)\s*([^<]*)$` apart. False when `word` does not match. */
static bool split_word(struct str word, struct df_heredoc *h, struct str *rest)
{
    size_t digits = 0;
    while (digits < word.len && word.at[digits] >= '0' && word.at[digits] <= '9')
        digits++;
    struct str after = str_slice(word, digits, word.len);
    if (!str_starts(after, LIT("<<")))
        return false;
    after = str_slice(after, 2, after.len);
    h->fd = number(str_slice(word, 0, digits));
    h->chomp = str_starts(after, LIT("-"));
    *rest = trim_blanks(str_slice(after, h->chomp, after.len));
    return str_find(*rest, '<') == rest->len;
}

static size_t count_quotes(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.at[i] == '\'' || s.at[i] == '"';
    return n;
}

static bool split_name(struct arena *a, struct str text, bool raw_quotes, struct lexed_words *out,
                       const char **why)
{
    struct word_lexer l = {.arena = a, .text = text, .escape = '\\', .raw_quotes = raw_quotes};
    if (lex_split(&l, out))
        return true;
    *why = l.too_deep ? TOO_DEEP : "the name of a here-document cannot be read";
    return false;
}

/* The name is what `rest` is without quotes; that none were there is seen from their number, as in
 * BuildKit. `*found` stays false when `rest` is not one word. */
static bool read_name(struct arena *a, struct str rest, struct df_heredoc *h, bool *found,
                      const char **why)
{
    struct lexed_words plain, raw;
    if (!split_name(a, rest, false, &plain, why))
        return false;
    if (plain.n != 1)
        return true;
    if (!split_name(a, rest, true, &raw, why))
        return false;
    if (raw.n != 1) {
        *why = "the name of a here-document is ambiguous";
        return false;
    }
    h->name = plain.at[0].text;
    h->expand = count_quotes(h->name) == count_quotes(raw.at[0].text);
    *found = true;
    return true;
}

/* False when BuildKit refuses the word; `*found` tells whether it is a here-document's. */
static bool read_word(struct arena *a, struct str word, struct df_heredoc *h, bool *found,
                      const char **why)
{
    struct str rest;
    *found = false;
    if (!split_word(word, h, &rest) || !rest.len)
        return true;
    return read_name(a, rest, h, found, why);
}

bool heredocs_of_line(struct arena *a, struct str line, struct df_heredocs *out, const char **why)
{
    *out = (struct df_heredocs){0};
    if (str_search(line, LIT("<<")) == line.len)
        return true;
    struct lexed_words words;
    struct word_lexer l = {
        .arena = a, .text = line, .escape = '\\', .raw_quotes = true, .raw_escapes = true};
    if (!lex_split(&l, &words)) {
        *why = TOO_DEEP;
        return !l.too_deep;
    }
    for (size_t i = 0; i < words.n; i++) {
        struct df_heredoc h = {.word = words.at[i].at};
        bool found;
        if (!read_word(a, words.at[i].text, &h, &found, why))
            return false;
        if (found)
            vec_add(a, out, h);
    }
    return true;
}

bool is_heredoc_word(struct arena *a, struct str word)
{
    struct df_heredoc h;
    bool found;
    const char *why;
    return read_word(a, word, &h, &found, &why) && found;
}
