#include "passes/legality.h"

#include "grammar/utf8.h"
#include "ir/command.h"
#include "ir/command_words.h"
#include "ir/state.h"

/* Variables in which a shell keeps what ran before, or when (bash manual, "Bash Variables"; POSIX
 * XCU 2.5.2). */
static const struct str past_variables[] = {
    {"_", 1},      {"PIPESTATUS", 10}, {"SECONDS", 7},      {"LINENO", 6},
    {"RANDOM", 6}, {"BASHPID", 7},     {"BASH_LINENO", 11}, {"BASH_COMMAND", 12},
};

static bool is_past_variable(struct str name)
{
    for (size_t i = 0; i < sizeof past_variables / sizeof *past_variables; i++)
        if (str_eq(past_variables[i], name))
            return true;
    return false;
}

static bool names_options(const struct sh_part *part)
{
    static const struct str names[] = {{"errexit", 7}, {"xtrace", 6}, {"verbose", 7}};
    if (part->kind == SH_PARAM)
        return str_eq(part->name, LIT("-")) || str_eq(part->name, LIT("SHELLOPTS"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(part->text, names[i]))
            return true;
    return false;
}

static bool note_word(void *self, const struct sh_word *word, unsigned substitution)
{
    struct script_shape *shape = self;
    (void)substitution;
    for (size_t i = 0; i < word->parts.n; i++) {
        shape->reads_options = shape->reads_options || names_options(&word->parts.at[i]);
        if (word->parts.at[i].kind != SH_PARAM)
            continue;
        struct str name = word->parts.at[i].name;
        shape->reads_past = shape->reads_past || is_past_variable(name);
        shape->reads_job = shape->reads_job || str_eq(name, LIT("!"));
    }
    return true;
}

static bool is_chain(const struct sh_and_or *and_or)
{
    if (and_or->operands.at[0].pipeline->bang)
        return false;
    for (size_t i = 1; i < and_or->operands.n; i++)
        if (and_or->operands.at[i].op != SH_AND)
            return false;
    return true;
}

/* An odd number of backslashes at the end of the commands. */
static bool ends_in_escape(struct str commands)
{
    size_t n = 0;
    while (n < commands.len && commands.at[commands.len - 1 - n] == '\\')
        n++;
    return n % 2 == 1;
}

/* White space to BuildKit, which trims it from the end of an instruction, and a word to the shell:
 * a vertical tab. */
static bool ends_in_space(struct str commands)
{
    return utf8_trim(commands).len < utf8_trim_left(commands).len;
}

struct script_shape legality_shape(const struct sh_script *script)
{
    struct script_shape shape = {0};
    struct sh_visitor v = {.self = &shape, .word = note_word};
    sh_walk(script->list, &v);
    const struct sh_and_or *first = script->list->items.at[0].and_or;
    struct str commands =
        str_slice(script->text, 0, vec_last(&script->list->items)->and_or->span.end);
    shape.open_end = ends_in_escape(commands) || ends_in_space(commands);
    shape.chain = script->list->items.n == 1 && is_chain(first);
    shape.plain = sh_is_plain(script->list);
    return shape;
}

static bool is_simple(const struct sh_pipeline *p)
{
    return p->commands.n == 1 && p->commands.at[0]->kind == SH_SIMPLE && !p->bang;
}

static bool touches_errexit(struct compile *c, const struct instr *run,
                            const struct sh_and_or *and_or)
{
    for (size_t k = 0; k < and_or->operands.n; k++) {
        struct effects fx =
            command_effects_of_pipeline(c, &run->before, and_or->operands.at[k].pipeline);
        if (effects_any(&fx, FX_ERREXIT))
            return true;
    }
    return false;
}

bool legality_begins_with_errexit(struct compile *c, const struct instr *run)
{
    const struct sh_items *items = &run->script->list->items;
    const struct sh_and_or *first = items->at[0].and_or;
    const struct sh_pipeline *p = first->operands.at[0].pipeline;
    struct effects fx = command_effects_of_pipeline(c, &run->before, p);
    if (first->operands.n > 1 || !is_simple(p) || !effects_any(&fx, FX_ERREXIT_ON))
        return false;
    for (size_t i = 1; i < items->n; i++)
        if (touches_errexit(c, run, items->at[i].and_or))
            return false;
    return true;
}

bool legality_has_documents(const struct instr *run)
{
    const struct df_heredocs *documents = &run->ast->heredocs;
    return documents->n && (!df_is_document(run->ast) ||
                            str_starts(str_trim_left(documents->at[0].content), LIT("#!")));
}

struct span legality_commands_span(const struct instr *run)
{
    const struct sh_list *list = run->script->list;
    struct span s = {list->span.start, vec_last(&list->items)->and_or->span.end};
    return join_span(&run->script_text, s);
}

struct str legality_comments(struct arena *a, struct str bytes, struct str indent)
{
    struct buf b = {.arena = a};
    while (bytes.len) {
        size_t end = str_find(bytes, '\n');
        struct str line = str_slice(bytes, 0, end);
        if (str_starts(str_trim(line), LIT("#"))) {
            buf_add(&b, indent);
            buf_add(&b, indent.len ? str_trim_left(line) : line);
            buf_char(&b, '\n');
        }
        bytes = str_slice(bytes, end + 1, bytes.len);
    }
    return buf_str(&b);
}

static bool speaks_to_tool(const struct compile *c, struct str comment)
{
    while (str_starts(comment, LIT("#")))
        comment = str_slice(comment, 1, comment.len);
    comment = str_trim_left(comment);
    const struct tree_list *marks = catalog_trees(c->catalog, LIT("comments-for-tools"));
    for (size_t i = 0; marks && i < marks->n_paths; i++)
        if (str_eq_nocase(str_slice(comment, 0, marks->paths[i].len), marks->paths[i]))
            return true;
    return false;
}

bool legality_lead_binds(const struct compile *c, struct str lead)
{
    while (lead.len) {
        size_t end = str_find(lead, '\n');
        struct str line = str_trim(str_slice(lead, 0, end));
        if (str_starts(line, LIT("#")) && speaks_to_tool(c, line))
            return true;
        lead = str_slice(lead, end + 1, lead.len);
    }
    return false;
}

bool legality_mount_forgets(struct compile *c, const struct df_instr *run)
{
    struct mounts mounts = mounts_of(c->arena, run);
    for (size_t i = 0; i < mounts.n; i++)
        if (mounts.at[i].writable && mounts.at[i].type != MOUNT_CACHE)
            return true;
    return false;
}

/* A relative target is below the working directory. */
static bool target_of(struct compile *c, const struct instr *run, const struct mount *m,
                      struct str *out)
{
    struct str target;
    return state_expand(c, &run->before, m->target, &target) &&
           path_resolve(c->arena, run->before.workdir, target, out);
}

static enum tri target_covers(struct str target, struct str path)
{
    bool above =
        str_eq(target, LIT("/")) ||
        (str_starts(path, target) && str_starts(str_slice(path, target.len, path.len), LIT("/")));
    if (above || str_eq(path, target))
        return YES;
    return str_starts(target, path) ? MAYBE : NO;
}

static enum tri any_covers(struct compile *c, const struct instr *run, const struct mounts *mounts,
                           struct str path)
{
    enum tri any = NO;
    for (size_t i = 0; i < mounts->n && any != YES; i++) {
        struct str target;
        if (!mounts->at[i].target.len) /* of a secret, or of ssh */
            continue;
        bool known = target_of(c, run, &mounts->at[i], &target);
        enum tri one = known ? target_covers(target, path) : MAYBE;
        any = one == NO ? any : one;
    }
    return any;
}

enum tri legality_mount_covers(struct compile *c, const struct instr *run, const struct str *paths,
                               size_t n)
{
    struct mounts mounts = mounts_of(c->arena, run->ast);
    size_t covered = 0;
    bool some = false;
    for (size_t i = 0; i < n; i++) {
        enum tri one = any_covers(c, run, &mounts, paths[i]);
        covered += one == YES;
        some |= one != NO;
    }
    return !some ? NO : covered == n ? YES : MAYBE;
}

/* The clean-up's own command is the distribution's, or the RUN ran it by that name and does not
 * remove it. */
static bool can_run(struct compile *c, const struct effects *fx, struct str cleanup)
{
    struct str name = str_slice(cleanup, 0, str_find(cleanup, ' '));
    const struct command *row = catalog_command(c->catalog, name);
    if (row && (row->usage.does & DOES(SYSTEM)))
        return true;
    for (size_t i = 0; i < fx->deletes.items.n; i++)
        if (str_ends(fx->deletes.items.at[i], name))
            return false;
    for (size_t i = 0; i < fx->removes.items.n; i++) {
        struct str package = fx->removes.items.at[i];
        if (str_ends(package, name) ||
            catalog_lists_like(c->catalog, LIT("packages-of-cleanups"), package))
            return false;
    }
    return strs_have(&fx->commands.items, name);
}

/* The file by which the base image is configured is deleted, or another one is put there. */
static bool changes_file(struct compile *c, const struct instr *i, struct str file)
{
    const struct effects *fx = instr_effects(c, (struct instr *)i);
    return strs_have(&fx->deletes.items, file) || strs_have(&fx->writes.items, file);
}

bool legality_base_removes(struct compile *c, const struct instr *run, const struct mess *mess)
{
    unsigned steps = 0;
    if (!mess->removed_by_base.len)
        return false;
    for (const struct instr *i = run; i && steps < LEGALITY_STEPS; i = i->prev, steps++)
        if (i->stage && legality_is_built_on(run->stage, i->stage) &&
            changes_file(c, i, mess->removed_by_base))
            return false;
    return true;
}

bool legality_is_left(struct compile *c, const struct instr *run, const struct manager *m,
                      const struct mess *mess)
{
    const struct effects *fx = run->effects;
    const struct set *left = mess->kind == MESS_LISTS ? &fx->lists : &fx->caches;
    return mess->cleanup.len && strs_have(&left->items, m->name) &&
           !legality_base_removes(c, run, mess) && !strs_have(&fx->away.items, m->name) &&
           !legality_is_mounted(c, run, mess) &&
           (!mess->n_bases || legality_is_based_on(c, run->stage, mess->bases, mess->n_bases)) &&
           can_run(c, fx, mess->cleanup);
}

static bool leaves_any(struct compile *c, const struct instr *run, const struct strs *managers)
{
    for (size_t i = 0; i < managers->n; i++) {
        const struct manager *m = catalog_manager(c->catalog, managers->at[i]);
        for (size_t k = 0; m && k < m->n_messes; k++)
            if (legality_is_left(c, run, m, &m->messes[k]))
                return true;
    }
    return false;
}

static bool leaves_mess(struct compile *c, struct instr *run)
{
    const struct effects *fx = instr_effects(c, run);
    return leaves_any(c, run, &fx->lists.items) || leaves_any(c, run, &fx->caches.items);
}

/* ---- whose author knows ---- */

bool legality_has_lines(const struct instr *run)
{
    return run->script_text.pieces.n > 1;
}

static bool is_script_under_errexit(struct compile *c, struct instr *run)
{
    const struct sh_script *script = run->ast->heredocs.n ? NULL : instr_script(c, run);
    if (!script || !script->list || script->list->items.n < 2 || !legality_has_lines(run))
        return false;
    const struct sh_pipeline *p = script->list->items.at[0].and_or->operands.at[0].pipeline;
    struct effects fx = command_effects_of_pipeline(c, &run->before, p);
    return is_simple(p) && effects_any(&fx, FX_ERREXIT_ON);
}

/* No such stage is longer; and the question is asked for many sites. */
enum { MOST_DELIBERATE = 300 };

bool legality_is_deliberate(struct compile *c, const struct stage *stage)
{
    bool scripts = false;
    unsigned seen = 0;
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i)) {
        if (++seen > MOST_DELIBERATE)
            return false;
        if (i->ast->kind != DF_RUN)
            continue;
        if (leaves_mess(c, i))
            return false;
        scripts = scripts || is_script_under_errexit(c, i);
    }
    return scripts;
}

