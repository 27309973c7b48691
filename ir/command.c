#include "ir/command.h"

#include "ir/command_walk.h"
#include "ir/state.h"

/* Longer lists of words than this are not walked once a word. */
enum { MAX_WORDS = 8 };

/* ---- compound commands ---- */

/* Walks what may not run at all. */
static void walk_possibly(struct walk *w, const struct sh_list *list)
{
    struct track without = command_copy_track(w->c->arena, &w->now);
    command_walk_list(w, list);
    w->now = command_merge_tracks(w, &w->now, &without, without.env);
}

/* A body that runs any number of times: what it binds cannot be told in its later rounds. */
static void walk_loop(struct walk *w, const struct sh_list *cond, const struct sh_list *body)
{
    const struct env *env = w->now.env;
    struct str cwd = w->now.cwd;
    command_walk_list(w, cond);
    walk_possibly(w, body);
    if (w->now.env == env && str_eq(w->now.cwd, cwd))
        return;
    w->now.cwd = str_eq(w->now.cwd, cwd) ? cwd : LIT("");
    w->now.env = command_merge_env(w->c->arena, w->now.env, env, env);
    if (!command_may_repeat(w)) {
        command_sourced(w);
        return;
    }
    w->depth++;
    command_walk_list(w, cond);
    walk_possibly(w, body);
    w->depth--;
}

static bool all_known(const struct values *fields)
{
    for (size_t i = 0; i < fields->n; i++)
        if (fields->at[i].glob || fields->at[i].braced)
            return false;
    return fields->n > 0 && fields->n <= MAX_WORDS;
}

/* A short list of known words is walked once a word. */
static void walk_for(struct walk *w, const struct sh_command *command)
{
    w->out.flags |= FX_STATE;
    command_walk_words(w, &command->words);
    struct values fields = command_fields(w, &command->words);
    if (command->kind != SH_FOR || !command->has_in || !all_known(&fields) || w->depth >= 2 ||
        !command_may_repeat(w)) {
        command_forget_variable(w, command->name);
        walk_loop(w, NULL, command->body);
        return;
    }
    w->depth++;
    for (size_t i = 0; i < fields.n; i++) {
        struct env round = {.name = command->name, .value = fields.at[i].text, .kind = ENV_SET};
        w->now.env = env_bind(w->c->arena, w->now.env, round);
        command_walk_list(w, command->body);
    }
    w->depth--;
}

/* if arms[i] .. else: the ways through it meet at its end. */
static void walk_arms(struct walk *w, const struct sh_command *command, size_t i)
{
    if (i == command->arms.n) {
        command_walk_list(w, command->otherwise);
        return;
    }
    command_walk_list(w, command->arms.at[i].cond);
    struct track refused = command_copy_track(w->c->arena, &w->now);
    const struct env *base = w->now.env;
    command_walk_list(w, command->arms.at[i].body);
    struct track taken = w->now;
    w->now = refused;
    walk_arms(w, command, i + 1);
    w->now = command_merge_tracks(w, &taken, &w->now, base);
}

static bool matches_all(const struct sh_case_item *item)
{
    for (size_t i = 0; i < item->patterns.n; i++) {
        const struct sh_word *pattern = item->patterns.at[i];
        if (pattern->parts.n == 1 && pattern->parts.at[0].kind == SH_LITERAL &&
            str_eq(pattern->parts.at[0].text, LIT("*")))
            return true;
    }
    return false;
}

static void walk_case(struct walk *w, const struct sh_command *command)
{
    command_walk_words(w, &command->words);
    struct track start = command_copy_track(w->c->arena, &w->now), end = start;
    bool reached = false, covered = false;
    for (size_t i = 0; i < command->items.n; i++) {
        const struct sh_case_item *item = &command->items.at[i];
        w->now = command_copy_track(w->c->arena, &start);
        command_walk_words(w, &item->patterns);
        command_walk_list(w, item->body);
        end = reached ? command_merge_tracks(w, &end, &w->now, start.env) : w->now;
        reached = true;
        covered |= matches_all(item);
    }
    w->now = covered ? end : command_merge_tracks(w, &start, &end, start.env);
}

static void define_function(struct walk *w, const struct sh_command *command)
{
    w->out.flags |= FX_FUNCTION | FX_STATE;
    vec_add(w->c->arena, &w->functions,
            ((struct function){command->name, command->function, w->elsewhere}));
    if (!w->seen || !command_may_repeat(w))
        return;
    struct shell_state outer = command_enter_subshell(w); /* another text may call it */
    w->depth++;
    command_walk_command(w, command->function);
    w->depth--;
    command_leave_subshell(w, &outer);
}

/* What runs beside the script: its shell is another, and how far it gets is not known. */
static void walk_coprocess(struct walk *w, const struct sh_command *command)
{
    struct track without = command_copy_track(w->c->arena, &w->now);
    struct shell_state outer = command_enter_subshell(w);
    command_walk_command(w, command->function);
    command_leave_subshell(w, &outer);
    w->now = command_merge_tracks(w, &w->now, &without, without.env);
    w->out.flags |= FX_BACKGROUND | FX_JOB | FX_STATE;
}

