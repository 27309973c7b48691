/* Python: where pip installs (docs.python.org, "sysconfig": installation paths). */
#include "ir/base.h"
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

/* A pip of another directory than the usual ones, or behind a PATH of the file's own, belongs to a
 * virtual environment. */
bool toolchain_python_packages(const struct build_site *s, struct strs *out)
{
    struct base base;
    struct str dir = path_directory(s->run->name);
    const struct env *path = env_find(s->run->env, LIT("PATH"));
    if (dir.len && !str_eq(dir, LIT("/usr/bin")) && !str_eq(dir, LIT("/usr/local/bin")))
        return false;
    if ((path && !str_starts(path->value, LIT("$PATH"))) || !base_of_stage(s->c, s->stage, &base))
        return false;
    const struct runtime_image *row = catalog_runtime_image(s->c->catalog, base.ref.name);
    struct str mark = LIT("pip=");
    for (size_t i = 0; row && i < row->n_registries; i++)
        if (str_starts(row->registries[i], mark))
            return add_paths(s, &base,
                             str_slice(row->registries[i], mark.len, row->registries[i].len), out);
    return false;
}
