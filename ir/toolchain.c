#include "ir/toolchain.h"

#include "ir/base.h"
#include "ir/manifest/manifest.h"
#include "ir/path.h"
#include "ir/project.h"

/* ---- which row ---- */

static struct str next_word(struct str *text)
{
    size_t end = str_find(*text, ' ');
    struct str word = str_slice(*text, 0, end);
    *text = str_slice(*text, end + 1, text->len);
    return word;
}

/* The command's name without its directory. */
static struct str command_name(struct str name)
{
    while (str_find(name, '/') < name.len && !str_starts(name, LIT("./")))
        name = str_slice(name, str_find(name, '/') + 1, name.len);
    return name;
}

/* `poetry==1.8.3`. */
static struct str without_version(struct str word)
{
    return str_slice(word, 0, str_search(word, LIT("==")));
}

/* How many words behind the name `text` takes; -1 when it does not fit. */
static int words_of(const struct invocation *run, struct str text)
{
    if (!str_eq(next_word(&text), command_name(run->name)))
        return -1;
    int n = 0;
    for (; text.len; n++) {
        struct str word = next_word(&text);
        if ((size_t)n >= run->words.n || !str_eq(without_version(run->words.at[n]), word))
            return -1;
    }
    return n;
}

bool toolchain_option(const struct invocation *run, struct str name, struct str *value, bool *known)
{
    bool given = false;
    for (size_t i = 0; i < run->options.n; i++) {
        if (!str_eq(run->options.at[i].name, name))
            continue;
        given = true;
        *value = run->options.at[i].value;
        *known = run->options.at[i].known;
    }
    return given;
}

/* `-m=venv` asks for a value too. */
static bool has_options(const struct invocation *run, const struct build_command *row)
{
    struct str value;
    bool known;
    for (size_t i = 0; i < row->n_options; i++) {
        size_t equals = str_find(row->options[i], '=');
        struct str wanted = str_slice(row->options[i], equals + 1, row->options[i].len);
        if (!toolchain_option(run, str_slice(row->options[i], 0, equals), &value, &known) ||
            (wanted.len && (!known || !str_eq(value, wanted))))
            return false;
    }
    return true;
}

static bool fits(struct build_site *s, const struct build_command *row)
{
    for (size_t i = 0; i < row->n_runs; i++) {
        int n = words_of(s->run, row->runs[i]);
        if (n < 0 || !has_options(s->run, row) || (row->alone && (size_t)n < s->run->words.n))
            continue;
        s->row = row;
        s->n_fixed = (size_t)n;
        return true;
    }
    return false;
}

static const struct toolchain *find_row(struct build_site *s)
{
    for (size_t i = 0; i < catalog_toolchain_count(s->c->catalog); i++) {
        const struct toolchain *t = catalog_toolchain_at(s->c->catalog, i);
        for (size_t k = 0; k < t->n_builds; k++)
            if (fits(s, &t->builds[k]))
                return t;
    }
    return NULL;
}

/* ---- placeholders ---- */

static const struct {
    struct str name;
    bool (*work_out)(const struct build_site *s, struct strs *out);
} workers[] = {
    {{"@go-built", 9}, toolchain_go_built},
    {{"@go-installed", 13}, toolchain_go_installed},
    {{"@cargo-built", 12}, toolchain_cargo_built},
    {{"@cargo-installed", 16}, toolchain_cargo_installed},
    {{"@cmake-built", 12}, toolchain_cmake_built},
    {{"@node-modules", 13}, toolchain_node_modules},
    {{"@python-packages", 16}, toolchain_python_packages},
    {{"@python-editable", 16}, toolchain_python_editable},
    {{"@python-environment", 19}, toolchain_python_environment},
    {{"@python-poetry", 14}, toolchain_python_poetry},
    {{"@python-uv", 10}, toolchain_python_uv},
    {{"@python-uv-project", 18}, toolchain_python_uv_project},
    {{"@ruby-gems", 10}, toolchain_ruby_gems},
    {{"@ruby-bundle", 12}, toolchain_ruby_bundle},
    {{"@make", 5}, toolchain_make},
    {{"@prefix", 7}, toolchain_prefix},
    {{"@configured", 11}, toolchain_configured},
};

static bool add_variable(const struct build_site *s, struct str name, struct strs *out)
{
    const struct env *e = env_find(s->run->env, name);
    if (!e || (e->kind != ENV_SET && e->kind != ENV_DEFAULT))
        return false;
    vec_add(s->c->arena, out, e->value);
    return e->value.len > 0;
}

