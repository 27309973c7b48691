#include "ir/gate.h"

#include "ir/command.h"
#include "ir/normal.h"

static bool fail(struct str *why, struct str sentence)
{
    *why = sentence;
    return false;
}

/* ---- stages and configuration ---- */

static bool same_words(const struct df_words *a, const struct df_words *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!str_eq(a->at[i].text, b->at[i].text))
            return false;
    return true;
}

static const struct instr *skip_runs(const struct instr *i)
{
    while (i && i->ast->kind == DF_RUN)
        i = i->next;
    return i;
}

/* FROMs are among these: stages are the same when they are. */
static bool same_configuration(struct arena *arena, const struct file *before,
                               const struct file *after)
{
    const struct instr *a = skip_runs(before->first), *b = skip_runs(after->first);
    while (a && b && normal_same(arena, a, b, before->escape)) {
        a = skip_runs(a->next);
        b = skip_runs(b->next);
    }
    return !a && !b && before->escape == after->escape;
}

/* ---- commands ---- */

/* A simple command, or the whole of a RUN whose text is not understood. */
struct executed {
    struct str text;
    struct str tidy; /* the text with the options that avoid a cache; empty when there are none */
    const struct instr *by;
};

struct executed_list VEC_OF(struct executed);

struct collector {
    struct compile *c;
    struct instr *run;
    struct avoidances avoidances; /* what may be added to its commands */
    struct executed_list *out;
};

/* `span` of the script with those edits that lie in it. */
static struct str tidy_text(const struct collector *k, struct span span)
{
    struct str text = k->run->script->text;
    struct buf b = {.arena = k->c->arena};
    uint32_t at = span.start;
    for (size_t i = 0; i < k->avoidances.n; i++) {
        const struct avoidance *edit = &k->avoidances.at[i];
        if (edit->at.start < span.start || edit->at.end > span.end)
            continue;
        buf_add(&b, str_slice(text, at, edit->at.start));
        buf_add(&b, edit->text);
        at = edit->at.end;
    }
    if (at > span.start)
        buf_add(&b, str_slice(text, at, span.end));
    return buf_str(&b);
}

static bool collect_command(void *self, const struct sh_command *command, unsigned substitution)
{
    struct collector *k = self;
    (void)substitution;
    if (command->kind == SH_SIMPLE && k->run->script) {
        struct executed e = {str_span(k->run->script->text, command->span),
                             tidy_text(k, command->span), k->run};
        vec_add(k->c->arena, k->out, e);
    }
    return true;
}

/* Spans inside backquotes count in a copy; their commands are part of the command that holds them.
 */
static bool collect_word(void *self, const struct sh_word *word, unsigned substitution)
{
    (void)self;
    (void)word;
    (void)substitution;
    return false;
}

/* Flags and all. Blank and comment lines in continuations are no part of it. */
static struct str whole_text(const struct instr *run)
{
    const struct df_instr *ast = run->ast;
    struct str text = ast->heredocs.n ? run->text : ast->joined.text;
    return str_slice(text, ast->keyword.end, text.len);
}

static void collect_run(struct compile *c, struct instr *run, bool tidy, struct executed_list *out)
{
    struct collector k = {.c = c, .run = run, .out = out};
    struct sh_visitor v = {.self = &k, .command = collect_command, .word = collect_word};
    const struct sh_script *script = instr_script(c, run);
    if (script && script->list) {
        if (tidy)
            k.avoidances = command_avoidable(c, &run->before, script->list).edits;
        sh_walk(script->list, &v);
        return;
    }
    struct executed whole = {.text = whole_text(run), .by = run};
    vec_add(c->arena, out, whole);
}

/* With their `tidy` text or, which is cheaper, without. */
static struct executed_list commands_of(struct compile *c, bool tidy)
{
    struct executed_list out = {0};
    for (struct instr *i = c->file->first; i; i = i->next)
        if (i->ast->kind == DF_RUN)
            collect_run(c, i, tidy, &out);
    return out;
}

/* Two RUNs that were found to start from the same state: most commands of one RUN are in one RUN
 * again, and what is before them in the environment need not be compared again. */
struct pairing {
    const struct instr *a, *b;
};

static const struct env *env_of(const struct instr *i)
{
    return i ? i->before.env : NULL;
}

static bool same_env(const struct env *a, const struct env *b, const struct pairing *known)
{
    const struct env *equal_a = env_of(known->a), *equal_b = env_of(known->b);
    for (; a && b; a = a->before, b = b->before) {
        if (a == equal_a && b == equal_b)
            return true;
        if (a->kind != b->kind || !str_eq(a->name, b->name) || !str_eq(a->value, b->value))
            return false;
    }
    return a == b;
}

static bool same_shell(const struct df_instr *a, const struct df_instr *b)
{
    return a && b ? same_words(&a->args, &b->args) : a == b;
}

