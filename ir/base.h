/* The image that a stage stands on, as far as its name tells.
 *
 * A tag is words with `-` between them: a version, a suite (bookworm, alpine3.20), and words of the
 * variant (slim, jre), in an order of the family's own. What a floating tag stands for is what the
 * catalog's tables said at their date. */
#ifndef IR_BASE_H
#define IR_BASE_H

#include "ir/catalog/images.h"
#include "ir/ir.h"

/* registry/name:tag@digest. The name is without `docker.io/library/`; all borrow from the text. */
struct image_ref {
    struct str prefix; /* `docker.io/library/`, or a mirror's, as written; may be empty */
    struct str name, tag, digest; /* tag, digest: empty when there is none */
};

/* Reads an image's name as registries do. False when it is none. */
bool image_ref_read(struct str text, struct image_ref *out);

struct base {
    struct image_ref ref;
    const struct image_family *family;
    const struct image_variant *variant;
    struct str
        full; /* the most specific tag of the same image; the tag itself when none is known */
    struct str version; /* of `full`: 3.11.9; empty when it names none */
    struct str suite;   /* bookworm, alpine3.20; empty when it cannot be told */
};

/* What is known of an image, also of one on a mirror of the official images (the catalog's list
 * `mirrors`). False when its family is not in the catalog. */
bool base_of_image(struct compile *c, struct str image, struct base *out);

/* Of the image that the stage stands on, through the stages that it is FROM; an ARG's default
 * counts as known. False also for scratch. */
bool base_of_stage(struct compile *c, const struct stage *stage, struct base *out);

/* Whether the family has or had this tag; MAYBE when its tags are not known. */
enum tri base_has_tag(const struct catalog *c, struct str name, struct str tag);

/* The most specific tag of the image that `tag` stood for when it was last listed; empty when that
 * is `tag` itself, or not known. `month` is when that was: yyyy-mm, or "now" (the catalog's date);
 * may be NULL. */
struct str base_full_tag(const struct catalog *c, struct str name, struct str tag,
                         struct str *month);

/* The suite as tags of the distribution itself name it: 3.20 of alpine3.20, none of
 * alpine. */
struct str base_release(const struct base *base);

/* Its tag has the word `slim`, by which families name the image with less in it. */
bool base_is_slim(const struct base *base);

/* The image of the same family, version and suite whose tag has the word `slim` beside those that
 * it has. False when there is none. */
bool base_slim(struct compile *c, const struct base *base, struct str *image);

/* The image that it is built on. False when that is not known, or it is built on none. */
bool base_below(struct compile *c, const struct base *base, struct base *out);

/* The packages of the distribution that were installed into it, through all that it is built on, on
 * top of the distribution's own image. False when that is not known to the end. */
bool base_packages(struct compile *c, const struct base *base, struct strs *out);

/* The distribution's image at the bottom: its family is debian, ubuntu, alpine.. False when not
 * known. */
bool base_distribution(struct compile *c, const struct base *base, struct base *out);

/* Why the image gets no more updates; NULL when it is not known that it does not. */
const struct image_end *base_end(const struct base *base);

#endif
