/* What a command that its row has read does: paths, packages, lists and caches, the shell. */
#include "ir/command_walk.h"

enum { MAX_ROOTS = 4 };

/* ---- commands that another file may replace in PATH ---- */

static struct str directory_of(struct str path)
{
    size_t end = path.len;
    while (end && path.at[end - 1] != '/')
        end--;
    return str_slice(path, 0, end > 1 ? end - 1 : end);
}

static struct str name_of(struct str path)
{
    size_t from = path.len;
    while (from && path.at[from - 1] != '/')
        from--;
    return str_slice(path, from, path.len);
}

static bool is_in_tree_list(const struct walk *w, struct str list, struct str path)
{
    const struct tree_list *trees = catalog_trees(w->c->catalog, list);
    for (size_t i = 0; trees && i < trees->n_paths; i++)
        if (str_eq(trees->paths[i], path))
            return true;
    return false;
}

static bool is_on_path(const struct walk *w, struct str dir)
{
    return is_in_tree_list(w, LIT("path"), dir);
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
static void replace_any(struct walk *w)
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

static void replace_named(struct walk *w, struct str name)
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

static bool resolve(struct walk *w, struct str dir, const struct value *v, struct str *out)
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
    if (!resolve(w, dir, path, &whole))
        to->unknown = true;
    else if (!is_virtual(whole))
        set_add(w->c->arena, to, whole);
}

void command_add_write(struct walk *w, struct str dir, const struct value *path)
{
    struct str whole;
    command_add_path(w, &w->out.writes, dir, path);
    if (names_no_file(path) || !resolve(w, dir, path, &whole))
        return;
    if (path->glob ? holds_path(w, directory_of(whole)) : holds_path(w, whole))
        replace_any(w);
    else if (is_on_path(w, directory_of(whole)))
        replace_named(w, name_of(whole));
}

static void add_paths(struct walk *w, struct set *to, const struct values *paths, struct str dir)
{
    for (size_t i = 0; i < paths->n; i++)
        command_add_path(w, to, dir, &paths->at[i]);
}

static void add_writes(struct walk *w, const struct values *paths, struct str dir)
{
    for (size_t i = 0; i < paths->n; i++)
        command_add_write(w, dir, &paths->at[i]);
}

static struct value known(struct str text)
{
    return (struct value){.text = text};
}

static struct value something(void)
{
    return (struct value){.text = LIT("*"), .glob = true, .unknown = true};
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
        return known(path);
    if (!w->home.len)
        return something();
    return known(str_concat(w->c->arena, w->home, str_slice(path, 1, path.len)));
}

/* A row's fixed paths: `@name` is a list's, `?` anything. */
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

static void add_usage_paths(struct walk *w, const struct usage *u)
{
    add_fixed(w, &w->out.reads, u->reads, u->n_reads);
    add_fixed(w, &w->out.writes, u->writes, u->n_writes);
    add_fixed(w, &w->out.deletes, u->deletes, u->n_deletes);
}

/* ---- what is surely removed ---- */

static struct str take_component(struct str *path)
{
    while (path->len && path->at[0] == '/')
        *path = str_slice(*path, 1, path->len);
    size_t end = str_find(*path, '/');
    struct str part = str_slice(*path, 0, end);
    *path = str_slice(*path, end, path->len);
    return part;
}

/* Removing `item` removes all that `mess` (a glob) matches. A shorter path removes what is below
 * it, which takes -r; so does a `*` that may match directories. */
static bool covers(struct str item, struct str mess, bool recursive, bool flat)
{
    while (item.len) {
        struct str ours = take_component(&item), theirs = take_component(&mess);
        if (!str_eq(ours, theirs) && !str_eq(ours, LIT("*")) && !str_eq(ours, LIT("**")))
            return false;
        if (!theirs.len)
            return false;
    }
    return recursive || (flat && mess.len == 0);
}

