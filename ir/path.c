#include "ir/path.h"

bool path_has_glob(struct str path)
{
    for (size_t i = 0; i < path.len; i++) {
        char c = path.at[i];
        if (c == '*' || c == '?' || c == '[' || c == '\\')
            return true;
    }
    return false;
}

static struct str next_component(struct str path, size_t *at)
{
    while (*at < path.len && path.at[*at] == '/')
        ++*at;
    size_t from = *at;
    while (*at < path.len && path.at[*at] != '/')
        ++*at;
    return str_slice(path, from, *at);
}

/* Applies the components of `path` to `parts`; false when `..` would leave a glob. */
static bool push_components(struct arena *a, struct strs *parts, struct str path)
{
    for (size_t at = 0; at < path.len;) {
        struct str part = next_component(path, &at);
        if (part.len == 0 || str_eq(part, LIT(".")))
            continue;
        if (!str_eq(part, LIT(".."))) {
            vec_add(a, parts, part);
            continue;
        }
        if (parts->n && (path_has_glob(*vec_last(parts)) || str_eq(*vec_last(parts), LIT("~"))))
            return false;
        if (parts->n)
            parts->n--;
    }
    return true;
}

bool path_resolve(struct arena *a, struct str dir, struct str path, struct str *out)
{
    struct strs parts = {0};
    bool home = str_eq(path, LIT("~")) || str_starts(path, LIT("~/"));
    bool whole = home || str_starts(path, LIT("/"));
    if (!whole && (dir.len == 0 || !push_components(a, &parts, dir)))
        return false;
    if (!push_components(a, &parts, path))
        return false;
    struct str joined = str_join(a, &parts, LIT("/"));
    home = parts.n && str_eq(parts.at[0], LIT("~"));
    *out = home ? joined : str_concat(a, LIT("/"), joined);
    return true;
}

struct str path_directory(struct str path)
{
    size_t end = path.len;
    while (end && path.at[end - 1] != '/')
        end--;
    return str_slice(path, 0, end > 1 ? end - 1 : end);
}

struct str path_name(struct str path)
{
    size_t from = path.len;
    while (from && path.at[from - 1] != '/')
        from--;
    return str_slice(path, from, path.len);
}

bool path_is_in(struct str path, struct str tree)
{
    bool root = str_eq(tree, LIT("/"));
    return str_starts(path, tree) && (root || path.len == tree.len || path.at[tree.len] == '/');
}

struct str path_join(struct arena *a, struct str directory, struct str name)
{
    if (!directory.len || str_starts(name, LIT("/")))
        return name;
    return str_concat(a, str_concat(a, directory, LIT("/")), name);
}
