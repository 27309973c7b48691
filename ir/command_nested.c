/* Commands that run commands, and code that is not visible. */
#include "ir/command_walk.h"

enum { MAX_ROOTS = 4 };

/* Lists that the script has fetched before are there for it too. */
void command_unknown(struct walk *w)
{
    bool needs_lists = w->out.needs_lists.unknown;
    effects_forget(&w->out);
    if (w->now.fetched.items.n)
        w->out.needs_lists.unknown = needs_lists;
    w->out.hides_uses = true;
    w->out.flags |= FX_NETWORK;
}

void command_hidden(struct walk *w)
{
    command_unknown(w);
    w->out.flags |= FX_HIDDEN;
    command_replace_any(w);
}

/* Base images come without package lists: whoever writes a program for others, and installs with
 * it, fetches them first. Scripts that were written for this very image need not. */
void command_foreign(struct walk *w, bool hidden)
{
    bool needs_lists = w->out.needs_lists.unknown, hides_uses = w->out.hides_uses;
    if (hidden)
        command_hidden(w);
    else
        command_unknown(w);
    w->out.needs_lists.unknown = needs_lists;
    w->out.hides_uses = hides_uses;
}

void command_sourced(struct walk *w)
{
    struct effects anything = effects_anything();
    /* No more than a program whose code is not seen is it taken to start what outlives it. */
    w->out.flags |= FX_TEXT | (anything.flags & ~(unsigned)FX_BACKGROUND);
    command_hidden(w);
    w->now.env = NULL;
    w->now.cwd = LIT("");
}

void command_foreign_sourced(struct walk *w)
{
    bool needs_lists = w->out.needs_lists.unknown, hides_uses = w->out.hides_uses;
    command_sourced(w);
    w->out.needs_lists.unknown = needs_lists;
    w->out.hides_uses = hides_uses;
}

/* Others' code of which the catalog knows what it does with packages. */
static void run_known(struct walk *w, const struct command *row, const struct sh_command *from,
                      bool sourced)
{
    struct command_args args;
    if (sourced)
        command_foreign_sourced(w);
    else
        command_foreign(w, true);
    command_args_read(w->c->arena, row, (struct values){0}, &args);
    command_apply(w, &args, from);
}

/* By where it is, or by where it was downloaded from. */
static const struct command *known_script(const struct walk *w, struct str path)
{
    const struct command *row = catalog_script(w->c->catalog, path);
    if (!row)
        row = catalog_command(w->c->catalog, path);
    for (size_t i = w->downloads.n; !row && i-- > 0;)
        if (str_eq(w->downloads.at[i].path, path))
            row = catalog_script(w->c->catalog, w->downloads.at[i].url);
    return row;
}

/* Whoever asks for its needs can look for the file; lists that were fetched before are there. */
void command_script(struct walk *w, const struct value *file, bool sourced,
                    const struct sh_command *from)
{
    struct str path;
    bool needs_lists = w->out.needs_lists.unknown;
    bool is_name = str_find(file->text, '/') == file->text.len;
    bool told = !file->glob && command_resolve(w, w->now.cwd, file, &path);
    if (!told && !file->glob && is_name) {
        told = true; /* dot looks for a name in PATH */
        path = file->text;
    }
    if (sourced && told && catalog_lists(w->c->catalog, LIT("settings"), path)) {
        /* assignments, whose names cannot be told */
        w->out.flags |= FX_STATE;
        w->now.env = NULL;
        return;
    }
    const struct command *row = known_script(w, told && !(sourced && is_name) ? path : file->text);
    if (row) {
        run_known(w, row, from, sourced);
        return;
    }
    if (told && !w->now.fetched.items.n)
        set_add(w->c->arena, &w->out.scripts, path);
    if (sourced)
        command_sourced(w);
    else
        command_hidden(w);
    if (told)
        w->out.needs_lists.unknown = needs_lists;
}

/* An external program's code: files and commands cannot be told, packages and lists are its row's.
 */
void command_recipes(struct walk *w)
{
    w->out.reads.unknown = w->out.writes.unknown = w->out.deletes.unknown = true;
    w->out.commands.unknown = true;
}

/* -exec CMD {}: each root's tree stands for what is found in it, and with a text behind it, for
 * whatever begins like that. */
static struct values with_found(struct walk *w, const struct values *words, struct str root)
{
    struct values out = {0};
    for (size_t i = 0; i < words->n; i++) {
        struct value v = words->at[i];
        size_t at = str_search(v.text, LIT("{}"));
        if (at < v.text.len) {
            bool whole = at + 2 == v.text.len;
            v.text = str_printf(w->c->arena, "%.*s%.*s%s", STR(str_slice(v.text, 0, at)), STR(root),
                                whole ? "" : "*");
            v.glob |= !whole;
        }
        vec_add(w->c->arena, &out, v);
    }
    return out;
}

