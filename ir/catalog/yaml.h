/* YAML, guarded: bytes → a tree of maps, lists and scalars with their lines.
 *
 * Built on libyaml's events, and the only module that knows libyaml. What configuration does not
 * need is refused: aliases, anchors, tags, a second document, duplicate keys, keys that are no
 * scalars, and whatever is too deep or too large. Nothing is resolved: a scalar is its text, and
 * whoever reads it says what it means. */
#ifndef IR_CATALOG_YAML_H
#define IR_CATALOG_YAML_H

#include "grammar/base/str.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node;

struct yaml_nodes VEC_OF(struct yaml_node *);

struct yaml_node {
    enum yaml_kind kind;
    uint32_t line, column;   /* from 1; of a map's child: where its key stands */
    struct str key;          /* child of a map: its key; else empty */
    struct str text;         /* SCALAR */
    bool plain;              /* SCALAR: without quotes, so that `~` and `null` mean nothing */
    struct yaml_nodes items; /* LIST, MAP: in order */
};

struct yaml_error {
    uint32_t line, column; /* from 1 */
    struct str message;
};

enum { YAML_MAX_BYTES = 8 << 20, YAML_MAX_NODES = 500000, YAML_MAX_DEPTH = 8 };

/* Reads one document. An empty one gives an empty map. NULL when it is refused: then `error` says
 * why. All memory is the arena's; keys and texts are copies of it. */
struct yaml_node *yaml_read(struct arena *a, struct str text, struct yaml_error *error);

/* The child of a map under `key`; NULL when there is none or `map` is no map. */
const struct yaml_node *yaml_get(const struct yaml_node *map, struct str key);

/* The scalar as a truth value (true, false, yes, no, on, off) or a number from 0 to `max`; false
 * when it is not one. */
bool yaml_bool(const struct yaml_node *n, bool *out);
bool yaml_number(const struct yaml_node *n, uint32_t max, uint32_t *out);

#endif
