#include "driver/context.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/search.h"

/* Where a context is. The root comes first: most readers need nothing else. */
struct context_place {
    struct str root;
    struct str directory;  /* of the Dockerfile */
    struct str own_ignore; /* its own ignore file's name, in there */
};

static bool is_inside(const char *root, const char *path)
{
    size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);
    return strncmp(path, root, len) == 0 && path[len] == '/';
}

/* The path below the root's own, NUL-terminated; false when it does not fit. */
static bool full_path(struct str root, struct str path, char out[PATH_MAX])
{
    if (str_find(path, '\0') < path.len || !realpath(root.at, out))
        return false;
    size_t len = strcmp(out, "/") == 0 ? 0 : strlen(out);
    if (len + path.len + 2 > PATH_MAX)
        return false;
    out[len] = '/';
    if (path.len)
        memcpy(out + len + 1, path.at, path.len);
    out[len + 1 + path.len] = '\0';
    return true;
}

/* Where the file is once links are resolved; false when that is outside. */
static bool resolve(struct str root, struct str path, char out[PATH_MAX])
{
    char real_root[PATH_MAX], joined[PATH_MAX];
    return full_path(root, path, joined) && realpath(root.at, real_root) && realpath(joined, out) &&
           is_inside(real_root, out);
}

/* Up to `size` bytes; false when there is an error. */
static bool read_bytes(int fd, char *at, size_t size, size_t *len)
{
    *len = 0;
    while (*len < size) {
        ssize_t n = read(fd, at + *len, size - *len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0)
            break;
        *len += (size_t)n;
    }
    return true;
}

static bool is_script_sized(const struct stat *info)
{
    return S_ISREG(info->st_mode) && info->st_size <= CONTEXT_FILE_LIMIT;
}

