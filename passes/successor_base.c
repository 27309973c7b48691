/* successor-base: discontinued base images by the one that takes their place as it is. Details:
 * `explain`. */
#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/change.h"
#include "ir/container.h"
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "A base image that gets no more updates is replaced by its drop-in successor: an image under\n"
    "another name that goes on with the same version on the same release of the distribution.\n"
    "\n"
    "    FROM adoptopenjdk:11-jre-hotspot  =>    FROM eclipse-temurin:11-jre-focal\n"
    "\n"
    "Legal when\n"
    " 1. the catalog says of the two that one is made to take the other's place: the maintainers\n"
    "    name it, version, release, paths and variables are the same, and it has all packages "
    "that\n"
    "    the other has;\n"
    " 2. the successor's tag has existed;\n"
    " 3. the image is written out, with a tag and no digest: a digest asks for one image alone;\n"
    " 4. the container starts as it did: the successor has no entry point that the other has not,\n"
    "    or the stage sets one.\n"
    "Left alone: successors of another release, distribution or version. pin-base names those.\n";

enum reason { VARIABLE, DIGEST, ENTRY_POINT };

static const struct rule rules[] = {
    [VARIABLE] = {"successor-base/variable", "the image's name is put together from variables, or "
                                             "has quotes or escapes in it"},
    [DIGEST] = {"successor-base/digest", "a digest asks for this image alone"},
    [ENTRY_POINT] = {"successor-base/entry-point",
                     "the successor starts programs through an entry point of its own"},
};

static const struct rule applied = {
    "successor-base/replaced", "a discontinued image gives way to the one that took its place"};

struct plan {
    struct base old, successor;
    struct str image; /* as FROM names it */
};

/* ---- sites ---- */

/* Rules 1 and 2. */
static bool find_successor(struct compile *c, const struct instr *from, struct plan *plan)
{
    if (!base_of_image(c, from->stage->base.image, &plan->old))
        return false;
    const struct image_end *end = base_end(&plan->old);
    if (!end || !end->drop_in.len || !base_of_image(c, end->drop_in, &plan->successor))
        return false;
    const struct image_ref *to = &plan->successor.ref;
    plan->image = str_printf(c->arena, "%.*s%.*s", STR(plan->old.ref.prefix), STR(end->drop_in));
    return base_has_tag(c->catalog, to->name, to->tag) == YES;
}

static bool next(struct compile *c, struct site *site)
{
    for (struct instr *i = site->with ? site->with->next : c->file->first; i; i = i->next) {
        struct plan plan;
        bool image = i->ast->kind == DF_FROM &&
                     (i->stage->base.kind == REF_IMAGE || i->stage->base.kind == REF_UNKNOWN);
        if (!image || !find_successor(c, i, &plan))
            continue;
        struct plan *kept = arena_alloc(c->arena, sizeof *kept);
        *kept = plan;
        *site = (struct site){.at = i, .with = i, .detail = plan.image, .plan = kept};
        return true;
    }
    return false;
}

/* ---- legality ---- */

static bool is_written_out(const struct instr *from)
{
    const struct df_word *word = &from->ast->args.at[0];
    return str_eq(word->text, from->stage->base.image) &&
           join_is_whole(&from->ast->joined, word->joined) &&
           str_eq(str_span(from->ast->joined.text, word->joined), word->text);
}

/* Rule 4. */
static bool starts_the_same(struct compile *c, const struct stage *stage, const struct plan *p)
{
    const struct image_variant *old = p->old.variant, *new = p->successor.variant;
    bool same = old && new && old->n_entrypoint == new->n_entrypoint;
    return same || stage->ships == NO || container_command(c, stage).entrypoint;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    const struct plan *p = site->plan;
    const struct instr *from = site->at;
    if (p->old.ref.digest.len)
        return refuse_for(why, &rules[DIGEST], from, p->image);
    if (!is_written_out(from))
        return refuse_for(why, &rules[VARIABLE], from, p->image);
    if (!starts_the_same(c, from->stage, p))
        return refuse_for(why, &rules[ENTRY_POINT], from, p->image);
    return true;
}

static int64_t gain(struct compile *c, const struct site *site)
{
    (void)c;
    (void)site;
    return GAIN_SOME;
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *p = site->plan;
    struct instr *from = site->at;
    struct edit edit = {join_span(&from->ast->joined, from->ast->args.at[0].joined), p->image};
    change_instr(c, from, rw_spliced(c, from, &edit, 1));
    return rw_splice(c, from, &edit, 1);
}

const struct pass pass_successor_base = {
    .name = "successor-base",
    .summary = "discontinued base images by the one that takes their place as it is",
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
