/* Commands that give files an owner or a mode, make directories or delete files: which, and where
 * in the script they stand. */
#include "ir/command_walk.h"

/* How the command uses its files; false when it is none that is asked for. */
static bool files_use(const struct command_args *args, enum files_use *use)
{
    switch ((int)command_args_operands(args)) {
    case USE_OWNER:
        *use = FILES_OWNED;
        return true;
    case USE_MODE:
        *use = FILES_MODE;
        return true;
    case USE_MAKES:
        *use = FILES_MADE;
        return true;
    case USE_DELETES:
        *use = FILES_DELETED;
        return true;
    default:
        return false;
    }
}

/* Options that only say how much is done, or what is said of it. */
static bool read_options(const struct command_args *args, struct files_command *f)
{
    for (size_t i = 0; i < args->options.n; i++) {
        const struct given *g = &args->options.at[i];
        bool valued = g->option && g->option->value != USE_NOTHING && g->option->value != USE_FORCE;
        if (!g->option || valued || (g->option->does & ~DOES(RECURSIVE)))
            return false;
        if (!(g->option->does & DOES(RECURSIVE)))
            continue;
        f->recursive = true;
        if (str_eq(args->words.at[g->at].text, g->name))
            f->recursion = args->words.at[g->at].word;
    }
    return true;
}

static bool add_file(struct walk *w, struct files_command *f, const struct value *v)
{
    struct named_file file = {.word = v->word};
    if (v->glob || !v->word || !command_resolve(w, w->now.cwd, v, &file.path) ||
        !str_starts(file.path, LIT("/")))
        return false;
    vec_add(w->c->arena, &f->files, file);
    return true;
}

static bool read_operands(struct walk *w, const struct command_args *args, struct files_command *f)
{
    size_t at = 0;
    bool told = true;
    if (args->operands.n && (f->use == FILES_OWNED || f->use == FILES_MODE)) {
        const struct value *v = &args->operands.at[at++];
        told = !v->glob && v->word;
        f->value = v->text;
        f->value_word = v->word;
    }
    for (; at < args->operands.n; at++)
        told = add_file(w, f, &args->operands.at[at]) && told;
    return told && f->files.n > 0;
}

void command_note_files(struct walk *w, const struct command_args *args,
                        const struct sh_command *from)
{
    struct files_command f = {.command = from};
    if (!w->files || w->elsewhere || !files_use(args, &f.use))
        return;
    bool options = read_options(args, &f);
    f.told = read_operands(w, args, &f) && options && !from->redirects.n && !from->assigns.n;
    vec_add(w->c->arena, w->files, f);
}

struct files_commands command_on_files(struct compile *c, const struct state *before,
                                       const struct sh_list *list)
{
    struct files_commands out = {0};
    struct walk w = command_start_walk(c, before);
    w.files = &out;
    command_walk_list(&w, list);
    return out;
}
