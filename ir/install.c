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
