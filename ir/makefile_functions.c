/* Functions of GNU make on texts, and on names of files of the context. */
#include "ir/context.h"
#include "ir/makefile.h"
#include "ir/path.h"

enum { MOST_ARGUMENTS = 4 };

struct arguments {
    struct str at[MOST_ARGUMENTS];
    size_t n;
};

bool makefile_word(struct str *text, struct str *word)
{
    size_t end = 0;
    *text = str_trim_left(*text);
    while (end < text->len && !char_is_space(text->at[end]))
        end++;
    *word = str_slice(*text, 0, end);
    *text = str_slice(*text, end, text->len);
    return word->len > 0;
}

static void add_word(struct buf *out, struct str word)
{
    if (out->len)
        buf_char(out, ' ');
    buf_add(out, word);
}

/* ---- patterns ---- */

bool makefile_stem(struct str pattern, struct str name, struct str *stem)
{
    size_t at = str_find(pattern, '%');
    struct str head = str_slice(pattern, 0, at), tail = str_slice(pattern, at + 1, pattern.len);
    if (at == pattern.len) {
        *stem = (struct str){0};
        return str_eq(pattern, name);
    }
    *stem = str_slice(name, head.len, name.len < tail.len ? 0 : name.len - tail.len);
    return name.len >= head.len + tail.len && str_starts(name, head) && str_ends(name, tail);
}

static struct str filled(struct arena *a, struct str word, struct str stem)
{
    size_t at = str_find(word, '%');
    if (at == word.len)
        return word;
    struct buf b = {.arena = a};
    buf_add(&b, str_slice(word, 0, at));
    buf_add(&b, stem);
    buf_add(&b, str_slice(word, at + 1, word.len));
    return buf_str(&b);
}

struct str makefile_filled(struct arena *a, struct str words, struct str stem)
{
    struct buf b = {.arena = a};
    struct str word;
    while (makefile_word(&words, &word))
        add_word(&b, filled(a, word, stem));
    return buf_str(&b);
}

struct str makefile_patsubst(struct arena *a, struct str from, struct str to, struct str words)
{
    struct buf b = {.arena = a};
    struct str word, stem;
    while (makefile_word(&words, &word))
        add_word(&b, makefile_stem(from, word, &stem) ? filled(a, to, stem) : word);
    return buf_str(&b);
}

static void filter(struct str patterns, struct str words, bool out, struct buf *to)
{
    struct str word, pattern, stem;
    while (makefile_word(&words, &word)) {
        struct str rest = patterns;
        bool found = false;
        while (makefile_word(&rest, &pattern))
            found |= makefile_stem(pattern, word, &stem);
        if (found != out)
            add_word(to, word);
    }
}

/* ---- texts ---- */

static void substitute(struct str from, struct str to, struct str text, struct buf *out)
{
    while (text.len) {
        size_t at = from.len ? str_search(text, from) : text.len;
        buf_add(out, str_slice(text, 0, at));
        if (at < text.len)
            buf_add(out, to);
        text = str_slice(text, at + (at < text.len ? from.len : 0), text.len);
    }
}

static void affix(struct str prefix, struct str suffix, struct str words, struct buf *out)
{
    struct str word;
    while (makefile_word(&words, &word)) {
        add_word(out, prefix);
        buf_add(out, word);
        buf_add(out, suffix);
    }
}

enum function {
    CALL_ADDPREFIX,
    CALL_ADDSUFFIX,
    CALL_BASENAME,
    CALL_DIR,
    CALL_FILTER,
    CALL_FILTER_OUT,
    CALL_FIRSTWORD,
    CALL_FOREACH,
    CALL_IF,
    CALL_INFO,
    CALL_LASTWORD,
    CALL_NOTDIR,
    CALL_PATSUBST,
    CALL_SHELL,
    CALL_SORT,
    CALL_STRIP,
    CALL_SUBST,
    CALL_SUFFIX,
    CALL_UNKNOWN,
    CALL_WILDCARD
};

/* Where the suffix begins: at the last dot of the last component. */
static size_t suffix_at(struct str word)
{
    for (size_t i = word.len; i > 0 && word.at[i - 1] != '/'; i--)
        if (word.at[i - 1] == '.')
            return i - 1;
    return word.len;
}

static struct str part_of(enum function part, struct str word)
{
    struct str name = path_name(word), dir = str_slice(word, 0, word.len - name.len);
    if (part == CALL_DIR)
        return dir.len ? dir : LIT("./");
    if (part == CALL_NOTDIR)
        return name;
    return part == CALL_SUFFIX ? str_slice(word, suffix_at(word), word.len)
                               : str_slice(word, 0, suffix_at(word));
}

