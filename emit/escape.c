#include "emit/escape.h"

#include "grammar/utf8.h"

/* Characters that are valid but move, hide or reverse what stands around them. */
static bool is_format_control(uint32_t rune)
{
    return rune == 0x200E || rune == 0x200F || (rune >= 0x2028 && rune <= 0x202E) ||
           (rune >= 0x2066 && rune <= 0x2069) || rune == RUNE_BOM || rune == 0x061C;
}

static bool is_invalid(struct rune rune)
{
    return rune.value == RUNE_BAD && rune.len == 1;
}

static bool is_printable(struct rune rune)
{
    if (rune.value < 0x20 || (rune.value >= 0x7F && rune.value < 0xA0))
        return false;
    return !is_invalid(rune) && !is_format_control(rune.value);
}

static void add_escaped(struct buf *out, struct rune rune, unsigned char first_byte)
{
    if (first_byte == '\n')
        buf_add(out, LIT("\\n"));
    else if (first_byte == '\t')
        buf_add(out, LIT("\\t"));
    else if (first_byte == '\r')
        buf_add(out, LIT("\\r"));
    else if (is_invalid(rune) || rune.value < 0x80)
        buf_printf(out, "\\x%02x", first_byte);
    else
        buf_printf(out, "\\u%04x", (unsigned)rune.value);
}

size_t escape_character(struct buf *out, struct str text)
{
    struct rune rune = utf8_first(text);
    if (is_printable(rune))
        buf_add(out, str_slice(text, 0, rune.len));
    else
        add_escaped(out, rune, (unsigned char)text.at[0]);
    return rune.len;
}

size_t escape_printable(struct str text)
{
    struct rune rune = utf8_first(text);
    return is_printable(rune) ? rune.len : 0;
}

/* Most text is plain ASCII, which is added a stretch at a time. */
static size_t plain_len(struct str text)
{
    size_t n = 0;
    while (n < text.len && text.at[n] >= 0x20 && text.at[n] < 0x7F)
        n++;
    return n;
}

void escape_line(struct buf *out, struct str text)
{
    while (text.len) {
        size_t n = plain_len(text);
        buf_add(out, str_slice(text, 0, n));
        text = str_slice(text, n, text.len);
        if (text.len)
            text = str_slice(text, escape_character(out, text), text.len);
    }
}

static bool is_layout(struct str text)
{
    return text.at[0] == '\n' || text.at[0] == '\t' || str_starts(text, LIT("\r\n"));
}

void escape_text(struct buf *out, struct str text)
{
    while (text.len) {
        size_t n = plain_len(text);
        buf_add(out, str_slice(text, 0, n));
        text = str_slice(text, n, text.len);
        if (!text.len)
            break;
        size_t used = 1;
        if (is_layout(text))
            buf_char(out, text.at[0]);
        else
            used = escape_character(out, text);
        text = str_slice(text, used, text.len);
    }
}

static bool needs_quotes(struct str path)
{
    if (str_ends(path, LIT(" "))) /* patch(1) takes a blank at the end for the end */
        return true;
    while (path.len) {
        struct rune rune = utf8_first(path);
        if (!is_printable(rune) || rune.value == '"' || rune.value == '\\')
            return true;
        path = str_slice(path, rune.len, path.len);
    }
    return false;
}

void escape_patch_path(struct buf *out, struct str path)
{
    if (!needs_quotes(path)) {
        buf_add(out, path);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < path.len; i++) {
        unsigned char byte = (unsigned char)path.at[i];
        if (byte == '"' || byte == '\\')
            buf_char(out, '\\');
        if (byte < 0x20 || byte >= 0x7F)
            buf_printf(out, "\\%03o", byte);
        else
            buf_char(out, (char)byte);
    }
    buf_char(out, '"');
}
