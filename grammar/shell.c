#include "grammar/shell.h"

#include "grammar/shell_parser.h"
#include "shell_parse.h"

/* ---- errors and text ---- */

int sh_fail(struct sh_parser *p, struct span at, const char *message)
{
    if (!p->failed) {
        p->failed = true;
        p->error = (struct sh_error){at, str_from_c(message)};
    }
    return T_SH_YYerror;
}

struct str sh_text(const struct sh_parser *p, struct span at)
{
    return str_slice(p->text, at.start - p->base, at.end - p->base);
}

char sh_byte(const struct sh_parser *p, uint32_t offset)
{
    size_t i = offset - p->base;
    return i < p->text.len ? p->text.at[i] : '\0';
}

/* ---- a parser and its runs ---- */

static struct sh_parser child(const struct sh_parser *p, struct str text, uint32_t base)
{
    return (struct sh_parser){.arena = p->arena,
                              .text = text,
                              .base = base,
                              .dialect = p->dialect,
                              .double_paren = p->double_paren,
                              .comments = p->comments,
                              .depth = p->depth + 1};
}

/* Runs the grammar on what the scanner has next. */
static bool run(struct sh_parser *p, int start)
{
    p->start = start;
    p->at_command = true;
    return sh_yyparse(p) == 0 && !p->failed;
}

/* Reads p->text from its beginning to its end. */
static bool read_text(struct sh_parser *p, int start)
{
    sh_scan_open(p, start == T_START_HEREDOC ? SH_SCAN_HEREDOC : SH_SCAN_COMMANDS);
    if (!run(p, start))
        return false;
    if (p->heredocs.n == 0)
        return true;
    sh_fail(p, p->heredocs.at[0]->target->span, "the here-document has no content");
    return false;
}

/* ---- substitutions ---- */

static bool too_deep(struct sh_parser *p, struct span at)
{
    if (p->depth < SH_MAX_SUBSTITUTIONS)
        return false;
    sh_fail(p, at, "substitutions are nested too deeply");
    return true;
}

/* $(list) <(list) >(list): the scanner stands behind the parenthesis. */
static int read_substitution(struct sh_parser *p, int token, union sh_value *value, struct span *at)
{
    if (too_deep(p, *at))
        return T_SH_YYerror;
    struct sh_list *outer = p->list;
    uint32_t outer_base = p->heredoc_base;
    p->heredoc_base = p->heredocs.n;
    p->depth++;
    bool good = run(p, T_START_SUBSTITUTION);
    p->depth--;
    p->heredoc_base = outer_base;
    value->list = p->list;
    p->list = outer;
    if (!good)
        return T_SH_YYerror;
    at->end = p->close.end;
    sh_scan_leave(p);
    return token == T_CMDSUB_OPEN ? T_CMDSUB : T_PROCSUB;
}

/* XCU 2.6.3: a backslash goes away before $ ` \; inside double quotes before " too. */
static struct str unescape_backquoted(struct arena *a, struct str text, bool in_quotes)
{
    struct buf out = {.arena = a};
    for (size_t i = 0; i < text.len; i++) {
        char next = i + 1 < text.len ? text.at[i + 1] : 'x';
        bool drops = next == '$' || next == '`' || next == '\\' || (in_quotes && next == '"');
        if (text.at[i] == '\\' && drops)
            i++;
        buf_char(&out, text.at[i]);
    }
    return buf_str(&out);
}

static int read_backquoted(struct sh_parser *p, bool in_quotes, union sh_value *value,
                           struct span *at)
{
    if (too_deep(p, *at))
        return T_SH_YYerror;
    struct str text = sh_text(p, (struct span){at->start + 1, at->end - 1});
    struct sh_parser inner = child(p, unescape_backquoted(p->arena, text, in_quotes), 0);
    inner.comments = NULL;
    bool good = read_text(&inner, T_START_SCRIPT);
    p->saw_double_paren |= inner.saw_double_paren;
    if (!good)
        return sh_fail(p, *at, inner.error.message.at);
    value->list = inner.list;
    return T_BACKQUOTE;
}

