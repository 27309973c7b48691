/* pin-base: base images by the full tag of what they are. Details: `explain`. */
#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/change.h"
#include "ir/options.h"
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "A base image without a tag, with `latest` or with another floating tag gets the full version "
    "and "
    "the distribution of\n"
    "the image that it is, so that the next build starts from the same one.\n"
    "\n"
    "    FROM python:3.6                   =>    FROM python:3.6.15-bullseye\n"
    "\n"
    "Legal when\n"
    " 1. the catalog knows the image's tags, and that the two tags were those of one image when "
    "they "
    "were last listed\n"
    "    (docker-library/official-images): no tag is written that has never existed;\n"
    " 2. the tag is written out, or is an ARG's default that nothing but this FROM uses: then the "
    "default is edited.\n"
    "`--pin=digest` adds the digest that dfopt.lock has for the image; `--pin=off` leaves tags as "
    "they are. That a version\n"
    "gets no more updates is remarked, with its successor.\n"
    "\n"
    "Left alone: stages, scratch, images with a digest, images of other registries, files whose "
    "author writes whole\n"
    "scripts under `set -e`.\n";

enum reason { UNKNOWN_IMAGE, UNKNOWN_TAG, VARIABLE, SHARED_ARGUMENT, NOT_LOCKED, END_OF_LIFE };

static const struct rule rules[] = {
    [UNKNOWN_IMAGE] = {"pin-base/unknown-image",
                       "the catalog does not know the tags of this image"},
    [UNKNOWN_TAG] = {"pin-base/unknown-tag", "the catalog does not know this tag of the image"},
    [VARIABLE] =
        {"pin-base/variable",
         "the image's name is put together from variables, or has quotes or escapes in it"},
    [SHARED_ARGUMENT] = {"pin-base/shared-argument",
                         "the ARG that names the image is used elsewhere too"},
    [NOT_LOCKED] = {"pin-base/not-locked", "dfopt.lock has no digest for the image"},
    [END_OF_LIFE] = {"pin-base/end-of-life", "this version gets no more updates; its successor is"},
};

static const struct rule applied = {"pin-base/pinned",
                                    "the floating tag is pinned to what it stood for"};

/* Where the image's name is written, and what comes there. */
struct plan {
    struct instr *in; /* FROM, or the ARG with the default */
    struct edit edit;
};

/* ---- where it is written ---- */

/* A word without quotes and escapes, on one line. */
static bool is_plain(const struct df_instr *ast, const struct df_word *word)
{
    return join_is_whole(&ast->joined, word->joined) &&
           str_eq(str_span(ast->joined.text, word->joined), word->text);
}

/* Where a variable begins in `text`; its name without braces. Forms with a default or a pattern are
 * not taken apart. */
static bool variable_in(struct str text, struct str *name, struct span *at)
{
    size_t dollar = str_find(text, '$');
    if (dollar == text.len)
        return false;
    struct str rest = str_slice(text, dollar + 1, text.len);
    bool braces = str_starts(rest, LIT("{"));
    size_t end = braces ? str_find(rest, '}') : rest.len;
    *name = str_slice(rest, braces ? 1 : 0, end);
    *at = (struct span){(uint32_t)dollar, (uint32_t)(dollar + 1 + end + (braces ? 1 : 0))};
    for (size_t i = 0; i < name->len; i++) {
        char b = name->at[i];
        bool letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '_';
        if (!letter && !(b >= '0' && b <= '9'))
            return false;
    }
    return name->len > 0 && at->end <= text.len;
}

static bool declares(const struct instr *i, struct str name)
{
    for (size_t k = 0; i->ast->kind == DF_ARG && k < i->ast->pairs.n; k++)
        if (str_eq(i->ast->pairs.at[k].name, name))
            return true;
    return false;
}

/* An ARG before the first FROM is seen by FROMs, and by stages that declare it again (Dockerfile
 * reference, "Understand how ARG and FROM interact"). */
