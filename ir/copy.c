#include "ir/copy.h"

#include "ir/catalog/catalog.h"
#include "ir/context.h"
#include "ir/path.h"
#include "ir/state.h"

/* ---- sources ---- */

static bool is_web(struct str path)
{
    return str_starts(path, LIT("http://")) || str_starts(path, LIT("https://"));
}

/* What BuildKit clones (util/gitutil): `git@host:x`, other schemes, and `.git` at a URL's end. */
static bool is_repository(struct str path)
{
    if (str_starts(path, LIT("git@")) || str_starts(path, LIT("git://")) ||
        str_starts(path, LIT("ssh://")))
        return true;
    struct str url = str_slice(path, 0, str_find(path, '#'));
    return is_web(path) && str_ends(str_slice(url, 0, str_find(url, '?')), LIT(".git"));
}

static enum copy_origin origin_of(const struct instr *i, struct str path)
{
    struct str from;
    if (i->ast->kind == DF_ADD && is_repository(path))
        return COPY_GIT;
    if (i->ast->kind == DF_ADD && is_web(path))
        return COPY_URL;
    return df_flag(i->ast, LIT("from"), &from) ? COPY_FROM : COPY_CONTEXT;
}

/* The path of `https://host/path?query#fragment`. */
static struct str url_path(struct str url)
{
    url = str_slice(url, 0, str_find(url, '#'));
    url = str_slice(url, 0, str_find(url, '?'));
    url = str_slice(url, str_search(url, LIT("//")) + 2, url.len);
    return str_slice(url, str_find(url, '/'), url.len);
}

static enum tri is_file(struct compile *c, const struct copy_source *s)
{
    if (s->origin == COPY_DOCUMENT || s->origin == COPY_URL)
        return YES;
    if (s->origin == COPY_GIT || (!s->glob && !s->name.len) || str_ends(s->path, LIT("/")))
        return NO;
    if (s->origin != COPY_CONTEXT || s->glob)
        return MAYBE;
    enum context_kind kind = context_kind(c, s->path);
    return kind == CONTEXT_FILE ? YES : kind == CONTEXT_DIRECTORY ? NO : MAYBE;
}

/* The name of what it is, or nothing: `.`, `/`, `..` and patterns have none. */
static struct str name_of(const struct copy_source *s)
{
    struct str path = s->origin == COPY_URL ? url_path(s->path) : s->path;
    while (str_ends(path, LIT("/")))
        path.len--;
    struct str name = path_name(path);
    bool none =
        s->glob || s->origin == COPY_GIT || str_eq(name, LIT(".")) || str_eq(name, LIT(".."));
    return none ? (struct str){0} : name;
}

/* ---- what ADD unpacks ---- */

/* Items with a dot in front are endings, the others whole names. */
static bool is_listed(struct compile *c, struct str list, struct str name)
{
    const struct tree_list *names = catalog_trees(c->catalog, list);
    for (size_t i = 0; names && i < names->n_paths; i++) {
        struct str item = names->paths[i];
        bool ending = item.at[0] == '.' && str_ends(name, item);
        if (ending || str_eq(name, item))
            return true;
    }
    return false;
}

/* First bytes of what BuildKit decompresses. */
static const struct str magics[] = {
    {"\x1f\x8b\x08", 3},
    {"BZh", 3},
    {"\3757zXZ", 5},
    {"\x28\xb5\x2f\xfd", 4},
};

/* A tar archive has NULs in its first block, of 512 bytes. */
static bool is_plain_text(struct str text)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (str_starts(text, magics[i]))
            return false;
    return str_find(str_slice(text, 0, 512), '\0') >= 512 || text.len < 512;
}

static enum tri unpacks_by_content(struct compile *c, const struct copy_source *s)
{
    struct str text;
    if (s->glob || s->origin != COPY_CONTEXT || !context_text(c, s->path, &text))
        return MAYBE;
    return is_plain_text(text) ? NO : MAYBE;
}

/* ADD looks at a file's first bytes, not at its name: one that is not listed tells nothing. */
static enum tri unpacks(struct compile *c, const struct instr *i, const struct copy_source *s)
{
    struct str value, name = path_name(s->path);
    bool told = df_flag(i->ast, LIT("unpack"), &value);
    bool by_itself = i->ast->kind == DF_ADD && s->origin == COPY_CONTEXT;
    if (s->file == NO || s->origin == COPY_DOCUMENT || (told && str_eq(value, LIT("false"))) ||
        (!told && !by_itself))
        return NO;
    if (is_listed(c, LIT("archives"), name))
        return s->glob ? MAYBE : YES;
    return is_listed(c, LIT("plain-files"), name) ? NO : unpacks_by_content(c, s);
}

/* ---- words ---- */

static const struct df_heredoc *document(const struct df_instr *ast, const struct df_word *word)
{
    for (size_t i = 0; i < ast->heredocs.n; i++)
        if (ast->heredocs.at[i].word.start == word->joined.start && word->joined.end)
            return &ast->heredocs.at[i];
    return NULL;
}

static struct copy_source source_of_word(struct compile *c, const struct instr *i,
                                         const struct df_word *word)
{
    struct copy_source s = {.origin = COPY_UNKNOWN, .file = MAYBE, .unpacks = MAYBE};
    const struct df_heredoc *text = document(i->ast, word);
    if (text) {
        s.origin = COPY_DOCUMENT;
        s.path = text->name;
    } else if (state_expand(c, &i->before, word->text, &s.path)) {
        s.origin = origin_of(i, s.path);
    } else {
        return s;
    }
    s.glob = (s.origin == COPY_CONTEXT || s.origin == COPY_FROM) && path_has_glob(s.path);
    s.name = name_of(&s);
    s.file = is_file(c, &s);
    s.unpacks = unpacks(c, i, &s);
    return s;
}

