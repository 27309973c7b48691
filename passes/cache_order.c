/* cache-order: dependencies are installed before the sources are copied. Details: `explain`. */
#include "ir/change.h"
#include "ir/command.h"
#include "ir/copy.h"
#include "ir/layout.h"
#include "ir/manifest/manifest.h"
#include "ir/rewrite.h"
#include "passes/legality.h"

static const char explain[] =
    "The files that list a project's dependencies are copied, and these installed, before all else "
    "of it. Off by default:\n"
    "--enable=cache-order.\n"
    "\n"
    "    WORKDIR /app                   WORKDIR /app\n"
    "    COPY . .                 =>    COPY package.json package-lock.json ./\n"
    "    RUN npm ci                     RUN npm ci\n"
    "                                   COPY . .\n"
    "\n"
    "For build time: a change of the sources no longer installs everything again.\n"
    "\n"
    "Legal when\n"
    " 1. a COPY of one directory of the context is followed by a RUN of one command that the "
    "catalog\n"
    "    (installs) knows to read those files alone, in the directory that was copied "
    "to;\n"
    " 2. the files are in the context, and what is with them gives the command nothing more to "
    "read: "
    "scripts of\n"
    "    package.json that run on installing, workspaces, packages that are directories;\n"
    " 3. the context has nothing of what the command makes (node_modules): the COPY would put it "
    "on "
    "top;\n"
    " 4. no file's name needs quotes.\n"
    "\n"
    "Left alone: commands that may rewrite their lock file (npm install); RUNs with other commands "
    "or mounts.\n";

enum reason { OTHER_DIRECTORY, NO_MANIFEST, READS_MORE, LOCAL_PACKAGE, IN_CONTEXT, ODD_NAME };

static const struct rule rules[] = {
    [OTHER_DIRECTORY] = {"cache-order/other-directory",
                         "it runs in another directory than that which was copied to"},
    [NO_MANIFEST] = {"cache-order/no-manifest",
                     "the files that list its dependencies are not in the build context, or not "
                     "understood"},
    [READS_MORE] = {"cache-order/reads-more", "with this it reads more of the project"},
    [LOCAL_PACKAGE] = {"cache-order/local-package", "a dependency is a directory of the project"},
    [IN_CONTEXT] = {"cache-order/in-context",
                    "the context has, or may have, what would be copied over the result"},
    [ODD_NAME] = {"cache-order/odd-name", "a file's name would need quotes"},
};

static const struct rule applied = {"cache-order/ordered",
                                    "dependencies are installed before the sources are copied"};

struct plan {
    const struct dependency_install *row;
    struct str list;   /* what names the dependencies, in the command's directory */
    struct str folder; /* of the context */
    struct copy copy;
    struct strs files; /* in the folder */
};

/* ---- sites ---- */

/* The command and its operands: "npm ci". */
static bool is_named(struct arena *a, const struct invocation *run, struct str name)
{
    struct str called = run->name;
    for (size_t i = 0; i < run->words.n; i++) {
        if (!run->words.at[i].at)
            return false;
        called = str_concat(a, str_concat(a, called, LIT(" ")), run->words.at[i]);
    }
    return str_eq(called, name);
}

/* Options are those of the row, or say nothing of files. */
static bool has_known_options(const struct dependency_install *row, const struct invocation *run,
                              struct plan *p)
{
    bool required = !row->n_options;
    size_t lists = 0;
    for (size_t i = 0; i < run->options.n; i++) {
        const struct invocation_option *o = &run->options.at[i];
        bool listed = row->listed_by.len && str_eq(o->name, row->listed_by);
        if (listed && (!o->known || ++lists > 1))
            return false;
        if (listed)
            p->list = o->value;
        else if (o->use != USE_NOTHING && o->use != USE_IGNORED && o->use != USE_OPTIONAL)
            return false;
        for (size_t k = 0; k < row->n_options; k++)
            required |= str_eq(o->name, row->options[k]);
    }
    return required && (!row->listed_by.len || lists == 1);
}

static const struct dependency_install *row_of(struct compile *c, const struct invocation *run,
                                               struct plan *p)
{
    for (size_t i = 0; i < catalog_install_count(c->catalog); i++) {
        const struct dependency_install *row = catalog_install_at(c->catalog, i);
        p->list = row->manifest;
        if (is_named(c->arena, run, row->name) && has_known_options(row, run, p))
            return row;
    }
    return NULL;
}

/* A RUN of one simple command that is a row's. */
static const struct dependency_install *installs(struct compile *c, struct instr *run,
                                                 struct plan *p, struct invocation *out)
{
    struct steps steps = {0};
    struct str mount;
    const struct sh_list *list = instr_commands(c, run);
    if (!list || df_flag(run->ast, LIT("mount"), &mount) ||
        !command_steps(c, &run->before, list, &steps) || steps.n != 1 || !steps.at[0].simple ||
        steps.at[0].runs.n != 1)
        return NULL;
    *out = steps.at[0].runs.at[0];
    return row_of(c, out, p);
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    if (!i || legality_is_long(c))
        return false;
    for (; i; i = i->next) {
        struct instr *run = i->stage && i->ast->kind == DF_COPY ? instr_next(i) : NULL;
        bool plain = run && run->ast->kind == DF_RUN && !i->ast->json && !i->ast->heredocs.n &&
                     i->ast->args.n == 2;
        struct plan *p = plain ? arena_alloc(c->arena, sizeof *p) : NULL;
        struct invocation invocation;
        if (!p || !(p->row = installs(c, run, p, &invocation)))
            continue;
        *site = (struct site){.at = i, .with = run, .plan = p};
        return true;
    }
    return false;
}

/* ---- legality ---- */

