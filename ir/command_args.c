#include "ir/command_args.h"

struct args_reader {
    struct arena *arena;
    struct command_args *args;
    /* `at` is the word that is read next; `option` the one whose options are being read. */
    size_t at, option;
    bool ended; /* no option follows */
};

/* ---- options ---- */

static const struct command_option *find_in(const struct usage *u, struct str name)
{
    for (size_t i = 0; i < u->n_options; i++)
        for (size_t n = 0; n < u->options[i].n_names; n++)
            if (str_eq(u->options[i].names[n], name))
                return &u->options[i];
    return NULL;
}

/* The row of an option: the verb's own go first. */
static const struct command_option *find_option(const struct command_args *args, struct str name)
{
    const struct command_option *found = NULL;
    if (args->verb)
        found = find_in(&args->verb->usage, name);
    return found ? found : find_in(&args->row->usage, name);
}

/* "-o errexit" and "--color=never" have rows of their own beside those of -o and --color. */
static const struct command_option *find_option_with(struct arena *a,
                                                     const struct command_args *args,
                                                     struct str name, struct str value)
{
    struct str spelt = str_printf(a, "%.*s %.*s", STR(name), STR(value));
    const struct command_option *found = find_option(args, spelt);
    return found ? found : find_option(args, name);
}

static bool takes_word(const struct command_option *o)
{
    return o && o->value != USE_NOTHING && o->value != USE_FORCE && o->value != USE_OPTIONAL;
}

static void give(struct args_reader *r, struct given g)
{
    g.at = (uint32_t)r->option;
    if (g.has_value)
        g.option = find_option_with(r->arena, r->args, g.name, g.value.text);
    vec_add(r->arena, &r->args->options, g);
}

/* An option whose value is the next word. */
static void give_with_next(struct args_reader *r, struct str name, const struct command_option *o)
{
    struct given g = {.name = name, .option = o};
    if (r->at < r->args->words.n) {
        g.value = r->args->words.at[r->at++];
        g.has_value = true;
    }
    give(r, g);
}

/* -exec: the words up to `;` or `+`. */
static void give_command(struct args_reader *r, struct str name, const struct command_option *o)
{
    struct given g = {.name = name, .option = o, .words = (uint32_t)r->at};
    const struct values *words = &r->args->words;
    while (r->at < words->n && !str_eq(words->at[r->at].text, LIT(";")) &&
           !str_eq(words->at[r->at].text, LIT("+")))
        r->at++;
    g.n_words = (uint32_t)r->at - g.words;
    if (r->at < words->n)
        r->at++;
    give(r, g);
}

/* python -m NAME ARG..: from its value on, the words are a command. */
static void give_rest_as_command(struct args_reader *r, struct str name,
                                 const struct command_option *o)
{
    give(r, (struct given){.name = name, .option = o});
    r->args->command = r->at;
    r->at = r->args->words.n;
}

static void give_by_use(struct args_reader *r, struct str name, const struct command_option *o)
{
    if (o && o->value == USE_COMMAND_TO_SEMICOLON) {
        give_command(r, name, o);
        return;
    }
    bool has_next = takes_word(o) && r->at < r->args->words.n;
    const struct command_option *own =
        has_next ? find_option_with(r->arena, r->args, name, r->args->words.at[r->at].text) : o;
    if (own && own->value == USE_COMMAND)
        give_rest_as_command(r, name, own);
    else if (takes_word(o))
        give_with_next(r, name, o);
    else
        give(r, (struct given){.name = name, .option = o});
}

/* A value that is written in the same word: the rest of it from `from`. */
static struct value attached(const struct value *word, size_t from)
{
    struct value v = *word;
    v.text = str_slice(word->text, from, word->text.len);
    return v;
}

static void give_attached(struct args_reader *r, struct str name, const struct value *word,
                          size_t from)
{
    struct given g = {.name = name,
                      .option = find_option(r->args, name),
                      .value = attached(word, from),
                      .has_value = true};
    give(r, g);
}

/* --name, --name=value, and -name of STYLE_DASH. */
static void read_long(struct args_reader *r, const struct value *word)
{
    size_t equals = str_find(word->text, '=');
    struct str name = str_slice(word->text, 0, equals);
    if (equals < word->text.len)
        give_attached(r, name, word, equals + 1);
    else
        give_by_use(r, name, find_option(r->args, name));
}

