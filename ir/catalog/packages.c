#include "ir/catalog/packages.h"

#include "ir/catalog/schema.h"

const struct package *catalog_package(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_PACKAGES, name);
}

const struct package_release *catalog_package_release(const struct catalog *c, struct str suite)
{
    return catalog_find(c, TABLE_RELEASES, suite);
}

const struct virtual_package *catalog_virtual(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_VIRTUALS, name);
}

const struct header_package *catalog_headers(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_HEADERS, name);
}

const struct alpine_name *catalog_alpine(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_ALPINE, name);
}

const struct recommended_package *catalog_recommended(const struct catalog *c, struct str name)
{
    return catalog_find(c, TABLE_RECOMMENDED, name);
}

const struct module *catalog_module(const struct catalog *c, struct str manager_name)
{
    return catalog_find(c, TABLE_MODULES, manager_name);
}

const struct dependency_command *catalog_dependencies(const struct catalog *c, struct str command)
{
    return catalog_find(c, TABLE_DEPENDENCIES, command);
}

const struct language_program *catalog_program(const struct catalog *c, struct str command)
{
    return catalog_find(c, TABLE_PROGRAMS, command);
}

static const void *row_at(const struct catalog *c, enum table_id id, size_t i)
{
    for (; c; c = c->behind) {
        const struct catalog_table *t = &c->tables[id];
        if (i < t->n_rows)
            return (const char *)t->rows + i * catalog_tables[id].schema->size;
        i -= t->n_rows;
    }
    return NULL;
}

const struct command_provider *catalog_provider_at(const struct catalog *c, size_t i)
{
    return row_at(c, TABLE_PROVIDERS, i);
}

const struct helper *catalog_helper_at(const struct catalog *c, size_t i)
{
    return row_at(c, TABLE_HELPERS, i);
}

const struct starter *catalog_starter_at(const struct catalog *c, size_t i)
{
    return row_at(c, TABLE_STARTERS, i);
}

const struct command_provider *catalog_provider(const struct catalog *c, struct str command)
{
    return catalog_find(c, TABLE_PROVIDERS, command);
}

struct str catalog_command_package(const struct catalog *c, struct str command)
{
    const struct command_provider *p = catalog_provider(c, command);
    return p ? p->package : (struct str){NULL, 0};
}

const struct package_role *catalog_role(const struct catalog *c, struct str package)
{
    return catalog_find(c, TABLE_ROLES, package);
}

enum package_keep catalog_keep(const struct catalog *c, struct str package)
{
    const struct package_role *role = catalog_role(c, package);
    if (role)
        return role->keep;
    const struct package *p = catalog_package(c, package);
    return p && p->development ? KEEP_NEVER : KEEP_UNKNOWN;
}

bool catalog_image_brings(const struct catalog *c, struct str family, struct str command)
{
    const struct image_commands *own = catalog_find(c, TABLE_IMAGE_COMMANDS, family);
    return own && str_is_one_of(command, own->commands, own->n_commands);
}

static unsigned next_number(struct str *text)
{
    unsigned n = 0;
    size_t i = 0;
    for (; i < text->len && text->at[i] >= '0' && text->at[i] <= '9'; i++)
        n = n < 100000 ? n * 10 + (unsigned)(text->at[i] - '0') : n;
    *text = str_slice(*text, i + (i < text->len && text->at[i] == '.'), text->len);
    return n;
}

/* 1.10 is behind 1.9. */
static bool is_before(struct str version, struct str other)
{
    for (unsigned i = 0; i < 4; i++) {
        unsigned a = next_number(&version), b = next_number(&other);
        if (a != b)
            return a < b;
    }
    return false;
}

/* "3.11" is the version of 3.11.9, not of 3.1.4. */
static bool is_version(struct str series, struct str version)
{
    return str_eq(series, LIT("*")) || str_eq(series, version) ||
           (str_starts(version, series) && version.at[series.len] == '.');
}

/* A lower bound alone leaves the choice to the package manager: it takes what has a build. */
static bool is_pinned(struct str version)
{
    return version.len && !str_starts(version, LIT(">")) && !str_starts(version, LIT("!"));
}

