#include "grammar/dockerfile.h"

#include <stdarg.h>
#include <string.h>

#include "grammar/arguments.h"
#include "grammar/checks.h"
#include "grammar/dockerfile_parser.h"
#include "grammar/heredoc.h"
#include "grammar/utf8.h"

/* Bison's and flex's entries. */
#include "dockerfile_parse.h"
int df_lex_lex(union df_value *value, struct span *at, void *scanner);
int df_lex_lex_init_extra(struct df_parser *p, void **scanner);
void *df_lex__scan_buffer(char *base, size_t size, void *scanner);

enum { LONGEST_LINE = 65535, MOST_ERRORS = 20 };

static const struct str BOM = {"\xEF\xBB\xBF", 3};

static const struct str keywords[] = {
#define X(name, keyword) {keyword, sizeof keyword - 1},
    DF_INSTRUCTIONS(X)
#undef X
        {"", 0},
};

struct str df_keyword(enum df_kind kind)
{
    return keywords[kind];
}

/* ---- errors ---- */

/* A template may be wrong in each of its lines; nobody reads that far. */
bool df_gives_up(const struct df_parser *p)
{
    return p->errors >= MOST_ERRORS;
}

void df_error_at(struct df_parser *p, struct span at, const char *format, ...)
{
    p->errors++;
    if (!p->diags)
        return;
    va_list args;
    va_start(args, format);
    struct str message = str_vprintf(p->arena, format, args);
    va_end(args);
    diag_error(p->diags, at, "%.*s", STR(message));
}

void df_error(struct df_parser *p, const struct df_instr *i, struct span at, const char *format,
              ...)
{
    va_list args;
    va_start(args, format);
    struct str message = str_vprintf(p->arena, format, args);
    va_end(args);
    struct span bytes = join_span(&i->joined, at);
    uint32_t base = i->text.start;
    df_error_at(p, (struct span){base + bytes.start, base + bytes.end}, "%.*s", STR(message));
}

struct span df_span(const struct df_instr *i, struct str part)
{
    if (!part.at)
        return (struct span){0, 0};
    uint32_t start = (uint32_t)(part.at - i->joined.text.at);
    return (struct span){start, start + (uint32_t)part.len};
}

/* ---- lines ---- */

struct span df_next_line(struct df_parser *p, const char *matched, size_t len)
{
    uint32_t start = p->base + (uint32_t)(matched - p->copy);
    p->line++;
    return (struct span){start, start + (uint32_t)len};
}

struct span df_end_of_file(const struct df_parser *p)
{
    return (struct span){(uint32_t)p->text.len, (uint32_t)p->text.len};
}

