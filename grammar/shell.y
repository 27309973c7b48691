/* The shell's grammar: XCU 2.10 with what bash adds.
 *
 * A body may end without a separator when its last command is a compound one (`if (a) then`): what
 * ends so is `closed`, all else `open`. A reserved word that stands alone is always its token; where
 * the shell reads a plain word, `any_word` takes it back. A substitution is one token here: sh_yylex()
 * reads it by running this grammar again. */
%require "3.8"
%define api.pure full
%define api.prefix {sh_yy}
%define api.token.prefix {T_}
%define api.location.type {struct span}
%define api.value.type {union sh_value}
%define parse.error custom
%locations
%expect 0
%param { struct sh_parser *p }

%code requires {
#include "grammar/shell_parser.h"
}

%code {
#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
    do {                                                                                           \
        (current).start = (n) ? YYRHSLOC(rhs, 1).start : YYRHSLOC(rhs, 0).end;                     \
        (current).end = YYRHSLOC(rhs, (n) ? (n) : 0).end;                                          \
    } while (0)
#define YYMAXDEPTH 2000
#define YYINITDEPTH 100
#define YYMALLOC(size) arena_alloc(p->arena, (size))
#define YYFREE(at) ((void)(at))

static void sh_yyerror(const struct span *at, struct sh_parser *p, const char *message);
}

%token START_SCRIPT START_SUBSTITUTION START_HEREDOC
%token NEWLINE "newline" AND_IF "&&" OR_IF "||" PIPE_BOTH "|&"
%token DSEMI ";;" SEMI_AND ";&" DSEMI_AND ";;&"
%token IF "if" THEN "then" ELIF "elif" ELSE "else" FI "fi" FOR "for" SELECT "select" IN "in"
%token WHILE "while" UNTIL "until" DO "do" DONE "done" CASE "case" ESAC "esac"
%token LBRACE "{" RBRACE "}" BANG "!" FUNCTION "function" COPROC "coproc"
%token TIME "time" TIME_OPTION "-p" DECLARE "declaration command"
%token TEST_OPEN "[[" TEST_CLOSE "]]" TEST_JOIN "&& or || in [[ ]]"
%token TEST_UNARY "unary test operator" TEST_BINARY "binary test operator"
%token WORD "word" WORD_END "end of word" LIT "text" SQUOTE "quoted text" DOLSQUOTE "$'..'"
%token DQ_OPEN "\"" DQ_CLOSE "closing \"" PARAM "parameter"
%token PE_OPEN "${" PE_CLOSE "}  of ${" PE_OP "parameter operator" PE_NEXT "parameter operand"
%token PE_INDEX "[" INDEX_CLOSE "]"
%token ARITH_OPEN "$((" ARITH_CLOSE "))" ARITH_CMD "(("
%token ASSIGN "assignment" ASSIGN_ELEMENT "assignment to an element" ASSIGN_ARRAY "array"
%token CMDSUB_OPEN "$(" PROCSUB_OPEN "<("
%token <list> CMDSUB "command substitution" PROCSUB "process substitution"
%token <list> BACKQUOTE "`..`" BACKQUOTE_DQ
%token <op> REDIRECT "redirection" HEREDOC "<<"
%token <heredoc> DELIM "here-document delimiter"

%type <list> program term term_open term_closed compound_list paren_list do_group
%type <list> case_body case_last_body
%type <and_or> and_or and_or_open and_or_closed
%type <pipeline> pipeline_open pipeline_closed sequence sequence_open sequence_closed
%type <command> command_open command_closed compound compound_command brace_group subshell
%type <command> for_clause for_words arith_for case_clause case_head case_items if_clause if_arms
%type <command> while_clause test_command arith_command function_open function_closed
%type <command> coproc_open coproc_closed coproc_words simple_command prefix named declaration
%type <kind> loop_word while_word
%type <words> words elements patterns pattern_list test test_term operands
%type <case_item> case_item case_item_last
%type <redirects> redirects
%type <redirect> redirect
%type <assign> assignment array_assignment
%type <word> word parts any_word most_words name_word reserved reserved_but_esac
%type <word> test_operand test_right
%type <part> param_head
%type <separator> separator_op separator

