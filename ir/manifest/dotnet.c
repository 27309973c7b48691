/* Project files of .NET's SDK (MSBuild project file schema). */
#include "ir/manifest/reading.h"
#include "ir/manifest/xml.h"

static bool is_computed(const struct yaml_node *in, const struct yaml_node *n)
{
    struct str text = n->text;
    return reading_scalar(in, LIT("@Condition")).len || reading_scalar(n, LIT("@Condition")).len ||
           str_search(text, LIT("$(")) < text.len;
}

static void read_properties(struct manifest_reading *r, const struct yaml_node *group)
{
    for (size_t i = 0; i < group->items.n; i++) {
        const struct yaml_node *n = group->items.at[i];
        if (str_starts(n->key, LIT("@")))
            continue;
        if (is_computed(group, n))
            reading_computed(r, n->key, n->text);
        else
            reading_value(r, n->key, n->text);
    }
}

/* A version may be an attribute or an element. */
static void read_item(struct manifest_reading *r, const struct yaml_node *n)
{
    struct str name = reading_scalar(n, LIT("@Include"));
    struct str version = reading_scalar(n, LIT("@Version"));
    if (str_eq(n->key, LIT("PackageReference")))
        reading_need(r, name, version.len ? version : reading_scalar(n, LIT("Version")),
                     (struct str){0});
    else if (str_eq(n->key, LIT("ProjectReference")))
        reading_value(r, n->key, name);
}

/* A file of that name here or in a directory above adds to every project (MSBuild, "Customize your
 * build"). */
static bool has_above(struct manifest_reading *r, struct str name)
{
    struct str path = r->path;
    while (path.len) {
        while (path.len && path.at[path.len - 1] != '/')
            path.len--;
        if (context_has(r->c, str_concat(r->arena, path, name)) != NO)
            return true;
        path.len -= path.len > 0;
    }
    return false;
}

bool manifest_read_DOTNET(struct manifest_reading *r)
{
    const struct yaml_node *root = xml_read(r->arena, r->text);
    const struct yaml_node *project = root ? yaml_get(root, LIT("Project")) : NULL;
    if (!project)
        return false;
    reading_value(r, LIT("Sdk"), reading_scalar(project, LIT("@Sdk")));
    for (size_t i = 0; i < project->items.n; i++) {
        const struct yaml_node *n = project->items.at[i];
        if (str_eq(n->key, LIT("PropertyGroup")))
            read_properties(r, n);
        for (size_t k = 0; str_eq(n->key, LIT("ItemGroup")) && k < n->items.n; k++)
            read_item(r, n->items.at[k]);
        r->out->more_values |= str_eq(n->key, LIT("Import"));
    }
    r->out->more_values |=
        has_above(r, LIT("Directory.Build.props")) || has_above(r, LIT("Directory.Build.targets"));
    return true;
}