static void take_parts(enum function part, struct str words, struct buf *out)
{
    struct str word;
    while (makefile_word(&words, &word))
        add_word(out, part_of(part, word));
}

/* In order, each once. */
static void sort(struct arena *a, struct str words, struct buf *out)
{
    struct strs sorted = {0};
    struct str word;
    while (makefile_word(&words, &word)) {
        uint32_t at = sorted.n;
        if (strs_have(&sorted, word))
            continue;
        vec_add(a, &sorted, word);
        for (; at > 0 && str_cmp(sorted.at[at - 1], word) > 0; at--)
            sorted.at[at] = sorted.at[at - 1];
        sorted.at[at] = word;
    }
    buf_add(out, str_join(a, &sorted, LIT(" ")));
}

/* ---- files ---- */

/* Those of the context that make sees where it runs; what an earlier command made is not seen. */
static void add_matches(struct makefile *m, struct str pattern, struct buf *out)
{
    struct str dir = path_directory(pattern), name = path_name(pattern), folder;
    if (!path_resolve(m->c->arena, LIT("/"), path_join(m->c->arena, m->folder, dir), &folder))
        return;
    const struct context_entries *all = context_lists(m->c, folder);
    for (size_t i = 0; all && i < all->n; i++)
        if (str_matches(name, all->at[i].name))
            add_word(out, path_join(m->c->arena, dir, all->at[i].name));
}

static void find_files(struct makefile *m, struct str patterns, struct buf *out)
{
    struct str pattern;
    while (makefile_word(&patterns, &pattern))
        if (path_has_glob(path_directory(pattern)) || str_starts(pattern, LIT("/")))
            add_word(out, LIT(MAKE_UNKNOWN));
        else
            add_matches(m, pattern, out);
}

/* What a shell prints is not known, but for the system's name: images run on one. */
static void run_shell(struct str command, struct buf *out)
{
    struct str words = command, name, option;
    makefile_word(&words, &name);
    makefile_word(&words, &option);
    bool system = str_eq(name, LIT("uname")) &&
                  (!option.len || str_eq(option, LIT("-s")) || str_starts(option, LIT("2>")));
    buf_add(out, system ? LIT("Linux") : LIT(MAKE_UNKNOWN));
}

/* ---- calls ---- */

/* At commas that are in no parentheses; the last argument takes what is left. */
static struct arguments split(struct str text, size_t most)
{
    struct arguments out = {.n = 1};
    size_t start = 0;
    int depth = 0;
    for (size_t i = 0; i < text.len && out.n < most; i++) {
        char c = text.at[i];
        depth += (c == '(' || c == '{') - (c == ')' || c == '}');
        if (c != ',' || depth)
            continue;
        out.at[out.n - 1] = str_slice(text, start, i);
        start = i + 1;
        out.n++;
    }
    out.at[out.n - 1] = str_slice(text, start, text.len);
    return out;
}

/* $(foreach NAME,WORDS,TEXT) */
static void each(struct makefile *m, const struct make_target *t, const struct arguments *args,
                 struct buf *out)
{
    struct str name = str_trim(makefile_expand(m, t, args->at[0])), word;
    struct str words = makefile_expand(m, t, args->at[1]);
    const struct str *before = map_get(&m->variables, name);
    while (makefile_word(&words, &word)) {
        makefile_define(m, name, word);
        add_word(out, makefile_expand(m, t, args->at[2]));
    }
    makefile_define(m, name, before ? *before : LIT(""));
}

/* $(if CONDITION,THEN,ELSE) */
static void choose(struct makefile *m, const struct make_target *t, const struct arguments *args,
                   struct buf *out)
{
    struct str condition = str_trim(makefile_expand(m, t, args->at[0]));
    if (!makefile_is_known(condition))
        buf_add(out, LIT(MAKE_UNKNOWN));
    else if (condition.len || args->n > 2)
        buf_add(out, makefile_expand(m, t, args->at[condition.len ? 1 : 2]));
}

