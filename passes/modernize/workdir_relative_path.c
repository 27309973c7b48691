/* modernize/workdir-relative-path: a directory that depends on the base image, remarked. Details:
 * `explain`. */
#include "ir/state.h"
#include "passes/pass.h"

static const char explain[] = "A stage's first WORKDIR that is relative counts from the base "
                              "image's directory, and moves when "
                              "that does.\n"
                              "\n"
                              "    FROM node:22\n"
                              "    WORKDIR app                        (a remark)\n"
                              "\n"
                              "Never legal: which directory is meant is not in the file.\n";

static const struct rule rules[] = {
    {"modernize/workdir-relative-path/base-decides",
     "the path is relative to a directory that the base image decides"}};

static const struct instr *workdir_above(const struct instr *i)
{
    const struct instr *above = i->prev;
    while (above && above->stage == i->stage && above->ast->kind != DF_WORKDIR)
        above = above->prev;
    return above && above->stage == i->stage ? above : NULL;
}

static bool is_relative(struct compile *c, const struct instr *i)
{
    struct str path;
    return i->stage && i->before.shell_kind != SHELL_OTHER && i->stage->base.kind == REF_IMAGE &&
           state_expand(c, &i->before, i->ast->args.at[0].text, &path) &&
           !str_starts(path, LIT("/")) && !workdir_above(i);
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    while (i && !(i->ast->kind == DF_WORKDIR && is_relative(c, i)))
        i = i->next;
    *site = (struct site){.at = i, .with = i};
    return i != NULL;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    (void)c;
    return refuse(why, &rules[0], site->at);
}

const struct pass pass_modernize_workdir_relative_path = {
    .name = "modernize/workdir-relative-path",
    .summary = "a WORKDIR that the base image decides about gets a remark",
    .explain = explain,
    .level = 1,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .next = next,
    .legal = legal,
};