/* The path as the catalog writes it: below the home as `~`. */
static struct str as_catalog(const struct walk *w, struct str path)
{
    bool in_root = str_eq(path, LIT("/root")) || str_starts(path, LIT("/root/"));
    if (!in_root || !w->root_home)
        return path;
    return str_concat(w->c->arena, LIT("~"), str_slice(path, 5, path.len));
}

static bool has_star(struct str text)
{
    return str_find(text, '*') < text.len;
}

static bool is_covered(struct walk *w, const struct values *items, const struct mess *m,
                       struct str path, bool recursive)
{
    for (size_t i = 0; i < items->n; i++) {
        const struct value *v = &items->at[i];
        struct str whole;
        bool literal_star = !v->glob && has_star(v->text);
        bool braced = v->braced && w->before->shell_kind != SHELL_BASH;
        bool sure = !v->unknown && !literal_star && !braced;
        if (sure && resolve(w, w->now.cwd, v, &whole) &&
            covers(as_catalog(w, whole), path, recursive, m->flat))
            return true;
    }
    return false;
}

static bool is_removed(struct walk *w, const struct values *items, const struct mess *m,
                       bool recursive)
{
    for (size_t i = 0; i < m->n_paths; i++)
        if (!is_covered(w, items, m, m->paths[i], recursive))
            return false;
    return m->n_paths > 0;
}

static void drop(struct walk *w, enum mess_kind kind, struct str manager)
{
    struct track *t = &w->now;
    if (w->uncertain)
        return;
    set_remove(kind == MESS_LISTS ? &t->lists : &t->caches, manager);
    if (kind == MESS_LISTS)
        set_remove(&t->fetched, manager);
    set_add(w->c->arena, kind == MESS_LISTS ? &t->drops_lists : &t->drops_caches, manager);
}

static bool is_kind_removed(struct walk *w, const struct values *items, const struct manager *m,
                            enum mess_kind kind, bool recursive)
{
    bool any = false;
    for (size_t i = 0; i < m->n_messes; i++) {
        if (m->messes[i].kind != kind)
            continue;
        if (!is_removed(w, items, &m->messes[i], recursive))
            return false;
        any = true;
    }
    return any;
}

static void drop_removed(struct walk *w, const struct values *items, bool recursive)
{
    size_t n = catalog_manager_count(w->c->catalog);
    for (size_t i = 0; i < n; i++) {
        const struct manager *m = catalog_manager_at(w->c->catalog, i);
        if (is_kind_removed(w, items, m, MESS_LISTS, recursive))
            drop(w, MESS_LISTS, m->name);
        if (is_kind_removed(w, items, m, MESS_CACHE, recursive))
            drop(w, MESS_CACHE, m->name);
    }
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
    struct str name = name_of(source->text);
    bool named = !source->glob && name.len && !str_eq(name, LIT(".")) && !str_eq(name, LIT(".."));
    if (into_directory && named) {
        struct value path = below(w, target, name);
        command_add_write(w, dir, &path);
        return;
    }
    command_add_write(w, dir, target);
    struct str whole;
    if (named && resolve(w, dir, target, &whole) && is_on_path(w, whole))
        replace_named(w, name);
}

/* The last operand, or what an option names, gets what the others are. */
static void copy_files(struct walk *w, const struct command_args *args, enum use use,
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
        into = sources.n > 1 || ends_with_slash(target);
    }
    for (size_t i = 0; i < sources.n; i++) {
        if (use != USE_LINK)
            command_add_path(w, &w->out.reads, dir, &sources.at[i]);
        if (use == USE_MOVE)
            command_add_path(w, &w->out.deletes, dir, &sources.at[i]);
        write_copy(w, &sources.at[i], target, into, dir);
    }
}

static bool has_option_with(const struct command_args *args, enum use use)
{
    for (size_t i = 0; i < args->options.n; i++)
        if (args->options.at[i].option && args->options.at[i].option->value == use)
            return true;
    return false;
}

