/* unused-packages: compilers and headers that nothing in the image uses are not installed.
 * Details: `explain`. */
#include "ir/base.h"
#include "ir/catalog/packages.h"
#include "passes/unused_packages/unused.h"

static const char explain[] =
    "Packages that only builds need are not installed where nothing is built with them.\n"
    "\n"
    "    RUN apt-get install -y build-essential \\    =>    RUN apt-get install -y \\\n"
    "            libpq-dev redis-server                              libpq5 redis-server\n"
    "\n"
    "Tools for whoever works in the container (curl, vim) stay. A package with headers leaves its\n"
    "libraries behind, by name, below -O3. What builds in the image is split-stage's.\n"
    "\n"
    "Legal when\n"
    " 1. the stage's layers are in an image that is kept, and no other stage copies from it;\n"
    " 2. the shell text is understood, in shell form and no here-document, no alias may change\n"
    "    what the command's name means, and the command stands in the script as it is, every\n"
    "    package a word; nothing removes the packages again;\n"
    " 3. the release is one whose packages the catalog knows;\n"
    " 4. the image is an application, nobody logs in to it, and no ONBUILD runs in builds of\n"
    "    others;\n"
    " 5. all that runs in the build and in the container is known by name, as slim-base asks it;\n"
    "    what a program starts as its settings say is named in no file of the build context and\n"
    "    in no RUN;\n"
    " 6. no command of the packages, or of what they bring along, is among what runs once they\n"
    "    are there, and no package of a language is built with them, or may be;\n"
    " 7. which libraries belong to packages with headers is known.\n"
    "\n"
    "Left alone: where less goes than is worth a change.\n";

const struct rule unused_rules[] = {
    [UNUSED_COPIED_FROM] = {"unused-packages/copied-from", "another stage copies from this one"},
    [UNUSED_NOT_PLAIN] = {"unused-packages/not-spelt-out",
                          "which packages it installs is not spelt out in the script"},
    [UNUSED_REMOVED] = {"unused-packages/removed", "packages that it installs are removed again"},
    [UNUSED_TOOL] = {"unused-packages/tool-image",
                     "the image is a tool: what is used of its packages is not seen"},
    [UNUSED_LOGIN] = {"unused-packages/login", "somebody may log in, and work in the container"},
    [UNUSED_TRIGGER] = {"unused-packages/onbuild", "ONBUILD runs in builds that are not seen"},
    [UNUSED_UNKNOWN] = {"unused-packages/unknown-use",
                        "what it uses, and whether it builds anything, is not seen"},
    [UNUSED_STARTER] =
        {"unused-packages/starter",
         "a program starts what its settings say, which may be a command of the packages"},
    [UNUSED_USED] = {"unused-packages/used",
                     "something runs or is built with packages that only builds need, or may be"},
};

static const struct rule applied = {"unused-packages/dropped",
                                    "packages that only builds need are not installed, where "
                                    "nothing is built with them"};

/* Less than that is not worth a change. */
enum { LEAST_KIB = 1024 };

/* ---- sites ---- */

bool unused_for_builds(const struct catalog *c, struct str name)
{
    return catalog_keep(c, name) == KEEP_NEVER || catalog_headers(c, name);
}

static bool is_site(struct compile *c, const struct installation *one)
{
    for (size_t i = 0; i < one->packages.n; i++)
        if (unused_for_builds(c->catalog, one->packages.at[i]))
            return true;
    return false;
}

/* Rule 3. */
static bool knows_release(struct compile *c, const struct stage *stage, struct base *base,
                          struct str *suite)
{
    struct base under;
    if (!base_of_stage(c, stage, base) || !base_distribution(c, base, &under) ||
        !catalog_package_release(c->catalog, under.suite))
        return false;
    *suite = under.suite;
    return true;
}

static bool removes_one(const struct set *removes, const struct strs *packages)
{
    for (size_t i = 0; i < removes->items.n; i++)
        if (strs_have(packages, unused_package_name(removes->items.at[i])))
            return true;
    return false;
}

