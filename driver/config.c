#include "driver/config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/files.h"
#include "ir/catalog/catalog.h"
#include "ir/catalog/yaml.h"
#include "passes/pass.h"

/* One file of settings while it is read. */
struct reader {
    struct arena *arena;
    struct str path;
    struct settings *out;
};

static bool refuse_at(struct reader *r, uint32_t line, uint32_t column, struct str message)
{
    r->out->problem =
        str_printf(r->arena, "%.*s:%u:%u: error: %.*s", STR(r->path), line, column, STR(message));
    return false;
}

static bool refuse_node(struct reader *r, const struct yaml_node *n, const char *message)
{
    return refuse_at(r, n->line, n->column, str_printf(r->arena, "%.*s: %s", STR(n->key), message));
}

/* ---- values ---- */

static bool read_word(struct reader *r, const struct yaml_node *n, struct str *out)
{
    *out = n->text;
    return (n->kind == YAML_SCALAR && n->text.len) || refuse_node(r, n, "needs a value");
}

/* A list, or one scalar for a list of one. */
static bool read_words(struct reader *r, const struct yaml_node *n, struct strs *out)
{
    struct str word;
    if (n->kind == YAML_SCALAR) {
        if (!read_word(r, n, &word))
            return false;
        vec_add(r->arena, out, word);
        return true;
    }
    for (size_t i = 0; i < n->items.n; i++) {
        if (n->kind != YAML_LIST || !read_word(r, n->items.at[i], &word))
            return refuse_node(r, n, "needs a list of names");
        vec_add(r->arena, out, word);
    }
    return true;
}

/* ---- keys ---- */

static bool read_level(struct reader *r, const struct yaml_node *n)
{
    bool one = n->kind == YAML_SCALAR && n->text.len == 1;
    if (!one || n->text.at[0] < '0' || n->text.at[0] > '3')
        return refuse_node(r, n, "is one of 0, 1, 2, 3");
    r->out->passes.level = (unsigned)(n->text.at[0] - '0');
    return true;
}

static bool read_toggles(struct reader *r, const struct yaml_node *n, bool on)
{
    struct strs names = {0};
    if (!read_words(r, n, &names))
        return false;
    for (size_t i = 0; i < names.n; i++) {
        struct toggle toggle = {names.at[i], on};
        if (!str_eq(toggle.pass, LIT("all")) && !pass_named(toggle.pass))
            return refuse_node(r, n, "names a pass that there is not (dfopt --list-passes)");
        vec_add(r->arena, &r->out->passes.toggles, toggle);
    }
    return true;
}

static bool read_enable(struct reader *r, const struct yaml_node *n)
{
    return read_toggles(r, n, true);
}

static bool read_disable(struct reader *r, const struct yaml_node *n)
{
    return read_toggles(r, n, false);
}

static bool read_pin(struct reader *r, const struct yaml_node *n)
{
    static const struct {
        struct str name;
        enum pin pin;
    } pins[] = {{{"off", 3}, PIN_OFF}, {{"tag", 3}, PIN_TAG}, {{"digest", 6}, PIN_DIGEST}};
    for (size_t i = 0; i < sizeof pins / sizeof *pins; i++)
        if (n->kind == YAML_SCALAR && str_eq(n->text, pins[i].name)) {
            r->out->passes.pin = pins[i].pin;
            return true;
        }
    return refuse_node(r, n, "is one of off, tag, digest");
}

static bool read_merge(struct reader *r, const struct yaml_node *n)
{
    r->out->passes.merge_bytes = n->kind == YAML_SCALAR && str_eq(n->text, LIT("bytes"));
    return r->out->passes.merge_bytes || (n->kind == YAML_SCALAR && str_eq(n->text, LIT("all"))) ||
           refuse_node(r, n, "is one of all, bytes");
}

static bool read_target(struct reader *r, const struct yaml_node *n)
{
    struct strs names = {0};
    if (!read_words(r, n, &names))
        return false;
    for (size_t i = 0; i < names.n; i++)
        vec_add(r->arena, &r->out->passes.targets, str_lower(r->arena, names.at[i]));
    return true;
}

