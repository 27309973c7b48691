/* Rust: which programs `cargo build` and `cargo install` make, and where they are (The Cargo Book:
 * "cargo build", "cargo install", "Workspaces", "Build Cache", "Configuration"). */
#include "ir/manifest/manifest.h"
#include "ir/path.h"
#include "ir/toolchain.h"

/* A command, and the workspace that it works in. */
struct cargo {
    const struct build_site *s;
    const struct manifest *package;   /* of the directory that it is about */
    const struct manifest *workspace; /* that the package belongs to; itself, when to no other */
    struct str root;                  /* where that is in the image */
};

/* ---- options, variables and settings ---- */

static bool has_option(const struct cargo *g, struct str name)
{
    struct str value;
    bool known;
    return toolchain_option(g->s->run, name, &value, &known);
}

/* Other things than programs are asked for, or other settings are given. */
static bool asks_for_others(const struct cargo *g)
{
    static const struct str names[] = {
        {"--example", 9}, {"--examples", 10},     {"--test", 6},    {"--tests", 7},
        {"--bench", 7},   {"--benches", 9},       {"--exclude", 9}, {"--all-targets", 13},
        {"--config", 8},  {"--artifact-dir", 14}, {"--out-dir", 9},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (has_option(g, names[i]))
            return true;
    return false;
}

static enum tri setting_of(const struct manifest *m, struct str key, struct str *value)
{
    for (size_t i = 0; m && i < m->values.n; i++) {
        if (!str_eq(m->values.at[i].key, key))
            continue;
        *value = m->values.at[i].value;
        return m->values.at[i].computed ? MAYBE : YES;
    }
    return NO;
}

/* What has been said under a key of .cargo/config.toml, in the nearest directory. */
static enum tri find_setting(const struct cargo *g, struct str key, struct str *dir,
                             struct str *value)
{
    static const struct str files[] = {{".cargo/config.toml", 18}, {".cargo/config", 13}};
    enum tri found = NO;
    for (*dir = g->s->run->workdir; found == NO; *dir = path_directory(*dir)) {
        for (size_t i = 0; found == NO && i < 2; i++) {
            struct str path = path_join(g->s->c->arena, *dir, files[i]);
            found = setting_of(toolchain_manifest(g->s, path), key, value);
        }
        if (found != NO || dir->len <= 1)
            break;
    }
    return found;
}

static enum tri find_variable(const struct cargo *g, struct str name, struct str *value)
{
    const struct env *e = env_find(g->s->run->env, name);
    if (!e || e->kind == ENV_ARGUMENT)
        return NO;
    *value = e->value;
    return e->kind == ENV_OPAQUE ? MAYBE : YES;
}

/* Where something is said: in this order. */
struct said {
    struct str option, variables[2], setting;
};

/* The value, and the directory that a path is relative to. */
static enum tri find_said(const struct cargo *g, const struct said *by, struct str *dir,
                          struct str *value)
{
    bool known;
    *dir = g->s->run->workdir;
    if (toolchain_option(g->s->run, by->option, value, &known))
        return known && value->len ? YES : MAYBE;
    for (size_t i = 0; i < 2 && by->variables[i].len; i++) {
        enum tri found = find_variable(g, by->variables[i], value);
        if (found != NO)
            return found;
    }
    return find_setting(g, by->setting, dir, value);
}

/* ---- where ---- */

static const struct manifest *manifest_in(const struct cargo *g, struct str dir)
{
    return toolchain_manifest(g->s, path_join(g->s->c->arena, dir, LIT("Cargo.toml")));
}

/* The package's own directory, or the nearest above it that is a workspace. */
static bool find_workspace(struct cargo *g, struct str dir)
{
    struct str value;
    g->package = g->workspace = manifest_in(g, dir);
    g->root = dir;
    for (; g->package && dir.len > 1; dir = path_directory(dir)) {
        const struct manifest *m = manifest_in(g, dir);
        if (!m || !manifest_value(m, LIT("workspace"), &value))
            continue;
        g->workspace = m;
        g->root = dir;
        return true;
    }
    return g->package != NULL;
}

static struct str profile(const struct cargo *g)
{
    struct str name;
    bool known;
    if (has_option(g, LIT("--release")) || has_option(g, LIT("-r")))
        return LIT("release");
    if (!toolchain_option(g->s->run, LIT("--profile"), &name, &known))
        return LIT("debug");
    return str_eq(name, LIT("dev")) ? LIT("debug") : name;
}

/* TARGET/[TRIPLE/]PROFILE */
static bool find_output(const struct cargo *g, struct str *out)
{
    static const struct said target_said = {{"--target-dir", 12},
                                            {{"CARGO_TARGET_DIR", 16},
                                             {"CARGO_BUILD_TARGET_DIR", 22}},
                                            {"build.target-dir", 16}},
                             triple_said = {{"--target", 8},
                                            {{"CARGO_BUILD_TARGET", 18}, {"", 0}},
                                            {"build.target", 12}};
    struct arena *a = g->s->c->arena;
    struct str dir, target = LIT("target"), triple;
    enum tri told = find_said(g, &target_said, &dir, &target);
    if (told == MAYBE || !path_resolve(a, told == YES ? dir : g->root, target, out))
        return false;
    told = find_said(g, &triple_said, &dir, &triple);
    if (told == YES)
        *out = path_join(a, *out, triple);
    struct str name = profile(g);
    *out = path_join(a, *out, name);
    return told != MAYBE && name.len > 0;
}

/* ---- what ---- */

/* --bin NAME; all of them without. */
static bool is_asked_for(const struct cargo *g, struct str option, struct str name)
{
    const struct invocation_options *options = &g->s->run->options;
    bool any = false;
    for (size_t i = 0; i < options->n; i++) {
        if (!str_eq(options->at[i].name, option))
            continue;
        any = true;
        if (!options->at[i].known || str_eq(options->at[i].value, name))
            return true;
    }
    return !any;
}

static void add_library(const struct cargo *g, struct str name, struct strs *out)
{
    struct buf b = {.arena = g->s->c->arena};
    for (size_t i = 0; i < name.len; i++)
        buf_char(&b, name.at[i] == '-' ? '_' : name.at[i]);
    struct str file = buf_str(&b);
    vec_add(b.arena, out, str_printf(b.arena, "lib%.*s.so", STR(file)));
}

/* The programs of a package, and the library that other programs load. */
static bool add_files(const struct cargo *g, const struct manifest *m, struct strs *out)
{
    bool programs = has_option(g, LIT("--bin")) || has_option(g, LIT("--bins"));
    bool library = has_option(g, LIT("--lib"));
    if (!m || m->more_values)
        return false;
    for (size_t i = 0; i < m->values.n; i++) {
        const struct manifest_value *v = &m->values.at[i];
        bool asked = str_eq(v->key, LIT("bin")) && (programs || !library) &&
                     is_asked_for(g, LIT("--bin"), v->value);
        if (asked)
            vec_add(g->s->c->arena, out, v->value);
        g->s->result->if_started |= asked && v->computed && !has_option(g, LIT("--bin"));
        if (str_eq(v->key, LIT("cdylib")) && (library || !programs))
            add_library(g, v->value, out);
    }
    return true;
}

/* Those of a member of the workspace that --package, if it is there, asks for. */
static bool add_member(const struct cargo *g, struct str folder, struct strs *out, bool *found)
{
    struct arena *a = g->s->c->arena;
    struct str name, path = path_join(a, path_directory(g->workspace->path), folder);
    const struct manifest *m = manifest_at(g->s->c, path_join(a, path, LIT("Cargo.toml")));
    if (!m)
        return false;
    if (!manifest_value(m, LIT("package.name"), &name) ||
        !is_asked_for(g, LIT("--package"), name) || !is_asked_for(g, LIT("-p"), name))
        return true;
    *found = true;
    return add_files(g, m, out);
}

/* `crates/` of `crates/` and a star: what is in it. */
static bool add_members_in(const struct cargo *g, struct str folder, struct strs *out, bool *found)
{
    struct arena *a = g->s->c->arena;
    struct str path = path_join(a, path_directory(g->workspace->path), folder);
    const struct context_entries *all = context_lists(g->s->c, path);
    for (size_t i = 0; all && i < all->n; i++) {
        struct str member = path_join(a, folder, all->at[i].name);
        if (all->at[i].kind == CONTEXT_DIRECTORY && !add_member(g, member, out, found))
            return false;
    }
    return all != NULL;
}

static bool add_members(const struct cargo *g, struct str key, struct strs *out, bool *found)
{
    const struct manifest *m = g->workspace;
    for (size_t i = 0; i < m->values.n; i++) {
        struct str member = m->values.at[i].value, folder = path_directory(member);
        if (!str_eq(m->values.at[i].key, key))
            continue;
        bool all = str_eq(path_name(member), LIT("*"));
        if (path_has_glob(all ? folder : member) ||
            !(all ? add_members_in(g, folder, out, found) : add_member(g, member, out, found)))
            return false;
    }
    return true;
}

static bool names_packages(const struct cargo *g)
{
    return has_option(g, LIT("-p")) || has_option(g, LIT("--package"));
}

/* `--bin NAME` and nothing else: cargo fails where one of them is not built. */
static bool add_named(const struct cargo *g, struct strs *out)
{
    const struct invocation_options *options = &g->s->run->options;
    if (has_option(g, LIT("--bins")) || has_option(g, LIT("--lib")))
        return false;
    for (size_t i = 0; i < options->n; i++) {
        if (!str_eq(options->at[i].name, LIT("--bin")))
            continue;
        if (!options->at[i].known || !options->at[i].value.len)
            return false;
        vec_add(g->s->c->arena, out, options->at[i].value);
    }
    return out->n > 0;
}

/* The package of the directory; of a workspace without one, or when others are asked for, its
 * members. */
static bool find_files(const struct cargo *g, struct strs *out)
{
    struct str value;
    bool found = false, is_package = manifest_value(g->package, LIT("package.name"), &value);
    bool all = has_option(g, LIT("--workspace")) || has_option(g, LIT("--all"));
    bool chosen = manifest_value(g->workspace, LIT("workspace.default-member"), &value);
    if (add_named(g, out))
        return true;
    out->n = 0;
    if (!all && !names_packages(g) && is_package)
        return add_files(g, g->package, out);
    if (manifest_value(g->workspace, LIT("package.name"), &value) &&
        !add_member(g, LIT(""), out, &found))
        return false;
    struct str key = chosen && !all && !names_packages(g) ? LIT("workspace.default-member")
                                                          : LIT("workspace.member");
    return add_members(g, key, out, &found) && found;
}

/* ---- commands ---- */

bool toolchain_cargo_built(const struct build_site *s, struct strs *out)
{
    struct cargo g = {.s = s};
    struct str path, dir = s->run->workdir, output;
    struct strs files = {0};
    bool known = true;
    if (toolchain_option(s->run, LIT("--manifest-path"), &path, &known) &&
        path_resolve(s->c->arena, s->run->workdir, path, &path))
        dir = path_directory(path);
    if (!known || asks_for_others(&g) || !find_workspace(&g, dir) || !find_output(&g, &output) ||
        !find_files(&g, &files))
        return false;
    for (size_t i = 0; i < files.n; i++)
        vec_add(s->c->arena, out, path_join(s->c->arena, output, files.at[i]));
    s->result->one_of |= out->n > 1;
    return true;
}

/* Of the package in a directory, its programs. */
bool toolchain_cargo_installed(const struct build_site *s, struct strs *out)
{
    static const struct said root_said = {
        {"--root", 6}, {{"CARGO_INSTALL_ROOT", 18}, {"CARGO_HOME", 10}}, {"install.root", 12}};
    struct cargo g = {.s = s};
    struct arena *a = s->c->arena;
    struct str path, dir, root = LIT("/usr/local/cargo"), name;
    struct strs files = {0};
    bool known;
    if (!toolchain_option(s->run, LIT("--path"), &path, &known) || !known ||
        !path_resolve(a, s->run->workdir, path, &path) || asks_for_others(&g) ||
        !find_workspace(&g, path) || !manifest_value(g.package, LIT("package.name"), &name) ||
        !add_files(&g, g.package, &files))
        return false;
    enum tri told = find_said(&g, &root_said, &dir, &root);
    if (told == MAYBE || !path_resolve(a, dir, root, &root))
        return false;
    for (size_t i = 0; i < files.n; i++)
        if (!str_ends(files.at[i], LIT(".so")))
            vec_add(a, out, str_printf(a, "%.*s/bin/%.*s", STR(root), STR(files.at[i])));
    s->result->one_of |= out->n > 1;
    return true;
}
