#include "ir/environment.h"

#include "ir/catalog/catalog.h"

static bool is_name_byte(char b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
}

static bool names(struct str text, struct str name)
{
    for (size_t at = 0; at < text.len; at++) {
        at += str_search(str_slice(text, at, text.len), name);
        size_t end = at + name.len;
        bool starts = at == 0 || !is_name_byte(text.at[at - 1]);
        if (at < text.len && starts && (end == text.len || !is_name_byte(text.at[end])))
            return true;
    }
    return false;
}

bool environment_names(const struct instr *i, struct str name)
{
    for (size_t k = 0; k < i->ast->heredocs.n; k++)
        if (names(i->ast->heredocs.at[k].content, name))
            return true;
    return names(i->ast->joined.text, name);
}

/* Tools of the distribution read variables of their own, and know no others. */
static bool runs_only_tools(struct compile *c, const struct effects *fx)
{
    for (size_t i = 0; i < fx->commands.items.n; i++) {
        const struct command *row = catalog_command(c->catalog, fx->commands.items.at[i]);
        if (!row || !(row->usage.does & DOES(SYSTEM)))
            return false;
    }
    return !fx->commands.unknown;
}

/* A command of the RUN matches a pattern of this list of the catalog. */
static bool runs_listed(const struct compile *c, const struct effects *fx, struct str list)
{
    for (size_t i = 0; i < fx->commands.items.n; i++)
        if (catalog_lists_like(c->catalog, list, fx->commands.items.at[i]))
            return true;
    return false;
}

/* A text of this list of the catalog stands in it. */
static bool holds_listed(const struct compile *c, struct str text, struct str list)
{
    const struct tree_list *marks = catalog_trees(c->catalog, list);
    for (size_t i = 0; marks && i < marks->n_paths; i++)
        if (str_search(text, marks->paths[i]) < text.len)
            return true;
    return false;
}

bool environment_sees(struct compile *c, struct instr *run, struct str name)
{
    const struct effects *fx = instr_effects(c, run);
    return environment_names(run, name) || catalog_lists_like(c->catalog, LIT("variables"), name) ||
           runs_listed(c, fx, LIT("environment")) ||
           holds_listed(c, run->ast->joined.text, LIT("environment-marks")) ||
           !runs_only_tools(c, fx);
}
