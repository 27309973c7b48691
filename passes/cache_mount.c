/* cache-mount: package managers keep their caches on cache mounts. Details: `explain`. */
#include "ir/catalog/catalog.h"
#include "ir/change.h"
#include "ir/copy.h"
#include "ir/layout.h"
#include "ir/path.h"
#include "ir/rewrite.h"
#include "ir/state.h"
#include "passes/legality.h"

static const char explain[] =
    "A RUN that fills its package manager's cache gets a cache mount for it. Off by default: "
    "--enable=cache-mount.\n"
    "\n"
    "    RUN npm ci    =>    RUN --mount=type=cache,target=/root/.npm npm ci\n"
    "\n"
    "For build time: the next build finds there what it would download, and the layer has no "
    "cache. Caches that later\n"
    "builds and starts read (of go, cargo, maven, gradle) are mounted in build stages alone.\n"
    "\n"
    "Legal when\n"
    " 1. the cache is where the catalog says: no variable or option moves it, HOME is not set, and "
    "the user is root,\n"
    "    who may write to a new mount;\n"
    " 2. what is mounted is a cache and nothing else (never `target`, a virtual environment, "
    "~/.cache as a whole);\n"
    " 3. no COPY --from takes it out of the stage, and no later instruction reads it;\n"
    " 4. of a cache that later builds read: the stage does not ship, and every later RUN is known "
    "to get the same mount\n"
    "    or not to need it;\n"
    " 5. no `# syntax=` names a version of the Dockerfile frontend that is older than mounts.\n"
    "\n"
    "Left alone: RUNs that switch the cache off (--no-cache-dir) or empty it; package managers of "
    "distributions, whose\n"
    "images are configured to keep no archives.\n";

enum reason { MOVED, NOT_ROOT, COPIED, USED_LATER, SHIPS, OLD_SYNTAX };

static const struct rule rules[] = {
    [MOVED] = {"cache-mount/moved", "a variable or an option says where the cache is"},
    [NOT_ROOT] = {"cache-mount/not-root",
                  "its user is not root, to whom a new cache mount belongs"},
    [COPIED] = {"cache-mount/copied", "another stage copies the cache"},
    [USED_LATER] = {"cache-mount/used-later", "a later instruction uses the cache, or may"},
    [SHIPS] = {"cache-mount/ships",
               "the image may look into this cache again: only build stages get a mount for it"},
    [OLD_SYNTAX] = {"cache-mount/old-syntax", "its `# syntax=` is older than cache mounts"},
};

static const struct rule applied = {"cache-mount/mounted",
                                    "the package manager's cache is on a cache mount"};

/* What one stage takes from another. */
struct taken {
    const struct ref *use;
    struct str path; /* of COPY; empty: anything */
};

struct taken_list VEC_OF(struct taken);

struct plan {
    const struct cache_mount *mount;
    const struct manager *manager;
    struct str target;              /* absolute */
    const struct taken_list *taken; /* of the whole file; handed from site to site */
    const struct stage *of;         /* .. as long as its stages are these */
};

/* ---- sites ---- */

static struct str target_of(struct arena *a, const struct cache_mount *m)
{
    if (!str_starts(m->target, LIT("~")))
        return m->target;
    return str_concat(a, LIT("/root"), str_slice(m->target, 1, m->target.len));
}

static bool applies(struct compile *c, const struct instr *run, const struct cache_mount *m,
                    struct str target)
{
    return (!m->n_bases || legality_is_based_on(c, run->stage, m->bases, m->n_bases)) &&
           legality_mount_covers(c, run, &target, 1) == NO;
}

/* The next mount that the RUN lacks; NULL when it lacks none. */
static struct plan *lacking(struct compile *c, struct instr *run)
{
    const struct strs *left = &instr_effects(c, run)->caches.items;
    for (size_t i = 0; i < left->n; i++) {
        const struct manager *m = catalog_manager(c->catalog, left->at[i]);
        for (size_t k = 0; m && k < m->n_mounts; k++) {
            struct str target = target_of(c->arena, &m->mounts[k]);
            if (!applies(c, run, &m->mounts[k], target))
                continue;
            struct plan *p = arena_alloc(c->arena, sizeof *p);
            *p = (struct plan){.mount = &m->mounts[k], .manager = m, .target = target};
            return p;
        }
    }
    return NULL;
}

static void note_taken(struct compile *c, const struct ref *use, struct taken_list *out)
{
    struct copy copy = {0};
    if (use->by->ast->kind == DF_COPY)
        copy = copy_read(c, use->by);
    if (!copy.sources.n)
        vec_add(c->arena, out, ((struct taken){use, {0}}));
    for (size_t k = 0; k < copy.sources.n; k++) {
        struct taken t = {use, {0}};
        if (!path_resolve(c->arena, LIT("/"), copy.sources.at[k].path, &t.path))
            t.path = (struct str){0};
        vec_add(c->arena, out, t);
    }
}

static const struct taken_list *taken_of(struct compile *c)
{
    struct taken_list *out = arena_alloc(c->arena, sizeof *out);
    for (const struct stage *s = c->file->stages; s; s = s->next)
        for (size_t i = 0; i < s->uses.n; i++)
            note_taken(c, &s->uses.at[i], out);
    return out;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    const struct plan *last = site->plan;
    if (!i || legality_is_long(c))
        return false;
    for (; i; i = i->next) {
        if (i->ast->kind != DF_RUN || !i->stage)
            continue;
        struct plan *p = lacking(c, i);
        if (!p)
            continue;
        p->of = c->file->stages;
        p->taken = last && last->of == p->of ? last->taken : taken_of(c);
        *site = (struct site){.at = i, .with = i, .plan = p};
        return true;
    }
    return false;
}

