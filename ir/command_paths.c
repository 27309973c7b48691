/* Which files a command reads, writes and deletes, and which commands it may put before others in
 * PATH. */
#include "ir/command_walk.h"

/* ---- commands that another file may replace in PATH ---- */

static bool is_on_path(const struct walk *w, struct str dir)
{
    return catalog_lists(w->c->catalog, LIT("path"), dir);
}

/* Some directory of PATH is `dir` or lies below it. */
static bool holds_path(const struct walk *w, struct str dir)
{
    const struct tree_list *trees = catalog_trees(w->c->catalog, LIT("path"));
    bool root = str_eq(dir, LIT("/"));
    for (size_t i = 0; trees && i < trees->n_paths; i++) {
        struct str on_path = trees->paths[i];
        bool below =
            str_starts(on_path, dir) && on_path.len > dir.len && on_path.at[dir.len] == '/';
        if (root || below || str_eq(on_path, dir))
            return true;
    }
    return false;
}

/* A command whose name cannot be told comes into PATH. */
void command_replace_any(struct walk *w)
{
    set_merge(w->c->arena, &w->out.replaced, &w->out.remembered);
}

static bool is_digit_or_dot(char c)
{
    return c == '.' || (c >= '0' && c <= '9');
}

/* pip brings pip, pip3 and pip3.12. */
static bool is_version_of(struct str command, struct str package)
{
    if (!str_starts(command, package))
        return false;
    for (size_t i = package.len; i < command.len; i++)
        if (!is_digit_or_dot(command.at[i]))
            return false;
    return true;
}

void command_replace_named(struct walk *w, struct str name)
{
    for (size_t i = 0; i < w->out.commands.items.n; i++)
        if (is_version_of(w->out.commands.items.at[i], name))
            set_add(w->c->arena, &w->out.replaced, w->out.commands.items.at[i]);
}

/* ---- paths ---- */

/* Devices and kernel file systems are no part of the image. */
static bool is_virtual(struct str path)
{
    return str_starts(path, LIT("/dev/")) || str_starts(path, LIT("/proc/")) ||
           str_starts(path, LIT("/sys/"));
}

static bool names_no_file(const struct value *v)
{
    return v->text.len == 0 || str_eq(v->text, LIT("-")) ||
           str_search(v->text, LIT("://")) < v->text.len;
}

bool command_resolve(struct walk *w, struct str dir, const struct value *v, struct str *out)
{
    if (v->unknown && str_starts(v->text, LIT("*")))
        return false;
    return path_resolve(w->c->arena, dir, v->text, out);
}

void command_add_path(struct walk *w, struct set *to, struct str dir, const struct value *path)
{
    struct str whole;
    if (names_no_file(path))
        return;
    if (!command_resolve(w, dir, path, &whole))
        to->unknown = true;
    else if (!is_virtual(whole))
        set_add(w->c->arena, to, whole);
}

void command_add_write(struct walk *w, struct str dir, const struct value *path)
{
    struct str whole;
    command_add_path(w, &w->out.writes, dir, path);
    if (names_no_file(path) || !command_resolve(w, dir, path, &whole))
        return;
    if (path->glob ? holds_path(w, path_directory(whole)) : holds_path(w, whole))
        command_replace_any(w);
    else if (is_on_path(w, path_directory(whole)))
        command_replace_named(w, path_name(whole));
}

static void add_paths(struct walk *w, struct set *to, const struct values *paths, struct str dir)
{
    for (size_t i = 0; i < paths->n; i++)
        command_add_path(w, to, dir, &paths->at[i]);
}

void command_add_writes(struct walk *w, const struct values *paths, struct str dir)
{
    for (size_t i = 0; i < paths->n; i++)
        command_add_write(w, dir, &paths->at[i]);
}

/* `name` in the directory `dir`, as a value. */
static struct value below(struct walk *w, const struct value *dir, struct str name)
{
    struct value v = *dir;
    v.text = str_printf(w->c->arena, "%.*s/%.*s", STR(dir->text), STR(name));
    return v;
}

/* A row's path, whose `~` is the home. */
static struct value in_home(struct walk *w, struct str path)
{
    if (!str_starts(path, LIT("~")))
        return value_known(path);
    if (!w->home.len)
        return value_unknown();
    return value_known(str_concat(w->c->arena, w->home, str_slice(path, 1, path.len)));
}

/* A row's fixed paths: `@name` is a list's, `?` anything. Lists are long: they are not copied. */
static void add_fixed(struct walk *w, struct set *to, const struct str *paths, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(paths[i], LIT("?"))) {
            to->unknown = true;
        } else if (str_starts(paths[i], LIT("@"))) {
            struct str name = str_slice(paths[i], 1, paths[i].len);
            const struct tree_list *trees = catalog_trees(w->c->catalog, name);
            for (size_t t = 0; trees && t < trees->n_paths; t++)
                set_add(w->c->arena, to, trees->paths[t]);
        } else {
            struct value path = in_home(w, paths[i]);
            command_add_path(w, to, w->now.cwd, &path);
        }
    }
}

void command_add_fixed_paths(struct walk *w, const struct usage *u)
{
    add_fixed(w, &w->out.reads, u->reads, u->n_reads);
    add_fixed(w, &w->out.writes, u->writes, u->n_writes);
    add_fixed(w, &w->out.deletes, u->deletes, u->n_deletes);
}

/* ---- operands: files ---- */

