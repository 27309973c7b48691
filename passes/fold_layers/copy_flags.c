/* fold-layers/copy-flags: owners and modes are given by COPY itself. Details: `explain`. */
#include "ir/change.h"
#include "ir/context.h"
#include "ir/mode.h"
#include "ir/rewrite.h"
#include "ir/state.h"
#include "passes/fold_layers/fold.h"

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

enum reason {
    FRONTEND,
    NOT_CHAINED,
    COMMENTED,
    NOT_TOLD,
    NO_GROUP,
    MODE_UNKNOWN,
    BASE_FILES,
    WRITTEN_BY_RUN,
    READ_BETWEEN,
    ACCOUNTS,
    COPIES_MORE,
    OWN_FLAG,
    NEW_PARENT,
    IS_VOLUME,
    OFF
};

static const struct rule rules[] = {
    [FRONTEND] = {"fold-layers/copy-flags/frontend",
                  "the frontend that the file names may not know the flags of COPY"},
    [NOT_CHAINED] = {"fold-layers/copy-flags/not-chained",
                     "the command is not one of a plain chain, or its failure may be ignored"},
    [COMMENTED] = {"fold-layers/copy-flags/commented", "a comment speaks of the command"},
    [NOT_TOLD] = {"fold-layers/copy-flags/not-told",
                  "not all that the command does can be told: an option, a pattern, a variable"},
    [NO_GROUP] = {"fold-layers/copy-flags/no-group",
                  "it names no group, and that of the files cannot be told"},
    [MODE_UNKNOWN] = {"fold-layers/copy-flags/mode-unknown",
                      "the new mode depends on one that is not known without the build context"},
    [BASE_FILES] = {"fold-layers/copy-flags/base-files", "the base image may have files there"},
    [WRITTEN_BY_RUN] = {"fold-layers/copy-flags/written-by-run", "a RUN writes there, or may"},
    [READ_BETWEEN] = {"fold-layers/copy-flags/read-between",
                      "a RUN in between reads the files, or may, and could see the difference"},
    [ACCOUNTS] = {"fold-layers/copy-flags/accounts",
                  "the user or group may be made after the files are copied"},
    [COPIES_MORE] = {"fold-layers/copy-flags/copies-more",
                     "the COPY puts, or may put, other files elsewhere"},
    [OWN_FLAG] = {"fold-layers/copy-flags/own-flag",
                  "the COPY has such a flag, unpacks an archive, or is linked"},
    [NEW_PARENT] = {"fold-layers/copy-flags/new-parent",
                    "COPY may make a directory above the files, which would get it too"},
    [IS_VOLUME] = {"fold-layers/copy-flags/volume",
                   "the files may lie in a volume, where builders differ"},
    [OFF] = {"fold-layers/copy-flags/off", "a pragma keeps this pass away from the COPY"},
};

static const struct rule applied = {"fold-layers/copy-flags/folded",
                                    "the owner or mode is given by COPY itself"};

/* One command that COPYs make superfluous. */
struct plan {
    const struct files_command *by;
    struct VEC_OF(struct instr *) copies; /* that get the flag */
    struct str flag;
    struct strs keep; /* directories that are there before */
    int64_t bytes;    /* of the files, where known */
    bool names;       /* the owner has a name that is looked up */
    unsigned mode;
};

/* The walk back from the command. */
struct search {
    struct compile *c;
    struct instr *run;
    struct plan *plan;
    struct set paths;           /* of the command */
    const struct instr *reader; /* the first RUN on the way that reads them, or may */
    const struct instr *maker;  /* .. that may change the accounts */
    bool found;        /* the files, which are no trees: what was there before does not matter */
    bool base;         /* in a stage that this one is FROM: nothing there can be changed */
    struct strs there; /* directories that are made on the way */
    struct why *why;
};

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
    struct instr *i = site->with ? site->with->next : c->file->first;
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

/* ---- what the files get ---- */

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

/* `user:group`; the older `user.group` is another's spelling of it. */
static bool read_owner(const struct search *s, struct str *user, struct str *group)
{
    struct str value = s->plan->by->value;
    size_t at = str_find(value, ':');
    if (at == value.len)
        at = str_find(value, '.');
    *user = str_slice(value, 0, at);
    *group = str_slice(value, at + 1, value.len);
    bool open = at < value.len && !group->len; /* `user:`: the login group */
    return user->len && !open && str_find(*group, '.') == group->len;
}

static bool is_zero(struct str name)
{
    return str_eq(name, LIT("root")) || str_eq(name, LIT("0"));
}

