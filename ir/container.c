#include "ir/container.h"

#include "ir/catalog/catalog.h"
#include "ir/command.h"
#include "ir/context.h"
#include "ir/state.h"

/* An entry script has a few helpers; a context is not searched for more. */
enum { MOST_SCRIPTS = 16 };

struct search {
    struct compile *c;
    const struct instr *by;
    struct state state; /* in which the container starts */
    unsigned steps;
    struct container_scripts found;
};

/* ---- which shell reads it ---- */

static bool next_word(struct str *line, struct str *word)
{
    *line = str_trim_left(*line);
    size_t end = 0;
    while (end < line->len && !char_is_space(line->at[end]))
        end++;
    *word = str_slice(*line, 0, end);
    *line = str_slice(*line, end, line->len);
    return word->len > 0;
}

enum shell_kind container_reader(struct str text)
{
    struct str word, line = str_slice(text, 2, str_find(text, '\n'));
    if (!str_starts(text, LIT("#!")))
        return SHELL_SH;
    bool env = next_word(&line, &word) && (str_eq(word, LIT("env")) || str_ends(word, LIT("/env")));
    while (env && next_word(&line, &word) && str_starts(word, LIT("-")))
        continue;
    return state_shell_kind(word);
}

/* ---- following ---- */

static bool is_found(const struct search *s, struct str path)
{
    for (size_t i = 0; i < s->found.n; i++)
        if (str_eq(s->found.at[i].path, path))
            return true;
    return false;
}

static void follow_name(struct search *s, struct str path)
{
    struct str text;
    if (s->found.n == MOST_SCRIPTS || is_found(s, path) ||
        !context_file(s->c, s->by, path, &s->steps, &text))
        return;
    struct state state = s->state;
    state.shell_kind = container_reader(text);
    if (state.shell_kind == SHELL_OTHER)
        return;
    enum sh_dialect dialect = state.shell_kind == SHELL_BASH ? SH_BASH : SH_POSIX;
    const struct sh_script *script = sh_parse(s->c->arena, text, dialect, NULL);
    if (!script || !script->list)
        return;
    struct container_script found = {
        .path = path, .effects = command_effects_of_list(s->c, &state, script->list)};
    vec_add(s->c->arena, &s->found, found);
}

/* Who is run by a path, or given to a shell, is read; a name that the distribution does not know
 * may be the context's. */
static void follow(struct search *s, const struct effects *fx)
{
    for (size_t i = 0; i < fx->reads.items.n; i++)
        if (str_starts(fx->reads.items.at[i], LIT("/")))
            follow_name(s, fx->reads.items.at[i]);
    for (size_t i = 0; i < fx->commands.items.n; i++) {
        struct str name = fx->commands.items.at[i];
        if (str_find(name, '/') == name.len && !catalog_command(s->c->catalog, name))
            follow_name(s, name);
    }
}

/* Dockerfile reference: only the last of its kind takes effect. */
static bool is_overridden(const struct instr *by)
{
    const struct instr *i = instr_next(by);
    while (i && i->ast->kind != by->ast->kind)
        i = instr_next(i);
    return i != NULL;
}

static bool runs_in_container(const struct instr *by)
{
    enum df_kind kind = by->ast->kind;
    return by->stage && (kind == DF_CMD || kind == DF_ENTRYPOINT || kind == DF_HEALTHCHECK);
}

/* The working directory is the one that the stage ends in, not the one before the instruction. */
static void search(struct search *s, struct instr *by)
{
    const struct sh_list *commands = instr_commands(s->c, by);
    if (!commands)
        return;
    s->state.workdir = by->stage->end.workdir;
    s->state.env = by->stage->end.env;
    struct effects fx = command_effects_of_list(s->c, &s->state, commands);
    follow(s, &fx);
    size_t first = s->found.n;
    for (size_t i = 0; i < first; i++) {
        struct effects inner = s->found.at[i].effects;
        follow(s, &inner);
    }
}

const struct container_scripts *container_scripts(struct compile *c, struct instr *by)
{
    static const struct container_scripts none = {.n = 0};
    if (by->scripts)
        return by->scripts;
    by->scripts = &none;
    if (!c->context || !runs_in_container(by) || is_overridden(by))
        return by->scripts;
    struct search s = {.c = c, .by = by, .state = by->before};
    search(&s, by);
    struct container_scripts *found = arena_alloc(c->arena, sizeof *found);
    *found = s.found;
    by->scripts = found;
    return found;
}