bool catalog_module_builds(const struct module *m, struct str interpreter, struct str version)
{
    if (!m->n_build || (m->prebuilt && !is_pinned(version)))
        return false;
    size_t digit = 0;
    while (digit < version.len && (version.at[digit] < '0' || version.at[digit] > '9'))
        digit++;
    for (size_t i = 0; m->prebuilt && i < m->n_since; i++) {
        size_t blank = str_find(m->since[i], ' ');
        struct str first = str_slice(m->since[i], blank + 1, m->since[i].len);
        if (is_version(str_slice(m->since[i], 0, blank), interpreter) &&
            !is_before(str_slice(version, digit, version.len), first))
            return false;
    }
    return true;
}

bool catalog_runtime(const struct catalog *c, struct str headers, struct str release,
                     const struct str **names, size_t *n)
{
    const struct header_package *h = catalog_headers(c, headers);
    if (!h || str_is_one_of(release, h->absent, h->n_absent))
        return false;
    *names = h->runtime;
    *n = h->n_runtime;
    for (size_t i = 0; i < h->n_in; i++)
        if (str_eq(h->in[i].release, release)) {
            *names = h->in[i].runtime;
            *n = h->in[i].n_runtime;
        }
    return true;
}

/* ---- closures ---- */

/* The archive's longest chain is a tenth of it. */
enum { DEPTH_LIMIT = 4000 };

struct closure {
    const struct catalog *catalog;
    struct arena *arena;
    const struct packages *have;
    enum recommends recommends;
    unsigned depth;
    struct packages chosen;
};

/* The next of the words between `separator`s; false at the end. */
static bool next_word(struct str *rest, char separator, struct str *word)
{
    if (rest->len == 0)
        return false;
    size_t end = str_find(*rest, separator);
    *word = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->len);
    return true;
}

static bool is_there(const struct closure *cl, struct str name)
{
    const struct package *p = catalog_package(cl->catalog, name);
    return (p && p->minimal) || map_get(&cl->chosen.known, name) ||
           (cl->have && map_get(&cl->have->known, name));
}

static bool is_provided(const struct closure *cl, struct str name)
{
    if (is_there(cl, name))
        return true;
    const struct virtual_package *v = catalog_virtual(cl->catalog, name);
    for (size_t i = 0; v && i < v->n_providers; i++)
        if (is_there(cl, v->providers[i]))
            return true;
    return false;
}

/* The package itself, or the usual one of those that provide it. */
static const struct package *existing(const struct catalog *c, struct str name)
{
    const struct package *p = catalog_package(c, name);
    const struct virtual_package *v = p ? NULL : catalog_virtual(c, name);
    for (size_t i = 0; v && !p && i < v->n_providers; i++)
        p = catalog_package(c, v->providers[i]);
    return p;
}

static void add_groups(struct closure *cl, struct str groups);

static void add_package(struct closure *cl, const struct package *p)
{
    map_put(&cl->chosen.known, p->name, (void *)p);
    vec_add(cl->arena, &cl->chosen.names, p->name);
    cl->chosen.kib += p->kib;
    cl->depth++;
    add_groups(cl, p->depends);
    if (cl->recommends != RECOMMENDS_NONE)
        add_groups(cl, p->recommends);
    if (cl->recommends == RECOMMENDS_ALL)
        add_groups(cl, p->elsewhere);
    cl->depth--;
}

static void add_group(struct closure *cl, struct str group)
{
    struct str alternatives = group, name;
    while (next_word(&alternatives, '|', &name))
        if (is_provided(cl, name))
            return;
    const struct package *p = NULL;
    for (alternatives = group;
         cl->depth < DEPTH_LIMIT && !p && next_word(&alternatives, '|', &name);)
        p = existing(cl->catalog, name);
    if (p)
        add_package(cl, p);
    else if (!strs_have(&cl->chosen.missing, group))
        vec_add(cl->arena, &cl->chosen.missing, group);
}

/* Deep first: as deep as a chain of packages is long, each of which is chosen once. */
static void add_groups(struct closure *cl, struct str groups)
{
    struct str group;
    while (next_word(&groups, ' ', &group))
        add_group(cl, group);
}

struct packages packages_closure(const struct catalog *c, struct arena *a, const struct strs *names,
                                 enum recommends recommends, const struct packages *have)
{
    struct closure cl = {.catalog = c, .arena = a, .have = have, .recommends = recommends};
    cl.chosen.known.arena = a;
    for (size_t i = 0; i < names->n; i++)
        add_group(&cl, names->at[i]);
    return cl.chosen;
}

