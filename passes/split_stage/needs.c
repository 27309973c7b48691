/* What the program needs of the base image: commands, packages, libraries, data. */
#include "ir/base.h"
#include "ir/catalog/images.h"
#include "ir/manifest/manifest.h"
#include "passes/split_stage/split.h"

void split_want(struct compile *c, struct split_plan *p, struct str package)
{
    if (package.len && !strs_have(&p->packages, package) && !strs_have(&p->installed, package))
        vec_add(c->arena, &p->packages, package);
}

/* What a comment says: with or without the manager's name. */
static void want_told(struct compile *c, struct split_plan *p, const struct instr *run)
{
    const struct pragma_effects *said = run->pragmas.effects;
    struct str manager = str_concat(c->arena, p->runtime.row->manager, LIT(":"));
    for (size_t i = 0; said && i < said->needs.n; i++) {
        struct str name = said->needs.at[i];
        bool named = str_starts(name, manager);
        split_want(c, p, str_slice(name, named ? manager.len : 0, name.len));
    }
}

/* ---- packages of the language ---- */

void split_want_libraries(struct compile *c, struct split_plan *p, struct str name)
{
    const struct str *names = &name;
    size_t n = 1;
    if (p->runtime.alpine)
        return;
    if (catalog_headers(c->catalog, name) &&
        !catalog_runtime(c->catalog, name, p->runtime.release, &names, &n))
        return;
    for (size_t i = 0; i < n; i++) {
        const struct package *library = catalog_package(c->catalog, names[i]);
        if (!library || !library->minimal)
            split_want(c, p, names[i]);
    }
}

/* The image that was built on had them: one that had not is not given them. */
static bool had_package(struct compile *c, const struct split_plan *p, struct str package)
{
    struct packages had;
    return !split_base_packages(c, p, &had) || packages_have(c->catalog, &had, package);
}

/* What a package of a language needs of the distribution. */
static void want_module(struct compile *c, struct split_plan *p, const struct toolchain *t,
                        struct str name)
{
    size_t end = 0;
    while (end < name.len && !char_is_space(name.at[end]) && name.at[end] != '=' &&
           name.at[end] != '<' && name.at[end] != '>' && name.at[end] != '~' &&
           name.at[end] != '[' && name.at[end] != ';' && name.at[end] != ':')
        end++;
    name = str_printf(c->arena, "%.*s:%.*s", STR(t->registry), STR(str_slice(name, 0, end)));
    const struct module *module = catalog_module(c->catalog, str_lower(c->arena, name));
    for (size_t k = 0; module && k < module->n_run; k++)
        split_want_libraries(c, p, module->run[k]);
    for (size_t k = 0; module && k < module->n_finds; k++)
        if (had_package(c, p, module->finds[k]))
            split_want_libraries(c, p, module->finds[k]);
}

/* Those that the manifest and the command name. */
static void want_modules(struct compile *c, struct split_plan *p, const struct split_step *s)
{
    const struct toolchain *t = s->built.toolchain;
    const struct manifest *m = s->built.manifest;
    if (!t || !t->registry.len)
        return;
    for (size_t i = 0; m && i < m->needs.n; i++)
        if (!str_eq(m->needs.at[i].group, LIT("dev")))
            want_module(c, p, t, m->needs.at[i].name);
    const struct strs *words = &vec_last(&s->step->runs)->words;
    for (size_t i = 1; i < words->n; i++)
        if (words->at[i].at)
            want_module(c, p, t, words->at[i]);
}

static void want_of(struct compile *c, struct split_plan *p, const struct split_instrs *instrs)
{
    for (size_t i = 0; i < instrs->n; i++) {
        const struct split_instr *in = &instrs->at[i];
        want_told(c, p, in->i);
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct strs *packages = &in->steps.at[k].built.packages;
            want_modules(c, p, &in->steps.at[k]);
            for (size_t n = 0; n < packages->n; n++)
                split_want(c, p, packages->at[n]);
        }
    }
}

/* ---- data ---- */

static bool shows(struct compile *c, const struct split_plan *p, enum source_trait trait)
{
    return source_shows(c, p->toolchain->language, trait, NULL) != NO;
}

bool split_needs_more_than_data(const struct split_plan *p)
{
    const struct runtime_image *row = p->runtime.row;
    for (size_t i = 0; i < p->packages.n; i++)
        if (!str_eq(p->packages.at[i], row->certificates) &&
            !str_eq(p->packages.at[i], row->zones) && !str_eq(p->packages.at[i], row->types))
            return true;
    return false;
}

/* A command of the container calls for it. What asks the container itself how it is (HEALTHCHECK)
 * does so without. */
static bool command_calls_for(struct compile *c, const struct split_plan *p, struct str package)
{
    const struct helper *h;
    for (size_t i = 0; (h = catalog_helper_at(c->catalog, i)); i++) {
        bool calls = str_is_one_of(package, h->packages, h->n_packages);
        for (size_t k = 0; calls && !h->n_options && !h->n_words && k < p->n_started; k++)
            if (str_is_one_of(p->commands.at[k], h->names, h->n_names))
                return true;
    }
    return false;
}

bool split_needs(struct compile *c, struct split_plan *p, struct why *why)
{
    if (!split_check_commands(c, p, why))
        return false;
    want_of(c, p, &p->instrs);
    want_of(c, p, &p->others);
    if (!split_check_libraries(c, p, why))
        return false;
    bool certificates = shows(c, p, SOURCE_CERTIFICATES) || shows(c, p, SOURCE_COMMANDS) ||
                        command_calls_for(c, p, p->runtime.row->certificates);
    if (certificates && had_package(c, p, p->runtime.row->certificates))
        split_want(c, p, p->runtime.row->certificates);
    if (shows(c, p, SOURCE_ZONES) || env_find(p->stage->end.env, LIT("TZ")))
        split_want(c, p, p->runtime.row->zones);
    if (shows(c, p, SOURCE_TYPES) && had_package(c, p, p->runtime.row->types))
        split_want(c, p, p->runtime.row->types);
    return true;
}
