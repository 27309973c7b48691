#include "ir/base.h"

#include "ir/catalog/catalog.h"

/* ---- names of images ---- */

static size_t find_last(struct str s, char b)
{
    size_t at = s.len;
    while (at > 0 && s.at[at - 1] != b)
        at--;
    return at ? at - 1 : s.len;
}

static bool is_name_byte(char b)
{
    return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '.' || b == '_' || b == '-' ||
           b == '/' || b == ':';
}

static bool is_tag_byte(char b)
{
    return is_name_byte(b) || (b >= 'A' && b <= 'Z');
}

/* From the name to what stands before it. */
static void strip_prefix(struct image_ref *ref, struct str prefix)
{
    if (!str_starts(ref->name, prefix) || ref->name.len == prefix.len)
        return;
    const char *start = ref->prefix.len ? ref->prefix.at : ref->name.at;
    ref->prefix = (struct str){start, ref->prefix.len + prefix.len};
    ref->name = str_slice(ref->name, prefix.len, ref->name.len);
}

bool image_ref_read(struct str text, struct image_ref *out)
{
    *out = (struct image_ref){0};
    size_t at = str_find(text, '@');
    out->digest = str_slice(text, at + 1, text.len);
    struct str named = str_slice(text, 0, at);
    size_t colon = find_last(named, ':'), slash = find_last(named, '/');
    bool tagged = colon < named.len && (slash == named.len || colon > slash);
    out->name = tagged ? str_slice(named, 0, colon) : named;
    out->tag = tagged ? str_slice(named, colon + 1, named.len) : (struct str){0};
    const struct str prefixes[] = {LIT("index.docker.io/"), LIT("docker.io/"), LIT("library/")};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        strip_prefix(out, prefixes[i]);
    for (size_t i = 0; i < out->name.len; i++)
        if (!is_name_byte(out->name.at[i]))
            return false;
    for (size_t i = 0; i < out->tag.len; i++)
        if (!is_tag_byte(out->tag.at[i]))
            return false;
    return out->name.len > 0 && (!tagged || out->tag.len > 0);
}

/* ---- words of tags ---- */

static bool is_digit(char b)
{
    return b >= '0' && b <= '9';
}

/* Of jammy-20260810: the day on which the image was made. */
static bool is_date(struct str word)
{
    size_t digits = 0;
    while (digits < word.len && is_digit(word.at[digits]))
        digits++;
    return digits == 8;
}

static struct str version_in(struct str tag)
{
    struct str word;
    while (str_next(&tag, '-', &word))
        if (word.len && is_digit(word.at[0]) && !is_date(word))
            return word;
    return (struct str){0};
}

/* alpine, alpine3.20, bookworm. */
static bool is_suite(const struct catalog *c, struct str word)
{
    return str_starts(word, LIT("alpine")) || catalog_suite(c, word);
}

static struct str suite_in(const struct catalog *c, struct str tag)
{
    struct str word;
    while (str_next(&tag, '-', &word))
        if (is_suite(c, word))
            return word;
    return (struct str){0};
}

/* `alpine3.20` has the word `alpine`. */
static bool has_word(struct str tag, struct str wanted)
{
    struct str word;
    while (str_next(&tag, '-', &word))
        if (str_eq(word, wanted) ||
            (str_eq(wanted, LIT("alpine")) && str_starts(word, LIT("alpine"))))
            return true;
    return false;
}

static bool has_words(struct str tag, const struct image_variant *v)
{
    for (size_t i = 0; i < v->n_words; i++)
        if (!has_word(tag, v->words[i]))
            return false;
    return true;
}

static const struct image_variant *variant_of(const struct image_family *family, struct str tag)
{
    for (size_t i = 0; i < family->n_variants; i++)
        if (has_words(tag, &family->variants[i]))
            return &family->variants[i];
    return NULL;
}

/* ---- the table of tags ---- */

static struct str line_at(struct str lines, size_t at)
{
    size_t start = at;
    while (start > 0 && lines.at[start - 1] != '\n')
        start--;
    struct str rest = str_slice(lines, start, lines.len);
    return str_slice(rest, 0, str_find(rest, '\n'));
}

