/* Takes packages out of a command that installs them. */
#include "grammar/shell.h"
#include "ir/change.h"
#include "ir/install.h"
#include "ir/rewrite.h"

struct less {
    struct compile *c;
    struct instr *run;
    const struct sh_operands *chain; /* that the command is an operand of */
    size_t at;
    const struct sh_command *command;
    const struct installation *install;
    const struct strs *dropped, *instead;
};

/* ---- where ---- */

static bool find_command(struct less *l, const struct sh_list *list)
{
    for (size_t i = 0; i < list->items.n; i++) {
        l->chain = &list->items.at[i].and_or->operands;
        for (l->at = 0; l->at < l->chain->n; l->at++) {
            const struct sh_commands *commands = &l->chain->at[l->at].pipeline->commands;
            l->command = commands->at[0];
            if (commands->n == 1 && l->command->span.start == l->install->command.start)
                return true;
        }
    }
    return false;
}

/* The package that a word names: without a version, a release or an architecture. */
static struct str bare_name(struct str word)
{
    word = str_slice(word, 0, str_find(word, '='));
    word = str_slice(word, 0, str_find(word, '/'));
    return str_slice(word, 0, str_find(word, ':'));
}

/* What stands instead of the word; false when it stays. */
static bool replaces(const struct less *l, const struct sh_word *word, struct str *instead)
{
    struct str text;
    if (word->span.start < l->install->first.start || !sh_word_literal(l->c->arena, word, &text))
        return false;
    for (size_t i = 0; i < l->dropped->n; i++)
        if (str_eq(l->dropped->at[i], bare_name(text))) {
            *instead = l->instead->at[i];
            return true;
        }
    return false;
}

/* ---- edits ---- */

struct edits VEC_OF(struct edit);

/* In the instruction's bytes. */
static uint32_t start_at(const struct less *l, uint32_t at)
{
    return join_span(&l->run->script_text, (struct span){at, at + 1}).start;
}

static uint32_t end_at(const struct less *l, uint32_t at)
{
    return join_span(&l->run->script_text, (struct span){at - 1, at}).end;
}

static bool has_comment(const struct less *l, struct span bytes)
{
    struct str gone = str_slice(l->run->text, bytes.start, bytes.end);
    return str_find(gone, '#') < gone.len;
}

/* The word, or, when nothing stands in its place, what is before it too. */
static bool edit_words(const struct less *l, struct edits *out, struct buf *after)
{
    const struct str script = l->run->script_text.text;
    const struct sh_words *words = &l->command->words;
    uint32_t from = l->command->span.start;
    for (size_t i = 1; i < words->n; i++) {
        struct str instead;
        struct span word = words->at[i]->span;
        if (!replaces(l, words->at[i], &instead))
            continue;
        uint32_t start = instead.len ? word.start : words->at[i - 1]->span.end;
        struct span bytes = {instead.len ? start_at(l, start) : end_at(l, start),
                             end_at(l, word.end)};
        if (has_comment(l, bytes))
            return false;
        vec_add(l->c->arena, out, ((struct edit){bytes, instead}));
        buf_add(after, str_slice(script, from, start));
        buf_add(after, instead);
        from = word.end;
    }
    buf_add(after, str_slice(script, from, l->command->span.end));
    return out->n > 0;
}

static bool takes_all(const struct less *l)
{
    const struct sh_words *words = &l->command->words;
    for (size_t i = 1; i < words->n; i++) {
        struct str instead;
        if (words->at[i]->span.start >= l->install->first.start &&
            (!replaces(l, words->at[i], &instead) || instead.len))
            return false;
    }
    return true;
}

/* The command with the `&&` before it, or behind it. */
static bool edit_chain(const struct less *l, struct edits *out)
{
    const struct sh_operands *chain = l->chain;
    for (size_t i = 1; i < chain->n; i++)
        if (chain->at[i].op != SH_AND)
            return false;
    struct span bytes = {start_at(l, l->command->span.start), end_at(l, l->command->span.end)};
    if (l->at > 0)
        bytes.start = end_at(l, chain->at[l->at - 1].pipeline->span.end);
    else
        bytes.end = start_at(l, chain->at[1].pipeline->span.start);
    vec_add(l->c->arena, out, ((struct edit){bytes, {0}}));
    return !has_comment(l, bytes);
}

/* What is to be done; neither edits nor `whole`: nothing can be. */
struct lessening {
    struct edits edits;
    struct str after; /* the command; empty: it goes */
    bool whole;       /* .. and its RUN with it */
};

static bool find_lessening(struct less *l, struct lessening *out)
{
    const struct sh_script *script = instr_script(l->c, l->run);
    struct buf after = {.arena = l->c->arena};
    bool found = script && script->list && find_command(l, script->list);
    if (found && takes_all(l)) {
        out->whole = l->chain->n == 1;
        return out->whole ? script->list->items.n == 1 : edit_chain(l, &out->edits);
    }
    if (!found || !edit_words(l, &out->edits, &after))
        return false;
    out->after = buf_str(&after);
    return true;
}

bool install_may_lessen(struct compile *c, struct instr *run, const struct installation *install,
                        const struct strs *dropped, const struct strs *instead)
{
    struct less l = {
        .c = c, .run = run, .install = install, .dropped = dropped, .instead = instead};
    struct lessening what = {.whole = false};
    return find_lessening(&l, &what);
}

bool install_less(struct compile *c, struct instr *run, const struct installation *install,
                  const struct strs *dropped, const struct strs *instead)
{
    struct less l = {
        .c = c, .run = run, .install = install, .dropped = dropped, .instead = instead};
    struct lessening what = {.whole = false};
    if (!find_lessening(&l, &what))
        return false;
    if (what.whole) {
        change_drop(c, run);
        rw_delete(c, run, true);
        return true;
    }
    change_command(c, run, str_span(run->script_text.text, l.command->span), what.after);
    return rw_splice(c, run, what.edits.at, what.edits.n);
}
