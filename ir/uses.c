#include "ir/uses.h"

#include "ir/catalog/packages.h"
#include "ir/copy.h"
#include "ir/sources.h"
#include "ir/uses_look.h"

const struct used *uses_find(const struct used_list *list, struct str name)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->at[i].name, name))
            return &list->at[i];
    return NULL;
}

void uses_add(struct uses_look *l, struct used_list *to, struct str name, struct str detail)
{
    for (size_t i = 0; i < to->n; i++)
        if (str_eq(to->at[i].name, name) && to->at[i].in_container == l->in_container &&
            to->at[i].elsewhere == l->elsewhere)
            return;
    struct used use = {.name = name,
                       .detail = detail,
                       .at = l->at,
                       .in_container = l->in_container,
                       .elsewhere = l->elsewhere};
    vec_add(l->c->arena, to, use);
}

void uses_add_unknown(struct uses_look *l, enum unknown_use why, struct str name)
{
    struct used use = {.name = name,
                       .at = l->at,
                       .in_container = l->in_container,
                       .elsewhere = l->elsewhere,
                       .why = why};
    vec_add(l->c->arena, &l->out.unknown, use);
}

/* ---- instructions ---- */

static bool has_text(const struct instr *i)
{
    return i->ast->kind == DF_RUN || i->ast->kind == DF_CMD || i->ast->kind == DF_ENTRYPOINT ||
           (i->ast->kind == DF_HEALTHCHECK && i->ast->args.n);
}

static void read_commands(struct uses_look *l, struct instr *i)
{
    l->at = i;
    const struct sh_list *list = instr_commands(l->c, i);
    struct state state = l->in_container ? container_state(l->in, i) : i->before;
    if (list)
        uses_read_list(l, &state, list);
    else if (has_text(i) && i->ast->kind != DF_HEALTHCHECK)
        uses_add_unknown(l, UNKNOWN_SHELL, LIT(""));
}

static void read_container(struct uses_look *l, struct instr *by)
{
    if (!by)
        return;
    const struct container_scripts *scripts = container_scripts(l->c, by);
    l->container = scripts;
    read_commands(l, by);
    for (size_t i = 0; i < scripts->n; i++) {
        struct context_source source;
        if (context_source(l->c, l->in, scripts->at[i].path, &l->steps, &source))
            uses_add_reader(l, source.text);
        uses_read_list(l, &scripts->at[i].state, scripts->at[i].list);
    }
}

static bool is_on(const struct stage *s, const struct stage *base)
{
    unsigned n = 0;
    for (; s && n < 64; n++, s = s->base.kind == REF_STAGE ? s->base.stage : NULL)
        if (s == base)
            return true;
    return n == 64;
}

/* What another stage built goes on to run here: the packages that it installed, and what is not
 * known of it. */
static void read_copied(struct uses_look *l, const struct stage *s)
{
    struct uses_look from = {.c = l->c,
                             .in = s,
                             .elsewhere = true,
                             .out.modules = l->out.modules,
                             .out.unknown = l->out.unknown,
                             .out.steps = l->out.steps,
                             .steps = l->steps};
    for (struct instr *i = instr_next(s->from); i; i = instr_next(i))
        if (i->ast->kind == DF_RUN)
            read_commands(&from, i);
    l->out.modules = from.out.modules;
    l->out.unknown = from.out.unknown;
    l->out.steps = from.out.steps;
    l->steps = from.steps;
}

static void read_uses(struct uses_look *l, const struct stage *s)
{
    for (size_t i = 0; i < s->uses.n; i++) {
        const struct ref *ref = &s->uses.at[i];
        if (ref->kind == REF_STAGE && ref->by->ast->kind == DF_COPY)
            read_copied(l, ref->stage);
        l->at = ref->by;
        if (ref->kind == REF_IMAGE || ref->kind == REF_UNKNOWN)
            uses_add_unknown(l, UNKNOWN_PROGRAM, ref->image);
    }
}

/* CMD gives an ENTRYPOINT its words: arguments, or what it is to start. */
static void read_joined(struct uses_look *l, const struct container_command *command)
{
    const struct sh_list *list = container_starts(l->c, command);
    struct state state = container_state(l->in, command->entrypoint);
    l->container = container_scripts(l->c, command->entrypoint);
    l->at = command->cmd;
    if (list)
        uses_read_list(l, &state, list);
    else
        uses_add_unknown(l, UNKNOWN_SHELL, LIT(""));
}

/* Where ENTRYPOINT starts a script, that mostly ends in `exec "$@"`: CMD is a command of its own.
 */
