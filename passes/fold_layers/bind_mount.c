/* fold-layers/bind-mount: a file that is copied, used and removed is mounted for its use. Details:
 * `explain`. */
#include "ir/change.h"
#include "ir/context.h"
#include "ir/layout.h"
#include "ir/rewrite.h"
#include "ir/state.h"
#include "passes/fold_layers/fold.h"

static const char explain[] =
    "A file that is copied, used by one RUN and removed by it is mounted into that RUN: no layer "
    "holds it.\n"
    "\n"
    "    COPY app.tgz /tmp/                       RUN --mount=type=bind,source=app.tgz,"
    "target=/tmp/app.tgz \\\n"
    "    RUN tar xf /tmp/app.tgz -C /srv \\   =>      tar xf /tmp/app.tgz -C /srv\n"
    "        && rm /tmp/app.tgz\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept, and the file's frontend knows --mount "
    "(BuildKit has it, and\n"
    "    buildah; docker's builder of old has not);\n"
    " 2. the COPY takes that one file from the context or another stage, gives it no owner or "
    "mode, "
    "and its directory is\n"
    "    there without it;\n"
    " 3. the RUN runs as root, and its commands are a chain in which the file is removed by name;\n"
    " 4. no other of its commands writes, moves or deletes the file, which is read-only in a "
    "mount; "
    "what unpacks archives\n"
    "    or installs packages into a tree writes others there; and none that follows the removal "
    "looks for it;\n"
    " 5. nothing between the two reads, writes or may touch the file.\n"
    "\n"
    "Worth it for archives, packages and the like by their names, and for what the build context "
    "shows to be large.\n"
    "Left alone: ADD of an archive's URL. ADD that unpacks in place of tar: it gives files the "
    "numbers of their owners,\n"
    "where tar looks up the names.\n";

enum reason {
    FRONTEND,
    OWN_FLAGS,
    ODD_PATH,
    NEW_PARENT,
    NOT_ROOT,
    NOT_CHAINED,
    TOUCHED,
    USED_BETWEEN,
    COMMENTED
};

static const struct rule rules[] = {
    [FRONTEND] = {"fold-layers/bind-mount/frontend",
                  "the frontend that the file names may not know RUN --mount"},
    [OWN_FLAGS] = {"fold-layers/bind-mount/own-flags",
                   "the COPY has flags that a mount cannot stand for"},
    [ODD_PATH] = {"fold-layers/bind-mount/odd-path",
                  "a path has a variable or a character that a mount's fields do not take"},
    [NEW_PARENT] = {"fold-layers/bind-mount/new-parent",
                    "COPY may make the directory of the file, which stays"},
    [NOT_ROOT] = {"fold-layers/bind-mount/not-root", "the RUN does not run as root"},
    [NOT_CHAINED] = {"fold-layers/bind-mount/not-chained",
                     "the removal is not one of a plain chain, or its failure may be ignored"},
    [TOUCHED] = {"fold-layers/bind-mount/touched",
                 "a command of the RUN may write or delete the file, or look for it afterwards"},
    [USED_BETWEEN] = {"fold-layers/bind-mount/used-between",
                      "an instruction in between uses the file, or may"},
    [COMMENTED] = {"fold-layers/bind-mount/commented", "a comment speaks of the COPY"},
};

static const struct rule applied = {"fold-layers/bind-mount/mounted",
                                    "a file that is copied and removed is mounted"};

struct plan {
    const struct files_command *by;
    size_t file; /* of those that it removes */
    struct instr *copy;
    struct copy_source source;
    int64_t bytes;
    struct str mount;
};

/* Where no name of an archive is needed to know. */
enum { WORTH = 64 * 1024 };

/* ---- sites ---- */

static bool has_bulky_name(struct compile *c, struct str name)
{
    const struct tree_list *endings = catalog_trees(c->catalog, LIT("bulky-files"));
    for (size_t i = 0; endings && i < endings->n_paths; i++)
        if (str_ends(name, endings->paths[i]))
            return true;
    return false;
}

/* It puts one file at `path`, and nothing else. */
static bool puts_file(struct compile *c, const struct instr *i, struct str path, struct plan *plan)
{
    struct copy copy = copy_read(c, i);
    struct str to;
    if (copy.sources.n != 1 || copy.sources.at[0].unpacks != NO)
        return false;
    struct copy_source source = copy.sources.at[0];
    bool taken = source.origin == COPY_CONTEXT || source.origin == COPY_FROM;
    struct context_entry entry = context_raw(c, source.path);
    bool shown = source.origin == COPY_CONTEXT && entry.kind == CONTEXT_FILE;
    if (!taken || source.file == NO || source.glob)
        return false;
    plan->bytes = shown ? (int64_t)entry.size : 0;
    if (shown ? plan->bytes < WORTH : !has_bulky_name(c, source.name))
        return false;
    source.file = YES;
    plan->source = source;
    return copy_destination(c, &copy, &source, &to) && str_eq(to, path);
}

