/* alpine-base: the Alpine variant of a base image. Details: `explain`. */
#include "passes/alpine_base/alpine.h"

static const char explain[] =
    "An image of Debian's becomes that of Alpine of the same family and version; packages,\n"
    "accounts and commands are written as Alpine has them.\n"
    "\n"
    "    FROM python:3.12-slim                =>    FROM python:3.12-alpine3.24\n"
    "    RUN apt-get update \\                       RUN apk add --no-cache curl\n"
    "     && apt-get install -y \\                   RUN adduser -D -u 1001 -s /bin/sh app\n"
    "        --no-install-recommends curl \\\n"
    "     && rm -rf /var/lib/apt/lists/*\n"
    "    RUN useradd -m -u 1001 app\n"
    "\n"
    "Off at every level: --enable=alpine-base switches it on. That musl resolves names, sizes the\n"
    "stacks of threads and sorts otherwise than glibc cannot be seen in a Dockerfile: who asks "
    "for\n"
    "it tests the image.\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept, and it is an application; the FROM "
    "names\n"
    "    the image itself, without a digest; it is a slim one where the family has these\n"
    "    (slim-base names what is used of a full one); no SHELL, no ONBUILD;\n"
    " 2. the catalog has the family among those that do the same on Alpine, and there is a tag of\n"
    "    the same version and of a release whose packages are known;\n"
    " 3. all that runs in the build and in the container is known by name, and so is what sources\n"
    "    of programs start: nothing; they are not linked with native code and use no locales;\n"
    " 4. packages of languages are known to be without native code, or to be built for musl;\n"
    " 5. nothing that was built on another distribution is copied, unless to where files are only\n"
    "    read; nothing is taken from the image by a stage that is not built on it;\n"
    " 6. files of the context are no libraries or packages, settings say nothing that holds on\n"
    "    Debian alone;\n"
    " 7. variables set no locale but C, and speak of no file of glibc's or Debian's;\n"
    " 8. commands are given options that busybox takes alike, or are of a package whose name on\n"
    "    Alpine is verified: what busybox does otherwise is installed (bash for its scripts);\n"
    " 9. paths below the distribution's own directories are the same on both; nothing is\n"
    "    downloaded in the build;\n"
    "10. the package manager installs packages whose names are verified, none of a version, none\n"
    "    that is configured otherwise, without recommended ones (no-recommends names these); what\n"
    "    upgrades or removes has no counterpart;\n"
    "11. accounts are made with numbers that are free on Alpine, or get the first one that is;\n"
    "    those that are named are there;\n"
    "12. what is written otherwise stands in the RUN's own text, and no comment goes with it.\n"
    "\n"
    "Left alone: debian and ubuntu themselves, whose packages have other versions and other\n"
    "settings there; databases; full images; compilers.\n";

const struct rule alpine_rules[] = {
    [ALPINE_FAMILY] = {"alpine-base/family", "this image is not known to do the same on Alpine"},
    [ALPINE_FULL] = {"alpine-base/full", "it is no slim image: what is used of it has no name"},
    [ALPINE_VARIABLE] = {"alpine-base/variable", "the image's name is put together from variables"},
    [ALPINE_DIGEST] = {"alpine-base/digest", "the image is pinned by its digest"},
    [ALPINE_TOOL] = {"alpine-base/tool-image",
                     "the image is a tool: what is used of its base is not seen"},
    [ALPINE_TRIGGER] = {"alpine-base/onbuild", "ONBUILD runs in builds that are not seen"},
    [ALPINE_SHELL] = {"alpine-base/shell", "another shell than that of the image is set"},
    [ALPINE_NO_VARIANT] =
        {"alpine-base/no-variant",
         "no image of the same version and of a known release of Alpine is known"},
    [ALPINE_UNKNOWN] = {"alpine-base/unknown-use", "what this uses of the image is not seen"},
    [ALPINE_STARTS] = {"alpine-base/starts-programs", "a source starts programs"},
    [ALPINE_NATIVE] = {"alpine-base/libraries", "a source uses native libraries"},
    [ALPINE_LOCALE] = {"alpine-base/locale", "musl has no locales but C"},
    [ALPINE_MODULE] = {"alpine-base/native-package",
                       "this package is not known to be without native code, or built for musl"},
    [ALPINE_COPIED] = {"alpine-base/copied", "what is copied from there may be for glibc"},
    [ALPINE_COPIED_OUT] =
        {"alpine-base/copied-out",
         "a stage that is not built on the image takes from it what would be for musl"},
    [ALPINE_FILES] = {"alpine-base/files",
                      "what is copied may hold programs or libraries for glibc"},
    [ALPINE_CONFIGURATION] = {"alpine-base/configuration",
                              "settings that are not seen, or hold on Debian alone"},
    [ALPINE_ENVIRONMENT] = {"alpine-base/environment",
                            "the variable speaks of what Alpine does not have there"},
    [ALPINE_ACCOUNT] = {"alpine-base/account", "this account is not known to be there on Alpine"},
    [ALPINE_INTERPRETER] = {"alpine-base/interpreter",
                            "the program that reads the script is elsewhere on Alpine"},
    [ALPINE_COMMAND] = {"alpine-base/command",
                        "this command is not known to do the same on Alpine"},
    [ALPINE_COMPILER] = {"alpine-base/compiler",
                         "whether the sources can be built with musl is not seen"},
    [ALPINE_DOWNLOAD] = {"alpine-base/download", "what is downloaded may be for glibc"},
    [ALPINE_PATH] = {"alpine-base/path", "this path is the distribution's own"},
    [ALPINE_MANAGER] = {"alpine-base/package-manager",
                        "what this does to packages has no counterpart"},
    [ALPINE_RECOMMENDS] = {"alpine-base/recommends",
                           "which recommended packages are used is not known"},
    [ALPINE_PINNED] = {"alpine-base/pinned", "the version is Debian's, or it is no package's name"},
    [ALPINE_PACKAGE] = {"alpine-base/package",
                        "this package has no verified name on Alpine, or is configured otherwise"},
    [ALPINE_NEW_ACCOUNT] = {"alpine-base/new-account",
                            "how this account is made cannot be written for busybox"},
    [ALPINE_SCRIPT] = {"alpine-base/script",
                       "what has to be written otherwise does not stand in a RUN by itself, or a "
                       "comment stands in it"},
};

