#include "ir/manifest/xml.h"

enum { MOST_DEPTH = 64 };

struct xml {
    struct arena *arena;
    struct str rest; /* what has not been read */
    unsigned depth;
};

static void skip(struct xml *x, size_t n)
{
    x->rest = str_slice(x->rest, n, x->rest.len);
}

static bool take(struct xml *x, struct str what)
{
    bool found = str_starts(x->rest, what);
    skip(x, found ? what.len : 0);
    return found;
}

/* Up to and with `end`; false when it does not come. */
static bool take_until(struct xml *x, struct str end, struct str *out)
{
    size_t at = str_search(x->rest, end);
    bool found = at < x->rest.len;
    *out = str_slice(x->rest, 0, at);
    skip(x, at + end.len);
    return found;
}

static bool read_name(struct xml *x, struct str *name)
{
    size_t len = 0;
    while (len < x->rest.len && !char_is_space(x->rest.at[len]) &&
           !strchr("=/><\"'&", x->rest.at[len]))
        len++;
    *name = str_slice(x->rest, 0, len);
    skip(x, len);
    size_t colon = str_find(*name, ':');
    if (colon < name->len)
        *name = str_slice(*name, colon + 1, name->len);
    return name->len > 0;
}

/* ---- text ---- */

static const struct {
    struct str name;
    char c;
} entities[] = {
    {{"amp", 3}, '&'}, {{"lt", 2}, '<'}, {{"gt", 2}, '>'}, {{"quot", 4}, '"'}, {{"apos", 4}, '\''}};

/* False for one that is not among the five: it stays as it is written. */
static bool entity(struct str name, char *c)
{
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        *c = entities[i].c;
        if (str_eq(name, entities[i].name))
            return true;
    }
    return false;
}

static void add_text(struct buf *b, struct str text)
{
    while (text.len) {
        size_t at = str_find(text, '&'), end = str_find(text, ';');
        char c;
        buf_add(b, str_slice(text, 0, at));
        if (at < end && end < text.len && entity(str_slice(text, at + 1, end), &c)) {
            buf_char(b, c);
            text = str_slice(text, end + 1, text.len);
        } else {
            buf_add(b, str_slice(text, at, at + 1));
            text = str_slice(text, at + 1, text.len);
        }
    }
}

/* ---- elements ---- */

static struct yaml_node *new_node(struct xml *x, struct str key)
{
    struct yaml_node *n = arena_alloc(x->arena, sizeof *n);
    n->key = key;
    return n;
}

static void add_child(struct xml *x, struct yaml_node *n, struct yaml_node *child)
{
    n->kind = YAML_MAP;
    vec_add(x->arena, &n->items, child);
}

/* name="value" */
static bool read_attribute(struct xml *x, struct yaml_node *n)
{
    struct str name, value;
    struct buf b = {.arena = x->arena};
    if (!read_name(x, &name))
        return false;
    x->rest = str_trim_left(x->rest);
    if (!take(x, LIT("=")))
        return false;
    x->rest = str_trim_left(x->rest);
    struct str quote = str_slice(x->rest, 0, 1);
    if (!take(x, LIT("\"")) && !take(x, LIT("'")))
        return false;
    if (!take_until(x, quote, &value))
        return false;
    struct yaml_node *attribute = new_node(x, str_concat(x->arena, LIT("@"), name));
    add_text(&b, value);
    attribute->text = buf_str(&b);
    add_child(x, n, attribute);
    return true;
}

/* A comment or a processing instruction. */
static bool skip_aside(struct xml *x, bool *found)
{
    struct str ignored;
    bool comment = take(x, LIT("<!--")), instruction = !comment && take(x, LIT("<?"));
    *found = comment || instruction;
    return !*found || take_until(x, comment ? LIT("-->") : LIT("?>"), &ignored);
}

static bool read_element(struct xml *x, struct yaml_node *into);

/* What is between an element's tags, up to the closing one. */
static bool read_content(struct xml *x, struct yaml_node *n)
{
    struct buf text = {.arena = x->arena};
    struct str part;
    while (!take(x, LIT("</"))) {
        bool aside = false;
        if (!x->rest.len || !skip_aside(x, &aside))
            return false;
        if (aside)
            continue;
        if (take(x, LIT("<![CDATA["))) {
            if (!take_until(x, LIT("]]>"), &part))
                return false;
            buf_add(&text, part);
        } else if (str_starts(x->rest, LIT("<"))) {
            if (!read_element(x, n))
                return false;
        } else {
            part = str_slice(x->rest, 0, str_find(x->rest, '<'));
            add_text(&text, part);
            skip(x, part.len);
        }
    }
    n->text = str_trim(buf_str(&text));
    return read_name(x, &part) && str_eq(part, n->key) && take_until(x, LIT(">"), &part);
}

static bool read_element(struct xml *x, struct yaml_node *into)
{
    struct str name;
    skip(x, 1);
    if (!read_name(x, &name) || ++x->depth > MOST_DEPTH)
        return false;
    struct yaml_node *n = new_node(x, name);
    add_child(x, into, n);
    for (x->rest = str_trim_left(x->rest); !take(x, LIT("/>")); x->rest = str_trim_left(x->rest)) {
        if (take(x, LIT(">"))) {
            bool ok = read_content(x, n);
            x->depth--;
            return ok;
        }
        if (!read_attribute(x, n))
            return false;
    }
    x->depth--;
    return true;
}

struct yaml_node *xml_read(struct arena *a, struct str text)
{
    struct xml x = {.arena = a, .rest = text};
    struct yaml_node *root = new_node(&x, (struct str){0});
    bool aside = true;
    while (aside) {
        x.rest = str_trim_left(x.rest);
        if (!skip_aside(&x, &aside))
            return NULL;
    }
    bool starts = str_starts(x.rest, LIT("<")) && !str_starts(x.rest, LIT("<!"));
    return starts && read_element(&x, root) ? root : NULL;
}
