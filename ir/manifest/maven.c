/* pom.xml (Maven's POM reference). Properties of its own are replaced, those of a parent that is
 * not here cannot be. */
#include "ir/manifest/reading.h"
#include "ir/manifest/xml.h"

/* How deep one property may speak of another. */
enum { MOST_DEPTH = 8 };

struct pom {
    struct manifest_reading *r;
    const struct yaml_node *project;
};

/* ${project.artifactId}: of the project, else of the parent; ${x}: of the properties. */
static struct str property(const struct pom *p, struct str name)
{
    if (str_starts(name, LIT("pom.")))
        name = str_concat(p->r->arena, LIT("project."), str_slice(name, 4, name.len));
    if (!str_starts(name, LIT("project.")))
        return reading_scalar(yaml_get(p->project, LIT("properties")), name);
    struct str key = str_slice(name, 8, name.len);
    const struct yaml_node *n = reading_at(p->project, key);
    bool inherited = str_eq(key, LIT("version")) || str_eq(key, LIT("groupId"));
    if (!n && inherited)
        n = yaml_get(yaml_get(p->project, LIT("parent")), key);
    return n ? n->text : (struct str){0};
}

/* False when a property is not known here. */
static bool resolve(const struct pom *p, struct str text, unsigned depth, struct buf *out)
{
    while (text.len) {
        size_t at = str_search(text, LIT("${"));
        buf_add(out, str_slice(text, 0, at));
        if (at == text.len)
            return true;
        struct str rest = str_slice(text, at + 2, text.len);
        size_t end = str_find(rest, '}');
        struct str value = property(p, str_slice(rest, 0, end));
        if (!value.len || depth == MOST_DEPTH || !resolve(p, value, depth + 1, out))
            return false;
        text = str_slice(rest, end + 1, rest.len);
    }
    return true;
}

static struct str resolved(const struct pom *p, struct str text, bool *known)
{
    struct buf b = {.arena = p->r->arena};
    *known = resolve(p, text, 0, &b);
    return *known ? buf_str(&b) : text;
}

static void add(const struct pom *p, struct str key, struct str text)
{
    bool known;
    struct str value = resolved(p, text, &known);
    if (known)
        reading_value(p->r, key, value);
    else
        reading_computed(p->r, key, text);
}

static void read_dependencies(const struct pom *p, const struct yaml_node *all)
{
    for (size_t i = 0; all && i < all->items.n; i++) {
        const struct yaml_node *d = all->items.at[i];
        bool known, named;
        struct strs parts = {0};
        vec_add(p->r->arena, &parts, resolved(p, reading_scalar(d, LIT("groupId")), &known));
        vec_add(p->r->arena, &parts, resolved(p, reading_scalar(d, LIT("artifactId")), &named));
        struct str scope = reading_scalar(d, LIT("scope"));
        bool runs = str_eq(scope, LIT("compile")) || str_eq(scope, LIT("runtime"));
        p->r->out->more_needs |= !known || !named;
        reading_need(p->r, str_join(p->r->arena, &parts, LIT(":")),
                     reading_scalar(d, LIT("version")), runs ? (struct str){0} : scope);
    }
}

/* Wherever a plugin's configuration names it. */
static struct str find_main_class(const struct yaml_node *n)
{
    struct str found = reading_scalar(n, LIT("mainClass"));
    for (size_t i = 0; !found.len && i < n->items.n; i++)
        found = find_main_class(n->items.at[i]);
    return found;
}

static void read_build(const struct pom *p, const struct yaml_node *build)
{
    const struct yaml_node *plugins = build ? yaml_get(build, LIT("plugins")) : NULL;
    if (!build)
        return;
    add(p, LIT("finalName"), reading_scalar(build, LIT("finalName")));
    add(p, LIT("mainClass"), find_main_class(build));
    for (size_t i = 0; plugins && i < plugins->items.n; i++)
        add(p, LIT("plugin"), reading_scalar(plugins->items.at[i], LIT("artifactId")));
}

static void read_lists(const struct pom *p)
{
    const struct yaml_node *modules = yaml_get(p->project, LIT("modules"));
    const struct yaml_node *properties = yaml_get(p->project, LIT("properties"));
    for (size_t i = 0; modules && i < modules->items.n; i++)
        add(p, LIT("module"), modules->items.at[i]->text);
    for (size_t i = 0; properties && i < properties->items.n; i++)
        add(p, str_concat(p->r->arena, LIT("property."), properties->items.at[i]->key),
            properties->items.at[i]->text);
}

bool manifest_read_MAVEN(struct manifest_reading *r)
{
    const struct yaml_node *root = xml_read(r->arena, r->text);
    const struct yaml_node *project = root ? yaml_get(root, LIT("project")) : NULL;
    struct pom p = {r, project};
    if (!project || project->kind != YAML_MAP)
        return false;
    struct str packaging = reading_scalar(project, LIT("packaging"));
    const struct yaml_node *parent = yaml_get(project, LIT("parent"));
    add(&p, LIT("groupId"), property(&p, LIT("project.groupId")));
    add(&p, LIT("artifactId"), reading_scalar(project, LIT("artifactId")));
    add(&p, LIT("version"), property(&p, LIT("project.version")));
    add(&p, LIT("packaging"), packaging.len ? packaging : LIT("jar"));
    add(&p, LIT("parent.artifactId"), reading_scalar(parent, LIT("artifactId")));
    add(&p, LIT("parent.version"), reading_scalar(parent, LIT("version")));
    read_build(&p, yaml_get(project, LIT("build")));
    read_lists(&p);
    read_dependencies(&p, yaml_get(project, LIT("dependencies")));
    r->out->more_values |= yaml_get(project, LIT("profiles")) != NULL;
    r->out->more_needs |= parent != NULL || yaml_get(project, LIT("profiles")) != NULL;
    return true;
}