/* The line of the tag, found by halving; empty when there is none. */
static struct str line_of(struct str lines, struct str tag)
{
    size_t low = 0, high = lines.len;
    while (low < high) {
        struct str line = line_at(lines, low + (high - low) / 2);
        size_t start = (size_t)(line.at - lines.at);
        int order = str_cmp(tag, str_slice(line, 0, str_find(line, ' ')));
        if (order == 0)
            return line;
        if (order < 0)
            high = start;
        else
            low = start + line.len + 1;
    }
    return (struct str){0};
}

enum tri base_has_tag(const struct catalog *c, struct str name, struct str tag)
{
    const struct image_tags *t = catalog_tags(c, name);
    if (!t)
        return MAYBE;
    return line_of(t->tags, tag).len ? YES : NO;
}

struct str base_full_tag(const struct catalog *c, struct str name, struct str tag,
                         struct str *month)
{
    const struct image_tags *t = catalog_tags(c, name);
    struct str line = t ? line_of(t->tags, tag) : (struct str){0};
    struct str rest = str_slice(line, str_find(line, ' ') + 1, line.len);
    size_t blank = str_find(rest, ' ');
    struct str full = str_slice(rest, 0, blank);
    if (month)
        *month = str_slice(rest, blank + 1, rest.len);
    return str_eq(full, LIT("-")) ? (struct str){0} : full;
}

/* ---- images ---- */

/* `12.15` of debian is bookworm. */
static struct str suite_of(const struct catalog *c, const struct base *b)
{
    struct str suite = suite_in(c, b->full);
    if (!suite.len)
        suite = suite_in(c, b->ref.tag);
    if (suite.len)
        return suite;
    const struct suite *row = catalog_suite_of(c, b->ref.name, b->version);
    return row ? row->name : (struct str){0};
}

bool base_of_image(struct compile *c, struct str image, struct base *out)
{
    *out = (struct base){0};
    if (!image_ref_read(image, &out->ref))
        return false;
    const struct tree_list *mirrors = catalog_trees(c->catalog, LIT("mirrors"));
    for (size_t i = 0; mirrors && i < mirrors->n_paths; i++)
        strip_prefix(&out->ref, mirrors->paths[i]);
    out->family = catalog_image(c->catalog, out->ref.name);
    if (!out->family)
        return false;
    struct str tag = out->ref.tag.len ? out->ref.tag : LIT("latest");
    out->full = base_full_tag(c->catalog, out->ref.name, tag, NULL);
    if (!out->full.len)
        out->full = tag;
    out->version = version_in(out->full);
    if (!out->version.len)
        out->version = version_in(tag);
    out->suite = suite_of(c->catalog, out);
    out->variant = variant_of(out->family, out->full);
    return true;
}

/* Stages are FROM earlier ones, so that this ends. */
bool base_of_stage(struct compile *c, const struct stage *stage, struct base *out)
{
    while (stage->base.kind == REF_STAGE)
        stage = stage->base.stage;
    return stage->base.kind != REF_SCRATCH && base_of_image(c, stage->base.image, out);
}

/* ---- the slim image beside it ---- */

static struct str with_tag(struct arena *a, const struct base *b, struct str tag)
{
    return str_printf(a, "%.*s:%.*s", STR(b->ref.name), STR(tag));
}

bool base_is_slim(const struct base *b)
{
    return has_word(b->full, LIT("slim"));
}

/* The same version, suite and words, and `slim`. */
static bool is_slim_of(struct compile *c, const struct base *b, struct str tag)
{
    struct base slim;
    return base_has_tag(c->catalog, b->ref.name, tag) == YES &&
           base_of_image(c, with_tag(c->arena, b, tag), &slim) && slim.suite.len &&
           str_eq(slim.suite, b->suite) && str_eq(slim.version, b->version) && slim.variant &&
           slim.variant != b->variant && base_is_slim(&slim);
}

/* Where the family puts the word is seen from which of the two tags there is: behind the version,
 * or behind all. */