void command_run_found(struct walk *w, const struct command_args *args, const struct given *g,
                       const struct sh_command *from)
{
    struct values words = {args->words.at + g->words, g->n_words, g->n_words};
    bool uncertain = w->uncertain;
    w->uncertain = true;
    for (size_t i = 0; words.n && i < args->operands.n && i < MAX_ROOTS; i++) {
        struct value root = args->operands.at[i];
        struct str whole = LIT("*");
        if (!command_resolve(w, w->now.cwd, &root, &whole))
            command_recipes(w);
        command_run(w, with_found(w, &words, whole), from);
    }
    w->uncertain = uncertain;
}

/* xargs -I %: no word that has it can be told. */
static bool has_placeholder(const struct command_args *args, const struct value *word)
{
    for (size_t i = 0; i < args->options.n; i++) {
        const struct given *g = &args->options.at[i];
        bool names = g->option && g->option->value == USE_PLACEHOLDER && g->has_value;
        if (names && str_search(word->text, g->value.text) < word->text.len)
            return true;
    }
    return false;
}

void command_run_wrapped(struct walk *w, const struct command_args *args,
                         const struct sh_command *from)
{
    struct values words = {0};
    for (size_t i = args->command; i < args->words.n; i++)
        vec_add(w->c->arena, &words,
                has_placeholder(args, &args->words.at[i]) ? value_unknown() : args->words.at[i]);
    if (command_args_operands(args) == USE_COMMAND_MORE && !command_args_has(args, USE_PLACEHOLDER))
        vec_add(w->c->arena, &words, value_unknown());
    command_run(w, words, from);
}

/* A here-document that stands as standard input. */
static const struct sh_redirect *document_of(const struct sh_command *from)
{
    for (size_t i = from->redirects.n; i-- > 0;) {
        const struct sh_redirect *r = &from->redirects.at[i];
        if (r->number.len == 0 && (r->kind == SH_HEREDOC || r->kind == SH_HEREDOC_TABS))
            return r;
    }
    return NULL;
}

/* A shell's code in a file; `bash ./configure` runs what the catalog knows by that name. */
static void run_shell_file(struct walk *w, const struct command_args *args,
                           const struct sh_command *from)
{
    if (catalog_command(w->c->catalog, args->operands.at[0].text))
        command_run(w, args->operands, from);
    else
        command_script(w, &args->operands.at[0], false, from);
}

/* A shell's code on standard input; a here-document can be read. */
static void run_shell_input(struct walk *w, const struct sh_command *from)
{
    const struct sh_redirect *document = document_of(from);
    const struct command *known =
        w->piped.n == 1 ? catalog_script(w->c->catalog, w->piped.at[0]) : NULL;
    if (!document && known) {
        run_known(w, known, from, false);
        return;
    }
    if (!document) {
        command_hidden(w);
        return;
    }
    struct word_reader reader = command_word_reader(w);
    struct value text = word_value(&reader, document->body);
    command_walk_script(w, &text, true);
}

/* `sh FILE`, `python FILE`, or code on standard input. What is given in the command line (perl -e)
 * is for the task at hand: it installs no commands. */
void command_run_script_file(struct walk *w, const struct command_args *args,
                             const struct sh_command *from)
{
    bool is_shell = args->row->usage.does & DOES(SYSTEM);
    bool on_input = !args->operands.n || (command_args_deeds(args) & DOES(HIDDEN)) ||
                    str_eq(args->operands.at[0].text, LIT("-"));
    if (!on_input)
        command_add_path(w, &w->out.reads, w->now.cwd, &args->operands.at[0]);
    if (is_shell && on_input)
        run_shell_input(w, from);
    else if (is_shell)
        run_shell_file(w, args, from);
    else if (command_args_has(args, USE_PROGRAM_TEXT))
        command_recipes(w);
    else
        command_foreign(w, true);
}

/* eval: its operands, with blanks between them, in this shell. */
void command_run_eval(struct walk *w, const struct values *operands)
{
    struct strs texts = {0};
    struct value script = {0};
    for (size_t i = 0; i < operands->n; i++) {
        vec_add(w->c->arena, &texts, operands->at[i].text);
        script.unknown |= operands->at[i].glob;
    }
    script.text = str_join(w->c->arena, &texts, LIT(" "));
    command_walk_script(w, &script, false);
}

/* trap ACTION CONDITION..: the action runs at a time that cannot be told, in whatever directory. */
void command_run_trapped(struct walk *w, const struct values *operands)
{
    if (operands->n < 2 || !operands->at[0].text.len || str_eq(operands->at[0].text, LIT("-")))
        return;
    struct track without = command_copy_track(w->c->arena, &w->now);
    struct shell_state outer = command_enter_subshell(w);
    w->now.env = NULL;
    w->now.cwd = LIT("");
    command_walk_script(w, &operands->at[0], false);
    command_leave_subshell(w, &outer);
    w->now = command_merge_tracks(w, &w->now, &without, without.env);
}
