/* modernize/maintainer-deprecated: MAINTAINER becomes the label that took its place. Details:
 * `explain`. */
#include "ir/normal.h"
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "MAINTAINER becomes the label that the OCI image specification has for it.\n"
    "\n"
    "    MAINTAINER Jo Doe <jo@x.org>       =>    LABEL org.opencontainers.image.authors=\"Jo Doe "
    "<jo@x.org>\"\n"
    "\n"
    "The image's Author field goes, and the label comes: this is the one change of configuration "
    "at "
    "-O1. Quotes around\n"
    "the whole of it, which MAINTAINER keeps as characters, are taken for quotes.\n"
    "\n"
    "Legal when\n"
    " 1. it stands on one line;\n"
    " 2. no LABEL before it in the file sets that label, or may (its name has a variable): a stage "
    "that has it, or\n"
    "    inherits it, would get another value;\n"
    " 3. the label, read again, has the text as its value.\n";

enum reason { SEVERAL_LINES, OTHER_LABEL, BYTES };

static const struct rule rules[] = {
    [SEVERAL_LINES] = {"modernize/maintainer-deprecated/several-lines",
                       "it goes on over several lines"},
    [OTHER_LABEL] = {"modernize/maintainer-deprecated/other-label",
                     "a LABEL above sets org.opencontainers.image.authors, or may"},
    [BYTES] = {"modernize/maintainer-deprecated/bytes",
               "a label cannot hold its bytes as they are"},
};

static const struct rule applied = {"modernize/maintainer-deprecated/rewritten",
                                    "MAINTAINER is a label now"};

/* What is kept from site to site, and the edit of one. */
struct plan {
    const struct instr *label; /* rule 2: the file's first LABEL that sets the authors, or may */
    bool above;                /* the site is above it, or there is none */
    struct edit edit;
};

static bool may_set_authors(struct compile *c, const struct df_instr *label)
{
    for (size_t k = 0; k < label->pairs.n; k++) {
        struct str name;
        if (!normal_literal(c->arena, label->pairs.at[k].name, c->file->escape, &name) ||
            str_eq(name, normal_authors))
            return true;
    }
    return false;
}

static struct plan *new_plan(struct compile *c)
{
    struct plan *plan = arena_alloc(c->arena, sizeof *plan);
    const struct instr *i = c->file->first;
    while (i && !(i->ast->kind == DF_LABEL && may_set_authors(c, i->ast)))
        i = i->next;
    plan->label = i;
    plan->above = i == NULL;
    return plan;
}

/* From the last to the first, so that labels which this pass made are never above a site. */
static bool next(struct compile *c, struct site *site)
{
    struct plan *plan = site->with ? site->plan : new_plan(c);
    struct instr *i = site->with ? site->with->prev : c->file->last;
    for (; i && i->ast->kind != DF_MAINTAINER; i = i->prev)
        plan->above = plan->above || i == plan->label;
    *site = (struct site){.at = i, .with = i, .plan = plan};
    return i != NULL;
}

/* The keyword keeps its case. */
static struct str label_keyword(const struct df_instr *maintainer)
{
    char first = str_span(maintainer->joined.text, maintainer->keyword).at[0];
    return first == 'm' ? LIT("label") : LIT("LABEL");
}

static struct edit edit_of(struct compile *c, const struct instr *i)
{
    const struct df_instr *ast = i->ast;
    struct span all = {ast->keyword.start, ast->args.at[0].joined.end};
    struct str authors = expand_quote(c->arena, normal_maintainer(ast), c->file->escape);
    struct str label = str_printf(c->arena, "%.*s %.*s=%.*s", STR(label_keyword(ast)),
                                  STR(normal_authors), STR(authors));
    return (struct edit){join_span(&ast->joined, all), label};
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    const struct instr *i = site->at;
    struct plan *plan = site->plan;
    struct span all = {i->ast->keyword.start, i->ast->args.at[0].joined.end};
    if (!join_is_whole(&i->ast->joined, all))
        return refuse(why, &rules[SEVERAL_LINES], i);
    if (!plan->above)
        return refuse(why, &rules[OTHER_LABEL], i);
    plan->edit = edit_of(c, i);
    struct instr after = *i;
    after.ast = df_parse_one(c->arena, rw_spliced(c, i, &plan->edit, 1), c->file->escape);
    if (!after.ast || !normal_same(c->arena, i, &after, c->file->escape))
        return refuse(why, &rules[BYTES], i);
    return true;
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    return rw_respell(c, site->at, &plan->edit, 1);
}

const struct pass pass_modernize_maintainer_deprecated = {
    .name = "modernize/maintainer-deprecated",
    .summary = "MAINTAINER becomes the label org.opencontainers.image.authors",
    .explain = explain,
    .level = 1,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .apply = apply,
};
