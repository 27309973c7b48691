/* What the final stage does, and what the program's sources show. */
#include "ir/copy.h"
#include "ir/minimal.h"
#include "ir/sources.h"
#include "passes/minimal_base/minimal_base.h"

static bool is_program(struct compile *c, const struct stage *stage, struct str program,
                       struct str word)
{
    struct str path;
    if (str_find(word, '/') == word.len)
        return str_eq(path_name(program), word);
    return path_resolve(c->arena, stage->end.workdir, word, &path) && str_eq(path, program);
}

/* ---- RUNs ---- */

static bool is_of_packages(struct compile *c, const struct step *s)
{
    for (size_t i = 0; i < s->runs.n; i++)
        if (toolchain_row(c, &s->runs.at[i]))
            return false;
    for (size_t i = 0; i < s->runs.n; i++)
        if (s->runs.at[i].row && s->runs.at[i].row->manager.len)
            return true;
    return s->effects.drops_lists.items.n || s->effects.drops_caches.items.n;
}

/* `set -x`: there is no shell whose options it could change. */
static bool sets_options(const struct effects *fx)
{
    unsigned options = FX_ERREXIT | FX_ERREXIT_ON | FX_OPTIONS | FX_NOGLOB | FX_TRACES;
    return set_is_empty(&fx->writes) && set_is_empty(&fx->deletes) && set_is_empty(&fx->installs) &&
           !(fx->flags & ~options);
}

static bool check_run(struct compile *c, struct minimal_plan *p, struct instr *run, struct why *why)
{
    const struct sh_script *script = instr_script(c, run);
    struct steps steps = {0};
    if (!script || !script->list || !command_steps(c, &run->before, script->list, &steps))
        return minimal_refuse(why, MINIMAL_RUNS, run, LIT(""));
    for (size_t i = 0; i < steps.n; i++) {
        const struct set *installs = &steps.at[i].effects.installs;
        if (sets_options(&steps.at[i].effects))
            continue;
        if (!is_of_packages(c, &steps.at[i]) || installs->unknown)
            return minimal_refuse(why, MINIMAL_RUNS, run, str_span(script->text, steps.at[i].at));
        for (size_t k = 0; k < installs->items.n; k++)
            if (!minimal_has_package(p->toolchain, installs->items.at[k]))
                return minimal_refuse(why, MINIMAL_RUNS, run, installs->items.at[k]);
    }
    if (script->comments.n || legality_comments(c->arena, run->lead, LIT("")).len ||
        legality_comments(c->arena, run->text, LIT("")).len)
        return minimal_refuse(why, MINIMAL_COMMENT, run, LIT(""));
    vec_add(c->arena, &p->dropped, run);
    return true;
}

/* ---- the others ---- */

/* The interpreter's stage has the accounts that the image has. */
static bool check_owner(struct compile *c, struct minimal_plan *p, const struct instr *i,
                        struct str owner, struct why *why)
{
    if (minimal_has_owner(c, owner))
        return true;
    p->accounts = true;
    return p->interpreted || minimal_refuse(why, MINIMAL_USERS, i, owner);
}

static bool check_instr(struct compile *c, struct minimal_plan *p, struct instr *i, struct why *why)
{
    if (!pragma_allows(i, LIT("minimal-base")))
        return minimal_refuse(why, MINIMAL_PRAGMA, i, LIT(""));
    switch (i->ast->kind) {
    case DF_RUN:
        return check_run(c, p, i, why);
    case DF_COPY:
    case DF_ADD: {
        struct copy copy = copy_read(c, i);
        return !copy.has_chown || check_owner(c, p, i, copy.chown, why);
    }
    case DF_SHELL:
    case DF_ONBUILD:
    case DF_UNKNOWN:
        return minimal_refuse(why, MINIMAL_SHELL, i, LIT(""));
    case DF_HEALTHCHECK:
        return str_eq(i->ast->healthcheck, LIT("NONE")) ||
               (i->ast->json && i->ast->args.n &&
                is_program(c, i->stage, p->program, i->ast->args.at[0].text)) ||
               minimal_refuse(why, MINIMAL_HEALTH, i, LIT(""));
    case DF_ARG:
    case DF_CMD:
    case DF_ENTRYPOINT:
    case DF_ENV:
    case DF_EXPOSE:
    case DF_FROM:
    case DF_LABEL:
    case DF_MAINTAINER:
    case DF_STOPSIGNAL:
    case DF_USER:
    case DF_VOLUME:
    case DF_WORKDIR:
        return true;
    }
    return true;
}

bool minimal_check_stage(struct compile *c, struct minimal_plan *p, struct stage *stage,
                         struct why *why)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
        if (!check_instr(c, p, i, why))
            return false;
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
        if (i->ast->kind == DF_USER && !check_owner(c, p, i, i->ast->args.at[0].text, why))
            return false;
    return true;
}

bool minimal_check_sources(struct compile *c, const struct minimal_plan *p,
                           const struct instr *from, struct why *why)
{
    static const struct {
        enum source_trait trait;
        enum minimal_reason reason;
    } questions[] = {{SOURCE_COMMANDS, MINIMAL_STARTS},
                     {SOURCE_LIBRARIES, MINIMAL_LIBRARIES},
                     {SOURCE_LOCALES, MINIMAL_LOCALES}};
    struct str language = p->toolchain->language;
    if (source_count(c, language) <= 0)
        return minimal_refuse(why, MINIMAL_STARTS, from, LIT(""));
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct source_evidence where = {0};
        if (source_shows(c, language, questions[i].trait, &where) != NO)
            return minimal_refuse(why, questions[i].reason, from,
                                  source_evidence_text(c->arena, &where));
    }
    return true;
}
