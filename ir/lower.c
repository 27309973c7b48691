/* AST → IR: instructions with bytes of their own, stages, and what is derived from them. */
#include "ir/command.h"
#include "ir/container.h"
#include "ir/copy.h"
#include "ir/graph.h"
#include "ir/ir.h"
#include "ir/layout.h"
#include "ir/state.h"

#include <string.h>

static void append(struct file *f, struct instr *i)
{
    i->prev = f->last;
    if (f->last)
        f->last->next = i;
    else
        f->first = i;
    f->last = i;
}

static void add_instr(struct compile *c, const struct df_instr *ast)
{
    struct instr *i = arena_alloc(c->arena, sizeof *i);
    i->lead = str_span(c->src.text, ast->lead);
    i->text = str_span(c->src.text, ast->text);
    i->origin = ast->text;
    i->ast = ast;
    append(c->file, i);
}

static void open_stage(struct compile *c, struct instr *from)
{
    struct file *f = c->file;
    struct stage *s = arena_alloc(c->arena, sizeof *s);
    s->index = (unsigned)f->numbered.n;
    s->from = from;
    if (from->ast->args.n == 3)
        s->name = str_lower(c->arena, from->ast->args.at[2].text);
    s->prev = f->last_stage;
    if (f->last_stage)
        f->last_stage->next = s;
    else
        f->stages = s;
    f->last_stage = s;
}

/* From now on later stages may name this one. */
static void close_stage(struct compile *c, const struct state *end)
{
    struct stage *s = c->file->last_stage;
    if (!s)
        return;
    s->end = *end;
    vec_add(c->arena, &c->file->numbered, s);
    if (s->name.len)
        map_put(&c->file->named, s->name, s);
}

static struct state enter_stage(struct compile *c, struct instr *from, const struct env *global)
{
    open_stage(c, from);
    struct stage *s = c->file->last_stage;
    from->stage = s;
    graph_resolve_base(c, s, global);
    return state_from(c, s, s->base.kind == REF_STAGE ? &s->base.stage->end : NULL);
}

static void forget(struct file *f)
{
    f->stages = f->last_stage = NULL;
    f->numbered = (struct stage_list){0};
    f->named.entries = NULL;
}

static void forget_derived(struct instr *i)
{
    i->script_read = false;
    i->effects = NULL;
    i->script = NULL;
    i->scripts = NULL;
}

void lower_again(struct compile *c)
{
    struct state state = {.shell_kind = SHELL_SH};
    const struct env *global = NULL;
    forget(c->file);
    for (struct instr *i = c->file->first; i; i = i->next) {
        forget_derived(i);
        if (i->ast->kind == DF_FROM) {
            close_stage(c, &state);
            i->before = (struct state){.env = global};
            state = enter_stage(c, i, global);
            continue;
        }
        i->stage = c->file->last_stage;
        i->before = state;
        state = state_after(c, i, global);
        graph_add_uses(c, i);
        if (!i->stage)
            global = state.env;
    }
    close_stage(c, &state);
    graph_mark_shipping(c);
    c->file->stale = false;
}

/* Leads, texts and tail lie in the source one behind the other, each byte once. */
static bool tiles_source(const struct compile *c)
{
    const char *at = c->src.text.at;
    for (const struct instr *i = c->file->first; i; i = i->next) {
        if (i->lead.at != at || i->text.at != at + i->lead.len)
            return false;
        at = i->text.at + i->text.len;
    }
    return c->file->tail.at == at && at + c->file->tail.len == c->src.text.at + c->src.text.len;
}

bool lower_file(struct compile *c)
{
    const struct df_file *df = df_parse(c->arena, &c->src, &c->diags);
    if (!df)
        return false;
    c->file = arena_alloc(c->arena, sizeof *c->file);
    c->file->named.arena = c->arena;
    c->file->escape = df->escape;
    c->file->syntax = df->syntax;
    for (size_t i = 0; i < df->instrs.n; i++)
        add_instr(c, df->instrs.at[i]);
    c->file->tail = str_span(c->src.text, df->tail);
    lower_again(c);
    pragma_read(c);
    c->file->layout = layout_learn(c->arena, c->file);
    CHECK(c->arena, tiles_source(c));
    return true;
}

