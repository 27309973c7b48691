/* package.json and composer.json. JSON is read as YAML, of which it is a part. */
#include "ir/manifest/reading.h"

static const struct yaml_node *read_json(struct manifest_reading *r)
{
    struct yaml_error error;
    const struct yaml_node *root = yaml_read(r->arena, r->text, &error);
    return root && root->kind == YAML_MAP ? root : NULL;
}

/* The scalars among these keys, as they are. */
static void read_values(struct manifest_reading *r, const struct yaml_node *root, struct str keys)
{
    struct str key;
    while (reading_word(&keys, &key))
        reading_value(r, key, reading_scalar(root, key));
}

/* {"name": "value"} → prefix.name. */
static void read_map(struct manifest_reading *r, const struct yaml_node *map, struct str prefix)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->items.n; i++) {
        const struct yaml_node *n = map->items.at[i];
        if (n->kind == YAML_SCALAR)
            reading_value_of(r, prefix, n->key, n->text);
    }
}

/* "x" or ["x", "y"] → key, once for each. */
static void read_list(struct manifest_reading *r, const struct yaml_node *n, struct str key)
{
    if (n && n->kind == YAML_SCALAR)
        reading_value(r, key, n->text);
    for (size_t i = 0; n && n->kind == YAML_LIST && i < n->items.n; i++)
        reading_value(r, key, n->items.at[i]->text);
}

static void read_needs(struct manifest_reading *r, const struct yaml_node *root, struct str key,
                       struct str group)
{
    const struct yaml_node *map = yaml_get(root, key);
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->items.n; i++)
        reading_need(r, map->items.at[i]->key, map->items.at[i]->text, group);
}

/* "bin": {"name": "path"}, or one path: then the name is the package's without its scope. */
static void read_bin(struct manifest_reading *r, const struct yaml_node *root)
{
    const struct yaml_node *bin = yaml_get(root, LIT("bin"));
    struct str name = reading_scalar(root, LIT("name"));
    size_t slash = str_find(name, '/');
    if (bin && bin->kind == YAML_SCALAR)
        reading_value_of(r, LIT("bin."),
                         slash < name.len ? str_slice(name, slash + 1, name.len) : name, bin->text);
    read_map(r, bin, LIT("bin."));
}

/* npm docs, package.json. */
bool manifest_read_NPM(struct manifest_reading *r)
{
    const struct yaml_node *root = read_json(r);
    if (!root)
        return false;
    read_values(r, root, LIT("name version type main module packageManager"));
    read_bin(r, root);
    read_map(r, yaml_get(root, LIT("scripts")), LIT("scripts."));
    read_map(r, yaml_get(root, LIT("engines")), LIT("engines."));
    const struct yaml_node *spaces = yaml_get(root, LIT("workspaces"));
    if (spaces && spaces->kind == YAML_MAP)
        spaces = yaml_get(spaces, LIT("packages"));
    read_list(r, spaces, LIT("workspaces"));
    read_needs(r, root, LIT("dependencies"), (struct str){0});
    read_needs(r, root, LIT("peerDependencies"), (struct str){0});
    read_needs(r, root, LIT("optionalDependencies"), LIT("optional"));
    read_needs(r, root, LIT("devDependencies"), LIT("dev"));
    return true;
}

/* getcomposer.org, the composer.json schema. */
bool manifest_read_COMPOSER(struct manifest_reading *r)
{
    const struct yaml_node *root = read_json(r);
    if (!root)
        return false;
    read_values(r, root, LIT("name type version"));
    read_list(r, yaml_get(root, LIT("bin")), LIT("bin"));
    read_map(r, yaml_get(root, LIT("scripts")), LIT("scripts."));
    read_needs(r, root, LIT("require"), (struct str){0});
    read_needs(r, root, LIT("require-dev"), LIT("dev"));
    return true;
}