/* Here-document content, in a scanner of its own. */
void sh_read_content(struct sh_parser *p, struct span at, struct sh_word *out)
{
    if (too_deep(p, at))
        return;
    struct sh_parser inner = child(p, sh_text(p, at), at.start);
    if (read_text(&inner, T_START_HEREDOC))
        *out = *inner.word;
    else
        sh_fail(p, inner.error.at, inner.error.message.at);
    p->saw_double_paren |= inner.saw_double_paren;
}

/* ---- between scanner and grammar ---- */

/* Whether a command may start behind `token`. The scanner wants it for (( [[ and !( alone. */
static bool command_follows(const struct sh_parser *p, int token)
{
    switch (token) {
    case T_NEWLINE:
    case ';':
    case '&':
    case '|':
    case '(':
    case ')':
    case T_AND_IF:
    case T_OR_IF:
    case T_PIPE_BOTH:
    case T_DSEMI:
    case T_SEMI_AND:
    case T_DSEMI_AND:
    case T_DO:
    case T_LBRACE:
    case T_TEST_CLOSE:
    case T_ARITH_CLOSE:
        return true;
    case T_IF:
    case T_THEN:
    case T_ELIF:
    case T_ELSE:
    case T_FI:
    case T_WHILE:
    case T_UNTIL:
    case T_DONE:
    case T_ESAC:
    case T_RBRACE:
    case T_BANG:
    case T_TIME:
    case T_TIME_OPTION:
    case T_COPROC:
        return p->at_command;
    default:
        return false;
    }
}

static int next_token(struct sh_parser *p, union sh_value *value, struct span *at)
{
    int token = p->start;
    p->start = 0;
    if (token) {
        *at = (struct span){p->base, p->base};
        return token;
    }
    token = sh_lex_lex(value, at, p->scanner);
    switch (token) {
    case T_CMDSUB_OPEN:
    case T_PROCSUB_OPEN:
        return read_substitution(p, token, value, at);
    case T_BACKQUOTE:
        return read_backquoted(p, false, value, at);
    case T_BACKQUOTE_DQ:
        return read_backquoted(p, true, value, at);
    default:
        return token;
    }
}

int sh_yylex(union sh_value *value, struct span *at, struct sh_parser *p)
{
    int token = next_token(p, value, at);
    bool is_start = token == T_START_SCRIPT || token == T_START_SUBSTITUTION;
    p->at_command = is_start || command_follows(p, token);
    p->previous = token;
    if (token == ')')
        p->close = *at;
    return token;
}

/* ---- entry ---- */

static struct sh_script *attempt(struct sh_parser *p)
{
    struct sh_script *script = arena_alloc(p->arena, sizeof *script);
    script->text = p->text;
    p->comments = &script->comments;
    if (!read_text(p, T_START_SCRIPT))
        return NULL;
    script->list = p->list;
    return script;
}

/* No argument of a program can hold a NUL, and shells differ on one in a file. */
static bool holds_nul(struct str text, struct sh_error *error)
{
    uint32_t at = (uint32_t)str_find(text, '\0');
    if (at == text.len)
        return false;
    if (error)
        *error = (struct sh_error){{at, at + 1}, LIT("unexpected NUL byte")};
    return true;
}

struct sh_script *sh_parse(struct arena *a, struct str text, enum sh_dialect dialect,
                           struct sh_error *error)
{
    if (holds_nul(text, error))
        return NULL;
    struct sh_parser first = {.arena = a, .text = text, .dialect = dialect};
    first.double_paren = dialect == SH_BASH ? SH_ARITH_FIRST : SH_TWO_SUBSHELLS;
    struct sh_script *script = attempt(&first);
    if (!script && first.saw_double_paren && dialect == SH_POSIX) {
        struct sh_parser second = {.arena = a, .text = text, .dialect = dialect};
        script = attempt(&second);
    }
    if (!script && error)
        *error = first.error;
    return script;
}
