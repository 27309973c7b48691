/* slim-base: the slim variant of a base image, with what is used of the full one. Details:
 * `explain`. */
#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/catalog/packages.h"
#include "ir/change.h"
#include "ir/install.h"
#include "ir/layout.h"
#include "ir/purpose.h"
#include "ir/rewrite.h"
#include "ir/state.h"
#include "ir/uses.h"
#include "passes/legality.h"

static const char explain[] =
    "A full base image becomes its slim variant, of the same version and release; what is used of\n"
    "all that the slim one lacks is installed.\n"
    "\n"
    "    FROM python:3.12-bookworm        =>    FROM python:3.12-slim-bookworm\n"
    "    RUN pip install psycopg2               RUN apt-get update \\\n"
    "    CMD [\"python\", \"app.py\"]                 && apt-get install -y .. gcc libpq-dev "
    "libpq5 \\\n"
    "                                               && pip install psycopg2 \\\n"
    "                                               && apt-get purge -y --auto-remove gcc .. \\\n"
    "                                               && rm -rf /var/lib/apt/lists/*\n"
    "                                           CMD [\"python\", \"app.py\"]\n"
    "\n"
    "What packages of languages need to be built, and nothing else uses, goes again behind the\n"
    "RUN that builds them, where that is one RUN, a chain of commands of root.\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept, and it is an application: of a tool, "
    "all\n"
    "    may be used;\n"
    " 2. the FROM names the image itself, without a digest, and no ONBUILD runs in builds of\n"
    "    others;\n"
    " 3. the catalog knows the packages of both images, and that the slim tag exists;\n"
    " 4. all that runs in the build and in the container is known by name: shell texts are\n"
    "    understood, scripts and manifests are in the build context, programs have rows, and what\n"
    "    sources start can be named. Where both images have the same packages this is not asked;\n"
    " 5. no compiler of the full image is run by the build itself: which headers and libraries it\n"
    "    uses is not seen;\n"
    " 6. nothing is read of the documentation, manuals and translations that slim images leave "
    "out,\n"
    "    and no package is installed that fails without them;\n"
    " 7. what is missing can be installed: the release's archive is known, and has it by that "
    "name.\n"
    "\n"
    "Packages of languages that the catalog does not know are taken to need no more than a\n"
    "compiler; a remark names them.\n";

enum reason {
    TOOL,
    VARIABLE,
    DIGEST,
    TRIGGER,
    NO_VARIANT,
    SHELL_TEXT,
    PROGRAM,
    MANIFEST,
    SOURCES,
    LIBRARY,
    STARTER,
    STARTED,
    COMPILER,
    MISSING_FILES,
    BREAKS,
    RELEASE,
    ASSUMED
};

static const struct rule rules[] = {
    [TOOL] = {"slim-base/tool-image", "the image is a tool: what is used of its base is not seen"},
    [VARIABLE] = {"slim-base/variable", "the image's name is put together from variables"},
    [DIGEST] = {"slim-base/digest", "the image is pinned by its digest"},
    [TRIGGER] = {"slim-base/onbuild", "ONBUILD runs in builds that are not seen"},
    [NO_VARIANT] = {"slim-base/no-variant",
                    "no slim image of the same version and release is known"},
    [SHELL_TEXT] = {"slim-base/not-understood", "its shell text is not understood"},
    [PROGRAM] = {"slim-base/unknown-program",
                 "what this program uses of the base image is not seen"},
    [MANIFEST] = {"slim-base/manifest", "which packages it installs cannot be read"},
    [SOURCES] = {"slim-base/sources",
                 "the sources of the program are not in the build context, or not all"},
    [LIBRARY] = {"slim-base/libraries", "a source uses native libraries, which cannot be named"},
    [STARTER] = {"slim-base/starter",
                 "the program starts others, which its settings name and which are not seen"},
    [STARTED] = {"slim-base/starts-programs", "a source starts programs that it does not name"},
    [COMPILER] = {"slim-base/compiler",
                  "it runs a compiler or build tool of the base image: which headers and libraries "
                  "that uses is not seen"},
    [MISSING_FILES] = {"slim-base/missing-files", "it reads what slim images leave out"},
    [BREAKS] = {"slim-base/manual-pages",
                "this package does not install on slim images, which have no manual pages"},
    [RELEASE] = {"slim-base/release",
                 "what is missing cannot be installed in the base image's release"},
    [ASSUMED] =
        {"slim-base/assumed",
         "packages that the catalog does not know are taken to need no more than a compiler"},
};