/* -abc: three options, unless one takes a value: then the rest is that, or the next word. */
static void read_cluster(struct args_reader *r, const struct value *word, size_t first)
{
    for (size_t i = first; i < word->text.len; i++) {
        struct str name = str_printf(r->arena, "-%c", word->text.at[i]);
        const struct command_option *o = find_option(r->args, name);
        bool has_rest = i + 1 < word->text.len;
        if (has_rest && o && o->value != USE_NOTHING && o->value != USE_FORCE) {
            bool equals = word->text.at[i + 1] == '=' && i + 2 < word->text.len;
            give_attached(r, name, word, i + (equals ? 2 : 1));
            return;
        }
        give_by_use(r, name, o);
    }
}

static bool is_option(const struct args_reader *r, const struct value *word)
{
    struct str text = word->text;
    if (r->ended || r->args->row->style == STYLE_PLAIN || text.len < 2)
        return false;
    return text.at[0] == '-' || (r->args->row->style == STYLE_SET && text.at[0] == '+');
}

static void read_option(struct args_reader *r)
{
    r->option = r->at;
    const struct value *word = &r->args->words.at[r->at++];
    enum style style = r->args->row->style;
    const struct command_option *whole = find_option(r->args, word->text);
    if (str_eq(word->text, LIT("--")) && !whole)
        r->ended = r->args->dashes = true;
    else if (whole)
        give_by_use(r, word->text, whole);
    else if (style == STYLE_DASH || style == STYLE_EXPRESSION || str_starts(word->text, LIT("--")))
        read_long(r, word);
    else
        read_cluster(r, word, 1);
}

/* tar xzf A -C B: the letters stand without `-`, and their values are the words that follow. */
static void read_bundle(struct args_reader *r)
{
    const struct value *word = &r->args->words.at[r->at++];
    for (size_t i = 0; i < word->text.len; i++) {
        struct str name = str_printf(r->arena, "-%c", word->text.at[i]);
        give_by_use(r, name, find_option(r->args, name));
    }
}

/* ---- verbs ---- */

static bool is_word_verb(struct str name)
{
    return name.len && name.at[0] != '-' && !str_eq(name, LIT("*"));
}

static bool has_word_verbs(const struct command *row)
{
    for (size_t v = 0; v < row->n_verbs; v++)
        for (size_t n = 0; n < row->verbs[v].n_names; n++)
            if (is_word_verb(row->verbs[v].names[n]))
                return true;
    return false;
}

/* How many words from `at` on spell the verb's name; 0 when they do not. */
static size_t spelt_by(const struct values *words, size_t at, struct str name)
{
    size_t n = 0;
    for (size_t from = 0; from <= name.len; n++) {
        struct str rest = str_slice(name, from, name.len);
        struct str part = str_slice(rest, 0, str_find(rest, ' '));
        if (at + n >= words->n || !str_eq(words->at[at + n].text, part))
            return 0;
        from += part.len + 1;
    }
    return n;
}

/* The verb whose name takes the most words. */
static const struct verb *longest_verb(const struct args_reader *r, size_t *n_words)
{
    const struct command *row = r->args->row;
    const struct verb *best = NULL;
    *n_words = 0;
    for (size_t v = 0; v < row->n_verbs; v++) {
        for (size_t n = 0; n < row->verbs[v].n_names; n++) {
            size_t words = is_word_verb(row->verbs[v].names[n])
                               ? spelt_by(&r->args->words, r->at, row->verbs[v].names[n])
                               : 0;
            if (words <= *n_words)
                continue;
            *n_words = words;
            best = &row->verbs[v];
        }
    }
    return best;
}

static const struct verb *verb_named(const struct command *row, struct str name)
{
    for (size_t v = 0; v < row->n_verbs; v++)
        for (size_t n = 0; n < row->verbs[v].n_names; n++)
            if (str_eq(row->verbs[v].names[n], name))
                return &row->verbs[v];
    return NULL;
}

static bool awaits_verb(const struct args_reader *r)
{
    return !r->args->verb && !r->args->verb_unknown && has_word_verbs(r->args->row);
}

static void read_verb(struct args_reader *r)
{
    size_t n = 0;
    r->args->verb = longest_verb(r, &n);
    if (!r->args->verb)
        r->args->verb = verb_named(r->args->row, LIT("*"));
    r->args->verb_unknown = !r->args->verb;
    r->args->verb_at = r->at;
    r->args->verb_words = n ? n : 1;
    r->at += n ? n : 1;
    r->args->verb_end = n ? r->at : 0;
}