bool packages_have(const struct catalog *c, const struct packages *p, struct str name)
{
    struct closure cl = {.catalog = c, .have = p};
    return is_provided(&cl, name);
}

static void add_root(struct arena *a, struct recommends_loss *loss, const struct package *p,
                     const struct package *by)
{
    struct lost_recommend root = {p->name, by->name};
    vec_add(a, &loss->roots, root);
}

/* Of the groups that `by` recommends, those that only a lost package meets. */
static void add_roots(const struct catalog *c, struct arena *a, const struct package *by,
                      struct recommends_loss *loss)
{
    struct str groups = by->recommends, group, name;
    while (next_word(&groups, ' ', &group)) {
        const struct package *p = NULL;
        while (!p && next_word(&group, '|', &name)) {
            p = existing(c, name);
            p = p && map_get(&loss->lost.known, p->name) ? p : NULL;
        }
        if (p)
            add_root(a, loss, p, by);
    }
}

/* What this release depends on another one may only recommend: it counts, unless it is asked for
 * or there. */
static void add_roots_elsewhere(const struct closure *cl, const struct package *by,
                                const struct strs *asked, struct recommends_loss *loss)
{
    struct str groups = by->elsewhere, group, name;
    while (next_word(&groups, ' ', &group)) {
        const struct package *p = NULL;
        bool there = false;
        for (struct str rest = group; next_word(&rest, '|', &name);) {
            there |= is_provided(cl, name) || strs_have(asked, name);
            p = p ? p : existing(cl->catalog, name);
        }
        if (p && !there)
            add_root(cl->arena, loss, p, by);
    }
}

struct recommends_loss packages_lost(const struct catalog *c, struct arena *a,
                                     const struct strs *names, enum recommends recommends,
                                     const struct packages *have)
{
    struct recommends_loss loss = {.kept = packages_closure(c, a, names, RECOMMENDS_NONE, have),
                                   .lost.known.arena = a};
    struct packages all = packages_closure(c, a, names, recommends, have);
    loss.lost.missing = all.missing;
    for (size_t i = 0; i < all.names.n; i++) {
        struct package *p = map_get(&all.known, all.names.at[i]);
        if (map_get(&loss.kept.known, p->name))
            continue;
        map_put(&loss.lost.known, p->name, p);
        vec_add(a, &loss.lost.names, p->name);
        loss.lost.kib += p->kib;
    }
    struct closure base = {.catalog = c, .arena = a, .have = have};
    for (size_t i = 0; i < loss.kept.names.n; i++) {
        const struct package *p = map_get(&loss.kept.known, loss.kept.names.at[i]);
        add_roots(c, a, p, &loss);
        if (recommends == RECOMMENDS_ALL)
            add_roots_elsewhere(&base, p, names, &loss);
    }
    return loss;
}

struct strs packages_commands(const struct catalog *c, struct arena *a, const struct packages *of)
{
    struct strs out = {0};
    const struct command_provider *p;
    for (size_t i = 0; (p = catalog_provider_at(c, i)); i++)
        for (size_t k = 0; map_get(&of->known, p->package) && k < p->n_commands; k++)
            vec_add(a, &out, p->commands[k]);
    return out;
}

void packages_drop_implied(const struct catalog *c, struct arena *a, struct strs *names)
{
    struct strs kept = {0};
    for (size_t i = 0; i < names->n; i++) {
        struct strs others = {0};
        for (size_t k = 0; k < names->n; k++)
            if (k != i && (k > i || strs_have(&kept, names->at[k])))
                vec_add(a, &others, names->at[k]);
        struct packages p = packages_closure(c, a, &others, RECOMMENDS_NONE, NULL);
        if (!map_get(&p.known, names->at[i]))
            vec_add(a, &kept, names->at[i]);
    }
    *names = kept;
}

struct str packages_lacking(const struct catalog *c, struct str suite, const struct strs *names)
{
    const struct package_release *release = catalog_package_release(c, suite);
    for (size_t i = 0; i < names->n; i++) {
        if (!release)
            return names->at[i];
        for (size_t k = 0; k < release->n_lacks; k++)
            if (str_eq(release->lacks[k], names->at[i]))
                return names->at[i];
    }
    return (struct str){0};
}
