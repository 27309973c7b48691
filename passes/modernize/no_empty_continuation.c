/* modernize/no-empty-continuation: no blank lines inside an instruction. Details: `explain`. */
#include "grammar/utf8.h"
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "Blank lines inside a continued instruction go: BuildKit will refuse them one day.\n"
    "\n"
    "    RUN make \\                              RUN make \\\n"
    "                                       =>      && make install\n"
    "      && make install\n"
    "\n"
    "Legal when the instruction, read again, is the same joined line, and no line that follows "
    "blank "
    "ones begins with\n"
    "an instruction's keyword, unless all in lower case. Comment lines between stay.\n"
    "\n"
    "Left alone: blank lines behind a last line that ends in a continuation; instructions with "
    "here-documents.\n";

enum reason { HERE_DOCUMENT, SWALLOWED };

static const struct rule rules[] = {
    [HERE_DOCUMENT] = {"modernize/no-empty-continuation/here-document",
                       "it has a here-document as well as blank lines in a continuation"},
    [SWALLOWED] = {"modernize/no-empty-continuation/swallowed-instruction",
                   "behind a blank line it goes on with what looks like an instruction: the "
                   "continuation above may be one too many"},
};

static const struct rule applied = {"modernize/no-empty-continuation/removed",
                                    "blank lines inside the instruction are gone"};

struct edits VEC_OF(struct edit);

/* Blank lines stand in the gaps between the pieces of the joined line: those behind piece `k`. */
static void add_blank_lines(struct compile *c, const struct instr *i, size_t k, struct edits *edits)
{
    const struct piece *piece = &i->ast->joined.pieces.at[k];
    struct span gap = {piece->bytes + piece->len, piece[1].bytes};
    struct str rest = str_span(i->text, gap);
    uint32_t at = gap.start + (uint32_t)str_find(rest, '\n') + 1; /* the continued line's end */
    while (at < gap.end) {
        struct str line = str_slice(i->text, at, gap.end);
        size_t length = str_find(line, '\n') + 1;
        if (length > line.len)
            return;
        struct edit edit = {{at, at + (uint32_t)length}, LIT("")};
        if (!utf8_trim(str_slice(line, 0, length)).len)
            vec_add(c->arena, edits, edit);
        at += (uint32_t)length;
    }
}

static struct edits edits_of(struct compile *c, const struct instr *i)
{
    struct edits edits = {0};
    for (size_t k = 0; k + 1 < i->ast->joined.pieces.n; k++)
        add_blank_lines(c, i, k, &edits);
    return edits;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    while (i && !edits_of(c, i).n)
        i = i->next;
    *site = (struct site){.at = i, .with = i};
    return i != NULL;
}

static bool is_keyword(struct arena *a, struct str word)
{
    struct str lower = str_lower(a, word);
    for (int kind = 0; kind < DF_UNKNOWN; kind++)
        if (str_eq(lower, df_keyword((enum df_kind)kind)))
            return !str_eq(lower, word);
    return false;
}

/* `RUN x \`, a blank line, `CMD y`: BuildKit reads the one RUN `x CMD y`. */
static bool swallows_instruction(struct compile *c, const struct instr *i)
{
    const struct joined *joined = &i->ast->joined;
    for (size_t k = 0; k + 1 < joined->pieces.n; k++) {
        struct edits blank = {0};
        add_blank_lines(c, i, k, &blank);
        uint32_t behind = joined->pieces.at[k + 1].joined;
        struct str line = str_trim_left(str_slice(joined->text, behind, joined->text.len));
        if (blank.n && is_keyword(c->arena, str_slice(line, 0, str_find(line, ' '))))
            return true;
    }
    return false;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    if (site->at->ast->heredocs.n)
        return refuse(why, &rules[HERE_DOCUMENT], site->at);
    return !swallows_instruction(c, site->at) || refuse(why, &rules[SWALLOWED], site->at);
}

static bool apply(struct compile *c, const struct site *site)
{
    struct str joined = site->at->ast->joined.text;
    struct edits edits = edits_of(c, site->at);
    return rw_respell(c, site->at, edits.at, edits.n) && str_eq(site->at->ast->joined.text, joined);
}

const struct pass pass_modernize_no_empty_continuation = {
    .name = "modernize/no-empty-continuation",
    .summary = "blank lines inside a continued instruction go",
    .explain = explain,
    .level = 1,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .apply = apply,
};