static bool slim_tag(struct compile *c, const struct base *b, struct str tag, struct str *out)
{
    size_t dash = str_find(tag, '-');
    struct str rest = str_slice(tag, dash, tag.len);
    struct str behind = str_printf(c->arena, "%.*s-slim", STR(tag));
    struct str inside =
        str_printf(c->arena, "%.*s-slim%.*s", STR(str_slice(tag, 0, dash)), STR(rest));
    struct str before = str_printf(c->arena, "slim-%.*s", STR(tag));
    const struct str tries[] = {behind, inside, before};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        *out = tries[i];
        if (is_slim_of(c, b, tries[i]))
            return true;
    }
    return false;
}

bool base_slim(struct compile *c, const struct base *b, struct str *image)
{
    struct str tag = LIT("slim");
    if (b->ref.digest.len || !b->suite.len || base_is_slim(b))
        return false;
    bool floating = !b->ref.tag.len || str_eq(b->ref.tag, LIT("latest"));
    bool found = floating ? is_slim_of(c, b, tag) : slim_tag(c, b, b->ref.tag, &tag);
    if (!found && !slim_tag(c, b, b->full, &tag))
        return false;
    *image = str_printf(c->arena, "%.*s%.*s:%.*s", STR(b->ref.prefix), STR(b->ref.name), STR(tag));
    return true;
}

/* ---- what it is built on ---- */

static struct str replaced(struct arena *a, struct str text, struct str mark, struct str by)
{
    size_t at = str_search(text, mark);
    if (at >= text.len)
        return text;
    return str_printf(a, "%.*s%.*s%.*s", STR(str_slice(text, 0, at)), STR(by),
                      STR(str_slice(text, at + mark.len, text.len)));
}

/* 21 of 3.9-name-21-noble, of 8.7.0-jdk21: of the last word that ends in a number and is no version
 * or date. */
static struct str number_in(struct str tag)
{
    struct str word, found = {0};
    while (str_next(&tag, '-', &word)) {
        size_t start = word.len;
        while (start && is_digit(word.at[start - 1]))
            start--;
        if (start < word.len && str_find(word, '.') == word.len && !is_date(word))
            found = str_slice(word, start, word.len);
    }
    return found;
}

struct str base_release(const struct base *b)
{
    struct str suite = b->suite, name = LIT("alpine");
    return str_starts(suite, name) ? str_slice(suite, name.len, suite.len) : suite;
}

bool base_below(struct compile *c, const struct base *b, struct base *out)
{
    struct str on = b->variant ? b->variant->on : (struct str){0};
    if (!on.len || (!b->suite.len && str_search(on, LIT("{suite}")) < on.len))
        return false;
    on = replaced(c->arena, on, LIT("{suite}"), base_release(b));
    on = replaced(c->arena, on, LIT("{number}"), number_in(b->full));
    return base_of_image(c, replaced(c->arena, on, LIT("{version}"), b->version), out);
}

/* No image stands on more. */
enum { MOST_BELOW = 10 };

bool base_distribution(struct compile *c, const struct base *base, struct base *out)
{
    struct base under;
    *out = *base;
    for (int i = 0; i < MOST_BELOW && base_below(c, out, &under); i++)
        *out = under;
    return out->variant && !out->variant->on.len && out->variant->manager.len;
}

bool base_packages(struct compile *c, const struct base *base, struct strs *out)
{
    struct base at = *base, under;
    for (int i = 0; i < MOST_BELOW && at.variant; i++) {
        for (size_t k = 0; k < at.variant->n_packages; k++)
            vec_add(c->arena, out, at.variant->packages[k]);
        if (!at.variant->on.len)
            return at.variant->manager.len > 0;
        if (!base_below(c, &at, &under))
            return false;
        at = under;
    }
    return false;
}

const struct image_end *base_end(const struct base *b)
{
    struct str tag = b->ref.tag.len ? b->ref.tag : LIT("latest");
    for (size_t i = 0; i < b->family->n_ends; i++) {
        const struct image_end *end = &b->family->ends[i];
        for (size_t k = 0; k < end->n_versions; k++)
            if (str_matches(end->versions[k], tag) || str_matches(end->versions[k], b->version) ||
                str_matches(end->versions[k], b->full))
                return end;
    }
    return NULL;
}
