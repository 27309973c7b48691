/* What COPY and ADD take into the image. */
#include "ir/context.h"
#include "ir/copy.h"
#include "ir/path.h"
#include "passes/alpine_base/alpine.h"

static bool has_mark(const struct alpine_image *row, struct str text)
{
    for (size_t i = 0; i < row->n_marks; i++)
        if (str_search(text, row->marks[i]) < text.len)
            return true;
    return false;
}

/* Settings of the image's program. */
static bool allows_settings(struct alpine_question *q, const struct instr *at, struct str path)
{
    const struct context_ops *context = q->c->context;
    struct str text;
    if (!context || !context->read(context->self, path, q->c->arena, &text) ||
        has_mark(q->plan->row, text))
        return alpine_refuse(q, ALPINE_CONFIGURATION, at, path);
    return true;
}

static bool allows_file(struct alpine_question *q, const struct instr *at, struct str path,
                        bool settings)
{
    if (alpine_matches(q, LIT("alpine-data"), path_name(path)))
        return alpine_refuse(q, ALPINE_FILES, at, path);
    return !settings || allows_settings(q, at, path);
}

static bool allows_content(struct alpine_question *q, const struct instr *at, struct str path,
                           bool settings)
{
    struct context_entries files = {0};
    enum context_kind kind = context_kind(q->c, path);
    if (kind == CONTEXT_FILE)
        return allows_file(q, at, path, settings);
    if (kind != CONTEXT_DIRECTORY || !context_files(q->c, path, &files))
        return alpine_refuse(q, ALPINE_FILES, at, path);
    for (size_t i = 0; i < files.n; i++)
        if (!allows_file(q, at, files.at[i].name, settings))
            return false;
    return true;
}

/* What the last component's pattern takes. */
static bool allows_pattern(struct alpine_question *q, const struct instr *at, struct str path,
                           bool settings)
{
    struct str pattern = path_name(path);
    struct str dir = str_slice(path, 0, path.len - pattern.len);
    const struct context_entries *all = context_lists(q->c, dir);
    if (!all || str_find(dir, '*') < dir.len || str_find(pattern, '[') < pattern.len)
        return alpine_refuse(q, ALPINE_FILES, at, path);
    for (size_t i = 0; i < all->n; i++) {
        struct str name = str_concat(q->c->arena, dir, all->at[i].name);
        if (str_matches(pattern, all->at[i].name) && !allows_content(q, at, name, settings))
            return false;
    }
    return true;
}

static bool allows_content_of(struct alpine_question *q, const struct instr *at,
                              const struct copy_source *source, bool settings)
{
    struct str path;
    if (source->origin == COPY_DOCUMENT)
        return true;
    if (source->origin != COPY_CONTEXT || !context_path(q->c->arena, source->path, &path))
        return alpine_refuse(q, ALPINE_FILES, at, source->path);
    return (source->glob ? allows_pattern : allows_content)(q, at, path, settings);
}

static bool allows_source(struct alpine_question *q, const struct instr *at,
                          const struct copy *copy, const struct copy_source *source)
{
    const struct alpine_image *row = q->plan->row;
    bool settings;
    if (alpine_is_in(row->served, row->n_served, copy->to) && source->origin != COPY_URL)
        return true;
    if (source->unpacks != NO || !alpine_is_path(q, copy->to))
        return alpine_refuse(q, source->unpacks != NO ? ALPINE_FILES : ALPINE_PATH, at, copy->to);
    switch (source->origin) {
    case COPY_DOCUMENT:
    case COPY_CONTEXT:
        settings = alpine_is_in(row->configuration, row->n_configuration, copy->to);
        return allows_content_of(q, at, source, settings);
    case COPY_URL:
    case COPY_GIT:
        return alpine_refuse(q, ALPINE_DOWNLOAD, at, source->path);
    case COPY_FROM:
        return alpine_is_portable(q, at, source->path) ||
               alpine_refuse(q, ALPINE_COPIED, at, source->path);
    case COPY_UNKNOWN:
        return alpine_refuse(q, ALPINE_COPIED, at, source->path);
    }
    return false;
}

bool alpine_allows_copy(struct alpine_question *q, struct instr *i)
{
    struct copy copy = copy_read(q->c, i);
    if (!copy.to.len)
        return alpine_refuse(q, ALPINE_COPIED, i, (struct str){0});
    if (copy.has_chown && !alpine_is_account(q, copy.chown))
        return alpine_refuse(q, ALPINE_ACCOUNT, i, copy.chown);
    for (size_t k = 0; k < copy.sources.n; k++)
        if (!allows_source(q, i, &copy, &copy.sources.at[k]))
            return false;
    return true;
}

bool alpine_holds_sources(const struct alpine_question *q, struct instr *i)
{
    struct why ignored = {0};
    struct alpine_question own = {q->c, q->plan, q->from, &ignored};
    struct copy copy = copy_read(q->c, i);
    for (size_t k = 0; k < copy.sources.n; k++)
        if (copy.sources.at[k].unpacks != NO ||
            !allows_content_of(&own, i, &copy.sources.at[k], false))
            return false;
    return true;
}
