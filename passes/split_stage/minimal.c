/* -O3: a program that needs nothing but the C library runs on an image that has nothing else. */
#include "ir/catalog/images.h"
#include "ir/command_words.h"
#include "ir/container.h"
#include "ir/copy.h"
#include "ir/interpreted.h"
#include "ir/manifest/manifest.h"
#include "ir/minimal.h"
#include "passes/split_stage/split.h"

/* ---- what the final stage does ---- */

/* There is no shell to run anything. */
static bool is_plain(const struct split_plan *p, size_t at)
{
    const struct split_instr *in = &p->instrs.at[at];
    switch (in->i->ast->kind) {
    case DF_RUN:
        for (size_t k = 0; k < in->steps.n; k++)
            if (in->steps.at[k].repeated)
                return false;
        return at < p->n_build;
    case DF_SHELL:
    case DF_ONBUILD:
        return false;
    case DF_HEALTHCHECK:
        return in->i->ast->json || str_eq(in->i->ast->healthcheck, LIT("NONE"));
    case DF_CMD:
    case DF_ENTRYPOINT:
        return in->i->ast->json;
    case DF_ADD:
    case DF_ARG:
    case DF_COPY:
    case DF_ENV:
    case DF_EXPOSE:
    case DF_FROM:
    case DF_LABEL:
    case DF_MAINTAINER:
    case DF_STOPSIGNAL:
    case DF_USER:
    case DF_VOLUME:
    case DF_WORKDIR:
    case DF_UNKNOWN:
        return true;
    }
    return false;
}

/* ---- what it starts ---- */

static bool is_program(const struct split_plan *p, struct compile *c, struct str word)
{
    struct str path;
    for (size_t i = 0; i < p->carries.n; i++) {
        struct str own = p->carries.at[i].path;
        if (str_find(word, '/') == word.len && str_eq(path_name(own), word))
            return true;
        if (path_resolve(c->arena, p->stage->end.workdir, word, &path) && str_eq(path, own))
            return true;
    }
    return false;
}

static bool starts_program(struct compile *c, const struct split_plan *p)
{
    struct container_command command = container_command(c, p->stage);
    const struct instr *first = command.entrypoint ? command.entrypoint : command.cmd;
    return first && first->ast->json && first->ast->args.n &&
           is_program(p, c, first->ast->args.at[0].text);
}

static bool checks_itself(struct compile *c, const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct df_instr *ast = p->instrs.at[i].i->ast;
        if (ast->kind == DF_HEALTHCHECK && ast->json && ast->args.n &&
            !is_program(p, c, ast->args.at[0].text))
            return false;
    }
    return true;
}

/* ---- what it is linked with ---- */

static bool is_linked_plainly(const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct built *b = &p->instrs.at[i].steps.at[k].built;
            if (b->toolchain && (b->toolchain != p->toolchain || !minimal_links(b)))
                return false;
        }
    return true;
}

/* Every command that builds says so. */
static bool is_static(const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct split_step *s = &p->instrs.at[i].steps.at[k];
            if (s->built.artifacts.n && !minimal_is_static(p->toolchain, vec_last(&s->step->runs)))
                return false;
        }
    return p->toolchain->static_when.len > 0;
}

/* ---- which image ---- */

static bool needs_packages(const struct split_plan *p)
{
    return split_needs_more_than_data(p) || p->installed.n > 0 || p->after.n > 0;
}

/* Of users that the image lacks: those of the build stage go over. */
static bool has_names(struct compile *c, const struct split_plan *p)
{
    bool found = !minimal_has_owner(c, p->stage->end.user);
    for (size_t i = 0; i < p->carries.n; i++)
        found |= !minimal_has_owner(c, p->carries.at[i].owner);
    for (size_t i = 0; i < p->instrs.n; i++) {
        struct instr *in = p->instrs.at[i].i;
        if (in->ast->kind != DF_COPY && in->ast->kind != DF_ADD)
            continue;
        struct copy copy = copy_read(c, in);
        found |= copy.has_chown && !minimal_has_owner(c, copy.chown);
    }
    return found;
}

static bool links_nothing_more(struct compile *c, const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct built *b = &p->instrs.at[i].steps.at[k].built;
            if (b->toolchain && !minimal_is_plain(c, b))
                return false;
        }
    return true;
}

static bool requires_nothing(const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct built *b = &p->instrs.at[i].steps.at[k].built;
            const struct manifest *m = b->manifest;
            if (b->artifacts.n && (!m || m->needs.n || m->more_needs))
                return false;
        }
    return true;
}

/* Of the release; of a program that needs no file but itself, none. */
static struct str choose_image(struct compile *c, struct split_plan *p)
{
    const struct toolchain *t = p->toolchain;
    const struct suite *suite = catalog_suite(c->catalog, p->runtime.release);
    bool is_alone = p->packages.n == 0 && p->path.n == 0 && requires_nothing(p);
    if (!suite)
        return LIT("");
    if (!is_static(p))
        return minimal_image(c, links_nothing_more(c, p) ? t->minimal_plain : t->minimal,
                             suite->version);
    if (is_alone && minimal_needs_nothing(c, t, p->stage))
        return t->minimal_nothing;
    return minimal_image(c, t->minimal_static, suite->version);
}

/* ---- compiled programs ---- */

static bool is_alone(struct compile *c, const struct split_plan *p)
{
    struct str language = p->toolchain->language;
    return !needs_packages(p) && p->all_known && is_linked_plainly(p) && starts_program(c, p) &&
           checks_itself(c, p) && source_shows(c, language, SOURCE_LIBRARIES, NULL) == NO &&
           source_shows(c, language, SOURCE_LOCALES, NULL) == NO;
}

/* ---- programs that an interpreter runs ---- */

/* A HEALTHCHECK that runs it. */
static bool checks_by(struct compile *c, const struct split_plan *p, struct str interpreter)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct df_instr *ast = p->instrs.at[i].i->ast;
        struct str path, word = ast->args.n ? ast->args.at[0].text : LIT("");
        if (ast->kind != DF_HEALTHCHECK || !ast->json)
            continue;
        bool is_name = str_eq(word, path_name(interpreter));
        if (!is_name && !(path_resolve(c->arena, p->stage->end.workdir, word, &path) &&
                          str_eq(path, interpreter)))
            return false;
    }
    return true;
}

static bool is_interpreted(struct compile *c, const struct split_plan *p)
{
    struct base base;
    struct interpreted_evidence where;
    const struct toolchain *t = p->toolchain;
    return base_of_stage(c, p->stage, &base) && interpreted_by(c, &base) == t &&
           !needs_packages(p) && checks_by(c, p, t->interpreter) &&
           interpreted_needs(c, t, p->stage, p->stage, &where) == INTERPRETED_NOTHING &&
           interpreted_is_untouched(c, t, p->stage);
}

/* ---- all ---- */

bool split_minimal(struct compile *c, struct split_plan *p)
{
    bool interpreted = p->toolchain->interpreter.len > 0;
    if (!(interpreted ? is_interpreted(c, p) : is_alone(c, p)))
        return false;
    for (size_t i = 0; i < p->instrs.n; i++)
        if (!is_plain(p, i))
            return false;
    struct str image = choose_image(c, p);
    if (!image.len)
        return false;
    p->accounts = has_names(c, p);
    p->nothing = str_eq(image, p->toolchain->minimal_nothing);
    p->interpreter = p->toolchain->interpreter;
    p->runtime.image = image;
    p->runtime.entry = false;
    p->packages = (struct strs){0};
    return true;
}
