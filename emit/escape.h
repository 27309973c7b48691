/* Text from input on its way to a terminal, or into a patch's header.
 *
 * A Dockerfile may hold bytes that move the cursor, retitle the window or reverse the direction of
 * writing. Whoever shows it to a person shows those as \x1b or \u202e. Escaped are: control
 * characters (C0, DEL, C1), bytes that are not UTF-8, line separators, and the marks that change
 * the direction of writing (Unicode TR 36, 3.1). */
#ifndef EMIT_ESCAPE_H
#define EMIT_ESCAPE_H

#include "grammar/base/str.h"

/* Several lines: newline, tab, and a carriage return before a newline stay. */
void escape_text(struct buf *out, struct str text);

/* A part of one line: everything that is not printable is escaped, tab and newline too. */
void escape_line(struct buf *out, struct str text);

/* The first character of `text` (not empty) as escape_line() shows it. Returns the bytes it takes
 * of `text`. */
size_t escape_character(struct buf *out, struct str text);

/* Bytes of the first character of `text` (not empty) when it may be shown as it is, else 0. */
size_t escape_printable(struct str text);

/* A path as git writes it into a patch: as it is, or in double quotes with C escapes when it holds
 * a quote, a backslash, a blank at its end, or something that escape_line() would escape. */
void escape_patch_path(struct buf *out, struct str path);

#endif
