/* make: what its targets build and install, from the Makefile in the build context.
 *
 * Recipes are read by the shell front end like RUNs; nothing is run. */
#include "ir/context.h"
#include "ir/makefile.h"
#include "ir/path.h"
#include "ir/state.h"
#include "ir/toolchain.h"

enum { MOST_DEPTH = 16, MOST_RECIPES = 200, MOST_MAKES = 64 };

struct making {
    const struct build_site *site;
    struct makefile file;
    struct strs done;
    struct strs outputs; /* what links and installations write */
    unsigned recipes;
    bool unknown;
};

/* ---- what recipes do ---- */

static void add_output(struct making *m, struct str path)
{
    m->unknown |= path_has_glob(path);
    if (!strs_have(&m->outputs, path))
        vec_add(m->site->c->arena, &m->outputs, path);
}

static void take_built(struct making *m, const struct built *built)
{
    struct built *to = m->site->result;
    for (size_t i = 0; i < built->packages.n; i++)
        vec_add(m->site->c->arena, &to->packages, built->packages.at[i]);
    for (size_t i = 0; i < built->libraries.n; i++)
        vec_add(m->site->c->arena, &to->libraries, built->libraries.at[i]);
    for (size_t i = 0; built->known && i < built->artifacts.n; i++)
        add_output(m, built->artifacts.at[i]);
    m->unknown |= !built->known || built->whole;
}

/* `mkdir -p`, `install -d`: nothing by itself. */
static bool makes_directories(const struct step *s)
{
    const struct invocation *run = s->runs.n ? vec_last(&s->runs) : NULL;
    enum use use = run && run->row ? run->row->usage.operands : USE_UNKNOWN;
    return use == USE_MAKES || (use == USE_COPY && !s->effects.reads.items.n);
}

/* What is installed; of what lies in the make's own directory, links alone. */
static void take_step(struct making *m, const struct step *s)
{
    bool builds = false;
    for (size_t i = 0; i < s->runs.n; i++) {
        struct built built = toolchain_built_by(m->site, &s->runs.at[i]);
        builds |= built.toolchain != NULL;
        if (built.toolchain)
            take_built(m, &built);
    }
    if (builds && s->runs.n == 1)
        return;
    if (!builds && (s->effects.writes.unknown || s->effects.deletes.unknown))
        m->unknown = true;
    for (size_t i = 0; i < s->effects.writes.items.n && !makes_directories(s); i++)
        if (!path_is_in(s->effects.writes.items.at[i], m->site->run->workdir))
            add_output(m, s->effects.writes.items.at[i]);
}

/* What cannot be told is no word that the shell knows either. */
static struct str shell_text(struct making *m, struct str line)
{
    struct buf b = {.arena = m->site->c->arena};
    while (line.len && (line.at[0] == '@' || line.at[0] == '-' || line.at[0] == '+'))
        line = str_trim_left(str_slice(line, 1, line.len));
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] == MAKE_UNKNOWN[0])
            buf_add(&b, LIT("${__}"));
        else
            buf_char(&b, line.at[i]);
    return buf_str(&b);
}

/* With the variables that the file hands on. */
static const struct env *recipe_env(struct making *m)
{
    struct arena *a = m->site->c->arena;
    const struct env *env = m->site->run->env;
    for (size_t i = 0; i < m->file.exported.n; i++) {
        struct str name = m->file.exported.at[i];
        struct str value = makefile_expand(&m->file, NULL, str_printf(a, "$(%.*s)", STR(name)));
        bool known = makefile_is_known(value);
        env = env_bind(a, env,
                       (struct env){.name = name,
                                    .value = known ? value : LIT(""),
                                    .kind = known ? ENV_SET : ENV_OPAQUE});
    }
    return env;
}

static void take_recipe(struct making *m, struct str line)
{
    struct compile *c = m->site->c;
    struct state state = {.shell_kind = SHELL_SH,
                          .workdir = m->site->run->workdir,
                          .env = recipe_env(m),
                          .user = LIT("root")};
    m->unknown |= str_eq(line, LIT(MAKE_UNKNOWN));
    line = str_trim(shell_text(m, line));
    const struct sh_script *script = sh_parse(c->arena, line, SH_POSIX, NULL);
    struct steps steps = {0};
    if (!script || !command_steps(c, &state, script->list, &steps)) {
        m->unknown |= line.len > 0;
        return;
    }
    for (size_t i = 0; i < steps.n; i++)
        take_step(m, &steps.at[i]);
}

