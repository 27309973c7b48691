/* Packages that commands call for: of the distribution, and of languages. */
#include "ir/catalog/packages.h"
#include "ir/manifest/manifest.h"
#include "ir/path.h"
#include "ir/uses_look.h"

/* ---- packages beside a command's own ---- */

static bool has_word(const struct helper *h, const struct invocation *run)
{
    for (size_t i = 0; i < h->n_words; i++) {
        for (size_t k = 0; k < run->words.n; k++)
            if (str_matches(h->words[i], run->words.at[k]))
                return true;
        for (size_t k = 0; k < run->options.n; k++)
            if (str_matches(h->words[i], run->options.at[k].value))
                return true;
    }
    return false;
}

static bool has_option(const struct helper *h, const struct invocation *run)
{
    for (size_t i = 0; i < h->n_options; i++)
        for (size_t k = 0; k < run->options.n; k++)
            if (str_eq(h->options[i], run->options.at[k].name))
                return true;
    return false;
}

static bool calls_for(const struct helper *h, const struct invocation *run, struct str name)
{
    if (!str_is_one_of(name, h->names, h->n_names))
        return false;
    bool always = !h->n_options && !h->n_words;
    return always || has_option(h, run) || has_word(h, run);
}

void uses_add_helpers(struct uses_look *l, const struct invocation *run, struct str name)
{
    const struct helper *h;
    for (size_t i = 0; (h = catalog_helper_at(l->c->catalog, i)); i++)
        for (size_t k = 0; calls_for(h, run, name) && k < h->n_packages; k++)
            uses_add(l, &l->out.packages, h->packages[k], name);
}

/* ---- language packages ---- */

static struct str module_name(struct uses_look *l, struct str registry, struct str word)
{
    const struct manager *m = catalog_manager(l->c->catalog, registry);
    struct str marks = m ? m->version_marks : LIT("=@");
    size_t end = 1;
    while (end < word.len && str_find(marks, word.at[end]) == marks.len)
        end++;
    return str_slice(word, 0, end);
}

/* PyPI takes `_` and `.` for `-`, and any case (PEP 503); the other registries' names hardly differ
 * in case. */
static struct str pypi_name(struct arena *a, struct str name)
{
    struct str lower = str_lower(a, name);
    struct buf b = {.arena = a};
    for (size_t i = 0; i < lower.len; i++)
        buf_char(&b, lower.at[i] == '_' || lower.at[i] == '.' ? '-' : lower.at[i]);
    return buf_str(&b);
}

static void add_module(struct uses_look *l, struct str registry, const struct manifest_need *need)
{
    struct arena *a = l->c->arena;
    bool pip = str_eq(registry, LIT("pip"));
    struct str name = pip ? pypi_name(a, need->name) : str_lower(a, need->name);
    name = str_printf(a, "%.*s:%.*s", STR(registry), STR(name));
    uses_add(l, &l->out.modules, name, need->version);
    for (size_t i = 0; need->extras && i < l->out.modules.n; i++)
        l->out.modules.at[i].extras |= str_eq(l->out.modules.at[i].name, name);
}

/* The scripts of package.json run programs of its packages; what else they run counts. */
static void read_manifest_scripts(struct uses_look *l, const struct manifest *m)
{
    bool outer = l->in_packages;
    if (strs_have(&l->scripts, m->path))
        return;
    vec_add(l->c->arena, &l->scripts, m->path);
    l->in_packages = true;
    for (size_t i = 0; i < m->values.n; i++) {
        const struct manifest_value *v = &m->values.at[i];
        const struct sh_script *script = NULL;
        if (str_starts(v->key, LIT("scripts.")) && !v->computed)
            script = sh_parse(l->c->arena, v->value, SH_POSIX, NULL);
        if (script && script->list)
            uses_read_list(l, &l->at->before, script->list);
    }
    l->in_packages = outer;
}

