/* minimal-base: a program that needs no distribution runs on an image without one. Details:
 * `explain`. */
#include "ir/change.h"
#include "ir/command_words.h"
#include "ir/container.h"
#include "ir/copy.h"
#include "ir/manifest/manifest.h"
#include "ir/minimal.h"
#include "ir/rewrite.h"
#include "ir/sources.h"
#include "passes/legality.h"

static const char explain[] =
    "A final stage that only runs a compiled program goes to an image without a shell.\n"
    "\n"
    "    FROM golang:1.22-bookworm AS build      FROM golang:1.22-bookworm AS build\n"
    "    COPY . /src                             COPY . /src\n"
    "    WORKDIR /src                            WORKDIR /src\n"
    "    RUN go build -o /app .                  RUN CGO_ENABLED=0 go build -o /app .\n"
    "                                       =>\n"
    "    FROM debian:bookworm-slim               FROM gcr.io/distroless/static-debian12\n"
    "    RUN apt-get update && ..                COPY --from=build /app /app\n"
    "            ca-certificates tzdata          CMD [\"/app\"]\n"
    "    COPY --from=build /app /app\n"
    "    CMD [\"/app\"]\n"
    "\n"
    "The catalog names the image, by toolchain: for programs that are linked statically, and for\n"
    "those that need the C library and the compiler's own, of the build image's release.\n"
    "\n"
    "Legal when\n"
    " 1. the last stage is kept, and is FROM an image of a distribution as it is, or one without "
    "a\n"
    "    shell that is larger; no digest pins it;\n"
    " 2. what its command starts, in exec form, is a file that a command of a known toolchain\n"
    "    builds in another stage, from where COPY takes it; a HEALTHCHECK runs the same file;\n"
    " 3. the stage's RUNs do nothing but install packages that the image without a shell has too\n"
    "    (certificates, time zones), no comment stands with them, and it has no SHELL and no\n"
    "    ONBUILD;\n"
    " 4. users and owners are numbers, or names that all images have;\n"
    " 5. the program's sources are in the build context, and start no other program, open no\n"
    "    shared library, use no locale. What libraries that they require do is not seen, and\n"
    "    -O3 drops what is not seen to be used;\n"
    " 6. it is linked statically because the build says so, or can say so: no source is linked\n"
    "    with another language's code, and nothing is required that may be; or it is linked with\n"
    "    libraries that the compiler brings along alone, and built on a release that the image\n"
    "    exists for.\n"
    "\n"
    "Left alone: FROM scratch. To go there from the static image would save two megabytes, and\n"
    "take away certificates, time zones, accounts and /tmp.\n";

enum reason {
    BASE,
    DIGEST,
    COMMAND,
    PROGRAM,
    HEALTH,
    RUNS,
    COMMENT,
    USERS,
    SHELL,
    STARTS,
    LIBRARIES,
    LOCALES,
    LINKED,
    RELEASE,
    PRAGMA
};

static const struct rule rules[] = {
    [BASE] = {"minimal-base/base", "it is not built on a distribution's own image"},
    [DIGEST] = {"minimal-base/digest", "the image is pinned by its digest"},
    [COMMAND] = {"minimal-base/command", "what it starts is not one program in exec form"},
    [PROGRAM] = {"minimal-base/program",
                 "no command of a known toolchain is seen to build what it starts"},
    [HEALTH] = {"minimal-base/healthcheck", "the health check runs something else"},
    [RUNS] = {"minimal-base/run", "what this RUN makes is not in an image without a shell"},
    [COMMENT] = {"minimal-base/comment", "a comment goes with a RUN that would go"},
    [USERS] = {"minimal-base/users", "an image without a shell has no such user"},
    [SHELL] = {"minimal-base/shell", "there is no shell for SHELL and ONBUILD"},
    [STARTS] = {"minimal-base/starts-programs",
                "its sources start other programs, or are not in the build context"},
    [LIBRARIES] = {"minimal-base/opens-libraries", "its sources open shared libraries"},
    [LOCALES] = {"minimal-base/locales", "its sources use locales"},
    [LINKED] = {"minimal-base/linked",
                "which shared libraries the program is linked with cannot be told"},
    [RELEASE] = {"minimal-base/release",
                 "no image without a shell is known for the release that it is built on"},
    [PRAGMA] = {"minimal-base/pragma", "a pragma keeps an instruction as it is"},
};

static const struct rule applied = {"minimal-base/minimal",
                                    "the program runs on an image without a shell"};

/* A command that builds the program. */
struct build {
    struct instr *run;
    struct invocation *by;
    struct built built;
    struct span at;                   /* in the script's text */
    const struct sh_command *command; /* NULL: it does not stand in the script as it is */
};

