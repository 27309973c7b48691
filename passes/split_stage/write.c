/* The texts of the two stages. */
#include "ir/base.h"
#include "ir/catalog/packages.h"
#include "ir/command_words.h"
#include "ir/layout.h"
#include "ir/minimal.h"
#include "ir/rewrite.h"
#include "ir/state.h"
#include "passes/split_stage/split.h"

/* ---- words ---- */

struct strs split_env(struct compile *c, const struct split_plan *p)
{
    struct strs out = {0};
    for (size_t i = 0; i < p->settings.n; i++)
        vec_add(c->arena, &out, p->settings.at[i]);
    for (size_t i = 0; i < p->runtime.row->n_env; i++) {
        struct str text = p->runtime.row->env[i];
        const struct env *e = env_find(p->stage->end.env, str_slice(text, 0, str_find(text, '=')));
        if (!e || e->kind != ENV_SET)
            vec_add(c->arena, &out, text);
    }
    return out;
}

/* A keyword in the case that the file's FROM has. */
static struct str keyword(struct compile *c, const struct split_plan *p, struct str upper)
{
    const struct df_instr *from = p->stage->from->ast;
    struct str own = str_span(from->joined.text, from->keyword);
    bool lower = own.len && own.at[0] >= 'a' && own.at[0] <= 'z';
    return lower ? str_lower(c->arena, upper) : upper;
}

struct str split_line_of(struct compile *c, const struct split_plan *p, struct str word,
                         struct str rest)
{
    return str_printf(c->arena, "%.*s %.*s%.*s", STR(keyword(c, p, word)), STR(rest),
                      STR(c->file->layout->newline));
}

static void add(struct compile *c, struct split_lines *out, struct str text)
{
    vec_add(c->arena, out, ((struct split_line){.text = text}));
}

/* ---- FROM ---- */

static struct str stage_name(const struct split_plan *p)
{
    const struct df_words *args = &p->stage->from->ast->args;
    return args->n > 2 ? args->at[2].text : (struct str){0};
}

struct str split_build_from(struct compile *c, const struct split_plan *p)
{
    const struct instr *from = p->stage->from;
    const struct df_words *args = &from->ast->args;
    bool named = args->n > 2;
    struct span at = join_span(&from->ast->joined, args->at[named ? 2 : 0].joined);
    struct str text = p->name;
    if (!named) {
        at.start = at.end;
        text = str_printf(c->arena, " %.*s %.*s", STR(keyword(c, p, LIT("AS"))), STR(p->name));
    }
    struct edit edit = {at, text};
    return rw_spliced(c, from, &edit, 1);
}

static struct str final_from(struct compile *c, const struct split_plan *p)
{
    struct str platform, name = stage_name(p);
    struct buf b = {.arena = c->arena};
    if (df_flag(p->stage->from->ast, LIT("platform"), &platform))
        buf_printf(&b, "--platform=%.*s ", STR(platform));
    buf_add(&b, p->runtime.image);
    if (name.len)
        buf_printf(&b, " %.*s %.*s", STR(keyword(c, p, LIT("AS"))), STR(name));
    return split_line_of(c, p, LIT("FROM"), buf_str(&b));
}

/* ---- what is new ---- */

/* Before anything is put into the directory that the image sets. */
static bool sets_workdir(struct compile *c, const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct instr *in = p->instrs.at[i].i;
        enum df_kind kind = in->ast->kind;
        struct str dir;
        if (kind == DF_WORKDIR)
            return in->ast->args.n &&
                   state_expand(c, &in->before, in->ast->args.at[0].text, &dir) &&
                   str_starts(dir, LIT("/"));
        if ((kind == DF_COPY || kind == DF_ADD) && in->ast->args.n &&
            !str_starts(vec_last(&in->ast->args)->text, LIT("/")))
            return false;
    }
    return false;
}

static bool has_entry(const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        if (p->instrs.at[i].i->ast->kind == DF_ENTRYPOINT)
            return true;
    return false;
}

