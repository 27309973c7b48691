/* --dump=canon: the Dockerfile as BuildKit's parser gives it. Each line is a tag and tab-separated
 * fields:
 *
 *     I first last keyword json          an instruction, then its
 *     F flag                             flags,
 *     A argument                         arguments,
 *     H name fd expand chomp content     here-documents, and
 *     O first last keyword json          ONBUILD's trigger, with F and A lines of its own
 *     S first last name base platform    at the end: the stages */
#include "emit/dump.h"

#include "grammar/utf8.h"

static void add_field(struct buf *out, struct str field)
{
    buf_char(out, '\t');
    dump_field(out, field);
}

static void add_lines(struct buf *out, char tag, uint32_t first, uint32_t last)
{
    buf_printf(out, "%c\t%u\t%u", tag, (unsigned)first, (unsigned)last);
}

static void add_tagged(struct buf *out, char tag, struct str field)
{
    buf_char(out, tag);
    add_field(out, field);
    buf_char(out, '\n');
}

/* The keyword is the table's, but for one that is in no table. */
static void print_head(struct buf *out, char tag, const struct df_instr *i)
{
    struct str keyword = df_keyword(i->kind);
    if (i->kind == DF_UNKNOWN)
        keyword =
            utf8_valid(out->arena, utf8_lower(out->arena, str_span(i->joined.text, i->keyword)));
    add_lines(out, tag, i->first_line, i->last_line);
    add_field(out, keyword);
    add_field(out, i->json ? LIT("1") : LIT("0"));
    buf_char(out, '\n');
}

/* HEALTHCHECK's first word is an argument in BuildKit's AST, as it was written. */
static void print_words(struct buf *out, const struct df_instr *i)
{
    for (size_t k = 0; k < i->flags.n; k++)
        add_tagged(out, 'F', i->flags.at[k].text);
    if (i->kind == DF_HEALTHCHECK) {
        struct str rest = str_span(i->joined.text, i->rest);
        add_tagged(out, 'A', str_slice(rest, 0, i->healthcheck.len));
    }
    for (size_t k = 0; k < i->args.n; k++)
        add_tagged(out, 'A', i->args.at[k].text);
}

static void print_heredocs(struct buf *out, const struct df_instr *i)
{
    for (size_t k = 0; k < i->heredocs.n; k++) {
        const struct df_heredoc *h = &i->heredocs.at[k];
        buf_char(out, 'H');
        add_field(out, h->name);
        buf_printf(out, "\t%llu\t%d\t%d", (unsigned long long)h->fd, h->expand, h->chomp);
        add_field(out, h->content);
        buf_char(out, '\n');
    }
}

static void print_stage(struct buf *out, const struct df_stage *stage)
{
    add_lines(out, 'S', stage->first_line, stage->last_line);
    add_field(out, stage->name);
    add_field(out, stage->base);
    add_field(out, stage->platform);
    buf_char(out, '\n');
}

bool dump_canon(struct compile *c, struct buf *out)
{
    const struct df_file *file = df_parse(c->arena, &c->src, &c->diags);
    if (!file)
        return false;
    for (size_t k = 0; k < file->instrs.n; k++) {
        const struct df_instr *i = file->instrs.at[k];
        print_head(out, 'I', i);
        print_words(out, i);
        print_heredocs(out, i);
        if (!i->trigger)
            continue;
        print_head(out, 'O', i->trigger);
        print_words(out, i->trigger);
    }
    for (size_t k = 0; k < file->stages.n; k++)
        print_stage(out, &file->stages.at[k]);
    return true;
}
