/* Python: where pip installs (docs.python.org, "sysconfig": installation paths). */
#include "ir/base.h"
#include "ir/context.h"
#include "ir/manifest/manifest.h"
#include "ir/path.h"
#include "ir/toolchain.h"

static struct str minor_of(struct str version)
{
    size_t dot = str_find(version, '.');
    size_t end = dot + 1 + str_find(str_slice(version, dot + 1, version.len), '.');
    return dot < version.len ? str_slice(version, 0, end) : (struct str){0};
}

static bool add_path(const struct build_site *s, const struct base *base, struct str template,
                     struct strs *out)
{
    size_t at = str_search(template, LIT("{minor}"));
    struct str minor = minor_of(base->version);
    if (at < template.len && !minor.len)
        return false;
    if (at < template.len)
        template = str_printf(s->c->arena, "%.*s%.*s%.*s", STR(str_slice(template, 0, at)),
                              STR(minor), STR(str_slice(template, at + 7, template.len)));
    vec_add(s->c->arena, out, template);
    return true;
}

/* As the row of the base image's family says. */
static bool add_paths(const struct build_site *s, const struct base *base, struct str paths,
                      struct strs *out)
{
    while (paths.len) {
        size_t end = str_find(paths, ' ');
        if (!add_path(s, base, str_slice(paths, 0, end), out))
            return false;
        paths = str_slice(paths, end + 1, paths.len);
    }
    return out->n > 0;
}

/* What the base image's own programs install. */
static bool add_system(const struct build_site *s, struct strs *out)
{
    struct base base;
    struct str mark = LIT("pip=");
    if (!base_of_stage(s->c, s->stage, &base))
        return false;
    const struct runtime_image *row = catalog_runtime_image(s->c->catalog, base.ref.name);
    for (size_t i = 0; row && i < row->n_registries; i++)
        if (str_starts(row->registries[i], mark))
            return add_paths(s, &base,
                             str_slice(row->registries[i], mark.len, row->registries[i].len), out);
    return false;
}

static bool add_tree(const struct build_site *s, struct str path, struct strs *out)
{
    s->result->trees = true;
    vec_add(s->c->arena, out, path);
    return path.at && path.len;
}

static bool is_system(const struct build_site *s, struct str dir)
{
    return !dir.len || catalog_lists(s->c->catalog, LIT("path"), dir);
}

/* A command of the stage makes it. */
static bool is_environment(const struct build_site *s, struct str dir)
{
    struct invocations all = toolchain_runs(s);
    for (size_t i = 0; i < all.n; i++) {
        const struct build_command *row = toolchain_row(s->c, &all.at[i]);
        if (!row || !row->environment)
            continue;
        struct built made = toolchain_built(s->c, s->stage, &all.at[i]);
        if (strs_have(&made.artifacts, dir))
            return true;
    }
    return false;
}

/* The programs of a virtual environment install into it: one that is named by its path, or that
 * PATH has first. */
bool toolchain_python_packages(const struct build_site *s, struct strs *out)
{
    struct str dir = path_directory(s->run->name);
    const struct env *path = env_find(s->run->env, LIT("PATH"));
    if (!dir.len && path && !str_starts(path->value, LIT("$PATH"))) {
        if (path->kind != ENV_SET)
            return false;
        dir = str_slice(path->value, 0, str_find(path->value, ':'));
    }
    if (is_system(s, dir))
        return add_system(s, out);
    return str_ends(dir, LIT("/bin")) && is_environment(s, path_directory(dir)) &&
           add_tree(s, path_directory(dir), out);
}

/* A link to the project, which is used where it is. */
bool toolchain_python_editable(const struct build_site *s, struct strs *out)
{
    s->result->whole = toolchain_python_packages(s, out) && s->run->workdir.len;
    return s->result->whole;
}

/* `python -m venv DIR`; uv takes a directory of its own. */
bool toolchain_python_environment(const struct build_site *s, struct strs *out)
{
    size_t n = s->run->words.n - s->n_fixed;
    if (n > 1)
        return false;
    return add_tree(s, n ? *vec_last(&s->run->words) : LIT(".venv"), out);
}

/* ---- tools that manage environments ---- */

