#include "passes/merge_run/between.h"

#include "ir/catalog/images.h"
#include "ir/change.h"
#include "ir/environment.h"
#include "ir/rewrite.h"

/* ---- kinds ---- */

enum move {
    MOVE_NONE,  /* what it does, RUNs see */
    MOVE_STAYS, /* no RUN sees it: it stays below */
    MOVE_RISES, /* above the first RUN */
    MOVE_SINKS  /* below the second one */
};

static enum move move_of(enum df_kind kind)
{
    switch (kind) {
    case DF_CMD:
    case DF_ENTRYPOINT:
    case DF_EXPOSE:
    case DF_HEALTHCHECK:
    case DF_LABEL:
    case DF_MAINTAINER:
    case DF_STOPSIGNAL:
        return MOVE_STAYS;
    case DF_ARG:
    case DF_ENV:
        return MOVE_RISES;
    case DF_ADD:
    case DF_COPY:
        return MOVE_SINKS;
    case DF_FROM:
    case DF_ONBUILD:
    case DF_RUN:
    case DF_SHELL:
    case DF_UNKNOWN:
    case DF_USER:
    case DF_VOLUME:
    case DF_WORKDIR:
        return MOVE_NONE;
    }
    return MOVE_NONE;
}

struct instr *between_next_run(const struct instr *i)
{
    struct instr *n = instr_next(i);
    while (n && move_of(n->ast->kind) != MOVE_NONE)
        n = instr_next(n);
    return n && n->ast->kind == DF_RUN ? n : NULL;
}

/* ---- variables ---- */

static bool is_seen(struct compile *c, const struct runs *runs, const struct instr *env)
{
    for (size_t k = 0; k < env->ast->pairs.n; k++) {
        struct str name = env->ast->pairs.at[k].name;
        for (size_t i = 0; i < runs->n; i++)
            if (environment_sees(c, runs->at[i], name))
                return true;
        for (const struct instr *i = runs->at[0]->next; i != env; i = i->next)
            if (move_of(i->ast->kind) != MOVE_RISES && environment_names(i, name))
                return true;
    }
    return false;
}

/* ---- files ---- */

/* What is copied to the directory that `b` runs in, commands may list without naming it (`ls`,
 * `echo *`). Not so in the root, where nobody does. */
static bool is_listed_there(struct compile *c, const struct effects *copied, const struct instr *b)
{
    struct set here = {0};
    if (str_eq(b->before.workdir, LIT("/")))
        return false;
    set_add(c->arena, &here, b->before.workdir);
    return !b->before.workdir.len || paths_meet(&copied->writes, &here) != NO;
}

/* `b` reads or changes what is copied, or changes what the copying reads: the accounts, when
 * --chown names one. */
static bool is_touched(struct compile *c, struct instr *copy, struct instr *b)
{
    const struct effects *fx = instr_effects(c, b), *copied = instr_effects(c, copy);
    return is_listed_there(c, copied, b) || paths_meet(&copied->writes, &fx->reads) != NO ||
           paths_meet(&copied->writes, &fx->writes) != NO ||
           paths_meet(&copied->writes, &fx->deletes) != NO ||
           paths_meet(&copied->reads, &fx->writes) != NO ||
           paths_meet(&copied->reads, &fx->deletes) != NO;
}

/* ---- the question, and the move ---- */

const struct instr *between_blocks(struct compile *c, const struct runs *runs, struct instr *b)
{
    const struct instr *last = *vec_last(runs);
    bool before_last = runs->n > 1;
    for (struct instr *i = runs->at[0]->next; i != b; i = i->next) {
        enum move move = move_of(i->ast->kind);
        bool stays = move == MOVE_STAYS || move == MOVE_NONE;
        if (!stays && !pragma_allows(i, LIT("merge-run")))
            return i;
        if (move == MOVE_SINKS && is_touched(c, i, b))
            return i;
        if (move == MOVE_RISES && !before_last && is_seen(c, runs, i))
            return i;
        before_last = before_last && i != last;
    }
    return NULL;
}

bool between_has_files(const struct instr *a, const struct instr *b)
{
    for (const struct instr *i = a->next; i != b; i = i->next)
        if (move_of(i->ast->kind) == MOVE_SINKS)
            return true;
    return false;
}

static bool is_given_by_build(const struct instr *i)
{
    for (size_t k = 0; i->ast->kind == DF_ARG && k < i->ast->pairs.n; k++)
        if (!i->ast->pairs.at[k].has_value)
            return true;
    return false;
}

const struct instr *between_given(const struct instr *a, const struct instr *b)
{
    for (const struct instr *i = a->next; i != b; i = i->next)
        if (is_given_by_build(i))
            return i;
    return NULL;
}

const struct instr *between_setting(const struct instr *a, const struct instr *b)
{
    for (const struct instr *i = a->next; i != b; i = i->next)
        if (move_of(i->ast->kind) == MOVE_RISES)
            return i;
    return NULL;
}

static void rise(struct compile *c, struct instr *i, struct instr *at)
{
    for (size_t k = 0; k < i->ast->pairs.n; k++)
        change_env(c, i->stage, i->ast->pairs.at[k].name);
    change_move(c, i);
    rw_move_after(c, i, at);
}

void between_clear(struct compile *c, struct instr *first, struct instr *last)
{
    struct instr *next, *at = first->prev;
    for (struct instr *i = first->next; i != last; i = next) {
        enum move move = move_of(i->ast->kind);
        next = i->next;
        if (move == MOVE_SINKS)
            change_move(c, i);
        if (move != MOVE_RISES)
            continue;
        rise(c, i, at);
        at = i;
    }
}
