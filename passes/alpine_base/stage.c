/* What a stage sets and names that another distribution may not have. */
#include "ir/catalog/catalog.h"
#include "ir/sources.h"
#include "ir/state.h"
#include "passes/alpine_base/alpine.h"

static bool is_below(struct str path, struct str dir)
{
    return str_starts(path, dir) && (path.len == dir.len || path.at[dir.len] == '/');
}

bool alpine_is_in(const struct str *trees, size_t n, struct str path)
{
    for (size_t i = 0; i < n; i++)
        if (is_below(path, trees[i]))
            return true;
    return false;
}

static bool is_in_list(const struct alpine_question *q, struct str list, struct str path)
{
    const struct tree_list *t = catalog_trees(q->c->catalog, list);
    return t && alpine_is_in(t->paths, t->n_paths, path);
}

bool alpine_matches(const struct alpine_question *q, struct str list, struct str text)
{
    const struct tree_list *t = catalog_trees(q->c->catalog, list);
    return t && legality_matches(t->paths, t->n_paths, text);
}

bool alpine_is_path(const struct alpine_question *q, struct str path)
{
    const struct alpine_image *row = q->plan->row;
    return !is_in_list(q, LIT("alpine-own"), path) || is_in_list(q, LIT("alpine-paths"), path) ||
           alpine_is_in(row->paths, row->n_paths, path);
}

bool alpine_is_project_path(const struct alpine_question *q, struct str path)
{
    return path.len > 1 && (!is_in_list(q, LIT("alpine-own"), path) ||
                            alpine_matches(q, LIT("project-trees"), path));
}

/* ---- accounts ---- */

static bool made_by(const struct used_step *s, const struct catalog *c, struct str name)
{
    for (size_t i = 0; i < s->step.runs.n; i++) {
        const struct invocation *run = &s->step.runs.at[i];
        if (catalog_port(c, run->name) && strs_have(&run->words, name))
            return true;
    }
    return false;
}

/* Numbers below 1000 are those of the distribution's own. */
static bool is_known_account(const struct alpine_question *q, struct str name)
{
    const struct alpine_image *row = q->plan->row;
    if (str_is_number(name))
        return str_eq(name, LIT("0")) || name.len > 3;
    for (size_t i = 0; i < row->n_users; i++)
        if (str_eq(row->users[i], name))
            return true;
    for (size_t i = 0; i < q->plan->uses.steps.n; i++)
        if (made_by(&q->plan->uses.steps.at[i], q->c->catalog, name))
            return true;
    return is_in_list(q, LIT("alpine-same-accounts"), name);
}

bool alpine_is_account(const struct alpine_question *q, struct str owner)
{
    size_t colon = str_find(owner, ':');
    struct str user = str_slice(owner, 0, colon), group = str_slice(owner, colon + 1, owner.len);
    return (!user.len || is_known_account(q, user)) && (!group.len || is_known_account(q, group));
}

/* ---- what is set ---- */

static bool is_locale(const struct alpine_question *q, const struct df_pair *pair, struct str value)
{
    return !alpine_matches(q, LIT("locale-variables"), pair->name) ||
           alpine_matches(q, LIT("musl-locales"), value);
}

/* "TZ=tzdata": who sets the variable needs the package. */
static bool allows_variable(struct alpine_question *q, const struct instr *i, struct str name)
{
    const struct tree_list *t = catalog_trees(q->c->catalog, LIT("variable-packages"));
    for (size_t k = 0; t && k < t->n_paths; k++) {
        size_t equals = str_find(t->paths[k], '=');
        struct str package = str_slice(t->paths[k], equals + 1, t->paths[k].len);
        if (str_eq(str_slice(t->paths[k], 0, equals), name) && !alpine_need(q, package))
            return alpine_refuse(q, ALPINE_ENVIRONMENT, i, name);
    }
    return true;
}

static bool allows_pair(struct alpine_question *q, const struct instr *i,
                        const struct df_pair *pair)
{
    struct str value = LIT("");
    if (pair->has_value && !state_expand(q->c, &i->before, pair->value, &value))
        value = pair->value;
    if (!is_locale(q, pair, value))
        return alpine_refuse(q, ALPINE_LOCALE, i, pair->name);
    struct str whole = str_printf(q->c->arena, "%.*s=%.*s", STR(pair->name), STR(value));
    if (alpine_matches(q, LIT("glibc-settings"), whole))
        return alpine_refuse(q, ALPINE_ENVIRONMENT, i, pair->name);
    return allows_variable(q, i, pair->name);
}

