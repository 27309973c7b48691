/* narrow-copy: COPY --from of a whole directory becomes one of the paths in it that are used.
 * Details: `explain`. */
#include "ir/change.h"
#include "ir/command.h"
#include "ir/container.h"
#include "ir/copy.h"
#include "ir/layout.h"
#include "ir/path.h"
#include "ir/purpose.h"
#include "ir/rewrite.h"
#include "passes/legality.h"
#include "passes/narrow_copy/narrow.h"

static const char explain[] =
    "COPY --from=STAGE of the directory that a program was built in becomes one of what is used of "
    "it.\n"
    "\n"
    "    FROM golang:1.22 AS build\n"
    "    WORKDIR /app\n"
    "    COPY . .\n"
    "    RUN go build -o server .\n"
    "    FROM debian:12-slim                      FROM debian:12-slim\n"
    "    COPY --from=build /app /app        =>    COPY --from=build /app/server /app/\n"
    "                                             COPY --from=build /app/templates /app/templates\n"
    "    CMD [\"/app/server\"]                      CMD [\"/app/server\"]\n"
    "\n"
    "All stays but what is known to be unused: the sources of a compiled program, version control, "
    "test data,\n"
    "files of editors and services (catalog: toolchains, leftovers).\n"
    "\n"
    "Legal when\n"
    " 1. the stage ships, and its image is an application: it does not start with a tool of "
    "development;\n"
    " 2. the base of the build stage has nothing in the directory;\n"
    " 3. all that the build puts there is known: by the build context, by the catalog's rows of "
    "toolchains, and by\n"
    "    the effects of every other command, none of which deletes there; no mount covers it;\n"
    " 4. something is compiled there, by toolchains whose programs run without their sources;\n"
    " 5. what the image starts from the directory is among what stays;\n"
    " 6. no later RUN, no script that the container starts and no other stage may read what goes;\n"
    " 7. at most six COPYs are needed, of names that need no quotes.\n"
    "Flags (--chown, --chmod, --link, --from by name or number) are kept as they are.\n"
    "\n"
    "Left alone: COPY from the build context, from images, of several sources, in JSON form.\n";

const struct rule narrow_rules[NARROW_REASON_COUNT] = {
#define X(id, name, sentence) [NARROW_##id] = {"narrow-copy/" name, sentence},
    NARROW_REASONS(X)
#undef X
};

static const struct rule applied = {"narrow-copy/narrowed",
                                    "only what is used is copied: sources stay in the build stage"};

/* MOST_SITES: of a file; each takes a whole stage apart. */
enum { MOST_COPIES = 6, MOST_SITES = 16 };

struct plan {
    struct str from, to; /* as absolute paths */
    struct narrow_content content;
    struct strs texts; /* of the COPYs */
    unsigned number;   /* of the site */
};

/* ---- sites ---- */

static const struct stage *source_stage(const struct instr *copy)
{
    for (size_t i = 0; i < copy->stage->uses.n; i++)
        if (copy->stage->uses.at[i].by == copy)
            return copy->stage->uses.at[i].kind == REF_STAGE ? copy->stage->uses.at[i].stage : NULL;
    return NULL;
}

static bool is_site(const struct instr *i)
{
    return i->ast->kind == DF_COPY && i->stage && i->stage->ships == YES && !i->ast->json &&
           !i->ast->heredocs.n && i->ast->args.n == 2 && source_stage(i);
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    if (!i || legality_is_long(c))
        return false;
    while (i && !is_site(i))
        i = i->next;
    const struct plan *last = site->plan;
    struct plan *p = i ? arena_alloc(c->arena, sizeof *p) : NULL;
    if (!i || (last && last->number == MOST_SITES))
        return false;
    p->number = last ? last->number + 1 : 1;
    *site = (struct site){.at = i, .with = i, .plan = p};
    return true;
}

/* ---- legality ---- */

static bool is_plain(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && !strchr("/._-+@", c))
            return false;
    }
    return name.len > 0;
}

/* `path` in the image is among what is copied. */
static bool is_kept(const struct plan *p, struct str path)
{
    struct str rest, inner;
    if (!narrow_below(path, p->to, &rest))
        return true; /* elsewhere */
    for (size_t i = 0; i < p->content.kept.n; i++)
        if (str_eq(rest, p->content.kept.at[i].path) ||
            narrow_below(rest, p->content.kept.at[i].path, &inner))
            return true;
    return false;
}

