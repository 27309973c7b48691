/* Cargo.toml (The Cargo Book, "The Manifest Format", "Cargo Targets"). */
#include "ir/manifest/reading.h"
#include "ir/manifest/toml.h"

static void read_package(struct manifest_reading *r, const struct yaml_node *package)
{
    for (size_t i = 0; package && i < package->items.n; i++) {
        const struct yaml_node *n = package->items.at[i];
        struct str key = str_concat(r->arena, LIT("package."), n->key);
        if (n->kind == YAML_SCALAR)
            reading_value(r, key, n->text);
        else if (n->kind == YAML_MAP)
            reading_computed(r, key, LIT("workspace"));
    }
}

/* `sure`: whatever features are asked for. */
static void add_program(struct manifest_reading *r, struct str name, struct str path, bool sure)
{
    for (size_t i = 0; i < r->out->values.n; i++)
        if (str_eq(r->out->values.at[i].key, LIT("bin")) &&
            str_eq(r->out->values.at[i].value, name))
            return;
    if (sure)
        reading_value(r, LIT("bin"), name);
    else
        reading_computed(r, LIT("bin"), name);
    reading_value(r, str_concat(r->arena, LIT("bin."), name), path);
}

/* src/bin/NAME.rs and src/bin/NAME/main.rs. */
static void find_more(struct manifest_reading *r)
{
    struct str folder = reading_beside(r, LIT("src/bin"));
    const struct context_entries *all = context_lists(r->c, folder);
    for (size_t i = 0; all && i < all->n; i++) {
        struct str name = all->at[i].name;
        if (str_ends(name, LIT(".rs")))
            name.len -= 3;
        struct str path = str_concat(r->arena, LIT("src/bin/"), all->at[i].name);
        bool program = all->at[i].kind == CONTEXT_DIRECTORY || str_ends(path, LIT(".rs"));
        if (program)
            add_program(r, name, path, true);
    }
    if (!all && context_has(r->c, folder) != NO)
        r->out->more_values = true;
}

static void read_programs(struct manifest_reading *r, const struct yaml_node *root)
{
    const struct yaml_node *bins = yaml_get(root, LIT("bin"));
    struct str name = reading_scalar(yaml_get(root, LIT("package")), LIT("name"));
    bool main_is_named = false;
    for (size_t i = 0; bins && bins->kind == YAML_LIST && i < bins->items.n; i++) {
        struct str path = reading_scalar(bins->items.at[i], LIT("path"));
        bool sure = !yaml_get(bins->items.at[i], LIT("required-features"));
        add_program(r, reading_scalar(bins->items.at[i], LIT("name")), path, sure);
        main_is_named |= str_eq(path, LIT("src/main.rs"));
    }
    const struct yaml_node *found = reading_at(root, LIT("package.autobins"));
    if (found && str_eq(found->text, LIT("false")))
        return;
    enum tri main = context_has(r->c, reading_beside(r, LIT("src/main.rs")));
    if (!main_is_named && main == YES)
        add_program(r, name, LIT("src/main.rs"), true);
    if (!main_is_named && main == MAYBE)
        r->out->more_values = true;
    find_more(r);
}

static void read_needs(struct manifest_reading *r, const struct yaml_node *in)
{
    static const struct {
        struct str key, group;
    } kinds[] = {{{"dependencies", 12}, {"", 0}},
                 {{"dev-dependencies", 16}, {"dev", 3}},
                 {{"build-dependencies", 18}, {"build", 5}}};
    for (size_t k = 0; k < 3; k++) {
        const struct yaml_node *map = yaml_get(in, kinds[k].key);
        for (size_t i = 0; map && map->kind == YAML_MAP && i < map->items.n; i++) {
            const struct yaml_node *n = map->items.at[i];
            struct str version =
                n->kind == YAML_SCALAR ? n->text : reading_scalar(n, LIT("version"));
            reading_need(r, n->key, version, kinds[k].group);
        }
    }
}

static void read_workspace(struct manifest_reading *r, const struct yaml_node *root)
{
    const struct yaml_node *members = reading_at(root, LIT("workspace.members"));
    const struct yaml_node *chosen = reading_at(root, LIT("workspace.default-members"));
    if (yaml_get(root, LIT("workspace")))
        reading_value(r, LIT("workspace"), LIT("."));
    for (size_t i = 0; members && i < members->items.n; i++)
        reading_value(r, LIT("workspace.member"), members->items.at[i]->text);
    for (size_t i = 0; chosen && i < chosen->items.n; i++)
        reading_value(r, LIT("workspace.default-member"), chosen->items.at[i]->text);
    r->out->more_needs |= members && members->items.n; /* theirs */
    const struct yaml_node *features = yaml_get(root, LIT("features"));
    for (size_t i = 0; features && i < features->items.n; i++)
        reading_value(r, LIT("feature"), features->items.at[i]->key);
}

/* A library that programs load, in whatever language they are. */
static void read_library(struct manifest_reading *r, const struct yaml_node *root)
{
    const struct yaml_node *lib = yaml_get(root, LIT("lib")),
                           *package = yaml_get(root, LIT("package")),
                           *types = reading_at(root, LIT("lib.crate-type"));
    struct str name = reading_scalar(lib, LIT("name"));
    bool found = context_has(r->c, reading_beside(r, LIT("src/lib.rs"))) == YES;
    if (!name.len && package && (lib || found))
        name = reading_scalar(package, LIT("name"));
    reading_value(r, LIT("lib"), name);
    for (size_t i = 0; types && i < types->items.n; i++)
        if (str_eq(types->items.at[i]->text, LIT("cdylib")))
            reading_value(r, LIT("cdylib"), name);
}

bool manifest_read_CARGO(struct manifest_reading *r)
{
    const struct yaml_node *root = toml_read(r->arena, r->text);
    if (!root)
        return false;
    const struct yaml_node *package = yaml_get(root, LIT("package"));
    read_package(r, package);
    read_workspace(r, root);
    read_needs(r, root);
    const struct yaml_node *targets = yaml_get(root, LIT("target"));
    for (size_t i = 0; targets && i < targets->items.n; i++)
        read_needs(r, targets->items.at[i]);
    if (package)
        read_programs(r, root);
    read_library(r, root);
    return true;
}

/* .cargo/config.toml: where things are built. */
bool manifest_read_CARGO_CONFIG(struct manifest_reading *r)
{
    static const struct str keys[] = {
        {"build.target-dir", 16}, {"build.target", 12}, {"install.root", 12}};
    const struct yaml_node *root = toml_read(r->arena, r->text);
    for (size_t i = 0; root && i < sizeof keys / sizeof *keys; i++) {
        const struct yaml_node *n = reading_at(root, keys[i]);
        if (n && n->kind == YAML_SCALAR)
            reading_value(r, keys[i], n->text);
        else if (n)
            reading_computed(r, keys[i], LIT("several"));
    }
    return root != NULL;
}
