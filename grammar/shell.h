/* The shell's AST: POSIX XCU 2.10 with the bash that Dockerfiles use, the whole of it on one page.
 *
 * Every span counts in the text that was parsed (joined text). The tree keeps what a rewriter
 * needs: each construct's span, each operator's, and words in parts. Nothing is expanded.
 * Substitutions hold trees of their own. */
#ifndef GRAMMAR_SHELL_H
#define GRAMMAR_SHELL_H

#include "grammar/base/str.h"

struct sh_list;
struct sh_word;

struct sh_words VEC_OF(struct sh_word *);

/* ---- words (XCU 2.2, 2.6) ---- */

enum sh_part_kind {
    SH_LITERAL,   /* abc \x *.c ~ {a,b}    bare text; escapes, globs and braces are in it as written
                   */
    SH_SQUOTE,    /* 'text' */
    SH_DOLSQUOTE, /* $'text'               bash */
    SH_DQUOTE,    /* "parts"               also $"parts" */
    SH_PARAM,     /* $x ${x} ${x:-word} ${x[i]} ${x/a/b} ${!x} ${#x} */
    SH_CMDSUB,    /* $(list) `list` */
    SH_ARITH,     /* $((text)) $[text] */
    SH_PROCSUB    /* <(list) >(list)       bash */
};

struct sh_part {
    enum sh_part_kind kind;
    struct span span; /* quotes and delimiters included */
    struct str text;  /* LITERAL, SQUOTE, DOLSQUOTE: as written between its delimiters; ARITH: the
                         expression */
    struct sh_words operands; /* PARAM: the words inside `${x:-word}`, `${x/a/b}`, in order */
    struct sh_word *inner;    /* DQUOTE, ARITH: the parts inside */
    struct sh_list *list;     /* CMDSUB, PROCSUB; NULL when empty */
    struct str name;          /* PARAM: x, 1, @, ?, ... */
    struct str op; /* PARAM: ":-", "#", "%%", "/", ":", "[" ... ; "" for a plain $x or ${x} */
    struct sh_word *index; /* PARAM: i of ${x[i]}, ${x[i]:-word}; NULL when there is none; op is "["
                              when nothing follows the index */
    bool length, indirect; /* PARAM: ${#x}, ${!x} */
    bool backquoted; /* CMDSUB: `list`; spans inside its list count in the unescaped copy, not in
                        the text */
};

struct sh_parts VEC_OF(struct sh_part);

struct sh_word {
    struct span span;
    struct sh_parts parts;
};

/* ---- simple commands (XCU 2.9.1) and redirections (XCU 2.7) ---- */

/* name=word  name+=word  name[i]=word  name=(word ...)
 *
 * Arguments of a declaration command (export a=b) are words, but for arrays (local a=(b c)): these
 * are assignments too, behind the command's name. */
struct sh_assign {
    struct span span;
    struct str name;
    bool append, indexed, array;
    struct sh_word *index;    /* indexed: i of name[i]=word */
    struct sh_word *value;    /* NULL for an empty value or an array */
    struct sh_words elements; /* array: the words between the parentheses */
};

struct sh_assigns VEC_OF(struct sh_assign);

enum sh_redirect_kind {
    SH_IN,          /* [n]< word */
    SH_OUT,         /* [n]> word */
    SH_CLOBBER,     /* [n]>| word */
    SH_APPEND,      /* [n]>> word */
    SH_INOUT,       /* [n]<> word */
    SH_DUP_IN,      /* [n]<& word */
    SH_DUP_OUT,     /* [n]>& word */
    SH_OUT_BOTH,    /* &> word      bash */
    SH_APPEND_BOTH, /* &>> word     bash */
    SH_HERESTRING,  /* [n]<<< word  bash */
    SH_HEREDOC,     /* [n]<< word */
    SH_HEREDOC_TABS /* [n]<<- word */
};

struct sh_redirect {
    enum sh_redirect_kind kind;
    struct span span;       /* number, operator and word */
    struct str number;      /* "2" of 2>; "{fd}" of {fd}>; empty when there is none */
    struct sh_word *target; /* the delimiter's word for here-documents */
    struct str delimiter;   /* here-documents: after quote removal */
    bool quoted;            /* here-documents: any part of the delimiter is quoted: no expansion */
    struct sh_word
        *body; /* here-documents: the content as one word (parts are LITERAL when quoted) */
    struct span body_span; /* here-documents: content and terminator line; lies outside the
                              command's own span */
};

struct sh_redirects VEC_OF(struct sh_redirect);

/* ---- commands (XCU 2.9) ---- */

enum sh_command_kind {
    SH_SIMPLE,    /* assignments words redirects */
    SH_BRACE,     /* { body } */
    SH_SUBSHELL,  /* ( body ) */
    SH_IF,        /* if arms else fi */
    SH_WHILE,     /* while cond do body done */
    SH_UNTIL,     /* until cond do body done */
    SH_FOR,       /* for name [in words] do body done */
    SH_SELECT,    /* select name [in words] do body done   bash */
    SH_ARITH_FOR, /* for ((text)) do body done             bash */
    SH_CASE,      /* case word in items esac */
    SH_FUNCTION,  /* name() command   function name command */
    SH_TEST,      /* [[ words ]]                           bash */
    SH_ARITH_CMD, /* (( text ))                            bash */
    SH_COPROC     /* coproc [name] command                 bash */
};

struct sh_command;

/* if/elif: `if cond then body` */
struct sh_arm {
    struct sh_list *cond, *body;
};

struct sh_arms VEC_OF(struct sh_arm);