%start start

%%

start
    : START_SCRIPT program { p->list = $2; }
    | START_SUBSTITUTION program ')' { p->list = $2; YYACCEPT; }
    | START_HEREDOC parts { p->word = $2; }
    ;

/* program: linebreak complete_commands linebreak | linebreak */
program
    : linebreak { $$ = NULL; }
    | linebreak term { $$ = $2; }
    | linebreak term separator { $$ = sh_separated($2, $3, @3); }
    ;

/* compound_list: linebreak term | linebreak term separator */
compound_list
    : linebreak term_closed { $$ = $2; }
    | linebreak term separator { $$ = sh_separated($2, $3, @3); }
    ;

/* the same before `)`, which ends any command */
paren_list
    : linebreak term { $$ = $2; }
    | linebreak term separator { $$ = sh_separated($2, $3, @3); }
    ;

/* term: term separator and_or | and_or */
term
    : term_open
    | term_closed
    ;

term_open
    : and_or_open { $$ = sh_new_list(p, $1); }
    | term separator and_or_open { $$ = sh_add_and_or(p, sh_separated($1, $2, @2), $3); }
    ;

term_closed
    : and_or_closed { $$ = sh_new_list(p, $1); }
    | term separator and_or_closed { $$ = sh_add_and_or(p, sh_separated($1, $2, @2), $3); }
    ;

/* and_or: pipeline | and_or AND_IF linebreak pipeline | and_or OR_IF linebreak pipeline */
and_or
    : and_or_open
    | and_or_closed
    ;

and_or_open
    : pipeline_open { $$ = sh_new_and_or(p, $1); }
    | and_or AND_IF linebreak pipeline_open { $$ = sh_add_pipeline(p, $1, SH_AND, @2, $4); }
    | and_or OR_IF linebreak pipeline_open { $$ = sh_add_pipeline(p, $1, SH_OR, @2, $4); }
    ;

and_or_closed
    : pipeline_closed { $$ = sh_new_and_or(p, $1); }
    | and_or AND_IF linebreak pipeline_closed { $$ = sh_add_pipeline(p, $1, SH_AND, @2, $4); }
    | and_or OR_IF linebreak pipeline_closed { $$ = sh_add_pipeline(p, $1, SH_OR, @2, $4); }
    ;

/* pipeline: pipe_sequence | Bang pipe_sequence; bash: `time` before it, `!` more than once */
pipeline_open
    : sequence_open
    | BANG pipeline_open { $$ = sh_negated($2, @1); }
    | time pipeline_open { $$ = sh_timed($2, @1); }
    | TIME { $$ = sh_new_pipeline(p, sh_command_done(sh_named(p, sh_plain_word(p, @1)))); }
    ;

pipeline_closed
    : sequence_closed
    | BANG pipeline_closed { $$ = sh_negated($2, @1); }
    | time pipeline_closed { $$ = sh_timed($2, @1); }
    ;

time
    : TIME
    | TIME TIME_OPTION
    ;

/* pipe_sequence: command | pipe_sequence '|' linebreak command; bash: `time` before a command */
sequence
    : sequence_open
    | sequence_closed
    ;

sequence_open
    : command_open { $$ = sh_new_pipeline(p, $1); }
    | sequence '|' linebreak command_open { $$ = sh_add_command(p, $1, $4, false); }
    | sequence PIPE_BOTH linebreak command_open { $$ = sh_add_command(p, $1, $4, true); }
    | sequence '|' linebreak time command_open { $$ = sh_add_timed(p, $1, $5); }
    ;

sequence_closed
    : command_closed { $$ = sh_new_pipeline(p, $1); }
    | sequence '|' linebreak command_closed { $$ = sh_add_command(p, $1, $4, false); }
    | sequence PIPE_BOTH linebreak command_closed { $$ = sh_add_command(p, $1, $4, true); }
    | sequence '|' linebreak time command_closed { $$ = sh_add_timed(p, $1, $5); }
    ;

