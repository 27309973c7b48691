#include "ir/headers.h"

#include "ir/catalog/catalog.h"
#include "ir/catalog/packages.h"
#include "ir/sources.h"

struct strs headers_among(struct compile *c, const struct strs *names)
{
    struct strs found = {0};
    struct packages all = packages_closure(c->catalog, c->arena, names, RECOMMENDS_NONE, NULL);
    for (size_t i = 0; i < names->n; i++)
        if (catalog_headers(c->catalog, names->at[i]))
            vec_add(c->arena, &found, names->at[i]);
    for (size_t i = 0; i < all.names.n; i++)
        if (catalog_headers(c->catalog, all.names.at[i]) && !strs_have(&found, all.names.at[i]))
            vec_add(c->arena, &found, all.names.at[i]);
    return found;
}

struct str headers_linked(struct compile *c, const struct strs *headers, struct str name)
{
    for (size_t i = 0; i < headers->n; i++) {
        const struct header_package *row = catalog_headers(c->catalog, headers->at[i]);
        if (row && str_is_one_of(name, row->links, row->n_links))
            return headers->at[i];
    }
    return (struct str){0};
}

/* ---- what is looked for ---- */

struct search {
    struct compile *c;
    const struct source_language *language;
    struct map
        includes; /* as #include names them, `DIRECTORY/` for all below → the package's name */
    struct map names; /* in lower case, without lib */
    struct strs *used;
};

static struct str bare(struct str name)
{
    return str_slice(name, str_starts(name, LIT("lib")) ? 3 : 0, name.len);
}

static void expect(struct map *where, struct str text, struct str *package)
{
    if (text.len && !map_get(where, text))
        map_put(where, text, package);
}

static void expect_package(struct search *s, struct str *package)
{
    const struct header_package *row = catalog_headers(s->c->catalog, *package);
    for (size_t i = 0; row && i < row->n_includes; i++)
        expect(&s->includes, row->includes[i], package);
    for (size_t i = 0; row && i < row->n_links; i++)
        expect(&s->names, bare(str_lower(s->c->arena, row->links[i])), package);
    for (size_t i = 0; row && i < row->n_modules; i++)
        expect(&s->names, bare(row->modules[i]), package);
}

static void meet(struct search *s, const struct map *where, struct str text)
{
    const struct str *package = map_get(where, text);
    if (package && !strs_have(s->used, *package))
        vec_add(s->c->arena, s->used, *package);
}

/* ---- files ---- */

/* The header in <> or quotes at the start of the text. */
static void read_include(struct search *s, struct str text)
{
    text = str_trim_left(str_slice(text, 0, str_find(text, '\n')));
    if (!text.len || (text.at[0] != '<' && text.at[0] != '"'))
        return;
    struct str name = str_slice(text, 1, text.len);
    name = str_slice(name, 0, str_find(name, text.at[0] == '<' ? '>' : '"'));
    meet(s, &s->includes, name);
    meet(s, &s->includes, str_slice(name, 0, str_find(name, '/') + 1));
}

static void read_source(struct search *s, struct str text)
{
    struct str word = s->language->include;
    for (size_t at = str_search(text, word); at < text.len; at = str_search(text, word)) {
        text = str_slice(text, at + word.len, text.len);
        read_include(s, text);
    }
}

static bool is_name_byte(char b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_' ||
           b == '.' || b == '+' || b == '-';
}

static void meet_name(struct search *s, struct str name)
{
    meet(s, &s->names, bare(name));
    for (size_t i = 0; i < s->language->n_name_ends; i++) {
        struct str end = s->language->name_ends[i];
        if (str_ends(name, end))
            meet(s, &s->names, bare(str_slice(name, 0, name.len - end.len)));
    }
}

/* -lcurl, libcurl, CURL::libcurl, [curl], "curl-sys". */
static void read_build_file(struct search *s, struct str text)
{
    size_t at = 0;
    text = str_lower(s->c->arena, text);
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && is_name_byte(text.at[end]))
            end++;
        struct str name = str_slice(text, at, end);
        meet_name(s, str_slice(name, str_starts(name, LIT("-l")) ? 2 : 0, name.len));
        at = end + (end == at);
    }
}

bool headers_used(struct compile *c, struct str language, const struct strs *headers,
                  struct strs *used)
{
    const struct source_language *l = catalog_source_language(c->catalog, language);
    struct search s = {.c = c,
                       .language = l,
                       .includes = {.arena = c->arena},
                       .names = {.arena = c->arena},
                       .used = used};
    struct source_texts sources = {0}, build = {0};
    if (l && !l->include.len && !l->n_build_files)
        return true;
    if (!l || !source_texts(c, language, false, &sources) ||
        !source_texts(c, language, true, &build))
        return false;
    for (size_t i = 0; i < headers->n; i++)
        expect_package(&s, &headers->at[i]);
    for (size_t i = 0; l->include.len && i < sources.n; i++)
        read_source(&s, sources.at[i].text);
    for (size_t i = 0; i < build.n; i++)
        read_build_file(&s, build.at[i].text);
    return true;
}
