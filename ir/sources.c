#include "ir/sources.h"

#include "ir/catalog/catalog.h"
#include "ir/path.h"
#include "ir/catalog/packages.h"
#include "ir/context.h"
#include "ir/copy.h"
#include "ir/sources_scripts.h"
#include "ir/sources_words.h"

/* Of all sources of one language together; of more, nothing is known. */
enum { MOST_BYTES = 16 << 20, MOST_SCRIPT = 64 << 10 };

struct source_facts {
    bool whole; /* every source was read */
    long count;
    struct source_evidence signs[SOURCE_TRAITS]; /* with an empty mark: none was seen */
    struct map words;                            /* quoted first words → path of the file */
};

/* ---- signs ---- */

/* A mark that begins or ends like a name stands alone: `system(` is not in `filesystem(`. */
static bool stands_alone(struct str text, size_t at, struct str mark)
{
    size_t end = at + mark.len;
    bool joins_left =
        at > 0 && words_is_name_byte(mark.at[0]) && words_is_name_byte(text.at[at - 1]);
    bool joins_right = end < text.len && words_is_name_byte(mark.at[mark.len - 1]) &&
                       words_is_name_byte(text.at[end]);
    return !joins_left && !joins_right;
}

bool source_text_has(struct str text, struct str mark)
{
    size_t from = 0;
    while (mark.len && from < text.len) {
        struct str rest = str_slice(text, from, text.len);
        size_t at = from + str_search(rest, mark);
        if (at >= text.len)
            return false;
        if (stands_alone(text, at, mark))
            return true;
        from = at + 1;
    }
    return false;
}

struct marks {
    const struct str *at;
    size_t n;
};

static struct marks marks_of(const struct source_language *language, enum source_trait trait)
{
    const struct marks traits[SOURCE_TRAITS] = {
        [SOURCE_COMMANDS] = {language->commands, language->n_commands},
        [SOURCE_ZONES] = {language->zones, language->n_zones},
        [SOURCE_CERTIFICATES] = {language->certificates, language->n_certificates},
        [SOURCE_ACCOUNTS] = {language->accounts, language->n_accounts},
        [SOURCE_NATIVE] = {language->native, language->n_native},
        [SOURCE_LIBRARIES] = {language->libraries, language->n_libraries},
        [SOURCE_LOCALES] = {language->locales, language->n_locales},
        [SOURCE_SYMBOLS] = {language->symbols, language->n_symbols},
        [SOURCE_SYSTEM] = {language->system, language->n_system},
        [SOURCE_TYPES] = {language->types, language->n_types},
        [SOURCE_UNWINDING] = {language->unwinding, language->n_unwinding},
        [SOURCE_SERVICES] = {language->services, language->n_services},
    };
    return traits[trait];
}

static void look_for_signs(const struct source_language *language, struct str path, struct str text,
                           struct source_facts *facts)
{
    for (size_t t = 0; t < SOURCE_TRAITS; t++) {
        struct marks marks = marks_of(language, (enum source_trait)t);
        for (size_t k = 0; !facts->signs[t].mark.len && k < marks.n; k++)
            if (source_text_has(text, marks.at[k]))
                facts->signs[t] = (struct source_evidence){path, marks.at[k]};
    }
}

/* ---- files ---- */

/* One of the directories that hold the file has that name, which ends in a slash. */
static bool is_below(struct str directory, struct str path)
{
    for (size_t at = 0; at < path.len; at += str_find(str_slice(path, at, path.len), '/') + 1)
        if (str_starts(str_slice(path, at, path.len), directory))
            return true;
    return false;
}

/* `*` stands for any characters. A pattern that ends in a slash names a directory, any other is
 * matched against the file's name. */
static bool file_matches(struct str pattern, struct str path)
{
    if (str_ends(pattern, LIT("/")))
        return is_below(pattern, path);
    size_t slash = path.len;
    while (slash > 0 && path.at[slash - 1] != '/')
        slash--;
    struct str name = str_slice(path, slash, path.len);
    size_t star = str_find(pattern, '*');
    if (star == pattern.len)
        return str_eq(pattern, name);
    struct str head = str_slice(pattern, 0, star);
    struct str tail = str_slice(pattern, star + 1, pattern.len);
    return name.len >= head.len + tail.len && str_starts(name, head) && str_ends(name, tail);
}

