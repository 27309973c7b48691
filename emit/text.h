/* Diagnostics and remarks for people: FILE:LINE:COLUMN: KIND: SENTENCE, one a line, in the order of
 * the file. */
#ifndef EMIT_TEXT_H
#define EMIT_TEXT_H

#include "grammar/base/diag.h"
#include "grammar/base/source.h"
#include "ir/remark.h"

struct text_style {
    bool color;       /* for a terminal: coloured */
    bool snippet;     /* the source line below each message, with a caret */
    bool quiet;       /* errors alone, with their notes */
    unsigned remarks; /* which kinds: bits 1u << enum remark_kind */
};

struct text_input {
    const struct source *src;
    const struct diags *diags;
    const struct remarks *remarks;
};

/* Appends all messages that `style` asks for. */
void text_messages(struct buf *out, const struct text_input *input, const struct text_style *style);

#endif