/* command: simple_command | compound_command | compound_command redirect_list
          | function_definition */
command_open
    : simple_command
    | function_open
    | coproc_open
    ;

command_closed
    : compound
    | function_closed
    | coproc_closed
    ;

compound
    : compound_command
    | compound_command redirects { $$ = sh_with_redirects($1, $2, @$); }
    ;

/* compound_command: brace_group | subshell | for_clause | case_clause | if_clause | while_clause
                   | until_clause; bash: [[ ]], (( )), for (( )), select */
compound_command
    : brace_group
    | subshell
    | for_clause
    | arith_for
    | case_clause
    | if_clause
    | while_clause
    | test_command
    | arith_command
    ;

/* subshell: '(' compound_list ')' */
subshell
    : '(' paren_list ')' { $$ = sh_body(p, SH_SUBSHELL, $2, @$); }
    ;

/* brace_group: Lbrace compound_list Rbrace */
brace_group
    : LBRACE compound_list RBRACE { $$ = sh_body(p, SH_BRACE, $2, @$); }
    ;

/* for_clause: For name do_group | For name sequential_sep do_group
             | For name linebreak in sequential_sep do_group
             | For name linebreak in wordlist sequential_sep do_group */
for_clause
    : for_words do_group { $$ = sh_loop($1, $2, @$); }
    ;

for_words
    : loop_word any_word { $$ = sh_for(p, $1, $2, NULL); }
    | loop_word any_word newline_list { $$ = sh_for(p, $1, $2, NULL); }
    | loop_word any_word ';' linebreak { $$ = sh_for(p, $1, $2, NULL); }
    | loop_word any_word IN words sequential_sep { $$ = sh_for(p, $1, $2, $4); }
    | loop_word any_word newline_list IN words sequential_sep { $$ = sh_for(p, $1, $2, $5); }
    ;

loop_word
    : FOR { $$ = SH_FOR; }
    | SELECT { $$ = SH_SELECT; }
    ;

words
    : %empty { $$ = sh_new_words(p); }
    | words any_word { $$ = sh_add_word(p, $1, $2); }
    ;

/* do_group: Do compound_list Done; bash: braces */
do_group
    : DO compound_list DONE { $$ = $2; }
    | LBRACE compound_list RBRACE { $$ = $2; }
    ;

arith_for
    : FOR ARITH_CMD parts ARITH_CLOSE do_group { $$ = sh_arith_for(p, $3, $5, @$); }
    | FOR ARITH_CMD parts ARITH_CLOSE sequential_sep do_group
        { $$ = sh_arith_for(p, $3, $6, @$); }
    ;

/* case_clause: Case WORD linebreak in linebreak [case_list | case_list_ns] Esac */
case_clause
    : case_items ESAC { $$ = sh_complete($1, @$); }
    | case_items case_item_last ESAC { $$ = sh_complete(sh_with_item(p, $1, $2), @$); }
    ;

case_items
    : case_head
    | case_items case_item linebreak { $$ = sh_with_item(p, $1, $2); }
    ;

case_head
    : CASE any_word linebreak IN linebreak { $$ = sh_case(p, $2); }
    ;

/* case_item: [ '(' ] pattern ')' (linebreak | compound_list) DSEMI linebreak */
case_item
    : patterns case_body terminator { $$ = sh_new_case_item(p, $1, $2, @1, @3); }
    ;

/* case_item_ns: [ '(' ] pattern ')' linebreak | [ '(' ] pattern ')' compound_list */
case_item_last
    : patterns case_last_body { $$ = sh_new_case_item(p, $1, $2, @1, (struct span){0, 0}); }
    ;

case_body
    : linebreak { $$ = NULL; }
    | linebreak term { $$ = $2; }
    | linebreak term separator { $$ = sh_separated($2, $3, @3); }
    ;

case_last_body
    : linebreak { $$ = NULL; }
    | compound_list
    ;

terminator
    : DSEMI
    | SEMI_AND
    | DSEMI_AND
    ;

