/* no-recommends: apt-get installs what is asked for, and of what that recommends only what is used.
 * Details: `explain`. */
#include "ir/base.h"
#include "ir/catalog/packages.h"
#include "ir/install.h"
#include "ir/purpose.h"
#include "ir/uses.h"
#include "passes/legality.h"

static const char explain[] =
    "An installation gets the option with which recommended packages are left out; those that\n"
    "something is seen to use are named.\n"
    "\n"
    "    RUN apt-get install -y git    =>    RUN apt-get install -y --no-install-recommends git "
    "\\\n"
    "                                            ca-certificates\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept;\n"
    " 2. the shell text is understood, in shell form and no here-document, no alias may change\n"
    "    what the command's name means, and the command stands in the script as it is, every\n"
    "    package a word;\n"
    " 3. neither the command nor a configuration file of the package manager that the stage\n"
    "    writes says already whether recommended packages are installed;\n"
    " 4. the release of the base image is one whose recommendations the catalog knows, and so is\n"
    "    every package that is asked for;\n"
    " 5. the image is an application: of a tool, all may be used;\n"
    " 6. each recommended package that goes is one of which the catalog says when it is missed,\n"
    "    or is named. Named are those of which a command runs in the build, in a script of the\n"
    "    build context or in the container, those that such a command calls for, those that\n"
    "    hidden code of the build or the program may use and that the catalog says so of;\n"
    " 7. not more than a few have to be named.\n"
    "\n"
    "Left alone: where nothing goes, or less than what is worth a line.\n";

enum reason {
    BUILD_STAGE,
    HERE_DOCUMENT,
    ALIAS,
    NOT_PLAIN,
    CONFIGURED,
    RELEASE,
    UNKNOWN_PACKAGE,
    TOOL,
    MANY
};

static const struct rule rules[] = {
    [BUILD_STAGE] = {"no-recommends/build-stage",
                     "no image that is kept has the layers of this stage"},
    [HERE_DOCUMENT] = {"no-recommends/here-document", "it has a here-document"},
    [ALIAS] = {"no-recommends/alias",
               "an alias, or code that the shell reads, may change what the command's name means"},
    [NOT_PLAIN] = {"no-recommends/not-spelt-out",
                   "which packages it installs is not spelt out in the script"},
    [CONFIGURED] = {"no-recommends/configured",
                    "the package manager's configuration is written, and may say it already"},
    [RELEASE] = {"no-recommends/release",
                 "which packages are recommended in the base image's release is not known"},
    [UNKNOWN_PACKAGE] = {"no-recommends/unknown-package",
                         "a package that the catalog does not know may recommend anything"},
    [TOOL] = {"no-recommends/tool-image",
              "the image is a tool: what is used of its packages is not seen"},
    [MANY] = {"no-recommends/many-used",
              "too many of the recommended packages are used, or may be"},
};

static const struct rule applied = {
    "no-recommends/added", "recommended packages that nothing is seen to use are left out"};

/* More names than these would be noise; less than that is not worth a change. */
enum { MOST_NAMED = 4, LEAST_KIB = 1024 };

struct plan {
    struct installation install;
    struct strs named;
    uint64_t kib;
};

/* ---- sites ---- */

static struct installations installations_of(struct compile *c, struct instr *run)
{
    const struct sh_script *script = instr_script(c, run);
    if (!script || !script->list)
        return (struct installations){0};
    return command_installs(c, &run->before, script->list);
}

static bool is_site(const struct installation *one)
{
    return !one->says && (one->editable || one->packages.n);
}

/* The next of the RUN's installations behind `after`. */
static bool next_in(struct compile *c, struct instr *run, uint32_t after, struct site *site)
{
    struct installations all = installations_of(c, run);
    for (size_t i = 0; i < all.n; i++) {
        const struct installation *one = &all.at[i];
        if (!is_site(one) || one->command.start < after)
            continue;
        struct plan *plan = arena_alloc(c->arena, sizeof *plan);
        plan->install = *one;
        *site = (struct site){.at = run, .with = run, .plan = plan};
        return true;
    }
    return false;
}

static bool installs(struct compile *c, struct instr *i)
{
    return i->ast->kind == DF_RUN && i->stage && instr_effects(c, i)->installs.items.n;
}

