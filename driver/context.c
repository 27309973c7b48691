#include "driver/context.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_inside(const char *root, const char *path)
{
    size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);
    return strncmp(path, root, len) == 0 && path[len] == '/';
}

/* Where the file is once links are resolved; false when that is outside. */
static bool resolve(struct str root, struct str path, char out[PATH_MAX])
{
    char real_root[PATH_MAX], joined[PATH_MAX];
    if (str_find(path, '\0') < path.len || !realpath(root.at, real_root) ||
        strlen(real_root) + path.len + 2 > sizeof joined)
        return false;
    size_t len = strlen(real_root);
    memcpy(joined, real_root, len);
    joined[len] = '/';
    memcpy(joined + len + 1, path.at, path.len);
    joined[len + 1 + path.len] = '\0';
    return realpath(joined, out) && is_inside(real_root, out);
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

/* The directory of a path, with its slash; "." for one without. */
static struct str directory_of(struct arena *a, struct str path)
{
    size_t len = path.len;
    while (len > 0 && path.at[len - 1] != '/')
        len--;
    return str_dup(a, len ? str_slice(path, 0, len) : LIT("."));
}

const struct context_ops *context_of(struct arena *a, const struct job *job)
{
    const struct command_line *line = job->session->line;
    bool named = line->context.len > 0;
    if (line->no_context || (!named && str_eq(job->path, LIT("-"))))
        return NULL;
    struct str *root = arena_alloc(a, sizeof *root);
    *root = named ? str_dup(a, line->context) : directory_of(a, job->path);
    struct context_ops *ops = arena_alloc(a, sizeof *ops);
    *ops = (struct context_ops){read_in_context, root};
    return ops;
}
