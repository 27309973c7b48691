#include "grammar/json.h"

#include <math.h>
#include <stdlib.h>

#include "grammar/utf8.h"

/* encoding/json gives up below this depth. */
enum { DEEPEST = 10000 };

struct json {
    struct arena *arena;
    struct str text;
    size_t at;
    struct buf open;        /* one byte for each array or object that is open: its bracket */
    struct df_words *words; /* the outermost array's strings */
    bool mixed;             /* it has elements that are no strings */
    bool overflow;          /* a number is too large for Go's float64 */
};

static char peek(const struct json *j)
{
    return j->at < j->text.len ? j->text.at[j->at] : '\0';
}

static bool take(struct json *j, char c)
{
    if (j->at >= j->text.len || j->text.at[j->at] != c)
        return false;
    j->at++;
    return true;
}

static void skip_space(struct json *j)
{
    while (j->at < j->text.len) {
        char c = j->text.at[j->at];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return;
        j->at++;
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Four hexadecimal digits at `at`; false when they are not there. */
static bool hex4(struct str s, size_t at, uint32_t *value)
{
    *value = 0;
    if (at + 4 > s.len)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        int digit = hex_digit(s.at[i]);
        if (digit < 0)
            return false;
        *value = *value << 4 | (uint32_t)digit;
    }
    return true;
}

/* What follows a backslash. */
static bool skip_escape(struct json *j)
{
    uint32_t ignored;
    switch (peek(j)) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        j->at++;
        return true;
    case 'u':
        if (!hex4(j->text, j->at + 1, &ignored))
            return false;
        j->at += 5;
        return true;
    }
    return false;
}

static bool skip_string(struct json *j)
{
    j->at++;
    while (j->at < j->text.len) {
        unsigned char c = (unsigned char)j->text.at[j->at++];
        if (c == '"')
            return true;
        if (c < 0x20 || (c == '\\' && !skip_escape(j)))
            return false;
    }
    return false;
}

