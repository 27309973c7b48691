/* Compiled programs: which command builds one, and what it is linked with. */
#include "ir/container.h"
#include "ir/copy.h"
#include "ir/manifest/manifest.h"
#include "ir/minimal.h"
#include "ir/sources.h"
#include "passes/minimal_base/minimal_base.h"

/* ---- the program ---- */

static void add_build(struct compile *c, struct minimal_plan *p, struct instr *run,
                      struct step *step)
{
    for (size_t i = 0; i < step->runs.n; i++) {
        struct built built = toolchain_built(c, run->stage, &step->runs.at[i]);
        if (!built.toolchain || !built.toolchain->minimal.len || !built.known)
            continue;
        struct minimal_build b = {
            .run = run, .by = &step->runs.at[i], .built = built, .at = step->at};
        b.command = step_command(run->script->list, step);
        if (built.artifacts.n)
            vec_add(c->arena, &p->builds, b);
    }
}

static void find_builds(struct compile *c, struct minimal_plan *p, const struct stage *stage)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i)) {
        const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(c, i) : NULL;
        struct steps *steps = arena_alloc(c->arena, sizeof *steps);
        if (!script || !script->list || !command_steps(c, &i->before, script->list, steps))
            continue;
        for (size_t k = 0; k < steps->n; k++)
            add_build(c, p, i, &steps->at[k]);
    }
}

/* Keeps the builds of the file at `path`. */
static bool keep_builds_of(struct minimal_plan *p, struct str path)
{
    uint32_t n = 0;
    for (size_t i = 0; i < p->builds.n; i++)
        if (strs_have(&p->builds.at[i].built.artifacts, path))
            p->builds.at[n++] = p->builds.at[i];
    p->others = n < p->builds.n;
    p->builds.n = n;
    return n > 0;
}

static const struct stage *copied_stage(const struct instr *i)
{
    for (size_t k = 0; k < i->stage->uses.n; k++)
        if (i->stage->uses.at[k].by == i && i->stage->uses.at[k].kind == REF_STAGE)
            return i->stage->uses.at[k].stage;
    return NULL;
}

static bool comes_from(struct compile *c, struct minimal_plan *p, const struct instr *i,
                       struct str program)
{
    const struct stage *from = copied_stage(i);
    if (!from)
        return false;
    struct copy copy = copy_read(c, i);
    for (size_t k = 0; k < copy.sources.n; k++) {
        struct str path = copy_source_of(c, &copy, &copy.sources.at[k], program);
        p->builds.n = 0;
        find_builds(c, p, from);
        if (!path.len || !keep_builds_of(p, path))
            continue;
        p->program = program;
        p->stage = from;
        p->toolchain = p->builds.at[p->builds.n - 1].built.toolchain;
        return true;
    }
    return false;
}

/* The paths that `word` may stand for: of a name, those in PATH. */
static struct strs paths_of(struct compile *c, const struct stage *stage, struct str word)
{
    struct strs out = {0};
    struct str path;
    const struct env *e = env_find(stage->end.env, LIT("PATH"));
    struct str all = e && e->kind == ENV_SET && e->value.len
                         ? e->value
                         : LIT("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    if (str_find(word, '/') < word.len) {
        if (path_resolve(c->arena, stage->end.workdir, word, &path))
            vec_add(c->arena, &out, path);
        return out;
    }
    while (all.len) {
        size_t end = str_find(all, ':');
        vec_add(c->arena, &out,
                str_printf(c->arena, "%.*s/%.*s", STR(str_slice(all, 0, end)), STR(word)));
        all = str_slice(all, end + 1, all.len);
    }
    return out;
}

bool minimal_find_program(struct compile *c, struct minimal_plan *p, const struct stage *stage,
                          struct why *why)
{
    struct container_command command = container_command(c, stage);
    const struct instr *first = command.entrypoint ? command.entrypoint : command.cmd;
    if (!first || !first->ast->json || !first->ast->args.n)
        return minimal_refuse(why, MINIMAL_COMMAND, first ? first : stage->from, LIT(""));
    struct strs paths = paths_of(c, stage, first->ast->args.at[0].text);
    for (size_t k = 0; k < paths.n; k++)
        for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
            if (i->ast->kind == DF_COPY && comes_from(c, p, i, paths.at[k]))
                return true;
    return minimal_refuse(why, MINIMAL_PROGRAM, first, first->ast->args.at[0].text);
}

/* ---- how it is linked ---- */

/* Nothing says otherwise. */
static bool can_be_static(const struct minimal_build *b)
{
    struct str when = b->built.toolchain->static_when;
    return minimal_may_be_static(b->built.toolchain, b->by) &&
           !env_find(b->by->env, str_slice(when, 0, str_find(when, '='))) && b->command &&
           b->command->words.n > 0 && !b->run->ast->heredocs.n;
}

static bool requires_nothing(const struct minimal_build *b)
{
    const struct manifest *m = b->built.manifest;
    return m && !m->needs.n && !m->more_needs;
}

static bool links_plainly(const struct minimal_build *b)
{
    return minimal_links(&b->built) && (b->built.toolchain->n_links > 0 || requires_nothing(b));
}

/* Who chose the static image, or installed what it has, gets no less. */
static struct str static_image(struct compile *c, const struct minimal_plan *p,
                               const struct stage *stage)
{
    const struct toolchain *t = p->toolchain;
    struct str image = minimal_image_of(c, p, t->minimal_static);
    if (!image.len)
        image = minimal_image(c, t->minimal_static, t->minimal_release);
    for (size_t i = 0; i < p->builds.n; i++)
        if (!requires_nothing(&p->builds.at[i]))
            return image;
    bool kept = str_eq(p->base.ref.name, image) || p->dropped.n > 0;
    return kept || !minimal_needs_nothing(c, t, stage) ? image : t->minimal_nothing;
}

static struct str linked_image(struct compile *c, const struct minimal_plan *p)
{
    bool plain = true;
    for (size_t i = 0; i < p->builds.n; i++)
        plain &= minimal_is_plain(c, &p->builds.at[i].built);
    return minimal_image_of(c, p, plain ? p->toolchain->minimal_plain : p->toolchain->minimal);
}

/* A static program runs on any release. */
bool minimal_choose_image(struct compile *c, struct minimal_plan *p, const struct stage *stage,
                          struct why *why)
{
    const struct toolchain *t = p->toolchain;
    bool fixed = true, settable = p->builds.n == 1 && !p->others, plain = true;
    for (size_t i = 0; i < p->builds.n; i++) {
        const struct minimal_build *b = &p->builds.at[i];
        fixed &= minimal_is_static(t, b->by);
        settable &= can_be_static(b) && minimal_requires_pure(&b->built);
        plain &= links_plainly(b);
    }
    bool native = !fixed && source_shows(c, t->language, SOURCE_NATIVE, NULL) != NO;
    if (native || (!fixed && !settable && !plain))
        return minimal_refuse(why, MINIMAL_LINKED, p->builds.at[0].run, LIT(""));
    p->edits = !fixed && settable;
    p->image = fixed || settable ? static_image(c, p, stage) : linked_image(c, p);
    return p->image.len || minimal_refuse(why, MINIMAL_RELEASE, p->stage->from, LIT(""));
}
