/* minimal-base: a program that needs no distribution runs on an image without one. Details:
 * `explain`. */
#include "passes/minimal_base/minimal_base.h"

#include "ir/change.h"
#include "ir/interpreted.h"
#include "ir/layout.h"
#include "ir/minimal.h"
#include "ir/rewrite.h"

static const char explain[] =
    "A final stage that only runs a program goes to an image without a shell: a compiled program, "
    "or\n"
    "one that an interpreter runs, which is one file and goes over too.\n"
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
    "    FROM node:22 AS build                   FROM node:22 AS build\n"
    "    ..                                      ..\n"
    "    FROM node:22-slim                  =>   FROM gcr.io/distroless/cc-debian12\n"
    "                                            COPY --from=build /usr/local/bin/node "
    "/usr/local/bin/node\n"
    "    COPY --from=build /app /app             COPY --from=build /app /app\n"
    "    CMD [\"node\", \"/app/main.js\"]          CMD [\"node\", \"/app/main.js\"]\n"
    "\n"
    "The catalog names the image, by toolchain: for programs that are linked statically, for "
    "those\n"
    "that need the C library, and for those that need the compiler's own libraries, of the build\n"
    "image's release; and nothing at all for static programs that need no other file.\n"
    "\n"
    "Legal when\n"
    " 1. the last stage is kept, and is FROM an image of a distribution as it is, one without a\n"
    "    shell that is larger, or one of an interpreter that the catalog knows to be one file;\n"
    "    no digest pins it;\n"
    " 2. what its command starts, in exec form, is a file that a command of a known toolchain\n"
    "    builds in another stage, from where COPY takes it; or the image's interpreter itself, "
    "not\n"
    "    a package manager: then the image's own ENTRYPOINT, which does no more than to start it,\n"
    "    is not needed. A HEALTHCHECK runs the same file;\n"
    " 3. the stage's RUNs do nothing but install packages that the image without a shell has too\n"
    "    (certificates, time zones), no comment stands with them, and it has no SHELL and no\n"
    "    ONBUILD;\n"
    " 4. users and owners are numbers, or names that all images have; with the interpreter those "
    "of\n"
    "    its stage go over;\n"
    " 5. the program's sources are in the build context, and start no other program, open no\n"
    "    shared library, use no locale. What libraries that they require do is not seen, and\n"
    "    -O3 drops what is not seen to be used;\n"
    " 6. it is linked statically because the build says so, or can say so: no source is linked\n"
    "    with another language's code, and only what the catalog knows to be the same is required; "
    "or it is linked with\n"
    "    libraries that the compiler brings along alone, and built on a release that the image\n"
    "    exists for. The compiler's own are left out where the program is linked with none of "
    "them\n"
    "    and no source unwinds the stack. Nothing at all is left where it is static, requires no\n"
    "    library, and no source shows a use of certificates, time zones, accounts, temporary "
    "files\n"
    "    or other files of the system; the builder's PATH is then said;\n"
    " 7. of an interpreted program: a stage that it copies from, of the same platform, has the "
    "same\n"
    "    version on the same release, and nothing there writes over it; no source asks for users,\n"
    "    homes or files of a distribution, nothing uses a variable that only the image sets, and\n"
    "    no package that a manifest of the context requires is known to need more. FROM may name "
    "the\n"
    "    platforms on which the interpreter needs no more; which one a builder chooses is not "
    "seen.\n"
    "\n"
    "Left alone: FROM scratch, and the static image where the author chose it.\n";

static const struct rule rules[] = {
#define X(id, name, sentence) [MINIMAL_##id] = {"minimal-base/" name, sentence},
    MINIMAL_REASONS(X)
#undef X
};

static const struct rule applied = {"minimal-base/minimal",
                                    "the program runs on an image without a shell"};

/* ---- sites ---- */

static bool next(struct compile *c, struct site *site)
{
    struct stage *stage = c->file->last_stage;
    bool copies = false;
    for (size_t i = 0; stage && i < stage->uses.n; i++)
        copies |= stage->uses.at[i].kind == REF_STAGE;
    if (site->at || !copies || stage->ships != YES || stage->base.kind != REF_IMAGE)
        return false;
    *site = (struct site){.at = stage->from,
                          .with = stage->from,
                          .plan = arena_alloc(c->arena, sizeof(struct minimal_plan))};
    return true;
}

/* ---- legality ---- */

bool minimal_refuse(struct why *why, enum minimal_reason reason, const struct instr *at,
                    struct str detail)
{
    return refuse_for(why, &rules[reason], at, detail);
}

