/* drop-stages/overridden: instructions that a later one of their stage takes back. Details:
 * `explain`. */
#include "ir/change.h"
#include "ir/rewrite.h"
#include "passes/legality.h"

static const char explain[] =
    "CMD, ENTRYPOINT, HEALTHCHECK and STOPSIGNAL go when a later one in their stage overrides "
    "them.\n"
    "\n"
    "    CMD [\"bash\"]\n"
    "    COPY app /app                =>    COPY app /app\n"
    "    CMD [\"/app\"]                       CMD [\"/app\"]\n"
    "\n"
    "Legal when\n"
    " 1. the later one is in the same stage: only the last of its kind takes effect (Dockerfile "
    "reference), and a stage\n"
    "    built on this one inherits that;\n"
    " 2. no comment above it speaks to a tool, and none is inside of it.\n"
    "\n"
    "Left alone: one that a stage built on its own overrides: the image of its stage may be wanted "
    "too.\n";

enum reason { COMMENT_FOR_TOOL, COMMENT_INSIDE };

static const struct rule rules[] = {
    [COMMENT_FOR_TOOL] = {"drop-stages/overridden/comment-for-tool",
                          "a comment above it speaks to a tool, which looks for an instruction "
                          "below"},
    [COMMENT_INSIDE] = {"drop-stages/overridden/comment-inside",
                        "a comment inside of it would be lost"},
};

static const struct rule applied = {"drop-stages/overridden/dropped",
                                    "a later instruction of its stage overrides it"};

static bool is_setting(const struct instr *i)
{
    enum df_kind kind = i->ast->kind;
    return i->stage && (kind == DF_CMD || kind == DF_ENTRYPOINT || kind == DF_HEALTHCHECK ||
                        kind == DF_STOPSIGNAL);
}

static bool is_overridden(const struct instr *i)
{
    const struct instr *n = instr_next(i);
    for (unsigned steps = 0; n && n->ast->kind != i->ast->kind; n = instr_next(n))
        if (++steps > LEGALITY_STEPS)
            return false;
    return n != NULL;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    while (i && !(is_setting(i) && is_overridden(i)))
        i = i->next;
    if (!i)
        return false;
    *site = (struct site){.at = i, .with = i};
    return true;
}

/* Between its lines, or in its shell text: `CMD serve # on 8080`. */
static bool has_comment(struct compile *c, struct instr *i)
{
    const struct sh_script *script = instr_script(c, i);
    return (script && script->comments.n) || legality_comments(c->arena, i->text, LIT("")).len;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    if (legality_lead_binds(c, site->at->lead))
        return refuse(why, &rules[COMMENT_FOR_TOOL], site->at);
    if (has_comment(c, site->at))
        return refuse(why, &rules[COMMENT_INSIDE], site->at);
    return true;
}

/* A blank line above it stays above what follows; comments always do. */
static bool apply(struct compile *c, const struct site *site)
{
    struct instr *i = site->at;
    bool comments = legality_comments(c->arena, i->lead, LIT("")).len > 0;
    change_instr(c, i, (struct str){0});
    rw_delete(c, i, comments || !i->next->lead.len);
    return true;
}

const struct pass pass_drop_stages_overridden = {
    .name = "drop-stages/overridden",
    .summary = "instructions that a later one of their stage takes back are dropped",
    .explain = explain,
    .level = 2,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .apply = apply,
};
