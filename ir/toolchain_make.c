/* make: what its targets build and install, from the Makefile in the build context.
 *
 * Rules and variables of POSIX make, and what most hand-written Makefiles use of GNU make. Recipes
 * are read by the shell front end like RUNs; nothing is run. What is computed (functions, includes,
 * conditionals) makes the answer unknown. */
#include "ir/context.h"
#include "ir/path.h"
#include "ir/state.h"
#include "ir/toolchain.h"

enum { MOST_DEPTH = 16, MOST_RECIPES = 200 };

struct rule_of_make {
    struct str targets, needs;
    struct strs recipe;
};

struct rules_of_make VEC_OF(struct rule_of_make);

struct makefile {
    const struct build_site *site;
    struct map variables; /* name → struct str * */
    struct rules_of_make rules;
    struct strs done;
    struct strs outputs; /* what links and installations write */
    unsigned recipes;
    bool unknown;
};

/* ---- reading ---- */

static bool next_line(struct str *text, struct arena *a, struct str *out)
{
    struct buf b = {.arena = a};
    if (!text->len)
        return false;
    for (bool more = true; more && text->len;) {
        size_t end = str_find(*text, '\n');
        struct str line = str_slice(*text, 0, end);
        *text = str_slice(*text, end + 1, text->len);
        if (str_ends(line, LIT("\r")))
            line.len--;
        more = str_ends(line, LIT("\\"));
        buf_add(&b, more ? str_slice(line, 0, line.len - 1) : line);
        if (more)
            buf_char(&b, ' ');
    }
    *out = buf_str(&b);
    return true;
}

static struct str first_word(struct str text)
{
    text = str_trim(text);
    size_t end = 0;
    while (end < text.len && !char_is_space(text.at[end]))
        end++;
    return str_slice(text, 0, end);
}

static bool is_directive(struct str word)
{
    static const struct str words[] = {
        {"ifeq", 4},   {"ifneq", 5}, {"ifdef", 5},   {"ifndef", 6},   {"else", 4},    {"endif", 5},
        {"define", 6}, {"endef", 5}, {"include", 7}, {"-include", 8}, {"sinclude", 8}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(words[i], word))
            return true;
    return false;
}

static void set_variable(struct makefile *m, struct str name, struct str value, bool keep)
{
    struct arena *a = m->site->c->arena;
    if (keep && map_get(&m->variables, name))
        return;
    struct str *kept = arena_alloc(a, sizeof *kept);
    *kept = value;
    map_put(&m->variables, str_dup(a, name), kept);
}

/* NAME = value, := ?= +=; what the command line sets stays. */
static bool read_assignment(struct makefile *m, struct str line)
{
    size_t equals = str_find(line, '='), colon = str_find(line, ':');
    if (equals == line.len || (colon < equals && colon + 1 != equals && colon + 2 != equals))
        return false;
    size_t end = equals;
    while (end > 0 && (line.at[end - 1] == ':' || line.at[end - 1] == '?' ||
                       line.at[end - 1] == '+' || line.at[end - 1] == '!'))
        end--;
    struct str name = str_trim(str_slice(line, 0, end));
    struct str value = str_trim(str_slice(line, equals + 1, line.len));
    value = str_trim(str_slice(value, 0, str_search(value, LIT(" #"))));
    char operator= end<equals ? line.at[end] : '=';
    const struct str *given = map_get(&m->variables, str_concat(m->site->c->arena, LIT("="), name));
    const struct str *old = map_get(&m->variables, name);
    if (operator== '!')
        m->unknown = true;
    if (operator== '+' && old)
        value = str_printf(m->site->c->arena, "%.*s %.*s", STR(*old), STR(value));
    if (!given)
        set_variable(m, name, value, operator== '?');
    return true;
}

static void read_rule(struct makefile *m, struct str line)
{
    size_t colon = str_find(line, ':');
    if (colon == line.len)
        return;
    struct rule_of_make rule = {.targets = str_slice(line, 0, colon)};
    struct str rest = str_slice(line, colon + 1, line.len);
    if (str_starts(rest, LIT(":")))
        rest = str_slice(rest, 1, rest.len);
    size_t semicolon = str_find(rest, ';');
    rule.needs = str_slice(rest, 0, semicolon);
    if (semicolon < rest.len)
        vec_add(m->site->c->arena, &rule.recipe, str_slice(rest, semicolon + 1, rest.len));
    vec_add(m->site->c->arena, &m->rules, rule);
}

static void read_line(struct makefile *m, struct str line)
{
    struct str word = first_word(line);
    if (str_starts(line, LIT("\t"))) {
        if (m->rules.n && word.len)
            vec_add(m->site->c->arena, &vec_last(&m->rules)->recipe, str_trim(line));
        return;
    }
    if (!word.len || str_starts(word, LIT("#")))
        return;
    if (is_directive(word)) {
        m->unknown = true;
        return;
    }
    if (str_eq(word, LIT("export")))
        line = str_slice(str_trim(line), 6, line.len);
    if (!read_assignment(m, line))
        read_rule(m, line);
}

