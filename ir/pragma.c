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

static void read_line(struct compile *c, struct instr *i, struct str line, bool *off)
{
    const struct str disable = LIT("disable=");
    struct str text;
    if (!pragma_text(line, &text))
        return;
    if (str_eq(text, LIT("off")))
        *off = true;
    else if (str_eq(text, LIT("on")))
        *off = false;
    else if (str_starts(text, disable))
        read_names(c, &i->pragmas.disabled, str_slice(text, disable.len, text.len));
    else
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