/* Rule 5. */
static bool starts_what_is_kept(struct compile *c, const struct plan *p, const struct stage *stage)
{
    struct container_command command = container_command(c, stage);
    struct instr *by = command.entrypoint ? command.entrypoint : command.cmd;
    const struct sh_list *list = container_starts(c, &command);
    struct state state = container_state(stage, by);
    struct seen_commands seen = command_seen(c, &state, list);
    for (size_t i = 0; i < seen.n; i++) {
        struct str name = seen.at[i].words.at[0], path;
        if (!name.at || str_find(name, '/') == name.len)
            continue;
        if (!path_resolve(c->arena, seen.at[i].workdir, name, &path) || !is_kept(p, path))
            return false;
    }
    return true;
}

/* What goes, as paths of the image. */
static struct set unused_in_image(struct compile *c, const struct plan *p)
{
    struct set gone = {0};
    for (size_t i = 0; i < p->content.unused.items.n; i++) {
        struct str rest;
        if (narrow_below(p->content.unused.items.at[i], p->from, &rest))
            set_add(c->arena, &gone,
                    str_concat(c->arena, str_concat(c->arena, p->to, LIT("/")), rest));
    }
    return gone;
}

static bool scripts_read(struct compile *c, struct instr *i, const struct set *gone)
{
    const struct container_scripts *scripts = container_scripts(c, i);
    for (size_t k = 0; k < scripts->n; k++)
        if (paths_meet(&scripts->at[k].effects.reads, gone) == YES)
            return true;
    return false;
}

/* Rule 6, within the image. Of what runs in the container it is the entry that matters. */
static const struct instr *reader(struct compile *c, struct instr *copy, const struct set *gone)
{
    struct later l = {.run = copy, .at = copy};
    while (legality_later(&l)) {
        struct effects fx = legality_later_effects(c, l.at);
        if (l.at->ast->kind == DF_RUN && paths_meet(&fx.reads, gone) != NO)
            return l.at;
        if (l.at->ast->kind == DF_ONBUILD || scripts_read(c, l.at, gone))
            return l.at;
    }
    return l.lost ? copy : NULL;
}

/* Another stage copies from this one, or mounts it. */
static const struct instr *other_user(const struct compile *c, const struct stage *stage)
{
    for (const struct stage *s = stage->next; s; s = s->next)
        for (size_t i = 0; i < s->uses.n; i++) {
            const struct ref *use = &s->uses.at[i];
            if (use->kind == REF_UNKNOWN ||
                (use->kind == REF_STAGE && legality_is_built_on(use->stage, stage)))
                return use->by;
        }
    (void)c;
    return NULL;
}

/* ---- the new COPYs ---- */

static struct str directory_of(struct str path)
{
    size_t at = path.len;
    while (at > 0 && path.at[at - 1] != '/')
        at--;
    return str_slice(path, 0, at ? at - 1 : 0);
}

/* `COPY --from=build --chown=x `, as written. */
static struct str head_of(const struct instr *copy)
{
    const struct df_instr *ast = copy->ast;
    return str_slice(ast->joined.text, ast->keyword.start, ast->args.at[0].joined.start);
}

/* `to/rest`, as the target is written. */
static struct str target(struct arena *a, const struct instr *copy, struct str rest)
{
    struct str to = str_span(copy->ast->joined.text, copy->ast->args.at[1].joined);
    if (!str_ends(to, LIT("/")))
        to = str_concat(a, to, LIT("/"));
    return str_concat(a, to, rest);
}

static struct str source(struct arena *a, const struct plan *p, struct str rest)
{
    return str_concat(a, str_concat(a, p->from, LIT("/")), rest);
}

static void add_copy(struct compile *c, struct plan *p, const struct instr *copy,
                     const struct strs *sources, struct str to)
{
    struct buf b = {.arena = c->arena};
    buf_add(&b, head_of(copy));
    for (size_t i = 0; i < sources->n; i++) {
        buf_add(&b, sources->at[i]);
        buf_char(&b, ' ');
    }
    buf_add(&b, to);
    buf_add(&b, c->file->layout->newline);
    vec_add(c->arena, &p->texts, buf_str(&b));
}

/* Files of one directory go together; of what may be a directory each has a COPY of its own, since
 * COPY takes the content of a directory. */