/* ---- legality ---- */

/* Rule 1. */
static bool is_moved(struct compile *c, struct instr *run, const struct manager *m)
{
    if (strs_have(&instr_effects(c, run)->away.items, m->name) ||
        env_find(run->before.env, LIT("HOME")))
        return true;
    for (size_t i = 0; i < m->n_cache_places; i++)
        if (env_find(run->before.env, m->cache_places[i]))
            return true;
    return false;
}

static bool overlap(struct str a, struct str b)
{
    struct strs one = {&a, 1, 1}, other = {&b, 1, 1};
    struct set x = {.items = one}, y = {.items = other};
    return paths_meet(&x, &y) != NO;
}

/* Rule 3: from this stage, or one that is FROM it. */
static const struct instr *copied_by(const struct instr *run, const struct plan *p)
{
    for (size_t i = 0; i < p->taken->n; i++) {
        const struct taken *t = &p->taken->at[i];
        bool concerns =
            t->use->kind == REF_UNKNOWN ||
            (t->use->kind == REF_STAGE && legality_is_built_on(t->use->stage, run->stage));
        if (concerns && (!t->path.len || overlap(t->path, p->target)))
            return t->use->by;
    }
    return NULL;
}

static bool reads_inside(const struct set *reads, struct str target)
{
    for (size_t i = 0; i < reads->items.n; i++) {
        struct str path = reads->items.at[i];
        bool inside =
            str_starts(path, target) && (path.len == target.len || path.at[target.len] == '/');
        if (inside)
            return true;
    }
    return false;
}

/* Rules 3 and 4. A manager whose cache later builds do not read fills it anew. */
static const struct instr *used_by(struct compile *c, struct instr *run, const struct plan *p)
{
    struct later l = {.run = run, .at = run};
    while (legality_later(&l)) {
        struct effects fx = legality_later_effects(c, l.at);
        bool is_run = l.at->ast->kind == DF_RUN;
        if (is_run && strs_have(&fx.caches.items, p->manager->name))
            continue;
        if (reads_inside(&fx.reads, p->target) || (p->mount->source && is_run && fx.reads.unknown))
            return l.at;
    }
    return l.lost ? run : NULL;
}

static bool is_old_syntax(const struct compile *c)
{
    struct str name = str_slice(c->file->syntax, 0, str_find(c->file->syntax, '@'));
    return catalog_lists_like(c->catalog, LIT("old-frontends"), name);
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    const struct plan *p = site->plan;
    if (is_old_syntax(c))
        return refuse(why, &rules[OLD_SYNTAX], site->at);
    if (!state_is_root(site->at->before.user))
        return refuse(why, &rules[NOT_ROOT], site->at);
    if (is_moved(c, site->at, p->manager))
        return refuse(why, &rules[MOVED], site->at);
    if (p->mount->source && site->at->stage->ships != NO)
        return refuse(why, &rules[SHIPS], site->at);
    const struct instr *copied = copied_by(site->at, p);
    if (copied)
        return refuse(why, &rules[COPIED], copied);
    const struct instr *used = used_by(c, site->at, p);
    if (used)
        return refuse(why, &rules[USED_LATER], used);
    return true;
}

static struct str flag_of(struct compile *c, const struct plan *p)
{
    struct str flag = str_concat(c->arena, LIT("--mount=type=cache,target="), p->target);
    if (p->mount->sharing.len)
        flag =
            str_concat(c->arena, str_concat(c->arena, flag, LIT(",sharing=")), p->mount->sharing);
    return flag;
}

/* Where the flags end and the command begins, when that is on one line. */
static bool command_gap(const struct instr *run, struct span *out)
{
    const struct df_instr *ast = run->ast;
    struct span gap = {vec_last(&ast->flags)->joined.end, ast->rest.start};
    *out = join_span(&ast->joined, gap);
    return !ast->heredocs.n && join_is_whole(&ast->joined, gap);
}

/* Behind the keyword. Several mounts and the command stand on lines of their own. */
static bool apply(struct compile *c, const struct site *site)
{
    const struct layout *l = c->file->layout;
    struct instr *run = site->at;
    struct str flag = flag_of(c, site->plan), other;
    struct buf next_line = {.arena = c->arena};
    uint32_t start = join_offset(&run->ast->joined, run->ast->keyword.end);
    struct edit edits[2] = {{{start, start}, str_concat(c->arena, LIT(" "), flag)}};
    size_t n = 1;
    buf_printf(&next_line, " %c%.*s%.*s", l->escape, STR(l->newline), STR(l->indent));
    if (df_flag(run->ast, LIT("mount"), &other)) {
        while (char_is_blank(run->text.at[edits[0].at.end]))
            edits[0].at.end++;
        edits[0].text = str_concat(c->arena, edits[0].text, buf_str(&next_line));
        edits[1].text = buf_str(&next_line);
        n += command_gap(run, &edits[1].at);
    }
    change_flag(c, run->stage, flag);
    return rw_splice(c, run, edits, n);
}

const struct pass pass_cache_mount = {
    .name = "cache-mount",
    .summary = "package managers keep their caches on cache mounts (off by default)",
    .explain = explain,
    .level = PASS_OFF,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = pass_gains_some,
    .apply = apply,
};
