/* Go: what `go build` and `go install` call a program (go.dev/ref/mod, "go help build"). */
#include "ir/manifest/manifest.h"
#include "ir/path.h"
#include "ir/toolchain.h"

/* ---- names ---- */

static bool is_version(struct str s)
{
    if (s.len < 2 || s.at[0] != 'v')
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

/* The last element of an import path; a major version stands behind the name. */
static struct str name_of_path(struct str path)
{
    path = str_slice(path, 0, str_find(path, '@'));
    while (path.len > 1 && path.at[path.len - 1] == '/')
        path.len--;
    struct str name = path_name(path), before = path_directory(path);
    return is_version(name) && before.len ? path_name(before) : name;
}

/* Of the package in the command's directory. */
static bool own_name(const struct build_site *s, struct str *out)
{
    struct str module;
    if (s->manifest && manifest_value(s->manifest, LIT("module"), &module))
        *out = name_of_path(module);
    else
        *out = path_name(s->run->workdir);
    return out->len > 0;
}

static bool name_of_operand(const struct build_site *s, struct str word, struct str *out)
{
    if (!word.at || str_search(word, LIT("...")) < word.len)
        return false;
    if (str_eq(word, LIT(".")) || str_eq(word, LIT("./")))
        return own_name(s, out);
    bool file = str_ends(word, LIT(".go"));
    *out = name_of_path(word);
    if (file)
        *out = str_slice(*out, 0, out->len - 3);
    return out->len > 0 && !str_eq(*out, LIT(".."));
}

/* ---- ./...: the packages that are programs ---- */

static bool is_program(struct str text)
{
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        if (str_starts(line, LIT("package ")))
            return str_eq(str_trim(str_slice(line, 8, str_search(line, LIT("//")))), LIT("main"));
        text = str_slice(text, end + 1, text.len);
    }
    return false;
}

static bool is_source(const struct context_entry *e)
{
    return e->kind == CONTEXT_FILE && str_ends(e->name, LIT(".go")) &&
           !str_ends(e->name, LIT("_test.go")) && !str_starts(e->name, LIT("vendor/")) &&
           str_search(e->name, LIT("/vendor/")) == e->name.len &&
           str_search(e->name, LIT("testdata/")) == e->name.len;
}

static bool add_programs(const struct build_site *s, struct strs *out)
{
    struct context_entries all = {0};
    if (!s->seen || !context_files(s->c, s->folder, &all))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        struct str text, name;
        if (!is_source(&all.at[i]))
            continue;
        if (!context_text(s->c, all.at[i].name, &text))
            return false;
        struct str folder = path_directory(all.at[i].name);
        if (str_eq(folder, s->folder)) {
            if (!own_name(s, &name))
                return false;
        } else {
            name = name_of_path(folder);
        }
        if (is_program(text) && !strs_have(out, name))
            vec_add(s->c->arena, out, name);
    }
    return out->n > 0;
}

static bool program_names(const struct build_site *s, struct strs *out)
{
    struct str name;
    size_t n = s->run->words.n;
    if (n == s->n_fixed) {
        if (!own_name(s, &name))
            return false;
        vec_add(s->c->arena, out, name);
        return true;
    }
    if (n == s->n_fixed + 1 && str_eq(s->run->words.at[s->n_fixed], LIT("./...")))
        return add_programs(s, out);
    for (size_t i = s->n_fixed; i < n; i++) {
        if (!name_of_operand(s, s->run->words.at[i], &name))
            return false;
        vec_add(s->c->arena, out, name);
    }
    return true;
}

/* Of several files the first one names the program. */
static bool all_files(const struct build_site *s)
{
    for (size_t i = s->n_fixed; i < s->run->words.n; i++)
        if (!str_ends(s->run->words.at[i], LIT(".go")))
            return false;
    return s->run->words.n > s->n_fixed;
}

bool toolchain_go_built(const struct build_site *s, struct strs *out)
{
    struct str name;
    if (all_files(s)) {
        if (!name_of_operand(s, s->run->words.at[s->n_fixed], &name))
            return false;
        vec_add(s->c->arena, out, name);
        return true;
    }
    return program_names(s, out) && out->n == 1;
}

static struct str variable(const struct build_site *s, struct str name, struct str fallback)
{
    const struct env *e = env_find(s->run->env, name);
    return e && e->kind == ENV_SET ? e->value : fallback;
}

bool toolchain_go_installed(const struct build_site *s, struct strs *out)
{
    struct arena *a = s->c->arena;
    struct str path = variable(s, LIT("GOPATH"), LIT("/go"));
    struct str bin = variable(s, LIT("GOBIN"), str_concat(a, path, LIT("/bin")));
    struct strs names = {0};
    if (!program_names(s, &names))
        return false;
    for (size_t i = 0; i < names.n; i++)
        vec_add(a, out, str_printf(a, "%.*s/%.*s", STR(bin), STR(names.at[i])));
    return true;
}