/* ---- targets ---- */

static bool has_word(struct str words, struct str word)
{
    struct str one;
    while (makefile_word(&words, &one))
        if (str_eq(one, word))
            return true;
    return false;
}

static bool is_object(struct str name)
{
    return str_ends(name, LIT(".o")) || str_ends(name, LIT(".lo")) || str_ends(name, LIT(".d"));
}

static bool has_file(struct making *m, struct str name)
{
    struct str path = path_join(m->site->c->arena, m->site->folder, name);
    return context_has(m->site->c, path) == YES;
}

/* In the context, or made by a rule of its own. */
static bool can_be_had(struct making *m, struct str name)
{
    for (size_t i = 0; i < m->file.rules.n; i++)
        if (has_word(m->file.rules.at[i].targets, name))
            return true;
    return !name.len || is_object(name) || has_file(m, name);
}

static void take_rule(struct making *m, const struct make_rule *rule, struct make_target t)
{
    for (size_t i = 0; i < rule->recipe.n && m->recipes++ < MOST_RECIPES; i++) {
        struct str line = rule->recipe.at[i];
        take_recipe(m,
                    str_eq(line, LIT(MAKE_UNKNOWN)) ? line : makefile_expand(&m->file, &t, line));
    }
}

static void make_target(struct making *m, struct str target, unsigned depth);

static void make_needs(struct making *m, struct str needs, unsigned depth)
{
    struct str word;
    while (makefile_word(&needs, &word))
        if (!str_eq(word, LIT("|")) && makefile_is_known(word))
            make_target(m, word, depth + 1);
}

static struct str first_word(struct str words)
{
    struct str word;
    makefile_word(&words, &word);
    return word;
}

/* `%: %.c`, `bin/%: src/%.c`. */
static bool by_pattern(struct making *m, struct str target, struct str needs, unsigned depth)
{
    struct arena *a = m->site->c->arena;
    for (size_t i = 0; i < m->file.rules.n; i++) {
        const struct make_rule *rule = &m->file.rules.at[i];
        struct make_target t = {.name = target};
        struct str pattern, patterns = rule->targets;
        bool fits = false;
        while (!fits && makefile_word(&patterns, &pattern))
            fits = str_find(pattern, '%') < pattern.len && makefile_stem(pattern, target, &t.stem);
        t.needs = makefile_filled(a, rule->needs, t.stem);
        if (!fits || !rule->recipe.n || !can_be_had(m, first_word(t.needs)))
            continue;
        t.needs = str_trim(str_printf(a, "%.*s %.*s", STR(t.needs), STR(needs)));
        make_needs(m, t.needs, depth);
        take_rule(m, rule, t);
        return true;
    }
    return false;
}

/* A program of one source, or of objects one of which has its name. */
static void by_itself(struct making *m, struct str target, struct str needs)
{
    static const struct str sources[] = {{".c", 2}, {".cc", 3}, {".cpp", 4}, {".C", 2}};
    struct arena *a = m->site->c->arena;
    struct str object = str_concat(a, target, LIT(".o"));
    bool plain = has_word(needs, object);
    for (size_t i = 0; i < sizeof sources / sizeof *sources && !plain; i++)
        plain = has_file(m, str_concat(a, target, sources[i]));
    struct make_target t = {.name = target, .needs = needs.len ? needs : object};
    if (plain)
        take_recipe(m, makefile_expand(&m->file, &t,
                                       LIT("$(CC) $(LDFLAGS) -o $@ $^ $(LOADLIBES) $(LDLIBS)")));
}