/* pattern: WORD | pattern '|' WORD; the first one is no `esac` (rule 4) */
patterns
    : '(' pattern_list ')' { $$ = $2; }
    | most_words ')' { $$ = sh_add_word(p, sh_new_words(p), $1); }
    | most_words '|' pattern_list ')' { $$ = sh_first_word(p, $1, $3); }
    ;

pattern_list
    : any_word { $$ = sh_add_word(p, sh_new_words(p), $1); }
    | pattern_list '|' any_word { $$ = sh_add_word(p, $1, $3); }
    ;

/* if_clause: If compound_list Then compound_list else_part Fi | ... Fi */
if_clause
    : if_arms FI { $$ = sh_complete($1, @$); }
    | if_arms ELSE compound_list FI { $$ = sh_complete(sh_with_else($1, $3), @$); }
    ;

/* else_part: Elif compound_list Then compound_list ..., turned to the left */
if_arms
    : IF compound_list THEN compound_list
        { $$ = sh_with_arm(p, sh_new_command(p, SH_IF, @$), $2, $4); }
    | if_arms ELIF compound_list THEN compound_list { $$ = sh_with_arm(p, $1, $3, $5); }
    ;

/* while_clause: While compound_list do_group; until_clause: Until compound_list do_group */
while_clause
    : while_word compound_list DO compound_list DONE { $$ = sh_while(p, $1, $2, $4, @$); }
    ;

while_word
    : WHILE { $$ = SH_WHILE; }
    | UNTIL { $$ = SH_UNTIL; }
    ;

/* bash: [[ expression ]] */
test_command
    : TEST_OPEN test TEST_CLOSE { $$ = sh_test(p, $2, @$); }
    ;

test
    : test_term
    | test TEST_JOIN test_term { $$ = sh_join_words(p, $1, @2, $3); }
    ;

test_term
    : '(' test ')' { $$ = sh_enclose_words(p, $2, @1, @3); }
    | BANG test_term { $$ = sh_first_word(p, sh_plain_word(p, @1), $2); }
    | TEST_UNARY word { $$ = sh_add_word(p, sh_one_word(p, sh_plain_word(p, @1)), $2); }
    | test_operand { $$ = sh_one_word(p, $1); }
    | test_operand TEST_BINARY test_right
        { $$ = sh_join_words(p, sh_one_word(p, $1), @2, sh_one_word(p, $3)); }
    ;

test_operand
    : word
    | TEST_UNARY { $$ = sh_plain_word(p, @1); }
    ;

test_right
    : word
    | TEST_UNARY { $$ = sh_plain_word(p, @1); }
    | TEST_BINARY { $$ = sh_plain_word(p, @1); }
    | BANG { $$ = sh_plain_word(p, @1); }
    ;

/* bash: (( expression )) */
arith_command
    : ARITH_CMD parts ARITH_CLOSE { $$ = sh_arith(p, $2, @$); }
    ;

/* function_definition: fname '(' ')' linebreak function_body; dash takes any command as the body;
   bash: `function` before it, then without ( ) */
function_closed
    : word '(' ')' linebreak compound { $$ = sh_function(p, $1, $5, @$); }
    | FUNCTION any_word compound { $$ = sh_function(p, $2, $3, @$); }
    | FUNCTION any_word newline_list compound { $$ = sh_function(p, $2, $4, @$); }
    | FUNCTION any_word '(' ')' linebreak compound { $$ = sh_function(p, $2, $6, @$); }
    ;

function_open
    : word '(' ')' linebreak simple_command { $$ = sh_function(p, $1, $5, @$); }
    ;

/* bash: coproc [name] command */
coproc_closed
    : COPROC compound { $$ = sh_coproc(p, NULL, $2, @$); }
    | COPROC word compound { $$ = sh_coproc(p, $2, $3, @$); }
    ;

coproc_open
    : COPROC coproc_words { $$ = sh_coproc(p, NULL, sh_command_done($2), @$); }
    ;