static bool next(struct compile *c, struct site *site)
{
    const struct plan *last = site->plan;
    struct instr *i = site->with;
    if (i && last && next_in(c, i, last->install.command.start + 1, site))
        return true;
    for (i = i ? i->next : c->file->first; i; i = i->next)
        if (installs(c, i) && next_in(c, i, 0, site))
            return true;
    return false;
}

/* ---- legality: the release ---- */

/* Rule 4. The release of the rows, and those that `elsewhere` speaks of. */
static const struct package_release *release_of(struct compile *c, const struct stage *stage,
                                                struct base *base)
{
    struct base under;
    if (!base_of_stage(c, stage, base) || !base_distribution(c, base, &under))
        return NULL;
    return catalog_package_release(c->catalog, under.suite);
}

/* ---- legality: what is missed ---- */

struct question {
    struct compile *c;
    const struct uses *uses;
    const struct recommends_loss *loss;
    const struct packages *own; /* what the stage asks for anyway */
    const struct package_release *release;
};

static bool runs_any(const struct question *q, const struct str *commands, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (uses_find(&q->uses->commands, commands[i]))
            return true;
    return false;
}

static bool installs_any(const struct question *q, const struct str *packages, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (map_get(&q->own->known, packages[i]))
            return true;
    return false;
}

static bool has_hidden_build(const struct uses *uses)
{
    for (size_t i = 0; i < uses->unknown.n; i++)
        if (!uses->unknown.at[i].in_container)
            return true;
    return false;
}

/* A package of a language may have to be compiled. */
static bool may_compile(const struct question *q)
{
    for (size_t i = 0; i < q->uses->unknown.n; i++)
        if (q->uses->unknown.at[i].why == UNKNOWN_MANIFEST)
            return true;
    for (size_t i = 0; i < q->uses->modules.n; i++) {
        const struct module *m = catalog_module(q->c->catalog, q->uses->modules.at[i].name);
        if (!m || m->n_build)
            return true;
    }
    return false;
}

/* Rule 6. */
static bool is_missed(const struct question *q, struct str name)
{
    const struct recommended_package *r = catalog_recommended(q->c->catalog, name);
    if (!r)
        return true;
    return r->always || runs_any(q, r->commands, r->n_commands) ||
           installs_any(q, r->packages, r->n_packages) ||
           (r->hidden && has_hidden_build(q->uses)) || (r->builds && may_compile(q));
}

static bool is_asked_for(const struct question *q, struct str name)
{
    return map_get(&q->own->known, name) != NULL;
}

/* The release does not have it, or has it by another name: so may have what is recommended. */
static bool is_lacking(const struct package_release *release, struct str name)
{
    for (size_t i = 0; i < release->n_lacks; i++)
        if (str_eq(release->lacks[i], name))
            return true;
    return false;
}

static void name_package(const struct question *q, struct plan *plan, struct str name)
{
    if (!is_asked_for(q, name) && !strs_have(&plan->named, name))
        vec_add(q->c->arena, &plan->named, name);
}

/* What is recommended and missed; what has a command that runs; what such a command calls for. */
static void name_missed(const struct question *q, struct plan *plan)
{
    const struct packages *lost = &q->loss->lost;
    for (size_t i = 0; i < q->loss->roots.n; i++)
        if (is_missed(q, q->loss->roots.at[i].name))
            name_package(q, plan, q->loss->roots.at[i].name);
    for (size_t i = 0; i < q->uses->commands.n; i++) {
        struct str package = catalog_command_package(q->c->catalog, q->uses->commands.at[i].name);
        if (package.len && map_get(&lost->known, package))
            name_package(q, plan, package);
    }
    for (size_t i = 0; i < q->uses->packages.n; i++)
        if (map_get(&lost->known, q->uses->packages.at[i].name))
            name_package(q, plan, q->uses->packages.at[i].name);
}

/* All packages of the manager that the stages' RUNs ask for, with what these depend on. */
static struct packages asked_for(struct compile *c, const struct uses *uses, struct str manager,
                                 const struct packages *base)
{
    struct strs names = {0};
    struct str prefix = str_concat(c->arena, manager, LIT(":"));
    for (size_t i = 0; i < uses->installs.n; i++) {
        struct str name = uses->installs.at[i].name;
        if (str_starts(name, prefix))
            vec_add(c->arena, &names, str_slice(name, prefix.len, name.len));
    }
    return packages_closure(c->catalog, c->arena, &names, RECOMMENDS_NONE, base);
}

