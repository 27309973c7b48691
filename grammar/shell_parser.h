/* What the shell's scanner, grammar and node builders share; private to grammar/shell*.
 *
 * One sh_parser reads one text with one scanner. Substitutions `$( )` run the grammar again on the
 * same scanner; backquotes and here-document bodies are texts of their own, read by a parser of
 * their own that counts in `depth` too. */
#ifndef GRAMMAR_SHELL_PARSER_H
#define GRAMMAR_SHELL_PARSER_H

#include "grammar/shell.h"

enum {
    SH_MAX_SUBSTITUTIONS = 30, /* nested $( ) ` ` <( ) and here-document bodies */
    SH_MAX_CONDITIONS = 2000   /* nested quotes, parameters, parentheses for the scanner */
};

/* A here-document from its delimiter on. `body` comes first: sh_redirect.body points at it. */
struct sh_heredoc {
    struct sh_word body;
    struct span body_span;
    struct sh_redirect *owner; /* NULL until its command is complete */
    struct sh_word *target;
    struct str delimiter;
    bool quoted, tabs;
    bool joins; /* the line before ends in a backslash: this one is no terminator */
};

struct sh_heredocs VEC_OF(struct sh_heredoc *);

/* How `((` is read where a command may start. */
enum sh_double_paren {
    SH_ARITH_FIRST,  /* arithmetic when it closes with `))`, as bash does */
    SH_TWO_SUBSHELLS /* as dash does */
};

struct sh_parser {
    struct arena *arena;
    struct str text;  /* what this parser reads; never changed by the scanner */
    uint32_t base;    /* offset of `text` in the text that spans count in */
    const char *copy; /* the scanner's own copy of `text` */
    void *scanner;
    enum sh_dialect dialect;
    enum sh_double_paren double_paren;
    bool saw_double_paren;
    unsigned depth;
    int start;           /* first token of the next sh_yyparse(); 0 once it was handed out */
    int previous;        /* the token before */
    bool at_command;     /* a command may start here */
    bool delimiter_tabs; /* the delimiter ahead belongs to <<- */
    struct span newline; /* the one behind which here-document bodies stand */
    struct span close;   /* the last `)`: what ends a substitution */
    struct sh_heredocs heredocs; /* whose bodies are still to come; the oldest at `heredoc_base` */
    uint32_t heredoc_base;
    uint32_t heredocs_read;       /* from there on, while the bodies are read */
    struct sh_comments *comments; /* NULL: not collected */
    struct sh_list *list;         /* results */
    struct sh_word *word;
    struct sh_error error;
    bool failed;
};

/* The value of a redirection operator. */
struct sh_operator {
    enum sh_redirect_kind kind;
    struct span number;
};

union sh_value {
    struct sh_list *list;
    struct sh_and_or *and_or;
    struct sh_pipeline *pipeline;
    struct sh_command *command;
    struct sh_word *word;
    struct sh_words *words;
    struct sh_part *part;
    struct sh_assign *assign;
    struct sh_case_item *case_item;
    enum sh_command_kind kind;
    struct sh_redirect *redirect;
    struct sh_redirects *redirects;
    struct sh_heredoc *heredoc;
    struct sh_operator op;
    enum sh_separator separator;
};

/* ---- shell.c: between scanner and grammar ---- */

/* The next token for the grammar; reads substitutions itself. */
int sh_yylex(union sh_value *value, struct span *at, struct sh_parser *p);

/* Remembers the first error and returns the token that stops the grammar. */
int sh_fail(struct sh_parser *p, struct span at, const char *message);

/* The text of a span of this parser. */
struct str sh_text(const struct sh_parser *p, struct span at);

/* The byte at `offset` of the spans' text; 0 behind the end. */
char sh_byte(const struct sh_parser *p, uint32_t offset);

/* Reads the content of a here-document, [at), into `out`; a failure is p's. */
void sh_read_content(struct sh_parser *p, struct span at, struct sh_word *out);

/* ---- shell_ahead.c: the text ahead ---- */

/* True when an odd number of backslashes stands before text[i]. */
bool sh_is_escaped(struct str text, size_t i);

/* True when a word that reaches to `offset` ends there. */
bool sh_word_ends(const struct sh_parser *p, uint32_t offset);

/* True when `*( ?( +( @( !(` opens at the character before `offset`. */
bool sh_opens_extglob(const struct sh_parser *p, uint32_t offset);

