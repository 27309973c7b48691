#include "ir/catalog/yaml.h"

#include "grammar/base/map.h"

#include <yaml.h>

/* One reading. It lives in yaml_read()'s frame, outside the function that calls setjmp(), so that
 * its contents are certain after a jump. */
struct reading {
    struct arena *arena;
    struct str text;
    struct yaml_error *error;
    yaml_parser_t parser;
    yaml_event_t event; /* the one in hand */
    bool holds_event;
    unsigned depth;
    size_t nodes;
};

static bool fail_at(struct reading *r, yaml_mark_t at, const char *why)
{
    r->error->line = (uint32_t)at.line + 1;
    r->error->column = (uint32_t)at.column + 1;
    r->error->message = str_from_c(why);
    return false;
}

/* libyaml's reader errors have no mark; the others name the place of the problem. */
static bool fail_as_parser(struct reading *r)
{
    const char *why = r->parser.problem ? r->parser.problem : "not YAML";
    return fail_at(r, r->parser.problem_mark, why);
}

/* The event in hand is kept in `r`, so that a jump loses none. */
static void drop_event(struct reading *r)
{
    if (r->holds_event)
        yaml_event_delete(&r->event);
    r->holds_event = false;
}

static bool next_event(struct reading *r)
{
    drop_event(r);
    r->holds_event = yaml_parser_parse(&r->parser, &r->event) != 0;
    return r->holds_event || fail_as_parser(r);
}

static bool has_extras(const yaml_event_t *e)
{
    switch ((int)e->type) {
    case YAML_SCALAR_EVENT:
        return e->data.scalar.anchor || e->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return e->data.sequence_start.anchor || e->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return e->data.mapping_start.anchor || e->data.mapping_start.tag;
    default:
        return e->type == YAML_ALIAS_EVENT;
    }
}

static struct yaml_node *new_node(struct reading *r, enum yaml_kind kind)
{
    struct yaml_node *n = arena_alloc(r->arena, sizeof *n);
    n->kind = kind;
    n->line = (uint32_t)r->event.start_mark.line + 1;
    n->column = (uint32_t)r->event.start_mark.column + 1;
    return n;
}

static struct yaml_node *scalar(struct reading *r)
{
    struct str text = {(const char *)r->event.data.scalar.value, r->event.data.scalar.length};
    struct yaml_node *n = new_node(r, YAML_SCALAR);
    n->text = str_dup(r->arena, text);
    n->plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return n;
}

static struct yaml_node *node(struct reading *r);

/* The node that the next event opens; NULL when it closes the collection (*end) or on error. */
static struct yaml_node *next_node(struct reading *r, yaml_event_type_t closing, bool *end)
{
    if (!next_event(r))
        return NULL;
    *end = r->event.type == closing;
    return *end ? NULL : node(r);
}

static bool read_list(struct reading *r, struct yaml_node *list)
{
    for (;;) {
        bool end = false;
        struct yaml_node *item = next_node(r, YAML_SEQUENCE_END_EVENT, &end);
        if (!item)
            return end;
        vec_add(r->arena, &list->items, item);
    }
}

static bool fail_at_node(struct reading *r, const struct yaml_node *n, const char *why)
{
    return fail_at(r, (yaml_mark_t){.line = n->line - 1, .column = n->column - 1}, why);
}

/* A value under its key: the key's place is the one to show. */
static bool add_entry(struct reading *r, struct yaml_node *map, const struct yaml_node *key)
{
    bool end = false;
    struct yaml_node *value = next_node(r, YAML_NO_EVENT, &end);
    if (!value)
        return false;
    value->key = key->text;
    value->line = key->line;
    value->column = key->column;
    vec_add(r->arena, &map->items, value);
    return true;
}

static bool read_map(struct reading *r, struct yaml_node *map)
{
    struct map keys = {.arena = r->arena};
    for (;;) {
        bool end = false;
        struct yaml_node *key = next_node(r, YAML_MAPPING_END_EVENT, &end);
        if (!key)
            return end;
        if (key->kind != YAML_SCALAR)
            return fail_at_node(r, key, "a key must be a scalar");
        if (map_get(&keys, key->text))
            return fail_at_node(r, key, "the key occurs twice");
        map_put(&keys, key->text, key);
        if (!add_entry(r, map, key))
            return false;
    }
}

