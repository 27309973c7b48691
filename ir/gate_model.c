#include "ir/gate_model.h"

#include "ir/command.h"
#include "ir/normal.h"

/* ---- commands ---- */

struct collector {
    struct compile *c;
    const struct instr *run;
    const struct sh_script *script;
    struct avoidances avoidances; /* what may be added to its commands */
    struct gate_items *out;
};

/* `span` of the script with those edits that lie in it; empty when there are none. */
static struct str tidy_text(const struct collector *k, struct span span)
{
    struct str text = k->script->text;
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
    if (command->kind != SH_SIMPLE)
        return true;
    struct gate_item item = {GATE_COMMAND, str_span(k->script->text, command->span),
                             tidy_text(k, command->span), k->run};
    vec_add(k->c->arena, k->out, item);
    return true;
}

static void collect_script(struct compile *c, const struct instr *run,
                           const struct sh_script *script, bool tidy, struct gate_items *out)
{
    struct collector k = {.c = c, .run = run, .script = script, .out = out};
    struct sh_visitor v = {.self = &k, .command = collect_command, .word = sh_skip_word};
    if (tidy)
        k.avoidances = command_avoidable(c, &run->before, script->list).edits;
    sh_walk(script->list, &v);
}

/* Blank and comment lines in continuations are no part of it; flags are compared by themselves, but
 * for those of here-documents. */
static struct str whole_text(const struct instr *run)
{
    const struct df_instr *ast = run->ast;
    if (ast->heredocs.n)
        return str_slice(run->text, ast->keyword.end, run->text.len);
    return str_span(ast->joined.text, ast->rest);
}

static void collect_run(struct compile *c, struct instr *run, bool tidy, struct gate_items *out)
{
    const struct sh_script *script = instr_script(c, run);
    if (script && script->list) {
        collect_script(c, run, script, tidy, out);
        return;
    }
    struct gate_item whole = {.kind = GATE_COMMAND, .text = whole_text(run), .by = run};
    vec_add(c->arena, out, whole);
}

/* ---- a file taken apart ---- */

static bool changes_files(enum df_kind kind)
{
    return kind == DF_COPY || kind == DF_ADD || kind == DF_VOLUME;
}

static struct gate_item item_of(const struct instr *i)
{
    return (struct gate_item){.kind = GATE_INSTR, .text = i->text, .by = i};
}

static void take(struct gate_model *m, struct gate_stage *stage, struct instr *i)
{
    struct arena *a = m->c->arena;
    if (i->ast->kind == DF_FROM)
        stage->from = item_of(i);
    else if (i->ast->kind == DF_RUN)
        collect_run(m->c, i, m->tidy, &stage->files);
    else if (changes_files(i->ast->kind))
        vec_add(a, &stage->files, item_of(i));
    else
        vec_add(a, &stage->settings, item_of(i));
}

struct gate_model gate_model_of(struct compile *c, bool tidy)
{
    struct gate_model m = {.c = c, .tidy = tidy};
    for (struct instr *i = c->file->first; i; i = i->next) {
        if (i->ast->kind == DF_FROM) {
            struct gate_stage fresh = {0};
            vec_add(c->arena, &m.stages, fresh);
        }
        take(&m, m.stages.n ? vec_last(&m.stages) : &m.outside, i);
    }
    return m;
}

/* ---- declared changes ---- */

static struct gate_stage *stage_at(struct gate_model *m, unsigned index)
{
    if (index == CHANGE_OUTSIDE)
        return &m->outside;
    return index < m->stages.n ? &m->stages.at[index] : NULL;
}

static void remove_item(struct gate_items *items, size_t at)
{
    for (size_t i = at + 1; i < items->n; i++)
        items->at[i - 1] = items->at[i];
    items->n--;
}

/* `like` with another text; NULL when that is no instruction. */
static struct instr *read_instr(struct gate_model *m, const struct instr *like, struct str text)
{
    struct instr *i = arena_alloc(m->c->arena, sizeof *i);
    if (like)
        *i = *like;
    i->text = text;
    i->ast = df_parse_one(m->c->arena, text, m->c->file->escape);
    i->script_read = false;
    i->script = NULL;
    i->effects = NULL;
    return i->ast ? i : NULL;
}

/* Any stage's state does for what is compared by text alone. */
static struct str tidy_of(struct gate_model *m, const struct instr *by, struct str command)
{
    const struct sh_script *script = m->tidy ? sh_parse(m->c->arena, command, SH_BASH, NULL) : NULL;
    struct gate_items one = {0};
    if (script && script->list)
        collect_script(m->c, by, script, true, &one);
    return one.n == 1 ? one.at[0].tidy : (struct str){0};
}

static bool is_command(const struct gate_item *item, struct str text)
{
    return item->kind == GATE_COMMAND &&
           (str_eq(item->text, text) || (item->tidy.len && str_eq(item->tidy, text)));
}

