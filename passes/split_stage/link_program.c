/* Whether the modules of one program are all that its runtime needs: its code is all built here
 * from sources that were read, and nothing in them or in how it is started asks for a module
 * otherwise. */
#include "ir/command_words.h"
#include "ir/context.h"
#include "ir/state.h"
#include "passes/split_stage/split.h"

/* ---- how it is started ---- */

static bool is_plain_option(const struct linker *by, struct str word)
{
    for (size_t i = 0; i < by->n_plain; i++)
        if (str_matches(by->plain[i], word))
            return true;
    return !str_starts(word, LIT("-"));
}

static bool has_plain_words(const struct linker *by, struct str text)
{
    while (text.len) {
        size_t end = str_find(text, ' ');
        if (!is_plain_option(by, str_slice(text, 0, end)))
            return false;
        text = str_slice(text, end + 1, text.len);
    }
    return true;
}

/* Options, of commands and in variables that may hold some. */
static bool is_started_plainly(const struct split_plan *p)
{
    for (size_t i = 0; i < p->words.n; i++)
        if (!is_plain_option(p->linked.by, p->words.at[i]))
            return false;
    for (const struct env *e = p->stage->end.env; e; e = e->before)
        if ((e->kind != ENV_SET && e->kind != ENV_DEFAULT) ||
            !has_plain_words(p->linked.by, e->value))
            return false;
    return p->words_known;
}

/* It needs no quotes. */
static bool is_simple(struct str path)
{
    for (size_t i = 0; i < path.len; i++) {
        char b = path.at[i];
        if (!(b >= 'a' && b <= 'z') && !(b >= 'A' && b <= 'Z') && !(b >= '0' && b <= '9') &&
            b != '/' && b != '.' && b != '_' && b != '-')
            return false;
    }
    return path.len > 0;
}

/* The one program that is named, in a directory that its build wrote. */
static struct str find_program(struct compile *c, const struct split_plan *p)
{
    struct str found = {0};
    for (size_t i = 0; i + 1 < p->words.n; i++) {
        if (!str_eq(p->words.at[i], p->linked.by->program))
            continue;
        struct str path;
        if (found.len || !path_resolve(c->arena, p->stage->end.workdir, p->words.at[i + 1], &path))
            return (struct str){0};
        found = path;
    }
    return is_simple(found) && split_is_in(found, &p->trees) ? found : (struct str){0};
}

/* ---- what it is made of ---- */

/* Commands that build, of sources alone; the others bring nothing from elsewhere. */
static bool is_closed(const struct split_step *s)
{
    if (s->role == STEP_BUILD)
        return s->built.by->closed;
    return s->role != STEP_PACKAGES && !effects_any(&s->step->effects, FX_NETWORK);
}

static bool is_built_here(const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++)
            if (!is_closed(&p->instrs.at[i].steps.at[k]))
                return false;
    return p->project.complete;
}

static bool has_libraries(struct compile *c, const struct linker *by)
{
    struct context_entries all = {0};
    if (!context_files(c, (struct str){0}, &all))
        return true;
    for (size_t i = 0; i < all.n; i++)
        for (size_t k = 0; k < by->n_libraries; k++)
            if (str_matches(by->libraries[k], path_name(all.at[i].name)))
                return true;
    return false;
}

struct str split_only_program(struct compile *c, const struct split_plan *p)
{
    const struct linker *by = p->linked.by;
    const struct instr *last = p->instrs.at[p->n_build - 1].i;
    if (!p->linked.how->n_exact || !state_is_root(last->before.user) || !is_started_plainly(p) ||
        !is_built_here(p) || has_libraries(c, by) ||
        source_shows(c, by->language, SOURCE_SERVICES, NULL) != NO)
        return (struct str){0};
    return find_program(c, p);
}