/* The memory comes first: an arena that is full jumps, and would leave the file open. */
static bool read_in_context(void *self, struct str path, struct arena *a, struct str *text)
{
    const struct str *root = self;
    char real[PATH_MAX];
    struct stat info;
    if (!resolve(*root, path, real) || stat(real, &info) != 0 || !is_script_sized(&info))
        return false;
    size_t size = (size_t)info.st_size;
    char *at = arena_alloc(a, size + 1);
    int fd = open(real, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok =
        fstat(fd, &info) == 0 && is_script_sized(&info) && read_bytes(fd, at, size, &text->len);
    close(fd);
    text->at = at;
    return ok;
}

static enum context_kind kind_of(const struct stat *info)
{
    if (S_ISREG(info->st_mode))
        return CONTEXT_FILE;
    if (S_ISDIR(info->st_mode))
        return CONTEXT_DIRECTORY;
    return S_ISLNK(info->st_mode) ? CONTEXT_LINK : CONTEXT_OTHER;
}

static struct context_entry entry_of(const struct stat *info)
{
    return (struct context_entry){.kind = kind_of(info),
                                  .mode = info->st_mode & 07777,
                                  .size = S_ISREG(info->st_mode) ? (uint64_t)info->st_size : 0};
}

/* Component by component, so that no link is followed. */
static void look_in_context(void *self, struct str path, struct context_entry *out)
{
    const struct str *root = self;
    char real[PATH_MAX];
    *out = (struct context_entry){.kind = CONTEXT_UNKNOWN};
    if (!full_path(*root, path, real))
        return;
    char *end = real + strlen(real) - path.len;
    bool more = true;
    while (more) {
        struct stat info;
        end += strcspn(end, "/");
        more = *end == '/';
        *end = '\0';
        bool found = lstat(real, &info) == 0;
        if (found)
            *out = entry_of(&info);
        else
            out->kind = errno == ENOENT || errno == ENOTDIR ? CONTEXT_ABSENT : CONTEXT_UNKNOWN;
        if (!found || (more && out->kind != CONTEXT_DIRECTORY))
            break;
        if (more)
            *end++ = '/';
    }
    if (more && out->kind != CONTEXT_UNKNOWN)
        out->kind = out->kind == CONTEXT_LINK ? CONTEXT_UNKNOWN : CONTEXT_ABSENT;
}

/* An open directory with none but plain ones above it; NULL when there is no such. */
static DIR *open_directory(struct str root, struct str path)
{
    char real[PATH_MAX];
    struct context_entry found = {.kind = CONTEXT_DIRECTORY};
    if (path.len)
        look_in_context(&root, path, &found);
    if (found.kind != CONTEXT_DIRECTORY || !full_path(root, path, real))
        return NULL;
    int fd = open(real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (fd >= 0 && !directory)
        close(fd);
    return directory;
}

static const char *next_name(DIR *directory)
{
    const struct dirent *e = readdir(directory);
    while (e && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0))
        e = readdir(directory);
    return e ? e->d_name : NULL;
}

/* How much room the entries take; false when there are too many. */
static bool measure(DIR *directory, size_t *n, size_t *bytes)
{
    *n = *bytes = 0;
    for (const char *name; (name = next_name(directory));) {
        *bytes += strlen(name);
        if (++*n > CONTEXT_MOST_ENTRIES)
            return false;
    }
    return true;
}

/* Room that was made for entries and their names. */
struct room {
    struct context_entry *entries;
    char *names;
    size_t n, bytes;
};

/* False when there is no longer room: the directory has grown since. */
static bool fill(DIR *directory, struct room room, struct context_entries *out)
{
    for (const char *name; (name = next_name(directory));) {
        struct stat info;
        size_t len = strlen(name);
        if (out->n == room.n || len > room.bytes ||
            fstatat(dirfd(directory), name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            return false;
        memcpy(room.names, name, len);
        room.entries[out->n] = entry_of(&info);
        room.entries[out->n++].name = (struct str){room.names, len};
        room.names += len;
        room.bytes -= len;
    }
    return true;
}

/* The memory comes between: an arena that is full jumps, and would leave the directory open. */
static bool list_context(void *self, struct str path, struct arena *a, struct context_entries *out)
{
    const struct str *root = self;
    struct room room = {0};
    DIR *directory = open_directory(*root, path);
    bool ok = directory && measure(directory, &room.n, &room.bytes);
    if (directory)
        closedir(directory);
    if (!ok)
        return false;
    room.entries = arena_array(a, room.n, sizeof *room.entries);
    room.names = arena_alloc(a, room.bytes);
    directory = open_directory(*root, path);
    *out = (struct context_entries){room.entries, 0, (uint32_t)room.n};
    ok = directory && fill(directory, room, out);
    if (directory)
        closedir(directory);
    return ok;
}

/* BuildKit's dockerui: NAME.dockerignore from where the Dockerfile is, else .dockerignore from the
 * context. */
static enum tri ignore_of_context(void *self, struct arena *a, struct str *text)
{
    struct context_place *place = self;
    struct context_entry found;
    look_in_context(&place->directory, place->own_ignore, &found);
    if (found.kind != CONTEXT_ABSENT)
        return read_in_context(&place->directory, place->own_ignore, a, text) ? YES : MAYBE;
    look_in_context(&place->root, LIT(".dockerignore"), &found);
    if (found.kind == CONTEXT_ABSENT)
        return NO;
    return read_in_context(&place->root, LIT(".dockerignore"), a, text) ? YES : MAYBE;
}

/* The directory of a path, with its slash; "." for one without. */
static struct str directory_of(struct arena *a, struct str path)
{
    size_t len = path.len;
    while (len > 0 && path.at[len - 1] != '/')
        len--;
    return str_dup(a, len ? str_slice(path, 0, len) : LIT("."));
}

static struct str name_of(struct str path)
{
    size_t len = path.len;
    while (len > 0 && path.at[len - 1] != '/')
        len--;
    return str_slice(path, len, path.len);
}

const struct context_ops *context_of(struct arena *a, const struct job *job)
{
    const struct settings *settings = job->settings;
    bool named = settings->context.len > 0;
    if (settings->no_context || (!named && str_eq(job->path, LIT("-"))))
        return NULL;
    struct context_place *place = arena_alloc(a, sizeof *place);
    place->directory = directory_of(a, job->path);
    place->root = named ? str_dup(a, settings->context) : place->directory;
    place->own_ignore = str_concat(a, name_of(job->path), LIT(".dockerignore"));
    struct context_ops *ops = arena_alloc(a, sizeof *ops);
    *ops = (struct context_ops){read_in_context, look_in_context, list_context, ignore_of_context,
                                place};
    return ops;
}

/* What another Dockerfile copies may be what this one does not need. */
static bool is_shared(struct arena *a, const struct context_place *place)
{
    struct context_entries all = {0};
    struct str directory = place->directory;
    if (!list_context(&directory, (struct str){0}, a, &all))
        return true;
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++)
        n += search_is_dockerfile(all.at[i].name);
    return n > 1;
}

bool context_ignore_file(struct arena *a, const struct job *job, struct str *path, struct str *text)
{
    const struct context_ops *ops = context_of(a, job);
    if (!ops || job->session->line->context.len || is_shared(a, ops->self))
        return false;
    struct context_place *place = ops->self;
    struct context_entry own;
    look_in_context(&place->directory, place->own_ignore, &own);
    struct str name = own.kind == CONTEXT_ABSENT ? LIT(".dockerignore") : place->own_ignore;
    bool here = str_eq(place->directory, LIT("."));
    *path = str_dup(a, here ? name : str_concat(a, place->directory, name));
    *text = (struct str){0};
    return ignore_of_context(place, a, text) != MAYBE;
}
