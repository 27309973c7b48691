/* What the container runs: commands, programs that are started by their path, words that may name
 * files. */
#include "ir/command_words.h"
#include "ir/container.h"
#include "ir/context.h"
#include "ir/manifest/manifest.h"
#include "ir/path.h"
#include "passes/split_stage/split.h"

/* A script of a manifest may run another, and that one. */
enum { MOST_ROUNDS = 5 };

/* Stands for the directory that the runtime is in: the smaller image may have another. */
static const struct str any_home = {"/(runtime)", 10};

/* The variable with which the base image says where its runtime is. */
static const struct env *with_home(struct compile *c, const struct split_plan *p,
                                   const struct env *env)
{
    for (size_t i = 0; i < p->linked.env.n; i++) {
        struct str text = p->linked.env.at[i];
        size_t equals = str_find(text, '=');
        struct env one = {.name = str_slice(text, 0, equals), .value = any_home, .kind = ENV_SET};
        if (str_eq(str_slice(text, equals + 1, text.len), p->linked.home) &&
            !env_find(env, one.name))
            env = env_bind(c->arena, env, one);
    }
    return env;
}

/* `$JAVA_HOME/bin/java` is java, in any runtime; of other files there nothing is told. */
static struct str without_home(struct compile *c, struct str word, bool command)
{
    struct str bin = str_concat(c->arena, any_home, LIT("/bin"));
    if (command && str_eq(path_directory(word), bin))
        return path_name(word);
    return str_search(word, any_home) < word.len ? (struct str){0} : word;
}

static void add_command(struct compile *c, struct split_plan *p, struct str name)
{
    struct str dir = path_directory(name);
    bool plain =
        catalog_lists(c->catalog, LIT("path"), dir) || (!dir.len && !str_starts(name, LIT("/")));
    if (plain && !strs_have(&p->commands, path_name(name)))
        vec_add(c->arena, &p->commands, path_name(name));
}

/* One that is not found by its name in PATH. */
static void add_program(struct compile *c, struct split_plan *p, struct str name,
                        struct str workdir)
{
    struct str path;
    if (str_find(name, '/') < name.len && path_resolve(c->arena, workdir, name, &path) &&
        str_starts(path, LIT("/")))
        vec_add(c->arena, &p->programs, path);
}

/* Any word may name a file: `--config=/etc/x`, `app.jar`. */
static void add_word(struct compile *c, struct split_plan *p, struct str word, struct str workdir)
{
    struct str path;
    if (str_starts(word, LIT("-")))
        word = str_slice(word, str_find(word, '=') + 1, word.len);
    if (word.len && path_resolve(c->arena, workdir, word, &path) && str_starts(path, LIT("/")))
        vec_add(c->arena, &p->used, path);
}

/* `command -v curl || exit 1`: of those that the larger image has. */
static void add_looked_up(struct compile *c, struct split_plan *p, const struct strs *words)
{
    if (words->n < 2 || !words->at[0].at ||
        !catalog_lists(c->catalog, LIT("lookups"), words->at[0]))
        return;
    for (size_t k = 1; k < words->n; k++)
        if (words->at[k].len && strs_have(&p->runtime.lacks, words->at[k]))
            add_command(c, p, words->at[k]);
}

static void add_commands(struct compile *c, struct split_plan *p, const struct state *in,
                         const struct sh_list *list)
{
    struct state state = *in;
    state.env = with_home(c, p, in->env);
    struct seen_commands seen = command_seen(c, &state, list);
    for (size_t i = 0; i < seen.n; i++) {
        struct strs *words = &seen.at[i].words;
        for (size_t k = 0; k < words->n; k++)
            words->at[k] = without_home(c, words->at[k], k == 0);
        if (!words->n || !words->at[0].at)
            p->all_known = false;
        else
            add_command(c, p, words->at[0]);
        add_looked_up(c, p, words);
        if (words->n && words->at[0].at)
            add_program(c, p, words->at[0], seen.at[i].workdir);
        for (size_t k = 1; k < words->n; k++)
            if (words->at[k].at)
                vec_add(c->arena, &p->words, words->at[k]);
            else
                p->words_known = false;
        for (size_t k = 0; k < words->n; k++)
            if (words->at[k].at && (k || str_find(words->at[k], '/') < words->at[k].len))
                add_word(c, p, words->at[k], seen.at[i].workdir);
    }
}

/* `python app.py`: a script of another language than the shell's. */
static bool is_source(struct compile *c, const struct split_plan *p, struct str path)
{
    const struct source_language *l = catalog_source_language(c->catalog, p->toolchain->language);
    for (size_t i = 0; l && i < l->n_files; i++)
        if (str_matches(l->files[i], path_name(path)))
            return true;
    return false;
}

/* What an instruction of the container starts, and the scripts that this runs. */
static void add_started(struct compile *c, struct split_plan *p, struct instr *by)
{
    const struct sh_list *list = by ? instr_commands(c, by) : NULL;
    if (!by || !list)
        return;
    struct state state = container_state(p->stage, by);
    add_commands(c, p, &state, list);
    const struct container_scripts *scripts = container_scripts(c, by);
    for (size_t i = 0; i < scripts->n; i++)
        if (!is_source(c, p, scripts->at[i].path))
            add_commands(c, p, &scripts->at[i].state, scripts->at[i].list);
}

/* ---- scripts of a manifest ---- */

/* One that a command of the container names, or what runs before and after it. */
static bool is_script_started(const struct split_plan *p, struct str name)
{
    static const struct str sides[] = {{"pre", 3}, {"post", 4}};
    bool started = split_starts_script(p, name);
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        started |= str_starts(name, sides[i]) &&
                   split_starts_script(p, str_slice(name, sides[i].len, name.len));
    return started;
}

