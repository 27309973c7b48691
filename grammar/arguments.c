#include "grammar/arguments.h"

#include "grammar/json.h"
#include "grammar/utf8.h"

/* An instruction being read. `rest` is what stands behind keyword and flags, trimmed. */
struct reader {
    struct df_parser *p;
    struct df_instr *i;
    struct str rest;
};

/* ---- characters ---- */

/* What separates keyword and words: reWhitespace in parser.go. */
static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

/* Flags and HEALTHCHECK are scanned byte by byte, as if the text were Latin-1. */
static bool is_latin1_space(char c)
{
    return rune_is_space((unsigned char)c);
}

static size_t skip_separators(struct str s, size_t at)
{
    while (at < s.len && is_separator(s.at[at]))
        at++;
    return at;
}

static size_t skip_word(struct str s, size_t at)
{
    while (at < s.len && !is_separator(s.at[at]))
        at++;
    return at;
}

static void add_word(struct reader *r, struct str text, struct span at)
{
    struct df_word word = {.text = text, .joined = at};
    vec_add(r->p->arena, &r->i->args, word);
}

static void add_slice(struct reader *r, struct str s)
{
    add_word(r, s, df_span(r->i, s));
}

/* ---- the simple shapes ---- */

/* parseIgnore: one empty value. */
static bool read_nothing(struct reader *r)
{
    add_slice(r, str_slice(r->rest, 0, 0));
    return true;
}

/* parseString */
static bool read_text(struct reader *r)
{
    if (r->rest.len)
        add_slice(r, r->rest);
    return true;
}

/* parseStringsWhitespaceDelimited */
static bool read_words(struct reader *r)
{
    for (size_t at = 0; at < r->rest.len;) {
        size_t end = skip_word(r->rest, at);
        add_slice(r, str_slice(r->rest, at, end));
        at = skip_separators(r->rest, end);
    }
    return true;
}

/* ---- the JSON form ---- */

/* parseJSON. `*form` tells whether the words are now in i->args. False when BuildKit refuses it. */
static bool read_json(struct reader *r, struct str text, bool *form)
{
    *form = false;
    if (!str_starts(text, LIT("[")))
        return true;
    struct df_words words;
    switch (json_words(r->p->arena, text, &words)) {
    case JSON_NONE:
        return true;
    case JSON_MIXED:
        df_error(r->p, r->i, df_span(r->i, text),
                 "when using JSON array syntax, arrays must be comprised of strings only");
        return false;
    case JSON_WORDS:
        break;
    }
    uint32_t offset = df_span(r->i, text).start;
    for (size_t k = 0; k < words.n; k++) {
        words.at[k].joined.start += offset;
        words.at[k].joined.end += offset;
    }
    r->i->args = words;
    r->i->json = *form = true;
    return true;
}

/* parseMaybeJSON */
static bool read_command(struct reader *r)
{
    bool json;
    if (!read_json(r, r->rest, &json))
        return false;
    return json || read_text(r);
}

/* parseMaybeJSONToList */
static bool read_list(struct reader *r)
{
    bool json;
    if (!read_json(r, r->rest, &json))
        return false;
    return json || read_words(r);
}

/* parseHealthConfig. The type word goes to i->healthcheck when it is one that passes. */
static bool read_health(struct reader *r)
{
    struct str text = r->rest;
    size_t end = 0;
    while (end < text.len && !is_latin1_space(text.at[end]))
        end++;
    size_t next = end;
    while (next < text.len && is_latin1_space(text.at[next]))
        next++;
    struct str type = str_slice(text, 0, end);
    r->i->healthcheck = type;
    if (str_eq_nocase(type, LIT("CMD")))
        r->i->healthcheck = LIT("CMD");
    if (str_eq_nocase(type, LIT("NONE")))
        r->i->healthcheck = LIT("NONE");
    struct reader command = {.p = r->p, .i = r->i, .rest = str_slice(text, next, text.len)};
    return !end || read_command(&command);
}

/* ---- quoted words ---- */

/* Where parseWords stands. Quotes and escapes stay in the words. */
struct word_scan {
    struct str text;
    size_t at;
    char escape;
    bool recode;   /* the word holds invalid UTF-8, which Go turns into U+FFFD */
    bool dangling; /* it ends in an escape character that escapes nothing: dropped */
};

static struct rune scan_rune(struct word_scan *w)
{
    struct rune rune = utf8_first(str_slice(w->text, w->at, w->text.len));
    w->at += rune.len;
    w->recode = w->recode || (rune.value == RUNE_BAD && rune.len == 1);
    return rune;
}