static const struct value *option_value(const struct command_args *args, enum use use)
{
    for (size_t i = args->options.n; i-- > 0;) {
        const struct given *g = &args->options.at[i];
        if (g->option && g->option->value == use && g->has_value)
            return &g->value;
    }
    return NULL;
}

/* The last component of a URL, without its query. */
static struct str url_name(struct str url, struct str suffix)
{
    url = str_slice(url, 0, str_find(url, '?'));
    while (url.len && url.at[url.len - 1] == '/')
        url.len--;
    struct str name = name_of(url);
    return str_ends(name, suffix) ? str_slice(name, 0, name.len - suffix.len) : name;
}

static void write_named_by_url(struct walk *w, const struct value *url, struct str suffix,
                               struct str dir)
{
    struct value name = *url;
    name.text = url_name(url->text, suffix);
    if (name.unknown && str_starts(name.text, LIT("*")))
        name.unknown = false; /* one component, whatever it is */
    command_add_write(w, dir, &name);
}

static void download(struct walk *w, const struct command_args *args, unsigned deeds,
                     struct str dir)
{
    if (!(deeds & DOES_SAVES) || has_option_with(args, USE_WRITES))
        return;
    for (size_t i = 0; i < args->operands.n; i++)
        write_named_by_url(w, &args->operands.at[i], LIT(""), dir);
}

static void clone(struct walk *w, const struct values *operands, struct str dir)
{
    if (operands->n > 1)
        command_add_write(w, dir, &operands->at[1]);
    else if (operands->n == 1)
        write_named_by_url(w, &operands->at[0], LIT(".git"), dir);
}

static void keyed(struct walk *w, const struct values *operands, struct str dir)
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

static void write_beside(struct walk *w, const struct values *files, struct str dir)
{
    for (size_t i = 0; i < files->n; i++) {
        struct value v = files->at[i];
        struct str parent = directory_of(v.text);
        v.text = str_find(v.text, '/') < v.text.len ? str_concat(w->c->arena, parent, LIT("/*"))
                                                    : LIT("*");
        v.glob = true;
        v.unknown &= !str_eq(v.text, LIT("*"));
        command_add_write(w, dir, &v);
    }
}

static void read_files(struct walk *w, const struct values *files, unsigned deeds, struct str dir)
{
    add_paths(w, &w->out.reads, files, dir);
    if (deeds & DOES_EDITS)
        add_writes(w, files, dir);
    if (deeds & DOES_DELETES)
        add_paths(w, &w->out.deletes, files, dir);
    if (deeds & DOES_WRITES_BESIDE)
        write_beside(w, files, dir);
}

static void delete_files(struct walk *w, const struct values *files, unsigned deeds, struct str dir)
{
    add_paths(w, &w->out.deletes, files, dir);
    drop_removed(w, files, (deeds & DOES_RECURSIVE) != 0);
}

/* ---- operands: packages ---- */

/* `.`, `./x`, `../x`, `.[extra]`; but .name is an ordinary name. */
static bool is_relative_path(struct str text)
{
    char second = text.len > 1 ? text.at[1] : '/';
    return str_starts(text, LIT(".")) && (second == '/' || second == '.' || second == '[');
}

static bool is_package_path(const struct value *v)
{
    return str_starts(v->text, LIT("/")) || is_relative_path(v->text) ||
           str_starts(v->text, LIT("~")) || str_search(v->text, LIT("://")) < v->text.len;
}

/* The name before a version mark; the first character never is one (@scope/name). */
static struct str package_name(struct str text, struct str marks)
{
    for (size_t i = 1; i < text.len; i++)
        if (str_find(marks, text.at[i]) < marks.len)
            return str_slice(text, 0, i);
    return text;
}

