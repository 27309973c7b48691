/* Packages of a language that only builds use: removed at the end of the build stage. */
#include "ir/base.h"
#include "ir/command_words.h"
#include "ir/manifest/manifest.h"
#include "passes/split_stage/split.h"

/* ---- where ---- */

static bool knows_command(struct compile *c, const struct split_plan *p,
                          const struct build_command *by)
{
    struct base base;
    if (!base_of_stage(c, p->stage, &base))
        return false;
    struct str image = str_printf(c->arena, "%.*s:%.*s", STR(base.ref.name), STR(base.full));
    for (size_t i = 0; i < by->n_prunes_on; i++)
        if (str_matches(by->prunes_on[i], image))
            return true;
    return false;
}

/* The file does so itself: `npm prune`, whatever its options. */
static bool prunes_itself(const struct split_plan *p, struct str prune)
{
    struct str name = str_slice(prune, 0, str_find(prune, ' '));
    struct str verb = str_slice(prune, name.len + 1, prune.len);
    verb = str_slice(verb, 0, str_find(verb, ' '));
    for (size_t i = 0; i < p->instrs.n; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct invocations *runs = &p->instrs.at[i].steps.at[k].step->runs;
            for (size_t n = 0; n < runs->n; n++)
                if (str_eq(runs->at[n].name, name) && runs->at[n].words.n &&
                    str_eq(runs->at[n].words.at[0], verb))
                    return true;
        }
    return false;
}

/* The last step that installs packages of the language. */
static const struct split_step *last_install(const struct split_plan *p)
{
    const struct split_step *found = NULL;
    for (size_t i = 0; i < p->n_build; i++)
        for (size_t k = 0; k < p->instrs.at[i].steps.n; k++) {
            const struct split_step *s = &p->instrs.at[i].steps.at[k];
            if (s->role == STEP_BUILD && s->built.by->n_prunes && s->built.manifest)
                found = s;
        }
    return found;
}

/* ---- are they used at run time? ---- */

static bool is_build_text(struct str path)
{
    static const struct str marks[] = {{"test", 4},      {"spec", 4},     {".config.", 8},
                                       {"webpack", 7},   {"gulpfile", 8}, {"Gruntfile", 9},
                                       {".eslintrc", 9}, {".babelrc", 8}, {"rollup", 6}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_search(path, marks[i]) < path.len)
            return true;
    return false;
}

/* In quotes, as a module's name or the start of a path in it. */
static bool mentions(struct str text, struct str name)
{
    while (text.len) {
        size_t at = str_search(text, name);
        if (at == text.len)
            return false;
        char before = at ? text.at[at - 1] : 0;
        char after = at + name.len < text.len ? text.at[at + name.len] : 0;
        bool quoted = before == '\'' || before == '"' || before == '`';
        if (quoted && (after == before || after == '/'))
            return true;
        text = str_slice(text, at + name.len, text.len);
    }
    return false;
}

static bool is_development(const struct manifest *m, struct str name)
{
    bool development = false;
    for (size_t i = 0; i < m->needs.n; i++) {
        if (!str_eq(m->needs.at[i].name, name))
            continue;
        if (!str_eq(m->needs.at[i].group, LIT("dev")))
            return false;
        development = true;
    }
    return development;
}

/* A file that may run names one of them; a file that cannot be read may. */
static bool file_uses(struct compile *c, const struct manifest *m, const struct context_entry *e)
{
    struct str text;
    if (e->kind != CONTEXT_FILE || is_build_text(e->name) || str_eq(e->name, m->path) ||
        str_ends(e->name, LIT("package-lock.json")))
        return false;
    if (!context_text(c, e->name, &text))
        return true;
    for (size_t i = 0; i < m->needs.n; i++)
        if (is_development(m, m->needs.at[i].name) && mentions(text, m->needs.at[i].name))
            return true;
    return false;
}

static bool is_source(struct compile *c, const struct split_plan *p, struct str name)
{
    const struct source_language *l = catalog_source_language(c->catalog, p->toolchain->language);
    for (size_t i = 0; l && i < l->n_files; i++)
        if (str_matches(l->files[i], path_name(name)))
            return true;
    return false;
}

/* The words of the scripts that the container starts: the first of each is a program. */
static bool script_uses(struct compile *c, const struct split_plan *p, const struct manifest *m)
{
    for (size_t i = 0; i < m->values.n; i++) {
        struct str key = m->values.at[i].key, text = m->values.at[i].value;
        struct str name = str_slice(key, str_find(key, '.') + 1, key.len);
        if (!str_starts(key, LIT("scripts.")) || !split_starts_script(c, p, name))
            continue;
        struct str word = str_slice(text, 0, str_find(text, ' '));
        bool known = false;
        for (size_t k = 0; k < p->runtime.row->n_has; k++)
            known |= str_eq(p->runtime.row->has[k], word);
        if (!known || str_search(text, LIT("&&")) < text.len || str_find(text, '-') == 0)
            return true;
    }
    return false;
}

static bool any_used(struct compile *c, const struct split_plan *p, const struct manifest *m)
{
    struct context_entries all = {0};
    if (!context_files(c, path_directory(m->path), &all) || script_uses(c, p, m))
        return true;
    for (size_t i = 0; i < all.n; i++)
        if (is_source(c, p, all.at[i].name) && file_uses(c, m, &all.at[i]))
            return true;
    return false;
}

static bool has_development(const struct manifest *m)
{
    for (size_t i = 0; i < m->needs.n; i++)
        if (is_development(m, m->needs.at[i].name))
            return true;
    return false;
}

void split_prune(struct compile *c, struct split_plan *p)
{
    const struct split_step *s = last_install(p);
    const struct manifest *m = s ? s->built.manifest : NULL;
    if (!m || m->more_needs || !has_development(m) || !knows_command(c, p, s->built.by) ||
        any_used(c, p, m))
        return;
    p->prune_in = vec_last(&s->step->runs)->workdir;
    for (size_t i = 0; i < s->built.by->n_prunes; i++)
        if (!prunes_itself(p, s->built.by->prunes[i]))
            vec_add(c->arena, &p->prunes, s->built.by->prunes[i]);
}
