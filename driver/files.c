#define _GNU_SOURCE /* AT_EACCESS, flistxattr */
#include "driver/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_KEPT_BUFFER = 1024 * 1024, FIRST_BUFFER = 16 * 1024 };

static bool fail(struct file_problem *problem, const char *what, int error)
{
    *problem = (struct file_problem){what, error};
    return false;
}

/* ---- reading ---- */

void read_buffer_free(struct read_buffer *b)
{
    free(b->at);
    *b = (struct read_buffer){0};
}

static bool buffer_room(struct read_buffer *b, size_t size)
{
    if (b->cap > LARGEST_KEPT_BUFFER && size <= LARGEST_KEPT_BUFFER)
        read_buffer_free(b);
    if (size <= b->cap)
        return true;
    size_t cap = b->cap ? b->cap : FIRST_BUFFER;
    while (cap < size)
        cap *= 2;
    char *at = realloc(b->at, cap);
    if (!at)
        return false;
    *b = (struct read_buffer){at, cap};
    return true;
}

/* Reads to the end. The buffer has room for one byte more than is expected, so that one read(2)
 * shows the end of a regular file. */
static bool read_all(int fd, size_t expected, struct read_buffer *b, struct str *text,
                     struct file_problem *problem)
{
    size_t len = 0;
    for (;;) {
        if (!buffer_room(b, len ? len * 2 : expected + 1))
            return fail(problem, "out of memory", 0);
        ssize_t n = read(fd, b->at + len, b->cap - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(problem, "cannot read", errno);
        len += (size_t)n;
        if (len > FILE_SIZE_LIMIT)
            return fail(problem, "larger than 64 MB", 0);
        if (n == 0 || (expected && len == expected))
            break;
    }
    *text = (struct str){b->at, len};
    return true;
}

static bool read_open(int fd, struct read_buffer *b, struct str *text, struct stat *info,
                      struct file_problem *problem)
{
    if (fstat(fd, info) != 0)
        return fail(problem, "cannot read", errno);
    if (S_ISDIR(info->st_mode))
        return fail(problem, "is a directory", 0);
    bool regular = S_ISREG(info->st_mode);
    if (regular && info->st_size > FILE_SIZE_LIMIT)
        return fail(problem, "larger than 64 MB", 0);
    return read_all(fd, regular ? (size_t)info->st_size : 0, b, text, problem);
}

/* A pipe without a writer does not keep us waiting: it is empty. One with a writer is read to its
 * end. */
static int open_to_read(const char *path)
{
    int fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);
    if (flags >= 0)
        (void)fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    return fd;
}

bool file_read(const char *path, struct read_buffer *buffer, struct str *text, struct stat *info,
               struct file_problem *problem)
{
    if (strcmp(path, "-") == 0)
        return read_open(STDIN_FILENO, buffer, text, info, problem);
    int fd = open_to_read(path);
    if (fd < 0)
        return fail(problem, "cannot open", errno);
    bool ok = read_open(fd, buffer, text, info, problem);
    close(fd);
    return ok;
}

/* ---- writing ---- */

/* A file on its way into its place. */
struct replacement {
    int directory;            /* the file's own */
    int fd;                   /* the temporary file's */
    char name[NAME_MAX + 1];  /* the file's, within its directory */
    char draft[NAME_MAX + 1]; /* the temporary file's */
};

static bool write_all(int fd, struct str text, struct file_problem *problem)
{
    while (text.len) {
        ssize_t n = write(fd, text.at, text.len);
        if (n < 0 && errno != EINTR)
            return fail(problem, "cannot write", errno);
        if (n > 0)
            text = str_slice(text, (size_t)n, text.len);
    }
    return true;
}

static bool open_directory(struct replacement *r, const char *path, struct file_problem *problem)
{
    const char *slash = strrchr(path, '/');
    struct str name = str_from_c(slash ? slash + 1 : path);
    char directory[PATH_MAX];
    size_t len = slash ? (size_t)(slash - path) + 1 : 0;
    if (len >= sizeof directory || name.len >= sizeof r->name)
        return fail(problem, "cannot write", ENAMETOOLONG);
    memcpy(directory, path, len);
    directory[len] = '\0';
    memcpy(r->name, name.at, name.len + 1);
    r->directory = open(len ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return r->directory >= 0 || fail(problem, "cannot open its directory", errno);
}

/* Names differ between processes and calls; O_EXCL settles the rest. */
static void name_draft(struct replacement *r, unsigned attempt)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    unsigned long mixed = (unsigned long)now.tv_nsec * 2654435761UL + (unsigned long)getpid();
    /* A long name is cut: what counts is that it is hidden and no Dockerfile's. */
    snprintf(r->draft, sizeof r->draft, ".%.200s.dfopt-%08lx", r->name,
             (mixed + attempt) & 0xFFFFFFFFUL);
}