static struct str in_folder(struct compile *c, const struct plan *p, struct str name)
{
    if (!p->folder.len)
        return name;
    return str_concat(c->arena, str_concat(c->arena, p->folder, LIT("/")), name);
}

static bool add_file(struct compile *c, struct plan *p, struct str name)
{
    if (context_kind(c, in_folder(c, p, name)) != CONTEXT_FILE)
        return false;
    if (!strs_have(&p->files, name))
        vec_add(c->arena, &p->files, name);
    return true;
}

/* The COPY takes a directory of the context. */
static bool is_of_directory(struct compile *c, struct plan *p, const struct instr *copy)
{
    p->copy = copy_read(c, copy);
    if (p->copy.sources.n != 1 || p->copy.parents || !p->copy.to.len)
        return false;
    const struct copy_source *s = &p->copy.sources.at[0];
    return s->origin == COPY_CONTEXT && !s->glob && context_path(c->arena, s->path, &p->folder) &&
           context_kind(c, p->folder) == CONTEXT_DIRECTORY;
}

/* Rule 2. */
static bool reads_no_more(struct compile *c, struct plan *p, const struct manifest *m,
                          const struct instr *run, struct why *why)
{
    struct str value;
    for (size_t i = 0; i < p->row->n_hooks; i++)
        if (manifest_value(m, p->row->hooks[i], &value))
            return refuse_for(why, &rules[READS_MORE], run, p->row->hooks[i]);
    for (size_t i = 0; i < m->needs.n; i++)
        if (catalog_lists_like(c->catalog, LIT("local-versions"), m->needs.at[i].version))
            return refuse_for(why, &rules[LOCAL_PACKAGE], run, m->needs.at[i].name);
    if (m->more_needs)
        return refuse(why, &rules[LOCAL_PACKAGE], run);
    for (size_t i = 0; i < p->row->n_against; i++)
        if (context_has(c, in_folder(c, p, p->row->against[i])) != NO)
            return refuse_for(why, &rules[IN_CONTEXT], run, p->row->against[i]);
    return true;
}

/* Files that the list includes stand beside it. */
static bool add_included(struct compile *c, struct plan *p, const struct manifest *m)
{
    for (size_t i = 0; i < m->values.n; i++) {
        struct str key = m->values.at[i].key, name = m->values.at[i].value;
        if (!str_eq(key, LIT("include")) && !str_eq(key, LIT("constraint")))
            continue;
        if (str_find(name, '/') < name.len || !add_file(c, p, name))
            return false;
    }
    return true;
}

static bool find_files(struct compile *c, struct plan *p, const struct manifest *m)
{
    bool needed = !p->row->n_needs;
    if (!add_file(c, p, p->list) || !add_included(c, p, m))
        return false;
    for (size_t i = 0; i < p->row->n_needs; i++)
        needed |= add_file(c, p, p->row->needs[i]);
    for (size_t i = 0; i < p->row->n_also; i++)
        if (!add_file(c, p, p->row->also[i]) &&
            context_has(c, in_folder(c, p, p->row->also[i])) != NO)
            return false;
    return needed;
}

static bool is_plain(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && !strchr("._-/", c))
            return false;
    }
    return true;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct plan *p = site->plan;
    struct instr *copy = site->at, *run = site->with;
    struct span words = {copy->ast->keyword.start, copy->ast->args.at[1].joined.end};
    if (!is_of_directory(c, p, copy) || !join_is_whole(&copy->ast->joined, words) ||
        !pragma_allows(run, LIT("cache-order")))
        return false;
    if (!str_eq(p->copy.to, run->before.workdir) || str_find(p->list, '/') < p->list.len)
        return refuse(why, &rules[OTHER_DIRECTORY], run);
    const struct manifest *m = manifest_at(c, in_folder(c, p, p->list));
    if (!m)
        return refuse_for(why, &rules[NO_MANIFEST], run, p->list);
    if (!reads_no_more(c, p, m, run, why))
        return false;
    if (!find_files(c, p, m))
        return refuse_for(why, &rules[NO_MANIFEST], run, p->list);
    for (size_t i = 0; i < p->files.n; i++)
        if (!is_plain(in_folder(c, p, p->files.at[i])))
            return refuse_for(why, &rules[ODD_NAME], run, p->files.at[i]);
    return true;
}

/* ---- the change ---- */

/* With the flags of the COPY that it is taken from. */
static struct str copy_of_lists(struct compile *c, const struct plan *p, const struct instr *copy)
{
    const struct df_instr *ast = copy->ast;
    struct buf b = {.arena = c->arena};
    struct str to = str_span(ast->joined.text, ast->args.at[1].joined);
    buf_add(&b, str_slice(ast->joined.text, ast->keyword.start, ast->args.at[0].joined.start));
    for (size_t i = 0; i < p->files.n; i++) {
        buf_add(&b, in_folder(c, p, p->files.at[i]));
        buf_char(&b, ' ');
    }
    buf_add(&b, to);
    if (!str_ends(to, LIT("/")))
        buf_char(&b, '/');
    buf_add(&b, c->file->layout->newline);
    return buf_str(&b);
}

static bool apply(struct compile *c, const struct site *site)
{
    struct instr *copy = site->at;
    struct str lead = str_slice(copy->lead, 0, str_starts(copy->lead, LIT("\n")));
    struct instr *lists = rw_insert_after(c, copy->prev, lead, copy_of_lists(c, site->plan, copy));
    if (!lists)
        return false;
    change_add(c, lists);
    change_move(c, copy);
    rw_move_after(c, site->with, lists);
    return true;
}

const struct pass pass_cache_order = {
    .name = "cache-order",
    .summary = "dependencies are installed before sources are copied (off by default)",
    .explain = explain,
    .level = PASS_OFF,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = pass_gains_some,
    .apply = apply,
};
