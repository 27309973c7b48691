/* The edits: of RUNs, of the FROM, and the RUN that installs what is needed beside. */
#include "ir/change.h"
#include "ir/install.h"
#include "ir/layout.h"
#include "passes/alpine_base/alpine.h"

struct edits VEC_OF(struct edit);

static bool is_gone(const struct alpine_run *run, const struct sh_pipeline *p)
{
    for (size_t i = 0; i < run->commands.n; i++)
        if (run->commands.at[i].gone &&
            run->commands.at[i].command->span.start == p->commands.at[0]->span.start)
            return true;
    return false;
}

/* ---- what goes of a list ---- */

/* The first operand that stays; all of them: none does. */
static size_t first_kept(const struct alpine_run *run, const struct sh_and_or *and_or)
{
    size_t i = 0;
    while (i < and_or->operands.n && is_gone(run, and_or->operands.at[i].pipeline))
        i++;
    return i;
}

static bool goes_whole(const struct alpine_run *run, const struct sh_and_or *and_or)
{
    return first_kept(run, and_or) == and_or->operands.n;
}

static void cut(struct compile *c, struct edits *out, uint32_t start, uint32_t end)
{
    struct edit edit = {{start, end}, LIT("")};
    vec_add(c->arena, out, edit);
}

/* Each goes with the `&&` before it; the first ones with that behind them. */
static void cut_operands(struct compile *c, const struct alpine_run *run,
                         const struct sh_and_or *and_or, struct edits *out)
{
    const struct sh_operands *all = &and_or->operands;
    size_t first = first_kept(run, and_or);
    if (first)
        cut(c, out, all->at[0].pipeline->span.start, all->at[first].pipeline->span.start);
    for (size_t i = first + 1; i < all->n; i++)
        if (is_gone(run, all->at[i].pipeline))
            cut(c, out, all->at[i - 1].pipeline->span.end, all->at[i].pipeline->span.end);
}

/* False when nothing stays. */
static bool cut_items(struct compile *c, const struct alpine_run *run, const struct sh_list *list,
                      struct edits *out)
{
    const struct sh_items *items = &list->items;
    size_t last = items->n;
    while (last && goes_whole(run, items->at[last - 1].and_or))
        last--;
    for (size_t i = 0; i < last; i++) {
        const struct sh_and_or *and_or = items->at[i].and_or;
        if (goes_whole(run, and_or))
            cut(c, out, and_or->span.start, items->at[i + 1].and_or->span.start);
        else
            cut_operands(c, run, and_or, out);
    }
    if (last && last < items->n)
        cut(c, out, items->at[last - 1].and_or->span.end, items->at[items->n - 1].and_or->span.end);
    return last > 0;
}

/* ---- a RUN's edits ---- */

static void sort_edits(struct edits *edits)
{
    for (size_t i = 1; i < edits->n; i++)
        for (size_t k = i; k && edits->at[k - 1].at.start > edits->at[k].at.start; k--) {
            struct edit swapped = edits->at[k];
            edits->at[k] = edits->at[k - 1];
            edits->at[k - 1] = swapped;
        }
}

/* False when nothing of it stays. */
static bool edits_of(struct compile *c, const struct alpine_run *run, struct edits *out)
{
    if (!cut_items(c, run, run->run->script->list, out))
        return false;
    for (size_t i = 0; i < run->commands.n; i++)
        for (size_t k = 0; k < run->commands.at[i].edits.n; k++)
            vec_add(c->arena, out, run->commands.at[i].edits.at[k]);
    sort_edits(out);
    return true;
}

/* From the script's text to the instruction's bytes. An end stands right behind a character. */
static struct span bytes_of(const struct instr *run, struct span at)
{
    struct span start = join_span(&run->script_text, (struct span){at.start, at.start + 1});
    struct span end = join_span(&run->script_text, (struct span){at.end - 1, at.end});
    return (struct span){start.start, end.end};
}

static bool has_comment(struct str bytes)
{
    while (bytes.len) {
        size_t end = str_find(bytes, '\n');
        if (str_starts(str_trim(str_slice(bytes, 0, end)), LIT("#")))
            return true;
        bytes = str_slice(bytes, end + 1, bytes.len);
    }
    return false;
}

/* ---- what is needed beside ---- */