static const struct rule applied = {"slim-base/slim",
                                    "the slim variant of the base image has, or gets, all that is "
                                    "seen to be used"};

struct plan {
    struct base base, slim;
    struct str image; /* what comes into the FROM */
    struct strs needs;
    struct strs builds;     /* what language packages need to be built, and nothing else uses */
    struct instr *built_by; /* the one RUN that builds them; NULL: none, or several do */
    uint64_t kib;
    struct str assumed;            /* packages of languages that are not known */
    const struct instr *first_use; /* the first RUN that uses what is missing; NULL: none does */
};

/* ---- sites ---- */

static bool has_slim(struct compile *c, struct str family)
{
    const struct image_family *f = catalog_image(c->catalog, family);
    for (size_t i = 0; f && i < f->n_variants; i++)
        for (size_t k = 0; k < f->variants[i].n_words; k++)
            if (str_eq(f->variants[i].words[k], LIT("slim")))
                return true;
    return false;
}

/* The variant of no words: neither slim nor of another distribution. */
static bool is_full(struct compile *c, const struct stage *s, struct base *base)
{
    return s->base.kind != REF_STAGE && base_of_stage(c, s, base) && base->variant &&
           !base->variant->n_words && has_slim(c, base->ref.name);
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site->with ? site->with->next : c->file->first;
    for (; i; i = i->next) {
        struct base base;
        if (i->ast->kind != DF_FROM || i->stage->ships != YES || !is_full(c, i->stage, &base))
            continue;
        struct plan *plan = arena_alloc(c->arena, sizeof *plan);
        plan->base = base;
        *site = (struct site){.at = i, .with = i, .plan = plan};
        return true;
    }
    return false;
}

/* ---- legality: what is used ---- */

struct question {
    struct compile *c;
    struct plan *plan;
    const struct uses *uses;
    struct packages full, slim;
    struct packages lost;  /* of `full`, what `slim` lacks */
    struct packages asked; /* what the stage installs itself */
};

static const struct rule *rule_of(enum unknown_use why)
{
    switch (why) {
    case UNKNOWN_SHELL:
        return &rules[SHELL_TEXT];
    case UNKNOWN_PROGRAM:
        return &rules[PROGRAM];
    case UNKNOWN_MANIFEST:
        return &rules[MANIFEST];
    case UNKNOWN_SOURCES:
        return &rules[SOURCES];
    case UNKNOWN_LIBRARY:
        return &rules[LIBRARY];
    case UNKNOWN_STARTED:
        return &rules[STARTED];
    }
    return &rules[PROGRAM];
}

static void find_lost(struct question *q)
{
    q->lost.known.arena = q->c->arena;
    for (size_t i = 0; i < q->full.names.n; i++) {
        struct package *p = map_get(&q->full.known, q->full.names.at[i]);
        if (map_get(&q->slim.known, p->name))
            continue;
        map_put(&q->lost.known, p->name, p);
        vec_add(q->c->arena, &q->lost.names, p->name);
        q->lost.kib += p->kib;
    }
}

static bool closure_of_base(struct compile *c, const struct base *base, struct packages *out)
{
    struct strs names = {0};
    if (!base_packages(c, base, &names))
        return false;
    *out = packages_closure(c->catalog, c->arena, &names, RECOMMENDS_NONE, NULL);
    return true;
}

