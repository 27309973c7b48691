/* What the Dockerfile's scanner, grammar and readers share; nobody else includes it.
 *
 * The scanner knows lines: it hands the physical lines of an instruction to df_add_line(), which
 * joins them. When the last one is there, the joined line is read at once (arguments.c) and its
 * here-documents are found, so that the scanner knows what the following lines are. The grammar
 * knows how lines make instructions and a file; of each complete instruction checks.c then refuses
 * what BuildKit's typed layer refuses.
 *
 * Spans of lines count in the source. */
#ifndef GRAMMAR_DOCKERFILE_PARSER_H
#define GRAMMAR_DOCKERFILE_PARSER_H

#include "grammar/dockerfile.h"

/* A logical line that is being put together, or is complete. */
struct df_line {
    struct df_instr *instr;
    bool refused;  /* its error is reported; nothing more is checked */
    size_t bodies; /* of its here-documents, how many have their body */
};

/* Bison's semantic value. */
union df_value {
    struct df_line line;
};

/* X(name, keyword): the parser directives. */
#define DF_DIRECTIVES(X)                                                                           \
    X(SYNTAX, "syntax")                                                                            \
    X(ESCAPE, "escape")                                                                            \
    X(CHECK, "check")

enum df_directive_kind {
#define X(name, keyword) DF_DIRECTIVE_##name,
    DF_DIRECTIVES(X)
#undef X
        DF_DIRECTIVE_NONE
};

struct df_parser {
    struct arena *arena;
    struct diags *diags; /* NULL: errors are only counted */
    size_t errors;
    struct str text; /* the source */
    struct df_file *file;
    bool one; /* a lone instruction is read: there are no stages */
    void *scanner;
    const char *copy;   /* what flex scans: the text without a byte order mark */
    uint32_t base;      /* where the copy starts in the source */
    int start_token;    /* the first token, made up; 0 when it is out */
    bool no_directives; /* they are over */
    bool seen[DF_DIRECTIVE_NONE];
    uint32_t line;      /* the physical line scanned last, from 1 */
    struct df_line now; /* whose lines are being scanned */
    struct buf joined;  /* its text, when it has several lines */
    size_t heredoc;     /* which of its here-documents is being scanned */
    uint32_t lead;      /* where the next instruction's lead starts */
};

/* What follows a line of an instruction. */
enum df_after { DF_CONTINUES, DF_HEREDOCS, DF_COMPLETE };

/* ---- for the scanner ---- */

/* Counts the physical line that flex has matched; returns its span. */
struct span df_next_line(struct df_parser *p, const char *matched, size_t len);

/* The empty span at the end. */
struct span df_end_of_file(const struct df_parser *p);

/* True when the comment at `line` is a parser directive; it is obeyed then. */
bool df_directive(struct df_parser *p, struct span line);

/* Directives stand before everything else. */
void df_end_directives(struct df_parser *p);

/* Starts an instruction at `line`. */
void df_begin_instr(struct df_parser *p, struct span line);

/* Adds a physical line to the instruction's logical line. */
enum df_after df_add_line(struct df_parser *p, struct span line);

/* The logical line is complete: reads it. */
enum df_after df_end_line(struct df_parser *p);

/* True when `line` ends the here-document that is being scanned. */
bool df_ends_heredoc(struct df_parser *p, struct span line);

/* True when another here-document follows. */
bool df_in_heredoc(const struct df_parser *p);

/* A line without any `\r` and `\n` at its end (trimNewline in parser.go). */
struct str df_without_newline(struct str line);

/* ---- for the grammar ---- */

/* The body of the instruction's next here-document. */
void df_heredoc_body(struct df_parser *p, struct df_line *line, struct span body);

/* The instruction is complete and has the bytes `text`. */
void df_add_instr(struct df_parser *p, struct df_line line, struct span text);

/* True when there are so many errors that the rest is not worth reading. */
bool df_gives_up(const struct df_parser *p);

/* Reports the line that ends the parse: too long, or else what comes after an unterminated
 * here-document. */
void df_bad_line(struct df_parser *p, struct span line, bool too_long);

/* The next token for bison. */
int df_yylex(union df_value *value, struct span *at, struct df_parser *p);

/* ---- for the readers ---- */

/* Reports an error at `at` in the joined text. */
void df_error(struct df_parser *p, const struct df_instr *i, struct span at, const char *format,
              ...) __attribute__((format(printf, 4, 5)));

/* Reports an error at `at` in the source. */
void df_error_at(struct df_parser *p, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Where `part`, a slice of the joined text, stands in it. */
struct span df_span(const struct df_instr *i, struct str part);

#endif
