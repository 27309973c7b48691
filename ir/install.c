#include "ir/install.h"

#include "ir/change.h"
#include "ir/rewrite.h"

/* In the instruction's bytes an insertion stands right behind a character of the script. */
static uint32_t end_of(const struct instr *run, struct span word)
{
    return join_span(&run->script_text, (struct span){word.end - 1, word.end}).end;
}

/* What stands between the last two words, so that one more looks like them; and the same in the
 * script. False when there is more than white space and continuations between them. */
static bool last_separator(const struct instr *run, const struct installation *install,
                           struct str *bytes, struct str *text)
{
    struct span last = join_span(&run->script_text, install->last);
    if (install->before_last.start < install->first.start)
        return false;
    *bytes = str_slice(run->text, end_of(run, install->before_last), last.start);
    *text = str_slice(run->script_text.text, install->before_last.end, install->last.start);
    return str_find(*bytes, '#') == bytes->len && str_trim(*text).len == 0;
}

static struct str repeated(struct arena *a, struct str separator, const struct strs *packages)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < packages->n; i++) {
        buf_add(&b, separator);
        buf_add(&b, packages->at[i]);
    }
    return buf_str(&b);
}

static void declare(struct compile *c, const struct instr *run, const struct installation *install,
                    struct str option, struct str packages)
{
    struct str script = run->script_text.text;
    struct buf after = {.arena = c->arena};
    buf_add(&after, str_slice(script, install->command.start, install->options.end));
    buf_add(&after, option);
    buf_add(&after, str_slice(script, install->options.end, install->last.end));
    buf_add(&after, packages);
    buf_add(&after, str_slice(script, install->last.end, install->command.end));
    change_command(c, run, str_span(script, install->command), buf_str(&after));
}

bool install_more(struct compile *c, struct instr *run, const struct installation *install,
                  struct str option, const struct strs *packages)
{
    struct str bytes, text;
    if (!last_separator(run, install, &bytes, &text))
        bytes = text = LIT(" ");
    if (option.len)
        option = str_concat(c->arena, LIT(" "), option);
    declare(c, run, install, option, repeated(c->arena, text, packages));
    uint32_t option_at = end_of(run, install->options), more_at = end_of(run, install->last);
    struct edit edits[] = {{{option_at, option_at}, option},
                           {{more_at, more_at}, repeated(c->arena, bytes, packages)}};
    bool more = packages->n > 0;
    return rw_splice(c, run, option.len ? edits : edits + 1, (size_t)(option.len > 0) + more);
}

struct instr *install_place(const struct instr *from)
{
    struct instr *at = (struct instr *)from;
    for (struct instr *i = instr_next(from); i; i = instr_next(i)) {
        if (i->ast->kind != DF_ARG && i->ast->kind != DF_ENV && i->ast->kind != DF_LABEL)
            break;
        at = i;
    }
    return at;
}

/* ---- lists ---- */

static void note_lists(struct compile *c, struct strs *have, const struct effects *fx)
{
    struct strs left = {0};
    for (size_t i = 0; i < have->n; i++)
        if (!strs_have(&fx->drops_lists.items, have->at[i]))
            vec_add(c->arena, &left, have->at[i]);
    for (size_t i = 0; i < fx->lists.items.n; i++)
        vec_add(c->arena, &left, fx->lists.items.at[i]);
    *have = left;
}

/* Adds the managers whose lists are there behind the stage. */
static struct instr *first_without(struct compile *c, const struct stage *stage, struct strs *have)
{
    for (struct instr *i = instr_next(stage->from); i; i = instr_next(i)) {
        const struct effects *fx = instr_effects(c, i);
        for (size_t k = 0; k < fx->needs_lists.items.n; k++)
            if (!strs_have(have, fx->needs_lists.items.at[k]))
                return i;
        note_lists(c, have, fx);
    }
    return NULL;
}

struct instr *install_without_lists(struct compile *c, const struct stage *stage)
{
    size_t n = c->file->last_stage->index + 1;
    struct strs *have = arena_alloc(c->arena, n * sizeof *have);
    bool *stands = arena_alloc(c->arena, n * sizeof *stands);
    for (const struct stage *s = stage; s; s = s->next) {
        const struct stage *base = s->base.kind == REF_STAGE ? s->base.stage : NULL;
        stands[s->index] = s == stage || (base && stands[base->index]);
        if (!stands[s->index])
            continue;
        if (s != stage)
            have[s->index] = have[base->index];
        struct instr *first = first_without(c, s, &have[s->index]);
        if (first)
            return first;
    }
    return NULL;
}
