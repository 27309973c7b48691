/* pyproject.toml (PEP 621, 735; Poetry), Pipfile, requirements files (pip), setup.cfg, setup.py. */
#include "ir/manifest/reading.h"
#include "ir/manifest/toml.h"

/* ---- pyproject.toml ---- */

static void read_requirements(struct manifest_reading *r, const struct yaml_node *list,
                              struct str group)
{
    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->items.n; i++) {
        if (list->items.at[i]->kind == YAML_SCALAR)
            reading_python_need(r, list->items.at[i]->text, group);
        else
            r->out->more_needs = true;
    }
}

/* Each key a group with a list. */
static void read_groups(struct manifest_reading *r, const struct yaml_node *groups)
{
    for (size_t i = 0; groups && groups->kind == YAML_MAP && i < groups->items.n; i++)
        read_requirements(r, groups->items.at[i], groups->items.at[i]->key);
}

/* name = "^1" or name = {version = "^1", ..}: Poetry and Pipenv. */
static void read_table(struct manifest_reading *r, const struct yaml_node *table, struct str group)
{
    for (size_t i = 0; table && table->kind == YAML_MAP && i < table->items.n; i++) {
        const struct yaml_node *n = table->items.at[i];
        struct str of = group, flag = reading_scalar(n, LIT("optional"));
        if (str_eq(n->key, LIT("python")))
            continue;
        if (str_eq(flag, LIT("true")) && !group.len)
            of = LIT("optional");
        uint32_t before = r->out->needs.n;
        reading_python_need(r, n->key, of);
        if (r->out->needs.n == before)
            continue;
        struct manifest_need *need = vec_last(&r->out->needs);
        need->version = n->kind == YAML_SCALAR ? n->text : reading_scalar(n, LIT("version"));
        need->extras = n->kind == YAML_MAP && yaml_get(n, LIT("extras"));
    }
}

static void read_poetry(struct manifest_reading *r, const struct yaml_node *poetry)
{
    read_table(r, yaml_get(poetry, LIT("dependencies")), (struct str){0});
    read_table(r, yaml_get(poetry, LIT("dev-dependencies")), LIT("dev"));
    const struct yaml_node *groups = yaml_get(poetry, LIT("group"));
    for (size_t i = 0; groups && groups->kind == YAML_MAP && i < groups->items.n; i++) {
        const struct yaml_node *g = groups->items.at[i];
        if (g->kind == YAML_MAP)
            read_table(r, yaml_get(g, LIT("dependencies")), g->key);
    }
}

static void read_scripts(struct manifest_reading *r, const struct yaml_node *scripts)
{
    for (size_t i = 0; scripts && scripts->kind == YAML_MAP && i < scripts->items.n; i++)
        reading_value_of(r, LIT("script."), scripts->items.at[i]->key, scripts->items.at[i]->text);
}

static bool is_dynamic(const struct yaml_node *project)
{
    const struct yaml_node *list = project ? yaml_get(project, LIT("dynamic")) : NULL;
    for (size_t i = 0; list && i < list->items.n; i++)
        if (str_eq(list->items.at[i]->text, LIT("dependencies")))
            return true;
    return false;
}

bool manifest_read_PYPROJECT(struct manifest_reading *r)
{
    const struct yaml_node *root = toml_read(r->arena, r->text);
    if (!root)
        return false;
    const struct yaml_node *project = yaml_get(root, LIT("project"));
    const struct yaml_node *poetry = reading_at(root, LIT("tool.poetry"));
    const struct yaml_node *system = yaml_get(root, LIT("build-system"));
    const struct yaml_node *named = reading_scalar(project, LIT("name")).len ? project : poetry;
    reading_value(r, LIT("project.name"), reading_scalar(named, LIT("name")));
    reading_value(r, LIT("project.version"), reading_scalar(named, LIT("version")));
    reading_value(r, LIT("requires-python"), reading_scalar(project, LIT("requires-python")));
    reading_value(r, LIT("build-backend"), reading_scalar(system, LIT("build-backend")));
    read_requirements(r, reading_at(root, LIT("project.dependencies")), (struct str){0});
    read_groups(r, reading_at(root, LIT("project.optional-dependencies")));
    read_groups(r, yaml_get(root, LIT("dependency-groups")));
    read_requirements(r, reading_at(root, LIT("build-system.requires")), LIT("build"));
    read_scripts(r, reading_at(root, LIT("project.scripts")));
    if (poetry) {
        read_poetry(r, poetry);
        read_scripts(r, yaml_get(poetry, LIT("scripts")));
    }
    r->out->more_needs |= is_dynamic(project);
    r->out->others_say = !project && !poetry;
    return true;
}