/* Of `plugins/$name.so` the directory can be told: it is a tree of what is built. */
static bool add_directory(const struct build_site *s, struct str name, struct strs *out)
{
    struct str pattern = {0}, dir;
    for (size_t i = 0; i < s->run->options.n; i++)
        if (str_eq(s->run->options.at[i].name, name))
            pattern = s->run->options.at[i].pattern;
    dir = path_directory(str_slice(pattern, 0, str_find(pattern, '*')));
    if (!path_resolve(s->c->arena, s->run->workdir, dir, &dir) || path_is_in(s->run->workdir, dir))
        return false;
    vec_add(s->c->arena, out, dir);
    s->result->trees = true;
    return true;
}

static bool add_option(const struct build_site *s, struct str name, struct strs *out)
{
    struct str value;
    bool known;
    if (!toolchain_option(s->run, name, &value, &known))
        return false;
    if (!known)
        return add_directory(s, name, out);
    vec_add(s->c->arena, out, value);
    return value.len > 0;
}

static bool add_word(const struct build_site *s, struct str number, struct strs *out)
{
    size_t at = s->n_fixed + (size_t)(number.at[0] - '1');
    if (at >= s->run->words.n || !s->run->words.at[at].at)
        return false;
    vec_add(s->c->arena, out, s->run->words.at[at]);
    return true;
}

/* NAME=value among the words. */
static bool add_setting(const struct build_site *s, struct str name, struct strs *out)
{
    bool found = false;
    for (size_t i = 0; i < s->run->words.n; i++) {
        struct str word = s->run->words.at[i];
        size_t equals = str_find(word, '=');
        if (!word.at || equals == word.len || !str_eq(str_slice(word, 0, equals), name))
            continue;
        vec_add(s->c->arena, out, str_slice(word, equals + 1, word.len));
        found = true;
    }
    s->result->trees = found;
    return found;
}

/* Every value under the key. */
static bool add_values(const struct build_site *s, struct str key, struct strs *out)
{
    const struct manifest *m = s->manifest;
    if (!m || m->more_values)
        return false;
    for (size_t i = 0; i < m->values.n; i++) {
        if (!str_eq(m->values.at[i].key, key))
            continue;
        if (m->values.at[i].computed)
            return false;
        vec_add(s->c->arena, out, m->values.at[i].value);
    }
    s->result->one_of |= out->n > 1;
    return out->n > 0;
}

static bool fill(const struct build_site *s, struct str name, struct strs *out)
{
    for (size_t i = 0; i < sizeof workers / sizeof *workers; i++)
        if (str_eq(workers[i].name, name))
            return workers[i].work_out(s, out);
    if (str_starts(name, LIT("-")))
        return add_option(s, name, out);
    if (str_starts(name, LIT("=")))
        return add_setting(s, str_slice(name, 1, name.len), out);
    if (str_starts(name, LIT("$")))
        return add_variable(s, str_slice(name, 1, name.len), out);
    if (name.len == 1 && name.at[0] >= '1' && name.at[0] <= '9')
        return add_word(s, name, out);
    return add_values(s, name, out);
}

/* ---- templates ---- */

/* The texts that a template becomes: one for each value of its placeholder. */
static bool expand(const struct build_site *s, struct str template, struct str done,
                   struct strs *out)
{
    struct arena *a = s->c->arena;
    size_t at = str_find(template, '{');
    done = str_concat(a, done, str_slice(template, 0, at));
    if (at == template.len) {
        vec_add(a, out, done);
        return true;
    }
    struct str rest = str_slice(template, at + 1, template.len);
    size_t end = str_find(rest, '}');
    struct strs values = {0};
    if (!fill(s, str_slice(rest, 0, end), &values))
        return false; /* none is none */
    for (size_t i = 0; i < values.n; i++)
        if (!expand(s, str_slice(rest, end + 1, rest.len), str_concat(a, done, values.at[i]), out))
            return false;
    return true;
}

static bool expand_all(const struct build_site *s, struct str alternative, struct strs *out)
{
    while (alternative.len) {
        struct strs texts = {0};
        if (!expand(s, next_word(&alternative), (struct str){0}, &texts))
            return false;
        for (size_t i = 0; i < texts.n; i++) {
            struct str path;
            if (!path_resolve(s->c->arena, s->run->workdir, texts.at[i], &path) ||
                !str_starts(path, LIT("/")))
                return false;
            vec_add(s->c->arena, out, path);
        }
    }
    return true;
}

/* A path that the command is told: what is outside of its directory does not go with that. */
static void add_output(const struct build_site *s, struct str text, struct built *out)
{
    struct str path;
    bool root = str_eq(s->run->workdir, LIT("/"));
    if (!text.at || (root && !str_starts(text, LIT("/"))) ||
        !path_resolve(s->c->arena, s->run->workdir, text, &path)) {
        out->known = out->whole = false;
        return;
    }
    if (!root && path_is_in(path, s->run->workdir))
        return;
    vec_add(s->c->arena, &out->artifacts, path);
    out->trees = true;
}