/* The instruction whose script counts: ONBUILD's is that of its trigger. */
static const struct df_instr *acting(const struct instr *i)
{
    return i->ast->kind == DF_ONBUILD ? i->ast->trigger : i->ast;
}

/* A here-document may name another program than the stage's shell. */
static enum shell_kind reader_of(const struct instr *i)
{
    bool named = df_is_document(i->ast) && str_starts(i->script_text.text, LIT("#!"));
    return named ? container_reader(i->script_text.text) : i->before.shell_kind;
}

const struct sh_script *instr_script(struct compile *c, struct instr *i)
{
    if (i->script_read)
        return i->script;
    i->script_read = true;
    if (!df_shell_text(c->arena, acting(i), &i->script_text))
        return NULL;
    enum shell_kind reader = reader_of(i);
    if (reader == SHELL_OTHER)
        return NULL;
    enum sh_dialect dialect = reader == SHELL_BASH ? SH_BASH : SH_POSIX;
    i->script = sh_parse(c->arena, i->script_text.text, dialect, NULL);
    return i->script;
}

/* The exec form runs one command whose words no shell expands: quoted, a shell would read them the
 * same. */
static const struct sh_list *exec_form(struct compile *c, const struct df_instr *ast)
{
    struct buf b = {.arena = c->arena};
    for (size_t i = 0; i < ast->args.n; i++) {
        buf_char(&b, ' ');
        buf_add(&b, sh_quote(c->arena, ast->args.at[i].text));
    }
    const struct sh_script *script = sh_parse(c->arena, buf_str(&b), SH_POSIX, NULL);
    return script ? script->list : NULL;
}

const struct sh_list *instr_commands(struct compile *c, struct instr *i)
{
    const struct df_instr *ast = acting(i);
    bool runs = ast->kind == DF_RUN || ast->kind == DF_CMD || ast->kind == DF_ENTRYPOINT ||
                ast->kind == DF_HEALTHCHECK;
    if (runs && ast->json)
        return exec_form(c, ast);
    const struct sh_script *script = instr_script(c, i);
    return script ? script->list : NULL;
}

static bool is_opaque(struct compile *c, struct instr *i)
{
    return !acting(i)->json && !instr_script(c, i) && i->script_text.text.len;
}

static const struct effects *effects_of_run(struct compile *c, struct instr *i)
{
    struct effects *fx = arena_alloc(c->arena, sizeof *fx);
    const struct sh_list *commands = instr_commands(c, i);
    if (commands)
        *fx = command_effects_of_list(c, &i->before, commands);
    else if (i->ast->json || is_opaque(c, i))
        *fx = effects_anything();
    if (i->pragmas.effects)
        pragma_tell(c->arena, i->pragmas.effects, fx);
    return fx;
}

static const struct effects *effects_of_copy(struct compile *c, const struct instr *i)
{
    struct effects *fx = arena_alloc(c->arena, sizeof *fx);
    *fx = copy_effects(c, i);
    return fx;
}

const struct effects *instr_effects(struct compile *c, struct instr *i)
{
    static const struct effects nothing = {.flags = 0};
    if (i->effects)
        return i->effects;
    i->effects = &nothing;
    if (i->ast->kind == DF_RUN)
        i->effects = effects_of_run(c, i);
    else if (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD)
        i->effects = effects_of_copy(c, i);
    return i->effects;
}

struct instr *instr_next(const struct instr *i)
{
    return i->next && i->next->stage == i->stage ? i->next : NULL;
}

static size_t file_length(const struct file *f)
{
    size_t n = f->tail.len;
    for (const struct instr *i = f->first; i; i = i->next)
        n += i->lead.len + i->text.len;
    return n;
}

static char *put(char *at, struct str s)
{
    if (s.len)
        memcpy(at, s.at, s.len);
    return at + s.len;
}

struct str file_text(struct arena *a, const struct file *f)
{
    struct str text = {.len = file_length(f)};
    char *at = arena_alloc(a, text.len + 1);
    text.at = at;
    for (const struct instr *i = f->first; i; i = i->next)
        at = put(put(at, i->lead), i->text);
    put(at, f->tail);
    return text;
}
