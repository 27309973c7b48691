/* drop-stages/unreached: stages that no image needs. Details: `explain`. */
#include "ir/change.h"
#include "ir/options.h"
#include "ir/rewrite.h"
#include "passes/legality.h"

static const char explain[] =
    "A stage goes that no kept stage is built on, copies from or mounts.\n"
    "\n"
    "    FROM node:22\n"
    "    RUN npm ci                          FROM nginx:1.27\n"
    "    FROM nginx:1.27              =>     COPY dist /usr/share/nginx/html\n"
    "    COPY dist /usr/share/nginx/html\n"
    "\n"
    "BuildKit does not build it anyway; others do, and who reads the file wonders what it is for.\n"
    "\n"
    "Legal when\n"
    " 1. it has no name by which somebody may build it; at -O3 a named one goes when --target says "
    "which\n"
    "    stages are built and it is none of them;\n"
    " 2. it is not the last one, which is built by default;\n"
    " 3. no reference to a stage is computed, and no FROM names one by a variable when it has a "
    "name;\n"
    " 4. stages are numbered in COPY --from alone: that is corrected; not in --target, in mounts "
    "and under ONBUILD;\n"
    " 5. there are no comments in it, nor above it unless it is the first: these stay.\n"
    "\n"
    "Left alone: files of more than two thousand instructions.\n";

enum reason { NAMED, COMPUTED, NUMBERED, COMMENTS };

static const struct rule rules[] = {
    [NAMED] = {"drop-stages/unreached/named",
               "nothing here needs this stage, but it may be built by its name (--target tells "
               "which are)"},
    [COMPUTED] = {"drop-stages/unreached/computed",
                  "nothing is seen to need this stage, but a reference to a stage is computed"},
    [NUMBERED] = {"drop-stages/unreached/numbered",
                  "nothing needs this stage, but later ones are referred to by number where that "
                  "cannot be corrected"},
    [COMMENTS] = {"drop-stages/unreached/comments",
                  "nothing needs this stage, but comments in it would be lost"},
};

static const struct rule applied = {"drop-stages/unreached/dropped",
                                    "no image that is kept needs this stage"};

/* By stage index: whether an image that is kept needs it. */
struct needed {
    bool *at;
};

static void need(const struct needed *n, const struct ref *ref)
{
    if (ref->kind == REF_STAGE)
        n->at[ref->stage->index] = true;
}

/* Stages refer to earlier ones alone: one walk from the last to the first. */
static struct needed needed_stages(struct compile *c)
{
    struct needed n = {arena_array(c->arena, c->file->numbered.n, sizeof(bool))};
    for (struct stage *s = c->file->last_stage; s; s = s->prev) {
        if (s->ships != NO || !s->next)
            n.at[s->index] = true;
        if (!n.at[s->index])
            continue;
        need(&n, &s->base);
        for (size_t i = 0; i < s->uses.n; i++)
            need(&n, &s->uses.at[i]);
    }
    return n;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    if (!i || legality_is_long(c))
        return false;
    struct needed needed = needed_stages(c);
    while (i && (i->ast->kind != DF_FROM || needed.at[i->stage->index]))
        i = i->next;
    if (!i)
        return false;
    *site = (struct site){.at = i, .with = i};
    return true;
}

/* ---- legality ---- */

/* Rule 1. */
static bool may_be_built(const struct compile *c, const struct stage *s)
{
    bool told = c->opt->level >= 3 && c->opt->targets.n;
    return s->name.len && !told;
}

/* Rule 3. */
static bool is_computed(const struct compile *c, const struct stage *stage)
{
    for (const struct stage *s = c->file->stages; s; s = s->next) {
        if (s->base.kind == REF_UNKNOWN && stage->name.len)
            return true;
        for (size_t i = 0; i < s->uses.n; i++)
            if (s->uses.at[i].kind == REF_UNKNOWN)
                return true;
    }
    return false;
}

/* The reference has a number that changes when `stage` goes. */
static bool moves(const struct ref *use, const struct stage *stage)
{
    return use->kind == REF_STAGE && use->numbered && use->stage->index > stage->index;
}

