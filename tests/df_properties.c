#include "tests/df_properties.h"

static const char *broken_tiling(const struct df_file *file, size_t len)
{
    uint32_t at = 0;
    for (size_t k = 0; k < file->instrs.n; k++) {
        const struct df_instr *i = file->instrs.at[k];
        if (i->lead.start != at || i->lead.end != i->text.start || i->text.end <= i->text.start)
            return "leads and texts do not tile the file";
        at = i->text.end;
    }
    if (file->tail.start != at || file->tail.end != len)
        return "the tail does not end the file";
    return NULL;
}

/* Each byte of a joined text stands where its piece says, in ascending order. */
static bool maps_back(const struct joined *j, struct str bytes)
{
    uint32_t at = 0, after = 0;
    for (size_t k = 0; k < j->pieces.n; k++) {
        struct piece p = j->pieces.at[k];
        if (p.joined != at || p.bytes < after || !p.len)
            return false;
        if (!str_eq(str_slice(j->text, at, at + p.len), str_slice(bytes, p.bytes, p.bytes + p.len)))
            return false;
        at += p.len;
        after = p.bytes + p.len;
    }
    return at == j->text.len;
}

static bool same_span(struct span a, struct span b)
{
    return a.start == b.start && a.end == b.end;
}

static bool same_words(const struct df_words *a, const struct df_words *b)
{
    if (a->n != b->n)
        return false;
    for (size_t k = 0; k < a->n; k++)
        if (!str_eq(a->at[k].text, b->at[k].text) || !same_span(a->at[k].joined, b->at[k].joined))
            return false;
    return true;
}

static bool same_pairs(const struct df_pairs *a, const struct df_pairs *b)
{
    if (a->n != b->n)
        return false;
    for (size_t k = 0; k < a->n; k++) {
        const struct df_pair *x = &a->at[k], *y = &b->at[k];
        if (!str_eq(x->name, y->name) || !str_eq(x->value, y->value) ||
            x->has_value != y->has_value || x->legacy != y->legacy)
            return false;
    }
    return true;
}

static bool same_heredocs(const struct df_heredocs *a, const struct df_heredocs *b)
{
    if (a->n != b->n)
        return false;
    for (size_t k = 0; k < a->n; k++) {
        const struct df_heredoc *x = &a->at[k], *y = &b->at[k];
        if (!str_eq(x->name, y->name) || !str_eq(x->content, y->content) ||
            !same_span(x->word, y->word) || !same_span(x->body, y->body) || x->fd != y->fd ||
            x->expand != y->expand || x->chomp != y->chomp)
            return false;
    }
    return true;
}

/* Equal but for where they stand in their files. */
static bool same_instr(const struct df_instr *a, const struct df_instr *b)
{
    if (a->kind != b->kind || a->json != b->json || !a->trigger != !b->trigger)
        return false;
    if (!str_eq(a->joined.text, b->joined.text) || !str_eq(a->healthcheck, b->healthcheck))
        return false;
    if (!same_span(a->keyword, b->keyword) || !same_span(a->rest, b->rest))
        return false;
    if (a->last_line - a->first_line != b->last_line - b->first_line)
        return false;
    return same_words(&a->flags, &b->flags) && same_words(&a->args, &b->args) &&
           same_pairs(&a->pairs, &b->pairs) && same_heredocs(&a->heredocs, &b->heredocs) &&
           (!a->trigger || same_instr(a->trigger, b->trigger));
}

static const char *broken_instr(struct arena *a, const struct df_instr *i, struct str bytes,
                                char escape)
{
    struct joined shell;
    if (!maps_back(&i->joined, bytes))
        return "a joined text does not map back to its bytes";
    if (df_shell_text(a, i, &shell) && !maps_back(&shell, bytes))
        return "a shell text does not map back to its bytes";
    const struct df_instr *again = df_parse_one(a, bytes, escape);
    if (!again)
        return "an instruction's own bytes are refused";
    if (!same_instr(i, again))
        return "an instruction's own bytes give another tree";
    return NULL;
}

const char *df_broken_property(struct arena *a, struct str text)
{
    struct source source = source_of(a, LIT("Dockerfile"), text);
    struct diags diags = {.arena = a};
    const struct df_file *file = df_parse(a, &source, &diags);
    if (!file)
        return diags.errors ? NULL : "a file is refused without an error";
    if (diags.errors)
        return "a file is accepted with an error";
    const char *broken = broken_tiling(file, text.len);
    for (size_t k = 0; k < file->instrs.n && !broken; k++) {
        const struct df_instr *i = file->instrs.at[k];
        broken = broken_instr(a, i, str_span(text, i->text), file->escape);
    }
    return broken;
}
