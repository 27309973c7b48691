#include "ir/change.h"

static void declare(struct compile *c, struct change change)
{
    struct change *kept = arena_alloc(c->arena, sizeof *kept);
    *kept = change;
    struct rewrite r = {.kind = REWRITE_DECLARE, .change = kept};
    vec_add(c->arena, &c->file->journal, r);
}

void change_command(struct compile *c, const struct instr *i, struct str before, struct str after)
{
    declare(c, (struct change){CHANGE_COMMAND, i->stage->index, before, after, i->origin.start});
}

void change_add_script(struct compile *c, const struct instr *i, struct str script)
{
    struct str run = str_concat(c->arena, LIT("RUN "), script);
    declare(c, (struct change){CHANGE_ADD, i->stage->index, {0}, run, 0});
}

void change_instr(struct compile *c, const struct instr *i, struct str after)
{
    declare(c, (struct change){CHANGE_INSTR, i->stage ? i->stage->index : CHANGE_OUTSIDE, i->text,
                               after, i->origin.start});
}

struct dropped {
    struct compile *c;
    const struct instr *run;
};

static bool drop_command(void *self, const struct sh_command *command, unsigned substitution)
{
    struct dropped *d = self;
    struct str text = str_span(d->run->script->text, command->span);
    (void)substitution;
    if (command->kind == SH_SIMPLE)
        change_command(d->c, d->run, text, (struct str){0});
    return true;
}

void change_drop(struct compile *c, struct instr *i)
{
    struct dropped d = {c, i};
    struct sh_visitor v = {.self = &d, .command = drop_command, .word = sh_skip_word};
    if (i->ast->kind != DF_RUN)
        change_instr(c, i, (struct str){0});
    else if (instr_script(c, i))
        sh_walk(i->script->list, &v);
}

void change_add(struct compile *c, const struct instr *i)
{
    declare(c, (struct change){
                   CHANGE_ADD, i->stage ? i->stage->index : CHANGE_OUTSIDE, {0}, i->text, 0});
}

void change_move(struct compile *c, const struct instr *i)
{
    change_instr(c, i, (struct str){0});
    change_add(c, i);
}

void change_env(struct compile *c, const struct stage *stage, struct str name)
{
    declare(c, (struct change){CHANGE_ENV, stage->index, {0}, name, 0});
}

void change_flag(struct compile *c, const struct stage *stage, struct str flag)
{
    declare(c, (struct change){CHANGE_FLAG, stage->index, {0}, flag, 0});
}

void change_add_stage(struct compile *c, unsigned index, struct str from)
{
    declare(c, (struct change){CHANGE_ADD_STAGE, index, {0}, from, 0});
}

void change_drop_stage(struct compile *c, const struct stage *stage)
{
    declare(c, (struct change){CHANGE_DROP_STAGE, stage->index, {0}, {0}, 0});
}
