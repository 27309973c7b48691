#include "ir/minimal.h"

bool minimal_is(const struct base *base)
{
    return base->variant && !base->variant->on.len && !base->variant->shell;
}

struct str minimal_image(struct compile *c, struct str template, struct str release)
{
    static const struct str variable = {"{release}", 9};
    size_t at = str_search(template, variable);
    struct str rest = str_slice(template, at + variable.len, template.len);
    struct str name = str_printf(c->arena, "%.*s%.*s%.*s", STR(str_slice(template, 0, at)),
                                 STR(release), STR(rest));
    return at < template.len && catalog_image(c->catalog, name) ? name : LIT("");
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

static bool has_account(struct compile *c, struct str name)
{
    const struct tree_list *names = catalog_trees(c->catalog, LIT("minimal-accounts"));
    for (size_t i = 0; names && i < names->n_paths; i++)
        if (str_eq(names->paths[i], name))
            return true;
    return is_number(name);
}

bool minimal_has_owner(struct compile *c, struct str owner)
{
    size_t colon = str_find(owner, ':');
    return has_account(c, str_slice(owner, 0, colon)) &&
           has_account(c, str_slice(owner, colon + 1, owner.len));
}

bool minimal_is_static(const struct toolchain *t, const struct env *env)
{
    size_t equals = str_find(t->static_when, '=');
    const struct env *e = env_find(env, str_slice(t->static_when, 0, equals));
    return t->static_when.len && e && e->kind == ENV_SET &&
           str_eq(e->value, str_slice(t->static_when, equals + 1, t->static_when.len));
}

static bool has_library(const struct toolchain *t, struct str name)
{
    for (size_t i = 0; i < t->n_links; i++)
        if (str_eq(t->links[i], name))
            return true;
    return false;
}

bool minimal_links(const struct built *built)
{
    if (built->trees || built->whole || built->packages.n)
        return false;
    for (size_t i = 0; i < built->libraries.n; i++)
        if (!has_library(built->toolchain, built->libraries.at[i]))
            return false;
    return true;
}