static struct str directory_of(struct str path)
{
    size_t len = path.len;
    while (len > 0 && path.at[len - 1] != '/')
        len--;
    return str_slice(path, 0, len);
}

/* A relative one is below the directory of the file of settings. */
static bool read_context(struct reader *r, const struct yaml_node *n)
{
    struct str word;
    if (!read_word(r, n, &word))
        return false;
    r->out->no_context = n->plain && str_eq(word, LIT("none"));
    bool absolute = str_starts(word, LIT("/"));
    r->out->context =
        str_dup(r->arena, absolute ? word : str_concat(r->arena, directory_of(r->path), word));
    return true;
}

static bool read_catalog(struct reader *r, const struct yaml_node *n)
{
    struct yaml_error error;
    r->out->catalog = catalog_extend(r->arena, catalog_shipped(), n, &error);
    return r->out->catalog || refuse_at(r, error.line, error.column, error.message);
}

static const struct {
    struct str name;
    bool (*read)(struct reader *, const struct yaml_node *);
} keys[] = {
    {{"level", 5}, read_level},     {{"enable", 6}, read_enable},   {{"disable", 7}, read_disable},
    {{"pin", 3}, read_pin},         {{"merge", 5}, read_merge},     {{"target", 6}, read_target},
    {{"context", 7}, read_context}, {{"catalog", 7}, read_catalog},
};

static bool read_key(struct reader *r, const struct yaml_node *n)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_eq(n->key, keys[i].name))
            return keys[i].read(r, n);
    return refuse_node(r, n, "is no setting that there is");
}

/* ---- files ---- */

static struct yaml_node *read_yaml(struct reader *r)
{
    struct read_buffer buffer = {0};
    struct file_problem problem;
    struct stat info;
    struct str text;
    struct yaml_error error;
    bool read = file_read(r->path.at, &buffer, &text, &info, &problem);
    if (!read) {
        r->out->problem =
            str_printf(r->arena, "%.*s: error: %s%s%s", STR(r->path), problem.what,
                       problem.error ? ": " : "", problem.error ? strerror(problem.error) : "");
        read_buffer_free(&buffer);
        return NULL;
    }
    /* The buffer is freed before memory can run out. */
    text = text.len <= YAML_MAX_BYTES ? text : (struct str){0};
    struct str kept = str_dup(r->arena, text);
    read_buffer_free(&buffer);
    struct yaml_node *root = yaml_read(r->arena, kept, &error);
    if (!root)
        refuse_at(r, error.line, error.column, error.message);
    return root;
}

static void read_settings(struct reader *r)
{
    const struct yaml_node *root = read_yaml(r);
    if (!root)
        return;
    if (root->kind != YAML_MAP) {
        refuse_at(r, root->line, root->column, LIT("settings are keys with values"));
        return;
    }
    for (size_t i = 0; i < root->items.n; i++)
        if (!read_key(r, root->items.at[i]))
            return;
}

static struct str text_of(const struct yaml_node *row, struct str key)
{
    const struct yaml_node *n = yaml_get(row, key);
    return n ? n->text : (struct str){0};
}

/* `0` stands for any digit of `digits`, all else for itself. */
static bool has_shape(struct str text, struct str shape, struct str digits)
{
    if (text.len != shape.len)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool digit = shape.at[i] == '0' && str_find(digits, text.at[i]) < digits.len;
        if (!digit && text.at[i] != shape.at[i])
            return false;
    }
    return true;
}

/* It is written into Dockerfiles. */
static bool is_digest(struct str text)
{
    struct str prefix = LIT("sha256:"), zeros = LIT("0000000000000000000000000000000000000000"
                                                    "000000000000000000000000");
    return str_starts(text, prefix) &&
           has_shape(str_slice(text, prefix.len, text.len), zeros, LIT("0123456789abcdef"));
}

