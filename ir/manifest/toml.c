#include "ir/manifest/toml.h"

#include "grammar/utf8.h"

enum { MOST_DEPTH = 24, MOST_NODES = 20000 };

struct toml {
    struct arena *arena;
    struct str rest; /* what has not been read */
    unsigned depth;
    unsigned nodes;
};

static bool next_is(const struct toml *t, char c)
{
    return t->rest.len && t->rest.at[0] == c;
}

static void skip(struct toml *t, size_t n)
{
    t->rest = str_slice(t->rest, n, t->rest.len);
}

static bool take(struct toml *t, char c)
{
    bool found = next_is(t, c);
    skip(t, found);
    return found;
}

static void skip_blanks(struct toml *t)
{
    while (next_is(t, ' ') || next_is(t, '\t') || next_is(t, '\r'))
        skip(t, 1);
}

/* Blanks, line ends and comments. */
static void skip_space(struct toml *t)
{
    skip_blanks(t);
    while (next_is(t, '\n') || next_is(t, '#')) {
        skip(t, next_is(t, '#') ? str_find(t->rest, '\n') : 1);
        skip_blanks(t);
    }
}

/* ---- nodes ---- */

static struct yaml_node *new_node(struct toml *t, enum yaml_kind kind, struct str key)
{
    struct yaml_node *n = arena_alloc(t->arena, sizeof *n);
    n->kind = kind;
    n->key = key;
    t->nodes++;
    return n;
}

static struct yaml_node *child(const struct yaml_node *map, struct str key)
{
    for (size_t i = 0; i < map->items.n; i++)
        if (str_eq(map->items.at[i]->key, key))
            return map->items.at[i];
    return NULL;
}

/* The table under `key`; of an array of tables the last one; a new one when there is none. NULL
 * when something else is there. */
static struct yaml_node *table_in(struct toml *t, struct yaml_node *map, struct str key)
{
    struct yaml_node *n = child(map, key);
    if (!n) {
        n = new_node(t, YAML_MAP, key);
        vec_add(t->arena, &map->items, n);
    }
    if (n->kind == YAML_LIST)
        n = n->items.n ? *vec_last(&n->items) : NULL;
    return n && n->kind == YAML_MAP ? n : NULL;
}

/* A new table at the end of the array under `key`. */
static struct yaml_node *table_behind(struct toml *t, struct yaml_node *map, struct str key)
{
    struct yaml_node *list = child(map, key);
    struct yaml_node *table = new_node(t, YAML_MAP, (struct str){0});
    if (!list) {
        list = new_node(t, YAML_LIST, key);
        vec_add(t->arena, &map->items, list);
    }
    if (list->kind != YAML_LIST)
        return NULL;
    vec_add(t->arena, &list->items, table);
    return table;
}

/* ---- strings ---- */

static bool read_code(struct toml *t, size_t digits, struct buf *out)
{
    uint32_t rune = 0;
    for (size_t i = 0; i < digits; i++) {
        const char *hex = "0123456789abcdef0123456789ABCDEF";
        const char *at = t->rest.len ? strchr(hex, t->rest.at[0]) : NULL;
        if (!at || !*at)
            return false;
        rune = rune * 16 + (uint32_t)(at - hex) % 16;
        skip(t, 1);
    }
    utf8_add(out, rune);
    return true;
}

/* Behind a backslash. At a line's end it takes the white space that follows. */
static bool read_escape(struct toml *t, struct buf *out)
{
    static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
    char c = t->rest.len ? t->rest.at[0] : '\0';
    const char *at = c ? strchr(from, c) : NULL;
    if (char_is_space(c)) {
        t->rest = str_trim_left(t->rest);
        return true;
    }
    skip(t, 1);
    if (c == 'u' || c == 'U')
        return read_code(t, c == 'u' ? 4 : 8, out);
    if (at)
        buf_char(out, to[at - from]);
    return at != NULL;
}

/* Up to `end`, which is one quote or three. */
static bool read_string(struct toml *t, struct str end, struct str *out)
{
    struct buf b = {.arena = t->arena};
    bool escapes = end.at[0] == '"', many = end.len == 3;
    while (!str_starts(t->rest, end)) {
        if (!t->rest.len || (!many && next_is(t, '\n')))
            return false;
        if (escapes && take(t, '\\')) {
            if (!read_escape(t, &b))
                return false;
        } else {
            buf_char(&b, t->rest.at[0]);
            skip(t, 1);
        }
    }
    skip(t, end.len);
    *out = buf_str(&b);
    return true;
}