static void add_package(struct walk *w, const struct command_args *args, struct set *to,
                        const struct value *v, unsigned deeds)
{
    struct str manager = args->row->manager;
    const struct manager *m = catalog_manager(w->c->catalog, manager);
    struct str name = package_name(v->text, m ? m->version_marks : LIT(""));
    if (is_package_path(v)) {
        command_add_path(w, &w->out.reads, w->now.cwd, v);
        to->unknown = true;
        return;
    }
    if (v->glob && has_star(name)) {
        to->unknown = true;
        if (deeds & DOES_NAMED_AS_PACKAGE)
            replace_any(w);
        return;
    }
    if (deeds & DOES_NAMED_AS_PACKAGE)
        replace_named(w, name);
    set_add(w->c->arena, to, str_printf(w->c->arena, "%.*s:%.*s", STR(manager), STR(name)));
}

static void add_packages(struct walk *w, const struct command_args *args, struct set *to,
                         const struct values *names, unsigned deeds)
{
    for (size_t i = 0; i < names->n; i++)
        add_package(w, args, to, &names->at[i], deeds);
}

/* ---- lists and caches ---- */

static bool cache_is_off(const struct walk *w, const struct manager *m)
{
    for (size_t i = 0; i < m->n_no_cache_env; i++) {
        const struct env *bound = env_find(w->now.env, m->no_cache_env[i]);
        if (bound && bound->kind == ENV_SET && bound->value.len)
            return true;
    }
    return false;
}

static void use_lists(struct walk *w, struct str manager, unsigned deeds)
{
    struct arena *a = w->c->arena;
    if ((deeds & DOES_NEEDS_LISTS) && set_has(&w->now.fetched, manager) != YES)
        set_add(a, &w->out.needs_lists, manager);
    if (!(deeds & DOES_FETCHES_LISTS))
        return;
    set_add(a, &w->now.lists, manager);
    set_add(a, &w->now.fetched, manager);
}

static void manage(struct walk *w, const struct command_args *args, unsigned deeds)
{
    struct str manager = args->row->manager;
    const struct manager *m = catalog_manager(w->c->catalog, manager);
    if (!m)
        return;
    if (!(deeds & DOES_NO_CACHE))
        use_lists(w, manager, deeds);
    if ((deeds & DOES_LEAVES_CACHE) && !(deeds & DOES_NO_CACHE) && !cache_is_off(w, m))
        set_add(w->c->arena, &w->now.caches, manager);
    if (deeds & DOES_DROPS_LISTS)
        drop(w, MESS_LISTS, manager);
    if (deeds & DOES_DROPS_CACHE)
        drop(w, MESS_CACHE, manager);
}

/* ---- the shell itself ---- */

static const struct {
    unsigned deed, flag;
} shell_deeds[] = {
    {DOES_NETWORK, FX_NETWORK}, {DOES_DAEMON, FX_BACKGROUND}, {DOES_CD, FX_CD},
    {DOES_NOGLOB, FX_NOGLOB},   {DOES_STATE, FX_STATE},       {DOES_ASSIGNS, FX_STATE},
    {DOES_EXIT, FX_EXIT},       {DOES_ERREXIT, FX_ERREXIT},   {DOES_OPTIONS, FX_OPTIONS},
    {DOES_ALIAS, FX_ALIAS},     {DOES_HIDDEN, FX_HIDDEN},
};

static void change_directory(struct walk *w, const struct command_args *args)
{
    struct value to = args->operands.n ? args->operands.at[0] : known(w->home);
    bool told =
        command_args_operands(args) != USE_IGNORED && to.text.len && !str_eq(to.text, LIT("-"));
    if (!told || !resolve(w, w->now.cwd, &to, &w->now.cwd))
        w->now.cwd = LIT("");
}