/* All that RUNs up to `by` install, with what it depends on. */
static struct packages asked_before(struct compile *c, const struct uses *uses,
                                    const struct used *by)
{
    struct strs names = {0};
    for (size_t i = 0; i < uses->installs.n; i++) {
        const struct used *install = &uses->installs.at[i];
        struct str name =
            str_slice(install->name, str_find(install->name, ':') + 1, install->name.len);
        bool before = !by || by->in_container || install->at->stage != by->at->stage ||
                      install->at->origin.start <= by->at->origin.start;
        if (before && catalog_package(c->catalog, name))
            vec_add(c->arena, &names, name);
    }
    return packages_closure(c->catalog, c->arena, &names, RECOMMENDS_NONE, NULL);
}

static void need(struct question *q, struct str name, const struct used *use)
{
    struct packages asked = asked_before(q->c, q->uses, use);
    const struct instr *first = q->plan->first_use;
    if (map_get(&asked.known, name))
        return;
    if (!use->in_container && (!first || use->at->origin.start < first->origin.start))
        q->plan->first_use = use->at;
    if (!strs_have(&q->plan->needs, name))
        vec_add(q->c->arena, &q->plan->needs, name);
}

static void need_to_build(struct question *q, struct str name, const struct used *use)
{
    struct plan *plan = q->plan;
    struct packages asked = asked_before(q->c, q->uses, use);
    if (map_get(&asked.known, name))
        return;
    if (!plan->builds.n)
        plan->built_by = (struct instr *)use->at;
    if (plan->built_by != use->at)
        plan->built_by = NULL;
    if (!strs_have(&plan->builds, name))
        vec_add(q->c->arena, &plan->builds, name);
}

static bool is_lost(const struct question *q, struct str name)
{
    return map_get(&q->lost.known, name) != NULL;
}

/* Rule 5. */
static bool add_commands(struct question *q, struct why *why)
{
    for (size_t i = 0; i < q->uses->commands.n; i++) {
        const struct used *use = &q->uses->commands.at[i];
        struct str package = catalog_command_package(q->c->catalog, use->name);
        if (!package.len || !is_lost(q, package) || map_get(&q->asked.known, package) ||
            catalog_image_brings(q->c->catalog, q->plan->base.ref.name, use->name))
            continue;
        if (catalog_keep(q->c->catalog, package) == KEEP_NEVER)
            return refuse_for(why, &rules[COMPILER], use->at, use->name);
        need(q, package, use);
    }
    for (size_t i = 0; i < q->uses->packages.n; i++)
        if (is_lost(q, q->uses->packages.at[i].name))
            need(q, q->uses->packages.at[i].name, &q->uses->packages.at[i]);
    return true;
}

/* A -dev package stands for its libraries, by their names in the release. */
static void add_library(struct question *q, struct str name, const struct used *use)
{
    const struct str *libraries = NULL;
    size_t n = 0;
    if (!catalog_runtime(q->c->catalog, name, q->plan->base.suite, &libraries, &n)) {
        if (is_lost(q, name))
            need(q, name, use);
        return;
    }
    for (size_t i = 0; is_lost(q, name) && i < n; i++)
        need(q, libraries[i], use);
}

/* Of what has no row: that of its registry, `pip:*`. */
static const struct module *module_of(struct question *q, const struct used *use, bool *known)
{
    const struct module *m = catalog_module(q->c->catalog, use->name);
    *known = m != NULL;
    if (m)
        return m;
    size_t colon = str_find(use->name, ':');
    struct str any = str_concat(q->c->arena, str_slice(use->name, 0, colon), LIT(":*"));
    return catalog_module(q->c->catalog, any);
}

