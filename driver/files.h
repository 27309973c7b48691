/* Files: read whole, replaced atomically. Problems come back as text for people; nothing here
 * prints. */
#ifndef DRIVER_FILES_H
#define DRIVER_FILES_H

#include <sys/stat.h>

#include "grammar/base/str.h"

enum { FILE_SIZE_LIMIT = 64 * 1024 * 1024 };

/* A buffer that is used for one file after the other. Zero-initialize; free with
 * read_buffer_free(). */
struct read_buffer {
    char *at;
    size_t cap;
};

void read_buffer_free(struct read_buffer *b);

/* What went wrong: `what` is a static string, `error` an errno or 0. */
struct file_problem {
    const char *what;
    int error;
};

/* Reads the file, or standard input for "-". `text` borrows from `buffer`. `info` says what was
 * read, so that file_replace() can see that it is still the same. False: see `problem`. */
bool file_read(const char *path, struct read_buffer *buffer, struct str *text, struct stat *info,
               struct file_problem *problem);

enum replaced { REPLACED, REPLACE_STALE, REPLACE_FAILED };

/* Puts `text` into the place of the regular file that `path` names (a symbolic link is followed):
 * written to a temporary file beside it, synced, renamed. Mode, owner and extended attributes stay.
 * A kill at any moment leaves the old file or the new one; SIGKILL may leave the temporary file
 * beside it (hidden, and of a name that no search for Dockerfiles finds). REPLACE_STALE: the file
 * is no longer the one that `info` tells of, and was left alone. */
enum replaced file_replace(const char *path, struct str text, const struct stat *info,
                           struct file_problem *problem);

/* Writes `text` to `path`: atomically as above when it is a regular file or does not exist (it then
 * gets the usual mode), straight into it when it is a pipe or a device. */
bool file_write(const char *path, struct str text, struct file_problem *problem);

#endif
