#include "passes/fold_layers/fold.h"

#include "ir/base.h"
#include "ir/change.h"
#include "ir/rewrite.h"

bool fold_has_flags(struct compile *c)
{
    struct str name = str_slice(c->file->syntax, 0, str_find(c->file->syntax, '@'));
    return !name.len || catalog_lists_like(c->catalog, LIT("frontends"), name);
}

static bool holds_base_files(struct compile *c, struct str path)
{
    const struct tree_list *files = catalog_trees(c->catalog, LIT("base-files"));
    for (size_t i = 0; files && i < files->n_paths; i++)
        if (path_is_in(path, files->paths[i]) || path_is_in(files->paths[i], path))
            return true;
    return !files;
}

bool fold_base_lacks(struct compile *c, const struct stage *stage, struct str path)
{
    struct base base;
    while (stage->base.kind == REF_STAGE)
        stage = stage->base.stage;
    if (stage->base.kind == REF_SCRATCH)
        return true;
    return base_of_stage(c, stage, &base) &&
           catalog_lists(c->catalog, LIT("base-images"), base.ref.name) &&
           !catalog_lists_like(c->catalog, LIT("trigger-tags"), base.ref.tag) &&
           !holds_base_files(c, path);
}

static void merge(struct arena *a, struct effects *to, const struct effects *from)
{
    set_merge(a, &to->reads, &from->reads);
    set_merge(a, &to->writes, &from->writes);
    set_merge(a, &to->deletes, &from->deletes);
    to->flags |= from->flags;
}

bool fold_effects_beside(struct compile *c, const struct instr *run,
                         const struct sh_command *command, bool after, struct effects *out)
{
    struct steps steps = {0};
    *out = (struct effects){0};
    if (!command_steps(c, &run->before, run->script->list, &steps))
        return false;
    for (size_t i = 0; i < steps.n; i++) {
        const struct step *s = &steps.at[i];
        bool beside = after ? s->at.start >= command->span.end : s->at.end <= command->span.start;
        if (beside)
            merge(c->arena, out, &s->effects);
    }
    return true;
}

/* ---- taking a command out ---- */

enum { SHADOWS = FX_FUNCTION | FX_ALIAS | FX_BACKGROUND | FX_EXIT | FX_RETURN | FX_PATH };

bool fold_can_cut(struct compile *c, const struct instr *run, const struct sh_command *command,
                  struct chain_link *link)
{
    if (effects_any(run->effects, SHADOWS) || legality_shape(run->script).open_end ||
        !chain_find(run, command, link))
        return false;
    if (run->script->list->items.n > 1 && !legality_begins_with_errexit(c, run))
        return false;
    struct span cut = chain_cut(run, *link);
    struct str bytes = str_slice(run->text, cut.start, cut.end);
    return !legality_comments(c->arena, bytes, LIT("")).len;
}

/* Settings of the shell, messages: what does nothing to the image. */
static bool is_idle(const struct effects *fx)
{
    const unsigned deeds = FX_NETWORK | FX_BACKGROUND | FX_HIDDEN;
    return set_is_empty(&fx->writes) && set_is_empty(&fx->deletes) && set_is_empty(&fx->installs) &&
           set_is_empty(&fx->removes) && !effects_any(fx, deeds);
}

bool fold_takes_all(struct compile *c, const struct instr *run, const struct sh_command *command)
{
    struct effects before, after;
    if (chain_is_alone(run))
        return true;
    return fold_effects_beside(c, run, command, false, &before) && is_idle(&before) &&
           fold_effects_beside(c, run, command, true, &after) && is_idle(&after) &&
           !run->script->comments.n && !legality_comments(c->arena, run->text, LIT("")).len;
}

static bool drop_run(struct compile *c, struct instr *run)
{
    change_drop(c, run);
    rw_delete(c, run, legality_comments(c->arena, run->lead, LIT("")).len > 0);
    return true;
}

bool fold_cut(struct compile *c, struct instr *run, const struct sh_command *command)
{
    struct chain_link link;
    if (fold_takes_all(c, run, command))
        return drop_run(c, run);
    if (!chain_find(run, command, &link))
        return false;
    struct edit edit = {chain_cut(run, link), LIT("")};
    change_command(c, run, str_span(run->script->text, command->span), (struct str){0});
    return rw_splice(c, run, &edit, 1);
}