/* ---- the target ---- */

/* Windows: drives and backslashes are not read here. */
static bool is_posix(struct str path)
{
    return str_find(path, '\\') == path.len && !(path.len > 1 && path.at[1] == ':');
}

/* A working directory is there: WORKDIR makes it. */
static bool is_directory(const struct instr *i, struct str word, struct str to)
{
    return i->ast->args.n > 2 || str_ends(word, LIT("/")) || str_ends(word, LIT("/.")) ||
           str_eq(to, LIT("/")) || (i->before.workdir.len && path_is_in(i->before.workdir, to));
}

static void read_target(struct compile *c, const struct instr *i, struct copy *out)
{
    struct str word;
    const struct df_words *args = &i->ast->args;
    if (args->n < 2 || c->file->escape == '`' ||
        !state_expand(c, &i->before, vec_last(args)->text, &word) || !is_posix(word) ||
        !path_resolve(c->arena, i->before.workdir, word, &out->to) ||
        !str_starts(out->to, LIT("/")))
        out->to = (struct str){0};
    else
        out->directory = out->parents || is_directory(i, word, out->to);
}

struct copy copy_read(struct compile *c, const struct instr *i)
{
    struct str flag;
    struct copy out = {.parents = df_flag(i->ast, LIT("parents"), &flag)};
    for (size_t k = 0; k + 1 < i->ast->args.n; k++) {
        struct copy_source s = source_of_word(c, i, &i->ast->args.at[k]);
        vec_add(c->arena, &out.sources, s);
    }
    read_target(c, i, &out);
    out.has_chown = df_flag(i->ast, LIT("chown"), &out.chown);
    out.has_chmod = df_flag(i->ast, LIT("chmod"), &out.chmod);
    return out;
}

bool copy_destination(struct compile *c, const struct copy *copy, const struct copy_source *source,
                      struct str *out)
{
    *out = copy->to;
    if (!copy->to.len)
        return false;
    bool named = source->file == YES && source->unpacks == NO && source->name.len;
    if (copy->directory && !copy->parents && named)
        return path_resolve(c->arena, copy->to, source->name, out);
    return true;
}

/* ---- effects ---- */

/* Names of --chown are looked up in the image. */
static void read_owners(struct compile *c, const struct copy *copy, struct effects *fx)
{
    struct str user = str_slice(copy->chown, 0, str_find(copy->chown, ':'));
    struct str group = str_slice(copy->chown, user.len + 1, copy->chown.len);
    if (copy->has_chown && !str_is_number(user))
        set_add(c->arena, &fx->reads, LIT("/etc/passwd"));
    if (copy->has_chown && group.len && !str_is_number(group))
        set_add(c->arena, &fx->reads, LIT("/etc/group"));
}

struct effects copy_effects(struct compile *c, const struct instr *i)
{
    struct effects fx = {0};
    struct copy copy = copy_read(c, i);
    for (size_t k = 0; k < copy.sources.n; k++) {
        const struct copy_source *s = &copy.sources.at[k];
        struct str path;
        if (copy_destination(c, &copy, s, &path))
            set_add(c->arena, &fx.writes, path);
        else
            fx.writes.unknown = true;
        bool fetched = s->origin == COPY_URL || s->origin == COPY_GIT;
        if (fetched || (i->ast->kind == DF_ADD && s->origin == COPY_UNKNOWN))
            fx.flags |= FX_NETWORK;
    }
    read_owners(c, &copy, &fx);
    return fx;
}

struct str copy_source_of(struct compile *c, const struct copy *copy,
                          const struct copy_source *source, struct str path)
{
    struct str from, to = copy->to;
    if (source->glob || !path_resolve(c->arena, LIT("/"), source->path, &from) || !to.len)
        return LIT("");
    if (str_eq(to, path))
        return from;
    struct str rest = str_starts(path, to) ? str_slice(path, to.len, path.len) : LIT("");
    if (!rest.len || (rest.at[0] != '/' && !str_eq(to, LIT("/"))))
        return LIT("");
    if (rest.at[0] == '/')
        rest = str_slice(rest, 1, rest.len);
    if (str_eq(path_name(from), rest))
        return from;
    return str_printf(c->arena, "%.*s/%.*s", STR(str_eq(from, LIT("/")) ? LIT("") : from),
                      STR(rest));
}

/* ---- files of the context ---- */

static size_t literal_length(struct str pattern)
{
    size_t n = 0;
    while (n < pattern.len && !strchr("*?[\\", pattern.at[n]))
        n++;
    return n;
}

static bool takes(struct compile *c, const struct copy_source *source, struct str path)
{
    struct str from;
    if (source->origin == COPY_UNKNOWN)
        return true;
    if (source->origin != COPY_CONTEXT)
        return false;
    if (source->glob) {
        size_t n = literal_length(source->path);
        return !context_path(c->arena, str_slice(source->path, 0, n), &from) ||
               str_starts(path, from);
    }
    return !context_path(c->arena, source->path, &from) || !from.len || str_eq(from, path) ||
           (str_starts(path, from) && path.at[from.len] == '/');
}

bool copy_takes(struct compile *c, const struct instr *i, struct str path)
{
    struct copy copy = copy_read(c, i);
    for (size_t k = 0; k < copy.sources.n; k++)
        if (takes(c, &copy.sources.at[k], path))
            return true;
    return false;
}