static void add_modules(struct question *q, struct buf *assumed)
{
    for (size_t i = 0; i < q->uses->modules.n; i++) {
        const struct used *use = &q->uses->modules.at[i];
        bool known;
        const struct module *m = module_of(q, use, &known);
        if (!known && assumed->len < 200)
            buf_printf(assumed, "%s%.*s", assumed->len ? ", " : "", STR(use->name));
        bool builds =
            m && !use->elsewhere && catalog_module_builds(m, q->plan->base.version, use->detail);
        for (size_t k = 0; builds && k < m->n_build; k++)
            if (is_lost(q, m->build[k]))
                need_to_build(q, m->build[k], use);
        for (size_t k = 0; m && k < m->n_run; k++)
            add_library(q, m->run[k], use);
    }
}

/* What another of them depends on need not be named. */
static void drop_implied(struct question *q, struct strs *names)
{
    struct strs kept = {0};
    for (size_t i = 0; i < names->n; i++) {
        struct strs others = {0};
        for (size_t k = 0; k < names->n; k++)
            if (k != i && (k > i || strs_have(&kept, names->at[k])))
                vec_add(q->c->arena, &others, names->at[k]);
        struct packages p =
            packages_closure(q->c->catalog, q->c->arena, &others, RECOMMENDS_NONE, NULL);
        if (!map_get(&p.known, names->at[i]))
            vec_add(q->c->arena, &kept, names->at[i]);
    }
    *names = kept;
}

/* A chain of commands that root runs: what it needs can be installed ahead of it and go behind. */
static bool is_purgeable(struct compile *c, struct instr *run, const struct instr *from)
{
    if (!run || run->stage != from->stage || run->ast->kind != DF_RUN || run->ast->json ||
        run->ast->heredocs.n || run->ast->flags.n)
        return false;
    const struct sh_script *script = instr_script(c, run);
    if (!script || !script->list || !state_is_root(run->before.user))
        return false;
    struct script_shape shape = legality_shape(script);
    return shape.chain && !shape.open_end && !shape.reads_past;
}

/* What is needed to build alone goes with the RUN that builds; where it cannot, it stays. */
static void place_builds(struct question *q, const struct instr *from)
{
    struct plan *plan = q->plan;
    struct strs builds = {0};
    for (size_t i = 0; i < plan->builds.n; i++)
        if (!strs_have(&plan->needs, plan->builds.at[i]))
            vec_add(q->c->arena, &builds, plan->builds.at[i]);
    plan->builds = builds;
    if (is_purgeable(q->c, plan->built_by, from))
        return;
    for (size_t i = 0; i < builds.n; i++)
        vec_add(q->c->arena, &plan->needs, builds.at[i]);
    if (builds.n)
        plan->first_use = NULL;
    plan->builds = (struct strs){0};
}

static void sort_names(struct strs *names)
{
    for (size_t i = 1; i < names->n; i++)
        for (size_t k = i; k && str_cmp(names->at[k - 1], names->at[k]) > 0; k--) {
            struct str swapped = names->at[k];
            names->at[k] = names->at[k - 1];
            names->at[k - 1] = swapped;
        }
}

static struct strs candidates(struct compile *c, const struct packages *lost)
{
    struct strs out = {0};
    const struct command_provider *p;
    for (size_t i = 0; (p = catalog_provider_at(c->catalog, i)); i++)
        for (size_t k = 0; map_get(&lost->known, p->package) && k < p->n_commands; k++)
            vec_add(c->arena, &out, p->commands[k]);
    return out;
}

/* Rule 6. */
static bool finds_files(struct question *q, const struct instr *from, struct why *why)
{
    const struct tree_list *lacks = catalog_trees(q->c->catalog, LIT("slim-lacks"));
    const struct tree_list *breaks = catalog_trees(q->c->catalog, LIT("slim-breaks"));
    for (size_t i = 0; lacks && i < q->uses->paths.n; i++)
        for (size_t k = 0; k < lacks->n_paths; k++)
            if (str_starts(q->uses->paths.at[i].name, lacks->paths[k]))
                return refuse_for(why, &rules[MISSING_FILES], q->uses->paths.at[i].at,
                                  q->uses->paths.at[i].name);
    for (size_t k = 0; breaks && k < breaks->n_paths; k++)
        if (map_get(&q->asked.known, breaks->paths[k]))
            return refuse_for(why, &rules[BREAKS], from, breaks->paths[k]);
    return true;
}