struct plan {
    struct base base;
    struct str program; /* its path */
    const struct stage *stage;
    const struct toolchain *toolchain;
    struct VEC_OF(struct build) builds;
    struct VEC_OF(struct instr *) dropped; /* RUNs */
    bool others;                           /* the stage builds others beside it */
    bool edits;                            /* the one build is told to link statically */
    struct str image;
};

/* ---- sites ---- */

static bool next(struct compile *c, struct site *site)
{
    struct stage *stage = c->file->last_stage;
    bool copies = false;
    for (size_t i = 0; stage && i < stage->uses.n; i++)
        copies |= stage->uses.at[i].kind == REF_STAGE;
    if (site->at || !copies || stage->ships != YES || stage->base.kind != REF_IMAGE)
        return false;
    *site = (struct site){
        .at = stage->from, .with = stage->from, .plan = arena_alloc(c->arena, sizeof(struct plan))};
    return true;
}

/* ---- legality: the program ---- */

static bool is_program(struct compile *c, const struct stage *stage, struct str program,
                       struct str word)
{
    struct str path;
    if (str_find(word, '/') == word.len)
        return str_eq(path_name(program), word);
    return path_resolve(c->arena, stage->end.workdir, word, &path) && str_eq(path, program);
}

/* Where the source has the file that is at `path` in the image; empty: nowhere. */
static struct str origin_of(struct compile *c, const struct copy *copy,
                            const struct copy_source *source, struct str path)
{
    struct str from, to = copy->to;
    if (source->glob || !path_resolve(c->arena, LIT("/"), source->path, &from) || !to.len)
        return LIT("");
    if (str_eq(to, path))
        return from;
    struct str rest = str_starts(path, to) ? str_slice(path, to.len, path.len) : LIT("");
    if (!rest.len || (rest.at[0] != '/' && !str_eq(to, LIT("/"))))
        return LIT("");
    if (rest.at[0] == '/')
        rest = str_slice(rest, 1, rest.len);
    if (str_eq(path_name(from), rest))
        return from;
    return str_printf(c->arena, "%.*s/%.*s", STR(str_eq(from, LIT("/")) ? LIT("") : from),
                      STR(rest));
}

static void add_build(struct compile *c, struct plan *p, struct instr *run, struct step *step)
{
    for (size_t i = 0; i < step->runs.n; i++) {
        struct built built = toolchain_built(c, run->stage, &step->runs.at[i]);
        if (!built.toolchain || !built.toolchain->minimal.len || !built.known)
            continue;
        struct build b = {.run = run, .by = &step->runs.at[i], .built = built, .at = step->at};
        b.command = step_command(run->script->list, step);
        if (built.artifacts.n)
            vec_add(c->arena, &p->builds, b);
    }
}

static void find_builds(struct compile *c, struct plan *p, const struct stage *stage)
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
static bool keep_builds_of(struct plan *p, struct str path)
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

