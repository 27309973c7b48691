/* Which here-documents a line announces (heredocsFromLine and ParseHeredoc in BuildKit's
 * parser.go). */
#ifndef GRAMMAR_HEREDOC_H
#define GRAMMAR_HEREDOC_H

#include "grammar/dockerfile.h"

/* Collects the here-documents of the joined line into `out`, in order, without their bodies. A line
 * that does not lex has none. False when BuildKit refuses the line; `*why` then says why. */
bool heredocs_of_line(struct arena *a, struct str line, struct df_heredocs *out, const char **why);

/* True when `word` alone announces a here-document. */
bool is_heredoc_word(struct arena *a, struct str word);

/* `s` without its leading tabs. */
struct str heredoc_trim_tabs(struct str s);

#endif