bool manifest_read_PIPFILE(struct manifest_reading *r)
{
    const struct yaml_node *root = toml_read(r->arena, r->text);
    if (!root)
        return false;
    read_table(r, yaml_get(root, LIT("packages")), (struct str){0});
    read_table(r, yaml_get(root, LIT("dev-packages")), LIT("dev"));
    const struct yaml_node *python = reading_at(root, LIT("requires.python_version"));
    reading_value(r, LIT("python_version"), python ? python->text : (struct str){0});
    return true;
}

/* ---- requirements files (pip documentation, "Requirements File Format") ---- */

/* A line with those that it is continued on, without its comment. */
static bool read_logical(struct manifest_reading *r, struct str *text, struct str *out)
{
    if (!reading_continued(r, text, out))
        return false;
    *out = str_trim(*out);
    size_t comment = str_search(*out, LIT(" #"));
    if (comment < out->len)
        *out = str_trim(str_slice(*out, 0, comment));
    return true;
}

static void read_file(struct manifest_reading *r, struct str text);

/* Once, though it may be named again: pip refuses a circle. */
static void include(struct manifest_reading *r, struct str name)
{
    struct manifest_reading inner = *r;
    struct str text;
    reading_value(r, LIT("include"), name);
    bool known = context_path(r->arena, reading_beside(r, name), &inner.path);
    if (known && strs_have(r->included, inner.path))
        return;
    vec_add(r->arena, r->included, inner.path);
    if (known && r->included->n <= MANIFEST_MOST_INCLUDED && context_text(r->c, inner.path, &text))
        read_file(&inner, text);
    else
        r->out->more_needs = true;
}

/* -r FILE, --index-url URL and their like. */
static void read_option(struct manifest_reading *r, struct str line)
{
    struct str word, value = {0};
    reading_word(&line, &word);
    size_t equals = str_find(word, '=');
    if (equals < word.len)
        value = str_slice(word, equals + 1, word.len);
    else
        reading_word(&line, &value);
    word = str_slice(word, 0, equals);
    if (str_eq(word, LIT("-r")) || str_eq(word, LIT("--requirement")))
        include(r, value);
    else if (str_starts(word, LIT("-r")))
        include(r, str_slice(word, 2, word.len));
    else if (str_eq(word, LIT("-c")) || str_eq(word, LIT("--constraint")))
        reading_value(r, LIT("constraint"), value);
    else if (str_eq(word, LIT("-e")) || str_eq(word, LIT("--editable")))
        r->out->more_needs = true;
    else if ((str_eq(word, LIT("-f")) || str_eq(word, LIT("--find-links"))) &&
             str_search(value, LIT("://")) == value.len)
        r->out->more_needs = true; /* archives of a directory */
    else if (str_eq(word, LIT("-i")) || str_eq(word, LIT("--index-url")))
        reading_value(r, LIT("index-url"), value);
}

static void read_file(struct manifest_reading *r, struct str text)
{
    struct str line;
    while (read_logical(r, &text, &line)) {
        size_t options = str_search(line, LIT(" --"));
        if (!line.len || str_starts(line, LIT("#")))
            continue;
        if (str_starts(line, LIT("-")))
            read_option(r, line);
        else
            reading_python_need(r, str_slice(line, 0, options), (struct str){0});
    }
}

bool manifest_read_REQUIREMENTS(struct manifest_reading *r)
{
    read_file(r, r->text);
    return true;
}

/* ---- setup.cfg and setup.py ---- */