static bool comes_from(struct compile *c, struct plan *p, const struct instr *i, struct str program)
{
    const struct stage *from = copied_stage(i);
    if (!from)
        return false;
    struct copy copy = copy_read(c, i);
    for (size_t k = 0; k < copy.sources.n; k++) {
        struct str path = origin_of(c, &copy, &copy.sources.at[k], program);
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

/* Rule 2. */
static bool find_program(struct compile *c, struct plan *p, const struct stage *stage,
                         struct why *why)
{
    struct container_command command = container_command(c, stage);
    const struct instr *first = command.entrypoint ? command.entrypoint : command.cmd;
    if (!first || !first->ast->json || !first->ast->args.n)
        return refuse(why, &rules[COMMAND], first ? first : stage->from);
    struct strs paths = paths_of(c, stage, first->ast->args.at[0].text);
    for (size_t k = 0; k < paths.n; k++)
        for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
            if (i->ast->kind == DF_COPY && comes_from(c, p, i, paths.at[k]))
                return true;
    return refuse_for(why, &rules[PROGRAM], first, first->ast->args.at[0].text);
}

/* ---- legality: the stage ---- */

static bool is_of_packages(const struct step *s)
{
    for (size_t i = 0; i < s->runs.n; i++)
        if (s->runs.at[i].row && s->runs.at[i].row->manager.len)
            return true;
    return s->effects.drops_lists.items.n || s->effects.drops_caches.items.n;
}

static bool image_has(const struct toolchain *t, struct str package)
{
    size_t colon = str_find(package, ':');
    struct str name = str_slice(package, colon < package.len ? colon + 1 : 0, package.len);
    for (size_t i = 0; i < t->n_minimal_has; i++)
        if (str_eq(t->minimal_has[i], name))
            return true;
    return false;
}

/* Rule 3. */
static bool check_run(struct compile *c, struct plan *p, struct instr *run, struct why *why)
{
    const struct sh_script *script = instr_script(c, run);
    struct steps steps = {0};
    if (!script || !script->list || !command_steps(c, &run->before, script->list, &steps))
        return refuse(why, &rules[RUNS], run);
    for (size_t i = 0; i < steps.n; i++) {
        const struct set *installs = &steps.at[i].effects.installs;
        if (!is_of_packages(&steps.at[i]) || installs->unknown)
            return refuse_for(why, &rules[RUNS], run, str_span(script->text, steps.at[i].at));
        for (size_t k = 0; k < installs->items.n; k++)
            if (!image_has(p->toolchain, installs->items.at[k]))
                return refuse_for(why, &rules[RUNS], run, installs->items.at[k]);
    }
    if (script->comments.n || legality_comments(c->arena, run->lead, LIT("")).len ||
        legality_comments(c->arena, run->text, LIT("")).len)
        return refuse(why, &rules[COMMENT], run);
    vec_add(c->arena, &p->dropped, run);
    return true;
}

static bool check_instr(struct compile *c, struct plan *p, struct instr *i, struct why *why)
{
    if (!pragma_allows(i, LIT("minimal-base")))
        return refuse(why, &rules[PRAGMA], i);
    switch (i->ast->kind) {
    case DF_RUN:
        return check_run(c, p, i, why);
    case DF_COPY:
    case DF_ADD: {
        struct copy copy = copy_read(c, i);
        return !copy.has_chown || minimal_has_owner(c, copy.chown) ||
               refuse_for(why, &rules[USERS], i, copy.chown);
    }
    case DF_SHELL:
    case DF_ONBUILD:
    case DF_UNKNOWN:
        return refuse(why, &rules[SHELL], i);
    case DF_HEALTHCHECK:
        return str_eq(i->ast->healthcheck, LIT("NONE")) ||
               (i->ast->json && i->ast->args.n &&
                is_program(c, i->stage, p->program, i->ast->args.at[0].text)) ||
               refuse(why, &rules[HEALTH], i);
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

static bool check_stage(struct compile *c, struct plan *p, struct stage *stage, struct why *why)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
        if (!check_instr(c, p, i, why))
            return false;
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
        if (i->ast->kind == DF_USER && !minimal_has_owner(c, i->ast->args.at[0].text))
            return refuse_for(why, &rules[USERS], i, i->ast->args.at[0].text);
    return true;
}

/* Rule 5. */
static bool check_sources(struct compile *c, const struct plan *p, const struct instr *from,
                          struct why *why)
{
    static const struct {
        enum source_trait trait;
        enum reason reason;
    } questions[] = {
        {SOURCE_COMMANDS, STARTS}, {SOURCE_LIBRARIES, LIBRARIES}, {SOURCE_LOCALES, LOCALES}};
    struct str language = p->toolchain->language;
    if (source_count(c, language) <= 0)
        return refuse(why, &rules[STARTS], from);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct source_evidence where = {0};
        if (source_shows(c, language, questions[i].trait, &where) != NO)
            return refuse_for(why, &rules[questions[i].reason], from, where.path);
    }
    return true;
}

/* ---- legality: how it is linked ---- */

/* Nothing says otherwise. */
static bool can_be_static(const struct build *b)
{
    struct str when = b->built.toolchain->static_when;
    return when.len && !env_find(b->by->env, str_slice(when, 0, str_find(when, '='))) &&
           b->command && b->command->words.n > 0 && !b->run->ast->heredocs.n;
}

static bool requires_nothing(const struct build *b)
{
    const struct manifest *m = b->built.manifest;
    return m && !m->needs.n && !m->more_needs;
}

static bool links_plainly(const struct build *b)
{
    return minimal_links(&b->built) && (b->built.toolchain->n_links > 0 || requires_nothing(b));
}

/* Of the release that the program is built on. */
static struct str image_of_build(struct compile *c, const struct plan *p, struct str template)
{
    struct base build, under;
    const struct suite *suite = NULL;
    if (base_of_stage(c, p->stage, &build) && base_distribution(c, &build, &under))
        suite = catalog_suite(c->catalog, under.suite);
    return suite ? minimal_image(c, template, suite->version) : LIT("");
}

/* Rule 6. A static program runs on any release. */
static bool choose_image(struct compile *c, struct plan *p, struct why *why)
{
    const struct toolchain *t = p->toolchain;
    bool fixed = true, settable = p->builds.n == 1 && !p->others, plain = true;
    for (size_t i = 0; i < p->builds.n; i++) {
        const struct build *b = &p->builds.at[i];
        fixed &= minimal_is_static(t, b->by->env);
        settable &= can_be_static(b) && requires_nothing(b);
        plain &= links_plainly(b);
    }
    bool native = !fixed && source_shows(c, t->language, SOURCE_NATIVE, NULL) != NO;
    const struct instr *at = p->builds.at[0].run;
    if (native || (!fixed && !settable && !plain))
        return refuse(why, &rules[LINKED], at);
    p->edits = !fixed && settable;
    p->image = image_of_build(c, p, fixed || settable ? t->minimal_static : t->minimal);
    if (!p->image.len && (fixed || settable))
        p->image = minimal_image(c, t->minimal_static, t->minimal_release);
    return p->image.len || refuse(why, &rules[RELEASE], p->stage->from);
}

static bool is_distribution(struct compile *c, const struct base *base)
{
    struct base under;
    return base_distribution(c, base, &under) && under.family == base->family;
}

/* Rule 1. */
static bool check_base(struct compile *c, struct plan *p, const struct stage *stage,
                       struct why *why)
{
    bool known = base_of_stage(c, stage, &p->base) && p->base.variant;
    if (known && p->base.ref.digest.len)
        return refuse(why, &rules[DIGEST], stage->from);
    if (known && (minimal_is(&p->base) || is_distribution(c, &p->base)) &&
        join_is_whole(&stage->from->ast->joined, stage->from->ast->args.at[0].joined))
        return true;
    return refuse_for(why, &rules[BASE], stage->from, stage->base.image);
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct plan *p = site->plan;
    struct stage *stage = site->at->stage;
    bool is_legal = check_base(c, p, stage, why) && find_program(c, p, stage, why) &&
                    check_stage(c, p, stage, why) && check_sources(c, p, stage->from, why) &&
                    choose_image(c, p, why);
    if (!is_legal && minimal_is(&p->base))
        why->rule = NULL; /* it is good as it is */
    return is_legal;
}

static int64_t gain(struct compile *c, const struct site *site)
{
    const struct plan *p = site->plan;
    const struct image_family *image = catalog_image(c->catalog, p->image);
    int64_t mb = (int64_t)p->base.variant->mb - (int64_t)image->variants[0].mb;
    return mb * 1024 * 1024;
}

/* ---- the change ---- */

static bool forget_command(void *self, const struct sh_command *command, unsigned substitution)
{
    struct site *run = self;
    (void)substitution;
    if (command->kind == SH_SIMPLE)
        change_command(run->plan, run->at, str_span(run->at->script->text, command->span),
                       (struct str){0});
    return true;
}

static bool no_word(void *self, const struct sh_word *word, unsigned substitution)
{
    (void)self;
    (void)word;
    (void)substitution;
    return false;
}

static void drop(struct compile *c, struct instr *run)
{
    struct site self = {.at = run, .plan = c};
    struct sh_visitor v = {.self = &self, .command = forget_command, .word = no_word};
    sh_walk(instr_script(c, run)->list, &v);
    rw_delete(c, run, true);
}

/* The variable stands ahead of the command. */
static bool link_statically(struct compile *c, const struct build *b)
{
    struct str text = str_span(b->run->script->text, b->command->span);
    struct str variable = str_concat(c->arena, b->built.toolchain->static_when, LIT(" "));
    struct span name = b->command->words.at[0]->span;
    uint32_t before = name.start - b->command->span.start;
    uint32_t place = join_span(&b->run->script_text, name).start;
    struct edit edit = {{place, place}, variable};
    change_command(c, b->run, text,
                   str_printf(c->arena, "%.*s%.*s%.*s", STR(str_slice(text, 0, before)),
                              STR(variable), STR(str_slice(text, before, text.len))));
    return rw_splice(c, b->run, &edit, 1);
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *p = site->plan;
    struct instr *from = site->at;
    struct span at = join_span(&from->ast->joined, from->ast->args.at[0].joined);
    struct edit edit = {at, p->image};
    for (size_t i = 0; i < p->dropped.n; i++)
        drop(c, p->dropped.at[i]);
    if (p->edits && !link_statically(c, &p->builds.at[0]))
        return false;
    change_instr(c, from, rw_spliced(c, from, &edit, 1));
    return rw_splice(c, from, &edit, 1);
}

const struct pass pass_minimal_base = {
    .name = "minimal-base",
    .summary = "a program that needs no distribution runs on an image without one",
    .explain = explain,
    .level = 3,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