/* Rule 7. */
static bool can_install(struct question *q, const struct strs *needs, const struct instr *from,
                        struct why *why)
{
    struct base under;
    if (!needs->n)
        return true;
    const struct package_release *release = NULL;
    if (base_distribution(q->c, &q->plan->base, &under))
        release = catalog_package_release(q->c->catalog, under.suite);
    if (!release)
        return refuse_for(why, &rules[RELEASE], from, needs->at[0]);
    for (size_t i = 0; i < needs->n; i++)
        for (size_t k = 0; k < release->n_lacks; k++)
            if (str_eq(release->lacks[k], needs->at[i]))
                return refuse_for(why, &rules[RELEASE], from, needs->at[i]);
    return true;
}

static bool name_needs(struct question *q, const struct instr *from, struct why *why)
{
    struct buf assumed = {.arena = q->c->arena};
    if (!add_commands(q, why))
        return false;
    add_modules(q, &assumed);
    place_builds(q, from);
    drop_implied(q, &q->plan->needs);
    drop_implied(q, &q->plan->builds);
    sort_names(&q->plan->needs);
    sort_names(&q->plan->builds);
    struct packages more =
        packages_closure(q->c->catalog, q->c->arena, &q->plan->needs, RECOMMENDS_NONE, &q->slim);
    q->plan->kib = more.kib;
    if (!can_install(q, &q->plan->needs, from, why) || !can_install(q, &q->plan->builds, from, why))
        return false;
    q->plan->assumed = buf_str(&assumed);
    return true;
}

/* A program of the container that starts what its settings say, which nobody here reads. */
static const struct used *starter_in(struct compile *c, const struct uses *uses)
{
    const struct tree_list *starters = catalog_trees(c->catalog, LIT("starters"));
    for (size_t i = 0; starters && i < starters->n_paths; i++) {
        const struct used *u = uses_find(&uses->commands, starters->paths[i]);
        if (u && u->in_container)
            return u;
    }
    return NULL;
}

static bool uses_are_known(struct question *q, const struct instr *from, struct why *why)
{
    struct strs asked_about = candidates(q->c, &q->lost);
    struct uses uses = uses_of(q->c, from->stage, q->lost.names.n ? &asked_about : NULL);
    q->uses = &uses;
    q->asked = asked_before(q->c, &uses, NULL);
    if (!finds_files(q, from, why))
        return false;
    if (!q->lost.names.n)
        return true;
    const struct used *starter = starter_in(q->c, &uses);
    if (starter)
        return refuse_for(why, &rules[STARTER], starter->at, starter->name);
    if (uses.unknown.n)
        return refuse_for(why, rule_of(uses.unknown.at[0].why), uses.unknown.at[0].at,
                          uses.unknown.at[0].name);
    return name_needs(q, from, why);
}

/* ---- legality: the rest ---- */

static bool is_tool(struct compile *c, const struct stage *stage)
{
    switch (purpose_of(c, stage).kind) {
    case PURPOSE_APPLICATION:
    case PURPOSE_OPAQUE:
    case PURPOSE_HIDDEN:
        return false;
    case PURPOSE_NO_COMMAND:
    case PURPOSE_SHELL:
    case PURPOSE_DEVELOPMENT:
        return true;
    }
    return true;
}

static bool makes_tool(struct compile *c, const struct stage *stage)
{
    const struct stage *image = stage;
    for (const struct stage *s = stage; s; s = s->next)
        if (s->ships == YES && legality_is_built_on(s, stage))
            image = s;
    return is_tool(c, image);
}

