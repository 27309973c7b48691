/* slim-base: the slim variant of a base image, with what is used of the full one. Details:
 * `explain`. */
#include "ir/catalog/catalog.h"
#include "ir/change.h"
#include "ir/install.h"
#include "ir/rewrite.h"
#include "passes/slim_base/slim.h"

static const char explain[] =
    "A full base image becomes its slim variant, of the same version and release; what is used of\n"
    "all that the slim one lacks is installed.\n"
    "\n"
    "    FROM python:3.12-bookworm        =>    FROM python:3.12-slim-bookworm\n"
    "    RUN pip install psycopg2               RUN apt-get update \\\n"
    "    CMD [\"python\", \"app.py\"]                 && apt-get install -y .. gcc libpq-dev "
    "libpq5 \\\n"
    "                                               && pip install psycopg2 \\\n"
    "                                               && apt-get purge -y --auto-remove gcc .. \\\n"
    "                                               && rm -rf /var/lib/apt/lists/*\n"
    "                                           CMD [\"python\", \"app.py\"]\n"
    "\n"
    "What packages of languages need to be built, and nothing else uses, goes again behind the\n"
    "RUN that builds them, where that is one RUN, a chain of commands of root.\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept, and it is an application: of a tool, "
    "all\n"
    "    may be used;\n"
    " 2. the FROM names the image itself, without a digest, and no ONBUILD runs in builds of\n"
    "    others;\n"
    " 3. the catalog knows the packages of both images, and that the slim tag exists;\n"
    " 4. all that runs in the build and in the container is known by name: shell texts are\n"
    "    understood, scripts and manifests are in the build context, programs have rows, and what\n"
    "    sources start can be named. Where both images have the same packages this is not asked;\n"
    " 5. no compiler of the full image is run by the build itself: which headers and libraries it\n"
    "    uses is not seen;\n"
    " 6. nothing is read of the documentation, manuals and translations that slim images leave "
    "out,\n"
    "    and no package is installed that fails without them;\n"
    " 7. what is missing can be installed: the release's archive is known, and has it by that "
    "name,\n"
    "    and no RUN installs without package lists, which works where the image has all already.\n"
    "\n"
    "Packages of languages that the catalog does not know are taken to need no more than a\n"
    "compiler; a remark names them.\n";

const struct rule slim_rules[] = {
    [SLIM_TOOL] = {"slim-base/tool-image",
                   "the image is a tool: what is used of its base is not seen"},
    [SLIM_VARIABLE] = {"slim-base/variable", "the image's name is put together from variables"},
    [SLIM_DIGEST] = {"slim-base/digest", "the image is pinned by its digest"},
    [SLIM_TRIGGER] = {"slim-base/onbuild", "ONBUILD runs in builds that are not seen"},
    [SLIM_NO_VARIANT] = {"slim-base/no-variant",
                         "no slim image of the same version and release is known"},
    [SLIM_SHELL_TEXT] = {"slim-base/not-understood", "its shell text is not understood"},
    [SLIM_PROGRAM] = {"slim-base/unknown-program",
                      "what this program uses of the base image is not seen"},
    [SLIM_MANIFEST] = {"slim-base/manifest", "what it installs, or what that needs, cannot be told"},
    [SLIM_SOURCES] = {"slim-base/sources",
                      "the sources of the program are not in the build context, or not all"},
    [SLIM_LIBRARY] = {"slim-base/libraries",
                      "a source uses native libraries, which cannot be named"},
    [SLIM_STARTER] = {"slim-base/starter",
                      "the program starts others, which its settings name and which are not seen"},
    [SLIM_STARTED] = {"slim-base/starts-programs",
                      "a source starts programs that it does not name"},
    [SLIM_COMPILER] =
        {"slim-base/compiler",
         "it runs a compiler or build tool of the base image: which headers and libraries "
         "that uses is not seen"},
    [SLIM_MISSING_FILES] = {"slim-base/missing-files", "it reads what slim images leave out"},
    [SLIM_BREAKS] = {"slim-base/manual-pages",
                     "this package does not install on slim images, which have no manual pages"},
    [SLIM_RELEASE] = {"slim-base/release",
                      "what is missing cannot be installed in the base image's release"},
    [SLIM_NO_LISTS] =
        {"slim-base/no-lists",
         "it installs without having fetched package lists: that works where the base "
         "image has the packages already"},
    [SLIM_ASSUMED] =
        {"slim-base/assumed",
         "packages that the catalog does not know are taken to need no more than a compiler"},
};