/* Packages that a slim image cannot take as it is are among those that are installed. */
static bool must_prepare(struct compile *c, const struct split_plan *p)
{
    struct base base;
    struct strs names = {0};
    const struct tree_list *breaks = catalog_trees(c->catalog, LIT("slim-breaks"));
    if (!base_of_image(c, p->runtime.image, &base) || !base_is_slim(&base))
        return false;
    for (size_t i = 0; i < p->installed.n; i++)
        vec_add(c->arena, &names, p->installed.at[i]);
    for (size_t i = 0; i < p->packages.n; i++)
        vec_add(c->arena, &names, p->packages.at[i]);
    struct packages all = packages_closure(c->catalog, c->arena, &names, RECOMMENDS_ALL, NULL);
    for (size_t i = 0; breaks && i < breaks->n_paths; i++)
        if (map_get(&all.known, breaks->paths[i]) || strs_have(&names, breaks->paths[i]))
            return true;
    return false;
}

static void add_preparation(struct compile *c, const struct split_plan *p, struct split_lines *out)
{
    const struct tree_list *commands = catalog_trees(c->catalog, LIT("slim-prepares"));
    if (!commands || !must_prepare(c, p))
        return;
    for (size_t i = 0; i < commands->n_paths; i++)
        add(c, out, split_line_of(c, p, LIT("RUN"), commands->paths[i]));
}

static void add_packages(struct compile *c, const struct split_plan *p, struct split_lines *out)
{
    const struct manager *m = catalog_manager(c->catalog, p->runtime.row->manager);
    const struct mess *lists = catalog_mess(m, MESS_LISTS);
    struct buf b = {.arena = c->arena};
    if (!p->packages.n || !lists)
        return;
    struct str install = str_printf(c->arena, "%.*s %.*s", STR(m->install),
                                    STR(str_join(c->arena, &p->packages, LIT(" "))));
    if (lists->avoid.len) { /* it leaves none */
        add(c, out, split_line_of(c, p, LIT("RUN"), install));
        return;
    }
    buf_printf(&b, "%.*s %.*s", STR(keyword(c, p, LIT("RUN"))), STR(lists->fetch));
    layout_and(&b, c->file->layout, (struct str){0}, install);
    layout_and(&b, c->file->layout, (struct str){0}, lists->cleanup);
    buf_add(&b, c->file->layout->newline);
    add(c, out, buf_str(&b));
}

static void add_path(struct compile *c, const struct split_plan *p, struct split_lines *out)
{
    if (p->nothing)
        add(c, out,
            split_line_of(c, p, LIT("ENV"), str_concat(c->arena, LIT("PATH="), minimal_path(c))));
    if (!p->path.n)
        return;
    struct str dirs = str_join(c->arena, &p->path, LIT(":"));
    add(c, out,
        split_line_of(c, p, LIT("ENV"), str_printf(c->arena, "PATH=%.*s:$PATH", STR(dirs))));
}

static void add_env(struct compile *c, const struct split_plan *p, struct split_lines *out)
{
    struct strs env = split_env(c, p);
    if (env.n)
        add(c, out, split_line_of(c, p, LIT("ENV"), str_join(c->arena, &env, LIT(" "))));
}

static void add_copy(struct compile *c, const struct split_plan *p, struct str from, struct str to,
                     struct split_lines *out)
{
    add(c, out,
        split_line_of(
            c, p, LIT("COPY"),
            str_printf(c->arena, "--from=%.*s %.*s %.*s", STR(p->name), STR(from), STR(to))));
}

/* The runtime that the build stage linked stands where the base image had its own. */
static void add_linked(struct compile *c, const struct split_plan *p, struct split_lines *out)
{
    if (!p->links_runtime)
        return;
    add(c, out, split_line_of(c, p, LIT("ENV"), str_join(c->arena, &p->linked.env, LIT(" "))));
    add_copy(c, p, p->linked.how->output, p->linked.home, out);
    for (size_t i = 0; i < p->linked.by->n_copies; i++)
        add_copy(c, p, p->linked.by->copies[i], p->linked.by->copies[i], out);
}

/* ---- what is repeated ---- */

static bool is_whole(const struct split_instr *in)
{
    for (size_t k = 0; k < in->steps.n; k++)
        if (!in->steps.at[k].repeated || in->steps.at[k].late || in->steps.at[k].text.len)
            return false;
    return true;
}

static struct str with_newline(struct compile *c, struct str text)
{
    return str_ends(text, LIT("\n")) ? text : str_concat(c->arena, text, c->file->layout->newline);
}