static bool is_literal(struct compile *c, const struct sh_word *word)
{
    struct str text;
    return sh_word_literal(c->arena, word, &text);
}

/* Rules 2 and 6, first half. */
static bool owner_flag(struct search *s)
{
    struct str user, group;
    if (!is_literal(s->c, s->plan->by->value_word) || !read_owner(s, &user, &group))
        return refuse(s->why, &rules[NOT_TOLD], s->run);
    s->plan->names =
        (!is_number(user) && !is_zero(user)) || (group.len && !is_number(group) && !is_zero(group));
    if (!group.len)
        group = is_number(user) ? LIT("0") : LIT("root");
    s->plan->flag = str_printf(s->c->arena, "--chown=%.*s:%.*s", STR(user), STR(group));
    return true;
}

static bool has_group(const struct search *s)
{
    struct str user, group;
    return read_owner(s, &user, &group) && group.len;
}

static bool mode_flag(struct search *s)
{
    unsigned mode;
    struct plan *p = s->plan;
    if (!is_literal(s->c, p->by->value_word))
        return refuse(s->why, &rules[NOT_TOLD], s->run);
    if (!mode_octal(p->by->value, &mode))
        return !p->by->recursive || refuse(s->why, &rules[MODE_UNKNOWN], s->run);
    p->mode = mode;
    p->flag = str_printf(s->c->arena, "--chmod=%.*s", STR(p->by->value));
    return true;
}

/* The mode that a copied file has. Group and others may write it where a check-out was made so:
 * elsewhere it is another. */
static bool old_mode(struct compile *c, const struct copy_source *source, unsigned *mode)
{
    struct context_entry entry = context_raw(c, source->path);
    switch (source->origin) {
    case COPY_URL:
        *mode = 0600;
        return true;
    case COPY_DOCUMENT:
        *mode = 0644;
        return true;
    case COPY_CONTEXT:
        *mode = entry.mode & 07777;
        return entry.kind == CONTEXT_FILE && !(entry.mode & 022);
    case COPY_FROM:
    case COPY_GIT:
    case COPY_UNKNOWN:
        return false;
    }
    return false;
}

/* Rule 7: all files get the same. */
static bool join_mode(struct search *s, const struct copy_source *source)
{
    unsigned old, mode;
    struct plan *p = s->plan;
    if (p->by->use != FILES_MODE || mode_octal(p->by->value, &mode))
        return true;
    if (!old_mode(s->c, source, &old) || !mode_of_file(p->by->value, old, &mode) ||
        (p->flag.len && p->mode != mode))
        return refuse(s->why, &rules[MODE_UNKNOWN], s->run);
    p->mode = mode;
    p->flag = str_printf(s->c->arena, "--chmod=%o", mode);
    return true;
}

/* ---- COPY ---- */

static bool is_one_file(struct compile *c, const struct copy_source *s)
{
    const struct tree_list *names = catalog_trees(c->catalog, LIT("surely-files"));
    bool named = s->file == YES;
    for (size_t i = 0; s->file == MAYBE && s->name.len && names && i < names->n_paths; i++)
        named = named || str_eq(s->name, names->paths[i]) ||
                (names->paths[i].at[0] == '.' && s->name.len > names->paths[i].len &&
                 str_ends(s->name, names->paths[i]));
    return named;
}

/* Where the source's files are, as near as can be told. */
static bool destination(struct compile *c, const struct copy *copy, struct copy_source source,
                        struct str *path)
{
    if (is_one_file(c, &source))
        source.file = YES;
    return copy_destination(c, copy, &source, path);
}

static bool is_reached(const struct search *s, struct str path)
{
    for (size_t i = 0; i < s->paths.items.n; i++) {
        struct str tree = s->paths.items.at[i];
        if (s->plan->by->recursive ? fold_is_in(path, tree) : str_eq(path, tree))
            return true;
    }
    return false;
}

static bool knows_size(struct compile *c, const struct copy_source *source, int64_t *bytes)
{
    struct context_entry entry = context_raw(c, source->path);
    *bytes = (int64_t)entry.size;
    return source->origin == COPY_CONTEXT && entry.kind == CONTEXT_FILE;
}

