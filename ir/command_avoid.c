/* Options with which a command leaves no lists or cache: where in the script they would stand. */
#include "ir/command_walk.h"

#include <stdlib.h>

/* The first option of the manager's that avoids what it leaves. */
static struct str option_of(const struct manager *m)
{
    for (size_t i = 0; i < m->n_messes; i++)
        if (m->messes[i].avoid.len)
            return m->messes[i].avoid;
    return LIT("");
}

/* ---- other means ---- */

static bool is_bound(const struct walk *w, const struct str *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct env *bound = env_find(w->now.env, names[i]);
        if (bound && !bound->of_image)
            return true;
    }
    return false;
}

/* `env NAME=value CMD`: the wrapper's assignments. */
static bool assigns_in_words(const struct sh_command *from, const struct str *names, size_t n)
{
    for (size_t i = 0; i < from->words.n; i++) {
        const struct sh_word *word = from->words.at[i];
        struct str text = word->parts.n ? word->parts.at[0].text : LIT("");
        size_t equals = str_find(text, '=');
        if (equals < text.len && str_is_one_of(str_slice(text, 0, equals), names, n))
            return true;
    }
    return false;
}

/* Somebody has already said what becomes of the cache: a variable, or an option that places it. */
bool command_has_other_means(const struct walk *w, const struct command_args *args,
                             const struct manager *m, const struct sh_command *from)
{
    for (size_t i = 0; i < args->options.n; i++)
        if (str_is_one_of(args->options.at[i].name, m->cache_places, m->n_cache_places))
            return true;
    return is_bound(w, m->no_cache_env, m->n_no_cache_env) ||
           is_bound(w, m->cache_places, m->n_cache_places) ||
           assigns_in_words(from, m->no_cache_env, m->n_no_cache_env) ||
           assigns_in_words(from, m->cache_places, m->n_cache_places);
}

/* ---- where the option goes ---- */

static bool is_literal(struct arena *a, const struct sh_word *word)
{
    struct str text;
    return sh_word_literal(a, word, &text);
}

/* All words of the command up to `last` are literal: what runs is the same each time. */
static bool is_spelt_out(struct arena *a, const struct sh_command *from, const struct sh_word *last)
{
    for (size_t i = 0; i < from->words.n && is_literal(a, from->words.at[i]); i++)
        if (from->words.at[i] == last)
            return true;
    return false;
}

/* An option that fetches lists gives its place to the one that fetches them and leaves none. False
 * when it has no word of its own, or there are two of them. */
static bool find_fetching(struct arena *a, const struct command_args *args,
                          const struct sh_word **found)
{
    for (size_t i = 0; i < args->options.n; i++) {
        const struct given *g = &args->options.at[i];
        if (!g->option || !(g->option->does & DOES(FETCHES_LISTS)))
            continue;
        const struct value *v = &args->words.at[g->at];
        if (*found || !v->word || !is_literal(a, v->word) || !str_eq(v->text, g->name))
            return false;
        *found = v->word;
    }
    return true;
}

static bool edit_of(struct walk *w, const struct command_args *args, const struct sh_command *from,
                    struct avoidance *edit)
{
    struct arena *a = w->c->arena;
    const struct sh_word *verb = args->verb_end ? args->words.at[args->verb_end - 1].word : NULL;
    const struct sh_word *fetching = NULL;
    if (w->elsewhere || !verb || !args->verb->takes_avoid || !is_spelt_out(a, from, verb) ||
        !find_fetching(a, args, &fetching))
        return false;
    if (fetching)
        edit->at = fetching->span;
    else
        edit->at = (struct span){verb->span.end, verb->span.end};
    if (!fetching)
        edit->text = str_concat(a, LIT(" "), edit->text);
    return true;
}

/* Bodies are walked more than once. */
static void add_once(struct arena *a, struct avoidances *edits, struct avoidance edit)
{
    for (size_t i = 0; i < edits->n; i++)
        if (edits->at[i].at.start == edit.at.start)
            return;
    vec_add(a, edits, edit);
}

void command_note_left(struct walk *w, const struct command_args *args,
                       const struct sh_command *from)
{
    if (!w->avoidable)
        return;
    const struct manager *m = catalog_manager(w->c->catalog, args->row->manager);
    struct avoidance edit = {.manager = m->name, .text = option_of(m)};
    if (edit.text.len && !command_has_other_means(w, args, m, from) &&
        edit_of(w, args, from, &edit))
        add_once(w->c->arena, &w->avoidable->edits, edit);
    else
        set_add(w->c->arena, &w->avoidable->others, m->name);
}

static int by_place(const void *a, const void *b)
{
    const struct avoidance *first = a, *second = b;
    return first->at.start < second->at.start ? -1 : first->at.start > second->at.start;
}

void command_sort_avoidances(struct avoidances *edits)
{
    if (edits->n)
        qsort(edits->at, edits->n, sizeof *edits->at, by_place);
}

struct avoidable command_avoidable(struct compile *c, const struct state *before,
                                   const struct sh_list *list)
{
    struct avoidable out = {0};
    struct walk w = command_start_walk(c, before);
    w.decides = true;
    w.avoidable = &out;
    command_walk_list(&w, list);
    command_sort_avoidances(&out.edits);
    return out;
}