/* Of the tools that the larger image has; its words may name more scripts. */
static void add_script(struct compile *c, struct split_plan *p, struct str text)
{
    const struct sh_script *script = sh_parse(c->arena, text, SH_POSIX, NULL);
    struct state state = p->stage->end;
    struct seen_commands seen = {0};
    if (script && script->list)
        seen = command_seen(c, &state, script->list);
    for (size_t i = 0; i < seen.n; i++)
        for (size_t k = 0; k < seen.at[i].words.n; k++) {
            struct str word = seen.at[i].words.at[k];
            if (k == 0 && word.at && strs_have(&p->runtime.lacks, path_name(word)))
                add_command(c, p, word);
            if (word.at && !strs_have(&p->words, word))
                vec_add(c->arena, &p->words, word);
        }
}

static void add_scripts_of(struct compile *c, struct split_plan *p, const struct manifest *m)
{
    const struct str mark = LIT("scripts.");
    for (size_t i = 0; i < m->values.n; i++) {
        const struct manifest_value *v = &m->values.at[i];
        if (str_starts(v->key, mark) &&
            is_script_started(p, str_slice(v->key, mark.len, v->key.len)))
            add_script(c, p, v->value);
    }
}

/* `npm start`: the manifest is in the directory that the container starts in. */
static const struct manifest *manifest_of(struct compile *c, const struct split_plan *p,
                                          struct str command)
{
    const struct development *row = catalog_development(c->catalog, command);
    struct context_source file = {0};
    unsigned steps = 0;
    if (!row || !row->manifest.len || !p->stage->end.workdir.len)
        return NULL;
    struct str path = path_join(c->arena, p->stage->end.workdir, row->manifest);
    return context_source(c, p->stage, path, &steps, &file) ? manifest_at(c, file.path) : NULL;
}

static void add_manifest_scripts(struct compile *c, struct split_plan *p)
{
    const struct manifest *m = NULL;
    for (size_t i = 0; i < p->commands.n && !m; i++)
        m = manifest_of(c, p, p->commands.at[i]);
    for (unsigned round = 0; m && round < MOST_ROUNDS; round++) {
        size_t before = p->words.n;
        add_scripts_of(c, p, m);
        if (p->words.n == before)
            return;
    }
}

bool split_starts_script(const struct split_plan *p, struct str name)
{
    return strs_have(&p->words, name);
}

static struct instr *last_of(const struct split_plan *p, enum df_kind kind)
{
    for (size_t i = p->instrs.n; i-- > 0;)
        if (p->instrs.at[i].i->ast->kind == kind)
            return p->instrs.at[i].i;
    return NULL;
}

/* Something that runs. What make and cmake leave where they build is for later steps to take. */
static bool builds_program(const struct split_step *s)
{
    bool nothing = s->built.known && !s->built.artifacts.n && !s->built.whole;
    return s->role == STEP_BUILD && (!nothing || s->built.toolchain->n_links > 0);
}

/* Each RUN that builds has a comment that says so; *any: there is one. */
static bool says_needs(const struct split_instrs *instrs, bool *any)
{
    for (size_t i = 0; i < instrs->n; i++) {
        const struct split_instr *in = &instrs->at[i];
        const struct pragma_effects *said = in->i->pragmas.effects;
        bool says = said && said->says_needs;
        *any |= says;
        for (size_t k = 0; k < in->steps.n && !says; k++)
            if (builds_program(&in->steps.at[k]))
                return false;
    }
    return true;
}

static bool is_told(const struct split_plan *p)
{
    bool any = false;
    return says_needs(&p->instrs, &any) && says_needs(&p->others, &any) && any;
}

/* A project without dependencies and without code of other languages is linked with what its
 * toolchain brings along. */
static bool any_may_link(const struct split_instrs *instrs)
{
    for (size_t i = 0; i < instrs->n; i++) {
        const struct split_steps *steps = &instrs->at[i].steps;
        for (size_t k = 0; k < steps->n; k++) {
            const struct manifest *m = steps->at[k].built.manifest;
            if (builds_program(&steps->at[k]) && (!m || m->needs.n || m->more_needs))
                return true;
        }
    }
    return false;
}

static bool may_link(struct compile *c, const struct split_plan *p)
{
    if (p->told)
        return false;
    return any_may_link(&p->instrs) || any_may_link(&p->others) ||
           source_shows(c, p->toolchain->language, SOURCE_NATIVE, NULL) != NO;
}

/* Of sources that are not in the context nothing is known. */
static enum tri starts_others(struct compile *c, const struct split_plan *p)
{
    if (p->told)
        return NO;
    if (source_count(c, p->toolchain->language) <= 0)
        return MAYBE;
    return source_shows(c, p->toolchain->language, SOURCE_COMMANDS, NULL);
}

bool split_used(struct compile *c, struct split_plan *p, struct why *why)
{
    p->told = is_told(p);
    p->links = may_link(c, p);
    struct container_command command = container_command(c, p->stage);
    p->all_known = p->words_known = true;
    add_started(c, p, command.entrypoint);
    if (!command.entrypoint || !p->all_known)
        add_started(c, p, command.cmd); /* else it is arguments */
    add_manifest_scripts(c, p);
    p->n_started = p->commands.n;
    add_started(c, p, last_of(p, DF_HEALTHCHECK));
    if (starts_others(c, p) == MAYBE && !p->runtime.row->same_commands)
        return split_refuse(why, SPLIT_SOURCES, p->stage->from, p->toolchain->language);
    p->all_known &= starts_others(c, p) == NO;
    return true;
}