struct str minimal_image_of(struct compile *c, const struct minimal_plan *p, struct str template)
{
    struct base build, under;
    const struct suite *suite = NULL;
    if (base_of_stage(c, p->stage, &build) && base_distribution(c, &build, &under))
        suite = catalog_suite(c->catalog, under.suite);
    return suite ? minimal_image(c, template, suite->version) : LIT("");
}

static bool is_distribution(struct compile *c, const struct base *base)
{
    struct base under;
    return base_distribution(c, base, &under) && under.family == base->family;
}

/* Rule 1. */
static bool check_base(struct compile *c, struct minimal_plan *p, const struct stage *stage,
                       struct why *why)
{
    bool known = base_of_stage(c, stage, &p->base) && p->base.variant;
    if (known && p->base.ref.digest.len)
        return minimal_refuse(why, MINIMAL_DIGEST, stage->from, LIT(""));
    p->toolchain = known ? interpreted_by(c, &p->base) : NULL;
    if (known && (p->toolchain || minimal_is(&p->base) || is_distribution(c, &p->base)) &&
        join_is_whole(&stage->from->ast->joined, stage->from->ast->args.at[0].joined))
        return true;
    return minimal_refuse(why, MINIMAL_BASE, stage->from, stage->base.image);
}

static bool check_compiled(struct compile *c, struct minimal_plan *p, struct stage *stage,
                           struct why *why)
{
    return minimal_find_program(c, p, stage, why) && minimal_check_stage(c, p, stage, why) &&
           minimal_check_sources(c, p, stage->from, why) && minimal_choose_image(c, p, stage, why);
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct minimal_plan *p = site->plan;
    struct stage *stage = site->at->stage;
    bool is_legal =
        check_base(c, p, stage, why) && (p->toolchain ? minimal_check_interpreted(c, p, stage, why)
                                                      : check_compiled(c, p, stage, why));
    if (!is_legal && minimal_is(&p->base))
        why->rule = NULL; /* it is good as it is */
    return is_legal;
}

static int64_t gain(struct compile *c, const struct site *site)
{
    const struct minimal_plan *p = site->plan;
    const struct image_family *image = catalog_image(c->catalog, p->image);
    int64_t mb = (int64_t)p->base.variant->mb - (image ? (int64_t)image->variants[0].mb : 0);
    if (p->interpreted)
        mb -= (int64_t)p->toolchain->interpreter_mb;
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
static bool link_statically(struct compile *c, const struct minimal_build *b)
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

static bool insert(struct compile *c, struct instr *from, struct str text)
{
    struct instr *new = rw_insert_after(c, from, LIT(""), text);
    if (new)
        change_add(c, new);
    return new;
}

/* By its name, or its number. */
static bool copy_interpreter(struct compile *c, const struct minimal_plan *p, struct instr *from)
{
    struct str stage = p->stage->name, newline = c->file->layout->newline;
    if (!stage.len)
        stage = str_printf(c->arena, "%u", p->stage->index);
    struct str text = str_printf(c->arena, "COPY --from=%.*s %.*s%.*s", STR(stage),
                                 STR(minimal_account_files(c)), STR(newline));
    if (p->accounts && !insert(c, from, text))
        return false;
    return insert(c, from,
                  str_printf(c->arena, "COPY --from=%.*s %.*s %.*s%.*s", STR(stage),
                             STR(p->program), STR(p->program), STR(newline)));
}

/* Not all builders give one to an image that is made from nothing. */
static bool set_path(struct compile *c, struct instr *from)
{
    change_env(c, from->stage, LIT("PATH"));
    return insert(c, from,
                  str_printf(c->arena, "ENV PATH=%.*s%.*s", STR(minimal_path(c)),
                             STR(c->file->layout->newline)));
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct minimal_plan *p = site->plan;
    struct instr *from = site->at;
    struct span at = join_span(&from->ast->joined, from->ast->args.at[0].joined);
    struct edit edit = {at, p->image};
    for (size_t i = 0; i < p->dropped.n; i++)
        drop(c, p->dropped.at[i]);
    if (p->edits && !link_statically(c, &p->builds.at[0]))
        return false;
    change_instr(c, from, rw_spliced(c, from, &edit, 1));
    if (!rw_splice(c, from, &edit, 1))
        return false;
    if (p->interpreted)
        return copy_interpreter(c, p, from);
    return !str_eq(p->image, p->toolchain->minimal_nothing) || set_path(c, from);
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
