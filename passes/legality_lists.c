/* Who may need the package lists that an earlier RUN has left.
 *
 * Base images come without lists: a program that was written for others, and installs packages,
 * fetches them first. What was written for this very image, its scripts, may count on them. */
#include "ir/command.h"
#include "ir/container.h"
#include "ir/context.h"
#include "ir/copy.h"
#include "ir/path.h"
#include "ir/state.h"
#include "passes/legality.h"

/* Scripts start scripts. */
enum { MOST_NESTED = 3 };

/* ---- what COPY brings ---- */

static bool copies_context(const struct df_instr *ast)
{
    struct str stage;
    return (ast->kind == DF_COPY || ast->kind == DF_ADD) && ast->args.n > 1 &&
           !df_flag(ast, LIT("from"), &stage);
}

/* By the name of what is copied, or of what it becomes; a directory that is copied to where
 * programs are may hold any. */
static bool copies_command(struct compile *c, const struct instr *copy, struct str name)
{
    const struct df_words *args = &copy->ast->args;
    struct str to = vec_last(args)->text;
    while (str_ends(to, LIT("/")))
        to.len--;
    for (size_t i = 0; i + 1 < args->n; i++) {
        struct str from = path_name(args->at[i].text);
        bool told = from.len && str_find(from, '.') > 0 && str_find(from, '*') == from.len &&
                    str_find(from, '$') == from.len;
        if (str_eq(from, name) || (!told && catalog_lists(c->catalog, LIT("path"), to)))
            return true;
    }
    return str_eq(path_name(to), name);
}

/* Without a context, a name with an ending (not `.d`) is taken for that of a file. */
static bool is_file(const struct copy_source *s)
{
    size_t dot = str_find(s->name, '.');
    bool named = dot > 0 && dot + 1 < s->name.len && !str_ends(s->name, LIT(".d"));
    return s->unpacks == NO && (s->file == YES || (s->file == MAYBE && named));
}

static bool source_brings(struct compile *c, const struct copy *copy, const struct copy_source *s,
                          struct str path)
{
    struct str target;
    bool told = copy_destination(c, copy, s, &target);
    if (told && copy->directory && !copy->parents && is_file(s))
        told = path_resolve(c->arena, copy->to, s->name, &target);
    struct set one = {.items = {&path, 1, 1}}, other = {.items = {&target, 1, 1}};
    return !told || paths_meet(&one, &other) != NO;
}

bool legality_copy_brings(struct compile *c, const struct instr *i, struct str path)
{
    if (i->ast->kind != DF_COPY && i->ast->kind != DF_ADD)
        return false;
    struct copy copy = copy_read(c, i);
    for (size_t k = 0; k < copy.sources.n; k++)
        if (source_brings(c, &copy, &copy.sources.at[k], path))
            return true;
    return false;
}

/* A file that a RUN makes: written here, downloaded, unpacked. A package's files are not seen. */
static bool makes_path(struct compile *c, struct instr *run, struct str path)
{
    const struct strs *writes = &instr_effects(c, run)->writes.items;
    for (size_t i = 0; i < writes->n; i++) {
        struct set one = {.items = {&path, 1, 1}}, other = {.items = {&writes->at[i], 1, 1}};
        if (!catalog_lists(c->catalog, LIT("system"), writes->at[i]) &&
            paths_meet(&one, &other) != NO)
            return true;
    }
    return false;
}

/* Goes back from `by` through what its stage is built on; false when there is no more. */
static bool step_back(const struct instr **i, const struct instr *by)
{
    const struct stage *s = (*i)->stage;
    do
        *i = (*i)->prev;
    while (*i && (*i)->stage && (*i)->stage != s && !legality_is_built_on(by->stage, (*i)->stage));
    return *i && (*i)->stage;
}

static bool is_command_brought(struct compile *c, const struct instr *by, struct str name)
{
    unsigned steps = 0;
    for (const struct instr *i = by; step_back(&i, by); steps++)
        if (steps == LEGALITY_STEPS || (copies_context(i->ast) && copies_command(c, i, name)))
            return true;
    return false;
}

/* `by` itself may make the file that it runs. */
static bool is_path_brought(struct compile *c, const struct instr *by, struct str path)
{
    unsigned steps = 0;
    const struct instr *i = by;
    do {
        if (steps++ == LEGALITY_STEPS ||
            (copies_context(i->ast) && legality_copy_brings(c, i, path)) ||
            (i->ast->kind == DF_RUN && makes_path(c, (struct instr *)i, path)))
            return true;
    } while (step_back(&i, by));
    return false;
}

/* ---- scripts ---- */

static const struct need needs_none = {.lists = NO};

