/* Packages of the distribution: which of them the final stage installs again. */
#include "ir/catalog/packages.h"
#include "ir/path.h"
#include "passes/split_stage/split.h"

/* "apt:gcc" without its manager. */
static struct str package_name(const struct split_plan *p, struct str item)
{
    return str_slice(item, p->runtime.row->manager.len + 1, item.len);
}

/* A command of the package runs in the container, or its sources name the package. */
static bool is_used(struct compile *c, const struct split_plan *p, struct str name)
{
    for (size_t i = 0; i < p->commands.n; i++) {
        struct str command = p->commands.at[i];
        if (str_eq(command, name) || str_eq(catalog_command_package(c->catalog, command), name))
            return true;
    }
    return p->toolchain && source_names(c, p->toolchain->language, name, NULL) == YES;
}

/* A RUN uses a command of it: what nothing in the file uses was installed for whoever works in the
 * container. */
static bool serves_build(struct compile *c, const struct split_plan *p, struct str name)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct invocations *runs = &p->instrs.at[i].steps.at[k].step->runs;
            for (size_t n = 0; n < runs->n; n++)
                if (str_eq(runs->at[n].name, name) ||
                    str_eq(catalog_command_package(c->catalog, runs->at[n].name), name))
                    return true;
        }
    return false;
}

/* It has the command that installs packages of a language: what these found there already may be of
 * the packages that it depends on. */
static bool has_registry(struct compile *c, const struct split_plan *p, struct str name)
{
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct split_step *s = &p->instrs.at[i].steps.at[k];
            if (s->role != STEP_BUILD || !s->built.toolchain->registry.len)
                continue;
            struct str command = vec_last(&s->step->runs)->name;
            if (str_eq(catalog_command_package(c->catalog, command), name))
                return true;
        }
    return false;
}

/* "g++" of "g++=libstdc++"; NULL when it is no package of builds. */
static const struct str *builds_row(const struct split_plan *p, struct str name)
{
    for (size_t i = 0; i < p->runtime.row->n_builds; i++) {
        struct str text = p->runtime.row->builds[i];
        if (str_eq(str_slice(text, 0, str_find(text, '=')), name))
            return &p->runtime.row->builds[i];
    }
    return NULL;
}

/* A development kit of which nothing but what its programs run with can be used. */
static const struct package_role *kit_of(struct compile *c, const struct split_plan *p,
                                         struct str name)
{
    const struct package_role *role = catalog_role(c->catalog, name);
    bool kit = role && role->language.len && !p->runtime.alpine && p->toolchain &&
               str_eq(role->language, p->toolchain->language);
    return kit && !is_used(c, p, name) &&
                   source_shows(c, role->language, SOURCE_COMMANDS, NULL) == NO
               ? role
               : NULL;
}

static void add_runtime(struct compile *c, const struct package_role *kit, struct strs *out)
{
    bool plain = source_shows(c, kit->language, SOURCE_LIBRARIES, NULL) == NO;
    size_t n = plain ? kit->n_instead : kit->n_opens;
    for (size_t i = 0; i < n; i++)
        if (!strs_have(out, plain ? kit->instead[i] : kit->opens[i]))
            vec_add(c->arena, out, plain ? kit->instead[i] : kit->opens[i]);
}

static bool is_kept(struct compile *c, const struct split_plan *p, struct str name)
{
    if (p->runtime.alpine)
        return !builds_row(p, name) || is_used(c, p, name);
    if (has_registry(c, p, name))
        return true;
    if (catalog_headers(c->catalog, name))
        return false;
    switch (catalog_keep(c->catalog, name)) {
    case KEEP_NEVER:
        return is_used(c, p, name);
    case KEEP_UNLESS_USED:
        return !serves_build(c, p, name) || is_used(c, p, name);
    case KEEP_UNLESS_ALL_KNOWN:
    case KEEP_UNKNOWN:
    case KEEP_ALWAYS:
        return true;
    }
    return true;
}