struct str df_without_newline(struct str line)
{
    while (line.len && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    return line;
}

/* The line up to its continuation; `*continues` tells that there is one. The character before must
 * not be the escape character too (lineContinuationRegex in parser.go). */
static struct str without_continuation(struct str line, char escape, bool *continues)
{
    size_t end = line.len;
    while (end && char_is_blank(line.at[end - 1]))
        end--;
    bool escaped = end && line.at[end - 1] == escape;
    *continues = escaped && (end == 1 || line.at[end - 2] != escape);
    return *continues ? str_slice(line, 0, end - 1) : line;
}

void df_begin_instr(struct df_parser *p, struct span line)
{
    df_end_directives(p);
    struct df_instr *i = arena_alloc(p->arena, sizeof *i);
    i->text.start = line.start;
    i->first_line = p->line;
    p->now = (struct df_line){.instr = i};
    p->joined = (struct buf){.arena = p->arena};
    p->heredoc = 0;
}

/* Adds a stretch of the joined text. The first is borrowed from the source; more are copied. */
static void add_piece(struct df_parser *p, struct str part)
{
    struct df_instr *i = p->now.instr;
    struct joined *j = &i->joined;
    if (!part.len)
        return;
    struct piece piece = {.joined = (uint32_t)j->text.len,
                          .bytes = (uint32_t)(part.at - p->text.at) - i->text.start,
                          .len = (uint32_t)part.len};
    vec_add(p->arena, &j->pieces, piece);
    if (j->pieces.n == 1) {
        j->text = part;
        return;
    }
    if (j->pieces.n == 2)
        buf_add(&p->joined, j->text);
    buf_add(&p->joined, part);
    j->text = buf_str(&p->joined);
}

enum df_after df_add_line(struct df_parser *p, struct span line)
{
    struct str text = df_without_newline(str_span(p->text, line));
    if (line.start == p->now.instr->text.start)
        text = utf8_trim_left(text);
    bool continues;
    add_piece(p, without_continuation(text, p->file->escape, &continues));
    return continues ? DF_CONTINUES : df_end_line(p);
}

/* ---- here-documents ---- */

static bool may_have_heredocs(const struct df_instr *i)
{
    if (i->kind == DF_ONBUILD)
        return i->trigger && may_have_heredocs(i->trigger);
    bool takes = i->kind == DF_ADD || i->kind == DF_COPY || i->kind == DF_RUN;
    return takes && !i->json;
}

static bool find_heredocs(struct df_parser *p, struct df_instr *i)
{
    const char *why = NULL;
    if (heredocs_of_line(p->arena, i->joined.text, &i->heredocs, &why))
        return true;
    df_error(p, i, i->rest, "%s", why);
    i->heredocs.n = 0;
    return false;
}

enum df_after df_end_line(struct df_parser *p)
{
    struct df_instr *i = p->now.instr;
    i->last_line = p->line;
    p->now.refused = !arguments_read(p, i, i->joined.text);
    if (!p->now.refused && may_have_heredocs(i))
        p->now.refused = !find_heredocs(p, i);
    return i->heredocs.n ? DF_HEREDOCS : DF_COMPLETE;
}

bool df_in_heredoc(const struct df_parser *p)
{
    return p->heredoc < p->now.instr->heredocs.n;
}

bool df_ends_heredoc(struct df_parser *p, struct span line)
{
    struct df_instr *i = p->now.instr;
    const struct df_heredoc *h = &i->heredocs.at[p->heredoc];
    struct str text = df_without_newline(str_span(p->text, line));
    i->last_line = p->line;
    if (!str_eq(h->chomp ? heredoc_trim_tabs(text) : text, h->name))
        return false;
    p->heredoc++;
    return true;
}

void df_heredoc_body(struct df_parser *p, struct df_line *line, struct span body)
{
    struct df_instr *i = line->instr;
    struct df_heredoc *h = &i->heredocs.at[line->bodies++];
    h->content = str_span(p->text, body);
    h->body = (struct span){body.start - i->text.start, body.end - i->text.start};
}

/* ---- instructions and stages ---- */

static void add_stage(struct df_parser *p, const struct df_instr *i)
{
    struct df_stage stage = {.first_line = i->first_line, .base = i->args.at[0].text};
    if (i->args.n == 3)
        stage.name = utf8_lower(p->arena, i->args.at[2].text);
    df_flag(i, LIT("platform"), &stage.platform);
    vec_add(p->arena, &p->file->stages, stage);
}

/* Before the first FROM only ARG may stand. */
static void check_instr(struct df_parser *p, const struct df_instr *i)
{
    if (!checks_pass(p, i) || p->one)
        return;
    if (i->kind == DF_FROM)
        add_stage(p, i);
    else if (!p->file->stages.n && i->kind != DF_ARG)
        df_error(p, i, i->keyword, "no build stage in current context");
}

void df_add_instr(struct df_parser *p, struct df_line line, struct span text)
{
    struct df_instr *i = line.instr;
    i->lead = (struct span){p->lead, text.start};
    i->text = text;
    p->lead = text.end;
    if (i->trigger) {
        i->trigger->text = text;
        i->trigger->last_line = i->last_line;
        i->trigger->heredocs = i->heredocs;
    }
    vec_add(p->arena, &p->file->instrs, i);
    if (!line.refused)
        check_instr(p, i);
    if (p->file->stages.n)
        vec_last(&p->file->stages)->last_line = i->last_line;
}

bool df_flag(const struct df_instr *i, struct str name, struct str *value)
{
    for (size_t k = 0; k < i->flags.n; k++) {
        struct str flag = i->flags.at[k].text;
        size_t equals = str_find(flag, '=');
        if (!str_eq(str_slice(flag, 2, equals), name))
            continue;
        *value = str_slice(flag, equals + 1, flag.len);
        return true;
    }
    return false;
}

static bool has_flag(const struct df_words *flags, struct str text)
{
    for (size_t i = 0; i < flags->n; i++)
        if (str_eq(flags->at[i].text, text))
            return true;
    return false;
}

static bool all_in(const struct df_words *some, const struct df_words *all)
{
    for (size_t i = 0; i < some->n; i++)
        if (!has_flag(all, some->at[i].text))
            return false;
    return true;
}

bool df_same_words(const struct df_words *a, const struct df_words *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!str_eq(a->at[i].text, b->at[i].text))
            return false;
    return true;
}