static struct need text_needs(struct compile *c, struct instr *by, struct str text,
                              struct str manager, unsigned depth);

/* Some application's own: .../bin/console, .../bin/activate. */
static bool is_program(struct str path)
{
    struct str name = path_name(path);
    struct str directory = str_slice(path, 0, path.len - name.len);
    bool holds_programs = str_ends(directory, LIT("/bin/")) || str_ends(directory, LIT("/.bin/")) ||
                          str_ends(directory, LIT("/sbin/"));
    return holds_programs && str_find(name, '.') == name.len;
}

/* What a file needs that the context shows, by its name unless it runs another that does. */
static struct need file_needs(struct compile *c, struct instr *by, struct str name, struct str text,
                              struct str manager, unsigned depth)
{
    struct need need = text_needs(c, by, text, manager, depth + 1);
    if (need.lists != NO && !need.code.len)
        need.code = name;
    return need;
}

/* The context's file is read; of another, who brought it decides. */
static struct need script_needs(struct compile *c, struct instr *by, struct str path,
                                struct str manager, unsigned depth)
{
    struct str text;
    unsigned steps = 0;
    if (depth < MOST_NESTED && context_file(c, by, path, &steps, &text))
        return file_needs(c, by, path, text, manager, depth);
    if (is_program(path))
        return needs_none;
    bool is_name = str_find(path, '/') == path.len || str_starts(path, LIT("~"));
    bool brought =
        is_name ? is_command_brought(c, by, path_name(path)) : is_path_brought(c, by, path);
    return (struct need){brought ? MAYBE : NO, path};
}

/* A program of the author's own. */
static struct need command_needs(struct compile *c, struct instr *by, struct str name,
                                 struct str manager, unsigned depth)
{
    struct str text;
    unsigned steps = 0;
    if (catalog_command(c->catalog, name) || !is_command_brought(c, by, name))
        return needs_none;
    if (depth < MOST_NESTED && context_file(c, by, name, &steps, &text))
        return file_needs(c, by, name, text, manager, depth);
    return (struct need){MAYBE, name};
}

/* A file outside of the directories of programs: it is a script, or has a row. */
static bool is_file_by_path(struct str command)
{
    struct str directory = path_directory(command);
    bool holds_programs = str_starts(command, LIT("/")) &&
                          (str_ends(directory, LIT("/bin")) || str_ends(directory, LIT("/sbin")));
    return directory.len && !holds_programs;
}

static struct need effects_need(struct compile *c, struct instr *by, const struct effects *fx,
                                struct str manager, unsigned depth)
{
    struct need need = {.lists = set_has(&fx->needs_lists, manager)};
    for (size_t i = 0; need.lists == NO && i < fx->scripts.items.n; i++)
        need = script_needs(c, by, fx->scripts.items.at[i], manager, depth);
    for (size_t i = 0; need.lists == NO && i < fx->commands.items.n; i++) {
        struct str command = fx->commands.items.at[i];
        if (!is_file_by_path(command))
            need = command_needs(c, by, path_name(command), manager, depth);
    }
    return need.lists == NO ? needs_none : need;
}

/* A script of the context in another language than the shell's is a program like others. */
static struct need text_needs(struct compile *c, struct instr *by, struct str text,
                              struct str manager, unsigned depth)
{
    enum shell_kind kind = container_reader(text);
    if (kind == SHELL_OTHER)
        return needs_none;
    const struct sh_script *script =
        sh_parse(c->arena, text, kind == SHELL_BASH ? SH_BASH : SH_POSIX, NULL);
    if (!script)
        return (struct need){.lists = MAYBE};
    struct state state = by->before;
    state.shell_kind = kind;
    if (!script->list)
        return needs_none;
    struct effects fx = command_effects_of_list(c, &state, script->list);
    return effects_need(c, by, &fx, manager, depth);
}

/* What a script of the container may need besides what is seen does not count: hardly one is
 * understood to the end, and few install packages. */
static struct need container_needs(struct compile *c, struct instr *by, struct str manager)
{
    const struct container_scripts *scripts = container_scripts(c, by);
    for (size_t i = 0; i < scripts->n; i++)
        if (strs_have(&scripts->at[i].effects.needs_lists.items, manager))
            return (struct need){YES, scripts->at[i].path};
    return needs_none;
}

struct need legality_lists_needed(struct compile *c, struct instr *later, const struct effects *fx,
                                  struct str manager)
{
    if (later->ast->kind == DF_RUN)
        return effects_need(c, later, fx, manager, 0);
    enum tri needs = set_has(&fx->needs_lists, manager);
    return needs != NO ? (struct need){.lists = needs} : container_needs(c, later, manager);
}