static bool next_in(struct compile *c, struct instr *run, uint32_t after, struct site *site)
{
    const struct sh_script *script = instr_script(c, run);
    struct installations all = {0};
    struct base base;
    struct str suite;
    if (script && script->list && knows_release(c, run->stage, &base, &suite))
        all = command_installs(c, &run->before, script->list);
    for (size_t i = 0; i < all.n; i++) {
        if (!is_site(c, &all.at[i]) || all.at[i].command.start < after ||
            removes_one(&instr_effects(c, run)->removes, &all.at[i].packages))
            continue;
        struct unused_plan *plan = arena_alloc(c->arena, sizeof *plan);
        *plan = (struct unused_plan){.install = all.at[i], .suite = suite};
        *site = (struct site){.at = run, .with = run, .plan = plan};
        return true;
    }
    return false;
}

static bool installs(struct compile *c, struct instr *i)
{
    return i->ast->kind == DF_RUN && i->stage && i->stage->ships == YES &&
           instr_effects(c, i)->installs.items.n;
}

static bool next(struct compile *c, struct site *site)
{
    const struct unused_plan *last = site->plan;
    struct instr *i = site->with;
    if (i && last && next_in(c, i, last->install.command.start + 1, site))
        return true;
    for (i = i ? i->next : c->file->first; i; i = i->next)
        if (installs(c, i) && next_in(c, i, 0, site))
            return true;
    return false;
}

/* ---- the rest ---- */

static const struct instr *copied_by(struct compile *c, const struct stage *stage)
{
    for (const struct stage *s = c->file->stages; s; s = s->next)
        for (size_t i = 0; i < s->uses.n; i++)
            if (s->uses.at[i].kind == REF_STAGE && s->uses.at[i].stage == stage)
                return s->uses.at[i].by;
    return NULL;
}

static const struct instr *removes_packages(struct compile *c, const struct stage *stage,
                                            const struct strs *packages)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i))
        if (i->ast->kind == DF_RUN && removes_one(&instr_effects(c, i)->removes, packages))
            return i;
    return NULL;
}

static bool check_image(struct compile *c, struct instr *run, const struct unused_plan *plan,
                        struct why *why)
{
    const struct instr *copied = copied_by(c, run->stage);
    const struct instr *removes = removes_packages(c, run->stage, &plan->install.packages);
    const struct instr *trigger = legality_trigger(run->stage);
    if (copied)
        return refuse(why, &unused_rules[UNUSED_COPIED_FROM], copied);
    if (removes)
        return refuse(why, &unused_rules[UNUSED_REMOVED], removes);
    if (trigger)
        return refuse(why, &unused_rules[UNUSED_TRIGGER], trigger);
    return !legality_is_tool(legality_purpose(c, run->stage)) ||
           refuse(why, &unused_rules[UNUSED_TOOL], run);
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct unused_plan *plan = site->plan;
    struct instr *run = site->at;
    struct base base;
    if (run->ast->heredocs.n || effects_any(instr_effects(c, run), FX_ALIAS) ||
        !plan->install.editable || !plan->install.known)
        return refuse(why, &unused_rules[UNUSED_NOT_PLAIN], run);
    if (!check_image(c, run, plan, why) || !knows_release(c, run->stage, &base, &plan->suite))
        return false;
    for (size_t i = 0; i < plan->install.packages.n; i++)
        if (unused_for_builds(c->catalog, plan->install.packages.at[i]))
            vec_add(c->arena, &plan->dropped, plan->install.packages.at[i]);
    return unused_find(c, run, plan, &base, why) &&
           (install_may_lessen(c, run, &plan->install, &plan->dropped, &plan->instead) ||
            refuse(why, &unused_rules[UNUSED_NOT_PLAIN], run));
}

static int64_t gain(struct compile *c, const struct site *site)
{
    const struct unused_plan *plan = site->plan;
    (void)c;
    return plan->kib < LEAST_KIB ? 0 : (int64_t)plan->kib * 1024;
}

static bool apply(struct compile *c, const struct site *site)
{
    const struct unused_plan *plan = site->plan;
    return install_less(c, site->at, &plan->install, &plan->dropped, &plan->instead);
}

const struct pass pass_unused_packages = {
    .name = "unused-packages",
    .summary = "compilers and headers that nothing in the image uses are not installed",
    .explain = explain,
    .level = 2,
    .rules = unused_rules,
    .n_rules = sizeof unused_rules / sizeof *unused_rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = gain,
    .apply = apply,
};
