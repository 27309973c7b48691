#include "grammar/utf8.h"

#include "grammar/unicode_ranges.h"

static bool is_tail(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Bytes that the lead byte announces; 0 when it starts no sequence. */
static uint32_t sequence_len(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

static bool is_code_point(uint32_t value, uint32_t len)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    return value >= smallest[len] && value <= RUNE_LAST && !(value >= 0xD800 && value <= 0xDFFF);
}

static struct rune first_of_many(struct str s)
{
    const struct rune bad = {RUNE_BAD, 1};
    unsigned char lead = (unsigned char)s.at[0];
    uint32_t len = sequence_len(lead);
    if (!len || len > s.len)
        return bad;
    uint32_t value = lead & (0x7Fu >> len);
    for (uint32_t i = 1; i < len; i++) {
        if (!is_tail((unsigned char)s.at[i]))
            return bad;
        value = value << 6 | ((unsigned char)s.at[i] & 0x3Fu);
    }
    return is_code_point(value, len) ? (struct rune){value, len} : bad;
}

struct rune utf8_first(struct str s)
{
    if (!s.len)
        return (struct rune){RUNE_BAD, 0};
    if ((unsigned char)s.at[0] < 0x80)
        return (struct rune){(unsigned char)s.at[0], 1};
    return first_of_many(s);
}

static struct rune last_rune(struct str s)
{
    if (!s.len)
        return (struct rune){RUNE_BAD, 0};
    size_t start = s.len - 1;
    while (start > 0 && s.len - start < 4 && is_tail((unsigned char)s.at[start]))
        start--;
    struct rune rune = utf8_first(str_slice(s, start, s.len));
    return start + rune.len == s.len ? rune : (struct rune){RUNE_BAD, 1};
}

void utf8_add(struct buf *b, uint32_t rune)
{
    if (rune < 0x80) {
        buf_char(b, (char)rune);
        return;
    }
    if (rune > RUNE_LAST || (rune >= 0xD800 && rune <= 0xDFFF))
        rune = RUNE_BAD;
    char bytes[4];
    size_t len = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (rune & 0x3F));
        rune >>= 6;
    }
    bytes[0] = (char)((0xF00u >> len & 0xFF) | rune);
    buf_add(b, (struct str){bytes, len});
}

bool rune_is_space(uint32_t rune)
{
    if (rune < 0x80)
        return char_is_space((char)rune);
    switch (rune) {
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
        return true;
    }
    return rune >= 0x2000 && rune <= 0x200A;
}

struct str utf8_trim_left(struct str s)
{
    while (s.len) {
        struct rune rune = utf8_first(s);
        if (!rune_is_space(rune.value))
            break;
        s = str_slice(s, rune.len, s.len);
    }
    return s;
}

struct str utf8_trim(struct str s)
{
    s = utf8_trim_left(s);
    while (s.len) {
        struct rune rune = last_rune(s);
        if (!rune_is_space(rune.value))
            break;
        s.len -= rune.len;
    }
    return s;
}

/* Bytes of the rune at s.at[i] that has ASCII lower case, and that letter; 0 when it has none. */
static size_t folds(struct str s, size_t i, char *letter)
{
    struct rune rune = utf8_first(str_slice(s, i, s.len));
    *letter = rune.value == 0x212A ? 'k' : 'i';
    return rune.value == 0x212A || rune.value == 0x130 ? rune.len : 0;
}

struct str utf8_lower(struct arena *a, struct str s)
{
    struct str lower = str_lower(a, s);
    struct buf out = {.arena = a};
    size_t copied = 0;
    for (size_t i = 0; i < s.len; i++) {
        char letter;
        size_t len = (unsigned char)s.at[i] < 0x80 ? 0 : folds(s, i, &letter);
        if (!len)
            continue;
        buf_add(&out, str_slice(lower, copied, i));
        buf_char(&out, letter);
        copied = i + len;
    }
    if (!copied)
        return lower;
    buf_add(&out, str_slice(lower, copied, s.len));
    return buf_str(&out);
}

static bool in_ranges(const struct rune_range *ranges, size_t n, uint32_t rune)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges[middle].last < rune)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && ranges[low].first <= rune;
}

#define IN_RANGES(ranges, rune) in_ranges((ranges), sizeof(ranges) / sizeof *(ranges), (rune))

bool rune_is_letter(uint32_t rune)
{
    if (rune < 0x80)
        return (rune | 0x20) >= 'a' && (rune | 0x20) <= 'z';
    return IN_RANGES(letter_ranges, rune);
}

bool rune_is_digit(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= '0' && rune <= '9';
    return IN_RANGES(digit_ranges, rune);
}

struct str utf8_valid(struct arena *a, struct str s)
{
    struct buf out = {.arena = a};
    while (s.len) {
        struct rune rune = utf8_first(s);
        utf8_add(&out, rune.value);
        s = str_slice(s, rune.len, s.len);
    }
    return buf_str(&out);
}