/* True when the parenthesis that opens two bytes before `offset` (`((` or `$((`) closes with `))`.
 */
bool sh_closes_arith(const struct sh_parser *p, uint32_t offset);

/* True when the subscript that starts at `offset` closes with `]=` or `]+=`. */
bool sh_closes_subscript(const struct sh_parser *p, uint32_t offset);

/* ---- shell_heredoc.c ---- */

/* Queues the here-document whose delimiter stands at `at`. */
struct sh_heredoc *sh_heredoc_queue(struct sh_parser *p, struct span at, bool tabs);

bool sh_heredoc_pending(const struct sh_parser *p);

/* Takes one line (its newline included) into the oldest here-document. True when that was the last
 * terminator that was waited for. */
bool sh_heredoc_line(struct sh_parser *p, struct span line);

/* ---- shell.l ---- */

enum sh_scan_mode { SH_SCAN_COMMANDS, SH_SCAN_HEREDOC };

/* Opens the scanner on a private copy of p->text. */
void sh_scan_open(struct sh_parser *p, enum sh_scan_mode mode);

/* Leaves the commands inside a substitution. */
void sh_scan_leave(struct sh_parser *p);

int sh_lex_lex(union sh_value *value, struct span *at, void *scanner);

/* ---- shell_words.c: nodes, made bottom-up ----
 *
 * `at` is the place of the whole construct, `head` that of its first token. Those that take a node
 * and return it change it. */

struct span sh_reach(struct span first, struct span last);

/* No parts yet; `at` is the place behind what opens it, and stays its span when none come. */
struct sh_word *sh_new_word(struct sh_parser *p, struct span at);
struct sh_word *sh_plain_word(struct sh_parser *p, struct span at);
struct sh_word *sh_add_text(struct sh_parser *p, struct sh_word *w, enum sh_part_kind kind,
                            struct span at);
struct sh_word *sh_add_quoted(struct sh_parser *p, struct sh_word *w, struct sh_word *inner,
                              struct span at);
struct sh_word *sh_add_arith(struct sh_parser *p, struct sh_word *w, struct sh_word *inner,
                             struct span open, struct span close);
struct sh_word *sh_add_list(struct sh_parser *p, struct sh_word *w, enum sh_part_kind kind,
                            struct sh_list *list, struct span at);
struct sh_word *sh_add_backquoted(struct sh_parser *p, struct sh_word *w, struct sh_list *list,
                                  struct span at);
struct sh_word *sh_add_part(struct sh_parser *p, struct sh_word *w, const struct sh_part *part);

/* A parameter from `$x`, `${x}` or the head of a longer one, `${x` or `${x[i]`. */
struct sh_part *sh_param(struct sh_parser *p, struct span head, struct span at);
struct sh_part *sh_param_index(struct sh_part *part, struct sh_word *index);
struct sh_part *sh_param_operator(struct sh_parser *p, struct sh_part *part, struct span op,
                                  struct sh_words *operands);
struct sh_part *sh_param_close(struct sh_part *part, struct span close);

/* The word of a here-document's delimiter: quotes are parts, all else is literal. */
struct sh_word *sh_delimiter_word(struct sh_parser *p, struct span at);

struct sh_words *sh_new_words(struct sh_parser *p);
struct sh_words *sh_one_word(struct sh_parser *p, struct sh_word *w);
struct sh_words *sh_add_word(struct sh_parser *p, struct sh_words *words, struct sh_word *w);
struct sh_words *sh_first_word(struct sh_parser *p, struct sh_word *w, struct sh_words *words);
/* left, the word at `between`, right */
struct sh_words *sh_join_words(struct sh_parser *p, struct sh_words *left, struct span between,
                               struct sh_words *right);
struct sh_words *sh_enclose_words(struct sh_parser *p, struct sh_words *words, struct span open,
                                  struct span close);

struct sh_assign *sh_new_assign(struct sh_parser *p, struct span head, struct sh_word *index,
                                struct sh_word *value);
struct sh_assign *sh_element_assign(struct sh_parser *p, struct span head, struct sh_word *index,
                                    struct span close, struct sh_word *value);
struct sh_assign *sh_array_assign(struct sh_parser *p, struct span head, struct sh_words *elements,
                                  struct span at);
/* An assignment where none may stand: the word that it is. */
struct sh_word *sh_assign_as_word(struct sh_parser *p, const struct sh_assign *assign);

