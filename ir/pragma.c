#include "ir/pragma.h"

#include "ir/ir.h"

static void read_names(struct compile *c, struct strs *out, struct str list)
{
    while (list.len) {
        size_t comma = str_find(list, ',');
        struct str name = str_trim(str_slice(list, 0, comma));
        if (name.len)
            vec_add(c->arena, out, name);
        list = str_slice(list, comma + 1, list.len);
    }
}

/* The text behind `# dfopt:`; false when the line is none. */
static bool pragma_text(struct str line, struct str *text)
{
    const struct str mark = LIT("dfopt:");
    line = str_trim(line);
    if (!str_starts(line, LIT("#")))
        return false;
    line = str_trim_left(str_slice(line, 1, line.len));
    if (!str_starts(line, mark))
        return false;
    *text = str_trim(str_slice(line, mark.len, line.len));
    return true;
}

/* ---- effects ---- */

static struct strs *set_named(struct pragma_effects *e, struct str key)
{
    const struct {
        struct str name;
        struct strs *set;
    } sets[] = {
        {LIT("reads"), &e->reads},     {LIT("writes"), &e->writes},
        {LIT("deletes"), &e->deletes}, {LIT("installs"), &e->installs},
        {LIT("removes"), &e->removes}, {LIT("commands"), &e->commands},
        {LIT("needs"), &e->needs},
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (str_eq(key, sets[i].name))
            return sets[i].set;
    return NULL;
}

static bool read_word(struct compile *c, struct pragma_effects *e, struct str word)
{
    size_t equals = str_find(word, '=');
    struct strs *set = set_named(e, str_slice(word, 0, equals));
    if (equals == word.len && str_eq(word, LIT("network")))
        return e->network = true;
    if (equals == word.len || !set)
        return false;
    read_names(c, set, str_slice(word, equals + 1, word.len));
    e->says_needs |= set == &e->needs;
    return true;
}

/* False when a word is not understood. */
static bool read_effects(struct compile *c, struct instr *i, struct str text)
{
    struct pragma_effects *e = arena_alloc(c->arena, sizeof *e);
    while (text.len) {
        size_t blank = str_find(text, ' ');
        struct str word = str_slice(text, 0, blank);
        text = str_trim_left(str_slice(text, blank, text.len));
        if (!read_word(c, e, word))
            return false;
    }
    i->pragmas.effects = e;
    return i->ast->kind == DF_RUN;
}

static void tell(struct arena *a, struct set *set, const struct strs *said)
{
    for (size_t i = 0; i < said->n; i++)
        set_add(a, set, said->at[i]);
}

void pragma_tell(struct arena *a, const struct pragma_effects *said, struct effects *fx)
{
    effects_settle(fx);
    tell(a, &fx->reads, &said->reads);
    tell(a, &fx->writes, &said->writes);
    tell(a, &fx->deletes, &said->deletes);
    tell(a, &fx->installs, &said->installs);
    tell(a, &fx->removes, &said->removes);
    tell(a, &fx->commands, &said->commands);
    tell(a, &fx->needs, &said->needs);
    if (said->network)
        fx->flags |= FX_NETWORK;
}

/* ---- lines ---- */

static void read_line(struct compile *c, struct instr *i, struct str line, bool *off)
{
    const struct str disable = LIT("disable="), effects = LIT("effects ");
    struct str text;
    if (!pragma_text(line, &text))
        return;
    if (str_eq(text, LIT("off")))
        *off = true;
    else if (str_eq(text, LIT("on")))
        *off = false;
    else if (str_starts(text, disable))
        read_names(c, &i->pragmas.disabled, str_slice(text, disable.len, text.len));
    else if (!str_starts(text, effects) ||
             !read_effects(c, i, str_trim(str_slice(text, effects.len, text.len))))
        diag_warning(&c->diags, i->origin, "unknown pragma: dfopt: %.*s", STR(text));
}

void pragma_read(struct compile *c)
{
    bool off = false;
    struct instr *first = c->file->first;
    for (struct instr *i = first; i; i = i->next) {
        i->pragmas = (struct pragmas){0};
        if (i != first && first->pragmas.disabled.n)
            i->pragmas.disabled = first->pragmas.disabled;
        struct str rest = i->lead;
        while (rest.len) {
            size_t end = str_find(rest, '\n');
            read_line(c, i, str_slice(rest, 0, end), &off);
            rest = str_slice(rest, end + 1, rest.len);
        }
        i->pragmas.off = off;
    }
}

bool pragma_names(struct str name, struct str pass)
{
    return str_eq(name, pass) || str_eq(name, str_slice(pass, 0, str_find(pass, '/')));
}

bool pragma_allows(const struct instr *i, struct str pass)
{
    const struct strs *disabled = &i->pragmas.disabled;
    for (size_t k = 0; k < disabled->n; k++)
        if (pragma_names(disabled->at[k], pass))
            return false;
    return !i->pragmas.off;
}