static bool find_copy(struct compile *c, const struct instr *run, struct str path,
                      struct plan *plan)
{
    unsigned steps = 0;
    for (struct instr *i = run->prev; i && i->stage == run->stage; i = i->prev) {
        if (++steps > LEGALITY_STEPS)
            return false;
        bool copies = i->ast->kind == DF_COPY || i->ast->kind == DF_ADD;
        plan->copy = i;
        if (copies && puts_file(c, i, path, plan))
            return true;
    }
    return false;
}

/* The first of its removals that is of a copied file. */
static bool plan_of(struct compile *c, struct instr *run, struct plan *plan)
{
    struct files_commands found = command_on_files(c, &run->before, run->script->list);
    for (size_t i = 0; i < found.n; i++) {
        const struct files_command *f = &found.at[i];
        for (size_t k = 0; f->use == FILES_DELETED && f->told && k < f->files.n; k++) {
            struct files_command *by = arena_alloc(c->arena, sizeof *by);
            *by = *f;
            *plan = (struct plan){.by = by, .file = k};
            if (find_copy(c, run, f->files.at[k].path, plan))
                return true;
        }
    }
    return false;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        struct plan *plan = arena_alloc(c->arena, sizeof *plan);
        if (i->ast->kind != DF_RUN || i->ast->json || i->ast->heredocs.n || !i->stage ||
            i->stage->ships != YES || !instr_script(c, i) || !i->script->list ||
            !plan_of(c, i, plan))
            continue;
        *site = (struct site){.at = i, .with = i, .plan = plan};
        return true;
    }
    return false;
}

/* ---- legality ---- */

static bool takes(struct str value)
{
    return df_flag_takes(value) && str_find(value, ',') == value.len;
}

/* Rule 2. Fills the flag. */
static bool read_mount(struct compile *c, struct plan *plan, struct why *why)
{
    const struct df_instr *ast = plan->copy->ast;
    struct str from = {0}, to = plan->by->files.at[plan->file].path, source;
    bool other = df_flag(ast, LIT("from"), &from);
    if (ast->flags.n != (other ? 1u : 0u))
        return refuse(why, &rules[OWN_FLAGS], plan->copy);
    if (!takes(ast->args.at[0].text) || !takes(to) || !takes(from) ||
        !context_path(c->arena, plan->source.path, &source))
        return refuse(why, &rules[ODD_PATH], plan->copy);
    if (other)
        plan->mount = str_printf(c->arena, "--mount=type=bind,from=%.*s,source=/%.*s,target=%.*s",
                                 STR(from), STR(source), STR(to));
    else
        plan->mount =
            str_printf(c->arena, "--mount=type=bind,source=%.*s,target=%.*s", STR(source), STR(to));
    return true;
}

static bool has_parent(struct compile *c, const struct instr *copy, struct str path)
{
    size_t end = path.len;
    while (end > 1 && path.at[end - 1] != '/')
        end--;
    struct str up = str_slice(path, 0, end > 1 ? end - 1 : end);
    return catalog_lists(c->catalog, LIT("common-directories"), up) ||
           (copy->before.workdir.len && path_is_in(copy->before.workdir, up));
}

static bool meets(const struct set *a, const struct set *b)
{
    return paths_meet(a, b) != NO;
}

static bool unpacks_or_installs(const struct step *step)
{
    bool does = step->effects.installs.items.n > 0;
    for (size_t i = 0; i < step->runs.n; i++) {
        const struct invocation *run = &step->runs.at[i];
        does = does ||
               (run->row && (run->row->usage.operands == USE_ARCHIVE || run->row->manager.len));
        for (size_t k = 0; k < run->options.n; k++)
            does = does || run->options.at[k].use == USE_ARCHIVE;
    }
    return does;
}

/* Trees that hold the file: what is unpacked or installed there is something else. */
static struct set without_trees(struct arena *a, const struct set *writes, struct str path)
{
    struct set out = {.unknown = writes->unknown};
    for (size_t i = 0; i < writes->items.n; i++) {
        struct str item = writes->items.at[i];
        if (str_eq(item, path) || !path_is_in(path, item))
            set_add(a, &out, item);
    }
    return out;
}