static void assign(struct walk *w, const struct value *v)
{
    size_t equals = str_find(v->text, '=');
    struct str name = str_slice(v->text, 0, equals);
    bool told = equals < v->text.len && !v->unknown;
    struct env binding = {.name = name,
                          .value = str_slice(v->text, equals + 1, v->text.len),
                          .kind = told ? ENV_SET : ENV_OPAQUE};
    w->now.env = env_bind(w->c->arena, w->now.env, binding);
    if (str_eq(name, LIT("PATH")))
        w->out.flags |= FX_PATH;
}

static void change_shell(struct walk *w, const struct command_args *args, unsigned deeds)
{
    for (size_t i = 0; i < sizeof shell_deeds / sizeof *shell_deeds; i++)
        if (deeds & shell_deeds[i].deed)
            w->out.flags |= shell_deeds[i].flag;
    if (deeds & DOES_CD)
        change_directory(w, args);
    for (size_t i = 0; (deeds & DOES_ASSIGNS) && i < args->operands.n; i++)
        assign(w, &args->operands.at[i]);
    if (args->row->style == STYLE_SET && (args->operands.n || args->dashes))
        w->out.flags |= FX_OPTIONS;
    for (size_t i = 0; args->row->style == STYLE_SET && i < args->operands.n; i++)
        if (args->operands.at[i].unknown)
            w->out.flags |= FX_ERREXIT | FX_NOGLOB;
}

/* ---- commands that run commands ---- */

void command_unknown(struct walk *w)
{
    effects_forget(&w->out);
    w->out.flags |= FX_NETWORK;
}

void command_hidden(struct walk *w)
{
    command_unknown(w);
    w->out.flags |= FX_HIDDEN;
    replace_any(w);
}

void command_sourced(struct walk *w)
{
    struct effects anything = effects_anything();
    w->out.flags |= anything.flags;
    command_hidden(w);
    w->now.env = NULL;
    w->now.cwd = LIT("");
}

/* An external program's code: files and commands cannot be told, packages and lists are its row's.
 */
static void run_recipes(struct walk *w)
{
    w->out.reads.unknown = w->out.writes.unknown = w->out.deletes.unknown = true;
    w->out.commands.unknown = true;
}

/* -exec CMD {}: each root's tree stands for what is found in it. */
static struct values with_found(struct walk *w, const struct values *words, struct str root)
{
    struct values out = {0};
    for (size_t i = 0; i < words->n; i++) {
        struct value v = words->at[i];
        size_t at = str_search(v.text, LIT("{}"));
        if (at < v.text.len) {
            v.text = str_printf(w->c->arena, "%.*s%.*s%.*s", STR(str_slice(v.text, 0, at)),
                                STR(root), STR(str_slice(v.text, at + 2, v.text.len)));
        }
        vec_add(w->c->arena, &out, v);
    }
    return out;
}

static void run_found(struct walk *w, const struct command_args *args, const struct given *g,
                      const struct sh_command *from)
{
    struct values words = {args->words.at + g->words, g->n_words, g->n_words};
    bool uncertain = w->uncertain;
    w->uncertain = true;
    for (size_t i = 0; words.n && i < args->operands.n && i < MAX_ROOTS; i++) {
        struct value root = args->operands.at[i];
        struct str whole = LIT("*");
        if (!resolve(w, w->now.cwd, &root, &whole))
            run_recipes(w);
        command_run(w, with_found(w, &words, whole), from);
    }
    w->uncertain = uncertain;
}

static void run_wrapped(struct walk *w, const struct command_args *args,
                        const struct sh_command *from)
{
    struct values words = {0};
    for (size_t i = args->command; i < args->words.n; i++)
        vec_add(w->c->arena, &words, args->words.at[i]);
    if (command_args_operands(args) == USE_COMMAND_MORE)
        vec_add(w->c->arena, &words, something());
    command_run(w, words, from);
}

/* A here-document that stands as standard input. */
static const struct sh_redirect *document_of(const struct sh_command *from)
{
    for (size_t i = from->redirects.n; i-- > 0;) {
        const struct sh_redirect *r = &from->redirects.at[i];
        if (r->number.len == 0 && (r->kind == SH_HEREDOC || r->kind == SH_HEREDOC_TABS))
            return r;
    }
    return NULL;
}