coproc_words
    : word { $$ = sh_named(p, $1); }
    | coproc_words word { $$ = sh_with_word(p, $1, $2); }
    | coproc_words redirect { $$ = sh_with_redirect(p, $1, $2, @$); }
    ;

/* simple_command: cmd_prefix cmd_word cmd_suffix | cmd_prefix cmd_word | cmd_prefix
                 | cmd_name cmd_suffix | cmd_name */
simple_command
    : prefix { $$ = sh_command_done($1); }
    | named { $$ = sh_command_done($1); }
    | declaration { $$ = sh_command_done($1); }
    ;

/* cmd_prefix: io_redirect | cmd_prefix io_redirect | ASSIGNMENT_WORD
             | cmd_prefix ASSIGNMENT_WORD */
prefix
    : assignment { $$ = sh_with_assign(p, sh_new_command(p, SH_SIMPLE, @$), $1, @$); }
    | array_assignment { $$ = sh_with_assign(p, sh_new_command(p, SH_SIMPLE, @$), $1, @$); }
    | redirect { $$ = sh_with_redirect(p, sh_new_command(p, SH_SIMPLE, @$), $1, @$); }
    | prefix assignment { $$ = sh_with_assign(p, $1, $2, @$); }
    | prefix array_assignment { $$ = sh_with_assign(p, $1, $2, @$); }
    | prefix redirect { $$ = sh_with_redirect(p, $1, $2, @$); }
    ;

/* cmd_name, cmd_word: WORD; cmd_suffix: (io_redirect | WORD)... */
named
    : word { $$ = sh_named(p, $1); }
    | prefix name_word { $$ = sh_with_word(p, $1, $2); }
    | named any_word { $$ = sh_with_word(p, $1, $2); }
    | named redirect { $$ = sh_with_redirect(p, $1, $2, @$); }
    ;

/* bash: declaration commands take arrays as arguments */
declaration
    : DECLARE { $$ = sh_named(p, sh_plain_word(p, @1)); }
    | prefix DECLARE { $$ = sh_with_word(p, $1, sh_plain_word(p, @2)); }
    | declaration any_word { $$ = sh_with_word(p, $1, $2); }
    | declaration redirect { $$ = sh_with_redirect(p, $1, $2, @$); }
    | declaration array_assignment { $$ = sh_with_assign(p, $1, $2, @$); }
    ;

/* ASSIGNMENT_WORD; bash: name[i]=word, name=(word ...) */
assignment
    : ASSIGN parts WORD_END { $$ = sh_new_assign(p, @1, NULL, $2); @$ = $$->span; }
    | ASSIGN_ELEMENT parts INDEX_CLOSE parts WORD_END
        { $$ = sh_element_assign(p, @1, $2, @3, $4); @$ = $$->span; }
    ;

array_assignment
    : ASSIGN_ARRAY elements ')' { $$ = sh_array_assign(p, @1, $2, @$); }
    ;

elements
    : %empty { $$ = sh_new_words(p); }
    | elements any_word { $$ = sh_add_word(p, $1, $2); }
    | elements NEWLINE
    ;

/* redirect_list: io_redirect | redirect_list io_redirect */
redirects
    : redirect { $$ = sh_add_redirect(p, sh_new_redirects(p), $1); }
    | redirects redirect { $$ = sh_add_redirect(p, $1, $2); }
    ;

/* io_redirect: [IO_NUMBER | IO_LOCATION] io_file | ... io_here */
redirect
    : REDIRECT any_word { $$ = sh_new_redirect(p, $1, $2, @$); }
    | HEREDOC DELIM { $$ = sh_new_heredoc(p, $1, $2, @$); }
    ;

/* WORD, in any of its forms */
any_word
    : most_words
    | ESAC { $$ = sh_plain_word(p, @1); }
    ;

most_words
    : word
    | assignment { $$ = sh_assign_as_word(p, $1); }
    | DECLARE { $$ = sh_plain_word(p, @1); }
    | reserved_but_esac
    ;

name_word
    : word
    | reserved
    ;

