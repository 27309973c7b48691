/* --dump=shell: the shell texts of a file as JSON,
 *
 *     [{"lines": [first, last], "script": SCRIPT}, ...]     null: the text does not parse
 *
 *     SCRIPT    {list: LIST|null, comments: [SPAN...]}
 *     LIST      {span, items: [{and_or: AND_OR, separator, separator_span}...]}
 *     AND_OR    {span, operands: [{op, op_span, pipeline: PIPELINE}...]}
 *     PIPELINE  {span, bang, timed, both, commands: [COMMAND...]}
 *     COMMAND   {kind, span, assigns, words, name, has_in, text, cond, body, arms, otherwise,
 * items, function, redirects} WORD      {span, parts: [PART...]} PART      {kind, span, text, name,
 * op, length, indirect, index: WORD, operands: [WORD...], inner: WORD, backquoted, list: LIST|null}
 *
 * Members are those of grammar/shell.h under their names; one that is empty, false or absent in the
 * tree is left out. SPAN is [start, end] in the text that the shell is given. */
#include "emit/dump_shell.h"

#include "emit/dump.h"
#include "emit/json_writer.h"

static const char *const part_kinds[] = {
    [SH_LITERAL] = "literal",       [SH_SQUOTE] = "single-quoted",
    [SH_DOLSQUOTE] = "ansi-quoted", [SH_DQUOTE] = "double-quoted",
    [SH_PARAM] = "parameter",       [SH_CMDSUB] = "command-substitution",
    [SH_ARITH] = "arithmetic",      [SH_PROCSUB] = "process-substitution"};
static const char *const redirect_kinds[] = {
    [SH_IN] = "<",           [SH_OUT] = ">",       [SH_CLOBBER] = ">|",
    [SH_APPEND] = ">>",      [SH_INOUT] = "<>",    [SH_DUP_IN] = "<&",
    [SH_DUP_OUT] = ">&",     [SH_OUT_BOTH] = "&>", [SH_APPEND_BOTH] = "&>>",
    [SH_HERESTRING] = "<<<", [SH_HEREDOC] = "<<",  [SH_HEREDOC_TABS] = "<<-"};
static const char *const command_kinds[] = {[SH_SIMPLE] = "simple",
                                            [SH_BRACE] = "brace-group",
                                            [SH_SUBSHELL] = "subshell",
                                            [SH_IF] = "if",
                                            [SH_WHILE] = "while",
                                            [SH_UNTIL] = "until",
                                            [SH_FOR] = "for",
                                            [SH_SELECT] = "select",
                                            [SH_ARITH_FOR] = "arithmetic-for",
                                            [SH_CASE] = "case",
                                            [SH_FUNCTION] = "function",
                                            [SH_TEST] = "test",
                                            [SH_ARITH_CMD] = "arithmetic",
                                            [SH_COPROC] = "coproc"};
static const char *const operators[] = {[SH_FIRST] = "", [SH_AND] = "&&", [SH_OR] = "||"};
static const char *const separators[] = {
    [SH_END] = "", [SH_SEMICOLON] = ";", [SH_NEWLINE] = "\n", [SH_AMPERSAND] = "&"};

static void put_list(struct json *j, const char *key, const struct sh_list *list);
static void put_command(struct json *j, const char *key, const struct sh_command *c);

static void put_flag(struct json *j, const char *key, bool value)
{
    if (value)
        json_bool(j, key, true);
}

static void put_text(struct json *j, const char *key, struct str text)
{
    if (text.len)
        json_text(j, key, text);
}

/* ---- words ---- */

static void put_word(struct json *j, const char *key, const struct sh_word *w);

static void put_words(struct json *j, const char *key, const struct sh_words *words)
{
    if (words->n == 0)
        return;
    json_open(j, key, '[');
    for (size_t i = 0; i < words->n; i++)
        put_word(j, NULL, words->at[i]);
    json_close(j, ']');
}