static bool allows_user(struct alpine_question *q, const struct instr *i)
{
    struct str user = i->ast->args.n ? i->ast->args.at[0].text : LIT("");
    if (!state_expand(q->c, &i->before, user, &user) || !alpine_is_account(q, user))
        return alpine_refuse(q, ALPINE_ACCOUNT, i, user);
    return true;
}

static bool allows_instr(struct alpine_question *q, struct instr *i)
{
    if (i->ast->kind == DF_SHELL)
        return alpine_refuse(q, ALPINE_SHELL, i, (struct str){0});
    if (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD)
        return alpine_allows_copy(q, i);
    if (i->ast->kind == DF_USER)
        return allows_user(q, i);
    bool sets = i->ast->kind == DF_ENV || i->ast->kind == DF_ARG;
    for (size_t k = 0; sets && k < i->ast->pairs.n; k++)
        if (!allows_pair(q, i, &i->ast->pairs.at[k]))
            return false;
    return true;
}

/* ---- language packages and sources ---- */

static bool allows_modules(struct alpine_question *q)
{
    const struct used_list *modules = &q->plan->uses.modules;
    for (size_t i = 0; i < modules->n; i++) {
        const struct used *use = &modules->at[i];
        const struct module *m = catalog_musl(q->c->catalog, use->name);
        if (use->elsewhere ||
            (m && !use->extras && !catalog_module_builds(m, q->plan->base.version, use->detail)))
            continue;
        return alpine_refuse(q, ALPINE_MODULE, use->at, use->name);
    }
    return true;
}

static enum alpine_reason reason_of(enum unknown_use why)
{
    switch (why) {
    case UNKNOWN_LIBRARY:
        return ALPINE_NATIVE;
    case UNKNOWN_STARTED:
        return ALPINE_STARTS;
    case UNKNOWN_SHELL:
    case UNKNOWN_PROGRAM:
    case UNKNOWN_MANIFEST:
    case UNKNOWN_SOURCES:
        return ALPINE_UNKNOWN;
    }
    return ALPINE_UNKNOWN;
}

/* What another stage does is no matter: what may be copied from there is not run. */
static bool knows_all(struct alpine_question *q)
{
    const struct uses *uses = &q->plan->uses;
    for (size_t i = 0; i < uses->unknown.n; i++) {
        const struct used *use = &uses->unknown.at[i];
        bool own = use->why == UNKNOWN_PROGRAM &&
                   catalog_image_brings(q->c->catalog, q->plan->base.ref.name, use->name);
        if (!use->elsewhere && !own)
            return alpine_refuse(q, reason_of(use->why), use->at, use->name);
    }
    for (size_t i = 0; i < uses->languages.n; i++) {
        struct source_evidence where = {0};
        if (source_shows(q->c, uses->languages.at[i], SOURCE_LOCALES, &where) != NO)
            return alpine_refuse(q, ALPINE_LOCALE, q->from,
                                 source_evidence_text(q->c->arena, &where));
    }
    return true;
}

/* ---- other stages ---- */

/* A stage that is built on it shares the image; what others take from it would run on glibc. */
static bool allows_references(struct alpine_question *q, const struct stage *s)
{
    bool on = legality_is_built_on(s, q->from->stage);
    for (size_t i = 0; i < s->uses.n; i++) {
        const struct ref *ref = &s->uses.at[i];
        bool takes = ref->kind == REF_STAGE && legality_is_built_on(ref->stage, q->from->stage);
        if (!on && takes)
            return alpine_refuse(q, ALPINE_COPIED_OUT, ref->by, (struct str){0});
        if (on && ref->by->ast->kind == DF_RUN)
            return alpine_refuse(q, ALPINE_COPIED, ref->by, ref->image);
    }
    return true;
}

bool alpine_allows_stage(struct alpine_question *q)
{
    const struct stage *site = q->from->stage;
    for (const struct stage *s = q->c->file->stages; s; s = s->next) {
        if (!allows_references(q, s))
            return false;
        if (!legality_is_built_on(s, site))
            continue;
        for (struct instr *i = instr_next(s->from); i; i = instr_next(i))
            if (!allows_instr(q, i))
                return false;
    }
    return knows_all(q) && allows_modules(q);
}