static bool is_used_elsewhere(struct compile *c, const struct instr *arg, const struct instr *from,
                              struct str name)
{
    struct str plain = str_concat(c->arena, LIT("$"), name);
    struct str braced = str_concat(c->arena, LIT("${"), name);
    for (const struct instr *i = c->file->first; i; i = i->next) {
        bool names =
            str_search(i->text, plain) < i->text.len || str_search(i->text, braced) < i->text.len;
        bool sees = i->ast->kind == DF_FROM || !i->stage;
        if (i != arg && i != from && (declares(i, name) || (sees && names)))
            return true;
    }
    return false;
}

/* The ARG before the first FROM that gives the variable its default, with the word that does it. */
static struct instr *argument(const struct compile *c, struct str name, const struct df_word **word)
{
    for (struct instr *i = c->file->first; i && !i->stage; i = i->next)
        for (size_t k = 0; i->ast->kind == DF_ARG && k < i->ast->pairs.n; k++)
            if (str_eq(i->ast->pairs.at[k].name, name) && i->ast->pairs.at[k].has_value) {
                *word = &i->ast->args.at[k];
                return i;
            }
    return NULL;
}

/* The part of the name that may be edited: in the FROM, or in the ARG that is the tag, or the whole
 * name. `tag` is what is written there of the tag. */
struct slot {
    struct instr *in;
    struct span at; /* in the instruction's bytes: the tag, or where one would stand */
    bool bare;      /* no tag is written: a colon is due */
};

static struct slot slot_in(struct instr *in, const struct df_word *word, size_t start,
                           struct str tag)
{
    struct span joined = {word->joined.start + (uint32_t)start, word->joined.end};
    joined.start = joined.end - (uint32_t)tag.len;
    return (struct slot){in, join_span(&in->ast->joined, joined), tag.len == 0};
}

static bool find_in_argument(struct compile *c, struct instr *from, struct slot *slot,
                             struct why *why)
{
    const struct df_word *word = &from->ast->args.at[0], *given = NULL;
    struct str name;
    struct span at;
    struct image_ref ref;
    if (!is_plain(from->ast, word) || !variable_in(word->text, &name, &at) ||
        at.end != word->text.len)
        return refuse(why, &rules[VARIABLE], from);
    struct str before = str_slice(word->text, 0, at.start);
    struct instr *arg = argument(c, name, &given);
    if (!arg || !is_plain(arg->ast, given) || (before.len && !str_ends(before, LIT(":"))))
        return refuse(why, &rules[VARIABLE], from);
    if (is_used_elsewhere(c, arg, from, name))
        return refuse_for(why, &rules[SHARED_ARGUMENT], from, name);
    struct str value = str_slice(given->text, name.len + 1, given->text.len);
    struct str tag = value;
    if (!before.len) {
        if (!image_ref_read(value, &ref))
            return refuse(why, &rules[VARIABLE], from);
        tag = ref.tag;
    }
    *slot = slot_in(arg, given, name.len + 1, tag);
    return true;
}

static bool find_slot(struct compile *c, struct instr *from, const struct base *base,
                      struct slot *slot, struct why *why)
{
    const struct df_word *word = &from->ast->args.at[0];
    if (str_find(word->text, '$') < word->text.len)
        return find_in_argument(c, from, slot, why);
    if (!is_plain(from->ast, word) || !str_eq(word->text, from->stage->base.image))
        return refuse(why, &rules[VARIABLE], from);
    *slot = slot_in(from, word, 0, base->ref.tag);
    return true;
}

/* ---- what comes there ---- */

static const struct lock *lock_of(const struct options *opt, const struct base *base)
{
    for (size_t i = 0; opt->pin == PIN_DIGEST && i < opt->locks.n; i++)
        if (str_eq(opt->locks.at[i].image, base->ref.name) &&
            str_eq(opt->locks.at[i].tag, base->full))
            return &opt->locks.at[i];
    return NULL;
}