/* ---- shell_build.c ---- */

struct sh_redirect *sh_new_redirect(struct sh_parser *p, struct sh_operator op,
                                    struct sh_word *target, struct span at);
struct sh_redirect *sh_new_heredoc(struct sh_parser *p, struct sh_operator op,
                                   struct sh_heredoc *heredoc, struct span at);
struct sh_redirects *sh_new_redirects(struct sh_parser *p);
struct sh_redirects *sh_add_redirect(struct sh_parser *p, struct sh_redirects *redirects,
                                     const struct sh_redirect *redirect);

struct sh_command *sh_new_command(struct sh_parser *p, enum sh_command_kind kind, struct span at);
struct sh_command *sh_named(struct sh_parser *p, struct sh_word *name);
struct sh_command *sh_with_word(struct sh_parser *p, struct sh_command *c, struct sh_word *w);
struct sh_command *sh_with_assign(struct sh_parser *p, struct sh_command *c,
                                  const struct sh_assign *assign, struct span at);
struct sh_command *sh_with_redirect(struct sh_parser *p, struct sh_command *c,
                                    const struct sh_redirect *redirect, struct span at);
struct sh_command *sh_with_redirects(struct sh_command *c, const struct sh_redirects *redirects,
                                     struct span at);
/* A command gets no more redirections: its here-documents learn where theirs lies. */
struct sh_command *sh_command_done(struct sh_command *c);
struct sh_command *sh_complete(struct sh_command *c, struct span at);

struct sh_command *sh_body(struct sh_parser *p, enum sh_command_kind kind, struct sh_list *body,
                           struct span at);
struct sh_command *sh_for(struct sh_parser *p, enum sh_command_kind kind, struct sh_word *name,
                          const struct sh_words *words);
struct sh_command *sh_loop(struct sh_command *c, struct sh_list *body, struct span at);
struct sh_command *sh_while(struct sh_parser *p, enum sh_command_kind kind, struct sh_list *cond,
                            struct sh_list *body, struct span at);
struct sh_command *sh_arith_for(struct sh_parser *p, struct sh_word *text, struct sh_list *body,
                                struct span at);
struct sh_command *sh_arith(struct sh_parser *p, struct sh_word *text, struct span at);
struct sh_command *sh_test(struct sh_parser *p, const struct sh_words *words, struct span at);
struct sh_command *sh_case(struct sh_parser *p, struct sh_word *subject);
struct sh_command *sh_with_item(struct sh_parser *p, struct sh_command *c,
                                const struct sh_case_item *item);
struct sh_case_item *sh_new_case_item(struct sh_parser *p, const struct sh_words *patterns,
                                      struct sh_list *body, struct span head,
                                      struct span terminator);
struct sh_command *sh_with_arm(struct sh_parser *p, struct sh_command *c, struct sh_list *cond,
                               struct sh_list *body);
struct sh_command *sh_with_else(struct sh_command *c, struct sh_list *body);
struct sh_command *sh_function(struct sh_parser *p, const struct sh_word *name,
                               struct sh_command *body, struct span at);
struct sh_command *sh_coproc(struct sh_parser *p, const struct sh_word *name,
                             struct sh_command *command, struct span at);

struct sh_pipeline *sh_new_pipeline(struct sh_parser *p, struct sh_command *c);
struct sh_pipeline *sh_add_command(struct sh_parser *p, struct sh_pipeline *pipeline,
                                   struct sh_command *c, bool both);
struct sh_pipeline *sh_add_timed(struct sh_parser *p, struct sh_pipeline *pipeline,
                                 struct sh_command *c);
struct sh_pipeline *sh_negated(struct sh_pipeline *pipeline, struct span bang);
struct sh_pipeline *sh_timed(struct sh_pipeline *pipeline, struct span time);
struct sh_and_or *sh_new_and_or(struct sh_parser *p, struct sh_pipeline *pipeline);
struct sh_and_or *sh_add_pipeline(struct sh_parser *p, struct sh_and_or *and_or,
                                  enum sh_and_or_op op, struct span op_span,
                                  struct sh_pipeline *pipeline);
struct sh_list *sh_new_list(struct sh_parser *p, struct sh_and_or *and_or);
struct sh_list *sh_add_and_or(struct sh_parser *p, struct sh_list *list, struct sh_and_or *and_or);
struct sh_list *sh_separated(struct sh_list *list, enum sh_separator separator, struct span at);

#endif
