/* The walk from the command back to the base image: what stands between it and the COPYs. */
#include "ir/mode.h"
#include "ir/state.h"
#include "passes/fold_layers/flags.h"

static bool meets(const struct set *a, const struct set *b)
{
    return paths_meet(a, b) != NO;
}

/* Effects of a RUN, or of the part of the command's own in front of it. */
static bool visit_effects(struct flags_search *s, const struct instr *by, const struct effects *fx)
{
    static const struct str names[] = {{"/etc/passwd", 11}, {"/etc/group", 10}};
    struct set accounts = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        set_add(s->c->arena, &accounts, names[i]);
    if (meets(&fx->writes, &s->paths) || meets(&fx->deletes, &s->paths))
        return refuse(s->why, &flags_rules[FLAGS_WRITTEN_BY_RUN], by);
    if (!s->reader && (meets(&fx->reads, &s->paths) || effects_any(fx, FX_HIDDEN)))
        s->reader = by;
    if (!s->maker && (meets(&fx->writes, &accounts) || meets(&fx->deletes, &accounts)))
        s->maker = by;
    return true;
}

/* chmod is no matter to chown, nor the other way round; but chown takes the bits away that such
 * modes give. */
static bool is_other_attribute(const struct flags_search *s, const struct files_command *f)
{
    unsigned mode;
    if (f->use == FILES_OWNED)
        return s->plan->by->use == FILES_MODE;
    return s->plan->by->use == FILES_OWNED && f->use == FILES_MODE &&
           (mode_octal(f->value, &mode) ? mode <= 0777 : str_find(f->value, 's') == f->value.len);
}

/* Takes what only touches directories and attributes out of what is written: directories are there
 * when COPY comes. */
static void set_aside(struct flags_search *s, const struct files_command *f, struct effects *fx)
{
    for (size_t k = 0; k < f->files.n; k++) {
        struct str path = f->files.at[k].path;
        bool made = f->use == FILES_MADE && flags_reach(s, path);
        if (made)
            vec_add(s->c->arena, &s->there, path);
        if (made || is_other_attribute(s, f))
            set_remove(&fx->writes, path);
    }
}

/* The RUN, up to `end` in its script. */
bool flags_visit_before(struct flags_search *s, struct instr *run, struct effects fx, uint32_t end)
{
    struct strs own = {0};
    for (size_t i = 0; i < fx.writes.items.n; i++)
        vec_add(s->c->arena, &own, fx.writes.items.at[i]);
    fx.writes.items = own;
    const struct sh_list *list = run->ast->json ? NULL : instr_commands(s->c, run);
    struct files_commands found = {0};
    if (list)
        found = command_on_files(s->c, &run->before, list);
    for (size_t i = 0; i < found.n; i++)
        if (found.at[i].told && found.at[i].command->span.end <= end)
            set_aside(s, &found.at[i], &fx);
    return visit_effects(s, run, &fx);
}

static bool visit_run(struct flags_search *s, struct instr *run)
{
    if (s->found)
        return true;
    return flags_visit_before(s, run, *instr_effects(s->c, run), UINT32_MAX);
}

static bool visit_volume(struct flags_search *s, const struct instr *i)
{
    struct set volumes = {0};
    for (size_t k = 0; k < i->ast->args.n; k++) {
        struct str path;
        if (state_expand(s->c, &i->before, i->ast->args.at[k].text, &path))
            set_add(s->c->arena, &volumes, path);
        else
            volumes.unknown = true;
    }
    return !meets(&volumes, &s->paths) || refuse(s->why, &flags_rules[FLAGS_IS_VOLUME], i);
}

static bool visit(struct flags_search *s, struct instr *i)
{
    switch (i->ast->kind) {
    case DF_COPY:
    case DF_ADD:
        return flags_visit_copy(s, i);
    case DF_RUN:
        return visit_run(s, i);
    case DF_VOLUME:
        return visit_volume(s, i);
    case DF_WORKDIR: {
        const struct state *after =
            i->next && i->next->stage == i->stage ? &i->next->before : &i->stage->end;
        vec_add(s->c->arena, &s->there, after->workdir);
        return after->workdir.len || refuse(s->why, &flags_rules[FLAGS_NOT_TOLD], i);
    }
    default:
        return true;
    }
}

/* All that came before, down to the base image. */
bool flags_walk_back(struct flags_search *s)
{
    unsigned steps = 0;
    const struct stage *stage = s->run->stage;
    struct instr *i = s->run->prev;
    for (;;) {
        for (; i && i->stage == stage && i != stage->from; i = i->prev)
            if (++steps > LEGALITY_STEPS || !visit(s, i))
                return false;
        if (stage->base.kind != REF_STAGE)
            return true;
        stage = stage->base.stage;
        i = stage->next->from->prev;
        s->base = true;
    }
}
