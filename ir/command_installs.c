/* Installations of packages: what they name, and where in the script more could be said. */
#include "ir/command_walk.h"

#include "ir/catalog/images.h"

static bool is_word(const struct manager *m, struct str text)
{
    for (size_t i = 0; i < m->n_lean_words; i++)
        if (str_matches(m->lean_words[i], text))
            return true;
    return false;
}

static bool says(const struct command_args *args, const struct manager *m)
{
    for (size_t i = 0; i < args->words.n; i++)
        if (is_word(m, args->words.at[i].text))
            return true;
    return false;
}

/* A name, or name=version: no path, no pattern; `x-` removes and `x+` installs. */
static bool add_name(struct walk *w, const struct manager *m, const struct value *v,
                     struct strs *to)
{
    size_t end = 0;
    while (end < v->text.len && str_find(m->version_marks, v->text.at[end]) == m->version_marks.len)
        end++;
    struct str name = str_slice(v->text, 0, end);
    bool told = !v->unknown || (end < v->text.len && str_find(name, '*') == name.len);
    if (!told || !end || str_find(name, '*') < name.len || str_ends(name, LIT("-")) ||
        str_starts(name, LIT(".")))
        return false;
    vec_add(w->c->arena, to, name);
    return true;
}

static bool is_literal(struct arena *a, const struct sh_word *word)
{
    struct str text;
    return word && sh_word_literal(a, word, &text);
}

static void add_places(struct walk *w, const struct command_args *args,
                       const struct sh_command *from, struct installation *out)
{
    const struct sh_words *words = &from->words;
    const struct sh_word *verb = args->verb_end ? args->words.at[args->verb_end - 1].word : NULL;
    const struct sh_word *first = args->operands.n ? args->operands.at[0].word : NULL;
    if (w->elsewhere || !verb || !first || words->n < 2 || !is_literal(w->c->arena, verb))
        return;
    struct span options = verb->span;
    for (size_t i = 1; i < words->n; i++)
        if (words->at[i] == first && is_literal(w->c->arena, words->at[i - 1]))
            options = words->at[i - 1]->span;
    out->editable = !args->dashes;
    out->command = from->span;
    out->options = options;
    out->first = first->span;
    out->last = words->at[words->n - 1]->span;
    out->before_last = words->at[words->n - 2]->span;
}

/* Bodies are walked more than once: what differs between two rounds cannot be told. */
static void add_once(struct arena *a, struct installations *all, const struct installation *one)
{
    for (size_t i = 0; one->editable && i < all->n; i++) {
        if (all->at[i].editable && all->at[i].command.start == one->command.start) {
            all->at[i].known &= one->known;
            return;
        }
    }
    vec_add(a, all, *one);
}

void command_note_installs(struct walk *w, const struct command_args *args,
                           const struct sh_command *from)
{
    const struct manager *m = catalog_manager(w->c->catalog, args->row->manager);
    if (!w->installations || !m || !m->lean.len || !args->verb || !args->verb->takes_lean ||
        !args->operands.n)
        return;
    struct installation out = {.manager = m->name, .known = true, .says = says(args, m)};
    for (size_t i = 0; i < args->operands.n; i++)
        out.known &= add_name(w, m, &args->operands.at[i], &out.packages);
    add_places(w, args, from, &out);
    add_once(w->c->arena, w->installations, &out);
}

struct installations command_installs(struct compile *c, const struct state *before,
                                      const struct sh_list *list)
{
    struct installations out = {0};
    struct walk w = command_start_walk(c, before);
    w.installations = &out;
    command_walk_list(&w, list);
    return out;
}