static const struct rule applied = {"slim-base/slim",
                                    "the slim variant of the base image has, or gets, all that is "
                                    "seen to be used"};

/* ---- sites ---- */

static bool has_slim(struct compile *c, struct str family)
{
    const struct image_family *f = catalog_image(c->catalog, family);
    for (size_t i = 0; f && i < f->n_variants; i++)
        for (size_t k = 0; k < f->variants[i].n_words; k++)
            if (str_eq(f->variants[i].words[k], LIT("slim")))
                return true;
    return false;
}

/* The variant of no words: neither slim nor of another distribution. */
static bool is_full(struct compile *c, const struct stage *s, struct base *base)
{
    return s->base.kind != REF_STAGE && base_of_stage(c, s, base) && base->variant &&
           !base->variant->n_words && has_slim(c, base->ref.name);
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        struct base base;
        if (i->ast->kind != DF_FROM || i->stage->ships != YES || !is_full(c, i->stage, &base))
            continue;
        struct slim_plan *plan = arena_alloc(c->arena, sizeof *plan);
        plan->base = base;
        *site = (struct site){.at = i, .with = i, .plan = plan};
        return true;
    }
    return false;
}

/* ---- legality ---- */

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct slim_plan *plan = site->plan;
    struct instr *from = site->at;
    if (legality_is_tool(legality_purpose(c, from->stage)))
        return refuse(why, &slim_rules[SLIM_TOOL], from);
    const struct df_word *word = &from->ast->args.at[0];
    if (!str_eq(word->text, from->stage->base.image) ||
        !join_is_whole(&from->ast->joined, word->joined))
        return refuse(why, &slim_rules[SLIM_VARIABLE], from);
    if (plan->base.ref.digest.len)
        return refuse(why, &slim_rules[SLIM_DIGEST], from);
    const struct instr *trigger = legality_trigger(from->stage);
    if (trigger)
        return refuse(why, &slim_rules[SLIM_TRIGGER], trigger);
    if (!base_slim(c, &plan->base, &plan->image) || !base_of_image(c, plan->image, &plan->slim))
        return refuse(why, &slim_rules[SLIM_NO_VARIANT], from);
    const struct instr *install = install_without_lists(c, from->stage);
    if (install)
        return refuse(why, &slim_rules[SLIM_NO_LISTS], install);
    return slim_needs(c, plan, from, why);
}

static int64_t gain(struct compile *c, const struct site *site)
{
    const struct slim_plan *plan = site->plan;
    const struct image_variant *full = plan->base.variant, *slim = plan->slim.variant;
    (void)c;
    if (!full->mb || !slim || slim->mb >= full->mb)
        return GAIN_SOME;
    int64_t bytes = (int64_t)(full->mb - slim->mb) * 1000 * 1000;
    return bytes - (int64_t)plan->kib * 1024;
}

/* ---- the change ---- */

static void note_assumed(struct compile *c, const struct slim_plan *plan, const struct instr *from)
{
    struct remark r = {.kind = REMARK_NOTE,
                       .pass = "slim-base",
                       .rule = &slim_rules[SLIM_ASSUMED],
                       .at = from->origin,
                       .detail = plan->assumed};
    if (plan->assumed.len)
        remark_add(&c->remarks, r);
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct slim_plan *plan = site->plan;
    struct instr *from = site->at;
    struct span at = join_span(&from->ast->joined, from->ast->args.at[0].joined);
    struct edit edit = {at, plan->image};
    change_instr(c, from, rw_spliced(c, from, &edit, 1));
    if (!rw_splice(c, from, &edit, 1))
        return false;
    note_assumed(c, plan, from);
    return slim_write(c, plan, from);
}

const struct pass pass_slim_base = {
    .name = "slim-base",
    .summary = "the slim variant of a base image, with what is used of the full one",
    .explain = explain,
    .level = 2,
    .rules = slim_rules,
    .n_rules = sizeof slim_rules / sizeof *slim_rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
