#include "grammar/dockerfile.h"

#include "grammar/heredoc.h"

bool df_is_document(const struct df_instr *i)
{
    const struct df_instr *run = i->trigger ? i->trigger : i;
    if (run->kind != DF_RUN || run->json || run->heredocs.n != 1)
        return false;
    struct span word = run->heredocs.at[0].word;
    return word.start == run->rest.start && word.end == run->rest.end;
}

/* A joined text that is put together from stretches of the instruction's bytes. */
struct builder {
    struct arena *arena;
    struct buf text;
    struct pieces pieces;
};

/* `part` stands at `bytes` in the instruction. */
static void add(struct builder *b, struct str part, uint32_t bytes)
{
    if (!part.len)
        return;
    struct piece piece = {(uint32_t)b->text.len, bytes, (uint32_t)part.len};
    vec_add(b->arena, &b->pieces, piece);
    buf_add(&b->text, part);
}

static struct joined built(const struct builder *b)
{
    return (struct joined){.text = buf_str(&b->text), .pieces = b->pieces};
}

/* The content without each line's leading tabs. */
static void add_chomped(struct builder *b, const struct df_heredoc *h)
{
    for (size_t at = 0; at < h->content.len;) {
        struct str rest = str_slice(h->content, at, h->content.len);
        struct str line = str_slice(rest, 0, str_find(rest, '\n') + 1);
        struct str kept = heredoc_trim_tabs(line);
        size_t tabs = line.len - kept.len;
        add(b, kept, h->body.start + (uint32_t)(at + tabs));
        at += line.len;
    }
}

static struct joined script_text(struct arena *a, const struct df_heredoc *h)
{
    struct builder b = {.arena = a, .text = {.arena = a}};
    if (h->chomp)
        add_chomped(&b, h);
    else
        add(&b, h->content, h->body.start);
    return built(&b);
}

/* Behind the line, each here-document: the newline before its body, the body, the terminator. */
static struct joined text_with_heredocs(struct arena *a, const struct df_instr *i,
                                        const struct joined *line)
{
    struct builder b = {.arena = a, .text = {.arena = a}};
    for (size_t k = 0; k < line->pieces.n; k++) {
        struct piece p = line->pieces.at[k];
        add(&b, str_slice(line->text, p.joined, p.joined + p.len), p.bytes);
    }
    for (size_t k = 0; k < i->heredocs.n; k++) {
        const struct df_heredoc *h = &i->heredocs.at[k];
        const char *behind = h->content.at + h->content.len;
        uint32_t tabs = 0;
        while (h->chomp && behind[tabs] == '\t')
            tabs++;
        add(&b, LIT("\n"), h->body.start - 1);
        add(&b, h->content, h->body.start);
        add(&b, h->name, h->body.end + tabs);
    }
    return built(&b);
}

static bool takes_shell_text(enum df_kind kind)
{
    return kind == DF_RUN || kind == DF_CMD || kind == DF_ENTRYPOINT || kind == DF_HEALTHCHECK;
}

bool df_shell_text(struct arena *a, const struct df_instr *i, struct joined *out)
{
    if (i->trigger)
        i = i->trigger;
    if (i->json || !takes_shell_text(i->kind) || !i->args.n)
        return false;
    struct joined line = join_part(a, &i->joined, i->args.at[0].joined);
    if (!i->heredocs.n)
        *out = line;
    else if (df_is_document(i))
        *out = script_text(a, &i->heredocs.at[0]);
    else
        *out = text_with_heredocs(a, i, &line);
    return out->text.len > 0;
}