/* "true", "1" or "false", "0"; empty: it is not set. */
static struct str setting(const struct build_site *s, struct str key, struct str variable)
{
    struct str value = {0};
    const struct env *e = env_find(s->run->env, variable);
    if (toolchain_setting(s, key, &value))
        return value;
    return e && e->kind == ENV_SET ? e->value : (struct str){0};
}

static bool is_one(struct str value)
{
    return str_eq(value, LIT("true")) || str_eq(value, LIT("1"));
}

static bool is_zero(struct str value)
{
    return str_eq(value, LIT("false")) || str_eq(value, LIT("0"));
}

static bool add_active(const struct build_site *s, struct strs *out)
{
    const struct env *e = env_find(s->run->env, LIT("VIRTUAL_ENV"));
    return e && e->kind == ENV_SET && add_tree(s, e->value, out);
}

/* python-poetry.org, "Configuration". */
bool toolchain_python_poetry(const struct build_site *s, struct strs *out)
{
    if (!s->manifest || s->manifest->more_needs)
        return false;
    if (add_active(s, out))
        return true;
    if (is_zero(setting(s, LIT("virtualenvs.create"), LIT("POETRY_VIRTUALENVS_CREATE"))))
        return add_system(s, out);
    return is_one(
               setting(s, LIT("virtualenvs.in-project"), LIT("POETRY_VIRTUALENVS_IN_PROJECT"))) &&
           add_tree(s, LIT(".venv"), out);
}

/* ---- uv ---- */

static unsigned next_number(struct str *version)
{
    unsigned n = 0;
    size_t end = 0;
    for (; end < version->len && version->at[end] >= '0' && version->at[end] <= '9'; end++)
        n = n * 10 + (unsigned)(version->at[end] - '0');
    *version = str_slice(*version, end + 1, version->len);
    return n;
}

/* As far as `bound` says. */
static int compare(struct str version, struct str bound)
{
    while (bound.len) {
        unsigned a = next_number(&version), b = next_number(&bound);
        if (a != b)
            return a < b ? -1 : 1;
    }
    return 0;
}

/* PEP 440: `>=3.11,<3.13`. False also for what is not understood. */
static bool takes_version(struct str wanted, struct str version)
{
    while (wanted.len) {
        size_t end = str_find(wanted, ',');
        struct str one = str_trim(str_slice(wanted, 0, end));
        wanted = str_slice(wanted, end + 1, wanted.len);
        size_t mark = 0;
        while (mark < one.len && str_find(LIT("<>=~!"), one.at[mark]) < 5)
            mark++;
        struct str sign = str_slice(one, 0, mark), bound = str_trim(str_slice(one, mark, one.len));
        int order = compare(version, bound);
        bool fits = str_eq(sign, LIT(">=")) ? order >= 0 : str_eq(sign, LIT("<")) && order < 0;
        if (!fits)
            return false;
    }
    return true;
}

/* Where the image's Python is not what the project asks for, uv brings another one along. */
static bool uses_own_python(const struct build_site *s)
{
    struct base base;
    struct str wanted, text;
    struct str pin = path_join(s->c->arena, s->folder, LIT(".python-version"));
    if (!base_of_stage(s->c, s->stage, &base) || !base.version.len || !s->manifest || !s->seen)
        return false;
    if (context_has(s->c, pin) != NO &&
        (!context_text(s->c, pin, &text) || compare(base.version, str_trim(text)) != 0))
        return false;
    return !manifest_value(s->manifest, LIT("requires-python"), &wanted) ||
           takes_version(wanted, base.version);
}

/* docs.astral.sh/uv: "Using environments", "Configuring projects". */
bool toolchain_python_uv(const struct build_site *s, struct strs *out)
{
    struct str value;
    bool known = true;
    const struct env *e = env_find(s->run->env, LIT("UV_SYSTEM_PYTHON"));
    if (toolchain_option(s->run, LIT("--system"), &value, &known) ||
        (e && e->kind == ENV_SET && is_one(e->value)))
        return add_system(s, out);
    return add_active(s, out) || add_tree(s, LIT(".venv"), out);
}

bool toolchain_python_uv_project(const struct build_site *s, struct strs *out)
{
    const struct env *e = env_find(s->run->env, LIT("UV_PROJECT_ENVIRONMENT"));
    if (!uses_own_python(s) || s->manifest->more_needs || (e && e->kind != ENV_SET))
        return false;
    return add_tree(s, e ? e->value : LIT(".venv"), out);
}