/* ---- expanding ---- */

static bool expand(struct makefile *m, const struct rule_of_make *rule, struct str target,
                   struct str text, unsigned depth, struct buf *out);

static struct str needed(struct makefile *m, const struct rule_of_make *rule)
{
    struct buf b = {.arena = m->site->c->arena};
    if (!rule || !expand(m, NULL, (struct str){0}, rule->needs, 1, &b))
        return (struct str){0};
    return str_trim(buf_str(&b));
}

/* $@ $< $^ $+ $? and $(@D) of them are not told further apart. */
static bool expand_automatic(struct makefile *m, const struct rule_of_make *rule, struct str target,
                             char name, struct buf *out)
{
    struct str all = needed(m, rule);
    if (name == '@')
        buf_add(out, target);
    else if (name == '<')
        buf_add(out, first_word(all));
    else if (name == '^' || name == '+' || name == '?')
        buf_add(out, all);
    else
        return false;
    return rule != NULL;
}

static bool expand_name(struct makefile *m, const struct rule_of_make *rule, struct str target,
                        struct str name, unsigned depth, struct buf *out)
{
    if (name.len == 1 && expand_automatic(m, rule, target, name.at[0], out))
        return true;
    for (size_t i = 0; i < name.len; i++)
        if (char_is_space(name.at[i]) || name.at[i] == '$' || name.at[i] == ':')
            return false;
    const struct str *value = map_get(&m->variables, name);
    return !value || (depth < MOST_DEPTH && expand(m, rule, target, *value, depth + 1, out));
}

static bool expand(struct makefile *m, const struct rule_of_make *rule, struct str target,
                   struct str text, unsigned depth, struct buf *out)
{
    while (text.len) {
        size_t at = str_find(text, '$');
        buf_add(out, str_slice(text, 0, at));
        text = str_slice(text, at, text.len);
        if (text.len < 2)
            return text.len == 0;
        char open = text.at[1];
        size_t from = 2, end = 2;
        if (open == '$') {
            buf_char(out, '$');
        } else if (open == '(' || open == '{') {
            end = str_find(text, open == '(' ? ')' : '}');
            if (!expand_name(m, rule, target, str_slice(text, from, end), depth, out))
                return false;
            end++;
        } else if (!expand_name(m, rule, target, str_slice(text, 1, 2), depth, out)) {
            return false;
        }
        text = str_slice(text, end, text.len);
    }
    return true;
}

static struct str expanded(struct makefile *m, const struct rule_of_make *rule, struct str target,
                           struct str text)
{
    struct buf b = {.arena = m->site->c->arena};
    if (!expand(m, rule, target, text, 0, &b))
        m->unknown = true;
    return buf_str(&b);
}

/* ---- what recipes do ---- */

static void add_output(struct makefile *m, struct str path)
{
    if (!strs_have(&m->outputs, path))
        vec_add(m->site->c->arena, &m->outputs, path);
}

static void merge(struct makefile *m, const struct built *built)
{
    struct built *to = m->site->result;
    for (size_t i = 0; i < built->packages.n; i++)
        vec_add(m->site->c->arena, &to->packages, built->packages.at[i]);
    for (size_t i = 0; i < built->libraries.n; i++)
        vec_add(m->site->c->arena, &to->libraries, built->libraries.at[i]);
}

/* make in make is not followed. */
static bool is_make(const struct build_command *row)
{
    return row && row->n_artifacts && str_eq(row->artifacts[0], LIT("{@make}"));
}

/* What is installed; of what lies in the make's own directory, links alone. */
static void take_step(struct makefile *m, const struct step *s)
{
    struct str here = m->site->run->workdir;
    for (size_t i = 0; i < s->runs.n; i++) {
        if (is_make(toolchain_row(m->site->c, &s->runs.at[i]))) {
            m->unknown = true;
            return;
        }
        struct built built = toolchain_built(m->site->c, m->site->stage, &s->runs.at[i]);
        m->unknown |= built.toolchain && !built.known;
        merge(m, &built);
        for (size_t k = 0; built.known && k < built.artifacts.n; k++)
            add_output(m, built.artifacts.at[k]);
        if (built.toolchain)
            return;
    }
    if (s->effects.writes.unknown || s->effects.deletes.unknown) {
        m->unknown = true;
        return;
    }
    for (size_t i = 0; i < s->effects.writes.items.n; i++) {
        struct str path = s->effects.writes.items.at[i];
        bool inside = str_starts(path, here) && (path.len == here.len || path.at[here.len] == '/');
        if (!inside && s->effects.reads.items.n)
            add_output(m, path);
    }
}