/* Rule 4. */
static bool only_reads(struct compile *c, const struct instr *run, const struct plan *plan)
{
    struct steps steps = {0};
    struct span own = plan->by->command->span;
    struct str path = plan->by->files.at[plan->file].path;
    struct set file = {0};
    set_add(c->arena, &file, path);
    if (!command_steps(c, &run->before, run->script->list, &steps))
        return false;
    for (size_t i = 0; i < steps.n; i++) {
        const struct step *s = &steps.at[i];
        if (s->at.start <= own.start && s->at.end >= own.end)
            continue;
        struct set writes = s->effects.writes;
        if (unpacks_or_installs(s))
            writes = without_trees(c->arena, &writes, path);
        if (meets(&writes, &file) || meets(&s->effects.deletes, &file) ||
            (s->at.start > own.start && meets(&s->effects.reads, &file)))
            return false;
    }
    return true;
}

/* Rule 5. */
static const struct instr *user_between(struct compile *c, struct instr *run,
                                        const struct plan *plan)
{
    struct set file = {0};
    set_add(c->arena, &file, plan->by->files.at[plan->file].path);
    for (struct instr *i = run->prev; i != plan->copy; i = i->prev) {
        const struct effects *fx = instr_effects(c, i);
        if (i->ast->kind == DF_VOLUME || meets(&fx->reads, &file) || meets(&fx->writes, &file) ||
            meets(&fx->deletes, &file))
            return i;
    }
    return NULL;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct plan *plan = site->plan;
    struct instr *run = site->at;
    struct chain_link link;
    instr_effects(c, run);
    if (!fold_has_flags(c))
        return refuse(why, &rules[FRONTEND], run);
    if (!read_mount(c, plan, why))
        return false;
    if (!has_parent(c, plan->copy, plan->by->files.at[plan->file].path))
        return refuse(why, &rules[NEW_PARENT], plan->copy);
    if (!state_is_root(run->before.user))
        return refuse(why, &rules[NOT_ROOT], run);
    if (!fold_can_cut(c, run, plan->by->command, &link) || chain_is_alone(run))
        return refuse(why, &rules[NOT_CHAINED], run);
    if (!only_reads(c, run, plan))
        return refuse(why, &rules[TOUCHED], run);
    const struct instr *user = user_between(c, run, plan);
    if (user)
        return refuse(why, &rules[USED_BETWEEN], user);
    if (run->prev != plan->copy && legality_comments(c->arena, plan->copy->lead, LIT("")).len)
        return refuse(why, &rules[COMMENTED], plan->copy);
    return true;
}

static int64_t gain(struct compile *c, const struct site *site)
{
    (void)c;
    const struct plan *plan = site->plan;
    return plan->bytes > GAIN_SOME ? plan->bytes : GAIN_SOME;
}

/* ---- edits ---- */

/* `rm a b` loses a word, or goes. */
static bool cut_removal(struct compile *c, struct instr *run, const struct plan *plan)
{
    struct span own = plan->by->command->span, word = plan->by->files.at[plan->file].word->span;
    struct str text = run->script->text;
    if (plan->by->files.n == 1)
        return fold_cut(c, run, plan->by->command);
    while (word.start > own.start && text.at[word.start - 1] == ' ')
        word.start--;
    struct str after = str_concat(c->arena, str_slice(text, own.start, word.start),
                                  str_slice(text, word.end, own.end));
    struct edit edit = {join_span(&run->script_text, word), LIT("")};
    change_command(c, run, str_span(text, own), after);
    return rw_splice(c, run, &edit, 1);
}

/* Behind the keyword and other flags; the commands then start a line of their own. */
static bool add_mount(struct compile *c, struct instr *run, struct str mount)
{
    struct layout layout = layout_of_run(c->file->layout, run);
    const struct df_words *flags = &run->ast->flags;
    struct span after = flags->n ? vec_last(flags)->joined : run->ast->keyword;
    uint32_t at = join_span(&run->ast->joined, after).end;
    uint32_t commands = instr_script(c, run) ? legality_commands_span(run).start : at;
    struct edit edit = {{at, at}, str_concat(c->arena, LIT(" "), mount)};
    struct str between = str_slice(run->text, at, commands);
    if (str_find(between, '\n') == between.len) {
        edit.at.end = commands;
        edit.text = str_printf(c->arena, " %.*s %c%.*s%.*s", STR(mount), layout.escape,
                               STR(layout.newline), STR(layout.indent));
    }
    return rw_splice(c, run, &edit, 1);
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    struct instr *run = site->at;
    bool heir = run->prev == plan->copy && !run->lead.len;
    bool comments = legality_comments(c->arena, plan->copy->lead, LIT("")).len > 0;
    if (!cut_removal(c, run, plan) || !add_mount(c, run, plan->mount))
        return false;
    change_flag(c, run->stage, plan->mount);
    change_instr(c, plan->copy, (struct str){0});
    rw_delete(c, plan->copy, heir || comments);
    return true;
}

const struct pass pass_fold_layers_bind_mount = {
    .name = "fold-layers/bind-mount",
    .summary = "archives that are copied, used and removed are mounted instead",
    .explain = explain,
    .level = 1,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
