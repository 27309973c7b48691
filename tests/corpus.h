/* Reading a corpus in one process: paths on standard input, one a line. A corpus has a hundred
 * thousand files, so each uses the same arena, and what one file breaks ends with that file. */
#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grammar/base/arena.h"
#include "grammar/base/str.h"

enum { CORPUS_LIMIT = 256 * 1024 * 1024, CORPUS_LONGEST_PATH = 64 * 1024 };

static inline struct str corpus_file(struct arena *a, const char *path)
{
    struct buf text = {.arena = a};
    FILE *f = fopen(path, "rb");
    if (!f)
        return (struct str){0};
    char block[16 * 1024];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&text, (struct str){block, n});
    fclose(f);
    return buf_str(&text);
}

/* `path TAB accepted TAB bytes`, a newline, and so many bytes of a dump. What breaks a property is
 * accepted = `!`. */
static inline void corpus_print(const char *path, bool accepted, struct str dump,
                                const char *broken)
{
    printf("%s\t%s\t%zu\n", path, broken ? "!" : accepted ? "1" : "0", dump.len);
    if (dump.len)
        fwrite(dump.at, 1, dump.len, stdout);
    if (broken)
        fprintf(stderr, "%s: %s\n", path, broken);
}

/* Hands each path to `one`; those that end it over a limit, to `failed`. A program's exit status.
 */
static inline int corpus_each(void (*one)(struct arena *a, const char *path),
                              void (*failed)(const char *path))
{
    static char path[CORPUS_LONGEST_PATH];
    struct arena *a = arena_new(CORPUS_LIMIT);
    while (a && fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        struct boundary boundary;
        arena_reset(a);
        arena_guard(a, &boundary);
        if (setjmp(boundary.at))
            failed(path);
        else
            one(a, path);
    }
    arena_free(a);
    return a ? 0 : 1;
}

#endif