static void walk_by_kind(struct walk *w, const struct sh_command *command)
{
    switch (command->kind) {
    case SH_SIMPLE:
        command_walk_simple(w, command);
        return;
    case SH_BRACE:
        command_walk_list(w, command->body);
        return;
    case SH_SUBSHELL:
        command_walk_in_subshell(w, command->body);
        return;
    case SH_IF:
        walk_arms(w, command, 0);
        return;
    case SH_WHILE:
    case SH_UNTIL:
        walk_loop(w, command->cond, command->body);
        return;
    case SH_FOR:
    case SH_SELECT:
        walk_for(w, command);
        return;
    case SH_ARITH_FOR:
        command_walk_arithmetic(w, command->text);
        w->out.flags |= FX_STATE;
        walk_loop(w, NULL, command->body);
        return;
    case SH_CASE:
        walk_case(w, command);
        return;
    case SH_FUNCTION:
        define_function(w, command);
        return;
    case SH_TEST:
        command_walk_words(w, &command->words);
        w->asked = true;
        return;
    case SH_ARITH_CMD:
        command_walk_arithmetic(w, command->text);
        w->asked = true;
        return;
    case SH_COPROC:
        walk_coprocess(w, command);
        return;
    }
}

/* A group succeeds as its last command does; of other commands' parts nothing is said by success.
 */
void command_walk_command(struct walk *w, const struct sh_command *command)
{
    bool decides = w->decides;
    w->asked = w->decides = false;
    command_redirect(w, command);
    w->decides = decides && (command->kind == SH_BRACE || command->kind == SH_SUBSHELL);
    walk_by_kind(w, command);
    w->decides = decides;
}

/* ---- pipelines and lists ---- */

/* Each element of a pipeline runs in a subshell (in dash, bash and busybox the last one too). */
void command_walk_pipeline(struct walk *w, const struct sh_pipeline *p)
{
    if (p->commands.n == 1) {
        command_walk_command(w, p->commands.at[0]);
        w->asked |= p->bang;
        return;
    }
    struct strs piped = w->piped;
    w->decides = false;
    for (size_t i = 0; i < p->commands.n; i++) {
        bool is_download = i > 0 && p->commands.at[i - 1]->kind == SH_SIMPLE;
        w->piped = is_download ? w->printed : (struct strs){0};
        w->printed = (struct strs){0};
        struct shell_state outer = command_enter_subshell(w);
        command_walk_command(w, p->commands.at[i]);
        command_leave_subshell(w, &outer);
    }
    w->piped = piped;
    w->asked |= p->bang;
}

/* From which operand on all are joined by `&&`: where the list must succeed, these ran. */
static size_t first_needed(const struct sh_operands *operands)
{
    size_t first = operands->n;
    while (first > 1 && operands->at[first - 1].op == SH_AND)
        first--;
    return first;
}

/* `A && B`: B runs, unless A merely asks. `A || B`: B may run, and what follows it may not. */
void command_walk_and_or(struct walk *w, const struct sh_and_or *and_or)
{
    const struct sh_operands *operands = &and_or->operands;
    bool decides = w->decides, possible = false;
    size_t needed = first_needed(operands);
    for (size_t i = 0; i < operands->n; i++) {
        const struct sh_operand *operand = &operands->at[i];
        possible |= operand->op == SH_OR || (operand->op == SH_AND && w->asked);
        w->decides = decides && i + 1 >= needed && !operand->pipeline->bang;
        if (!possible || (decides && i >= needed)) {
            command_walk_pipeline(w, operand->pipeline);
            continue;
        }
        struct track without = command_copy_track(w->c->arena, &w->now);
        command_walk_pipeline(w, operand->pipeline);
        w->now = command_merge_tracks(w, &w->now, &without, without.env);
    }
    w->decides = decides;
}

static void walk_background(struct walk *w, const struct sh_and_or *and_or)
{
    w->decides = false;
    struct track without = command_copy_track(w->c->arena, &w->now);
    struct shell_state outer = command_enter_subshell(w);
    command_walk_and_or(w, and_or);
    command_leave_subshell(w, &outer);
    w->now = command_merge_tracks(w, &w->now, &without, without.env);
    w->out.flags |= FX_BACKGROUND | FX_JOB;
}

void command_walk_list(struct walk *w, const struct sh_list *list)
{
    bool decides = w->decides;
    for (size_t i = 0; list && i < list->items.n; i++) {
        const struct sh_item *item = &list->items.at[i];
        w->decides = decides && i + 1 == list->items.n;
        if (item->separator == SH_AMPERSAND)
            walk_background(w, item->and_or);
        else
            command_walk_and_or(w, item->and_or);
    }
    w->decides = decides;
}

/* ---- the whole ---- */

struct walk command_start_walk(struct compile *c, const struct state *before)
{
    bool root = before->user.len && state_is_root(before->user);
    return (struct walk){.c = c,
                         .before = before,
                         .now = {.env = before->env, .cwd = before->workdir},
                         .home = root ? LIT("/root") : LIT("~"),
                         .root_home = root || before->user.len == 0};
}

struct effects command_end_walk(struct walk *w)
{
    struct effects e = w->out;
    struct arena *a = w->c->arena;
    set_merge(a, &e.lists, &w->now.lists);
    set_merge(a, &e.caches, &w->now.caches);
    set_merge(a, &e.drops_lists, &w->now.drops_lists);
    set_merge(a, &e.drops_caches, &w->now.drops_caches);
    return e;
}

struct effects command_effects_of_list(struct compile *c, const struct state *before,
                                       const struct sh_list *list)
{
    struct walk w = command_start_walk(c, before);
    w.decides = true;
    command_walk_list(&w, list);
    return command_end_walk(&w);
}

struct effects command_effects_of_pipeline(struct compile *c, const struct state *before,
                                           const struct sh_pipeline *pipeline)
{
    struct walk w = command_start_walk(c, before);
    command_walk_pipeline(&w, pipeline);
    return command_end_walk(&w);
}