/* `sh FILE`, `python FILE`, or code on standard input; a shell's here-document can be read. What is
 * given in the command line (perl -e) is for the task at hand: it installs no commands. */
static void run_script_file(struct walk *w, const struct command_args *args,
                            const struct sh_command *from)
{
    const struct sh_redirect *document = document_of(from);
    if (args->operands.n)
        command_add_path(w, &w->out.reads, w->now.cwd, &args->operands.at[0]);
    bool is_shell = args->row->usage.does & DOES_SYSTEM;
    if (args->operands.n == 0 && document && is_shell) {
        struct word_reader reader = command_word_reader(w);
        struct value text = word_value(&reader, document->body);
        command_walk_script(w, &text, true);
        return;
    }
    if (has_option_with(args, USE_PROGRAM_TEXT))
        run_recipes(w);
    else
        command_hidden(w);
}

/* eval: its operands, with blanks between them, in this shell. */
static void run_eval(struct walk *w, const struct values *operands)
{
    struct strs texts = {0};
    struct value script = {0};
    for (size_t i = 0; i < operands->n; i++) {
        vec_add(w->c->arena, &texts, operands->at[i].text);
        script.unknown |= operands->at[i].glob;
    }
    script.text = str_join(w->c->arena, &texts, LIT(" "));
    command_walk_script(w, &script, false);
}

/* ---- the whole of one command ---- */

/* The directory that options name, below the shell's. */
static struct str working_directory(struct walk *w, const struct command_args *args)
{
    const struct value *named = option_value(args, USE_DIRECTORY);
    struct str dir = w->now.cwd;
    if (named && !resolve(w, w->now.cwd, named, &dir))
        return LIT("");
    return dir;
}

static void apply_option(struct walk *w, const struct command_args *args, const struct given *g,
                         unsigned deeds, const struct sh_command *from)
{
    struct values one = {(struct value *)&g->value, 1, 1};
    switch ((int)g->option->value) {
    case USE_READS:
    case USE_PROGRAM_FILE:
        command_add_path(w, &w->out.reads, w->now.cwd, &g->value);
        break;
    case USE_WRITES:
        command_add_write(w, working_directory(w, args), &g->value);
        break;
    case USE_DELETES:
        command_add_path(w, &w->out.deletes, w->now.cwd, &g->value);
        break;
    case USE_INSTALLS:
        add_packages(w, args, &w->out.installs, &one, deeds);
        break;
    case USE_PACKAGE_FILE:
        command_add_path(w, &w->out.reads, w->now.cwd, &g->value);
        w->out.installs.unknown = true;
        break;
    case USE_SCRIPT:
        command_walk_script(w, &g->value, true);
        break;
    case USE_COMMAND_TO_SEMICOLON:
        run_found(w, args, g, from);
        break;
    default:
        break;
    }
}

static void apply_options(struct walk *w, const struct command_args *args, unsigned deeds,
                          const struct sh_command *from)
{
    for (size_t i = 0; i < args->options.n; i++) {
        const struct given *g = &args->options.at[i];
        bool usable = g->option && (g->has_value || g->option->value == USE_COMMAND_TO_SEMICOLON);
        if (usable)
            apply_option(w, args, g, deeds, from);
    }
}

/* The operands behind those that the row skips, and behind a program's text. */
static struct values operands_of(const struct command_args *args, enum use use)
{
    size_t skip = command_args_skip(args);
    bool has_program =
        has_option_with(args, USE_PROGRAM_TEXT) || has_option_with(args, USE_PROGRAM_FILE);
    if (use == USE_MODE || (use == USE_PROGRAM && !has_program))
        skip++;
    if (skip > args->operands.n)
        skip = args->operands.n;
    size_t n = args->operands.n - skip;
    return (struct values){n ? args->operands.at + skip : NULL, n, n};
}