/* case: `pattern | pattern ) body ;;` */
struct sh_case_item {
    struct span span;
    struct sh_words patterns;
    struct sh_list *body;  /* NULL when empty */
    struct str terminator; /* ";;" ";&" ";;&", or empty for the last */
};

struct sh_case_items VEC_OF(struct sh_case_item);

struct sh_command {
    enum sh_command_kind kind;
    struct span span; /* redirections included, here-document bodies not */
    struct sh_redirects redirects;
    struct sh_assigns assigns;   /* SIMPLE */
    struct sh_words words;       /* SIMPLE; FOR and SELECT: the list after `in`; TEST: operands and
                                    operators; CASE: the subject alone; ARITH_CMD, ARITH_FOR: the
                                    text as one word */
    struct str name;             /* FOR, SELECT, FUNCTION, COPROC */
    bool has_in;                 /* FOR, SELECT */
    struct str text;             /* ARITH_CMD, ARITH_FOR */
    struct sh_list *cond, *body; /* cond: WHILE, UNTIL; body: BRACE, SUBSHELL, loops */
    struct sh_arms arms;         /* IF */
    struct sh_list *otherwise;   /* IF: else; NULL when there is none */
    struct sh_case_items items;  /* CASE */
    struct sh_command *function; /* FUNCTION, COPROC: the command */
};

/* ---- pipelines and lists (XCU 2.9.2, 2.9.3) ---- */

struct sh_commands VEC_OF(struct sh_command *);

/* [time] [!] command | command ... */
struct sh_pipeline {
    struct span span;
    bool bang;  /* an even number of `!` is none */
    bool timed; /* `time` stands before it or before one of its commands */
    struct sh_commands commands;
    bool both; /* some `|` is `|&` (bash) */
};

enum sh_and_or_op { SH_FIRST, SH_AND, SH_OR };

/* One operand of an AND-OR list with the operator before it. */
struct sh_operand {
    enum sh_and_or_op op; /* SH_FIRST for the first */
    struct span op_span;  /* of && or ||; empty for the first */
    struct sh_pipeline *pipeline;
};

struct sh_operands VEC_OF(struct sh_operand);

/* pipeline && pipeline || ... */
struct sh_and_or {
    struct span span;
    struct sh_operands operands;
};

enum sh_separator {
    SH_END,       /* nothing: the last */
    SH_SEMICOLON, /* ; */
    SH_NEWLINE,
    SH_AMPERSAND /* & : asynchronous */
};

struct sh_item {
    struct sh_and_or *and_or;
    enum sh_separator separator; /* what stands behind it */
    struct span separator_span;
};

struct sh_items VEC_OF(struct sh_item);

struct sh_comment {
    struct span span; /* from `#` up to, not including, the newline */
};

struct sh_comments VEC_OF(struct sh_comment);

/* and_or ; and_or & and_or ... */
struct sh_list {
    struct span span; /* from the first and_or to the last, or to the ; or & behind that */
    struct sh_items items;
};

/* ---- entry points ---- */

/* What the text is read as. They differ where a construct means two things: `((`, `&>`, `{fd}>`,
 * `$[`, and ' in "${x:-it's}" (bash pairs it). */
enum sh_dialect {
    SH_POSIX, /* dash, ash: `((` opens two subshells, `&>` is `&` then `>` */
    SH_BASH   /* bash: also sh on Alpine (busybox) and on the RPM family for what they share */
};

struct sh_script {
    struct str text;             /* what was parsed */
    struct sh_list *list;        /* NULL for a text of blanks and comments alone */
    struct sh_comments comments; /* in order; those inside $(..) too, inside `..` not */
};

struct sh_error {
    struct span at; /* in the text */
    struct str message;
};

/* Reads a shell text. NULL when it does not parse: then `error` (may be NULL) tells the first
 * reason. Bash constructs are read in both dialects; `((` that does not close as arithmetic opens
 * two subshells; where POSIX tries these first and fails, it is read as arithmetic. A text with a
 * NUL byte does not parse. */
struct sh_script *sh_parse(struct arena *a, struct str text, enum sh_dialect dialect,
                           struct sh_error *error);

/* The word after quote removal when it is literal: no expansion of any kind but globs and braces,
 * which are kept as characters, and so is a `~` at its start. False when some part is not literal
 * ($'..' is not). XCU 2.6.7. */
bool sh_word_literal(struct arena *a, const struct sh_word *w, struct str *out);

/* `text` quoted so that a shell reads it as one literal word behind a command's name; as it is when
 * it needs no quotes there. */
struct str sh_quote(struct arena *a, struct str text);

/* ---- walking ---- */

/* Called for each node before its children; return false to skip the children. Unused callbacks may
 * be NULL. `depth` of substitution: 0 outside $(..), `..`, <(..). Function bodies and here-document
 * bodies are walked too. */
struct sh_visitor {
    void *self;
    bool (*list)(void *self, const struct sh_list *list, unsigned substitution);
    bool (*and_or)(void *self, const struct sh_and_or *and_or, unsigned substitution);
    bool (*pipeline)(void *self, const struct sh_pipeline *pipeline, unsigned substitution);
    bool (*command)(void *self, const struct sh_command *command, unsigned substitution);
    bool (*word)(void *self, const struct sh_word *word, unsigned substitution);
};

void sh_walk(const struct sh_list *list, const struct sh_visitor *v);

/* The `word` of a visitor that wants the commands of the script alone: none in substitutions. */
bool sh_skip_word(void *self, const struct sh_word *word, unsigned substitution);

/* One AND-OR list of simple commands, and no substitution in it holds more than one: as far as can
 * be seen -e makes no difference to it (XCU 2.14, set). Nothing at all (NULL, `$()`) is plain. */
bool sh_is_plain(const struct sh_list *list);

#endif