/* Options that say where it writes; `*`: words that may. The root never goes over: who works there
 * and says where it writes does not mean that. */
static void add_outputs(const struct build_site *s, struct built *out)
{
    struct str value;
    bool known;
    for (size_t i = 0; i < s->row->n_outputs && out->whole; i++) {
        bool words = str_eq(s->row->outputs[i], LIT("*"));
        for (size_t k = s->n_fixed; words && k < s->run->words.n; k++)
            add_output(s, s->run->words.at[k], out);
        if (!words && toolchain_option(s->run, s->row->outputs[i], &value, &known))
            add_output(s, known ? value : (struct str){0}, out);
    }
    out->whole &= !(str_eq(s->run->workdir, LIT("/")) && out->artifacts.n);
}

static void work_out(struct build_site *s, struct built *out)
{
    for (size_t i = 0; i < s->row->n_artifacts && !out->known; i++) {
        out->artifacts = (struct strs){0};
        out->known = expand_all(s, s->row->artifacts[i], &out->artifacts);
    }
    if (!out->known)
        out->artifacts = (struct strs){0};
    out->whole =
        (out->known && out->whole) || (!out->known && s->row->whole && s->run->workdir.len);
    out->known |= out->whole;
    add_outputs(s, out);
}

/* What the context has of the file that is at `name` where the command runs. */
static const struct manifest *read_manifest(const struct build_site *s, const struct project *p,
                                            struct str name)
{
    struct str path, folder;
    if (!path_resolve(s->c->arena, s->run->workdir, name, &path) ||
        !project_folder(s->c, p, path_directory(path), &folder))
        return NULL;
    return manifest_at(s->c, path_join(s->c->arena, folder, path_name(path)));
}

const struct manifest *toolchain_manifest(const struct build_site *s, struct str path)
{
    struct project p = project_of(s->c, s->stage);
    return read_manifest(s, &p, path);
}

/* The first that is there; an option that names one says which it is. False when that cannot be
 * read. */
static bool find_manifest(struct build_site *s)
{
    struct project p = project_of(s->c, s->stage);
    s->seen = s->run->workdir.len && project_folder(s->c, &p, s->run->workdir, &s->folder);
    for (size_t i = 0; s->run->workdir.len && i < s->row->n_manifest && !s->manifest; i++) {
        struct str path = s->row->manifest[i];
        bool known = true;
        if (str_starts(path, LIT("-")) && !toolchain_option(s->run, path, &path, &known))
            continue;
        if (known)
            s->manifest = read_manifest(s, &p, path);
        if (!s->manifest && str_starts(s->row->manifest[i], LIT("-")))
            return false;
    }
    return true;
}

const struct toolchain *toolchain_of(struct compile *c, const struct invocation *run)
{
    struct build_site s = {.c = c, .run = run};
    return find_row(&s);
}

const struct build_command *toolchain_row(struct compile *c, const struct invocation *run)
{
    struct build_site s = {.c = c, .run = run};
    return find_row(&s) ? s.row : NULL;
}

/* -fopenmp, -lNAME or -l NAME, and what the command links with unasked. */
static void find_libraries(struct compile *c, const struct invocation *run, struct built *out)
{
    const struct toolchain *t = out->toolchain;
    for (size_t i = 0; i < out->by->n_links; i++)
        vec_add(c->arena, &out->libraries, out->by->links[i]);
    for (size_t i = 0; i < run->options.n; i++) {
        struct str name = run->options.at[i].name;
        for (size_t k = 0; k < t->n_libraries; k++) {
            size_t equals = str_find(t->libraries[k], '=');
            if (str_eq(name, str_slice(t->libraries[k], 0, equals)))
                vec_add(c->arena, &out->packages,
                        str_slice(t->libraries[k], equals + 1, t->libraries[k].len));
        }
        if (!str_starts(name, LIT("-l")))
            continue;
        struct str library = name.len > 2 ? str_slice(name, 2, name.len) : run->options.at[i].value;
        vec_add(c->arena, &out->libraries, library);
    }
}

static struct built built_at(struct build_site *s)
{
    struct built out = {.toolchain = find_row(s)};
    if (!out.toolchain)
        return out;
    out.by = s->row;
    s->result = &out;
    find_libraries(s->c, s->run, &out);
    bool readable = find_manifest(s);
    out.manifest = s->manifest;
    if (readable)
        work_out(s, &out);
    return out;
}

struct built toolchain_built(struct compile *c, const struct stage *stage,
                             const struct invocation *run)
{
    unsigned started = 0;
    struct build_site s = {.c = c, .stage = stage, .run = run, .started = &started};
    return built_at(&s);
}

struct built toolchain_built_by(const struct build_site *by, const struct invocation *run)
{
    struct build_site s = {
        .c = by->c, .stage = by->stage, .run = run, .by = by, .started = by->started};
    return built_at(&s);
}
