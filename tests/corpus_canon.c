/* Reads paths, one a line, and prints for each `path TAB accepted TAB bytes`, a newline, and so
 * many bytes of --dump=canon. In one process, because a corpus has a hundred thousand files. Each
 * accepted file is put through the front end's properties as well; what breaks one is reported as
 * accepted = `!`. */
#include "emit/dump.h"
#include "tests/corpus.h"
#include "tests/df_properties.h"

static void print_one(struct arena *a, const char *path)
{
    struct compile c = {.arena = a, .diags = {.arena = a}};
    struct buf out = {.arena = a};
    struct str text = corpus_file(a, path);
    c.src = source_of(a, str_from_c(path), text);
    bool accepted = dump_canon(&c, &out);
    const char *broken = accepted ? df_broken_property(a, text) : NULL;
    corpus_print(path, accepted, buf_str(&out), broken);
}

static void print_failed(const char *path)
{
    corpus_print(path, false, (struct str){0}, "over a limit");
}

int main(void)
{
    return corpus_each(print_one, print_failed);
}