static const struct instr *trigger_in(struct compile *c, const struct stage *stage)
{
    for (const struct stage *s = stage; s; s = s->next)
        for (struct instr *i = s->from; i && legality_is_built_on(s, stage); i = instr_next(i))
            if (i->ast->kind == DF_ONBUILD)
                return i;
    (void)c;
    return NULL;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct plan *plan = site->plan;
    struct instr *from = site->at;
    struct question q = {.c = c, .plan = plan};
    if (makes_tool(c, from->stage))
        return refuse(why, &rules[TOOL], from);
    const struct df_word *word = &from->ast->args.at[0];
    if (!str_eq(word->text, from->stage->base.image) ||
        !join_is_whole(&from->ast->joined, word->joined))
        return refuse(why, &rules[VARIABLE], from);
    if (plan->base.ref.digest.len)
        return refuse(why, &rules[DIGEST], from);
    const struct instr *trigger = trigger_in(c, from->stage);
    if (trigger)
        return refuse(why, &rules[TRIGGER], trigger);
    if (!base_slim(c, &plan->base, &plan->image) || !base_of_image(c, plan->image, &plan->slim) ||
        !closure_of_base(c, &plan->base, &q.full) || !closure_of_base(c, &plan->slim, &q.slim))
        return refuse(why, &rules[NO_VARIANT], from);
    find_lost(&q);
    return uses_are_known(&q, from, why);
}

static int64_t gain(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    const struct image_variant *full = plan->base.variant, *slim = plan->slim.variant;
    (void)c;
    if (!full->mb || !slim || slim->mb >= full->mb)
        return GAIN_SOME;
    int64_t bytes = (int64_t)(full->mb - slim->mb) * 1000 * 1000;
    return bytes - (int64_t)plan->kib * 1024;
}

/* ---- edits ---- */

/* Behind the ARGs and ENVs that follow the FROM. */
static struct instr *place_of(const struct instr *from)
{
    struct instr *at = (struct instr *)from;
    for (struct instr *i = instr_next(from); i; i = instr_next(i)) {
        if (i->ast->kind != DF_ARG && i->ast->kind != DF_ENV && i->ast->kind != DF_LABEL)
            break;
        at = i;
    }
    return at;
}

static const struct mess *lists_of(const struct manager *m)
{
    for (size_t i = 0; i < m->n_messes; i++)
        if (m->messes[i].kind == MESS_LISTS)
            return &m->messes[i];
    return NULL;
}

/* A blank; or a line for each of more packages than are read at a glance. */
enum { MOST_ON_A_LINE = 4 };

static struct str between_packages(struct compile *c, const struct strs *packages)
{
    const struct layout *l = c->file->layout;
    if (packages->n <= MOST_ON_A_LINE)
        return LIT(" ");
    return str_printf(c->arena, " %c%.*s%.*s%.*s", l->escape, STR(l->newline), STR(l->indent),
                      STR(l->indent));
}

static const struct manager *manager_of(struct compile *c, const struct plan *plan)
{
    struct base under;
    if (!base_distribution(c, &plan->base, &under))
        return NULL;
    const struct manager *m = catalog_manager(c->catalog, under.variant->manager);
    return m && lists_of(m) && m->install.len && m->purge.len ? m : NULL;
}

static struct str command_with(struct compile *c, struct str command, const struct strs *packages)
{
    struct buf b = {.arena = c->arena};
    struct str between = between_packages(c, packages);
    buf_add(&b, command);
    for (size_t i = 0; i < packages->n; i++)
        buf_printf(&b, "%.*s%.*s", STR(between), STR(packages->at[i]));
    return buf_str(&b);
}

/* A RUN of its own: it fetches the lists, installs, and removes the lists, as the file is laid
 * out. */