/* The flag that holds it; NULL when it is no COPY's own, or stands on several lines. */
static const struct df_word *number_flag(const struct instr *i)
{
    const struct df_instr *ast = i->ast;
    for (size_t k = 0; k < ast->flags.n && (ast->kind == DF_COPY || ast->kind == DF_ADD); k++)
        if (str_starts(ast->flags.at[k].text, LIT("--from=")) &&
            join_is_whole(&ast->joined, ast->flags.at[k].joined))
            return &ast->flags.at[k];
    return NULL;
}

/* Rule 4. */
static bool is_hard_to_number(const struct compile *c, const struct stage *stage)
{
    for (size_t i = 0; i < c->opt->targets.n; i++)
        if (str_is_number(c->opt->targets.at[i]))
            return true;
    for (const struct stage *s = stage->next; s; s = s->next)
        for (size_t i = 0; i < s->uses.n; i++)
            if (moves(&s->uses.at[i], stage) && !number_flag(s->uses.at[i].by))
                return true;
    return false;
}

/* Rule 5. Here-documents may hold some that are no comments of the Dockerfile. */
static const struct instr *commented(struct compile *c, const struct stage *s)
{
    for (struct instr *i = s->from; i; i = instr_next(i)) {
        bool above = i->prev && legality_comments(c->arena, i->lead, LIT("")).len;
        const struct sh_script *script = instr_script(c, i);
        bool inside = i->ast->heredocs.n || (script && script->comments.n) ||
                      legality_comments(c->arena, i->text, LIT("")).len;
        if (above || inside)
            return i;
    }
    return NULL;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    const struct stage *s = site->at->stage;
    if (may_be_built(c, s))
        return refuse(why, &rules[NAMED], site->at);
    if (is_computed(c, s))
        return refuse(why, &rules[COMPUTED], site->at);
    if (is_hard_to_number(c, s))
        return refuse(why, &rules[NUMBERED], site->at);
    const struct instr *comment = commented(c, s);
    if (comment)
        return refuse(why, &rules[COMMENTS], comment);
    return true;
}

/* ---- the change ---- */

static bool renumber(struct compile *c, struct instr *copy, unsigned number)
{
    const struct df_word *flag = number_flag(copy);
    struct edit edit = {join_span(&copy->ast->joined, flag->joined),
                        str_printf(c->arena, "--from=%u", number)};
    change_instr(c, copy, rw_spliced(c, copy, &edit, 1));
    return rw_splice(c, copy, &edit, 1);
}

static bool renumber_all(struct compile *c, const struct stage *stage)
{
    for (const struct stage *s = stage->next; s; s = s->next)
        for (size_t i = 0; i < s->uses.n; i++) {
            const struct ref *use = &s->uses.at[i];
            if (moves(use, stage) && !renumber(c, use->by, use->stage->index - 1))
                return false;
        }
    return true;
}

static bool has_comments(struct compile *c, const struct instr *i)
{
    return legality_comments(c->arena, i->lead, LIT("")).len > 0;
}

/* At the start of a file the next stage begins where this one did, without the blank lines that
 * were between. */
static bool delete_first_from(struct compile *c, struct instr *from, struct instr *heir)
{
    if (!rw_replace(c, from, heir->text))
        return false;
    rw_delete(c, heir, false);
    return true;
}

/* What starts the file, directives of the parser among it, stays at its start. */
static bool apply(struct compile *c, const struct site *site)
{
    const struct stage *s = site->at->stage;
    struct instr *heir = s->next->from;
    bool first = !site->at->prev;
    if (!renumber_all(c, s))
        return false;
    change_drop_stage(c, s);
    struct instr *i = instr_next(s->from);
    while (i) {
        struct instr *gone = i;
        i = instr_next(i);
        rw_delete(c, gone, false);
    }
    if (first && !has_comments(c, s->from) && !has_comments(c, heir))
        return delete_first_from(c, s->from, heir);
    rw_delete(c, s->from, first);
    return true;
}

const struct pass pass_drop_stages_unreached = {
    .name = "drop-stages/unreached",
    .summary = "stages that no kept image needs are dropped",
    .explain = explain,
    .level = 2,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .apply = apply,
};
