/* Commands of the package manager: those that install become Alpine's, those that fetch lists or
 * clean go. */
#include "ir/command.h"
#include "passes/alpine_base/alpine.h"

static const struct verb *verb_of(const struct invocation *run)
{
    struct str word = run->words.n ? run->words.at[0] : (struct str){0};
    for (size_t i = 0; word.at && i < run->row->n_verbs; i++)
        for (size_t k = 0; k < run->row->verbs[i].n_names; k++)
            if (str_eq(run->row->verbs[i].names[k], word))
                return &run->row->verbs[i];
    return NULL;
}

/* Fetches lists, or empties caches; or removes what nothing needs any longer. */
static bool goes(const struct invocation *run, const struct verb *v)
{
    bool installs = v->usage.operands == USE_INSTALLS;
    uint64_t housekeeping = DOES(FETCHES_LISTS) | DOES(DROPS_LISTS) | DOES(DROPS_CACHE);
    bool cleans = (v->usage.does & housekeeping) || v->usage.n_deletes;
    return !installs && cleans && run->words.n == 1;
}

static bool takes_options(const struct alpine_question *q, const struct invocation *run)
{
    const struct busybox_command *b = catalog_busybox(q->c->catalog, run->name);
    for (size_t i = 0; i < run->options.n; i++) {
        bool found = false;
        for (size_t k = 0; b && k < b->n_options; k++)
            found = found || str_eq(b->options[k], run->options.at[i].name);
        if (!found || !run->options.at[i].at)
            return false;
    }
    return b != NULL;
}

/* ---- what is installed ---- */

static struct str names_on_alpine(struct alpine_question *q, const struct instr *at,
                                  struct str package)
{
    struct buf b = {.arena = q->c->arena};
    const struct alpine_name *row = catalog_alpine(q->c->catalog, package);
    const struct tree_list *configured = catalog_trees(q->c->catalog, LIT("alpine-configured"));
    bool same = row && row->verified && row->n_alpine;
    if (catalog_keep(q->c->catalog, package) == KEEP_NEVER) {
        alpine_refuse(q, ALPINE_COMPILER, at, package);
        return (struct str){0};
    }
    for (size_t i = 0; same && configured && i < configured->n_paths; i++)
        same = !str_eq(configured->paths[i], package);
    for (size_t i = 0; same && i < row->n_alpine; i++)
        buf_printf(&b, "%s%.*s", i ? " " : "", STR(row->alpine[i]));
    if (!same)
        alpine_refuse(q, ALPINE_PACKAGE, at, package);
    return buf_str(&b);
}

static bool is_pinned(const struct alpine_question *q, struct str word)
{
    struct str marks = q->plan->from->version_marks;
    for (size_t i = 0; i < word.len; i++)
        if (str_find(marks, word.at[i]) < marks.len || word.at[i] == '*')
            return true;
    return str_ends(word, LIT("-")) || str_ends(word, LIT("+"));
}

static bool is_lean(const struct alpine_question *q, const struct invocation *run)
{
    for (size_t i = 0; i < run->options.n; i++)
        if (str_eq(run->options.at[i].name, q->plan->from->lean))
            return true;
    return false;
}

static void add_edit(struct alpine_question *q, struct alpine_command *out, struct span at,
                     struct str text)
{
    struct edit edit = {at, text};
    vec_add(q->c->arena, &out->edits, edit);
}

/* The word among the command's own. */
static size_t index_of(const struct sh_command *command, const struct sh_word *word)
{
    size_t i = 0;
    while (i < command->words.n && command->words.at[i] != word)
        i++;
    return i;
}

static const struct str *package_at(const struct invocation *run, const struct sh_word *word)
{
    for (size_t i = 1; i < run->words.n; i++)
        if (run->places.at[i] == word)
            return &run->words.at[i];
    return NULL;
}

/* Words before the first package are the command; an option behind it goes, with what is before
 * it. */
static bool rewrite_words(struct alpine_question *q, const struct used_step *s,
                          struct alpine_command *out)
{
    const struct invocation *run = &s->step.runs.at[0];
    const struct sh_words *words = &out->command->words;
    size_t first = index_of(out->command, run->places.at[1]);
    if (first == 0 || first == words->n)
        return alpine_refuse(q, ALPINE_SCRIPT, s->at, run->name);
    struct span head = {out->command->span.start, words->at[first - 1]->span.end};
    add_edit(q, out, head, q->plan->to->install);
    out->installs = true;
    for (size_t i = first; i < words->n; i++) {
        const struct str *package = package_at(run, words->at[i]);
        struct span gap = {words->at[i - 1]->span.end, words->at[i]->span.end};
        struct str name = package ? names_on_alpine(q, s->at, *package) : (struct str){NULL, 0};
        if (package && !name.len)
            return false;
        if (!package)
            add_edit(q, out, gap, LIT(""));
        else if (!str_eq(name, *package))
            add_edit(q, out, words->at[i]->span, name);
    }
    return true;
}

static bool port_install(struct alpine_question *q, const struct used_step *s,
                         struct alpine_command *out)
{
    const struct invocation *run = &s->step.runs.at[0];
    if (run->words.n < 2)
        return alpine_refuse(q, ALPINE_MANAGER, s->at, run->name);
    for (size_t i = 0; i < run->words.n; i++) {
        if (!run->words.at[i].at || !run->places.at[i])
            return alpine_refuse(q, ALPINE_SCRIPT, s->at, run->name);
        if (is_pinned(q, run->words.at[i]))
            return alpine_refuse(q, ALPINE_PINNED, s->at, run->words.at[i]);
    }
    if (!is_lean(q, run))
        return alpine_refuse(q, ALPINE_RECOMMENDS, s->at, (struct str){0});
    return rewrite_words(q, s, out);
}

bool alpine_port_packages(struct alpine_question *q, const struct used_step *s,
                          struct alpine_command *out)
{
    const struct invocation *run = &s->step.runs.at[0];
    const struct verb *v = verb_of(run);
    if (!v || !takes_options(q, run))
        return alpine_refuse(q, ALPINE_MANAGER, s->at, run->name);
    if (goes(run, v)) {
        out->gone = true;
        return true;
    }
    if (v->usage.operands != USE_INSTALLS || !v->takes_lean)
        return alpine_refuse(q, ALPINE_MANAGER, s->at, run->words.at[0]);
    return port_install(q, s, out);
}