static struct str step_text(struct compile *c, const struct split_instr *in,
                            const struct split_step *s)
{
    return s->text.len ? s->text : str_span(instr_script(c, in->i)->text, s->step->at);
}

/* The steps of the RUN that the final stage has, early or late; nothing when there are none. */
static struct str repeated_run(struct compile *c, const struct split_instr *in, bool late)
{
    struct layout l = layout_of_run(c->file->layout, in->i);
    struct buf b = {.arena = c->arena};
    if (is_whole(in))
        return late ? (struct str){0} : with_newline(c, in->i->text);
    for (size_t k = 0; k < in->steps.n; k++) {
        const struct split_step *s = &in->steps.at[k];
        if (!s->repeated || s->late != late)
            continue;
        if (b.len) {
            layout_and(&b, &l, (struct str){0}, step_text(c, in, s));
            continue;
        }
        buf_add(&b, str_span(in->i->ast->joined.text, in->i->ast->keyword));
        for (size_t f = 0; f < in->i->ast->flags.n; f++)
            buf_printf(&b, " %.*s", STR(in->i->ast->flags.at[f].text));
        buf_char(&b, ' ');
        buf_add(&b, step_text(c, in, s));
    }
    if (b.len)
        buf_add(&b, l.newline);
    return buf_str(&b);
}

/* A directory that steps need before anything is in it. */
static void add_made(struct compile *c, const struct split_plan *p, const struct split_instr *in,
                     struct split_lines *out)
{
    for (size_t k = 0; k < in->steps.n; k++)
        if (in->steps.at[k].repeated && in->steps.at[k].made.len)
            add(c, out, split_line_of(c, p, LIT("WORKDIR"), in->steps.at[k].made));
}

static bool moves(enum df_kind kind)
{
    switch (kind) {
    case DF_CMD:
    case DF_ENTRYPOINT:
    case DF_EXPOSE:
    case DF_HEALTHCHECK:
    case DF_LABEL:
    case DF_MAINTAINER:
    case DF_ONBUILD:
    case DF_STOPSIGNAL:
    case DF_VOLUME:
        return true;
    case DF_ADD:
    case DF_ARG:
    case DF_COPY:
    case DF_ENV:
    case DF_FROM:
    case DF_RUN:
    case DF_SHELL:
    case DF_USER:
    case DF_WORKDIR:
    case DF_UNKNOWN:
        return false;
    }
    return false;
}

static void add_instr(struct compile *c, const struct split_plan *p, const struct split_instr *in,
                      struct split_lines *out)
{
    if (moves(in->i->ast->kind)) {
        vec_add(c->arena, out, ((struct split_line){.moved = in->i}));
    } else if (in->i->ast->kind == DF_RUN) {
        struct str text = repeated_run(c, in, false);
        add_made(c, p, in, out);
        if (text.len)
            add(c, out, text);
    } else if (in->texts.n) {
        for (size_t k = 0; k < in->texts.n; k++)
            add(c, out, in->texts.at[k]);
    } else if (in->repeated) {
        add(c, out, with_newline(c, in->i->text));
    }
}

/* ---- what goes over ---- */

static void add_carry(struct compile *c, const struct split_plan *p, const struct carry *what,
                      struct split_lines *out)
{
    struct buf b = {.arena = c->arena};
    buf_printf(&b, "--from=%.*s ", STR(p->name));
    if (what->owner.len)
        buf_printf(&b, "--chown=%.*s ", STR(what->owner));
    buf_printf(&b, "%.*s %.*s", STR(what->path), STR(what->path));
    add(c, out, split_line_of(c, p, LIT("COPY"), buf_str(&b)));
}

static bool is_repeated(struct compile *c, const struct split_plan *p, struct str command)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++)
            if (in->steps.at[k].repeated && str_eq(step_text(c, in, &in->steps.at[k]), command))
                return true;
    }
    return false;
}

static void add_after(struct compile *c, const struct split_plan *p, struct split_lines *out)
{
    for (size_t i = 0; i < p->after.n; i++)
        if (!is_repeated(c, p, p->after.at[i]))
            add(c, out, split_line_of(c, p, LIT("RUN"), p->after.at[i]));
}

/* ---- the whole ---- */

static bool is_partial(const struct split_instr *in)
{
    bool any = false;
    for (size_t k = 0; k < in->steps.n; k++)
        any |= in->steps.at[k].repeated;
    return any && !is_whole(in);
}