static bool create_draft(struct replacement *r, mode_t mode, struct file_problem *problem)
{
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        name_draft(r, attempt);
        r->fd = openat(r->directory, r->draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (r->fd >= 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    return fail(problem, "cannot create a temporary file beside it", errno);
}

/* ACLs and labels go over where the file system has them; who may not copy one goes without. */
static void copy_attributes(int from, int to)
{
    char names[4096], value[4096];
    ssize_t len = flistxattr(from, names, sizeof names);
    for (ssize_t at = 0; at < len; at += (ssize_t)str_from_c(names + at).len + 1) {
        ssize_t n = fgetxattr(from, names + at, value, sizeof value);
        if (n >= 0 && fsetxattr(to, names + at, value, (size_t)n, 0) != 0)
            continue;
    }
}

static bool copy_owner(const struct stat *old, int to, struct file_problem *problem)
{
    struct stat now;
    if (fstat(to, &now) != 0)
        return fail(problem, "cannot write", errno);
    if (now.st_uid == old->st_uid && now.st_gid == old->st_gid)
        return true;
    return fchown(to, old->st_uid, old->st_gid) == 0 ||
           fail(problem, "cannot keep its owner", errno);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The draft takes over what the old file has beside its bytes. */
static bool dress_draft(struct replacement *r, const struct stat *old, struct file_problem *problem)
{
    int fd = openat(r->directory, r->name, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return fail(problem, "cannot open", errno);
    bool ok = copy_owner(old, r->fd, problem);
    if (ok && fchmod(r->fd, old->st_mode & 07777) != 0)
        ok = fail(problem, "cannot keep its mode", errno);
    if (ok)
        copy_attributes(fd, r->fd);
    close(fd);
    return ok;
}

/* The moment of change; before it all is as it was. */
static bool put_in_place(struct replacement *r, struct file_problem *problem)
{
    if (fsync(r->fd) != 0)
        return fail(problem, "cannot write", errno);
    if (renameat(r->directory, r->draft, r->directory, r->name) != 0)
        return fail(problem, "cannot replace", errno);
    (void)fsync(r->directory); /* some file systems cannot; the rename stands all the same */
    return true;
}

/* `old` is NULL when there is no file as yet. */
static bool replace_in_directory(struct replacement *r, struct str text, const struct stat *old,
                                 struct file_problem *problem)
{
    if (!create_draft(r, old ? 0600 : 0666, problem))
        return false;
    bool ok = write_all(r->fd, text, problem) && (!old || dress_draft(r, old, problem)) &&
              put_in_place(r, problem);
    close(r->fd);
    if (!ok)
        unlinkat(r->directory, r->draft, 0);
    return ok;
}

/* With the signals held back that a user or a system ends programs with, no temporary file is left
 * behind. The driver's other threads never take them. */
static bool replace_undisturbed(const char *path, struct str text, const struct stat *old,
                                struct file_problem *problem)
{
    sigset_t held, before;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    struct replacement r = {.directory = -1, .fd = -1};
    pthread_sigmask(SIG_BLOCK, &held, &before);
    bool ok = open_directory(&r, path, problem) && replace_in_directory(&r, text, old, problem);
    if (r.directory >= 0)
        close(r.directory);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

enum replaced file_replace(const char *path, struct str text, const struct stat *info,
                           struct file_problem *problem)
{
    char target[PATH_MAX];
    struct stat now;
    if (!realpath(path, target) || stat(target, &now) != 0) {
        fail(problem, "cannot open", errno);
        return REPLACE_FAILED;
    }
    if (!S_ISREG(now.st_mode)) {
        fail(problem, "not a regular file", 0);
        return REPLACE_FAILED;
    }
    if (!same_file(&now, info))
        return REPLACE_STALE;
    if (faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) != 0) {
        fail(problem, "cannot write", errno);
        return REPLACE_FAILED;
    }
    return replace_undisturbed(target, text, &now, problem) ? REPLACED : REPLACE_FAILED;
}

static bool write_into(const char *path, struct str text, struct file_problem *problem)
{
    int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return fail(problem, "cannot open", errno);
    bool ok = write_all(fd, text, problem);
    if (close(fd) != 0 && ok)
        ok = fail(problem, "cannot write", errno);
    return ok;
}

bool file_write(const char *path, struct str text, struct file_problem *problem)
{
    struct stat now;
    if (stat(path, &now) != 0)
        return errno == ENOENT ? replace_undisturbed(path, text, NULL, problem)
                               : fail(problem, "cannot write", errno);
    if (!S_ISREG(now.st_mode))
        return write_into(path, text, problem);
    return file_replace(path, text, &now, problem) == REPLACED;
}
