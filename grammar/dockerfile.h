/* The Dockerfile's AST: a flat list of instructions, read as BuildKit reads them
 * (docker/dockerfile:1).
 *
 * All spans of an instruction count from the first byte of its own text, so that an instruction
 * that is read again alone (df_parse_one) gives the same tree. Joined spans count in `joined.text`;
 * each field says which it is. */
#ifndef GRAMMAR_DOCKERFILE_H
#define GRAMMAR_DOCKERFILE_H

#include "grammar/base/diag.h"
#include "grammar/base/source.h"
#include "grammar/join.h"

/* X(name, keyword): every instruction of the Dockerfile reference. */
#define DF_INSTRUCTIONS(X)                                                                         \
    X(ADD, "add")                                                                                  \
    X(ARG, "arg")                                                                                  \
    X(CMD, "cmd")                                                                                  \
    X(COPY, "copy")                                                                                \
    X(ENTRYPOINT, "entrypoint")                                                                    \
    X(ENV, "env")                                                                                  \
    X(EXPOSE, "expose")                                                                            \
    X(FROM, "from")                                                                                \
    X(HEALTHCHECK, "healthcheck")                                                                  \
    X(LABEL, "label")                                                                              \
    X(MAINTAINER, "maintainer")                                                                    \
    X(ONBUILD, "onbuild")                                                                          \
    X(RUN, "run")                                                                                  \
    X(SHELL, "shell")                                                                              \
    X(STOPSIGNAL, "stopsignal")                                                                    \
    X(USER, "user")                                                                                \
    X(VOLUME, "volume")                                                                            \
    X(WORKDIR, "workdir")

enum df_kind {
#define X(name, keyword) DF_##name,
    DF_INSTRUCTIONS(X)
#undef X
        DF_UNKNOWN /* an ONBUILD trigger's keyword that is no instruction: BuildKit refuses it only
                      when an image is built on this one */
};

/* An argument or flag. */
struct df_word {
    struct str
        text; /* its value as BuildKit's parser gives it (JSON strings decoded, flags unquoted) */
    struct span
        joined; /* where it stands in joined.text, quotes included; empty when it stands nowhere */
};

struct df_words VEC_OF(struct df_word);

/* ENV, LABEL: one `name=value`; ARG: one `name` or `name=default`. Views into `args`. */
struct df_pair {
    struct str name, value; /* value as written, quotes included */
    bool has_value;         /* ARG without `=` has none */
    bool legacy;            /* `ENV name rest of line` */
};

struct df_pairs VEC_OF(struct df_pair);

/* A here-document: `<<word` in the instruction's line, then the content, then the terminator's
 * line. */
struct df_heredoc {
    struct str name;    /* the terminator, unquoted */
    uint64_t fd;        /* digits before `<<`; 0 when there are none */
    bool expand;        /* no part of the word is quoted */
    bool chomp;         /* `<<-`: leading tabs go away */
    struct str content; /* raw, tabs kept */
    struct span word;   /* in joined.text: `3<<-"EOF"` */
    struct span
        body; /* in the instruction's bytes: the content alone, without the terminator's line */
};

struct df_heredocs VEC_OF(struct df_heredoc);

struct df_instr {
    enum df_kind kind;
    struct span lead; /* in the source: blank lines, comments, directives before it */
    struct span text; /* in the source: its bytes, here-documents and final newline included */
    uint32_t first_line,
        last_line;       /* in the source, from 1; as BuildKit counts them (parsing-rules 6) */
    struct span keyword; /* in joined.text */
    struct joined
        joined; /* the whole logical line, keyword included, without here-document bodies */
    struct df_words flags; /* `--name`, `--name=value` */
    struct span rest;      /* in joined.text: what follows keyword and flags, trimmed */
    bool json;             /* the arguments are in JSON (exec) form */
    struct df_words
        args; /* the values of BuildKit's AST. ENV, LABEL: three a pair: name, value, and
                 `=` or (legacy form) nothing. HEALTHCHECK: without its CMD/NONE word */
    struct df_pairs pairs;       /* ENV, LABEL, ARG alone */
    struct df_heredocs heredocs; /* ONBUILD: those of its trigger, which has them too */
    struct str healthcheck;      /* HEALTHCHECK alone: "CMD" or "NONE", upper case */
    struct df_instr *
        trigger; /* ONBUILD alone: the instruction it holds; shares `joined`; no bytes of its own */
};

struct df_instrs VEC_OF(struct df_instr *);

/* `FROM base AS name`, as BuildKit's typed layer sees it. */
struct df_stage {
    uint32_t first_line, last_line;
    struct str name;     /* lower case; empty when there is none */
    struct str base;     /* as written */
    struct str platform; /* as written; empty when there is none */
};

struct df_stages VEC_OF(struct df_stage);

struct df_file {
    char escape;       /* '\\' or '`' */
    bool bom;          /* the text starts with a byte order mark (it belongs to the first lead) */
    struct str syntax; /* the value of `# syntax=`, or empty */
    struct df_instrs instrs;
    struct df_stages stages;
    struct span tail; /* trivia after the last instruction */
};

/* Reads a whole file. NULL when BuildKit would refuse it; then at least one error is in `diags`
 * (spans in the source). */
struct df_file *df_parse(struct arena *a, const struct source *src, struct diags *diags);

/* Reads one instruction from its own bytes (no lead before it). NULL when the bytes are not exactly
 * one instruction that BuildKit accepts. `escape` is the file's escape character. Reports nothing.
 */
struct df_instr *df_parse_one(struct arena *a, struct str text, char escape);

/* The keyword in lower case; empty for DF_UNKNOWN. */
struct str df_keyword(enum df_kind kind);

/* A flag can have the value as it is written: no blanks, quotes, escapes or variables in it, and
 * nothing beyond ASCII, of which BuildKit takes each byte for a character (parser/line_parsers.go,
 * extractBuilderFlags). */
bool df_flag_takes(struct str value);

/* The value of flag `--name=value` ("name" without dashes), "" for a lone `--name`; false when it
 * is not there. */
bool df_flag(const struct df_instr *i, struct str name, struct str *value);

/* The same words in the same order. */
bool df_same_words(const struct df_words *a, const struct df_words *b);

/* The same flags, whatever their order. */
bool df_same_flags(const struct df_instr *a, const struct df_instr *b);

/* What BuildKit gives the shell for a shell-form RUN (or CMD, ENTRYPOINT, HEALTHCHECK CMD), with
 * the way back to the bytes: the joined text; of `RUN <<EOF` alone the here-document's content
 * (tabs chomped for `<<-`); otherwise the text with its here-documents behind it (dispatchRun in
 * BuildKit's dockerfile2llb/convert.go). False for the exec form, for other instructions, and where
 * there is no text. */
bool df_shell_text(struct arena *a, const struct df_instr *i, struct joined *out);

/* True of a RUN (or of ONBUILD's) that is one here-document and nothing else: its content is a
 * script of its own, of the stage's shell unless it begins with `#!`. */
bool df_is_document(const struct df_instr *i);

#endif