static void put_part(struct json *j, const struct sh_part *part)
{
    json_open(j, NULL, '{');
    json_text(j, "kind", str_from_c(part_kinds[part->kind]));
    json_span(j, "span", part->span);
    put_text(j, "text", part->text);
    put_text(j, "name", part->name);
    put_text(j, "op", part->op);
    put_flag(j, "length", part->length);
    put_flag(j, "indirect", part->indirect);
    put_word(j, "index", part->index);
    put_words(j, "operands", &part->operands);
    put_word(j, "inner", part->inner);
    put_flag(j, "backquoted", part->backquoted);
    put_list(j, "list", part->list);
    json_close(j, '}');
}

static void put_word(struct json *j, const char *key, const struct sh_word *w)
{
    if (!w)
        return;
    json_open(j, key, '{');
    json_span(j, "span", w->span);
    json_open(j, "parts", '[');
    for (size_t i = 0; i < w->parts.n; i++)
        put_part(j, &w->parts.at[i]);
    json_close(j, ']');
    json_close(j, '}');
}

/* ---- commands ---- */

static void put_assigns(struct json *j, const struct sh_assigns *assigns)
{
    if (assigns->n == 0)
        return;
    json_open(j, "assigns", '[');
    for (size_t i = 0; i < assigns->n; i++) {
        const struct sh_assign *assign = &assigns->at[i];
        json_open(j, NULL, '{');
        json_span(j, "span", assign->span);
        json_text(j, "name", assign->name);
        put_flag(j, "append", assign->append);
        put_word(j, "index", assign->index);
        put_flag(j, "array", assign->array);
        put_word(j, "value", assign->value);
        put_words(j, "elements", &assign->elements);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_redirect(struct json *j, const struct sh_redirect *redirect)
{
    json_open(j, NULL, '{');
    json_text(j, "kind", str_from_c(redirect_kinds[redirect->kind]));
    json_span(j, "span", redirect->span);
    put_text(j, "number", redirect->number);
    put_word(j, "target", redirect->target);
    if (redirect->body) {
        json_text(j, "delimiter", redirect->delimiter);
        put_flag(j, "quoted", redirect->quoted);
        put_word(j, "body", redirect->body);
        json_span(j, "body_span", redirect->body_span);
    }
    json_close(j, '}');
}

static void put_redirects(struct json *j, const struct sh_redirects *redirects)
{
    if (redirects->n == 0)
        return;
    json_open(j, "redirects", '[');
    for (size_t i = 0; i < redirects->n; i++)
        put_redirect(j, &redirects->at[i]);
    json_close(j, ']');
}

static void put_arms(struct json *j, const struct sh_arms *arms)
{
    if (arms->n == 0)
        return;
    json_open(j, "arms", '[');
    for (size_t i = 0; i < arms->n; i++) {
        json_open(j, NULL, '{');
        put_list(j, "cond", arms->at[i].cond);
        put_list(j, "body", arms->at[i].body);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_items(struct json *j, const struct sh_case_items *items)
{
    if (items->n == 0)
        return;
    json_open(j, "items", '[');
    for (size_t i = 0; i < items->n; i++) {
        json_open(j, NULL, '{');
        json_span(j, "span", items->at[i].span);
        put_words(j, "patterns", &items->at[i].patterns);
        put_list(j, "body", items->at[i].body);
        put_text(j, "terminator", items->at[i].terminator);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_command(struct json *j, const char *key, const struct sh_command *c)
{
    if (!c)
        return;
    json_open(j, key, '{');
    json_text(j, "kind", str_from_c(command_kinds[c->kind]));
    json_span(j, "span", c->span);
    put_assigns(j, &c->assigns);
    put_words(j, "words", &c->words);
    put_text(j, "name", c->name);
    put_flag(j, "has_in", c->has_in);
    put_text(j, "text", c->text);
    put_list(j, "cond", c->cond);
    put_list(j, "body", c->body);
    put_arms(j, &c->arms);
    put_list(j, "otherwise", c->otherwise);
    put_items(j, &c->items);
    put_command(j, "function", c->function);
    put_redirects(j, &c->redirects);
    json_close(j, '}');
}

/* ---- pipelines and lists ---- */

static void put_pipeline(struct json *j, const struct sh_pipeline *pipeline)
{
    json_open(j, "pipeline", '{');
    json_span(j, "span", pipeline->span);
    put_flag(j, "bang", pipeline->bang);
    put_flag(j, "timed", pipeline->timed);
    put_flag(j, "both", pipeline->both);
    json_open(j, "commands", '[');
    for (size_t i = 0; i < pipeline->commands.n; i++)
        put_command(j, NULL, pipeline->commands.at[i]);
    json_close(j, ']');
    json_close(j, '}');
}

static void put_and_or(struct json *j, const struct sh_and_or *and_or)
{
    json_open(j, "and_or", '{');
    json_span(j, "span", and_or->span);
    json_open(j, "operands", '[');
    for (size_t i = 0; i < and_or->operands.n; i++) {
        const struct sh_operand *operand = &and_or->operands.at[i];
        json_open(j, NULL, '{');
        if (operand->op != SH_FIRST) {
            json_text(j, "op", str_from_c(operators[operand->op]));
            json_span(j, "op_span", operand->op_span);
        }
        put_pipeline(j, operand->pipeline);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void put_item(struct json *j, const struct sh_item *item)
{
    json_open(j, NULL, '{');
    put_and_or(j, item->and_or);
    if (item->separator != SH_END) {
        json_text(j, "separator", str_from_c(separators[item->separator]));
        json_span(j, "separator_span", item->separator_span);
    }
    json_close(j, '}');
}

static void put_list(struct json *j, const char *key, const struct sh_list *list)
{
    if (!list)
        return;
    json_open(j, key, '{');
    json_span(j, "span", list->span);
    json_open(j, "items", '[');
    for (size_t i = 0; i < list->items.n; i++)
        put_item(j, &list->items.at[i]);
    json_close(j, ']');
    json_close(j, '}');
}

/* ---- scripts ---- */

static void put_script(struct json *j, const char *key, const struct sh_script *script)
{
    if (!script) {
        json_null(j, key);
        return;
    }
    json_open(j, key, '{');
    put_list(j, "list", script->list);
    json_open(j, "comments", '[');
    for (size_t i = 0; i < script->comments.n; i++)
        json_span(j, NULL, script->comments.at[i].span);
    json_close(j, ']');
    json_close(j, '}');
}

struct str dump_script(struct arena *a, const struct sh_script *script)
{
    struct buf out = {.arena = a};
    struct json j = {.out = &out};
    put_script(&j, NULL, script);
    buf_char(&out, '\n');
    return buf_str(&out);
}

/* A file's texts are read in the dialect of the shell that they go to. */
static void put_instruction(struct compile *c, struct json *j, const struct instr *i)
{
    struct joined text;
    if (i->before.shell_kind == SHELL_OTHER || !df_shell_text(c->arena, i->ast, &text))
        return;
    enum sh_dialect dialect = i->before.shell_kind == SHELL_BASH ? SH_BASH : SH_POSIX;
    json_open(j, NULL, '{');
    json_open(j, "lines", '[');
    json_number(j, NULL, i->ast->first_line);
    json_number(j, NULL, i->ast->last_line);
    json_close(j, ']');
    put_script(j, "script", sh_parse(c->arena, text.text, dialect, NULL));
    json_close(j, '}');
}

bool dump_shell(struct compile *c, struct buf *out)
{
    struct json j = {.out = out};
    if (!lower_file(c))
        return false;
    json_open(&j, NULL, '[');
    for (const struct instr *i = c->file->first; i; i = i->next)
        put_instruction(c, &j, i);
    json_close(&j, ']');
    buf_char(out, '\n');
    return true;
}