bool split_libraries(struct compile *c, const struct split_plan *p, struct str name,
                     struct strs *out)
{
    const struct str *names;
    size_t n;
    const struct package *package = catalog_package(c->catalog, name);
    const struct str *row = builds_row(p, name);
    if (!p->links)
        return true;
    if (row) {
        struct str library = str_slice(*row, str_find(*row, '=') + 1, row->len);
        if (library.len && !strs_have(out, library))
            vec_add(c->arena, out, library);
        return true;
    }
    if (!catalog_runtime(c->catalog, name, p->runtime.release, &names, &n))
        return !catalog_headers(c->catalog, name) &&
               !(package && package->development &&
                 catalog_lists_like(c->catalog, LIT("header-packages"), name));
    for (size_t i = 0; i < n; i++) {
        const struct package *library = catalog_package(c->catalog, names[i]);
        if (!(library && library->minimal) && !strs_have(out, names[i]))
            vec_add(c->arena, out, names[i]);
    }
    return true;
}

/* ---- the text of an installation ---- */

static const struct sh_command *command_at(const struct sh_script *script, struct span at)
{
    for (size_t i = 0; i < script->list->items.n; i++) {
        const struct sh_operands *o = &script->list->items.at[i].and_or->operands;
        for (size_t k = 0; k < o->n; k++)
            if (o->at[k].pipeline->span.start == at.start && o->at[k].pipeline->span.end == at.end)
                return o->at[k].pipeline->commands.at[0];
    }
    return NULL;
}

/* The package that a word names: without a version or an architecture. */
static struct str bare_name(struct str word)
{
    word = str_slice(word, 0, str_find(word, '='));
    word = str_slice(word, 0, str_find(word, '/'));
    return str_slice(word, 0, str_find(word, ':'));
}

/* The command without the words that are dropped, and with the libraries at its end. */
static struct str installation(struct compile *c, const struct sh_script *script,
                               const struct sh_command *command, const struct strs *dropped,
                               const struct strs *libraries)
{
    struct buf b = {.arena = c->arena};
    uint32_t from = command->span.start;
    for (size_t i = 0; i < command->words.n; i++) {
        struct span word = command->words.at[i]->span;
        if (!strs_have(dropped, bare_name(str_span(script->text, word))))
            continue;
        struct str before = str_slice(script->text, from, word.start);
        buf_add(&b, str_trim_right(before));
        from = word.end;
    }
    uint32_t end = command->words.at[command->words.n - 1]->span.end;
    if (from < end)
        buf_add(&b, str_slice(script->text, from, end));
    for (size_t i = 0; i < libraries->n; i++) {
        buf_char(&b, ' ');
        buf_add(&b, libraries->at[i]);
    }
    buf_add(&b, str_slice(script->text, from > end ? from : end, command->span.end));
    return buf_str(&b);
}

static bool names_all(const struct sh_script *script, const struct sh_command *command,
                      const struct strs *names)
{
    for (size_t i = 0; i < names->n; i++) {
        bool found = false;
        for (size_t k = 0; k < command->words.n; k++)
            found |=
                str_eq(bare_name(str_span(script->text, command->words.at[k]->span)), names->at[i]);
        if (!found)
            return false;
    }
    return true;
}

/* ---- steps ---- */

/* The same RUN removes packages again: what it installed to build is in no layer. */
static bool removes_later(const struct split_instr *in, const struct split_step *s)
{
    bool behind = false;
    for (size_t k = 0; k < in->steps.n; k++) {
        behind |= &in->steps.at[k] == s;
        if (behind && in->steps.at[k].step->effects.removes.items.n)
            return true;
    }
    return false;
}