static bool plan_names(struct compile *c, const struct site *site, const struct base *base,
                       const struct package_release *release, struct why *why)
{
    enum recommends recommends = release->of_rows ? RECOMMENDS_OWN : RECOMMENDS_ALL;
    struct plan *plan = site->plan;
    struct strs names = {0};
    struct packages have = {.known.arena = c->arena};
    if (base_packages(c, base, &names))
        have = packages_closure(c->catalog, c->arena, &names, RECOMMENDS_NONE, NULL);
    struct recommends_loss loss =
        packages_lost(c->catalog, c->arena, &plan->install.packages, recommends, &have);
    if (loss.kept.missing.n)
        return refuse_for(why, &rules[UNKNOWN_PACKAGE], site->at, loss.kept.missing.at[0]);
    struct strs candidates = packages_commands(c->catalog, c->arena, &loss.lost);
    struct uses uses = uses_of(c, site->at->stage, &candidates);
    struct packages own = asked_for(c, &uses, plan->install.manager, &have);
    struct question q = {c, &uses, &loss, &own, release};
    name_missed(&q, plan);
    packages_drop_implied(c->catalog, c->arena, &plan->named);
    for (size_t i = 0; i < plan->named.n; i++)
        if (is_lacking(release, plan->named.at[i]))
            return refuse_for(why, &rules[RELEASE], site->at, plan->named.at[i]);
    if (plan->named.n > MOST_NAMED)
        return refuse_for(why, &rules[MANY], site->at, plan->named.at[0]);
    struct packages named =
        packages_closure(c->catalog, c->arena, &plan->named, RECOMMENDS_NONE, &loss.kept);
    plan->kib = loss.lost.kib > named.kib ? loss.lost.kib - named.kib : 0;
    return true;
}

/* ---- legality: the rest ---- */

static bool writes_configuration(const struct effects *fx, const struct manager *m)
{
    for (size_t i = 0; i < fx->writes.items.n; i++)
        for (size_t k = 0; k < m->n_lean_files; k++)
            if (str_matches(m->lean_files[k], fx->writes.items.at[i]))
                return true;
    return false;
}

/* Rule 3. */
static const struct instr *find_configuration(struct compile *c, const struct instr *run,
                                              const struct manager *m)
{
    for (struct instr *i = instr_next(run->stage->from); i && i != run->next; i = instr_next(i))
        if (writes_configuration(instr_effects(c, i), m))
            return i;
    return NULL;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    const struct plan *plan = site->plan;
    struct instr *run = site->at;
    const struct manager *m = catalog_manager(c->catalog, plan->install.manager);
    struct base base;
    const struct package_release *release = release_of(c, run->stage, &base);
    if (run->stage->ships != YES)
        return refuse(why, &rules[BUILD_STAGE], run);
    if (run->ast->heredocs.n)
        return refuse(why, &rules[HERE_DOCUMENT], run);
    if (effects_any(instr_effects(c, run), FX_ALIAS))
        return refuse(why, &rules[ALIAS], run);
    if (!plan->install.editable || !plan->install.known)
        return refuse(why, &rules[NOT_PLAIN], run);
    const struct instr *configuration = find_configuration(c, run, m);
    if (configuration)
        return refuse(why, &rules[CONFIGURED], configuration);
    if (!release)
        return refuse(why, &rules[RELEASE], run);
    if (legality_is_tool(legality_purpose(c, run->stage))) /* rule 5 */
        return refuse(why, &rules[TOOL], run);
    return plan_names(c, site, &base, release, why);
}

static int64_t gain(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    (void)c;
    return plan->kib < LEAST_KIB ? 0 : (int64_t)plan->kib * 1024;
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *plan = site->plan;
    const struct manager *m = catalog_manager(c->catalog, plan->install.manager);
    return install_more(c, site->at, &plan->install, m->lean, &plan->named);
}

const struct pass pass_no_recommends = {
    .name = "no-recommends",
    .summary = "apt-get leaves out recommended packages that nothing is seen to use",
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
