/* --dump=ast: the Dockerfile's AST as JSON. Spans are [start, end).
 *
 *     { "escape": "\\", "bom": false, "syntax": TEXT,
 *       "instructions": [INSTRUCTION..], "stages": [STAGE..],
 *       "tail": SPAN }                     in the source: what stands behind the last instruction
 *
 *     INSTRUCTION { "keyword": TEXT,         lower case; an unknown trigger's as written
 *                   "first_line": N, "last_line": N,
 *                   "lead": SPAN, "text": SPAN,        in the source
 *                   "joined": TEXT,                    the logical line, which the next spans count
 * in "pieces": [[joined, bytes, len]..] where it came from in the instruction's bytes "flags":
 * [WORD..], "rest": SPAN, "json": BOOL, "healthcheck": TEXT, HEALTHCHECK alone "args": [WORD..],
 *                   "pairs": [{"name", "value" or null, "legacy"}..],      ENV, LABEL, ARG
 *                   "heredocs": [{"name", "fd", "expand", "chomp", "content",
 *                                 "word": SPAN,        in the joined text
 *                                 "body": SPAN}..],    in the instruction's bytes
 *                   "trigger": INSTRUCTION }           ONBUILD alone: what is its own
 *     WORD { "text": TEXT, "at": SPAN }                in the joined text
 *     STAGE { "first_line", "last_line", "name", "base", "platform" } */
#include "emit/dump.h"
#include "emit/json_writer.h"

static void put_words(struct json *j, const char *key, const struct df_words *words)
{
    json_open(j, key, '[');
    for (size_t k = 0; k < words->n; k++) {
        json_open(j, NULL, '{');
        json_text(j, "text", words->at[k].text);
        json_span(j, "at", words->at[k].joined);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_pairs(struct json *j, const struct df_pairs *pairs)
{
    json_open(j, "pairs", '[');
    for (size_t k = 0; k < pairs->n; k++) {
        const struct df_pair *pair = &pairs->at[k];
        json_open(j, NULL, '{');
        json_text(j, "name", pair->name);
        if (pair->has_value)
            json_text(j, "value", pair->value);
        else
            json_null(j, "value");
        json_bool(j, "legacy", pair->legacy);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_heredocs(struct json *j, const struct df_heredocs *heredocs)
{
    json_open(j, "heredocs", '[');
    for (size_t k = 0; k < heredocs->n; k++) {
        const struct df_heredoc *h = &heredocs->at[k];
        json_open(j, NULL, '{');
        json_text(j, "name", h->name);
        json_number(j, "fd", h->fd > INT64_MAX ? INT64_MAX : (int64_t)h->fd);
        json_bool(j, "expand", h->expand);
        json_bool(j, "chomp", h->chomp);
        json_text(j, "content", h->content);
        json_span(j, "word", h->word);
        json_span(j, "body", h->body);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_pieces(struct json *j, const struct pieces *pieces)
{
    json_open(j, "pieces", '[');
    for (size_t k = 0; k < pieces->n; k++) {
        struct piece p = pieces->at[k];
        json_open(j, NULL, '{');
        json_span(j, "at", (struct span){p.joined, p.joined + p.len});
        json_span(j, "bytes", (struct span){p.bytes, p.bytes + p.len});
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* Keyword, flags and arguments: what a trigger has too. */
static void put_reading(struct json *j, const struct df_instr *i)
{
    bool known = i->kind != DF_UNKNOWN;
    json_text(j, "keyword", known ? df_keyword(i->kind) : str_span(i->joined.text, i->keyword));
    put_words(j, "flags", &i->flags);
    json_span(j, "rest", i->rest);
    json_bool(j, "json", i->json);
    if (i->kind == DF_HEALTHCHECK)
        json_text(j, "healthcheck", i->healthcheck);
    put_words(j, "args", &i->args);
    if (i->pairs.n)
        put_pairs(j, &i->pairs);
}

static void put_instr(struct json *j, const struct df_instr *i)
{
    json_open(j, NULL, '{');
    json_number(j, "first_line", i->first_line);
    json_number(j, "last_line", i->last_line);
    json_span(j, "lead", i->lead);
    json_span(j, "text", i->text);
    json_text(j, "joined", i->joined.text);
    put_pieces(j, &i->joined.pieces);
    put_reading(j, i);
    if (i->heredocs.n)
        put_heredocs(j, &i->heredocs);
    if (i->trigger) {
        json_open(j, "trigger", '{');
        put_reading(j, i->trigger);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void put_stage(struct json *j, const struct df_stage *stage)
{
    json_open(j, NULL, '{');
    json_number(j, "first_line", stage->first_line);
    json_number(j, "last_line", stage->last_line);
    json_text(j, "name", stage->name);
    json_text(j, "base", stage->base);
    json_text(j, "platform", stage->platform);
    json_close(j, '}');
}

bool dump_ast(struct compile *c, struct buf *out)
{
    const struct df_file *file = df_parse(c->arena, &c->src, &c->diags);
    if (!file)
        return false;
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    json_text(&j, "escape", (struct str){&file->escape, 1});
    json_bool(&j, "bom", file->bom);
    json_text(&j, "syntax", file->syntax);
    json_open(&j, "instructions", '[');
    for (size_t k = 0; k < file->instrs.n; k++)
        put_instr(&j, file->instrs.at[k]);
    json_close(&j, ']');
    json_open(&j, "stages", '[');
    for (size_t k = 0; k < file->stages.n; k++)
        put_stage(&j, &file->stages.at[k]);
    json_close(&j, ']');
    json_span(&j, "tail", file->tail);
    json_close(&j, '}');
    return true;
}