static void scan_escaped(struct word_scan *w)
{
    if (w->at == w->text.len)
        w->dangling = true;
    else
        scan_rune(w);
}

static void scan_quoted(struct word_scan *w, uint32_t quote)
{
    while (w->at < w->text.len) {
        uint32_t c = scan_rune(w).value;
        if (c == quote)
            return;
        if (c == (unsigned char)w->escape && quote != '\'')
            scan_escaped(w);
    }
}

static void scan_word(struct word_scan *w)
{
    while (w->at < w->text.len) {
        size_t before = w->at;
        uint32_t c = scan_rune(w).value;
        if (rune_is_space(c)) {
            w->at = before;
            return;
        }
        if (c == '\'' || c == '"')
            scan_quoted(w, c);
        else if (c == (unsigned char)w->escape)
            scan_escaped(w);
    }
}

/* parseWords: the next word, false at the end. */
static bool next_word(struct reader *r, struct word_scan *w, struct df_word *word)
{
    struct str left = utf8_trim_left(str_slice(w->text, w->at, w->text.len));
    w->at = w->text.len - left.len;
    size_t from = w->at;
    w->recode = w->dangling = false;
    scan_word(w);
    struct str text = str_slice(w->text, from, w->at - w->dangling);
    if (!text.len)
        return false;
    word->joined = df_span(r->i, text);
    word->text = w->recode ? utf8_valid(r->p->arena, text) : text;
    return true;
}

static struct word_scan scan_of(const struct reader *r)
{
    return (struct word_scan){.text = r->rest, .escape = r->p->file->escape};
}

/* parseNameOrNameVal */
static bool read_names(struct reader *r)
{
    struct word_scan w = scan_of(r);
    struct df_word word;
    while (next_word(r, &w, &word)) {
        vec_add(r->p->arena, &r->i->args, word);
        size_t equals = str_find(word.text, '=');
        struct df_pair pair = {.name = str_slice(word.text, 0, equals),
                               .value = str_slice(word.text, equals + 1, word.text.len),
                               .has_value = equals < word.text.len};
        vec_add(r->p->arena, &r->i->pairs, pair);
    }
    return true;
}

/* The values of one pair in BuildKit's AST: name, value, separator. */
static void add_pair(struct reader *r, struct df_word name, struct df_word value,
                     struct df_word separator)
{
    struct df_pair pair = {
        .name = name.text, .value = value.text, .has_value = true, .legacy = !separator.text.len};
    vec_add(r->p->arena, &r->i->args, name);
    vec_add(r->p->arena, &r->i->args, value);
    vec_add(r->p->arena, &r->i->args, separator);
    vec_add(r->p->arena, &r->i->pairs, pair);
}

/* `ENV name rest of line`, raw bytes. */
static bool read_legacy_pair(struct reader *r)
{
    size_t end = skip_word(r->rest, 0);
    if (end == r->rest.len) {
        df_error(r->p, r->i, df_span(r->i, r->rest), "%s must have two arguments",
                 r->i->kind == DF_ENV ? "ENV" : "LABEL");
        return false;
    }
    struct str name = str_slice(r->rest, 0, end);
    struct str value = str_slice(r->rest, skip_separators(r->rest, end), r->rest.len);
    struct df_word none = {.joined = df_span(r->i, str_slice(r->rest, end, end))};
    add_pair(r, (struct df_word){name, df_span(r->i, name)},
             (struct df_word){value, df_span(r->i, value)}, none);
    return true;
}

/* Cuts `name=value`. The `=` is ASCII: it stands at the same distance from the word's start in the
 * text and in the line unless invalid bytes before it were recoded. */
static bool read_new_pair(struct reader *r, struct df_word word)
{
    size_t equals = str_find(word.text, '=');
    if (equals == word.text.len) {
        df_error(r->p, r->i, word.joined,
                 "Syntax error - can't find = in \"%.*s\". Must be of the form: name=value",
                 STR(word.text));
        return false;
    }
    struct str bytes = str_span(r->i->joined.text, word.joined);
    uint32_t at = word.joined.start + (uint32_t)str_find(bytes, '=');
    struct df_word name = {str_slice(word.text, 0, equals), {word.joined.start, at}};
    struct df_word value = {str_slice(word.text, equals + 1, word.text.len),
                            {at + 1, word.joined.end}};
    add_pair(r, name, value,
             (struct df_word){str_slice(word.text, equals, equals + 1), {at, at + 1}});
    return true;
}