static void apply_unknown_operands(struct walk *w)
{
    w->out.reads.unknown = w->out.writes.unknown = w->out.deletes.unknown = true;
}

static void apply_operands(struct walk *w, const struct command_args *args, unsigned deeds,
                           const struct sh_command *from)
{
    enum use use = command_args_operands(args);
    struct values operands = operands_of(args, use);
    struct str dir = working_directory(w, args);
    bool from_cwd = (deeds & DOES_WRITES_HERE) != 0; /* the directory is for what is written */
    switch (use) {
    case USE_READS:
    case USE_PROGRAM:
        read_files(w, &operands, deeds, from_cwd ? w->now.cwd : dir);
        return;
    case USE_WRITES:
    case USE_MODE:
        add_writes(w, &operands, dir);
        return;
    case USE_DELETES:
        delete_files(w, &operands, deeds, dir);
        return;
    case USE_COPY:
    case USE_MOVE:
    case USE_LINK:
        copy_files(w, args, use, option_value(args, USE_TARGET), dir);
        return;
    case USE_INSTALLS:
        add_packages(w, args, &w->out.installs, &operands, deeds);
        return;
    case USE_REMOVES:
        add_packages(w, args, &w->out.removes, &operands, deeds);
        return;
    case USE_SCRIPT_FILE:
        if (!has_option_with(args, USE_SCRIPT) && !has_option_with(args, USE_COMMAND))
            run_script_file(w, args, from);
        return;
    case USE_SCRIPT:
        run_eval(w, &operands);
        return;
    case USE_KEYED:
        keyed(w, &operands, dir);
        return;
    case USE_DOWNLOAD:
        download(w, args, deeds, dir);
        return;
    case USE_CLONE:
        clone(w, &operands, dir);
        return;
    case USE_UNKNOWN:
        apply_unknown_operands(w);
        return;
    case USE_NOTHING:
    case USE_IGNORED:
    case USE_OPTIONAL:
    case USE_DIRECTORY:
    case USE_TARGET:
    case USE_PROGRAM_TEXT:
    case USE_PROGRAM_FILE:
    case USE_PACKAGE_FILE:
    case USE_COMMAND:
    case USE_COMMAND_MORE:
    case USE_COMMAND_TO_SEMICOLON:
        return;
    }
}

/* What the command itself does, before whatever it runs. */
static void apply_own(struct walk *w, const struct command_args *args, unsigned deeds,
                      const struct sh_command *from)
{
    add_usage_paths(w, &args->row->usage);
    if (args->verb)
        add_usage_paths(w, &args->verb->usage);
    apply_options(w, args, deeds, from);
    apply_operands(w, args, deeds, from);
    if (deeds & DOES_WRITES_HERE) {
        struct value here = known(LIT("."));
        command_add_write(w, working_directory(w, args), &here);
    }
    if (deeds & DOES_HIDDEN)
        run_recipes(w);
    if (deeds & DOES_ANY_COMMAND)
        replace_any(w);
    if (deeds & DOES_SOURCES)
        command_sourced(w);
    manage(w, args, deeds);
    change_shell(w, args, deeds);
}

void command_apply(struct walk *w, const struct command_args *args, const struct sh_command *from)
{
    unsigned deeds = command_args_deeds(args);
    w->asked = (deeds & DOES_ASKS) != 0;
    if (deeds & DOES_HARMLESS)
        return;
    struct str home = w->home, cwd = w->now.cwd;
    if (deeds & DOES_OTHER_USER) {
        w->home = w->now.cwd = LIT("");
    }
    if (args->verb_unknown)
        command_unknown(w);
    apply_own(w, args, deeds, from);
    if (args->command < args->words.n)
        run_wrapped(w, args, from);
    if (deeds & DOES_OTHER_USER) {
        w->home = home;
        w->now.cwd = cwd;
    }
}