static bool at_string(const struct toml *t)
{
    return next_is(t, '"') || next_is(t, '\'');
}

static bool read_quoted(struct toml *t, struct str *out)
{
    static const struct str ends[] = {{"\"\"\"", 3}, {"'''", 3}, {"\"", 1}, {"'", 1}};
    size_t i = 0;
    while (!str_starts(t->rest, ends[i]))
        i++;
    skip(t, ends[i].len);
    if (ends[i].len == 3) {
        take(t, '\r');
        take(t, '\n');
    }
    return read_string(t, ends[i], out);
}

/* ---- keys and values ---- */

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static bool read_key(struct toml *t, struct str *key)
{
    skip_blanks(t);
    if (at_string(t))
        return read_quoted(t, key);
    size_t len = 0;
    while (len < t->rest.len && is_bare(t->rest.at[len]))
        len++;
    *key = str_slice(t->rest, 0, len);
    skip(t, len);
    return len > 0;
}

/* a.b.c: the tables on the way, and the last key. */
static struct yaml_node *read_path(struct toml *t, struct yaml_node *table, struct str *key)
{
    if (!read_key(t, key))
        return NULL;
    for (skip_blanks(t); table && take(t, '.'); skip_blanks(t)) {
        table = table_in(t, table, *key);
        if (!read_key(t, key))
            return NULL;
    }
    return table;
}

static struct yaml_node *read_value(struct toml *t, struct str key);

static bool read_pair(struct toml *t, struct yaml_node *table)
{
    struct str key;
    table = read_path(t, table, &key);
    if (!table || !take(t, '='))
        return false;
    skip_blanks(t);
    struct yaml_node *value = read_value(t, key);
    if (!value || child(table, key))
        return false;
    vec_add(t->arena, &table->items, value);
    return true;
}

/* Behind `[` or `{`; items are values or pairs. */
static bool read_items(struct toml *t, struct yaml_node *into, char end)
{
    for (skip_space(t); !take(t, end); skip_space(t)) {
        struct yaml_node *item = NULL;
        if (into->kind == YAML_LIST && (item = read_value(t, (struct str){0})))
            vec_add(t->arena, &into->items, item);
        if (into->kind == YAML_MAP ? !read_pair(t, into) : !item)
            return false;
        skip_space(t);
        if (!take(t, ',') && !next_is(t, end))
            return false;
    }
    return true;
}

/* true, 42, 1979-05-27 */
static bool read_bare(struct toml *t, struct str *out)
{
    size_t len = 0;
    while (len < t->rest.len && !strchr(",]}#\n", t->rest.at[len]))
        len++;
    *out = str_trim_right(str_slice(t->rest, 0, len));
    skip(t, len);
    return out->len > 0;
}

static struct yaml_node *read_value(struct toml *t, struct str key)
{
    bool list = next_is(t, '['), map = next_is(t, '{'), ok;
    struct yaml_node *n = new_node(t, list ? YAML_LIST : map ? YAML_MAP : YAML_SCALAR, key);
    if (++t->depth > MOST_DEPTH || t->nodes > MOST_NODES)
        return NULL;
    n->plain = !list && !map && !at_string(t);
    if (list || map) {
        skip(t, 1);
        ok = read_items(t, n, list ? ']' : '}');
    } else {
        ok = n->plain ? read_bare(t, &n->text) : read_quoted(t, &n->text);
    }
    t->depth--;
    return ok ? n : NULL;
}

/* ---- lines ---- */

/* [a.b] or [[a.b]]: the table that follows. */
static struct yaml_node *read_header(struct toml *t, struct yaml_node *root)
{
    struct str key;
    skip(t, 1);
    bool array = take(t, '[');
    struct yaml_node *table = read_path(t, root, &key);
    if (table)
        table = array ? table_behind(t, table, key) : table_in(t, table, key);
    if (!take(t, ']') || (array && !take(t, ']')))
        return NULL;
    return table;
}

struct yaml_node *toml_read(struct arena *a, struct str text)
{
    struct toml t = {.arena = a, .rest = text};
    struct yaml_node *root = new_node(&t, YAML_MAP, (struct str){0}), *table = root;
    for (skip_space(&t); t.rest.len; skip_space(&t)) {
        if (next_is(&t, '['))
            table = read_header(&t, root);
        else if (!read_pair(&t, table))
            return NULL;
        skip_blanks(&t);
        if (!table || t.nodes > MOST_NODES ||
            (t.rest.len && !next_is(&t, '\n') && !next_is(&t, '#')))
            return NULL;
    }
    return root;
}
