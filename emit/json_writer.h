/* JSON under construction, indented by two blanks: for the dumps.
 *
 *     json_open(&j, NULL, '{');              NULL: no key, an element of an array or the whole
 *     json_text(&j, "name", name);
 *     json_close(&j, '}');
 *
 * A byte that is not UTF-8 becomes \udcXX, as Python's "surrogateescape" reads it back. */
#ifndef EMIT_JSON_WRITER_H
#define EMIT_JSON_WRITER_H

#include "grammar/base/str.h"

/* Zero-initialize, set `out`. */
struct json {
    struct buf *out;
    unsigned depth;
    bool has_items; /* something stands before the next item at this depth */
};

/* `bracket` is '{' or '['; the same kind closes it. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);

void json_text(struct json *j, const char *key, struct str text);
void json_number(struct json *j, const char *key, int64_t number);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/* [start, end] on one line. */
void json_span(struct json *j, const char *key, struct span span);

#endif