static const struct rule applied = {
    "alpine-base/alpine",
    "Alpine's image has all that is seen to be used; musl's resolver, thread stacks and sorting "
    "are not seen"};

/* ---- sites ---- */

/* Of a distribution whose images have the C library that Alpine's do not. */
static bool is_of_glibc(struct compile *c, const struct base *base)
{
    struct base under;
    if (!base->variant || base->variant->libc.len || !base_distribution(c, base, &under))
        return false;
    const struct suite *suite = catalog_suite(c->catalog, under.suite);
    return suite && str_starts(suite->libc, LIT("glibc"));
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        struct base base;
        if (i->ast->kind != DF_FROM || i->stage->ships != YES || i->stage->base.kind == REF_STAGE ||
            !base_of_stage(c, i->stage, &base) || !is_of_glibc(c, &base))
            continue;
        struct alpine_plan *plan = arena_alloc(c->arena, sizeof *plan);
        plan->base = base;
        *site = (struct site){.at = i, .with = i, .plan = plan};
        return true;
    }
    return false;
}

/* ---- legality ---- */

static bool has_slim(const struct image_family *family)
{
    for (size_t i = 0; i < family->n_variants; i++)
        for (size_t k = 0; k < family->variants[i].n_words; k++)
            if (str_eq(family->variants[i].words[k], LIT("slim")) && !family->variants[i].libc.len)
                return true;
    return false;
}

static bool is_slim(const struct image_variant *v)
{
    for (size_t i = 0; i < v->n_words; i++)
        if (str_eq(v->words[i], LIT("slim")))
            return true;
    return false;
}

/* Rule 1, as far as the FROM itself says it. */
static bool allows_from(struct alpine_question *q)
{
    const struct base *base = &q->plan->base;
    const struct df_word *word = &q->from->ast->args.at[0];
    if (!str_eq(word->text, q->from->stage->base.image) ||
        !join_is_whole(&q->from->ast->joined, word->joined))
        return refuse(q->why, &alpine_rules[ALPINE_VARIABLE], q->from);
    if (base->ref.digest.len)
        return refuse(q->why, &alpine_rules[ALPINE_DIGEST], q->from);
    if (has_slim(base->family) && !is_slim(base->variant))
        return refuse(q->why, &alpine_rules[ALPINE_FULL], q->from);
    return true;
}

/* An image whose own command is a program needs no other. */
static bool allows_purpose(struct alpine_question *q)
{
    enum purpose_kind purpose = legality_purpose(q->c, q->from->stage);
    bool own = purpose == PURPOSE_NO_COMMAND && q->plan->row->runs;
    const struct instr *trigger = legality_trigger(q->from->stage);
    if (legality_is_tool(purpose) && !own)
        return refuse(q->why, &alpine_rules[ALPINE_TOOL], q->from);
    return !trigger || refuse(q->why, &alpine_rules[ALPINE_TRIGGER], trigger);
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    static const struct strs no_candidates = {0};
    struct alpine_plan *plan = site->plan;
    struct alpine_question q = {c, plan, site->at, why};
    plan->row = catalog_alpine_image(c->catalog, plan->base.ref.name);
    if (!plan->row)
        return refuse(why, &alpine_rules[ALPINE_FAMILY], site->at);
    if (!allows_from(&q) || !alpine_find_image(&q) || !allows_purpose(&q))
        return false;
    plan->uses = uses_of(c, site->at->stage, &no_candidates);
    return alpine_allows_stage(&q) && alpine_allows_steps(&q) && alpine_can_write(&q);
}

static int64_t gain(struct compile *c, const struct site *site)
{
    const struct alpine_plan *plan = site->plan;
    const struct image_variant *from = plan->base.variant, *to = plan->alpine.variant;
    (void)c;
    if (!from->mb || !to->mb || to->mb >= from->mb)
        return GAIN_SOME;
    return (int64_t)(from->mb - to->mb) * 1000 * 1000;
}

static bool apply(struct compile *c, const struct site *site)
{
    return alpine_write(c, site->plan, site->at);
}

const struct pass pass_alpine_base = {
    .name = "alpine-base",
    .summary = "the Alpine variant of a base image (off: musl's differences are not seen)",
    .explain = explain,
    .level = PASS_OFF,
    .rules = alpine_rules,
    .n_rules = sizeof alpine_rules / sizeof *alpine_rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