static bool change_command_in(struct gate_model *m, struct gate_items *items,
                              const struct change *change, uint32_t from)
{
    for (size_t i = 0; i < items->n; i++) {
        struct gate_item *item = &items->at[i];
        if (!is_command(item, change->before) || item->by->origin.start < from)
            continue;
        item->text = change->after;
        item->tidy = change->after.len ? tidy_of(m, item->by, change->after) : (struct str){0};
        if (!change->after.len)
            remove_item(items, i);
        return true;
    }
    return false;
}

static void expect_command(struct gate_model *m, struct gate_stage *s, const struct change *change)
{
    if (!change_command_in(m, &s->files, change, change->from) &&
        !change_command_in(m, &s->files, change, 0))
        change_command_in(m, &s->added, change, 0);
}

static bool means(struct gate_model *m, const struct gate_item *item, const struct instr *i)
{
    return item->kind == GATE_INSTR && item->by &&
           (str_eq(item->text, i->text) ||
            normal_same(m->c->arena, item->by, i, m->c->file->escape));
}

static void replace_item(struct gate_model *m, struct gate_item *item, struct str after)
{
    const struct instr *i = read_instr(m, item->by, after);
    if (i)
        *item = item_of(i);
}

static bool change_instr_from(struct gate_model *m, struct gate_items *items,
                              const struct change *change, const struct instr *before,
                              uint32_t from)
{
    for (size_t i = 0; i < items->n; i++) {
        if (!means(m, &items->at[i], before) || items->at[i].by->origin.start < from)
            continue;
        if (change->after.len)
            replace_item(m, &items->at[i], change->after);
        else
            remove_item(items, i);
        return true;
    }
    return false;
}

static bool change_instr_in(struct gate_model *m, struct gate_items *items,
                            const struct change *change, const struct instr *before)
{
    return change_instr_from(m, items, change, before, change->from) ||
           change_instr_from(m, items, change, before, 0);
}

/* What was added may be changed again. */
static void expect_instr(struct gate_model *m, struct gate_stage *s, const struct change *change)
{
    const struct instr *before = read_instr(m, s->from.by, change->before);
    if (!before)
        return;
    if (before->ast->kind == DF_FROM && change->after.len)
        replace_item(m, &s->from, change->after);
    else if (!change_instr_in(m, &s->settings, change, before) &&
             !change_instr_in(m, &s->files, change, before))
        change_instr_in(m, &s->added, change, before);
}

static void expect_added(struct gate_model *m, struct gate_stage *s, struct str text)
{
    struct instr *i = read_instr(m, s->from.by, text);
    if (!i)
        return;
    i->before.shell_kind = SHELL_BASH; /* which reads all that a POSIX shell does */
    if (i->ast->kind == DF_RUN)
        collect_run(m->c, i, m->tidy, &s->added);
    else
        vec_add(m->c->arena, &s->added, item_of(i));
}

static void expect_stage(struct gate_model *m, const struct change *change)
{
    struct stage *stage = arena_alloc(m->c->arena, sizeof *stage);
    struct instr like = {.stage = stage};
    struct gate_stage fresh = {0};
    stage->base.kind = REF_IMAGE;
    const struct instr *from = read_instr(m, &like, change->after);
    if (!from || change->stage > m->stages.n)
        return;
    fresh.from = item_of(from);
    vec_add(m->c->arena, &m->stages, fresh);
    for (size_t i = m->stages.n - 1; i > change->stage; i--)
        m->stages.at[i] = m->stages.at[i - 1];
    m->stages.at[change->stage] = fresh;
}

static void drop_stage(struct gate_model *m, unsigned index)
{
    for (size_t i = index + 1; i < m->stages.n; i++)
        m->stages.at[i - 1] = m->stages.at[i];
    if (index < m->stages.n)
        m->stages.n--;
}

void gate_expect(struct gate_model *m, const struct change *change)
{
    struct gate_stage *s = stage_at(m, change->stage);
    if (change->kind == CHANGE_ADD_STAGE)
        expect_stage(m, change);
    if (!s)
        return;
    switch (change->kind) {
    case CHANGE_COMMAND:
        expect_command(m, s, change);
        return;
    case CHANGE_INSTR:
        expect_instr(m, s, change);
        return;
    case CHANGE_ADD:
        expect_added(m, s, change->after);
        return;
    case CHANGE_ENV:
        vec_add(m->c->arena, &s->names, change->after);
        return;
    case CHANGE_FLAG:
        vec_add(m->c->arena, &s->flags, change->after);
        return;
    case CHANGE_DROP_STAGE:
        drop_stage(m, change->stage);
        return;
    case CHANGE_ADD_STAGE:
        return;
    }
}
