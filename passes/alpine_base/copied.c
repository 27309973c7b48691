/* What another stage made, on another distribution: it can be taken over where nothing in it is
 * code of the machine's. */
#include "ir/command.h"
#include "passes/alpine_base/alpine.h"

/* A package of a language, not one of those that have builds for each C library. */
static bool is_portable_module(const struct alpine_question *q, const struct used *use)
{
    const struct module *m = catalog_musl(q->c->catalog, use->name);
    return m && !m->prebuilt && !use->extras;
}

/* A program of the project's own, which may build anything: `python setup.py`. */
static bool runs_file(const struct invocation *run)
{
    return run->row && run->row->usage.operands == USE_SCRIPT_FILE && run->words.n &&
           !run->options.n;
}

/* Commands of languages, and those that only move files about. */
static bool is_portable_command(const struct alpine_question *q, const struct used_step *s,
                                const struct invocation *run)
{
    const struct catalog *c = q->c->catalog;
    if (runs_file(run))
        return false;
    bool of_packages = s->in_packages && !run->row;
    bool busybox = catalog_busybox(c, run->name) && run->row && !run->row->manager.len;
    return run->name.len && (of_packages || busybox || catalog_program(c, run->name) ||
                             catalog_dependencies(c, run->name));
}

static bool is_portable_step(const struct alpine_question *q, const struct used_step *s)
{
    bool of_language = false;
    for (size_t i = 0; i < s->step.runs.n; i++) {
        const struct invocation *run = &s->step.runs.at[i];
        if (!is_portable_command(q, s, run))
            return false;
        of_language |= catalog_program(q->c->catalog, run->name) ||
                       catalog_dependencies(q->c->catalog, run->name);
    }
    return of_language || !effects_any(&s->step.effects, FX_NETWORK);
}

static bool of_stage(const struct instr *at, const struct stage *stage)
{
    return at->stage == stage;
}

/* It stands on an image alone, takes nothing from elsewhere but the context, and all that its RUNs
 * do is known. */
static bool is_portable(const struct alpine_question *q, const struct stage *stage)
{
    const struct uses *uses = &q->plan->uses;
    if (stage->base.kind != REF_IMAGE || stage->uses.n)
        return false;
    for (size_t i = 0; i < uses->unknown.n; i++)
        if (uses->unknown.at[i].elsewhere && of_stage(uses->unknown.at[i].at, stage))
            return false;
    for (size_t i = 0; i < uses->modules.n; i++)
        if (uses->modules.at[i].elsewhere && of_stage(uses->modules.at[i].at, stage) &&
            !is_portable_module(q, &uses->modules.at[i]))
            return false;
    for (size_t i = 0; i < uses->steps.n; i++)
        if (uses->steps.at[i].elsewhere && of_stage(uses->steps.at[i].at, stage) &&
            !is_portable_step(q, &uses->steps.at[i]))
            return false;
    return true;
}

/* Files of the context are in there too. */
static bool holds_sources(const struct alpine_question *q, const struct stage *stage)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i)) {
        bool copies = i->ast->kind == DF_COPY || i->ast->kind == DF_ADD;
        if (copies && !alpine_holds_sources(q, i))
            return false;
    }
    return true;
}

static const struct stage *stage_of(const struct instr *at)
{
    for (size_t i = 0; i < at->stage->uses.n; i++)
        if (at->stage->uses.at[i].by == at && at->stage->uses.at[i].kind == REF_STAGE)
            return at->stage->uses.at[i].stage;
    return NULL;
}

bool alpine_is_portable(const struct alpine_question *q, const struct instr *at, struct str path)
{
    const struct stage *stage = stage_of(at);
    struct str from = str_starts(path, LIT("/")) ? path : str_concat(q->c->arena, LIT("/"), path);
    return stage && alpine_is_project_path(q, from) && is_portable(q, stage) &&
           holds_sources(q, stage);
}