/* The stage's first RUN begins with an installation. */
static struct alpine_command *first_install(const struct alpine_plan *plan,
                                            const struct instr *from)
{
    const struct instr *first = instr_next(from);
    while (first && first->ast->kind != DF_RUN)
        first = instr_next(first);
    for (size_t i = 0; first && i < plan->runs.n; i++)
        for (size_t k = 0; plan->runs.at[i].run == first && k < plan->runs.at[i].commands.n; k++) {
            struct alpine_command *command = &plan->runs.at[i].commands.at[k];
            const struct sh_and_or *and_or = first->script->list->items.at[0].and_or;
            size_t kept = first_kept(&plan->runs.at[i], and_or);
            if (command->installs && kept < and_or->operands.n &&
                and_or->operands.at[kept].pipeline->span.start == command->command->span.start)
                return command;
        }
    return NULL;
}

static struct str installing(struct compile *c, const struct alpine_plan *plan)
{
    struct buf b = {.arena = c->arena};
    buf_add(&b, plan->to->install);
    for (size_t i = 0; i < plan->needs.n; i++)
        buf_printf(&b, " %.*s", STR(plan->needs.at[i]));
    return buf_str(&b);
}

/* Ahead of the packages that the stage installs first, or in a RUN of its own. */
static void place_needs(struct compile *c, struct alpine_plan *plan, const struct instr *from)
{
    struct alpine_command *command = first_install(plan, from);
    if (!plan->needs.n || !command)
        return;
    command->edits.at[0].text = installing(c, plan);
    plan->needs = (struct strs){0};
}

bool alpine_can_write(struct alpine_question *q)
{
    place_needs(q->c, q->plan, q->from);
    for (size_t i = 0; i < q->plan->runs.n; i++) {
        const struct alpine_run *run = &q->plan->runs.at[i];
        struct edits edits = {0};
        bool lost = !edits_of(q->c, run, &edits) && has_comment(run->run->text);
        for (size_t k = 0; k < edits.n; k++)
            lost =
                lost || has_comment(str_span(run->run->text, bytes_of(run->run, edits.at[k].at)));
        if (lost)
            return alpine_refuse(q, ALPINE_SCRIPT, run->run, (struct str){0});
    }
    return true;
}

/* ---- writing ---- */

static struct str command_after(struct compile *c, struct str script,
                                const struct alpine_command *command)
{
    struct buf b = {.arena = c->arena};
    uint32_t at = command->command->span.start;
    for (size_t i = 0; !command->gone && i < command->edits.n; i++) {
        buf_add(&b, str_slice(script, at, command->edits.at[i].at.start));
        buf_add(&b, command->edits.at[i].text);
        at = command->edits.at[i].at.end;
    }
    if (!command->gone)
        buf_add(&b, str_slice(script, at, command->command->span.end));
    return buf_str(&b);
}

static bool write_run(struct compile *c, const struct alpine_run *run)
{
    struct str script = run->run->script_text.text;
    struct edits edits = {0};
    for (size_t i = 0; i < run->commands.n; i++)
        change_command(c, run->run, str_span(script, run->commands.at[i].command->span),
                       command_after(c, script, &run->commands.at[i]));
    if (!edits_of(c, run, &edits)) {
        rw_delete(c, run->run, true);
        return true;
    }
    for (size_t i = 0; i < edits.n; i++)
        edits.at[i].at = bytes_of(run->run, edits.at[i].at);
    return rw_splice(c, run->run, edits.at, edits.n);
}

/* A RUN of its own behind the FROM and what it sets. */
static bool write_needs(struct compile *c, const struct alpine_plan *plan, struct instr *from)
{
    struct buf text = {.arena = c->arena};
    struct instr *at = install_place(from);
    if (!plan->needs.n)
        return true;
    buf_printf(&text, "RUN %.*s%.*s", STR(installing(c, plan)), STR(c->file->layout->newline));
    struct instr *run = rw_insert_after(c, at, LIT(""), buf_str(&text));
    if (run)
        change_add(c, run);
    return run != NULL;
}

bool alpine_write(struct compile *c, const struct alpine_plan *plan, struct instr *from)
{
    struct span at = join_span(&from->ast->joined, from->ast->args.at[0].joined);
    struct edit edit = {at, plan->image};
    for (size_t i = 0; i < plan->runs.n; i++)
        if (!write_run(c, &plan->runs.at[i]))
            return false;
    change_instr(c, from, rw_spliced(c, from, &edit, 1));
    return rw_splice(c, from, &edit, 1) && write_needs(c, plan, from);
}