/* A row of dfopt.lock. */
static bool read_lock(struct reader *r, const struct yaml_node *n)
{
    struct lock lock = {text_of(n, LIT("image")), text_of(n, LIT("tag")), text_of(n, LIT("digest")),
                        text_of(n, LIT("date"))};
    if (!lock.image.len || !lock.tag.len || !is_digest(lock.digest) ||
        !has_shape(lock.date, LIT("0000-00-00"), LIT("0123456789")))
        return refuse_at(r, n->line, n->column,
                         LIT("a row has image, tag, digest (sha256: and 64 digits) and date "
                             "(yyyy-mm-dd)"));
    vec_add(r->arena, &r->out->passes.locks, lock);
    return true;
}

static void read_locks(struct reader *r)
{
    const struct yaml_node *root = read_yaml(r);
    const struct yaml_node *rows = root ? yaml_get(root, LIT("images")) : NULL;
    if (root && (!rows || rows->kind != YAML_LIST))
        refuse_at(r, root->line, root->column, LIT("a lock file has a list: images"));
    for (size_t i = 0; rows && rows->kind == YAML_LIST && i < rows->items.n; i++)
        if (!read_lock(r, rows->items.at[i]))
            return;
}

/* ---- where they are ---- */

static bool exists(struct str path)
{
    return access(path.at, F_OK) == 0;
}

static struct str in_directory(struct arena *a, struct str directory, const char *name)
{
    bool slash = str_ends(directory, LIT("/"));
    return str_printf(a, "%.*s%s%s", STR(directory), slash ? "" : "/", name);
}

/* The nearest file of that name upward from an absolute directory; empty when there is none. */
static struct str find_upward(struct arena *a, struct str directory, const char *name)
{
    for (;;) {
        struct str path = in_directory(a, directory, name);
        if (exists(path))
            return path;
        size_t slash = directory.len;
        while (slash > 0 && directory.at[slash - 1] != '/')
            slash--;
        if (slash == 0 || directory.len <= 1 || exists(in_directory(a, directory, ".git")))
            return (struct str){0};
        directory = slash == 1 ? LIT("/") : str_slice(directory, 0, slash - 1);
    }
}

/* ---- what holds ---- */

/* What the command line gives counts more. */
static void apply_line(struct arena *a, const struct command_line *line, struct settings *s)
{
    if (line->level_given)
        s->passes.level = line->passes.level;
    if (line->pin_given)
        s->passes.pin = line->passes.pin;
    if (line->passes.targets.n)
        s->passes.targets = line->passes.targets;
    for (size_t i = 0; i < line->passes.toggles.n; i++)
        vec_add(a, &s->passes.toggles, line->passes.toggles.at[i]);
    if (line->context.len || line->no_context) {
        s->context = line->context;
        s->no_context = line->no_context;
    }
}

static const struct settings *settings_of(struct config *config, struct str file, struct str lock)
{
    struct str key = str_printf(config->arena, "%.*s\n%.*s", STR(file), STR(lock));
    struct settings *s = map_get(&config->files, key);
    if (s)
        return s;
    s = arena_alloc(config->arena, sizeof *s);
    s->passes.level = config->line->passes.level;
    s->passes.pin = config->line->passes.pin;
    s->catalog = catalog_shipped();
    struct reader r = {config->arena, file, s};
    if (file.len)
        read_settings(&r);
    r.path = lock;
    if (lock.len && !s->problem.len)
        read_locks(&r);
    apply_line(config->arena, config->line, s);
    map_put(&config->files, key, s);
    return s;
}

static const struct settings *settings_in(struct config *config, struct str directory)
{
    char real[PATH_MAX];
    struct str file = {0}, lock = {0};
    bool known = !config->line->no_config && realpath(directory.at, real);
    if (known) {
        file = find_upward(config->arena, str_from_c(real), ".dfopt.yaml");
        lock = find_upward(config->arena, str_from_c(real), "dfopt.lock");
    }
    if (config->line->config.len)
        file = config->line->config;
    return settings_of(config, file, lock);
}

const struct settings *config_for(struct config *config, struct str path)
{
    struct str directory = directory_of(path);
    directory = str_dup(config->arena, directory.len ? directory : LIT("."));
    config->directories.arena = config->files.arena = config->arena;
    const struct settings *s = map_get(&config->directories, directory);
    if (!s) {
        s = settings_in(config, directory);
        map_put(&config->directories, directory, (void *)(uintptr_t)s);
    }
    return s;
}
