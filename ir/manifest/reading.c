#include "ir/manifest/reading.h"

/* ---- what is found ---- */

static void add_value(struct manifest_reading *r, struct manifest_value value)
{
    if (value.value.len)
        vec_add(r->arena, &r->out->values, value);
}

void reading_value(struct manifest_reading *r, struct str key, struct str value)
{
    add_value(r, (struct manifest_value){key, value, false});
}

void reading_value_of(struct manifest_reading *r, struct str prefix, struct str key,
                      struct str value)
{
    add_value(r, (struct manifest_value){str_concat(r->arena, prefix, key), value, false});
}

void reading_computed(struct manifest_reading *r, struct str key, struct str value)
{
    add_value(r, (struct manifest_value){key, value, true});
}

void reading_need(struct manifest_reading *r, struct str name, struct str version, struct str group)
{
    struct manifest_need need = {name, version, group, false};
    if (name.len)
        vec_add(r->arena, &r->out->needs, need);
}

/* PEP 508: letters, digits, `-`, `_`, `.`. */
static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/* PEP 503: lower case, runs of `-`, `_`, `.` are one `-`. */
static struct str normal_name(struct arena *a, struct str name)
{
    struct buf b = {.arena = a};
    name = str_lower(a, name);
    for (size_t i = 0; i < name.len; i++) {
        bool dash = name.at[i] == '-' || name.at[i] == '_' || name.at[i] == '.';
        if (!dash)
            buf_char(&b, name.at[i]);
        else if (b.len && b.at[b.len - 1] != '-')
            buf_char(&b, '-');
    }
    return buf_str(&b);
}

void reading_python_need(struct manifest_reading *r, struct str requirement, struct str group)
{
    size_t len = 0;
    while (len < requirement.len && is_name_char(requirement.at[len]))
        len++;
    struct str name = str_slice(requirement, 0, len);
    struct str rest = str_trim(str_slice(requirement, len, requirement.len));
    bool extras = str_starts(rest, LIT("["));
    if (extras)
        rest = str_trim(str_slice(rest, str_find(rest, ']') + 1, rest.len));
    struct str version = str_trim(str_slice(rest, 0, str_find(rest, ';')));
    bool marked = str_find(rest, ';') < rest.len;
    bool named = !version.len || strchr("=<>!~@(", version.at[0]);
    if (!name.len || !named) {
        r->out->more_needs = true;
        return;
    }
    uint32_t before = r->out->needs.n;
    reading_need(r, normal_name(r->arena, name), version,
                 marked && !group.len ? LIT("optional") : group);
    if (r->out->needs.n > before)
        vec_last(&r->out->needs)->extras = extras;
}

/* ---- texts ---- */

struct str reading_beside(const struct manifest_reading *r, struct str name)
{
    size_t len = r->path.len;
    while (len > 0 && r->path.at[len - 1] != '/')
        len--;
    return str_concat(r->arena, str_slice(r->path, 0, len), name);
}

bool reading_line(struct str *text, struct str *line)
{
    if (!text->len)
        return false;
    size_t end = str_find(*text, '\n');
    *line = str_slice(*text, 0, end);
    if (str_ends(*line, LIT("\r")))
        line->len--;
    *text = str_slice(*text, end + 1, text->len);
    return true;
}

bool reading_continued(struct manifest_reading *r, struct str *text, struct str *line)
{
    struct buf b = {.arena = r->arena};
    struct str part;
    bool more = reading_line(text, &part);
    if (!more)
        return false;
    while (more && str_ends(part, LIT("\\"))) {
        buf_add(&b, str_slice(part, 0, part.len - 1));
        more = reading_line(text, &part);
    }
    if (more)
        buf_add(&b, part);
    *line = buf_str(&b);
    return true;
}

bool reading_word(struct str *text, struct str *word)
{
    *text = str_trim_left(*text);
    if (!text->len)
        return false;
    char quote = text->at[0];
    if (quote == '"' || quote == '\'') {
        struct str rest = str_slice(*text, 1, text->len);
        *word = str_slice(rest, 0, str_find(rest, quote));
        *text = str_slice(rest, word->len + 1, rest.len);
        return true;
    }
    size_t end = 0;
    while (end < text->len && !char_is_space(text->at[end]))
        end++;
    *word = str_slice(*text, 0, end);
    *text = str_slice(*text, end, text->len);
    return true;
}

/* ---- trees ---- */

struct str reading_scalar(const struct yaml_node *map, struct str key)
{
    const struct yaml_node *n = map ? yaml_get(map, key) : NULL;
    return n && n->kind == YAML_SCALAR ? n->text : (struct str){0};
}

const struct yaml_node *reading_at(const struct yaml_node *map, struct str path)
{
    while (map && path.len) {
        size_t dot = str_find(path, '.');
        map = yaml_get(map, str_slice(path, 0, dot));
        path = str_slice(path, dot + 1, path.len);
    }
    return map;
}