reserved
    : reserved_but_esac
    | ESAC { $$ = sh_plain_word(p, @1); }
    ;

reserved_but_esac
    : reserved_token { $$ = sh_plain_word(p, @1); }
    ;

reserved_token
    : IF | THEN | ELIF | ELSE | FI | FOR | SELECT | IN | WHILE | UNTIL | DO | DONE | CASE
    | LBRACE | RBRACE | BANG | FUNCTION | COPROC | TIME | TIME_OPTION
    ;

word
    : WORD { $$ = sh_plain_word(p, @1); }
    | parts WORD_END { $$ = $1; @$ = $$->span; }
    ;

parts
    : %empty { $$ = sh_new_word(p, @$); }
    | parts LIT { $$ = sh_add_text(p, $1, SH_LITERAL, @2); }
    | parts SQUOTE { $$ = sh_add_text(p, $1, SH_SQUOTE, @2); }
    | parts DOLSQUOTE { $$ = sh_add_text(p, $1, SH_DOLSQUOTE, @2); }
    | parts PARAM { $$ = sh_add_part(p, $1, sh_param(p, @2, @2)); }
    | parts param_head PE_CLOSE { $$ = sh_add_part(p, $1, sh_param_close($2, @3)); }
    | parts param_head PE_OP operands PE_CLOSE
        { $$ = sh_add_part(p, $1, sh_param_close(sh_param_operator(p, $2, @3, $4), @5)); }
    | parts DQ_OPEN parts DQ_CLOSE
        { $$ = sh_add_quoted(p, $1, $3, sh_reach(@2, @4)); }
    | parts ARITH_OPEN parts ARITH_CLOSE { $$ = sh_add_arith(p, $1, $3, @2, @4); }
    | parts CMDSUB { $$ = sh_add_list(p, $1, SH_CMDSUB, $2, @2); }
    | parts PROCSUB { $$ = sh_add_list(p, $1, SH_PROCSUB, $2, @2); }
    | parts BACKQUOTE { $$ = sh_add_backquoted(p, $1, $2, @2); }
    ;

param_head
    : PE_OPEN { $$ = sh_param(p, @1, @1); }
    | PE_OPEN PE_INDEX parts INDEX_CLOSE { $$ = sh_param_index(sh_param(p, @1, @$), $3); }
    ;

operands
    : parts { $$ = sh_one_word(p, $1); }
    | operands PE_NEXT parts { $$ = sh_add_word(p, $1, $3); }
    ;

/* separator_op: '&' | ';' */
separator_op
    : '&' { $$ = SH_AMPERSAND; }
    | ';' { $$ = SH_SEMICOLON; }
    ;

/* separator: separator_op linebreak | newline_list */
separator
    : separator_op linebreak { $$ = $1; @$ = @1; }
    | newline_list { $$ = SH_NEWLINE; }
    ;

/* sequential_sep: ';' linebreak | newline_list */
sequential_sep
    : ';' linebreak
    | newline_list
    ;

/* newline_list: NEWLINE | newline_list NEWLINE; its place is the first one's */
newline_list
    : NEWLINE
    | newline_list NEWLINE { @$ = @1; }
    ;

/* linebreak: newline_list | empty */
linebreak
    : %empty
    | newline_list
    ;

%%

/* Like "unexpected fi, expecting word". */
static int yyreport_syntax_error(const yypcontext_t *context, struct sh_parser *p)
{
    yysymbol_kind_t expected[2];
    int n = yypcontext_expected_tokens(context, expected, 2);
    const char *unexpected = yysymbol_name(yypcontext_token(context));
    struct str message =
        n == 1 ? str_printf(p->arena, "unexpected %s, expecting %s", unexpected,
                            yysymbol_name(expected[0]))
               : str_printf(p->arena, "unexpected %s", unexpected);
    sh_fail(p, *yypcontext_location(context), message.at);
    return 0;
}

static void sh_yyerror(const struct span *at, struct sh_parser *p, const char *message)
{
    (void)message;
    sh_fail(p, *at, "nested too deeply");
}
