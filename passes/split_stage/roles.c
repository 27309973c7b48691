/* What each step of a RUN is to the image. */
#include "ir/path.h"
#include "passes/split_stage/split.h"

bool split_refuse(struct why *why, enum split_reason reason, const struct instr *at,
                  struct str detail)
{
    return refuse_for(why, &split_rules[reason], at, detail);
}

/* ---- paths ---- */

bool split_is_below(struct str path, struct str tree)
{
    return str_eq(tree, LIT("/")) || path_is_in(path, tree);
}

bool split_is_in(struct str path, const struct strs *trees)
{
    for (size_t i = 0; i < trees->n; i++)
        if (split_is_below(path, trees->at[i]))
            return true;
    return false;
}

bool split_is_temporary(struct compile *c, struct str path)
{
    const struct tree_list *trees = catalog_trees(c->catalog, LIT("temporary"));
    for (size_t i = 0; trees && i < trees->n_paths; i++)
        if (split_is_below(path, trees->paths[i]))
            return true;
    return false;
}

/* ---- roles ---- */

static bool writes_accounts(const struct effects *fx)
{
    return strs_have(&fx->writes.items, LIT("/etc/passwd")) ||
           strs_have(&fx->writes.items, LIT("/etc/group"));
}

/* Of the distribution: what a slim image of the same release has too, and can install. */
static bool is_packages(const struct step *s, struct str manager)
{
    for (size_t i = 0; i < s->runs.n; i++) {
        const struct command *row = s->runs.at[i].row;
        if (row && str_eq(row->manager, manager))
            return true;
    }
    return strs_have(&s->effects.drops_lists.items, manager);
}

static bool is_shell_alone(const struct effects *fx)
{
    return fx->writes.items.n == 0 && fx->deletes.items.n == 0 &&
           effects_any(fx, FX_CD | FX_STATE | FX_ERREXIT | FX_OPTIONS | FX_NOGLOB);
}

/* Looks at files, or is about others alone: `$(find src -name ..)`, `cd`, `env`. */
static bool only_helps(const struct invocation *run)
{
    enum use use = run->row ? run->row->usage.operands : USE_UNKNOWN;
    if (!run->row)
        return false;
    if (use == USE_COMMAND || (run->row->usage.does & (DOES(CD) | DOES(ASSIGNS))))
        return true;
    return (run->row->usage.does & DOES(SYSTEM)) && !run->row->n_verbs &&
           (use == USE_READS || use == USE_NOTHING || use == USE_IGNORED);
}

/* Writes files that it names: mkdir, cp, ln. */
static bool names_files(const struct invocation *run)
{
    enum use use = run->row ? run->row->usage.operands : USE_UNKNOWN;
    bool writes = use == USE_MAKES || use == USE_COPY || use == USE_MOVE || use == USE_LINK ||
                  use == USE_MODE || use == USE_WRITES;
    if (!writes || !(run->row->usage.does & DOES(SYSTEM)))
        return false;
    for (size_t i = 0; i < run->options.n; i++)
        if (!run->options.at[i].known)
            return false;
    for (size_t i = 0; i < run->words.n; i++)
        if (!run->words.at[i].at)
            return false;
    return true;
}

/* What several commands of a step build, the last of them last. */
static void add_built(struct compile *c, struct built *to, const struct built *one)
{
    struct built all = *one;
    all.artifacts = to->artifacts;
    for (size_t k = 0; k < one->artifacts.n; k++)
        vec_add(c->arena, &all.artifacts, one->artifacts.at[k]);
    all.known &= to->known || !to->toolchain;
    all.trees |= to->trees;
    all.whole |= to->whole;
    all.one_of |= to->one_of;
    *to = all;
}

/* A directory that the step builds in, or one that only holds what it builds. */
static bool is_place(const struct step *s, const struct built *built, struct str path)
{
    for (size_t i = 0; i < s->runs.n; i++)
        if (str_eq(s->runs.at[i].workdir, path))
            return true;
    for (size_t i = 0; i < built->artifacts.n; i++)
        if (split_is_below(built->artifacts.at[i], path))
            return true;
    return false;
}

/* The other files that a step which builds writes. */
static void add_written(struct compile *c, const struct step *s, struct built *out)
{
    const struct strs *written = &s->effects.writes.items;
    for (size_t i = 0; i < written->n; i++)
        if (!is_place(s, out, written->at[i]) && !split_is_temporary(c, written->at[i]))
            vec_add(c->arena, &out->artifacts, written->at[i]);
}

/* The last command of a step that builds. Its others, as in a loop, only change the directory, or
 * write files that they name. */