/* Rule 3 for one COPY: all that it puts somewhere gets the flag. */
static bool reaches_all(struct search *s, struct instr *i, const struct copy *copy)
{
    for (size_t k = 0; k < copy->sources.n; k++) {
        const struct copy_source *source = &copy->sources.at[k];
        struct str path;
        int64_t bytes;
        bool one = is_one_file(s->c, source);
        if (!destination(s->c, copy, *source, &path) || !is_reached(s, path) ||
            (!s->plan->by->recursive && !one))
            return refuse(s->why, &rules[COPIES_MORE], i);
        if (source->unpacks != NO)
            return refuse(s->why, &rules[OWN_FLAG], i);
        if (source->origin == COPY_FROM && s->plan->by->use == FILES_OWNED && !has_group(s))
            return refuse(s->why, &rules[NO_GROUP], i);
        if (!join_mode(s, source))
            return false;
        s->plan->bytes += knows_size(s->c, source, &bytes) ? bytes : 0;
    }
    return true;
}

static struct set destinations(struct compile *c, const struct copy *copy)
{
    struct set out = {0};
    for (size_t k = 0; k < copy->sources.n; k++) {
        struct str path;
        if (destination(c, copy, copy->sources.at[k], &path))
            set_add(c->arena, &out, path);
        else
            out.unknown = true;
    }
    return out;
}

/* Each of the command's files is what a COPY has put there. */
static bool covers(struct search *s)
{
    for (size_t i = 0; i < s->paths.items.n; i++) {
        struct set one = {0};
        bool found = false;
        vec_add(s->c->arena, &one.items, s->paths.items.at[i]);
        for (size_t k = 0; k < s->plan->copies.n; k++) {
            struct copy copy = copy_read(s->c, s->plan->copies.at[k]);
            struct set to = destinations(s->c, &copy);
            found = found || paths_meet(&to, &one) == YES;
        }
        if (!found)
            return false;
    }
    return true;
}

/* This pass's own work. */
static bool has_it_already(const struct search *s, const struct copy *copy)
{
    struct str flag = s->plan->flag;
    struct str value = str_slice(flag, str_find(flag, '=') + 1, flag.len);
    bool owner = s->plan->by->use == FILES_OWNED;
    return !s->plan->by->recursive && (owner ? copy->has_chown : copy->has_chmod) &&
           str_eq(owner ? copy->chown : copy->chmod, value);
}

static bool visit_copy(struct search *s, struct instr *i)
{
    struct str linked;
    if (s->found)
        return true;
    struct copy copy = copy_read(s->c, i);
    struct set writes = destinations(s->c, &copy);
    if (paths_meet(&writes, &s->paths) == NO)
        return true;
    if (s->base)
        return refuse(s->why, &rules[BASE_FILES], s->run);
    bool owner = s->plan->by->use == FILES_OWNED;
    if (has_it_already(s, &copy))
        return false;
    if ((owner ? copy.has_chown : copy.has_chmod) || df_flag(i->ast, LIT("link"), &linked))
        return refuse(s->why, &rules[OWN_FLAG], i);
    if (!pragma_allows(i, LIT("fold-layers/copy-flags")))
        return refuse(s->why, &rules[OFF], i);
    if (s->reader)
        return refuse(s->why, &rules[READ_BETWEEN], s->reader);
    if (s->maker && s->plan->names)
        return refuse(s->why, &rules[ACCOUNTS], s->maker);
    if (!reaches_all(s, i, &copy))
        return false;
    vec_add(s->c->arena, &s->plan->copies, i);
    s->found = !s->plan->by->recursive && covers(s);
    return true;
}

/* ---- what stands between ---- */

static bool meets(const struct set *a, const struct set *b)
{
    return paths_meet(a, b) != NO;
}

/* Effects of a RUN, or of the part of the command's own in front of it. */
static bool visit_effects(struct search *s, const struct instr *by, const struct effects *fx)
{
    static const struct str names[] = {{"/etc/passwd", 11}, {"/etc/group", 10}};
    struct set accounts = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        set_add(s->c->arena, &accounts, names[i]);
    if (meets(&fx->writes, &s->paths) || meets(&fx->deletes, &s->paths))
        return refuse(s->why, &rules[WRITTEN_BY_RUN], by);
    if (!s->reader && (meets(&fx->reads, &s->paths) || effects_any(fx, FX_HIDDEN)))
        s->reader = by;
    if (!s->maker && (meets(&fx->writes, &accounts) || meets(&fx->deletes, &accounts)))
        s->maker = by;
    return true;
}

/* chmod is no matter to chown, nor the other way round; but chown takes the bits away that such
 * modes give. */