static void add_needs(struct uses_look *l, struct str registry, const struct manifest *m)
{
    read_manifest_scripts(l, m);
    for (size_t i = 0; i < m->needs.n; i++)
        add_module(l, registry, &m->needs.at[i]);
    if (m->more_needs)
        uses_add_unknown(l, UNKNOWN_MANIFEST, m->path);
}

/* The manifest that is at `path` in the image, when it comes from the context. */
static const struct manifest *manifest_in_image(struct uses_look *l, struct str path)
{
    struct context_source source;
    if (!l->c->context || !context_source(l->c, l->in, path, &l->steps, &source))
        return NULL;
    return manifest_at(l->c, source.path);
}

/* What the first of the manifests in `dir` that says so asks for. */
static void add_manifest_of(struct uses_look *l, const struct dependency_command *d, struct str dir,
                            struct str command)
{
    bool any = false;
    for (size_t i = 0; i < d->n_manifests; i++) {
        const struct manifest *m =
            manifest_in_image(l, path_join(l->c->arena, dir, d->manifests[i]));
        if (!m)
            continue;
        any = true;
        add_needs(l, d->registry, m);
        if (!m->others_say)
            return;
    }
    if (!any)
        uses_add_unknown(l, UNKNOWN_MANIFEST, command);
}

static void add_listed(struct uses_look *l, const struct dependency_command *d,
                       const struct invocation *run, const struct invocation_option *option)
{
    const struct manifest *m = NULL;
    if (option->known)
        m = manifest_in_image(l, path_join(l->c->arena, run->workdir, option->value));
    if (m)
        add_needs(l, d->registry, m);
    else
        uses_add_unknown(l, UNKNOWN_MANIFEST, option->known ? option->value : run->name);
}

/* `.`, `./x`, `/x`: a project. */
static bool is_path(struct str word)
{
    return str_starts(word, LIT(".")) || str_starts(word, LIT("/")) || str_starts(word, LIT("~"));
}

static void add_operand(struct uses_look *l, const struct dependency_command *d,
                        const struct invocation *run, struct str word)
{
    if (!word.at)
        uses_add_unknown(l, UNKNOWN_MANIFEST, run->name);
    else if (is_path(word))
        add_manifest_of(l, d, path_join(l->c->arena, run->workdir, word), word);
    else if (str_search(word, LIT("://")) < word.len)
        uses_add_unknown(l, UNKNOWN_MANIFEST, word);
    else {
        struct manifest_need need = {.name = module_name(l, d->registry, word)};
        need.version = str_slice(word, need.name.len, word.len);
        need.extras = str_starts(need.version, LIT("["));
        if (need.extras)
            need.version =
                str_slice(need.version, str_find(need.version, ']') + 1, need.version.len);
        add_module(l, d->registry, &need);
    }
}

/* What a package manager of a language installs. False when it is none, or installs nothing. */
bool uses_add_dependencies(struct uses_look *l, const struct invocation *run, struct str name)
{
    const struct dependency_command *d = catalog_dependencies(l->c->catalog, name);
    struct str verb = run->words.n ? run->words.at[0] : LIT("");
    if (d && d->unlisted)
        uses_add_unknown(l, UNKNOWN_MANIFEST, run->name);
    if (!d || d->unlisted || !str_is_one_of(verb, d->verbs, d->n_verbs))
        return false;
    if (!l->in_container && !strs_have(&l->registries, d->registry))
        vec_add(l->c->arena, &l->registries, d->registry);
    bool given = false;
    for (size_t i = 1; i < run->words.n; i++, given = true)
        add_operand(l, d, run, run->words.at[i]);
    for (size_t i = 0; i < run->options.n; i++) {
        if (run->options.at[i].use != USE_PACKAGE_FILE && run->options.at[i].use != USE_INSTALLS)
            continue;
        given = true;
        if (run->options.at[i].use == USE_PACKAGE_FILE)
            add_listed(l, d, run, &run->options.at[i]);
        else
            add_operand(l, d, run, run->options.at[i].value);
    }
    if (!given)
        add_manifest_of(l, d, run->workdir, name);
    return true;
}