/* `apk add --virtual NAME ..`, and a later step removes NAME. */
static bool removes_group(struct compile *c, const struct split_plan *p,
                          const struct sh_script *script, const struct sh_command *command)
{
    for (size_t i = 0; command && i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct strs *gone = &p->instrs.at[i].steps.at[k].step->effects.removes.items;
            for (size_t n = 0; n < gone->n; n++) {
                struct strs one = {0};
                vec_add(c->arena, &one, package_name(p, gone->at[n]));
                if (names_all(script, command, &one))
                    return true;
            }
        }
    return false;
}

static bool install(struct compile *c, struct split_plan *p, struct split_instr *in,
                    struct split_step *s, struct why *why)
{
    const struct sh_script *script = instr_script(c, in->i);
    const struct sh_command *command = s->step->simple ? command_at(script, s->step->at) : NULL;
    struct strs dropped = {0}, libraries = {0};
    const struct strs *all = &s->step->effects.installs.items;
    if (p->runtime.alpine && removes_group(c, p, script, command))
        return true;
    for (size_t i = 0; i < all->n; i++) {
        struct str name = package_name(p, all->at[i]);
        const struct package_role *kit = kit_of(c, p, name);
        if (!kit && is_kept(c, p, name)) {
            vec_add(c->arena, &p->installed, name);
            continue;
        }
        vec_add(c->arena, &dropped, name);
        if (kit)
            add_runtime(c, kit, &libraries);
        if (!removes_later(in, s))
            vec_add(c->arena, &p->dropped, name);
        if (!split_libraries(c, p, name, &libraries))
            return split_refuse(why, SPLIT_HEADERS, in->i, name);
    }
    struct str lacking = {0};
    if (!p->runtime.alpine)
        lacking = packages_lacking(c->catalog, p->runtime.release, &libraries);
    if (lacking.len)
        return split_refuse(why, SPLIT_RELEASE, in->i, lacking);
    for (size_t i = 0; i < libraries.n; i++)
        vec_add(c->arena, &p->installed, libraries.at[i]);
    s->repeated = dropped.n < all->n || libraries.n;
    if (!dropped.n || !s->repeated)
        return true;
    if (!command || !names_all(script, command, &dropped))
        return split_refuse(why, SPLIT_PACKAGES, in->i, dropped.at[0]);
    s->text = installation(c, script, command, &dropped, &libraries);
    return true;
}

/* What was not installed again need not be removed. */
static bool take_away(struct split_plan *p, const struct split_instr *in,
                      const struct split_step *s, struct why *why)
{
    const struct strs *all = &s->step->effects.removes.items;
    for (size_t i = 0; i < all->n; i++) {
        struct str name = package_name(p, all->at[i]);
        if (strs_have(&p->installed, name))
            return split_refuse(why, SPLIT_PACKAGES, in->i, name);
    }
    return true;
}

bool split_packages(struct compile *c, struct split_plan *p, struct split_instr *in,
                    struct split_step *s, struct why *why)
{
    const struct effects *fx = &s->step->effects;
    struct str text = str_span(instr_script(c, in->i)->text, s->step->at);
    if (fx->installs.unknown || fx->removes.unknown)
        return split_refuse(why, SPLIT_PACKAGES, in->i, text);
    if (fx->installs.items.n)
        return install(c, p, in, s, why);
    if (fx->removes.items.n)
        return take_away(p, in, s, why);
    s->lists = true;
    return true;
}

/* Those that the file asks for without recommended ones, in a command that stands by itself. */
static bool takes_more(struct compile *c, const struct split_instr *in, const struct split_step *s,
                       const struct sh_command **command)
{
    struct installations all = command_installs(c, &in->i->before, instr_script(c, in->i)->list);
    bool says = all.n > 0;
    for (size_t i = 0; i < all.n; i++)
        says &= all.at[i].says;
    *command = s->step->simple ? command_at(instr_script(c, in->i), s->step->at) : NULL;
    return says && s->repeated && s->step->effects.installs.items.n && *command &&
           !(*command)->redirects.n;
}

