#include "grammar/shell.h"

#include "grammar/shell_parser.h"
#include "shell_parse.h"

#include <string.h>

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

/* ---- look-ahead for the scanner, in the text ---- */

/* Length of the line continuation at `i`, or 0. */
static size_t continuation(struct str text, size_t i)
{
    struct str rest = str_slice(text, i, i + 3);
    if (str_starts(rest, LIT("\\\n")))
        return 2;
    return str_eq(rest, LIT("\\\r\n")) ? 3 : 0;
}

bool sh_word_ends(const struct sh_parser *p, uint32_t offset)
{
    size_t i = offset - p->base;
    for (size_t n; (n = continuation(p->text, i)) > 0;)
        i += n;
    if (i >= p->text.len)
        return true;
    char c = p->text.at[i];
    if ((c == '<' || c == '>') && i + 1 < p->text.len && p->text.at[i + 1] == '(')
        return false;
    return c != '\0' && strchr(" \t\r\n;&|<>()", c) != NULL;
}

static bool is_escaped(struct str text, size_t i)
{
    bool escaped = false;
    while (i > 0 && text.at[i - 1] == '\\') {
        escaped = !escaped;
        i--;
    }
    return escaped;
}

bool sh_opens_extglob(const struct sh_parser *p, uint32_t offset)
{
    size_t i = offset - p->base;
    if (i == 0 || i + 1 >= p->text.len || p->text.at[i] != '(' || p->text.at[i + 1] == ')')
        return false;
    char letter = p->text.at[i - 1];
    return letter != '\0' && strchr("?*+@!", letter) && !is_escaped(p->text, i - 1);
}

/* Behind the quote that opens at `i`; text.len when it does not close. */
static size_t skip_quoted(struct str text, size_t i)
{
    char quote = text.at[i++];
    while (i < text.len && text.at[i] != quote)
        i += text.at[i] == '\\' && quote != '\'' ? 2 : 1;
    return i < text.len ? i + 1 : text.len;
}

/* Where what opened before `i` closes: the index of `close`, or text.len. Quotes are respected. */
static size_t find_close(struct str text, size_t i, char open, char close)
{
    unsigned depth = 1;
    while (i < text.len) {
        char c = text.at[i];
        if (c == '\'' || c == '"' || c == '`') {
            i = skip_quoted(text, i);
            continue;
        }
        if (c == open)
            depth++;
        if (c == close && --depth == 0)
            return i;
        i += c == '\\' ? 2 : 1;
    }
    return text.len;
}

/* How far look-ahead goes: text that opens a thousand times must not be read a thousand times to
 * its end. What is longer is neither arithmetic nor a subscript. */
enum { LONGEST_ARITH = 32 * 1024, LONGEST_SUBSCRIPT = 1024 };

bool sh_closes_arith(const struct sh_parser *p, uint32_t offset)
{
    size_t start = offset - p->base;
    struct str text = str_slice(p->text, 0, start + LONGEST_ARITH);
    size_t i = find_close(text, start, '(', ')');
    return i + 1 < text.len && text.at[i + 1] == ')';
}

/* Blanks in a subscript are read only where an assignment may stand. */
bool sh_closes_subscript(const struct sh_parser *p, uint32_t offset)
{
    size_t start = offset - p->base;
    struct str text = str_slice(p->text, 0, start + LONGEST_SUBSCRIPT);
    size_t i = find_close(text, start, '[', ']');
    struct str subscript = str_slice(text, start, i);
    struct str rest = str_slice(text, i, i + 3);
    if (str_find(subscript, '\n') < subscript.len)
        return false;
    if (!p->at_command && str_find(subscript, ' ') < subscript.len)
        return false;
    return str_starts(rest, LIT("]=")) || str_eq(rest, LIT("]+="));
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
    size_t outer_base = p->heredoc_base;
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

/* ---- here-documents ---- */

struct sh_heredoc *sh_heredoc_queue(struct sh_parser *p, struct span at, bool tabs)
{
    struct sh_heredoc *heredoc = arena_alloc(p->arena, sizeof *heredoc);
    struct sh_word *target = sh_delimiter_word(p, at);
    struct str text = sh_text(p, at);
    heredoc->target = target;
    heredoc->tabs = tabs;
    heredoc->quoted = target->parts.n != 1 || target->parts.at[0].kind != SH_LITERAL ||
                      str_find(text, '\\') < text.len;
    sh_word_literal(p->arena, target, &heredoc->delimiter);
    vec_add(p->arena, &p->heredocs, heredoc);
    return heredoc;
}

bool sh_heredoc_pending(const struct sh_parser *p)
{
    return p->heredocs.n > p->heredoc_base;
}

static struct str without_line_end(struct str line)
{
    if (str_ends(line, LIT("\n")))
        line.len--;
    if (str_ends(line, LIT("\r")))
        line.len--;
    return line;
}

static bool is_terminator(const struct sh_heredoc *heredoc, struct str line)
{
    line = without_line_end(line);
    while (heredoc->tabs && str_starts(line, LIT("\t")))
        line = str_slice(line, 1, line.len);
    return !heredoc->joins && str_eq(line, heredoc->delimiter);
}

/* The content is a text of its own: one word. */
static void read_content(struct sh_parser *p, struct sh_heredoc *heredoc, struct span at)
{
    struct sh_word *body = &heredoc->body;
    if (heredoc->quoted) {
        if (span_len(at) > 0)
            sh_add_text(p, body, SH_LITERAL, at);
    } else if (!too_deep(p, at)) {
        struct sh_parser inner = child(p, sh_text(p, at), at.start);
        if (read_text(&inner, T_START_HEREDOC))
            *body = *inner.word;
        else
            sh_fail(p, inner.error.at, inner.error.message.at);
        p->saw_double_paren |= inner.saw_double_paren;
    }
    body->span = at;
}

static void finish_heredoc(struct sh_parser *p, uint32_t content_end)
{
    struct sh_heredoc *heredoc = p->heredocs.at[p->heredoc_base];
    struct span all = heredoc->body_span;
    p->heredocs.n--;
    memmove(&p->heredocs.at[p->heredoc_base], &p->heredocs.at[p->heredoc_base + 1],
            (p->heredocs.n - p->heredoc_base) * sizeof *p->heredocs.at);
    read_content(p, heredoc, (struct span){all.start, content_end});
    if (heredoc->owner)
        heredoc->owner->body_span = all;
}

bool sh_heredoc_line(struct sh_parser *p, struct span line)
{
    struct sh_heredoc *heredoc = p->heredocs.at[p->heredoc_base];
    struct str text = sh_text(p, line);
    if (span_len(heredoc->body_span) == 0)
        heredoc->body_span.start = line.start;
    heredoc->body_span.end = line.end;
    if (is_terminator(heredoc, text)) {
        finish_heredoc(p, line.start);
        return !sh_heredoc_pending(p);
    }
    text = without_line_end(text);
    heredoc->joins = !heredoc->quoted && is_escaped(text, text.len);
    return false;
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