/* parseNameVal: the first word decides between the forms. */
static bool read_pairs(struct reader *r)
{
    struct word_scan w = scan_of(r);
    struct df_word word;
    if (!next_word(r, &w, &word))
        return true;
    if (str_find(word.text, '=') == word.text.len)
        return read_legacy_pair(r);
    do {
        if (!read_new_pair(r, word))
            return false;
    } while (next_word(r, &w, &word));
    return true;
}

/* ---- keyword and flags ---- */

static enum df_kind kind_of(struct arena *a, struct str word)
{
    word = utf8_lower(a, word);
    for (int kind = 0; kind < DF_UNKNOWN; kind++)
        if (str_eq(word, df_keyword((enum df_kind)kind)))
            return (enum df_kind)kind;
    return DF_UNKNOWN;
}

bool df_flag_takes(struct str value)
{
    const struct str special = LIT("$\"'\\`");
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] <= ' ' || value.at[i] > '~' || str_find(special, value.at[i]) < special.len)
            return false;
    return true;
}

/* One flag from `at` on: quotes and escapes go, other bytes are written as Latin-1. Returns where
 * it ends. */
static size_t scan_flag(struct str s, size_t at, char escape, struct buf *out)
{
    char quote = '\0';
    for (; at < s.len; at++) {
        char c = s.at[at];
        if (!quote && is_latin1_space(c))
            break;
        if (quote ? c == quote : c == '\'' || c == '"') {
            quote = quote ? '\0' : c;
            continue;
        }
        if (c == escape) {
            if (at + 1 == s.len)
                continue;
            c = s.at[++at];
        }
        utf8_add(out, (unsigned char)c);
    }
    return at;
}

/* extractBuilderFlags: the leading `--words`. Returns what follows them. */
static struct str read_flags(struct reader *r, struct str s)
{
    for (;;) {
        size_t at = 0;
        while (at < s.len && is_latin1_space(s.at[at]))
            at++;
        s = str_slice(s, at, s.len);
        if (!str_starts(s, LIT("--")))
            return s;
        struct buf flag = {.arena = r->p->arena};
        size_t end = scan_flag(s, 0, r->p->file->escape, &flag);
        struct df_word word = {buf_str(&flag), df_span(r->i, str_slice(s, 0, end))};
        s = str_slice(s, end, s.len);
        if (str_eq(word.text, LIT("--")))
            return s;
        vec_add(r->p->arena, &r->i->flags, word);
    }
}

/* parseSubCommand. An ONBUILD in an ONBUILD is refused before it is read, so that a long chain of
 * them is not deep. */
static bool read_trigger(struct reader *r)
{
    if (!r->rest.len)
        return true;
    struct df_instr *trigger = arena_alloc(r->p->arena, sizeof *trigger);
    struct str keyword = str_slice(r->rest, 0, skip_word(r->rest, 0));
    if (kind_of(r->p->arena, keyword) == DF_ONBUILD) {
        df_error(r->p, r->i, df_span(r->i, keyword),
                 "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
        return false;
    }
    trigger->joined = r->i->joined;
    trigger->text = r->i->text;
    trigger->first_line = r->i->first_line;
    r->i->trigger = trigger;
    return arguments_read(r->p, trigger, r->rest);
}

typedef bool reads_shape(struct reader *r);

/* The dispatch table of parser.go. */
static reads_shape *const shapes[] = {
    [DF_ADD] = read_list,        [DF_ARG] = read_names,          [DF_CMD] = read_command,
    [DF_COPY] = read_list,       [DF_ENTRYPOINT] = read_command, [DF_ENV] = read_pairs,
    [DF_EXPOSE] = read_words,    [DF_FROM] = read_words,         [DF_HEALTHCHECK] = read_health,
    [DF_LABEL] = read_pairs,     [DF_MAINTAINER] = read_text,    [DF_ONBUILD] = read_trigger,
    [DF_RUN] = read_command,     [DF_SHELL] = read_command,      [DF_STOPSIGNAL] = read_text,
    [DF_USER] = read_text,       [DF_VOLUME] = read_list,        [DF_WORKDIR] = read_text,
    [DF_UNKNOWN] = read_nothing,
};

bool arguments_read(struct df_parser *p, struct df_instr *i, struct str line)
{
    struct reader r = {.p = p, .i = i};
    line = utf8_trim(line);
    size_t end = skip_word(line, 0);
    struct str keyword = str_slice(line, 0, end);
    i->keyword = df_span(i, keyword);
    i->kind = kind_of(p->arena, keyword);
    struct str after = str_slice(line, skip_separators(line, end), line.len);
    r.rest = utf8_trim(read_flags(&r, after));
    i->rest = df_span(i, r.rest);
    return shapes[i->kind](&r);
}