static bool is_other_attribute(const struct search *s, const struct files_command *f)
{
    unsigned mode;
    if (f->use == FILES_OWNED)
        return s->plan->by->use == FILES_MODE;
    return s->plan->by->use == FILES_OWNED && f->use == FILES_MODE &&
           (mode_octal(f->value, &mode) ? mode <= 0777 : str_find(f->value, 's') == f->value.len);
}

/* Takes what only touches directories and attributes out of what is written: directories are there
 * when COPY comes. */
static void set_aside(struct search *s, const struct files_command *f, struct effects *fx)
{
    for (size_t k = 0; k < f->files.n; k++) {
        struct str path = f->files.at[k].path;
        bool made = f->use == FILES_MADE && is_reached(s, path);
        if (made)
            vec_add(s->c->arena, &s->there, path);
        if (made || is_other_attribute(s, f))
            set_remove(&fx->writes, path);
    }
}

/* The RUN, up to `end` in its script. */
static bool visit_commands(struct search *s, struct instr *run, struct effects fx, uint32_t end)
{
    struct strs own = {0};
    for (size_t i = 0; i < fx.writes.items.n; i++)
        vec_add(s->c->arena, &own, fx.writes.items.at[i]);
    fx.writes.items = own;
    const struct sh_list *list = run->ast->json ? NULL : instr_commands(s->c, run);
    struct files_commands found = {0};
    if (list)
        found = command_on_files(s->c, &run->before, list);
    for (size_t i = 0; i < found.n; i++)
        if (found.at[i].told && found.at[i].command->span.end <= end)
            set_aside(s, &found.at[i], &fx);
    return visit_effects(s, run, &fx);
}

static bool visit_run(struct search *s, struct instr *run)
{
    if (s->found)
        return true;
    return visit_commands(s, run, *instr_effects(s->c, run), UINT32_MAX);
}

static bool visit_volume(struct search *s, const struct instr *i)
{
    struct set volumes = {0};
    for (size_t k = 0; k < i->ast->args.n; k++) {
        struct str path;
        if (state_expand(s->c, &i->before, i->ast->args.at[k].text, &path))
            set_add(s->c->arena, &volumes, path);
        else
            volumes.unknown = true;
    }
    return !meets(&volumes, &s->paths) || refuse(s->why, &rules[IS_VOLUME], i);
}

static bool visit(struct search *s, struct instr *i)
{
    switch (i->ast->kind) {
    case DF_COPY:
    case DF_ADD:
        return visit_copy(s, i);
    case DF_RUN:
        return visit_run(s, i);
    case DF_VOLUME:
        return visit_volume(s, i);
    case DF_WORKDIR: {
        const struct state *after =
            i->next && i->next->stage == i->stage ? &i->next->before : &i->stage->end;
        vec_add(s->c->arena, &s->there, after->workdir);
        return after->workdir.len || refuse(s->why, &rules[NOT_TOLD], i);
    }
    default:
        return true;
    }
}

