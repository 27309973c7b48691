/* Commands that run commands, and code that is not visible. */
#include "ir/command_walk.h"

enum { MAX_ROOTS = 4 };

void command_unknown(struct walk *w)
{
    effects_forget(&w->out);
    w->out.flags |= FX_NETWORK;
}

void command_hidden(struct walk *w)
{
    command_unknown(w);
    w->out.flags |= FX_HIDDEN;
    command_replace_any(w);
}

void command_sourced(struct walk *w)
{
    struct effects anything = effects_anything();
    w->out.flags |= anything.flags;
    command_hidden(w);
    w->now.env = NULL;
    w->now.cwd = LIT("");
}

/* An external program's code: files and commands cannot be told, packages and lists are its row's.
 */
void command_recipes(struct walk *w)
{
    w->out.reads.unknown = w->out.writes.unknown = w->out.deletes.unknown = true;
    w->out.commands.unknown = true;
}

/* -exec CMD {}: each root's tree stands for what is found in it. */
static struct values with_found(struct walk *w, const struct values *words, struct str root)
{
    struct values out = {0};
    for (size_t i = 0; i < words->n; i++) {
        struct value v = words->at[i];
        size_t at = str_search(v.text, LIT("{}"));
        if (at < v.text.len) {
            v.text = str_printf(w->c->arena, "%.*s%.*s%.*s", STR(str_slice(v.text, 0, at)),
                                STR(root), STR(str_slice(v.text, at + 2, v.text.len)));
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

void command_run_wrapped(struct walk *w, const struct command_args *args,
                         const struct sh_command *from)
{
    struct values words = {0};
    for (size_t i = args->command; i < args->words.n; i++)
        vec_add(w->c->arena, &words, args->words.at[i]);
    if (command_args_operands(args) == USE_COMMAND_MORE)
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

/* `sh FILE`, `python FILE`, or code on standard input; a shell's here-document can be read. What is
 * given in the command line (perl -e) is for the task at hand: it installs no commands. */
void command_run_script_file(struct walk *w, const struct command_args *args,
                             const struct sh_command *from)
{
    const struct sh_redirect *document = document_of(from);
    if (args->operands.n)
        command_add_path(w, &w->out.reads, w->now.cwd, &args->operands.at[0]);
    bool is_shell = args->row->usage.does & DOES_SYSTEM;
    if (args->operands.n == 0 && document && is_shell) {
        struct word_reader reader = command_word_reader(w);
        struct value text = word_value(&reader, document->body);
        command_walk_script(w, &text, true);
        return;
    }
    if (command_args_has(args, USE_PROGRAM_TEXT))
        command_recipes(w);
    else
        command_hidden(w);
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
