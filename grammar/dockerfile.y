/* How physical lines make instructions, and instructions a file.
 *
 * All errors but three are found by the readers of a complete line, which report them and let the
 * parse go on. The three are tokens that no rule takes, so that they end it, as they end BuildKit's
 * scan: a line that is too long, a here-document without its terminator, and, when a lone
 * instruction is wanted, whatever else stands there. */
%require "3.8"
%define api.pure full
%define api.prefix {df_yy}
%define api.token.prefix {T_}
%define api.location.type {struct span}
%define api.value.type {union df_value}
%define parse.error custom
%locations
%expect 0
%param { struct df_parser *p }

%code requires {
#include "grammar/dockerfile_parser.h"
}

%code {
#define YYINITDEPTH 32
#define YYMAXDEPTH 32
#define YYMALLOC(size) arena_alloc(p->arena, (size))
#define YYFREE(block) ((void)(block))

#define YYLLOC_DEFAULT(now, parts, n)                                                              \
    ((now) = (n) ? (struct span){YYRHSLOC(parts, 1).start, YYRHSLOC(parts, n).end}                 \
                 : (struct span){YYRHSLOC(parts, 0).end, YYRHSLOC(parts, 0).end})

static void df_yyerror(const struct span *at, struct df_parser *p, const char *message);
}

%token START_FILE START_INSTRUCTION     /* made up: which of the two is wanted */
%token EMPTY COMMENT DIRECTIVE          /* lines without effect on an instruction */
%token LINE                             /* of an instruction; the next one belongs to it too */
%token <line> LAST_LINE                /* with it the logical line is complete, and read */
%token HEREDOC_LINE HEREDOC_END         /* content; a terminator's line */
%token UNTERMINATED TOO_LONG            /* what no rule takes */

%type <line> instruction logical_line

%%

start
    : START_FILE file
    | START_INSTRUCTION instruction     { df_add_instr(p, $2, @2); }
    ;

file
    : %empty
    | file trivia
    | file instruction                  { df_add_instr(p, $2, @2); if (df_gives_up(p)) YYABORT; }
    ;

trivia
    : EMPTY
    | COMMENT
    | DIRECTIVE
    ;

instruction
    : logical_line
    | instruction heredoc_lines HEREDOC_END     { df_heredoc_body(p, &$1, @2); $$ = $1; }
    ;

logical_line
    : LAST_LINE
    | continued LAST_LINE               { $$ = $2; }
    ;

continued
    : LINE
    | continued LINE
    | continued EMPTY
    | continued COMMENT
    ;

heredoc_lines
    : %empty
    | heredoc_lines HEREDOC_LINE
    ;

%%

static int yyreport_syntax_error(const yypcontext_t *context, struct df_parser *p)
{
    df_bad_line(p, *yypcontext_location(context), yypcontext_token(context) == YYSYMBOL_TOO_LONG);
    return 0;
}

/* Bison's own failures: memory, which the arena reports, and a stack that this grammar cannot
 * fill. */
static void df_yyerror(const struct span *at, struct df_parser *p, const char *message)
{
    (void)at;
    (void)message;
    CHECK(p->arena, false);
}
