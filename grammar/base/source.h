/* A file's bytes, and the way from an offset to line and column. */
#ifndef GRAMMAR_BASE_SOURCE_H
#define GRAMMAR_BASE_SOURCE_H

#include "grammar/base/str.h"

struct line_starts VEC_OF(uint32_t);

/* `path` is for people (diagnostics); `text` is borrowed. */
struct source {
    struct str path, text;
    struct line_starts lines; /* offset of each line's first byte */
};

/* Lines and columns count from 1; a column counts bytes. */
struct place {
    uint32_t line, column;
};

/* Indexes the lines of `text`, which must be shorter than 4 GiB (the driver refuses files above 64
 * MB). */
struct source source_of(struct arena *a, struct str path, struct str text);

/* Where `offset` is; offsets past the end give the end. */
struct place source_place(const struct source *s, uint32_t offset);

/* The text of a line (from 1), without its line end; empty when there is no such line. */
struct str source_line(const struct source *s, uint32_t line);

#endif