static struct yaml_node *collection(struct reading *r)
{
    bool is_map = r->event.type == YAML_MAPPING_START_EVENT;
    if (r->depth == YAML_MAX_DEPTH)
        return fail_at(r, r->event.start_mark, "nested too deep"), NULL;
    struct yaml_node *n = new_node(r, is_map ? YAML_MAP : YAML_LIST);
    r->depth++;
    bool whole = is_map ? read_map(r, n) : read_list(r, n);
    r->depth--;
    return whole ? n : NULL;
}

/* The node that the event in hand opens. */
static struct yaml_node *node(struct reading *r)
{
    yaml_mark_t at = r->event.start_mark;
    if (has_extras(&r->event))
        return fail_at(r, at, "aliases, anchors and tags are not supported"), NULL;
    if (++r->nodes > YAML_MAX_NODES)
        return fail_at(r, at, "too many values"), NULL;
    if (r->event.type == YAML_SCALAR_EVENT)
        return scalar(r);
    if (r->event.type == YAML_MAPPING_START_EVENT || r->event.type == YAML_SEQUENCE_START_EVENT)
        return collection(r);
    return fail_at(r, at, "a value is missing"), NULL;
}

/* The end of the first document must be the end of the stream. */
static bool document_ends(struct reading *r)
{
    do {
        if (!next_event(r))
            return false;
        if (r->event.type == YAML_DOCUMENT_START_EVENT)
            return fail_at(r, r->event.start_mark, "a second document is not supported");
    } while (r->event.type != YAML_STREAM_END_EVENT);
    return true;
}

static struct yaml_node *document(struct reading *r)
{
    do {
        if (!next_event(r))
            return NULL;
    } while (r->event.type == YAML_STREAM_START_EVENT ||
             r->event.type == YAML_DOCUMENT_START_EVENT);
    if (r->event.type == YAML_STREAM_END_EVENT)
        return new_node(r, YAML_MAP);
    struct yaml_node *root = node(r);
    return root && document_ends(r) ? root : NULL;
}

static void close_reading(struct reading *r, struct boundary *outer)
{
    drop_event(r);
    yaml_parser_delete(&r->parser);
    arena_guard(r->arena, outer);
}

/* An arena that fails would jump over yaml_parser_delete(): a boundary of our own stands before
 * it. */
static struct yaml_node *guarded(struct reading *r)
{
    struct boundary here = {.why = NULL};
    struct boundary *outer = arena_guard(r->arena, &here);
    if (setjmp(here.at)) {
        close_reading(r, outer);
        arena_fail(r->arena, here.why);
    }
    struct yaml_node *root = document(r);
    close_reading(r, outer);
    return root;
}

struct yaml_node *yaml_read(struct arena *a, struct str text, struct yaml_error *error)
{
    struct reading r = {.arena = a, .text = text, .error = error};
    *error = (struct yaml_error){.line = 1, .column = 1};
    if (text.len > YAML_MAX_BYTES)
        return fail_at(&r, (yaml_mark_t){0}, "the file is too large"), NULL;
    if (!yaml_parser_initialize(&r.parser))
        arena_fail(a, "out of memory");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.at, text.len);
    return guarded(&r);
}

const struct yaml_node *yaml_get(const struct yaml_node *map, struct str key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->items.n; i++)
        if (str_eq(map->items.at[i]->key, key))
            return map->items.at[i];
    return NULL;
}

bool yaml_bool(const struct yaml_node *n, bool *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true},   {"yes", true}, {"on", true},
                 {"false", false}, {"no", false}, {"off", false}};
    if (!n || n->kind != YAML_SCALAR)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!str_eq(n->text, str_from_c(words[i].word)))
            continue;
        *out = words[i].value;
        return true;
    }
    return false;
}

bool yaml_number(const struct yaml_node *n, uint32_t max, uint32_t *out)
{
    if (!n || n->kind != YAML_SCALAR || n->text.len == 0 || n->text.len > 10)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < n->text.len; i++) {
        if (n->text.at[i] < '0' || n->text.at[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(n->text.at[i] - '0');
    }
    if (value > max)
        return false;
    *out = (uint32_t)value;
    return true;
}
