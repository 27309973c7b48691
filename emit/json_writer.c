#include "emit/json_writer.h"

#include "grammar/utf8.h"

static void new_line(struct json *j)
{
    buf_char(j->out, '\n');
    for (unsigned i = 0; i < j->depth; i++)
        buf_add(j->out, LIT("  "));
}

static void put_character(struct buf *out, struct str text, struct rune rune)
{
    unsigned char byte = (unsigned char)text.at[0];
    bool is_invalid = rune.value == RUNE_BAD && rune.len == 1;
    if (byte == '"' || byte == '\\')
        buf_printf(out, "\\%c", byte);
    else if (byte == '\n')
        buf_add(out, LIT("\\n"));
    else if (byte == '\t')
        buf_add(out, LIT("\\t"));
    else if (byte < 0x20 || byte == 0x7F)
        buf_printf(out, "\\u%04x", byte);
    else if (is_invalid)
        buf_printf(out, "\\udc%02x", byte);
    else
        buf_add(out, str_slice(text, 0, rune.len));
}

static void put_text(struct buf *out, struct str text)
{
    buf_char(out, '"');
    while (text.len) {
        struct rune rune = utf8_first(text);
        put_character(out, text, rune);
        text = str_slice(text, rune.len, text.len);
    }
    buf_char(out, '"');
}

/* What stands before an item's value. */
static void start_item(struct json *j, const char *key)
{
    if (j->has_items)
        buf_char(j->out, ',');
    if (j->depth)
        new_line(j);
    j->has_items = true;
    if (!key)
        return;
    put_text(j->out, str_from_c(key));
    buf_add(j->out, LIT(": "));
}

void json_open(struct json *j, const char *key, char bracket)
{
    start_item(j, key);
    buf_char(j->out, bracket);
    j->depth++;
    j->has_items = false;
}

void json_close(struct json *j, char bracket)
{
    j->depth--;
    if (j->has_items)
        new_line(j);
    buf_char(j->out, bracket);
    j->has_items = true;
    if (j->depth == 0)
        buf_char(j->out, '\n');
}

void json_text(struct json *j, const char *key, struct str text)
{
    start_item(j, key);
    put_text(j->out, text);
}

void json_number(struct json *j, const char *key, int64_t number)
{
    start_item(j, key);
    buf_printf(j->out, "%lld", (long long)number);
}

void json_bool(struct json *j, const char *key, bool value)
{
    start_item(j, key);
    buf_add(j->out, value ? LIT("true") : LIT("false"));
}

void json_null(struct json *j, const char *key)
{
    start_item(j, key);
    buf_add(j->out, LIT("null"));
}

void json_span(struct json *j, const char *key, struct span span)
{
    start_item(j, key);
    buf_printf(j->out, "[%u, %u]", (unsigned)span.start, (unsigned)span.end);
}
