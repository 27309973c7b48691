/* modernize/consistent-instruction-casing: one case for all keywords. Details: `explain`. */
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "Keywords get the case that most of the file's have: lower when more are in lower case than in "
    "upper, else upper.\n"
    "\n"
    "    FROM alpine                              FROM alpine\n"
    "    Run apk add curl                   =>    RUN apk add curl\n"
    "    CMD [\"curl\"]                             CMD [\"curl\"]\n"
    "\n"
    "Legal always: keywords are read in any case. It counts as BuildKit does "
    "(dockerfile2llb/validations.go):\n"
    "the instructions of stages, those of mixed case for neither side.\n"
    "\n"
    "Left alone: ARG before the first FROM, which BuildKit does not look at; the keyword behind "
    "ONBUILD, which is\n"
    "text in the image's configuration.\n";

static const struct rule applied = {"modernize/consistent-instruction-casing/rewritten",
                                    "the keyword has the case of the others"};

static struct str keyword_of(const struct instr *i)
{
    return str_span(i->ast->joined.text, i->ast->keyword);
}

static struct str upper(struct arena *a, struct str s)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < s.len; i++)
        buf_char(&b, s.at[i] >= 'a' && s.at[i] <= 'z' ? (char)(s.at[i] - 'a' + 'A') : s.at[i]);
    return buf_str(&b);
}

static bool most_are_lower(struct compile *c)
{
    size_t lower = 0, uppers = 0;
    for (const struct instr *i = c->file->first; i; i = i->next) {
        struct str keyword = keyword_of(i);
        if (!i->stage)
            continue;
        if (str_eq(keyword, str_lower(c->arena, keyword)))
            lower++;
        else if (str_eq(keyword, upper(c->arena, keyword)))
            uppers++;
    }
    return lower > uppers;
}

/* A keyword as it should be. */
static struct str wanted(struct compile *c, const struct instr *i, bool lower)
{
    struct str keyword = df_keyword(i->ast->kind);
    return lower ? keyword : upper(c->arena, keyword);
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    bool *lower = arena_alloc(c->arena, sizeof *lower);
    *lower = site->plan ? *(bool *)site->plan : most_are_lower(c);
    for (; i; i = i->next) {
        bool whole = join_is_whole(&i->ast->joined, i->ast->keyword);
        if (!i->stage || !whole || str_eq(keyword_of(i), wanted(c, i, *lower)))
            continue;
        *site = (struct site){.at = i, .with = i, .plan = lower};
        return true;
    }
    return false;
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct df_instr *ast = site->at->ast;
    const bool *lower = site->plan;
    struct edit edit = {join_span(&ast->joined, ast->keyword), wanted(c, site->at, *lower)};
    return rw_respell(c, site->at, &edit, 1);
}

const struct pass pass_modernize_consistent_instruction_casing = {
    .name = "modernize/consistent-instruction-casing",
    .summary = "keywords have the case that most of the file's have",
    .explain = explain,
    .level = 1,
    .applied = &applied,
    .next = next,
    .apply = apply,
};
