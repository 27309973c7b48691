/* What a command does to packages, and to the lists and caches of their managers. */
#include "ir/command_walk.h"

/* ---- what is surely removed ---- */

static struct str take_component(struct str *path)
{
    while (path->len && path->at[0] == '/')
        *path = str_slice(*path, 1, path->len);
    size_t end = str_find(*path, '/');
    struct str part = str_slice(*path, 0, end);
    *path = str_slice(*path, end, path->len);
    return part;
}

/* Removing `item` removes all that `mess` (a glob) matches. A shorter path removes what is below
 * it, which takes -r; so does a `*` that may match directories. */
static bool covers(struct str item, struct str mess, bool recursive, bool flat)
{
    while (item.len) {
        struct str ours = take_component(&item), theirs = take_component(&mess);
        if (!str_eq(ours, theirs) && !str_eq(ours, LIT("*")) && !str_eq(ours, LIT("**")))
            return false;
        if (!theirs.len)
            return false;
    }
    return recursive || (flat && mess.len == 0);
}

/* The path as the catalog writes it: below the home as `~`. */
static struct str as_catalog(const struct walk *w, struct str path)
{
    bool in_root = str_eq(path, LIT("/root")) || str_starts(path, LIT("/root/"));
    if (!in_root || !w->root_home)
        return path;
    return str_concat(w->c->arena, LIT("~"), str_slice(path, 5, path.len));
}

static bool has_star(struct str text)
{
    return str_find(text, '*') < text.len;
}

static bool is_covered(struct walk *w, const struct values *items, const struct mess *m,
                       struct str path, bool recursive)
{
    for (size_t i = 0; i < items->n; i++) {
        const struct value *v = &items->at[i];
        struct str whole;
        bool literal_star = !v->glob && has_star(v->text);
        bool braced = v->braced && w->before->shell_kind != SHELL_BASH;
        bool sure = !v->unknown && !literal_star && !braced;
        if (sure && command_resolve(w, w->now.cwd, v, &whole) &&
            covers(as_catalog(w, whole), path, recursive, m->flat))
            return true;
    }
    return false;
}

static bool is_removed(struct walk *w, const struct values *items, const struct mess *m,
                       bool recursive)
{
    for (size_t i = 0; i < m->n_paths; i++)
        if (!is_covered(w, items, m, m->paths[i], recursive))
            return false;
    return m->n_paths > 0;
}

static void drop(struct walk *w, enum mess_kind kind, struct str manager)
{
    struct track *t = &w->now;
    if (w->uncertain)
        return;
    set_remove(kind == MESS_LISTS ? &t->lists : &t->caches, manager);
    if (kind == MESS_LISTS)
        set_remove(&t->fetched, manager);
    set_add(w->c->arena, kind == MESS_LISTS ? &t->drops_lists : &t->drops_caches, manager);
}

static bool is_kind_removed(struct walk *w, const struct values *items, const struct manager *m,
                            enum mess_kind kind, bool recursive)
{
    bool any = false;
    for (size_t i = 0; i < m->n_messes; i++) {
        if (m->messes[i].kind != kind)
            continue;
        if (!is_removed(w, items, &m->messes[i], recursive))
            return false;
        any = true;
    }
    return any;
}

void command_drop_removed(struct walk *w, const struct values *items, bool recursive)
{
    size_t n = catalog_manager_count(w->c->catalog);
    for (size_t i = 0; i < n; i++) {
        const struct manager *m = catalog_manager_at(w->c->catalog, i);
        if (is_kind_removed(w, items, m, MESS_LISTS, recursive))
            drop(w, MESS_LISTS, m->name);
        if (is_kind_removed(w, items, m, MESS_CACHE, recursive))
            drop(w, MESS_CACHE, m->name);
    }
}

/* ---- packages ---- */

/* `.`, `./x`, `../x`, `.[extra]`; but .name is an ordinary name. */
static bool is_relative_path(struct str text)
{
    char second = text.len > 1 ? text.at[1] : '/';
    return str_starts(text, LIT(".")) && (second == '/' || second == '.' || second == '[');
}