/* `\uXXXX` at s.at[i], perhaps a surrogate pair; returns where the text goes on. */
static size_t decode_unicode(struct str s, size_t i, struct buf *out)
{
    uint32_t high = 0, low = 0;
    hex4(s, i + 2, &high);
    i += 6;
    if (high < 0xD800 || high > 0xDFFF) {
        utf8_add(out, high);
        return i;
    }
    bool pair = high <= 0xDBFF && i + 6 <= s.len && s.at[i] == '\\' && s.at[i + 1] == 'u' &&
                hex4(s, i + 2, &low) && low >= 0xDC00 && low <= 0xDFFF;
    if (!pair) {
        utf8_add(out, RUNE_BAD);
        return i;
    }
    utf8_add(out, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
    return i + 6;
}

/* The escape at s.at[i]; returns where the text goes on. */
static size_t decode_escape(struct str s, size_t i, struct buf *out)
{
    static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
    char c = s.at[i + 1];
    if (c == 'u')
        return decode_unicode(s, i, out);
    size_t hit = str_find(LIT(letters), c);
    buf_char(out, hit < sizeof letters - 1 ? values[hit] : c);
    return i + 2;
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == '\\' || (unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}

/* The value of a string without its quotes; borrows `s` when nothing needs decoding. */
static struct str decode(struct arena *a, struct str s)
{
    if (is_plain(s))
        return s;
    struct buf out = {.arena = a};
    for (size_t i = 0; i < s.len;) {
        if (s.at[i] == '\\') {
            i = decode_escape(s, i, &out);
            continue;
        }
        struct rune rune = utf8_first(str_slice(s, i, s.len));
        utf8_add(&out, rune.value);
        i += rune.len;
    }
    return buf_str(&out);
}

static size_t skip_digits(struct json *j)
{
    size_t from = j->at;
    while (peek(j) >= '0' && peek(j) <= '9')
        j->at++;
    return j->at - from;
}

/* RFC 8259: no leading zeros, digits on both sides of the point. */
static bool skip_number(struct json *j)
{
    size_t from = j->at;
    take(j, '-');
    if (!take(j, '0') && !skip_digits(j))
        return false;
    if (take(j, '.') && !skip_digits(j))
        return false;
    if (take(j, 'e') || take(j, 'E')) {
        if (!take(j, '+'))
            take(j, '-');
        if (!skip_digits(j))
            return false;
    }
    struct str digits = str_dup(j->arena, str_slice(j->text, from, j->at));
    if (isinf(strtod(digits.at, NULL)))
        j->overflow = true;
    return true;
}

static bool skip_literal(struct json *j, struct str word)
{
    if (!str_starts(str_slice(j->text, j->at, j->text.len), word))
        return false;
    j->at += word.len;
    return true;
}

static bool open_bracket(struct json *j)
{
    if (j->open.len >= DEEPEST)
        return false;
    buf_char(&j->open, j->text.at[j->at++]);
    return true;
}

/* One value; of an array or object its bracket alone. */
static bool skip_value(struct json *j)
{
    switch (peek(j)) {
    case '[':
    case '{':
        return open_bracket(j);
    case '"':
        return skip_string(j);
    case 't':
        return skip_literal(j, LIT("true"));
    case 'f':
        return skip_literal(j, LIT("false"));
    case 'n':
        return skip_literal(j, LIT("null"));
    }
    return skip_number(j);
}

/* An element of the outermost array is a word, if it is a string. */
static bool read_element(struct json *j)
{
    size_t from = j->at;
    bool outermost = j->open.len == 1;
    bool is_string = peek(j) == '"';
    if (!skip_value(j))
        return false;
    if (!outermost)
        return true;
    if (!is_string) {
        j->mixed = true;
        return true;
    }
    struct df_word word = {.joined = {(uint32_t)from, (uint32_t)j->at}};
    word.text = decode(j->arena, str_slice(j->text, from + 1, j->at - 1));
    vec_add(j->arena, j->words, word);
    return true;
}

/* `"name" :` before a value of an object. */
static bool skip_name(struct json *j)
{
    if (peek(j) != '"' || !skip_string(j))
        return false;
    skip_space(j);
    return take(j, ':');
}

static bool close_bracket(struct json *j)
{
    char bracket = j->open.at[j->open.len - 1];
    if (!take(j, bracket == '[' ? ']' : '}'))
        return false;
    j->open.len--;
    return true;
}

/* What may stand before a value: nothing after an opening bracket, else a comma. `done` tells that
 * the bracket closed instead. */
static bool between_values(struct json *j, bool fresh, bool *closed)
{
    skip_space(j);
    *closed = close_bracket(j);
    if (*closed || fresh)
        return true;
    return take(j, ',');
}

/* All of the array that has just been opened. */
static bool read_array(struct json *j)
{
    bool fresh = true;
    while (j->open.len) {
        bool closed = false;
        if (!between_values(j, fresh, &closed))
            return false;
        fresh = false;
        if (closed)
            continue;
        skip_space(j);
        if (j->open.at[j->open.len - 1] == '{') {
            if (!skip_name(j))
                return false;
            skip_space(j);
        }
        size_t depth = j->open.len;
        if (!read_element(j))
            return false;
        fresh = j->open.len > depth;
    }
    skip_space(j);
    return j->at == j->text.len;
}

enum json_form json_words(struct arena *a, struct str text, struct df_words *words)
{
    struct json j = {.arena = a, .text = text, .open = {.arena = a}, .words = words};
    *words = (struct df_words){0};
    if (peek(&j) != '[' || !open_bracket(&j) || !read_array(&j) || j.overflow) {
        *words = (struct df_words){0};
        return JSON_NONE;
    }
    return j.mixed ? JSON_MIXED : JSON_WORDS;
}