/* tar -x: the first option that is a verb. Its own view of the options given replaces the row's. */
static void find_option_verb(struct command_args *args)
{
    for (size_t i = 0; i < args->options.n && !args->verb; i++)
        args->verb = verb_named(args->row, args->options.at[i].name);
    for (size_t i = 0; args->verb && i < args->options.n; i++) {
        struct given *g = &args->options.at[i];
        const struct command_option *own = find_in(&args->verb->usage, g->name);
        g->option = own ? own : g->option;
    }
}

static void settle_verb(struct command_args *args)
{
    if (!args->row->n_verbs || args->verb || args->verb_unknown)
        return;
    find_option_verb(args);
    if (!args->verb)
        args->verb = verb_named(args->row, args->operands.n ? LIT("*") : LIT(""));
    args->verb_unknown = !args->verb;
}

/* ---- operands ---- */

static bool is_assignment(struct str text)
{
    size_t name = 0;
    while (name < text.len &&
           (text.at[name] == '_' || (text.at[name] >= 'A' && text.at[name] <= 'Z') ||
            (text.at[name] >= 'a' && text.at[name] <= 'z') ||
            (name && text.at[name] >= '0' && text.at[name] <= '9')))
        name++;
    return name && name < text.len && text.at[name] == '=';
}

/* Whether the next word starts the command that a wrapper runs. */
static bool starts_command(const struct args_reader *r, const struct value *word)
{
    enum use use = command_args_operands(r->args);
    if (use != USE_COMMAND && use != USE_COMMAND_MORE)
        return false;
    return r->args->operands.n == command_args_skip(r->args) && !is_assignment(word->text);
}

static bool is_in_expression(const struct args_reader *r, const struct value *word)
{
    return r->args->options.n || str_eq(word->text, LIT("(")) || str_eq(word->text, LIT("!"));
}

static void read_operand(struct args_reader *r)
{
    const struct value *word = &r->args->words.at[r->at];
    enum style style = r->args->row->style;
    if (awaits_verb(r)) {
        read_verb(r);
        return;
    }
    if (starts_command(r, word)) {
        r->args->command = r->at;
        r->at = r->args->words.n;
        return;
    }
    r->at++;
    if (style == STYLE_EXPRESSION && is_in_expression(r, word))
        return;
    bool assigns = is_assignment(word->text) && command_args_operands(r->args) == USE_COMMAND;
    if (!assigns)
        vec_add(r->arena, &r->args->operands, *word);
    if (!assigns && (style == STYLE_POSIX || style == STYLE_SET))
        r->ended = true;
}

void command_args_read(struct arena *a, const struct command *row, struct values words,
                       struct command_args *out)
{
    *out = (struct command_args){.row = row, .words = words, .command = words.n};
    struct args_reader r = {.arena = a, .args = out};
    bool bundle = row->style == STYLE_BUNDLE && words.n && !str_starts(words.at[0].text, LIT("-"));
    if (bundle)
        read_bundle(&r);
    while (r.at < words.n) {
        if (is_option(&r, &words.at[r.at]))
            read_option(&r);
        else
            read_operand(&r);
    }
    settle_verb(out);
}

enum use command_args_operands(const struct command_args *args)
{
    if (args->verb && args->verb->usage.operands != USE_NOTHING)
        return args->verb->usage.operands;
    return args->row->usage.operands;
}

size_t command_args_skip(const struct command_args *args)
{
    return args->verb && args->verb->usage.skip ? args->verb->usage.skip : args->row->usage.skip;
}

uint64_t command_args_deeds(const struct command_args *args)
{
    uint64_t deeds = args->row->usage.does;
    if (args->verb)
        deeds |= args->verb->usage.does;
    for (size_t i = 0; i < args->options.n; i++)
        if (args->options.at[i].option)
            deeds |= args->options.at[i].option->does;
    return deeds;
}

bool command_args_has(const struct command_args *args, enum use use)
{
    for (size_t i = 0; i < args->options.n; i++)
        if (args->options.at[i].option && args->options.at[i].option->value == use)
            return true;
    return false;
}

const struct value *command_args_value(const struct command_args *args, enum use use)
{
    for (size_t i = args->options.n; i-- > 0;) {
        const struct given *g = &args->options.at[i];
        if (g->option && g->option->value == use && g->has_value)
            return &g->value;
    }
    return NULL;
}