static void read_command(struct uses_look *l, struct container_command command)
{
    struct instr *entrypoint = command.entrypoint, *cmd = command.cmd;
    bool scripts = entrypoint && container_scripts(l->c, entrypoint)->n;
    if (entrypoint && entrypoint->ast->json && cmd && !scripts) {
        read_joined(l, &command);
        return;
    }
    l->arguments = cmd != NULL;
    read_container(l, entrypoint);
    l->arguments = false;
    if (!scripts || !cmd || !container_knows_word(l->c, container_scripts(l->c, entrypoint), cmd))
        read_container(l, cmd);
}

static void read_stage(struct uses_look *l, const struct stage *s)
{
    struct instr *healthcheck = NULL;
    l->in = s;
    l->in_container = false;
    for (struct instr *i = instr_next(s->from); i; i = instr_next(i)) {
        if (i->ast->kind == DF_RUN)
            read_commands(l, i);
        if (i->ast->kind == DF_HEALTHCHECK)
            healthcheck = i;
    }
    read_uses(l, s);
    if (s->ships != YES)
        return;
    l->in_container = true;
    read_command(l, container_command(l->c, s));
    uses_read_settings(l);
    read_container(l, healthcheck);
}

/* ---- sources ---- */

/* Of the programs that a source may start, those that are asked for. */
static bool add_started(struct uses_look *l, struct str language, const struct strs *candidates)
{
    bool any = false;
    for (size_t i = 0; i < candidates->n; i++) {
        if (source_names(l->c, language, candidates->at[i], NULL) != YES)
            continue;
        uses_add(l, &l->out.commands, candidates->at[i], language);
        any = true;
    }
    return any;
}

static bool names_one(const struct uses_look *l, struct str language,
                      const struct command_provider *by)
{
    for (size_t i = 0; i < by->n_commands; i++)
        if (source_names(l->c, language, by->commands[i], NULL) == YES)
            return true;
    return false;
}

/* One of a package that the file installs: it is there for that. */
static bool starts_installed(const struct uses_look *l, struct str language)
{
    struct strs packages = {0};
    const struct command_provider *by;
    for (size_t i = 0; i < l->out.installs.n; i++) {
        struct str item = l->out.installs.at[i].name;
        vec_add(l->c->arena, &packages, str_slice(item, str_find(item, ':') + 1, item.len));
    }
    for (size_t i = 0; (by = catalog_provider_at(l->c->catalog, i)); i++)
        if (strs_have(&packages, by->package) && names_one(l, language, by))
            return true;
    return false;
}

/* Something comes from elsewhere that is no package: it may be sources. */
static bool fetches(struct uses_look *l)
{
    for (size_t i = 0; i < l->out.steps.n; i++) {
        const struct effects *fx = &l->out.steps.at[i].step.effects;
        if (!l->out.steps.at[i].in_container && effects_any(fx, FX_NETWORK) &&
            set_is_empty(&fx->installs))
            return true;
    }
    for (struct instr *i = instr_next(l->in->from); i; i = instr_next(i)) {
        struct copy copy = {0};
        if (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD)
            copy = copy_read(l->c, i);
        for (size_t k = 0; k < copy.sources.n; k++)
            if (copy.sources.at[k].origin != COPY_CONTEXT)
                return true;
    }
    return false;
}

/* The project has no sources at all (a site of pages): what runs is a package's own. */
static bool has_none(struct uses_look *l, struct str language)
{
    return source_count(l->c, language) == 0 && l->registries.n && !fetches(l);
}

static void read_sources(struct uses_look *l, const struct strs *candidates)
{
    l->in_container = true;
    l->at = l->language_at;
    for (size_t i = 0; i < l->languages.n; i++) {
        struct source_evidence where = {0};
        struct str language = l->languages.at[i];
        if (source_shows(l->c, language, SOURCE_NATIVE, &where) == YES ||
            source_shows(l->c, language, SOURCE_LIBRARIES, &where) == YES)
            uses_add_unknown(l, UNKNOWN_LIBRARY, source_evidence_text(l->c->arena, &where));
        enum tri starts = source_shows(l->c, language, SOURCE_COMMANDS, &where);
        if (starts == MAYBE || (source_count(l->c, language) <= 0 && !has_none(l, language)))
            uses_add_unknown(l, UNKNOWN_SOURCES, language);
        else if (starts == YES && !add_started(l, language, candidates) &&
                 !starts_installed(l, language))
            uses_add_unknown(l, UNKNOWN_STARTED, source_evidence_text(l->c->arena, &where));
    }
}

struct uses uses_of(struct compile *c, const struct stage *s, const struct strs *candidates)
{
    struct uses_look l = {.c = c};
    for (const struct stage *on = s; on; on = on->next)
        if (is_on(on, s))
            read_stage(&l, on);
    if (candidates)
        read_sources(&l, candidates);
    l.out.languages = l.languages;
    return l.out;
}
