/* The instructions that install what is needed. */
#include "ir/change.h"
#include "ir/command.h"
#include "ir/install.h"
#include "ir/layout.h"
#include "ir/rewrite.h"
#include "passes/slim_base/slim.h"

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

static const struct manager *manager_of(struct compile *c, const struct slim_plan *plan)
{
    struct base under;
    if (!base_distribution(c, &plan->base, &under))
        return NULL;
    const struct manager *m = catalog_manager(c->catalog, under.variant->manager);
    return m && catalog_mess(m, MESS_LISTS) && m->install.len && m->purge.len ? m : NULL;
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
static bool add_run(struct compile *c, const struct slim_plan *plan, struct instr *from)
{
    const struct manager *m = manager_of(c, plan);
    if (!m)
        return false;
    struct buf text = {.arena = c->arena};
    buf_printf(&text, "RUN %.*s", STR(catalog_mess(m, MESS_LISTS)->fetch));
    layout_and(&text, c->file->layout, LIT(""), command_with(c, m->install, &plan->needs));
    layout_and(&text, c->file->layout, LIT(""), catalog_mess(m, MESS_LISTS)->cleanup);
    buf_add(&text, c->file->layout->newline);
    struct instr *run = rw_insert_after(c, install_place(from), LIT(""), buf_str(&text));
    if (run)
        change_add(c, run);
    return run != NULL;
}

/* Installed ahead of the RUN's commands, removed behind them. */
static bool add_around(struct compile *c, const struct slim_plan *plan)
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
    buf_add(&before, catalog_mess(m, MESS_LISTS)->fetch);
    layout_and(&before, l, LIT(""), install);
    layout_and(&before, l, LIT(""), LIT(""));
    layout_and(&after, l, LIT(""), purge);
    layout_and(&after, l, LIT(""), catalog_mess(m, MESS_LISTS)->cleanup);
    struct edit edits[] = {{{at.start, at.start}, buf_str(&before)},
                           {{at.end, at.end}, buf_str(&after)}};
    struct buf script = {.arena = c->arena};
    buf_printf(&script, "%.*s && %.*s && %.*s && %.*s\n", STR(catalog_mess(m, MESS_LISTS)->fetch),
               STR(install), STR(purge), STR(catalog_mess(m, MESS_LISTS)->cleanup));
    change_add_script(c, run, buf_str(&script));
    return rw_splice(c, run, edits, 2);
}

/* An installation without recommended packages in the stage's first RUN, ahead of all uses. */
static bool add_to_first_install(struct compile *c, const struct slim_plan *plan,
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

bool slim_write(struct compile *c, const struct slim_plan *plan, struct instr *from)
{
    if (plan->builds.n && !add_around(c, plan))
        return false;
    return !plan->needs.n || add_to_first_install(c, plan, from) || add_run(c, plan, from);
}
