/* modernize/redundant-target-platform: FROM without the platform that it has anyway. Details:
 * `explain`. */
#include "ir/normal.h"
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "FROM loses a --platform that only repeats the default, the platform that is built for.\n"
    "\n"
    "    FROM --platform=$TARGETPLATFORM alpine   =>    FROM alpine\n"
    "\n"
    "Legal when\n"
    " 1. the flag is exactly that variable, and the instruction's only one, on the line of the "
    "keyword;\n"
    " 2. no ARG before the first FROM gives the variable another value;\n"
    " 3. the base is an image, not a stage (which has a platform of its own) nor a name that may "
    "become one's.\n"
    "A build argument of that name that the file does not declare is not provided for.\n"
    "\n"
    "Left alone: other platforms, which mean something.\n";

enum reason { REDEFINED, SEVERAL_LINES };

static const struct rule rules[] = {
    [REDEFINED] = {"modernize/redundant-target-platform/not-the-default",
                   "an ARG may give the variable another value, or its base a platform of its own"},
    [SEVERAL_LINES] = {"modernize/redundant-target-platform/several-lines",
                       "the flag and the image stand on different lines"},
};

static const struct rule applied = {"modernize/redundant-target-platform/removed",
                                    "the platform that is built for is the default"};

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        struct str platform;
        if (i->ast->kind != DF_FROM || !df_flag(i->ast, LIT("platform"), &platform) ||
            (!str_eq(platform, LIT("$TARGETPLATFORM")) &&
             !str_eq(platform, LIT("${TARGETPLATFORM}"))))
            continue;
        *site = (struct site){.at = i, .with = i};
        return true;
    }
    return false;
}

/* The flag and the blanks behind it, in the joined text. */
static struct span removed(const struct instr *from)
{
    const struct df_instr *ast = from->ast;
    return (struct span){ast->flags.at[0].joined.start, ast->args.at[0].joined.start};
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    (void)c;
    const struct df_instr *ast = site->at->ast;
    const struct df_word *platform;
    if (!normal_platform_is_redundant(site->at, &platform))
        return refuse(why, &rules[REDEFINED], site->at);
    struct span all = {ast->keyword.start, ast->args.at[0].joined.end};
    if (!join_is_whole(&ast->joined, all))
        return refuse(why, &rules[SEVERAL_LINES], site->at);
    return true;
}

static bool apply(struct compile *c, const struct site *site)
{
    struct edit edit = {join_span(&site->at->ast->joined, removed(site->at)), LIT("")};
    return rw_respell(c, site->at, &edit, 1);
}

const struct pass pass_modernize_redundant_target_platform = {
    .name = "modernize/redundant-target-platform",
    .summary = "`FROM --platform=$TARGETPLATFORM` loses the flag, which is the default",
    .explain = explain,
    .level = 1,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .apply = apply,
};