static bool find_build(struct compile *c, const struct stage *stage, const struct step *s,
                       struct built *out)
{
    bool others = false, files = false;
    for (size_t i = 0; i < s->runs.n; i++) {
        const struct invocation *run = &s->runs.at[i];
        struct built built = toolchain_built(c, stage, run);
        if (built.toolchain)
            add_built(c, out, &built);
        files |= !built.toolchain && names_files(run);
        others |= !built.toolchain && !names_files(run) && !only_helps(run);
    }
    if (out->toolchain && files && !others)
        add_written(c, s, out);
    return out->toolchain && !others;
}

static enum step_role role_of(struct compile *c, const struct split_plan *p,
                              const struct stage *stage, struct split_step *s)
{
    const struct effects *fx = &s->step->effects;
    if (find_build(c, stage, s->step, &s->built))
        return STEP_BUILD;
    s->built = (struct built){0};
    if (is_packages(s->step, p->runtime.row->manager))
        return STEP_PACKAGES;
    if (fx->writes.unknown || fx->deletes.unknown || effects_any(fx, FX_HIDDEN))
        return STEP_UNKNOWN;
    if (writes_accounts(fx))
        return STEP_ACCOUNTS;
    if (is_shell_alone(fx))
        return STEP_SHELL;
    return fx->writes.items.n || fx->deletes.items.n ? STEP_FILES : STEP_NOTHING;
}

/* ---- RUNs ---- */

/* What lies under a mount is in no layer. */
static bool mounts_hide(struct compile *c, const struct instr *run, const struct split_step *s)
{
    const struct strs *built = &s->built.artifacts;
    return legality_mount_covers(c, run, built->at, built->n) != NO;
}

static bool check_step(const struct split_instr *in, const struct split_step *s,
                       const struct sh_script *script, struct why *why)
{
    struct str text = str_span(script->text, s->step->at);
    if (s->role == STEP_UNKNOWN)
        return split_refuse(why, SPLIT_UNKNOWN_WRITES, in->i, text);
    if (s->role == STEP_BUILD && !s->built.known)
        return split_refuse(why, SPLIT_ARTIFACT, in->i, text);
    return true;
}

/* A comment says what a step does that is not known otherwise. */
static void tell(struct compile *c, const struct pragma_effects *said, struct step *step,
                 struct split_step *s)
{
    if (s->role != STEP_UNKNOWN && (s->role != STEP_BUILD || s->built.known))
        return;
    pragma_tell(c->arena, said, &step->effects);
    s->built = (struct built){0};
    s->told = true;
    s->role = STEP_FILES;
}

/* The program is of the last one that leaves something: not of `strip`. */
static void note_toolchain(struct split_plan *p, const struct built *built)
{
    if (built->toolchain->language.len && (built->artifacts.n || built->whole || !p->toolchain))
        p->toolchain = built->toolchain;
}

bool split_read_run(struct compile *c, struct split_plan *p, struct split_instr *in,
                    struct why *why)
{
    const struct sh_script *script = instr_script(c, in->i);
    struct steps *steps = arena_alloc(c->arena, sizeof *steps);
    if (!script || !script->list)
        return split_refuse(why, SPLIT_SHELL, in->i, (struct str){0});
    if (!command_steps(c, &in->i->before, script->list, steps))
        return split_refuse(why, SPLIT_BACKGROUND, in->i, (struct str){0});
    in->chain = steps->chain;
    for (size_t i = 0; i < steps->n; i++) {
        struct split_step s = {.step = &steps->at[i]};
        s.role = role_of(c, p, in->i->stage, &s);
        if (in->i->pragmas.effects)
            tell(c, in->i->pragmas.effects, &steps->at[i], &s);
        if (!check_step(in, &s, script, why))
            return false;
        if (s.role == STEP_BUILD)
            note_toolchain(p, &s.built);
        vec_add(c->arena, &in->steps, s);
    }
    return true;
}

static bool check_mounts(struct compile *c, const struct split_instr *in, struct why *why)
{
    for (size_t i = 0; i < in->steps.n; i++)
        if (mounts_hide(c, in->i, &in->steps.at[i]))
            return split_refuse(why, SPLIT_MOUNT, in->i,
                                str_span(instr_script(c, in->i)->text, in->steps.at[i].step->at));
    return true;
}

bool split_read(struct compile *c, struct split_plan *p, struct why *why)
{
    for (struct instr *i = instr_next(p->stage->from); i; i = instr_next(i)) {
        struct split_instr in = {.i = i};
        if (i->ast->kind == DF_RUN &&
            (!split_read_run(c, p, &in, why) || !check_mounts(c, &in, why)))
            return false;
        vec_add(c->arena, &p->instrs, in);
    }
    return true;
}
