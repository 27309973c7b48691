/* Reads paths, one a line, and prints for each `path TAB accepted TAB bytes`, a newline, and so
 * many bytes of --dump=canon. In one process, because a corpus has a hundred thousand files. Each
 * accepted file is put through the front end's properties as well; what breaks one is reported as
 * accepted = `!`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit/dump.h"
#include "tests/df_properties.h"

enum { LIMIT = 256 * 1024 * 1024, LONGEST_PATH = 64 * 1024 };

static struct str read_file(struct arena *a, const char *path)
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

static void print_one(struct arena *a, const char *path)
{
    struct compile c = {.arena = a, .diags = {.arena = a}};
    struct buf out = {.arena = a};
    struct str text = read_file(a, path);
    c.src = source_of(a, str_from_c(path), text);
    bool accepted = dump_canon(&c, &out);
    const char *broken = accepted ? df_broken_property(a, text) : NULL;
    printf("%s\t%s\t%zu\n", path, broken ? "!" : accepted ? "1" : "0", out.len);
    if (out.len)
        fwrite(out.at, 1, out.len, stdout);
    if (broken)
        fprintf(stderr, "%s: %s\n", path, broken);
}

int main(void)
{
    static char path[LONGEST_PATH];
    struct arena *a = arena_new(LIMIT);
    while (a && fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        struct boundary boundary;
        arena_reset(a);
        arena_guard(a, &boundary);
        if (setjmp(boundary.at))
            printf("%s\t!\t0\n", path);
        else
            print_one(a, path);
    }
    arena_free(a);
    return a ? 0 : 1;
}
