/* fold-layers/copy-flags: owners and modes are given by COPY itself. Details: `explain`. */
#include "ir/change.h"
#include "ir/rewrite.h"
#include "passes/fold_layers/flags.h"

static const char explain[] =
    "Copied files get their owner and mode from COPY, so that no later layer holds them again.\n"
    "\n"
    "    COPY . /app                           COPY --chown=app:app . /app\n"
    "    RUN chown -R app:app /app       =>\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept, and the file's frontend knows the "
    "flags;\n"
    " 2. the command is one of a chain that is understood, has no options but -R, -f and -v, and "
    "its "
    "files and what they\n"
    "    get are spelt out;\n"
    " 3. all that it reaches is put there by COPY or ADD of this stage, and these put nothing "
    "elsewhere: the base image has\n"
    "    nothing there, no RUN writes there, no archive is unpacked there, no volume is;\n"
    " 4. between them no RUN reads the files or may: programs look at owners and modes (git, "
    "npm);\n"
    " 5. user and group are numbers, or no RUN between may change the accounts;\n"
    " 6. the owner has a group, or the files come from the context, whose group is 0: chown u "
    "leaves "
    "the group,\n"
    "    COPY --chown=u sets it to the number of u (Dockerfile reference, COPY --chown);\n"
    " 7. a mode is octal, or of a single file whose mode is known: from the context, 0600 of a "
    "URL, "
    "0644 of a\n"
    "    here-document; of a tree, it is octal;\n"
    " 8. COPY makes no directory outside that would get the owner or mode too.\n"
    "Directories that were there before COPY keep a chown or chmod of their own, without -R: COPY "
    "leaves them as they are.\n"
    "\n"
    "Left alone: single small files in a RUN that does other things as well; files of a tree that "
    "COPY takes whole.\n";

const struct rule flags_rules[] = {
    [FLAGS_FRONTEND] = {"fold-layers/copy-flags/frontend",
                        "the frontend that the file names may not know the flags of COPY"},
    [FLAGS_NOT_CHAINED] =
        {"fold-layers/copy-flags/not-chained",
         "the command is not one of a plain chain, or its failure may be ignored"},
    [FLAGS_COMMENTED] = {"fold-layers/copy-flags/commented", "a comment speaks of the command"},
    [FLAGS_NOT_TOLD] =
        {"fold-layers/copy-flags/not-told",
         "not all that the command does can be told: an option, a pattern, a variable"},
    [FLAGS_NO_GROUP] = {"fold-layers/copy-flags/no-group",
                        "it names no group, and that of the files cannot be told"},
    [FLAGS_MODE_UNKNOWN] =
        {"fold-layers/copy-flags/mode-unknown",
         "the new mode depends on one that is not known without the build context"},
    [FLAGS_BASE_FILES] = {"fold-layers/copy-flags/base-files",
                          "the base image may have files there"},
    [FLAGS_WRITTEN_BY_RUN] = {"fold-layers/copy-flags/written-by-run",
                              "a RUN writes there, or may"},
    [FLAGS_READ_BETWEEN] =
        {"fold-layers/copy-flags/read-between",
         "a RUN in between reads the files, or may, and could see the difference"},
    [FLAGS_ACCOUNTS] = {"fold-layers/copy-flags/accounts",
                        "the user or group may be made after the files are copied"},
    [FLAGS_COPIES_MORE] = {"fold-layers/copy-flags/copies-more",
                           "the COPY puts, or may put, other files elsewhere"},
    [FLAGS_OWN_FLAG] = {"fold-layers/copy-flags/own-flag",
                        "the COPY has such a flag, unpacks an archive, or is linked"},
    [FLAGS_NEW_PARENT] = {"fold-layers/copy-flags/new-parent",
                          "COPY may make a directory above the files, which would get it too"},
    [FLAGS_IS_VOLUME] = {"fold-layers/copy-flags/volume",
                         "the files may lie in a volume, where builders differ"},
    [FLAGS_OFF] = {"fold-layers/copy-flags/off", "a pragma keeps this pass away from the COPY"},
};

static const struct rule applied = {"fold-layers/copy-flags/folded",
                                    "the owner or mode is given by COPY itself"};

/* ---- sites ---- */

static bool is_attribute(const struct files_command *f)
{
    return f->use == FILES_OWNED || f->use == FILES_MODE;
}