bool df_same_flags(const struct df_instr *a, const struct df_instr *b)
{
    return all_in(&a->flags, &b->flags) && all_in(&b->flags, &a->flags);
}

/* ---- the parse ---- */

static bool is_too_long(const struct df_parser *p, struct span line)
{
    struct str text = str_span(p->text, line);
    return text.len - str_ends(text, LIT("\n")) > LONGEST_LINE;
}

int df_yylex(union df_value *value, struct span *at, struct df_parser *p)
{
    if (p->start_token) {
        int token = p->start_token;
        p->start_token = 0;
        *at = (struct span){p->base, p->base};
        return token;
    }
    int token = df_lex_lex(value, at, p->scanner);
    return is_too_long(p, *at) ? T_TOO_LONG : token;
}

void df_bad_line(struct df_parser *p, struct span line, bool too_long)
{
    const struct df_instr *i = p->now.instr;
    if (too_long)
        df_error_at(p, line, "line greater than max allowed size of %d bytes", LONGEST_LINE);
    else if (i && df_in_heredoc(p))
        df_error(p, i, i->heredocs.at[p->heredoc].word, "unterminated heredoc %.*s",
                 STR(i->heredocs.at[p->heredoc].name));
    else
        df_error_at(p, line, "an instruction is expected here");
}

/* flex wants two NULs at the end, and is slow with others: they become another byte, which no rule
 * tells from a NUL. Everything but the tokens' kinds is read from the original. */
static char *scanned_copy(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.len + 2);
    if (s.len)
        memcpy(copy, s.at, s.len);
    for (size_t i = str_find(s, '\0'); i < s.len; i++)
        if (!copy[i])
            copy[i] = '\1';
    return copy;
}

/* True when all of the text was read without an error. */
static bool run(struct df_parser *p, int start_token)
{
    struct str rest = str_slice(p->text, p->base, p->text.len);
    char *copy = scanned_copy(p->arena, rest);
    p->copy = copy;
    p->start_token = start_token;
    if (df_lex_lex_init_extra(p, &p->scanner))
        arena_fail(p->arena, "out of memory");
    df_lex__scan_buffer(copy, rest.len + 2, p->scanner);
    return df_yyparse(p) == 0 && !p->errors;
}

struct df_file *df_parse(struct arena *a, const struct source *src, struct diags *diags)
{
    struct df_file *file = arena_alloc(a, sizeof *file);
    file->escape = '\\';
    file->bom = str_starts(src->text, BOM);
    struct df_parser p = {.arena = a, .diags = diags, .text = src->text, .file = file};
    p.base = file->bom ? (uint32_t)BOM.len : 0;
    bool good = run(&p, T_START_FILE);
    file->tail = (struct span){p.lead, (uint32_t)src->text.len};
    if (good && !file->instrs.n) {
        df_error_at(&p, file->tail, "file with no instructions");
        good = false;
    }
    return good ? file : NULL;
}

struct df_instr *df_parse_one(struct arena *a, struct str text, char escape)
{
    struct df_file file = {.escape = escape};
    struct df_parser p = {.arena = a, .text = text, .file = &file, .one = true};
    p.no_directives = true;
    return run(&p, T_START_INSTRUCTION) ? file.instrs.at[0] : NULL;
}
