/* What is built is linked with libraries that the final stage has, or installs. */
#include "ir/base.h"
#include "ir/catalog/images.h"
#include "ir/headers.h"
#include "ir/path.h"
#include "passes/split_stage/split.h"

/* ---- -dev packages ---- */

static void add_installed(struct compile *c, const struct split_instrs *instrs, struct strs *names)
{
    for (size_t i = 0; i < instrs->n; i++)
        for (size_t k = 0; k < instrs->at[i].steps.n; k++) {
            const struct effects *fx = &instrs->at[i].steps.at[k].step->effects;
            for (size_t n = 0; n < fx->installs.items.n; n++) {
                struct str name = fx->installs.items.at[n];
                vec_add(c->arena, names, str_slice(name, str_find(name, ':') + 1, name.len));
            }
        }
}

/* Of the image that is built on. */
static struct strs headers_of_base(struct compile *c, const struct split_plan *p)
{
    struct base base;
    struct strs names = {0};
    if (!base_of_stage(c, p->stage, &base) || !base_packages(c, &base, &names))
        return names;
    return headers_among(c, &names);
}

/* .. and of what the file installs. */
static struct strs headers_at_hand(struct compile *c, const struct split_plan *p)
{
    struct strs all = headers_of_base(c, p), names = {0};
    add_installed(c, &p->instrs, &names);
    add_installed(c, &p->others, &names);
    struct strs more = headers_among(c, &names);
    for (size_t i = 0; i < more.n; i++)
        vec_add(c->arena, &all, more.at[i]);
    return all;
}

/* ---- of the project ---- */

/* A program that is taken out of the directory in which it was built finds the project's own
 * libraries there; one that is installed, where they are installed too. */
static bool check_own(struct compile *c, const struct split_plan *p, struct why *why)
{
    struct source_evidence where = {0};
    const struct carry *alone = NULL;
    for (size_t i = 0; i < p->carries.n; i++) {
        const struct carry *what = &p->carries.at[i];
        if (str_search(path_name(what->path), LIT(".so")) < path_name(what->path).len)
            return true;
        if (!what->whole)
            alone = what;
    }
    return !alone || source_shares(c, p->toolchain->language, &where) != YES ||
           split_refuse(why, SPLIT_OWN_LIBRARIES, alone->by,
                        source_evidence_text(c->arena, &where));
}

/* ---- names ---- */

static bool has_library(const struct split_plan *p, struct str name)
{
    return !p->runtime.row->n_links ||
           str_is_one_of(name, p->runtime.row->links, p->runtime.row->n_links);
}

/* -lNAME is in the smaller image, or of a -dev package whose libraries are installed there. */
static bool get_library(struct compile *c, struct split_plan *p, struct str name)
{
    if (has_library(p, name))
        return true;
    struct strs headers = headers_at_hand(c, p);
    struct str package = headers_linked(c, &headers, name);
    if (package.len)
        split_want_libraries(c, p, package);
    return package.len > 0;
}

static bool check_links(struct compile *c, struct split_plan *p, const struct split_instrs *instrs,
                        struct why *why)
{
    for (size_t i = 0; i < instrs->n; i++)
        for (size_t k = 0; k < instrs->at[i].steps.n; k++) {
            const struct strs *names = &instrs->at[i].steps.at[k].built.libraries;
            for (size_t n = 0; n < names->n; n++)
                if (!get_library(c, p, names->at[n]))
                    return split_refuse(why, SPLIT_LIBRARIES, instrs->at[i].i, names->at[n]);
        }
    return true;
}

/* The image that is built on has libraries which the smaller one has not: those that the project
 * is built with are installed. */
static bool want_of_base(struct compile *c, struct split_plan *p)
{
    struct strs headers = headers_of_base(c, p), used = {0};
    if (!headers.n)
        return true;
    if (!headers_used(c, p->toolchain->language, &headers, &used))
        return false;
    for (size_t i = 0; i < used.n; i++)
        split_want_libraries(c, p, used.at[i]);
    return true;
}