static bool has_copy_before(const struct instr *run)
{
    for (const struct instr *i = run->prev; i && i->stage == run->stage; i = i->prev)
        if (i->ast->kind == DF_COPY || i->ast->kind == DF_ADD)
            return true;
    return false;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    for (; i; i = i->next) {
        if (i->ast->kind != DF_RUN || i->ast->json || i->ast->heredocs.n || !i->stage ||
            i->stage->ships != YES || !instr_script(c, i) || !i->script->list)
            continue;
        struct files_commands found = command_on_files(c, &i->before, i->script->list);
        bool any = false;
        for (size_t k = 0; k < found.n; k++)
            any = any || is_attribute(&found.at[k]);
        if (!any || !has_copy_before(i))
            continue;
        *site = (struct site){.at = i, .with = i};
        return true;
    }
    return false;
}

/* ---- directories ---- */

static struct str parent(struct str path)
{
    size_t end = path.len;
    while (end > 1 && path.at[end - 1] != '/')
        end--;
    return str_slice(path, 0, end > 1 ? end - 1 : end);
}

/* Rule 8: what holds `path` is there before. */
static bool has_parent(const struct flags_search *s, struct str path)
{
    struct str up = parent(path);
    if (catalog_lists(s->c->catalog, LIT("common-directories"), up) ||
        catalog_lists(s->c->catalog, LIT("base-directories"), up))
        return true;
    for (size_t i = 0; i < s->there.n; i++)
        if (path_is_in(s->there.at[i], up))
            return true;
    return false;
}

static void keep(struct flags_search *s, struct str path)
{
    if (!strs_have(&s->plan->keep, path))
        vec_add(s->c->arena, &s->plan->keep, path);
}

/* Directories of `tree` that were made before, with those between. A new one gets the mode of COPY
 * from BuildKit, not from buildah. */
static void keep_directories(struct flags_search *s, struct str tree)
{
    bool usual = s->plan->by->use == FILES_MODE && s->plan->mode == 0755;
    bool new_mode = s->plan->by->use == FILES_MODE && !usual;
    if (new_mode || catalog_lists(s->c->catalog, LIT("base-directories"), tree))
        keep(s, tree);
    for (size_t i = 0; i < s->there.n && !usual; i++)
        for (struct str p = s->there.at[i]; path_is_in(p, tree); p = parent(p)) {
            keep(s, p);
            if (p.len == tree.len || p.len == 1)
                break;
        }
}

/* ---- legality ---- */

static bool check_paths(struct flags_search *s)
{
    const struct flags_plan *p = s->plan;
    bool usual = p->by->use == FILES_MODE && p->mode == 0755;
    for (size_t i = 0; i < s->paths.items.n; i++) {
        struct str path = s->paths.items.at[i];
        if (p->by->recursive && !fold_base_lacks(s->c, s->run->stage, path))
            return refuse(s->why, &flags_rules[FLAGS_BASE_FILES], s->run);
        if (!usual && !has_parent(s, path))
            return refuse(s->why, &flags_rules[FLAGS_NEW_PARENT], s->run);
        if (p->by->recursive)
            keep_directories(s, path);
    }
    return true;
}

static bool can_fold(struct flags_search *s)
{
    struct chain_link link;
    struct effects before;
    const struct files_command *f = s->plan->by;
    for (size_t i = 0; i < f->files.n; i++)
        set_add(s->c->arena, &s->paths, f->files.at[i].path);
    if (!f->told)
        return refuse(s->why, &flags_rules[FLAGS_NOT_TOLD], s->run);
    if (!(f->use == FILES_OWNED ? flags_owner(s) : flags_mode(s)))
        return false;
    if (!fold_effects_beside(s->c, s->run, f->command, false, &before))
        return refuse(s->why, &flags_rules[FLAGS_NOT_CHAINED], s->run);
    if (!flags_visit_before(s, s->run, before, f->command->span.start) || !flags_walk_back(s))
        return false;
    if (!s->plan->copies.n || !flags_cover(s))
        return false; /* its files are no COPY's */
    if (!fold_can_cut(s->c, s->run, f->command, &link))
        return refuse(s->why, &flags_rules[FLAGS_NOT_CHAINED], s->run);
    if (legality_comments(s->c->arena, s->run->lead, LIT("")).len &&
        fold_takes_all(s->c, s->run, f->command))
        return refuse(s->why, &flags_rules[FLAGS_COMMENTED], s->run);
    if (!check_paths(s))
        return false;
    return !s->plan->keep.n || f->recursion || refuse(s->why, &flags_rules[FLAGS_NOT_TOLD], s->run);
}