static void write_copies(struct compile *c, struct plan *p, const struct instr *copy)
{
    const struct narrow_paths *kept = &p->content.kept;
    for (size_t i = 0; i < kept->n; i++) {
        struct str in = directory_of(kept->at[i].path);
        struct strs sources = {0};
        bool first = true;
        for (size_t k = 0; k < kept->n && kept->at[i].file; k++) {
            if (!kept->at[k].file || !str_eq(directory_of(kept->at[k].path), in))
                continue;
            first &= k >= i;
            vec_add(c->arena, &sources, source(c->arena, p, kept->at[k].path));
        }
        struct str inside = in.len ? str_concat(c->arena, in, LIT("/")) : in;
        if (kept->at[i].file && first)
            add_copy(c, p, copy, &sources, target(c->arena, copy, inside));
        if (kept->at[i].file)
            continue;
        vec_add(c->arena, &sources, source(c->arena, p, kept->at[i].path));
        add_copy(c, p, copy, &sources, target(c->arena, copy, kept->at[i].path));
    }
}

/* Rule 7. */
static bool can_be_written(struct compile *c, struct plan *p, const struct instr *copy,
                           struct why *why)
{
    for (size_t i = 0; i < p->content.kept.n; i++)
        if (!is_plain(p->content.kept.at[i].path))
            return refuse_for(why, &narrow_rules[NARROW_ODD_NAME], copy,
                              p->content.kept.at[i].path);
    write_copies(c, p, copy);
    if (p->texts.n > MOST_COPIES)
        return refuse(why, &narrow_rules[NARROW_TOO_MANY], copy);
    return true;
}

/* The directories; false when one of them cannot be told, or is no directory of its own. */
static bool read_paths(struct compile *c, const struct instr *copy, struct plan *p)
{
    struct copy read = copy_read(c, copy);
    struct str from;
    if (read.sources.n != 1 || read.sources.at[0].glob || read.parents || read.to.len < 2 ||
        !path_resolve(c->arena, LIT("/"), read.sources.at[0].path, &from) || from.len < 2)
        return false;
    p->from = from;
    p->to = read.to;
    struct df_words args = copy->ast->args;
    struct span all = {copy->ast->keyword.start, args.at[1].joined.end};
    return join_is_whole(&copy->ast->joined, all) && is_plain(from);
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct instr *copy = site->at;
    struct plan *p = site->plan;
    if (!read_paths(c, copy, p))
        return false;
    bool known = narrow_content_of(c, source_stage(copy), p->from, &p->content, why);
    if (!p->content.is_directory || (known && (!p->content.unused.items.n || !p->content.kept.n))) {
        *why = (struct why){0}; /* a file, or nothing to leave behind */
        return false;
    }
    if (!known)
        return false;
    struct purpose purpose = purpose_of(c, copy->stage);
    if (purpose.kind != PURPOSE_APPLICATION)
        return refuse_for(why, &narrow_rules[NARROW_NOT_APPLICATION], purpose.at, purpose.detail);
    if (!starts_what_is_kept(c, p, copy->stage))
        return refuse(why, &narrow_rules[NARROW_ENTRY], copy);
    struct set gone = unused_in_image(c, p);
    const struct instr *used = reader(c, copy, &gone);
    if (!used)
        used = other_user(c, copy->stage);
    if (used)
        return refuse(why, &narrow_rules[NARROW_USED_LATER], used);
    return can_be_written(c, p, copy, why);
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *p = site->plan;
    struct instr *at = site->at;
    struct str first = p->texts.at[0];
    if (!str_ends(at->text, LIT("\n")))
        first = str_slice(first, 0, first.len - c->file->layout->newline.len);
    change_instr(c, at, first);
    if (!rw_replace(c, at, first))
        return false;
    for (size_t i = 1; i < p->texts.n; i++) {
        at = rw_insert_after(c, at, (struct str){0}, p->texts.at[i]);
        if (!at)
            return false;
        change_add(c, at);
    }
    return true;
}

const struct pass pass_narrow_copy = {
    .name = "narrow-copy",
    .summary = "COPY --from takes what is used, not the directory that it was built in",
    .explain = explain,
    .level = 2,
    .rules = narrow_rules,
    .n_rules = NARROW_REASON_COUNT,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = pass_gains_some,
    .apply = apply,
};