/* All that came before, down to the base image. */
static bool search_back(struct search *s)
{
    unsigned steps = 0;
    const struct stage *stage = s->run->stage;
    struct instr *i = s->run->prev;
    for (;;) {
        for (; i && i->stage == stage && i != stage->from; i = i->prev)
            if (++steps > LEGALITY_STEPS || !visit(s, i))
                return false;
        if (stage->base.kind != REF_STAGE)
            return true;
        stage = stage->base.stage;
        i = stage->next->from->prev;
        s->base = true;
    }
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
static bool has_parent(const struct search *s, struct str path)
{
    struct str up = parent(path);
    if (fold_is_listed(s->c, "common-directories", up) ||
        fold_is_listed(s->c, "base-directories", up))
        return true;
    for (size_t i = 0; i < s->there.n; i++)
        if (fold_is_in(s->there.at[i], up))
            return true;
    return false;
}

static void keep(struct search *s, struct str path)
{
    if (!strs_have(&s->plan->keep, path))
        vec_add(s->c->arena, &s->plan->keep, path);
}

/* Directories of `tree` that were made before, with those between. A new one gets the mode of COPY
 * from BuildKit, not from buildah. */
static void keep_directories(struct search *s, struct str tree)
{
    bool usual = s->plan->by->use == FILES_MODE && s->plan->mode == 0755;
    bool new_mode = s->plan->by->use == FILES_MODE && !usual;
    if (new_mode || fold_is_listed(s->c, "base-directories", tree))
        keep(s, tree);
    for (size_t i = 0; i < s->there.n && !usual; i++)
        for (struct str p = s->there.at[i]; fold_is_in(p, tree); p = parent(p)) {
            keep(s, p);
            if (p.len == tree.len || p.len == 1)
                break;
        }
}

/* ---- legality ---- */

static bool check_paths(struct search *s)
{
    const struct plan *p = s->plan;
    bool usual = p->by->use == FILES_MODE && p->mode == 0755;
    for (size_t i = 0; i < s->paths.items.n; i++) {
        struct str path = s->paths.items.at[i];
        if (p->by->recursive && !fold_base_lacks(s->c, s->run->stage, path))
            return refuse(s->why, &rules[BASE_FILES], s->run);
        if (!usual && !has_parent(s, path))
            return refuse(s->why, &rules[NEW_PARENT], s->run);
        if (p->by->recursive)
            keep_directories(s, path);
    }
    return true;
}

static bool can_fold(struct search *s)
{
    struct chain_link link;
    struct effects before;
    const struct files_command *f = s->plan->by;
    for (size_t i = 0; i < f->files.n; i++)
        set_add(s->c->arena, &s->paths, f->files.at[i].path);
    if (!f->told)
        return refuse(s->why, &rules[NOT_TOLD], s->run);
    if (!(f->use == FILES_OWNED ? owner_flag(s) : mode_flag(s)))
        return false;
    if (!fold_effects_beside(s->c, s->run, f->command, false, &before))
        return refuse(s->why, &rules[NOT_CHAINED], s->run);
    if (!visit_commands(s, s->run, before, f->command->span.start) || !search_back(s))
        return false;
    if (!s->plan->copies.n || !covers(s))
        return false; /* its files are no COPY's */
    if (!fold_can_cut(s->c, s->run, f->command, &link))
        return refuse(s->why, &rules[NOT_CHAINED], s->run);
    if (legality_comments(s->c->arena, s->run->lead, LIT("")).len &&
        fold_takes_all(s->c, s->run, f->command))
        return refuse(s->why, &rules[COMMENTED], s->run);
    if (!check_paths(s))
        return false;
    return !s->plan->keep.n || f->recursion || refuse(s->why, &rules[NOT_TOLD], s->run);
}

/* A layer that goes, or bytes that are worth a diff. */
enum { WORTH = 64 * 1024 };

static bool is_worth(const struct search *s)
{
    const struct plan *p = s->plan;
    return p->by->recursive || p->bytes >= WORTH || fold_takes_all(s->c, s->run, p->by->command);
}

/* Some COPY of the stage puts files there: only then there is something to say. */
static bool concerns_copies(struct search *s)
{
    unsigned steps = 0;
    for (struct instr *i = s->run->prev; i && i->stage == s->run->stage; i = i->prev) {
        if (++steps > LEGALITY_STEPS)
            return false;
        if (i->ast->kind != DF_COPY && i->ast->kind != DF_ADD)
            continue;
        struct copy copy = copy_read(s->c, i);
        struct set to = destinations(s->c, &copy);
        if (paths_meet(&to, &s->paths) == YES)
            return true;
    }
    return false;
}

/* The first of the RUN's commands that can be folded; the others have their turn when it is. */
static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct files_commands found = command_on_files(c, &site->at->before, site->at->script->list);
    instr_effects(c, site->at);
    for (size_t i = 0; i < found.n; i++) {
        struct plan *plan = arena_alloc(c->arena, sizeof *plan);
        struct why own = {0};
        struct search s = {.c = c, .run = site->at, .plan = plan, .why = &own};
        plan->by = arena_alloc(c->arena, sizeof *plan->by);
        *(struct files_command *)plan->by = found.at[i];
        if (!is_attribute(plan->by))
            continue;
        if (can_fold(&s) && is_worth(&s) &&
            (fold_has_flags(c) || refuse(&own, &rules[FRONTEND], site->at))) {
            site->plan = plan;
            *why = (struct why){0};
            return true;
        }
        if (own.rule && !why->rule && concerns_copies(&s))
            *why = own;
    }
    return false;
}

static int64_t gain(struct compile *c, const struct site *site)
{
    (void)c;
    const struct plan *plan = site->plan;
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
static struct str kept_command(struct compile *c, const struct instr *run, const struct plan *plan)
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

static bool keep_command(struct compile *c, struct instr *run, const struct plan *plan)
{
    struct span own = plan->by->command->span;
    struct edit edit = {join_span(&run->script_text, own), kept_command(c, run, plan)};
    change_command(c, run, str_span(run->script->text, own), edit.text);
    return rw_splice(c, run, &edit, 1);
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
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
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