static struct str replacement(struct compile *c, const struct base *base, const struct slot *slot)
{
    const struct lock *lock = lock_of(c->opt, base);
    struct str digest = lock ? lock->digest : LIT("");
    return str_printf(c->arena, "%s%.*s%s%.*s", slot->bare ? ":" : "", STR(base->full),
                      lock ? "@" : "", STR(digest));
}

/* ---- the pass ---- */

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i && c->opt->pin != PIN_OFF; i = i->next) {
        if (i->ast->kind != DF_FROM ||
            (i->stage->base.kind != REF_IMAGE && i->stage->base.kind != REF_UNKNOWN))
            continue;
        *site = (struct site){.at = i, .with = i};
        return true;
    }
    return false;
}

static bool end_of_life(const struct base *base, const struct instr *from, struct why *why)
{
    const struct image_end *end = base_end(base);
    return end && !refuse_for(why, &rules[END_OF_LIFE], from, end->successor);
}

static bool read_base(struct compile *c, const struct instr *from, struct base *base,
                      struct why *why)
{
    struct str image = from->stage->base.image;
    if (str_find(image, '$') < image.len)
        return refuse(why, &rules[VARIABLE], from);
    if (!base_of_image(c, image, base) && !catalog_tags(c->catalog, base->ref.name))
        return refuse_for(why, &rules[UNKNOWN_IMAGE], from, image);
    struct str tag = base->ref.tag.len ? base->ref.tag : LIT("latest");
    if (!base->full.len)
        base->full = base_full_tag(c->catalog, base->ref.name, tag, NULL);
    if (!base->full.len)
        base->full = tag;
    if (base_has_tag(c->catalog, base->ref.name, tag) == NO && !base->ref.digest.len)
        return refuse_for(why, &rules[UNKNOWN_TAG], from, image);
    return true;
}

/* `latest` names nothing: where no other tag is known, there is nothing to say. */
static bool is_pinned(struct compile *c, const struct base *base)
{
    bool full =
        !base->ref.tag.len ? str_eq(base->full, LIT("latest")) : str_eq(base->ref.tag, base->full);
    return base->ref.digest.len || (full && !lock_of(c->opt, base));
}

/* When the tag had the digest, or was last listed: the month, or the catalog's date. */
static struct str as_of(struct compile *c, const struct base *base)
{
    const struct lock *lock = lock_of(c->opt, base);
    if (lock)
        return str_printf(c->arena, "as of %.*s", STR(lock->date));
    struct str month, tag = base->ref.tag.len ? base->ref.tag : LIT("latest");
    base_full_tag(c->catalog, base->ref.name, tag, &month);
    if (str_eq(month, LIT("now")))
        month = catalog_tags(c->catalog, base->ref.name)->date;
    return str_printf(c->arena, "as of %.*s", STR(month));
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct plan *plan = arena_alloc(c->arena, sizeof *plan);
    struct instr *from = site->at;
    struct base base;
    struct slot slot;
    if (!read_base(c, from, &base, why))
        return false;
    if (is_pinned(c, &base)) {
        if (c->opt->pin == PIN_DIGEST && !base.ref.digest.len)
            return refuse_for(why, &rules[NOT_LOCKED], from, from->stage->base.image);
        if (base.family)
            end_of_life(&base, from, why);
        return false;
    }
    if (!find_slot(c, from, &base, &slot, why))
        return false;
    *plan = (struct plan){slot.in, {slot.at, replacement(c, &base, &slot)}};
    site->plan = plan;
    site->detail = as_of(c, &base);
    if (base.family)
        end_of_life(&base, from, why);
    return true;
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    change_instr(c, plan->in, rw_spliced(c, plan->in, &plan->edit, 1));
    return rw_splice(c, plan->in, &plan->edit, 1);
}

const struct pass pass_pin_base = {
    .name = "pin-base",
    .summary = "base images get the full tag of what they are",
    .explain = explain,
    .level = 2,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .apply = apply,
};