/* A layer that goes, or bytes that are worth a diff. */
enum { WORTH = 64 * 1024 };

static bool is_worth(const struct flags_search *s)
{
    const struct flags_plan *p = s->plan;
    return p->by->recursive || p->bytes >= WORTH || fold_takes_all(s->c, s->run, p->by->command);
}

/* The first of the RUN's commands that can be folded; the others have their turn when it is. */
static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct files_commands found = command_on_files(c, &site->at->before, site->at->script->list);
    instr_effects(c, site->at);
    for (size_t i = 0; i < found.n; i++) {
        struct flags_plan *plan = arena_alloc(c->arena, sizeof *plan);
        struct why own = {0};
        struct flags_search s = {.c = c, .run = site->at, .plan = plan, .why = &own};
        plan->by = arena_alloc(c->arena, sizeof *plan->by);
        *(struct files_command *)plan->by = found.at[i];
        if (!is_attribute(plan->by))
            continue;
        if (can_fold(&s) && is_worth(&s) &&
            (fold_has_flags(c) || refuse(&own, &flags_rules[FLAGS_FRONTEND], site->at))) {
            site->plan = plan;
            *why = (struct why){0};
            return true;
        }
        if (own.rule && !why->rule && flags_concern_copies(&s))
            *why = own;
    }
    return false;
}

static int64_t gain(struct compile *c, const struct site *site)
{
    (void)c;
    const struct flags_plan *plan = site->plan;
    return plan->bytes > GAIN_SOME ? plan->bytes : GAIN_SOME;
}

/* ---- edits ---- */

static bool flag_copy(struct compile *c, struct instr *i, struct str flag)
{
    const struct df_words *flags = &i->ast->flags;
    struct span after = flags->n ? vec_last(flags)->joined : i->ast->keyword;
    uint32_t at = join_span(&i->ast->joined, after).end;
    struct edit edit = {{at, at}, str_concat(c->arena, LIT(" "), flag)};
    change_instr(c, i, rw_spliced(c, i, &edit, 1));
    return rw_splice(c, i, &edit, 1);
}

/* `chown u:g DIR..`: what was there before COPY, without -R. */
static struct str kept_command(struct compile *c, const struct instr *run,
                               const struct flags_plan *plan)
{
    struct buf b = {.arena = c->arena};
    const struct sh_words *words = &plan->by->command->words;
    uint32_t files_at = plan->by->files.at[0].word->span.start;
    for (size_t i = 0; i < words->n && words->at[i]->span.start < files_at; i++)
        if (words->at[i] != plan->by->recursion)
            buf_printf(&b, "%.*s ", STR(str_span(run->script->text, words->at[i]->span)));
    for (size_t i = 0; i < plan->keep.n; i++)
        buf_printf(&b, "%s%.*s", i ? " " : "", STR(sh_quote(c->arena, plan->keep.at[i])));
    return buf_str(&b);
}

static bool keep_command(struct compile *c, struct instr *run, const struct flags_plan *plan)
{
    struct span own = plan->by->command->span;
    struct edit edit = {join_span(&run->script_text, own), kept_command(c, run, plan)};
    change_command(c, run, str_span(run->script->text, own), edit.text);
    return rw_splice(c, run, &edit, 1);
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct flags_plan *plan = site->plan;
    for (size_t i = 0; i < plan->copies.n; i++)
        if (!flag_copy(c, plan->copies.at[i], plan->flag))
            return false;
    return plan->keep.n ? keep_command(c, site->at, plan)
                        : fold_cut(c, site->at, plan->by->command);
}

const struct pass pass_fold_layers_copy_flags = {
    .name = "fold-layers/copy-flags",
    .summary = "`chown` and `chmod` of copied files become flags of their `COPY`",
    .explain = explain,
    .level = 1,
    .rules = flags_rules,
    .n_rules = sizeof flags_rules / sizeof *flags_rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
