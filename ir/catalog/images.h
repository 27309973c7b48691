/* Base images: families, what their tags mean, what is in them, and which tags there are. */
#ifndef IR_CATALOG_IMAGES_H
#define IR_CATALOG_IMAGES_H

#include "grammar/base/str.h"

struct catalog;

/* A release of a distribution, as tags name it. */
struct suite {
    struct str name;         /* bookworm */
    struct str distribution; /* debian: also the name of its family */
    struct str version, libc;
    struct str eol;       /* yyyy-mm-dd */
    struct str successor; /* empty: none is needed yet */
    struct str source, date;
};

/* The images of a family whose tags have these words. */
struct image_variant {
    const struct str *words;
    size_t n_words;
    struct str on; /* what it is built on; {suite} and {version} are the tag's, {number} that of its
                      last word with one (21 of jdk21); empty: nothing known */
    struct str libc;    /* "musl"; empty: what it is built on says */
    struct str manager; /* the same */
    bool no_docs;       /* packages come without documentation, manuals and translations */
    bool shell, bash;   /* of an image that is built on nothing */
    struct str workdir;
    const struct str *env; /* NAME=VALUE that it sets and files use: no versions */
    size_t n_env;
    const struct str *packages; /* what it has beyond what it is built on */
    size_t n_packages;
    const struct str *entrypoint, *cmd;
    size_t n_entrypoint, n_cmd;
    uint32_t mb; /* uncompressed, linux/amd64 */
};

/* Versions that get no more updates. */
struct image_end {
    const struct str *versions; /* patterns of tags, also of the most specific: `*`, `?` */
    size_t n_versions;
    struct str since, successor;
    struct str drop_in; /* the image that is made to take its place as it is: the same version,
                           release, paths and variables, and all of its packages; empty: none */
};

struct image_family {
    struct str name; /* without docker.io/library/ */
    const struct image_variant *variants;
    size_t n_variants;
    const struct image_end *ends;
    size_t n_ends;
    struct str source, date;
};

/* The tags that a family has had: lines of `tag most-specific-tag last-month`, sorted by tag. */
struct image_tags {
    struct str name, tags;
    struct str source, date;
};

const struct suite *catalog_suite(const struct catalog *c, struct str name);
const struct image_family *catalog_image(const struct catalog *c, struct str name);
const struct image_tags *catalog_tags(const struct catalog *c, struct str name);

/* The suite that is called so or has this version ("12", "12.15" of debian); NULL: none. */
const struct suite *catalog_suite_of(const struct catalog *c, struct str distribution,
                                     struct str version);

#endif
