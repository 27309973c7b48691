#include "ir/minimal.h"

#include "ir/command_words.h"
#include "ir/copy.h"
#include "ir/manifest/manifest.h"
#include "ir/sources.h"

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

/* Of `:group` and `user:` the other is nothing. */
static bool is_no_name(struct str name)
{
    return !name.len || str_is_number(name);
}

static bool has_account(struct compile *c, struct str name)
{
    return is_no_name(name) || catalog_lists(c->catalog, LIT("minimal-accounts"), name);
}

bool minimal_has_owner(struct compile *c, struct str owner)
{
    size_t colon = str_find(owner, ':');
    return has_account(c, str_slice(owner, 0, colon)) &&
           has_account(c, str_slice(owner, colon + 1, owner.len));
}

struct str minimal_account_files(struct compile *c)
{
    const struct tree_list *files = catalog_trees(c->catalog, LIT("account-files"));
    struct buf b = {.arena = c->arena};
    for (size_t i = 0; files && i < files->n_paths; i++)
        buf_printf(&b, "%.*s ", STR(files->paths[i]));
    buf_printf(&b, "%.*s/", STR(files ? path_directory(files->paths[0]) : LIT("")));
    return buf_str(&b);
}

bool minimal_has_package(const struct toolchain *t, struct str package)
{
    size_t colon = str_find(package, ':');
    struct str name = str_slice(package, colon < package.len ? colon + 1 : 0, package.len);
    return str_is_one_of(name, t->minimal_has, t->n_minimal_has);
}

static bool is_dynamic(const struct toolchain *t, struct str word)
{
    return str_matches_one_of(word, t->dynamic_with, t->n_dynamic_with);
}

bool minimal_may_be_static(const struct toolchain *t, const struct invocation *by)
{
    for (size_t i = 0; i < by->options.n; i++)
        if (is_dynamic(t, by->options.at[i].name) || is_dynamic(t, by->options.at[i].value))
            return false;
    for (size_t i = 0; i < by->words.n; i++)
        if (is_dynamic(t, by->words.at[i]))
            return false;
    for (size_t i = 0; i < t->n_dynamic_env; i++) {
        const struct env *e = env_find(by->env, t->dynamic_env[i]);
        if (e && (e->kind != ENV_SET || is_dynamic(t, e->value)))
            return false;
    }
    return t->static_when.len > 0;
}

bool minimal_is_static(const struct toolchain *t, const struct invocation *by)
{
    size_t equals = str_find(t->static_when, '=');
    const struct env *e = env_find(by->env, str_slice(t->static_when, 0, equals));
    return minimal_may_be_static(t, by) && e && e->kind == ENV_SET &&
           str_eq(e->value, str_slice(t->static_when, equals + 1, t->static_when.len));
}

/* ---- no image at all ---- */

static bool is_numbers(struct str owner)
{
    size_t colon = str_find(owner, ':');
    return is_no_name(str_slice(owner, 0, colon)) &&
           is_no_name(str_slice(owner, colon + 1, owner.len));
}

static bool names_nobody(struct compile *c, const struct stage *stage)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i)) {
        struct copy copy = {.has_chown = false};
        if (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD)
            copy = copy_read(c, i);
        if ((copy.has_chown && !is_numbers(copy.chown)) ||
            (i->ast->kind == DF_USER && !is_numbers(i->ast->args.at[0].text)))
            return false;
    }
    return true;
}

/* What the container is started with. */
static bool is_told_files(struct compile *c, const struct toolchain *t, const struct stage *stage)
{
    for (const struct instr *i = instr_next(stage->from); i; i = instr_next(i)) {
        bool starts = i->ast->kind == DF_CMD || i->ast->kind == DF_ENTRYPOINT;
        for (size_t k = 0; starts && k < i->ast->args.n; k++)
            if (source_text_shows(c, t->language, SOURCE_SYSTEM, i->ast->args.at[k].text))
                return true;
        for (size_t k = 0; i->ast->kind == DF_ENV && k < i->ast->pairs.n; k++)
            if (source_text_shows(c, t->language, SOURCE_SYSTEM, i->ast->pairs.at[k].value))
                return true;
    }
    return false;
}

bool minimal_needs_nothing(struct compile *c, const struct toolchain *t, const struct stage *stage)
{
    static const enum source_trait traits[] = {SOURCE_CERTIFICATES, SOURCE_ZONES, SOURCE_ACCOUNTS,
                                               SOURCE_SYSTEM};
    for (size_t i = 0; i < sizeof traits / sizeof *traits; i++)
        if (source_shows(c, t->language, traits[i], NULL) != NO)
            return false;
    return t->minimal_nothing.len && !env_find(stage->end.env, LIT("TZ")) &&
           !env_find(stage->end.env, LIT("PATH")) && names_nobody(c, stage) &&
           !is_told_files(c, t, stage);
}

struct str minimal_path(struct compile *c)
{
    const struct tree_list *dirs = catalog_trees(c->catalog, LIT("path"));
    struct strs out = {0};
    for (size_t i = 0; dirs && i < dirs->n_paths; i++)
        vec_add(c->arena, &out, dirs->paths[i]);
    return str_join(c->arena, &out, LIT(":"));
}

/* ---- what it requires ---- */

static bool is_pure(const struct toolchain *t, struct str name)
{
    for (size_t i = 0; i < t->n_pure; i++) {
        struct str pure = t->pure[i];
        if (str_starts(name, pure) && (name.len == pure.len || name.at[pure.len] == '/'))
            return true;
    }
    return false;
}

bool minimal_requires_pure(const struct built *built)
{
    const struct manifest *m = built->manifest;
    if (!m || m->more_needs)
        return false;
    for (size_t i = 0; i < m->needs.n; i++)
        if (!is_pure(built->toolchain, m->needs.at[i].name))
            return false;
    return true;
}

/* ---- what it is linked with ---- */

static bool is_among(const struct str *names, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

bool minimal_is_plain(struct compile *c, const struct built *built)
{
    const struct toolchain *t = built->toolchain;
    for (size_t i = 0; i < built->libraries.n; i++)
        if (!is_among(t->plain_links, t->n_plain_links, built->libraries.at[i]))
            return false;
    return t->minimal_plain.len && (t->n_links > 0 || minimal_requires_pure(built)) &&
           source_shows(c, t->language, SOURCE_NATIVE, NULL) == NO &&
           source_shows(c, t->language, SOURCE_UNWINDING, NULL) == NO;
}

bool minimal_links(const struct built *built)
{
    if (built->trees || built->whole || built->packages.n)
        return false;
    for (size_t i = 0; i < built->libraries.n; i++)
        if (!is_among(built->toolchain->links, built->toolchain->n_links, built->libraries.at[i]))
            return false;
    return true;
}