static bool any_matches(const struct str *patterns, size_t n, struct str path)
{
    for (size_t i = 0; i < n; i++)
        if (file_matches(patterns[i], path))
            return true;
    return false;
}

static bool is_source(const struct source_language *language, const struct context_entry *e)
{
    return e->kind == CONTEXT_FILE && any_matches(language->files, language->n_files, e->name) &&
           !any_matches(language->except, language->n_except, e->name);
}

/* A file without a suffix whose first line names a program of the language: bin/report. */
static bool is_script(struct compile *c, const struct source_language *language,
                      const struct context_entry *e)
{
    struct str text, word, name = path_name(e->name);
    if (e->kind != CONTEXT_FILE || str_find(name, '.') < name.len || e->size > MOST_SCRIPT ||
        !context_text(c, e->name, &text) || !str_starts(text, LIT("#!")))
        return false;
    struct str line = str_slice(text, 2, str_find(text, '\n'));
    while (str_next(&line, ' ', &word)) {
        const struct language_program *p = catalog_program(c->catalog, path_name(str_trim(word)));
        if (p && str_eq(p->language, language->name))
            return true;
    }
    return false;
}

static bool is_build_file(const struct source_language *language, const struct context_entry *e)
{
    return e->kind == CONTEXT_FILE &&
           any_matches(language->build_files, language->n_build_files, e->name);
}

bool source_texts(struct compile *c, struct str language, bool build, struct source_texts *out)
{
    const struct source_language *l = catalog_source_language(c->catalog, language);
    struct context_entries files = {0};
    uint64_t left = MOST_BYTES;
    if (!l || !c->context)
        return false;
    bool whole = context_files(c, (struct str){0}, &files);
    for (size_t i = 0; i < files.n; i++) {
        const struct context_entry *e = &files.at[i];
        struct source_text source = {.path = e->name};
        if (!(build ? is_build_file(l, e) : is_source(l, e) || is_script(c, l, e)))
            continue;
        if (e->size > left || !context_text(c, e->name, &source.text)) {
            whole = false;
            continue;
        }
        left -= e->size;
        vec_add(c->arena, out, source);
    }
    return whole;
}

/* Into an image: no program reads the others. */
static bool is_copied(struct compile *c, struct str path)
{
    for (const struct instr *i = c->file->first; i; i = i->next)
        if ((i->ast->kind == DF_COPY || i->ast->kind == DF_ADD) && copy_takes(c, i, path))
            return true;
    return false;
}

static bool is_settings(struct compile *c, const struct context_entry *e)
{
    const struct str name = path_name(e->name);
    return e->kind == CONTEXT_FILE && e->size <= MOST_SCRIPT &&
           catalog_lists_like(c->catalog, LIT("settings-files"), name) &&
           !catalog_lists_like(c->catalog, LIT("build-files"), name) &&
           !catalog_lists_like(c->catalog, LIT("project-files"), name);
}

/* Programs that settings name, which they read. */
static void read_settings(struct compile *c, const struct context_entries *files,
                          struct source_facts *facts)
{
    struct str text;
    for (size_t i = 0; i < files->n; i++)
        if (is_settings(c, &files->at[i]) && is_copied(c, files->at[i].name) &&
            context_text(c, files->at[i].name, &text))
            words_of_settings(
                &(struct words_reading){c->catalog, &facts->words, files->at[i].name, text});
}

/* Scripts that they start, if they start anything. */
static void read_started(struct compile *c, const struct source_texts *sources,
                         struct source_facts *facts)
{
    struct context_entries files = {0};
    struct strs texts = {0};
    if (!facts->signs[SOURCE_COMMANDS].mark.len)
        return;
    context_files(c, (struct str){0}, &files);
    for (size_t i = 0; i < sources->n; i++)
        vec_add(c->arena, &texts, sources->at[i].text);
    struct started_commands started = sources_started(c, &files, texts);
    for (size_t i = 0; i < started.n; i++)
        words_keep(&facts->words, started.at[i].path, started.at[i].name);
    read_settings(c, &files, facts);
}

static void read_sources(struct compile *c, struct str language, struct source_facts *facts)
{
    const struct source_language *l = catalog_source_language(c->catalog, language);
    struct source_texts all = {0};
    facts->whole = source_texts(c, language, false, &all);
    facts->count = (long)all.n;
    for (size_t i = 0; i < all.n; i++) {
        look_for_signs(l, all.at[i].path, all.at[i].text, facts);
        words_of_source(
            &(struct words_reading){c->catalog, &facts->words, all.at[i].path, all.at[i].text});
    }
    read_started(c, &all, facts);
}

