/* modernize/add-to-copy: ADD that only copies is COPY. Details: `explain`. */
#include "ir/change.h"
#include "ir/copy.h"
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "ADD of files and directories of the build context becomes COPY, which cannot unpack or "
    "download by surprise.\n"
    "\n"
    "    ADD run.sh /usr/local/bin/   =>    COPY run.sh /usr/local/bin/\n"
    "\n"
    "Legal when\n"
    " 1. every source is of the context: no URL, no repository;\n"
    " 2. none is an archive that ADD unpacks: each is a directory, or a file whose name or content "
    "says that it is none\n"
    "    (BuildKit looks at the first bytes of the file, solver/llbsolver/file/unpack.go);\n"
    " 3. it has no flag that COPY does not know (--checksum, --keep-git-dir, --unpack).\n"
    "\n"
    "Left alone: ONBUILD ADD, which is text in the image's configuration; files without an ending "
    "that the build context\n"
    "does not show; patterns that an archive may match.\n";

enum reason { MAYBE_ARCHIVE };

static const struct rule rules[] = {
    [MAYBE_ARCHIVE] = {"modernize/add-to-copy/maybe-archive",
                       "a source may be an archive, which ADD unpacks and COPY does not"},
};

static const struct rule applied = {"modernize/add-to-copy/copied", "ADD that only copies is COPY"};

static bool has_own_flags(const struct df_instr *add)
{
    struct str value;
    return df_flag(add, LIT("checksum"), &value) || df_flag(add, LIT("keep-git-dir"), &value) ||
           df_flag(add, LIT("unpack"), &value);
}

static bool is_of_context(const struct copy *copy)
{
    for (size_t i = 0; i < copy->sources.n; i++) {
        const struct copy_source *s = &copy->sources.at[i];
        bool local = s->origin == COPY_CONTEXT || s->origin == COPY_DOCUMENT;
        if (!local || s->unpacks == YES)
            return false;
    }
    return copy->sources.n > 0;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        if (i->ast->kind != DF_ADD || has_own_flags(i->ast))
            continue;
        struct copy *copy = arena_alloc(c->arena, sizeof *copy);
        *copy = copy_read(c, i);
        *site = (struct site){.at = i, .with = i, .plan = copy};
        if (is_of_context(copy))
            return true;
    }
    return false;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    (void)c;
    const struct copy *copy = site->plan;
    for (size_t i = 0; i < copy->sources.n; i++)
        if (copy->sources.at[i].unpacks != NO)
            return refuse_for(why, &rules[MAYBE_ARCHIVE], site->at, copy->sources.at[i].path);
    return true;
}

/* In the case that the keyword is written in. */
static bool apply(struct compile *c, const struct site *site)
{
    struct instr *i = site->at;
    struct span keyword = join_span(&i->ast->joined, i->ast->keyword);
    bool lower = i->text.at[keyword.start] == 'a';
    struct edit edit = {keyword, lower ? LIT("copy") : LIT("COPY")};
    change_instr(c, i, rw_spliced(c, i, &edit, 1));
    return rw_splice(c, i, &edit, 1);
}

const struct pass pass_modernize_add_to_copy = {
    .name = "modernize/add-to-copy",
    .summary = "`ADD` of local files and directories becomes `COPY`",
    .explain = explain,
    .level = 1,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .apply = apply,
};