/* Those that the rules of this target name; *made: a recipe of one was followed. */
static struct str by_rules(struct making *m, struct str target, unsigned depth, bool *made)
{
    struct arena *a = m->site->c->arena;
    struct str all = {0};
    for (size_t i = 0; i < m->file.rules.n && !m->unknown; i++) {
        const struct make_rule *rule = &m->file.rules.at[i];
        struct make_target t = {.name = target, .needs = rule->needs};
        if (!has_word(rule->targets, target))
            continue;
        if (rule->pattern.len && makefile_stem(rule->pattern, target, &t.stem))
            t.needs = makefile_filled(a, rule->needs, t.stem);
        m->unknown |= !rule->recipe.n && !makefile_is_known(t.needs);
        make_needs(m, t.needs, depth);
        take_rule(m, rule, t);
        *made |= rule->recipe.n > 0;
        all = str_trim(str_printf(a, "%.*s %.*s", STR(all), STR(t.needs)));
    }
    return all;
}

/* A target that nothing makes is a file. Objects are nothing that runs. */
static void make_target(struct making *m, struct str target, unsigned depth)
{
    bool made = false;
    if (depth > MOST_DEPTH || is_object(target) || strs_have(&m->done, target))
        return;
    vec_add(m->site->c->arena, &m->done, target);
    struct str needs = by_rules(m, target, depth, &made);
    if (!made && !has_file(m, target) && !by_pattern(m, target, needs, depth))
        by_itself(m, target, needs);
}

/* The first target that is no special one. */
static struct str default_target(struct making *m)
{
    struct str goal = makefile_expand(&m->file, NULL, LIT("$(.DEFAULT_GOAL)"));
    if (goal.len)
        return goal;
    for (size_t i = 0; i < m->file.rules.n; i++) {
        struct str word = first_word(m->file.rules.at[i].targets);
        if (word.len && (word.at[0] != '.' || str_find(word, '/') < word.len) &&
            str_find(word, '%') == word.len)
            return word;
    }
    return (struct str){0};
}

/* ---- the command ---- */

/* NAME=value words hold more than the file's own, also in what make starts. */
static void take_words(struct making *m, const struct build_site *s, struct strs *targets)
{
    const struct strs *words = &s->run->words;
    if (s->by)
        take_words(m, s->by, NULL);
    for (size_t i = 0; i < words->n; i++) {
        struct str word = words->at[i];
        size_t equals = str_find(word, '=');
        if (!word.at)
            m->unknown = true;
        else if (equals < word.len)
            makefile_give(&m->file, str_slice(word, 0, equals),
                          str_slice(word, equals + 1, word.len));
        else if (targets)
            vec_add(m->site->c->arena, targets, word);
    }
}

static bool read_file(const struct build_site *s, struct str *text)
{
    static const struct str names[] = {{"GNUmakefile", 11}, {"makefile", 8}, {"Makefile", 8}};
    struct str name;
    bool known = true;
    if (!s->seen)
        return false;
    if (toolchain_option(s->run, LIT("-f"), &name, &known))
        return known && context_text(s->c, path_join(s->c->arena, s->folder, name), text);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (context_text(s->c, path_join(s->c->arena, s->folder, names[i]), text))
            return true;
    return false;
}

bool toolchain_make(const struct build_site *s, struct strs *out)
{
    struct making m = {
        .site = s,
        .file = {.c = s->c, .env = s->run->env, .folder = s->folder, .workdir = s->run->workdir}};
    struct strs targets = {0};
    struct str text;
    if (++*s->started > MOST_MAKES || !read_file(s, &text))
        return false;
    for (size_t i = 0; i < s->row->n_defaults; i++) {
        struct str given = s->row->defaults[i];
        size_t equals = str_find(given, '=');
        makefile_define(&m.file, str_slice(given, 0, equals),
                        str_slice(given, equals + 1, given.len));
    }
    take_words(&m, s, &targets);
    makefile_read(&m.file, text);
    if (!targets.n)
        vec_add(s->c->arena, &targets, default_target(&m));
    for (size_t i = 0; i < targets.n; i++)
        make_target(&m, targets.at[i], 0);
    for (size_t i = 0; i < m.outputs.n; i++)
        vec_add(s->c->arena, out, m.outputs.at[i]);
    return !m.unknown && !m.file.unknown;
}
