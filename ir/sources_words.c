#include "ir/sources_words.h"

#include "ir/catalog/catalog.h"

enum { LONGEST_WORD = 64, LONGEST_TEXT = 512 };

bool words_is_name_byte(char b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
}

static bool is_word_byte(char b)
{
    return words_is_name_byte(b) || b == '-' || b == '.' || b == '+' || b == '/';
}

void words_keep(struct map *words, struct str path, struct str word)
{
    if (!word.len || map_get(words, word))
        return;
    struct str *kept = arena_alloc(words->arena, sizeof *kept);
    *kept = path;
    map_put(words, word, kept);
}

static bool is_quote(char b)
{
    return b == '"' || b == '\'' || b == '`';
}

/* ---- shell code ---- */

/* The word that starts there, where a blank, an operator or what `ends` the text is behind it; of a
 * value without quotes, the end of the line, of an item or of an element. */
static struct str word_at(const struct words_reading *r, size_t at, char ends)
{
    size_t end = at, start = at;
    while (end < r->text.len && end - at <= LONGEST_WORD && is_word_byte(r->text.at[end])) {
        if (r->text.at[end] == '/')
            start = end + 1;
        end++;
    }
    char behind = end < r->text.len ? r->text.at[end] : '\n';
    const char *marks = is_quote(ends) ? " |;&)" : " |;&)\r\n,]<";
    bool whole = behind == ends || (behind && strchr(marks, behind));
    return whole ? str_slice(r->text, start, end) : (struct str){0};
}

/* `sudo -u x convert`, `xargs -n 1 file`: each word behind may be what it runs. */
static bool runs_others(const struct words_reading *r, struct str name)
{
    const struct command *row = name.len ? catalog_command(r->catalog, name) : NULL;
    return row && (row->usage.operands == USE_COMMAND || row->usage.operands == USE_COMMAND_MORE);
}

static bool is_operator(const struct words_reading *r, size_t at, char quote)
{
    char b = r->text.at[at];
    bool opens = b == '(' && r->text.at[at - 1] == '$';
    return b == '|' || b == ';' || b == '&' || opens || (b == '`' && quote != '`');
}

/* What is behind a quote that ends a text: `"nobody" as a group`. */
static bool is_between_texts(const struct words_reading *r, size_t at)
{
    return is_quote(r->text.at[at]) && at + 1 < r->text.len && r->text.at[at + 1] == ' ';
}

/* A text of shell code names a command at its start, and behind each operator. It begins behind
 * `at` and ends at the same byte, or with the line. */
static void read_text(const struct words_reading *r, size_t at)
{
    bool starts = !is_between_texts(r, at); /* a command may stand here */
    bool wrapped = false;                   /* and behind it */
    char ends = r->text.at[at];
    for (size_t i = at + 1; i < r->text.len && i - at <= LONGEST_TEXT; i++) {
        char b = r->text.at[i];
        if (b == ends || b == '\n')
            return;
        bool operates = is_operator(r, i, ends);
        starts |= operates;
        wrapped &= !operates;
        if (!is_word_byte(b) || is_word_byte(r->text.at[i - 1]) || !starts)
            continue;
        struct str word = word_at(r, i, ends);
        words_keep(r->words, r->path, word);
        wrapped |= runs_others(r, word);
        starts = wrapped;
    }
}

/* ---- where it may stand ---- */

void words_of_source(const struct words_reading *r)
{
    for (size_t i = 0; i < r->text.len; i++)
        if (is_quote(r->text.at[i]))
            read_text(r, i);
}

/* `- convert`: the first thing in its line. */
static bool starts_item(struct str text, size_t at)
{
    size_t i = at;
    while (i > 0 && (text.at[i - 1] == ' ' || text.at[i - 1] == '\t'))
        i--;
    return text.at[at] == '-' && (i == 0 || text.at[i - 1] == '\n') && at + 1 < text.len &&
           text.at[at + 1] == ' ';
}

void words_of_settings(const struct words_reading *r)
{
    for (size_t i = 0; i < r->text.len; i++) {
        char b = r->text.at[i];
        if (is_quote(b) || b == '=' || b == ':' || b == '>' || starts_item(r->text, i))
            read_text(r, i);
    }
}