/* ---- libraries that are opened at run time ---- */

static bool is_library_file(struct str path)
{
    struct str name = path_name(path);
    return str_search(name, LIT(".so")) < name.len;
}

static bool builds_libraries(const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct strs *built = &p->instrs.at[i].steps.at[k].built.artifacts;
            for (size_t n = 0; n < built->n; n++)
                if (is_library_file(built->at[n]))
                    return true;
        }
    return false;
}

/* Nothing but what opens the library that it is told (dlopen). */
static bool opens_alone(struct compile *c, const struct source_language *l)
{
    for (size_t i = 0; i < l->n_libraries; i++)
        if (!str_is_one_of(l->libraries[i], l->opens, l->n_opens) &&
            source_has(c, l->name, l->libraries[i]) != NO)
            return false;
    return true;
}

/* "libNAME.so.1" in quotes; with a path, or put together, it is one of the project's own. */
static struct str system_library(struct str text, size_t at)
{
    size_t from = at, end = at;
    while (from > 0 && text.at[from - 1] != '"' && text.at[from - 1] != '\n')
        from--;
    while (end < text.len && text.at[end] != '"' && text.at[end] != '\n')
        end++;
    struct str whole = str_slice(text, from, end);
    bool own = str_find(whole, '/') < whole.len || str_find(whole, '%') < whole.len ||
               str_find(whole, '{') < whole.len || !str_starts(whole, LIT("lib"));
    return own ? (struct str){0} : str_slice(text, from + 3, at);
}

static bool names_known(struct compile *c, struct split_plan *p, struct str text)
{
    size_t at = str_search(text, LIT(".so"));
    while (at < text.len) {
        struct str name = system_library(text, at);
        if (name.len && !get_library(c, p, name))
            return false;
        at += 3;
        at += str_search(str_slice(text, at, text.len), LIT(".so"));
    }
    return true;
}

/* Its plugins: it builds libraries, and the others that it names are known. */
static bool opens_own(struct compile *c, struct split_plan *p)
{
    struct source_texts files = {0};
    const struct source_language *l = catalog_source_language(c->catalog, p->toolchain->language);
    if (!l || !l->n_opens || !builds_libraries(p) || !opens_alone(c, l) ||
        !source_texts(c, l->name, false, &files))
        return false;
    for (size_t i = 0; i < files.n; i++)
        if (!names_known(c, p, files.at[i].text))
            return false;
    return true;
}

static bool links_itself(const struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct split_step *s = &p->instrs.at[i].steps.at[k];
            if (s->role == STEP_BUILD && s->built.by->n_links)
                return true;
        }
    return false;
}

/* Code of another language is linked here, and files of the project say with what. */
static bool builds_native(struct compile *c, const struct split_plan *p)
{
    struct source_texts files = {0};
    return links_itself(p) && source_texts(c, p->toolchain->language, true, &files) && files.n > 0;
}

static bool is_native(struct compile *c, const struct split_plan *p, struct source_evidence *where)
{
    return source_shows(c, p->toolchain->language, SOURCE_NATIVE, where) != NO &&
           !builds_native(c, p);
}

bool split_check_libraries(struct compile *c, struct split_plan *p, struct why *why)
{
    struct source_evidence where = {0};
    if (p->told)
        return true;
    if (!check_own(c, p, why))
        return false;
    if (p->runtime.row->same_libraries)
        return true;
    if (!check_links(c, p, &p->instrs, why) || !check_links(c, p, &p->others, why))
        return false;
    bool opens = source_shows(c, p->toolchain->language, SOURCE_LIBRARIES, &where) != NO;
    if ((opens && !opens_own(c, p)) || is_native(c, p, &where) || !want_of_base(c, p))
        return split_refuse(why, SPLIT_LIBRARIES, p->stage->from,
                            source_evidence_text(c->arena, &where));
    return true;
}
