/* modernize/from-as-casing: AS in the case of FROM. Details: `explain`. */
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "AS gets the case of its FROM.\n"
    "\n"
    "    FROM alpine as build               =>    FROM alpine AS build\n"
    "\n"
    "Legal always: AS is read in any case (parseBuildStageName in BuildKit's "
    "instructions/parse.go).\n"
    "\n"
    "Left alone: a FROM of mixed case, which BuildKit does not complain about here.\n";

static const struct rule applied = {"modernize/from-as-casing/rewritten",
                                    "AS has the case of FROM"};

/* AS as it should be; empty when it may stay. */
static struct str wanted(const struct instr *i)
{
    const struct df_instr *ast = i->ast;
    if (ast->kind != DF_FROM || ast->args.n != 3)
        return LIT("");
    struct str from = str_span(ast->joined.text, ast->keyword);
    struct str as = str_eq(from, LIT("FROM")) ? LIT("AS") : LIT("as");
    bool mixed = !str_eq(from, LIT("FROM")) && !str_eq(from, LIT("from"));
    bool whole = join_is_whole(&ast->joined, ast->args.at[1].joined);
    return mixed || !whole || str_eq(ast->args.at[1].text, as) ? LIT("") : as;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    while (i && !wanted(i).len)
        i = i->next;
    *site = (struct site){.at = i, .with = i};
    return i != NULL;
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct df_instr *ast = site->at->ast;
    struct edit edit = {join_span(&ast->joined, ast->args.at[1].joined), wanted(site->at)};
    return rw_respell(c, site->at, &edit, 1);
}

const struct pass pass_modernize_from_as_casing = {
    .name = "modernize/from-as-casing",
    .summary = "AS has the case of FROM",
    .explain = explain,
    .level = 1,
    .applied = &applied,
    .next = next,
    .apply = apply,
};
