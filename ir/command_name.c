/* What a command's name stands for: a function, a row of the catalog, a file; and shell texts in
 * words. */
#include "ir/command_walk.h"
#include "ir/path.h"

/* MAX_ROUNDS bounds the whole walk: functions that call each other would make it exponential. */
enum { MAX_DEPTH = 12, MAX_ROUNDS = 400 };

/* One more body is walked again; false when that is enough. */
bool command_may_repeat(struct walk *w)
{
    return w->depth < MAX_DEPTH && w->rounds++ < MAX_ROUNDS;
}

/* ---- scripts in words, functions ---- */

static const struct sh_script *parse_value(struct walk *w, const struct value *text)
{
    if (text->unknown || !command_may_repeat(w))
        return NULL;
    enum sh_dialect dialect = w->before->shell_kind == SHELL_BASH ? SH_BASH : SH_POSIX;
    return sh_parse(w->c->arena, text->text, dialect, NULL);
}

/* In no function of this one; and whether -e is ignored here is nothing to a shell of its own. */
static void walk_in_new_shell(struct walk *w, const struct sh_list *list)
{
    struct call *call = w->call;
    unsigned outer = w->out.flags;
    w->call = NULL;
    command_walk_in_subshell(w, list);
    w->call = call;
    w->out.flags &= outer | ~(unsigned)(FX_ERREXIT_INSIDE | FX_TEXT);
}

void command_walk_script(struct walk *w, const struct value *text, bool subshell)
{
    const struct sh_script *script = parse_value(w, text);
    if (!subshell)
        w->out.flags |= FX_TEXT;
    if (!script && subshell)
        command_hidden(w);
    else if (!script)
        command_sourced(w);
    if (!script)
        return;
    w->depth++;
    w->elsewhere++;
    if (subshell)
        walk_in_new_shell(w, script->list);
    else
        command_walk_list(w, script->list);
    w->elsewhere--;
    w->depth--;
}

static const struct function *find_function(const struct walk *w, struct str name)
{
    for (size_t i = w->functions.n; i-- > 0;)
        if (str_eq(w->functions.at[i].name, name))
            return &w->functions.at[i];
    return NULL;
}

/* A function that bears a known command's name is there to fool somebody: nothing is known. */
static void call_function(struct walk *w, const struct function *f)
{
    bool shadows = catalog_command(w->c->catalog, f->name) != NULL;
    if (shadows || !command_may_repeat(w)) {
        command_sourced(w);
        return;
    }
    struct call call = {.base = w->now.env}, *outer = w->call;
    unsigned elsewhere = w->elsewhere;
    w->call = &call;
    w->elsewhere += f->elsewhere;
    w->depth++;
    command_walk_command(w, f->body);
    w->depth--;
    w->elsewhere = elsewhere;
    w->call = outer;
    command_end_call(w, &call);
}

/* ---- commands by name ---- */

/* A program in a directory of programs (/usr/bin, /opt/x/bin) is the one of that name. */
static bool is_program_path(struct str path)
{
    struct str dir = str_slice(path, 0, path.len - path_name(path).len);
    return str_starts(path, LIT("/")) &&
           (str_ends(dir, LIT("/bin/")) || str_ends(dir, LIT("/sbin/")));
}

/* As it is written; what a project brings to build it is the same wherever that lies. */
static const struct command *row_of_path(const struct walk *w, struct str path)
{
    struct str name = path_name(path);
    if (is_program_path(path))
        return catalog_command(w->c->catalog, name);
    const struct command *row = catalog_command(w->c->catalog, path);
    struct str here = str_concat(w->c->arena, LIT("./"), name);
    return row ? row : catalog_command(w->c->catalog, here);
}

static void run_path(struct walk *w, struct values words, const struct sh_command *from)
{
    const struct value *name = &words.at[0];
    const struct command *row = name->glob ? NULL : row_of_path(w, name->text);
    command_add_path(w, &w->out.reads, w->now.cwd, name);
    if (!row)
        command_note_invocation(w, name, NULL);
    if (!row && is_program_path(name->text)) {
        command_foreign(w, true);
        return;
    }
    if (!row) {
        command_script(w, name, false, from);
        return;
    }
    struct command_args args;
    struct values rest = {words.at + 1, words.n - 1, words.n - 1};
    command_args_read(w->c->arena, row, rest, &args);
    command_note_invocation(w, name, &args);
    command_apply(w, &args, from);
}

static void run_name(struct walk *w, struct values words, const struct sh_command *from)
{
    struct str name = words.at[0].text;
    const struct function *function = find_function(w, name);
    if (function) {
        call_function(w, function);
        return;
    }
    const struct command *row = catalog_command(w->c->catalog, name);
    if (!row) {
        set_add(w->c->arena, &w->out.remembered, name);
        command_note_invocation(w, &words.at[0], NULL);
        command_foreign(w, false);
        return;
    }
    struct command_args args;
    struct values rest = {words.at + 1, words.n - 1, words.n - 1};
    command_args_read(w->c->arena, row, rest, &args);
    command_note_invocation(w, &words.at[0], &args);
    command_apply(w, &args, from);
    if (!(row->usage.does & DOES(SYSTEM)))
        set_add(w->c->arena, &w->out.remembered, name);
}

static void note_seen(struct walk *w, const struct values *words)
{
    struct seen_command seen = {.workdir = w->now.cwd, .env = w->now.env};
    for (size_t i = 0; i < words->n; i++) {
        struct str text = words->at[i].text;
        if (words->at[i].unknown)
            text = (struct str){0}; /* what is known of it is not it */
        else if (!text.len)
            text = LIT("");
        vec_add(w->c->arena, &seen.words, text);
    }
    vec_add(w->c->arena, w->seen, seen);
}

void command_run(struct walk *w, struct values words, const struct sh_command *from)
{
    const struct value *name = &words.at[0];
    if (w->seen)
        note_seen(w, &words);
    bool is_path = str_find(name->text, '/') < name->text.len;
    if (name->glob && !is_path && !str_eq(name->text, LIT("["))) {
        command_sourced(w);
        return;
    }
    if (name->unknown)
        w->out.commands.unknown = true;
    else
        set_add(w->c->arena, &w->out.commands, name->text);
    if (is_path)
        run_path(w, words, from);
    else
        run_name(w, words, from);
}

struct seen_commands command_seen(struct compile *c, const struct state *before,
                                  const struct sh_list *list)
{
    struct seen_commands seen = {0};
    struct walk w = command_start_walk(c, before);
    w.seen = &seen;
    command_walk_list(&w, list);
    return seen;
}
