#include "ir/manifest/manifest.h"

#include "ir/manifest/reading.h"

static const struct {
    enum manifest_kind kind;
    struct str files;
    bool (*read)(struct manifest_reading *r);
} formats[] = {
#define X(name, files) {MANIFEST_##name, {files, sizeof(files) - 1}, manifest_read_##name},
    MANIFEST_KINDS(X)
#undef X
};

/* One `*`, which stands for any characters. */
static bool matches(struct str pattern, struct str name)
{
    size_t star = str_find(pattern, '*');
    if (star == pattern.len)
        return str_eq(pattern, name);
    struct str rest = str_slice(pattern, star + 1, pattern.len);
    if (!str_starts(name, str_slice(pattern, 0, star)))
        return false;
    name = str_slice(name, star, name.len);
    size_t inner = str_find(rest, '*');
    if (inner == rest.len)
        return str_ends(name, rest);
    size_t at = str_search(name, str_slice(rest, 0, inner));
    return at < name.len &&
           str_ends(str_slice(name, at + inner, name.len), str_slice(rest, inner + 1, rest.len));
}

static bool is_file_of(struct str files, struct str path)
{
    struct str pattern;
    size_t base = path.len;
    while (base > 0 && path.at[base - 1] != '/')
        base--;
    while (reading_word(&files, &pattern)) {
        bool whole = str_find(pattern, '/') < pattern.len;
        if (matches(pattern, whole ? path : str_slice(path, base, path.len)))
            return true;
    }
    return false;
}

static struct manifest *read_manifest(struct compile *c, struct str path)
{
    struct manifest_reading r = {.c = c, .arena = c->arena, .path = path};
    size_t i = 0;
    while (i < MANIFEST_COUNT && !is_file_of(formats[i].files, path))
        i++;
    if (i == MANIFEST_COUNT || !context_text(c, path, &r.text))
        return NULL;
    if (str_starts(r.text, LIT("\xEF\xBB\xBF")))
        r.text = str_slice(r.text, 3, r.text.len);
    r.included = arena_alloc(c->arena, sizeof *r.included);
    vec_add(c->arena, r.included, path);
    r.out = arena_alloc(c->arena, sizeof *r.out);
    *r.out = (struct manifest){.kind = formats[i].kind, .path = path};
    return formats[i].read(&r) ? r.out : NULL;
}

const struct manifest *manifest_at(struct compile *c, struct str path)
{
    if (!c->context || !context_path(c->arena, path, &path) || !path.len)
        return NULL;
    const struct manifest *known = map_get(&c->manifests, path);
    if (known)
        return known;
    struct manifest *m = read_manifest(c, path);
    c->manifests.arena = c->arena;
    if (m)
        map_put(&c->manifests, path, m);
    return m;
}

bool manifest_value(const struct manifest *m, struct str key, struct str *value)
{
    for (size_t i = 0; i < m->values.n; i++) {
        if (m->values.at[i].computed || !str_eq(m->values.at[i].key, key))
            continue;
        *value = m->values.at[i].value;
        return true;
    }
    return false;
}