static bool add_run(struct compile *c, const struct plan *plan, struct instr *from)
{
    const struct manager *m = manager_of(c, plan);
    if (!m)
        return false;
    struct buf text = {.arena = c->arena};
    buf_printf(&text, "RUN %.*s", STR(lists_of(m)->fetch));
    layout_and(&text, c->file->layout, LIT(""), command_with(c, m->install, &plan->needs));
    layout_and(&text, c->file->layout, LIT(""), lists_of(m)->cleanup);
    buf_add(&text, c->file->layout->newline);
    struct instr *run = rw_insert_after(c, place_of(from), LIT(""), buf_str(&text));
    if (run)
        change_add(c, run);
    return run != NULL;
}

/* Installed ahead of the RUN's commands, removed behind them. */
static bool add_around(struct compile *c, const struct plan *plan)
{
    struct instr *run = plan->built_by;
    const struct manager *m = manager_of(c, plan);
    if (!m || !instr_script(c, run))
        return false;
    const struct layout *l = c->file->layout;
    struct span at = legality_commands_span(run);
    struct str install = command_with(c, m->install, &plan->builds);
    struct str purge = command_with(c, m->purge, &plan->builds);
    struct buf before = {.arena = c->arena}, after = {.arena = c->arena};
    buf_add(&before, lists_of(m)->fetch);
    layout_and(&before, l, LIT(""), install);
    layout_and(&before, l, LIT(""), LIT(""));
    layout_and(&after, l, LIT(""), purge);
    layout_and(&after, l, LIT(""), lists_of(m)->cleanup);
    struct edit edits[] = {{{at.start, at.start}, buf_str(&before)},
                           {{at.end, at.end}, buf_str(&after)}};
    struct buf script = {.arena = c->arena};
    buf_printf(&script, "%.*s && %.*s && %.*s && %.*s\n", STR(lists_of(m)->fetch), STR(install),
               STR(purge), STR(lists_of(m)->cleanup));
    change_add_script(c, run, buf_str(&script));
    return rw_splice(c, run, edits, 2);
}

/* An installation without recommended packages in the stage's first RUN, ahead of all uses. */
static bool add_to_first_install(struct compile *c, const struct plan *plan,
                                 const struct instr *from)
{
    struct instr *run = instr_next(from);
    while (run && run->ast->kind != DF_RUN)
        run = instr_next(run);
    bool behind = run == plan->first_use && !(plan->builds.n && run == plan->built_by);
    if (!run || run->ast->heredocs.n || behind || !instr_script(c, run))
        return false;
    struct installations all = command_installs(c, &run->before, instr_script(c, run)->list);
    for (size_t i = 0; i < all.n && i < 1; i++)
        if (all.at[i].editable && all.at[i].known && all.at[i].says)
            return install_more(c, run, &all.at[i], LIT(""), &plan->needs);
    return false;
}

static void note_assumed(struct compile *c, const struct plan *plan, const struct instr *from)
{
    struct remark r = {.kind = REMARK_NOTE,
                       .pass = "slim-base",
                       .rule = &rules[ASSUMED],
                       .at = from->origin,
                       .detail = plan->assumed};
    if (plan->assumed.len)
        remark_add(&c->remarks, r);
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    struct instr *from = site->at;
    struct span at = join_span(&from->ast->joined, from->ast->args.at[0].joined);
    struct edit edit = {at, plan->image};
    change_instr(c, from, rw_spliced(c, from, &edit, 1));
    if (!rw_splice(c, from, &edit, 1))
        return false;
    note_assumed(c, plan, from);
    if (plan->builds.n && !add_around(c, plan))
        return false;
    return !plan->needs.n || add_to_first_install(c, plan, from) || add_run(c, plan, from);
}

const struct pass pass_slim_base = {
    .name = "slim-base",
    .summary = "the slim variant of a base image, with what is used of the full one",
    .explain = explain,
    .level = 2,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