static void take_recipe(struct makefile *m, struct str line)
{
    struct compile *c = m->site->c;
    while (line.len && (line.at[0] == '@' || line.at[0] == '-' || line.at[0] == '+'))
        line = str_trim_left(str_slice(line, 1, line.len));
    struct state state = {.shell_kind = SHELL_SH,
                          .workdir = m->site->run->workdir,
                          .env = m->site->run->env,
                          .user = LIT("root")};
    const struct sh_script *script = sh_parse(c->arena, line, SH_POSIX, NULL);
    struct steps steps = {0};
    if (!script || !command_steps(c, &state, script->list, &steps)) {
        m->unknown |= str_trim(line).len > 0;
        return;
    }
    for (size_t i = 0; i < steps.n; i++)
        take_step(m, &steps.at[i]);
}

/* ---- targets ---- */

static bool has_word(struct str words, struct str word)
{
    for (struct str w = first_word(words); w.len; w = first_word(words)) {
        if (str_eq(w, word))
            return true;
        words = str_trim_left(words);
        words = str_slice(words, w.len, words.len);
    }
    return false;
}

static void make_target(struct makefile *m, struct str target, unsigned depth);

static void make_needs(struct makefile *m, struct str needs, unsigned depth)
{
    for (struct str w = first_word(needs); w.len; w = first_word(needs)) {
        make_target(m, w, depth + 1);
        needs = str_trim_left(needs);
        needs = str_slice(needs, w.len, needs.len);
    }
}

/* A target without a rule is a file, or made by a pattern or an implicit rule: an object. */
static void make_target(struct makefile *m, struct str target, unsigned depth)
{
    if (depth > MOST_DEPTH || strs_have(&m->done, target))
        return;
    vec_add(m->site->c->arena, &m->done, target);
    for (size_t i = 0; i < m->rules.n && !m->unknown; i++) {
        const struct rule_of_make *rule = &m->rules.at[i];
        if (!has_word(expanded(m, NULL, target, rule->targets), target))
            continue;
        make_needs(m, expanded(m, NULL, target, rule->needs), depth);
        for (size_t k = 0; k < rule->recipe.n && m->recipes++ < MOST_RECIPES; k++)
            take_recipe(m, expanded(m, rule, target, rule->recipe.at[k]));
    }
}

/* The first target that is no special one. */
static struct str default_target(struct makefile *m)
{
    for (size_t i = 0; i < m->rules.n; i++) {
        struct str word = first_word(expanded(m, NULL, (struct str){0}, m->rules.at[i].targets));
        if (word.len && word.at[0] != '.' && str_find(word, '%') == word.len)
            return word;
    }
    return (struct str){0};
}

/* ---- the command ---- */

/* NAME=value words hold more than the file's own. */
static void take_words(struct makefile *m, struct strs *targets)
{
    struct arena *a = m->site->c->arena;
    for (size_t i = 0; i < m->site->run->words.n; i++) {
        struct str word = m->site->run->words.at[i];
        size_t equals = str_find(word, '=');
        if (!word.at) {
            m->unknown = true;
        } else if (equals < word.len) {
            struct str name = str_slice(word, 0, equals);
            set_variable(m, name, str_slice(word, equals + 1, word.len), false);
            set_variable(m, str_concat(a, LIT("="), name), LIT("given"), false);
        } else {
            vec_add(a, targets, word);
        }
    }
}

static bool read_file(const struct build_site *s, struct str *text)
{
    static const struct str names[] = {{"GNUmakefile", 11}, {"makefile", 8}, {"Makefile", 8}};
    for (size_t i = 0; s->seen && i < sizeof names / sizeof *names; i++) {
        struct str path = names[i];
        if (s->folder.len)
            path = str_printf(s->c->arena, "%.*s/%.*s", STR(s->folder), STR(names[i]));
        if (context_text(s->c, path, text))
            return true;
    }
    return false;
}

bool toolchain_make(const struct build_site *s, struct strs *out)
{
    struct arena *a = s->c->arena;
    struct makefile m = {.site = s, .variables = {.arena = a}};
    struct strs targets = {0};
    struct str text, line;
    if (!read_file(s, &text))
        return false;
    for (size_t i = 0; i < s->row->n_defaults; i++) {
        struct str given = s->row->defaults[i];
        size_t equals = str_find(given, '=');
        set_variable(&m, str_slice(given, 0, equals), str_slice(given, equals + 1, given.len),
                     false);
    }
    take_words(&m, &targets);
    while (next_line(&text, a, &line))
        read_line(&m, line);
    if (!targets.n)
        vec_add(a, &targets, default_target(&m));
    for (size_t i = 0; i < targets.n; i++)
        make_target(&m, targets.at[i], 0);
    for (size_t i = 0; i < m.outputs.n; i++)
        vec_add(a, out, m.outputs.at[i]);
    return !m.unknown;
}