static bool is_package_path(const struct value *v)
{
    return str_starts(v->text, LIT("/")) || is_relative_path(v->text) ||
           str_starts(v->text, LIT("~")) || str_search(v->text, LIT("://")) < v->text.len;
}

/* The name before a version mark; the first character never is one (@scope/name). */
static struct str package_name(struct str text, struct str marks)
{
    for (size_t i = 1; i < text.len; i++)
        if (str_find(marks, text.at[i]) < marks.len)
            return str_slice(text, 0, i);
    return text;
}

static void add_package(struct walk *w, const struct command_args *args, struct set *to,
                        const struct value *v, uint64_t deeds)
{
    struct str manager = args->row->manager;
    const struct manager *m = catalog_manager(w->c->catalog, manager);
    struct str name = package_name(v->text, m ? m->version_marks : LIT(""));
    if (is_package_path(v)) {
        command_add_path(w, &w->out.reads, w->now.cwd, v);
        to->unknown = true;
        return;
    }
    if (to == &w->out.installs && str_eq(name, manager) && name.len < v->text.len)
        set_add(w->c->arena, &w->out.own_versions, v->text);
    if (v->glob && has_star(name)) {
        to->unknown = true;
        if (deeds & DOES(NAMED_AS_PACKAGE))
            command_replace_any(w);
        return;
    }
    if (deeds & DOES(NAMED_AS_PACKAGE))
        command_replace_named(w, name);
    set_add(w->c->arena, to, str_printf(w->c->arena, "%.*s:%.*s", STR(manager), STR(name)));
}

void command_add_packages(struct walk *w, const struct command_args *args, struct set *to,
                          const struct values *names, uint64_t deeds)
{
    for (size_t i = 0; i < names->n; i++)
        add_package(w, args, to, &names->at[i], deeds);
}

/* ---- lists and caches ---- */

static bool cache_is_off(const struct walk *w, const struct manager *m)
{
    for (size_t i = 0; i < m->n_no_cache_env; i++) {
        const struct env *bound = env_find(w->now.env, m->no_cache_env[i]);
        if (bound && bound->kind == ENV_SET && bound->value.len)
            return true;
    }
    return false;
}

static void use_lists(struct walk *w, struct str manager, uint64_t deeds)
{
    struct arena *a = w->c->arena;
    if ((deeds & DOES(NEEDS_LISTS)) && set_has(&w->now.fetched, manager) != YES)
        set_add(a, &w->out.needs_lists, manager);
    if (!(deeds & DOES(FETCHES_LISTS)))
        return;
    set_add(a, &w->now.lists, manager);
    set_add(a, &w->now.fetched, manager);
}

/* `HOME=/x npm install`, `env HOME=/x npm install`. */
static bool assigns_home(const struct sh_command *from)
{
    for (size_t i = 0; i < from->assigns.n; i++)
        if (str_eq(from->assigns.at[i].name, LIT("HOME")))
            return true;
    for (size_t i = 0; i < from->words.n; i++) {
        const struct sh_parts *parts = &from->words.at[i]->parts;
        if (parts->n && str_starts(parts->at[0].text, LIT("HOME=")))
            return true;
    }
    return false;
}

void command_manage(struct walk *w, const struct command_args *args, uint64_t deeds,
                    const struct sh_command *from)
{
    struct str manager = args->row->manager;
    const struct manager *m = catalog_manager(w->c->catalog, manager);
    if (!m)
        return;
    bool off = (deeds & DOES(NO_CACHE)) != 0;
    bool lists = (deeds & DOES(FETCHES_LISTS)) && !off;
    bool cache = (deeds & DOES(LEAVES_CACHE)) && !off && !cache_is_off(w, m);
    if (!off)
        use_lists(w, manager, deeds);
    if (cache)
        set_add(w->c->arena, &w->now.caches, manager);
    if (cache && (!w->home.len || assigns_home(from) || command_has_other_means(w, args, m, from)))
        set_add(w->c->arena, &w->out.away, manager);
    if (lists || cache)
        command_note_left(w, args, from);
    if (deeds & DOES(DROPS_LISTS))
        drop(w, MESS_LISTS, manager);
    if (deeds & DOES(DROPS_CACHE))
        drop(w, MESS_CACHE, manager);
}