/* ---- what comes later ---- */

bool legality_is_built_on(const struct stage *s, const struct stage *base)
{
    for (unsigned steps = 0; s && s != base; steps++) {
        if (steps == LEGALITY_STEPS)
            return true;
        s = s->base.kind == REF_STAGE ? s->base.stage : NULL;
    }
    return s == base;
}

static bool spend(struct later *l)
{
    l->lost = l->lost || ++l->steps > LEGALITY_STEPS;
    return !l->lost;
}

/* As legality_is_built_on(), within the steps of the look ahead. */
static bool is_built_on_it(struct later *l, const struct stage *s)
{
    while (s && s != l->run->stage && spend(l))
        s = s->base.kind == REF_STAGE ? s->base.stage : NULL;
    return s == l->run->stage;
}

/* The first instruction behind FROM of the next stage that is built on it; NULL when there is none.
 */
static struct instr *enter_next_stage(struct later *l, const struct stage *s)
{
    for (s = s->next; s && spend(l); s = s->next)
        if (instr_next(s->from) && is_built_on_it(l, s))
            return s->from->next;
    return NULL;
}

bool legality_later(struct later *l)
{
    struct instr *next = instr_next(l->at);
    l->at = next ? next : enter_next_stage(l, l->at->stage);
    return l->at && spend(l);
}

struct effects legality_later_effects(struct compile *c, struct instr *i)
{
    const struct sh_list *commands = i->ast->kind == DF_RUN ? NULL : instr_commands(c, i);
    if (!commands)
        return *instr_effects(c, i);
    struct effects fx = command_effects_of_list(c, &i->before, commands);
    if (i->ast->kind != DF_ONBUILD)
        fx.needs_lists.unknown = false;
    return fx;
}

bool legality_is_long(const struct compile *c)
{
    unsigned n = 0;
    const struct instr *i = c->file->first;
    while (i && n++ <= 2 * LEGALITY_STEPS)
        i = i->next;
    return i != NULL;
}