/* Read once a compile. */
static const struct source_facts *facts_of(struct compile *c, struct str name)
{
    struct source_facts *facts = map_get(&c->file->sources, name);
    const struct source_language *language = catalog_source_language(c->catalog, name);
    if (facts || !language)
        return facts;
    facts = arena_alloc(c->arena, sizeof *facts);
    facts->words.arena = c->file->sources.arena = c->arena;
    read_sources(c, name, facts);
    map_put(&c->file->sources, language->name, facts);
    return facts;
}

struct str source_evidence_text(struct arena *a, const struct source_evidence *where)
{
    return where->path.len ? str_printf(a, "%.*s: %.*s", STR(where->path), STR(where->mark))
                           : (struct str){0};
}

enum tri source_shows(struct compile *c, struct str language, enum source_trait trait,
                      struct source_evidence *where)
{
    const struct source_facts *facts = facts_of(c, language);
    if (!facts || (!facts->whole && !facts->signs[trait].mark.len))
        return MAYBE;
    if (!facts->signs[trait].mark.len)
        return NO;
    if (where)
        *where = facts->signs[trait];
    return YES;
}

enum tri source_shares(struct compile *c, struct str language, struct source_evidence *where)
{
    const struct source_language *l = catalog_source_language(c->catalog, language);
    struct source_texts files = {0};
    bool whole = source_texts(c, language, true, &files);
    for (size_t i = 0; i < files.n; i++)
        for (size_t k = 0; k < l->n_shares; k++)
            if (source_text_has(files.at[i].text, l->shares[k])) {
                *where = (struct source_evidence){files.at[i].path, l->shares[k]};
                return YES;
            }
    return whole ? NO : MAYBE;
}

enum tri source_names(struct compile *c, struct str language, struct str word, struct str *path)
{
    const struct source_facts *facts = facts_of(c, language);
    const struct str *found = facts ? map_get(&facts->words, word) : NULL;
    if (!found)
        return facts && facts->whole ? NO : MAYBE;
    if (path)
        *path = *found;
    return YES;
}

/* In quotes, alone or with a path in it. */
static bool has_quoted(struct str text, struct str name)
{
    while (text.len) {
        size_t at = str_search(text, name);
        if (at == text.len)
            return false;
        char before = at ? text.at[at - 1] : 0;
        char after = at + name.len < text.len ? text.at[at + name.len] : 0;
        bool quoted = before == '\'' || before == '"' || before == '`';
        if (quoted && (after == before || after == '/'))
            return true;
        text = str_slice(text, at + name.len, text.len);
    }
    return false;
}

enum tri source_mentions(struct compile *c, struct str language, struct str dir,
                         const struct strs *packages)
{
    const struct source_language *l = catalog_source_language(c->catalog, language);
    struct context_entries files = {0};
    struct str text;
    if (!l || !context_files(c, dir, &files))
        return MAYBE;
    for (size_t i = 0; i < files.n; i++) {
        if (!is_source(l, &files.at[i]))
            continue;
        if (!context_text(c, files.at[i].name, &text))
            return MAYBE;
        for (size_t k = 0; k < packages->n; k++)
            if (has_quoted(text, packages->at[k]))
                return YES;
    }
    return NO;
}

enum tri source_has(struct compile *c, struct str language, struct str text)
{
    const struct source_language *l = catalog_source_language(c->catalog, language);
    struct context_entries files = {0};
    struct str source;
    if (!l || !context_files(c, (struct str){0}, &files))
        return MAYBE;
    for (size_t i = 0; i < files.n; i++) {
        if (!is_source(l, &files.at[i]))
            continue;
        if (!context_text(c, files.at[i].name, &source))
            return MAYBE;
        if (source_text_has(source, text))
            return YES;
    }
    return NO;
}

bool source_text_shows(struct compile *c, struct str language, enum source_trait trait,
                       struct str code)
{
    const struct source_language *l = catalog_source_language(c->catalog, language);
    struct marks marks = l ? marks_of(l, trait) : (struct marks){0};
    for (size_t k = 0; k < marks.n; k++)
        if (source_text_has(code, marks.at[k]))
            return true;
    return false;
}

long source_count(struct compile *c, struct str language)
{
    const struct source_facts *facts = facts_of(c, language);
    return facts && facts->whole ? facts->count : -1;
}