static const struct {
    struct str name;
    enum function is;
    size_t arguments;
} functions[] = {
    {{"abspath", 7}, CALL_UNKNOWN, 1},
    {{"addprefix", 9}, CALL_ADDPREFIX, 2},
    {{"addsuffix", 9}, CALL_ADDSUFFIX, 2},
    {{"and", 3}, CALL_UNKNOWN, 1},
    {{"basename", 8}, CALL_BASENAME, 1},
    {{"call", 4}, CALL_UNKNOWN, 1},
    {{"dir", 3}, CALL_DIR, 1},
    {{"error", 5}, CALL_INFO, 1},
    {{"eval", 4}, CALL_UNKNOWN, 1},
    {{"file", 4}, CALL_UNKNOWN, 1},
    {{"filter", 6}, CALL_FILTER, 2},
    {{"filter-out", 10}, CALL_FILTER_OUT, 2},
    {{"findstring", 10}, CALL_UNKNOWN, 1},
    {{"firstword", 9}, CALL_FIRSTWORD, 1},
    {{"foreach", 7}, CALL_FOREACH, 3},
    {{"if", 2}, CALL_IF, 3},
    {{"info", 4}, CALL_INFO, 1},
    {{"join", 4}, CALL_UNKNOWN, 1},
    {{"lastword", 8}, CALL_LASTWORD, 1},
    {{"notdir", 6}, CALL_NOTDIR, 1},
    {{"or", 2}, CALL_UNKNOWN, 1},
    {{"origin", 6}, CALL_UNKNOWN, 1},
    {{"patsubst", 8}, CALL_PATSUBST, 3},
    {{"realpath", 8}, CALL_UNKNOWN, 1},
    {{"shell", 5}, CALL_SHELL, 1},
    {{"sort", 4}, CALL_SORT, 1},
    {{"strip", 5}, CALL_STRIP, 1},
    {{"subst", 5}, CALL_SUBST, 3},
    {{"suffix", 6}, CALL_SUFFIX, 1},
    {{"value", 5}, CALL_UNKNOWN, 1},
    {{"warning", 7}, CALL_INFO, 1},
    {{"wildcard", 8}, CALL_WILDCARD, 1},
    {{"word", 4}, CALL_UNKNOWN, 1},
    {{"wordlist", 8}, CALL_UNKNOWN, 1},
    {{"words", 5}, CALL_UNKNOWN, 1},
};

static struct str last_word(struct str words)
{
    struct str word, last = {0};
    while (makefile_word(&words, &word))
        last = word;
    return last;
}

/* Functions whose arguments are texts; they are expanded. */
static void apply(struct makefile *m, enum function is, const struct arguments *args,
                  struct buf *out)
{
    struct buf b = {.arena = m->c->arena};
    struct str first = args->at[0], second = args->at[1], word;
    switch (is) {
    case CALL_ADDPREFIX:
        affix(first, LIT(""), second, &b);
        break;
    case CALL_ADDSUFFIX:
        affix(LIT(""), first, second, &b);
        break;
    case CALL_BASENAME:
    case CALL_DIR:
    case CALL_NOTDIR:
    case CALL_SUFFIX:
        take_parts(is, first, &b);
        break;
    case CALL_FILTER:
    case CALL_FILTER_OUT:
        filter(first, second, is == CALL_FILTER_OUT, &b);
        break;
    case CALL_FIRSTWORD:
        if (makefile_word(&first, &word))
            buf_add(&b, word);
        break;
    case CALL_LASTWORD:
        buf_add(&b, last_word(first));
        break;
    case CALL_PATSUBST:
        buf_add(&b, makefile_patsubst(m->c->arena, str_trim(first), str_trim(second), args->at[2]));
        break;
    case CALL_SHELL:
        run_shell(first, &b);
        break;
    case CALL_SORT:
        sort(m->c->arena, first, &b);
        break;
    case CALL_STRIP:
        affix(LIT(""), LIT(""), first, &b);
        break;
    case CALL_SUBST:
        substitute(first, second, args->at[2], &b);
        break;
    case CALL_WILDCARD:
        find_files(m, first, &b);
        break;
    case CALL_UNKNOWN:
        buf_add(&b, LIT(MAKE_UNKNOWN));
        break;
    case CALL_FOREACH:
    case CALL_IF:
    case CALL_INFO:
        break;
    }
    buf_add(out, buf_str(&b));
}

bool makefile_call(struct makefile *m, const struct make_target *t, struct str name,
                   struct str args, struct buf *out)
{
    size_t i = 0, n = sizeof functions / sizeof *functions;
    while (i < n && !str_eq(functions[i].name, name))
        i++;
    if (i == n)
        return false;
    struct arguments given = split(args, functions[i].arguments);
    struct buf b = {.arena = m->c->arena};
    if (functions[i].is == CALL_FOREACH && given.n == 3)
        each(m, t, &given, &b);
    if (functions[i].is == CALL_IF)
        choose(m, t, &given, &b);
    for (size_t k = 0; k < given.n; k++)
        given.at[k] = makefile_expand(m, t, given.at[k]);
    apply(m, functions[i].is, &given, &b);
    buf_add(out, buf_str(&b));
    return true;
}