static bool is_below_directory(const struct split_step *s, const struct set *paths)
{
    struct str dir = s->step->runs.n ? s->step->runs.at[0].workdir : (struct str){0};
    if (!dir.len || paths->unknown)
        return true;
    for (size_t i = 0; i < paths->items.n; i++)
        if (!str_eq(dir, LIT("/")) && split_is_below(paths->items.at[i], dir))
            return true;
    return false;
}

/* Behind `cd` a step is the same elsewhere when it touches nothing below the directory; behind
 * other changes of the shell that it is not known of. Options say nothing in a chain of `&&`. */
static bool depends_on_shell(const struct split_step *s, unsigned flags)
{
    const struct effects *fx = &s->step->effects;
    if (flags & ~(unsigned)(FX_CD | FX_ERREXIT | FX_ERREXIT_ON | FX_OPTIONS | FX_TRACES))
        return true;
    return (flags & FX_CD) &&
           (is_below_directory(s, &fx->reads) || is_below_directory(s, &fx->writes) ||
            is_below_directory(s, &fx->deletes));
}

static bool is_chain(struct compile *c, const struct split_instr *in)
{
    return (in->chain || legality_begins_with_errexit(c, in->i)) && !in->i->ast->heredocs.n;
}

/* What is left of a script must not depend on what is left out of it. */
bool split_check_runs(struct compile *c, const struct split_plan *p, struct why *why)
{
    for (size_t i = 0; i < p->n_build; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        unsigned flags = 0;
        if (!is_partial(in))
            continue;
        if (!is_chain(c, in))
            return split_refuse(why, SPLIT_MIXED_RUN, in->i, (struct str){0});
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct split_step *s = &in->steps.at[k];
            if (s->role == STEP_SHELL)
                flags |= s->step->effects.flags;
            if (s->repeated && depends_on_shell(s, flags))
                return split_refuse(why, SPLIT_MIXED_RUN, in->i, step_text(c, in, s));
        }
    }
    return true;
}

/* Only where the last instruction stands: there it is certain which directory and user hold. */
struct strs split_prunes(struct compile *c, const struct split_plan *p)
{
    struct strs out = {0};
    const struct instr *last = p->instrs.at[p->n_build - 1].i;
    for (size_t i = 0; i < p->prunes.n && str_eq(last->before.workdir, p->prune_in); i++)
        vec_add(c->arena, &out, split_line_of(c, p, LIT("RUN"), p->prunes.at[i]));
    for (size_t i = 0; i < p->cleanups.n; i++)
        vec_add(c->arena, &out, split_line_of(c, p, LIT("RUN"), p->cleanups.at[i]));
    return out;
}

void split_write_settings(struct compile *c, const struct split_plan *p, struct split_lines *out)
{
    if (p->runtime.workdir.len && !sets_workdir(c, p))
        add(c, out, split_line_of(c, p, LIT("WORKDIR"), p->runtime.workdir));
    add_path(c, p, out);
    add_env(c, p, out);
    if (p->runtime.entry && !has_entry(p))
        add(c, out, split_line_of(c, p, LIT("ENTRYPOINT"), LIT("[]")));
    add_preparation(c, p, out);
    add_packages(c, p, out);
}

struct split_lines split_write(struct compile *c, const struct split_plan *p)
{
    struct split_lines out = {0};
    add(c, &out, final_from(c, p));
    if (p->interpreter.len)
        add_carry(c, p, &(struct carry){.path = p->interpreter}, &out);
    if (p->accounts)
        add(c, &out,
            split_line_of(c, p, LIT("COPY"),
                          str_printf(c->arena, "--from=%.*s %.*s", STR(p->name),
                                     STR(minimal_account_files(c)))));
    add_linked(c, p, &out);
    split_write_settings(c, p, &out);
    for (size_t i = 0; i < p->n_build; i++)
        add_instr(c, p, &p->instrs.at[i], &out);
    for (size_t i = 0; i < p->carries.n; i++)
        add_carry(c, p, &p->carries.at[i], &out);
    for (size_t i = 0; i < p->n_build; i++) {
        struct str text = repeated_run(c, &p->instrs.at[i], true);
        if (text.len)
            add(c, &out, text);
    }
    add_after(c, p, &out);
    return out;
}