/* One key of setup.cfg with one of its lines. */
static void read_setting(struct manifest_reading *r, struct str section, struct str key,
                         struct str value)
{
    bool metadata = str_eq(section, LIT("[metadata]"));
    bool options = str_eq(section, LIT("[options]"));
    if (metadata && (str_eq(key, LIT("name")) || str_eq(key, LIT("version"))))
        reading_value(r, key, value);
    else if (options && str_eq(key, LIT("python_requires")))
        reading_value(r, key, value);
    else if (options && str_eq(key, LIT("install_requires")) && value.len)
        reading_python_need(r, value, (struct str){0});
    else if (str_eq(key, LIT("console_scripts")) && str_find(value, '=') < value.len)
        reading_value_of(r, LIT("script."), str_trim(str_slice(value, 0, str_find(value, '='))),
                         str_trim(str_slice(value, str_find(value, '=') + 1, value.len)));
}

static void read_cfg(struct manifest_reading *r)
{
    struct str text = r->text, line, section = {0}, key = {0};
    while (reading_line(&text, &line)) {
        struct str trimmed = str_trim(line);
        if (!trimmed.len || trimmed.at[0] == '#' || trimmed.at[0] == ';')
            continue;
        if (trimmed.at[0] == '[') {
            section = trimmed;
        } else if (char_is_blank(line.at[0])) {
            read_setting(r, section, key, trimmed);
        } else {
            size_t equals = str_find(line, '=');
            key = str_trim(str_slice(line, 0, equals));
            read_setting(r, section, key, str_trim(str_slice(line, equals + 1, line.len)));
        }
    }
}

/* name = "literal" as an argument: the first in the file. */
static struct str argument(struct str text, struct str name)
{
    for (size_t at = str_search(text, name); at < text.len; at = str_search(text, name)) {
        bool starts = at == 0 || strchr(" \t\r\n(,", text.at[at - 1]);
        text = str_trim_left(str_slice(text, at + name.len, text.len));
        if (starts && str_starts(text, LIT("=")) && !str_starts(text, LIT("==")))
            return str_trim_left(str_slice(text, 1, text.len));
    }
    return (struct str){0};
}

/* ["a", 'b']: what is literal in it. False when there is anything else. */
static bool read_literals(struct manifest_reading *r, struct str list)
{
    struct str item;
    if (!str_starts(list, LIT("[")))
        return false;
    list = str_trim_left(str_slice(list, 1, list.len));
    while (list.len && (list.at[0] == '"' || list.at[0] == '\'') && reading_word(&list, &item)) {
        reading_python_need(r, item, (struct str){0});
        list = str_trim_left(list);
        if (!str_starts(list, LIT(",")))
            break;
        list = str_trim_left(str_slice(list, 1, list.len));
    }
    return str_starts(list, LIT("]"));
}

/* One call of setup() with what it needs in it, and no extension that is linked with libraries. */
static bool says_all_needs(struct str text)
{
    static const struct str others[] = {
        {"**", 2},        {"ext_modules", 11},    {"cffi_modules", 12},
        {"Extension", 9}, {"setup_requires", 14}, {"exec(", 5},
        {"libraries", 9}, {"ext_package", 11},    {"cmdclass", 8},
    };
    size_t at = str_search(text, LIT("setup("));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_search(text, others[i]) < text.len)
            return false;
    struct str rest = str_slice(text, at < text.len ? at + 1 : at, text.len);
    return at < text.len && str_search(rest, LIT("setup(")) == rest.len;
}

/* A program: there may be more than its literals say. */
static void read_program(struct manifest_reading *r)
{
    static const struct str keys[] = {{"name", 4}, {"version", 7}, {"python_requires", 15}};
    size_t at = str_search(r->text, LIT("setup("));
    struct str call = str_slice(r->text, at, r->text.len), value;
    r->out->more_values = true;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str given = argument(call, keys[i]);
        bool literal = str_starts(given, LIT("'")) || str_starts(given, LIT("\""));
        if (literal && reading_word(&given, &value))
            reading_value(r, keys[i], value);
    }
    struct str needs = argument(call, LIT("install_requires"));
    bool none = str_search(r->text, LIT("install_requires")) == r->text.len;
    bool read = read_literals(r, needs) || none;
    r->out->more_needs = !read || !says_all_needs(r->text);
}

bool manifest_read_SETUP(struct manifest_reading *r)
{
    if (str_ends(r->path, LIT(".py")))
        read_program(r);
    else {
        read_cfg(r);
        r->out->others_say = !r->out->needs.n;
    }
    return true;
}