static bool same_state(const struct instr *a, const struct instr *b, const struct pairing *known)
{
    const struct state *s = &a->before, *t = &b->before;
    return a->stage->index == b->stage->index && same_shell(s->shell, t->shell) &&
           str_eq(s->user, t->user) && str_eq(s->workdir, t->workdir) &&
           same_env(s->env, t->env, known) && df_same_flags(a->ast, b->ast);
}

/* `b` may have been told to leave no cache. */
static bool same_command(const struct executed *a, const struct executed *b)
{
    return str_eq(a->text, b->text) || (a->tidy.len && str_eq(a->tidy, b->text));
}

static bool same_execution(const struct executed *a, const struct executed *b,
                           struct pairing *known)
{
    if (!same_command(a, b))
        return false;
    if (a->by == known->a && b->by == known->b)
        return true;
    if (!same_state(a->by, b->by, known))
        return false;
    *known = (struct pairing){a->by, b->by};
    return true;
}

/* Every command of `before` is in `after`, in order and from the same state; `after` may have
 * others between. */
static bool same_commands(const struct executed_list *before, const struct executed_list *after,
                          struct str *missing)
{
    struct pairing known = {0};
    size_t k = 0;
    for (size_t i = 0; i < before->n; i++, k++) {
        const struct executed *e = &before->at[i];
        while (k < after->n && !same_execution(e, &after->at[k], &known))
            k++;
        *missing = e->text;
        if (k == after->n)
            return false;
    }
    return true;
}

/* Most results hold the commands as they were: what an option may have been added to is asked when
 * they do not. */
static bool keeps_commands(struct compile *before, struct compile *after, struct str *missing)
{
    struct executed_list had = commands_of(before, false), has = commands_of(after, false);
    if (same_commands(&had, &has, missing))
        return true;
    had = commands_of(before, true);
    return same_commands(&had, &has, missing);
}

/* ---- shell texts and comments ---- */

static size_t count_opaque(struct compile *c)
{
    size_t n = 0;
    for (struct instr *i = c->file->first; i; i = i->next)
        if (!instr_script(c, i) && i->script_text.text.len)
            n++;
    return n;
}

struct count {
    size_t n;
};

static void count_comment(struct compile *c, struct map *counts, struct str comment)
{
    struct count *count = map_get(counts, comment);
    if (!count) {
        count = arena_alloc(c->arena, sizeof *count);
        map_put(counts, comment, count);
    }
    count->n++;
}

/* Lines that are comments; `bytes` hold no here-document. */
static void count_lines(struct compile *c, struct map *counts, struct str bytes)
{
    while (bytes.len) {
        size_t end = str_find(bytes, '\n');
        struct str line = str_trim(str_slice(bytes, 0, end));
        if (str_starts(line, LIT("#")))
            count_comment(c, counts, line);
        bytes = str_slice(bytes, end + 1, bytes.len);
    }
}

/* A text of one line may end in a shell comment; comment lines inside continuations are counted as
 * lines. */
static void count_instr(struct compile *c, struct map *counts, struct instr *i)
{
    count_lines(c, counts, i->lead);
    if (i->ast->heredocs.n)
        return;
    count_lines(c, counts, i->text);
    const struct sh_script *script = instr_script(c, i);
    for (size_t k = 0; script && k < script->comments.n; k++)
        count_comment(c, counts, str_trim(str_span(script->text, script->comments.at[k].span)));
}

static struct map count_comments(struct compile *c)
{
    struct map counts = {.arena = c->arena};
    for (struct instr *i = c->file->first; i; i = i->next)
        count_instr(c, &counts, i);
    count_lines(c, &counts, c->file->tail);
    return counts;
}

static bool keeps_comments(struct compile *before, struct compile *after, struct str *lost)
{
    struct map had = count_comments(before), has = count_comments(after);
    struct map_cursor cursor = {0};
    while (map_next(&had, &cursor)) {
        const struct count *wanted = cursor.value, *found = map_get(&has, cursor.key);
        *lost = cursor.key;
        if (!found || found->n < wanted->n)
            return false;
    }
    return true;
}

bool gate_compare(struct compile *before, struct compile *after, struct str *why)
{
    struct str what;
    if (!same_configuration(after->arena, before->file, after->file))
        return fail(why, LIT("stages or image configuration differ"));
    if (!keeps_commands(before, after, &what))
        return fail(why,
                    str_printf(after->arena, "this command is lost, or runs in another state: %.*s",
                               STR(what)));
    if (count_opaque(after) > count_opaque(before))
        return fail(why, LIT("a shell text no longer parses"));
    if (!keeps_comments(before, after, &what))
        return fail(why, str_printf(after->arena, "this comment is lost: %.*s", STR(what)));
    return true;
}