static bool ends_with_slash(const struct value *v)
{
    return str_ends(v->text, LIT("/"));
}

/* Where `source` goes when it is copied to `target`, which is a directory if that can be seen. */
static void write_copy(struct walk *w, const struct value *source, const struct value *target,
                       bool into_directory, struct str dir)
{
    struct str name = path_name(source->text);
    bool named = !source->glob && name.len && !str_eq(name, LIT(".")) && !str_eq(name, LIT(".."));
    if (into_directory && named) {
        struct value path = below(w, target, name);
        command_add_write(w, dir, &path);
        return;
    }
    command_add_write(w, dir, target);
    struct str whole;
    if (named && command_resolve(w, dir, target, &whole) && is_on_path(w, whole))
        command_replace_named(w, name);
}

/* The last operand, or what an option names, gets what the others are. */
void command_copy_files(struct walk *w, const struct command_args *args, enum use use,
                        const struct value *target, struct str dir)
{
    struct values sources = args->operands;
    bool into = target != NULL;
    if (!target && sources.n < 2) {
        w->out.writes.unknown |= sources.n == 1;
        return;
    }
    if (!target) {
        target = &sources.at[--sources.n];
        into = sources.n > 1 || ends_with_slash(target) ||
               catalog_lists(w->c->catalog, LIT("path"), target->text);
    }
    for (size_t i = 0; i < sources.n; i++) {
        if (use != USE_LINK)
            command_add_path(w, &w->out.reads, dir, &sources.at[i]);
        if (use == USE_MOVE)
            command_add_path(w, &w->out.deletes, dir, &sources.at[i]);
        write_copy(w, &sources.at[i], target, into, dir);
    }
}

/* The last component of a URL, without its query. */
static struct str url_name(struct str url, struct str suffix)
{
    url = str_slice(url, 0, str_find(url, '?'));
    while (url.len && url.at[url.len - 1] == '/')
        url.len--;
    struct str name = path_name(url);
    return str_ends(name, suffix) ? str_slice(name, 0, name.len - suffix.len) : name;
}

static void write_named_by_url(struct walk *w, const struct value *url, struct str suffix,
                               struct str dir)
{
    struct value name = *url;
    name.text = url_name(url->text, suffix);
    if (!suffix.len)
        command_add_path(w, &w->out.downloads, dir, &name);
    if (name.unknown && str_starts(name.text, LIT("*")))
        name.unknown = false; /* one component, whatever it is */
    command_add_write(w, dir, &name);
}

/* Of what it saves, where it comes from; else it prints it. */
static void note_origin(struct walk *w, const struct value *url, const struct value *file,
                        struct str dir)
{
    struct download download = {.url = url->text};
    if (!file || str_eq(file->text, LIT("-")))
        vec_add(w->c->arena, &w->printed, url->text);
    else if (command_resolve(w, dir, file, &download.path))
        vec_add(w->c->arena, &w->downloads, download);
}

void command_download(struct walk *w, const struct command_args *args, uint64_t deeds,
                      struct str dir)
{
    const struct value *file = command_args_value(args, USE_WRITES);
    bool names_itself = (deeds & DOES(SAVES)) && !command_args_has(args, USE_WRITES);
    for (size_t i = 0; i < args->operands.n; i++) {
        struct value name = args->operands.at[i];
        name.text = url_name(name.text, LIT(""));
        note_origin(w, &args->operands.at[i], names_itself ? &name : file, dir);
        if (names_itself)
            write_named_by_url(w, &args->operands.at[i], LIT(""), dir);
    }
}

void command_clone(struct walk *w, const struct values *operands, struct str dir)
{
    if (operands->n > 1)
        command_add_write(w, dir, &operands->at[1]);
    else if (operands->n == 1)
        write_named_by_url(w, &operands->at[0], LIT(".git"), dir);
}

void command_keyed(struct walk *w, const struct values *operands, struct str dir)
{
    for (size_t i = 0; i < operands->n; i++) {
        struct value v = operands->at[i];
        bool reads = str_starts(v.text, LIT("if=")), writes = str_starts(v.text, LIT("of="));
        v.text = str_slice(v.text, 3, v.text.len);
        if (reads)
            command_add_path(w, &w->out.reads, dir, &v);
        if (writes)
            command_add_write(w, dir, &v);
    }
}

void command_write_beside(struct walk *w, const struct values *files, struct str dir)
{
    for (size_t i = 0; i < files->n; i++) {
        struct value v = files->at[i];
        struct str parent = path_directory(v.text);
        v.text = str_find(v.text, '/') < v.text.len ? str_concat(w->c->arena, parent, LIT("/*"))
                                                    : LIT("*");
        v.glob = true;
        v.unknown &= !str_eq(v.text, LIT("*"));
        command_add_write(w, dir, &v);
    }
}

void command_read_files(struct walk *w, const struct values *files, uint64_t deeds, struct str dir)
{
    add_paths(w, &w->out.reads, files, dir);
    if (deeds & DOES(EDITS))
        command_add_writes(w, files, dir);
    if (deeds & DOES(DELETES))
        add_paths(w, &w->out.deletes, files, dir);
    if (deeds & DOES(WRITES_BESIDE))
        command_write_beside(w, files, dir);
}

void command_delete_files(struct walk *w, const struct values *files, uint64_t deeds,
                          struct str dir)
{
    add_paths(w, &w->out.deletes, files, dir);
    command_drop_removed(w, files, (deeds & DOES(RECURSIVE)) != 0);
}