void split_join_packages(struct compile *c, struct split_plan *p)
{
    const struct strs none = {0};
    const struct sh_command *command;
    for (size_t i = 0; i < p->n_build; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n && p->packages.n; k++) {
            struct split_step *s = &in->steps.at[k];
            if (!takes_more(c, in, s, &command))
                continue;
            s->text = s->text.len
                          ? str_printf(c->arena, "%.*s %.*s", STR(s->text),
                                       STR(str_join(c->arena, &p->packages, LIT(" "))))
                          : installation(c, instr_script(c, in->i), command, &none, &p->packages);
            p->packages = none;
        }
    }
}

/* ---- lists ---- */

static bool installs(const struct split_step *s)
{
    return s->role == STEP_PACKAGES && s->repeated && s->step->effects.installs.items.n;
}

/* The script installs something at or behind (or before) this step. */
static bool any_installs(const struct split_plan *p, size_t at, size_t k, bool before)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t n = 0; n < in->steps.n; n++) {
            bool earlier = i < at || (i == at && n < k);
            if (earlier == before && installs(&in->steps.at[n]))
                return true;
        }
    }
    return false;
}

/* Something that is neither a package's nor the manager's, nor says where packages come from. */
static bool is_own(struct compile *c, const struct split_plan *p, struct str path)
{
    const struct manager *m = catalog_manager(c->catalog, p->runtime.row->manager);
    const struct mess *lists = catalog_mess(m, MESS_LISTS);
    for (size_t i = 0; lists && i < lists->n_paths; i++)
        if (path_is_in(lists->paths[i], path) || path_is_in(path, lists->paths[i]))
            return false;
    const struct tree_list *sources = catalog_trees(c->catalog, LIT("package-sources"));
    for (size_t i = 0; sources && i < sources->n_paths; i++)
        if (path_is_in(path, sources->paths[i]))
            return false;
    return !catalog_lists(c->catalog, LIT("system"), path) && !split_is_temporary(c, path);
}

/* A step with packages that writes files too and is not done again. */
static bool loses_files(struct compile *c, const struct split_plan *p, const struct split_step *s)
{
    const struct set *writes = &s->step->effects.writes;
    if (s->role != STEP_PACKAGES || s->repeated)
        return false;
    for (size_t i = 0; i < writes->items.n; i++)
        if (is_own(c, p, writes->items.at[i]))
            return true;
    return writes->unknown;
}

void split_package_lists(struct split_plan *p)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++) {
            struct split_step *s = &in->steps.at[k];
            const struct effects *fx = &s->step->effects;
            bool cleans = fx->drops_lists.items.n || fx->drops_caches.items.n;
            if (s->role == STEP_PACKAGES && s->lists)
                s->repeated = any_installs(p, i, k, cleans);
        }
    }
}

bool split_check_files(struct compile *c, const struct split_plan *p, struct why *why)
{
    for (size_t i = 0; i < p->instrs.n; i++) {
        struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++)
            if (loses_files(c, p, &in->steps.at[k]))
                return split_refuse(
                    why, SPLIT_MIXED_RUN, in->i,
                    str_span(instr_script(c, in->i)->text, in->steps.at[k].step->at));
    }
    return true;
}

/* Without lists nothing is installed but what the image has already: the smaller one may not. */
bool split_check_lists(const struct split_plan *p, struct why *why)
{
    bool fetched = false;
    for (size_t i = 0; i < p->instrs.n; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        for (size_t k = 0; k < in->steps.n; k++) {
            const struct effects *fx = &in->steps.at[k].step->effects;
            if (!p->in_place && !in->steps.at[k].repeated)
                continue;
            fetched |= strs_have(&fx->lists.items, p->runtime.row->manager);
            if (!fetched && fx->installs.items.n &&
                strs_have(&fx->needs_lists.items, p->runtime.row->manager))
                return split_refuse(why, SPLIT_LISTS, in->i,
                                    package_name(p, fx->installs.items.at[0]));
        }
    }
    return true;
}
