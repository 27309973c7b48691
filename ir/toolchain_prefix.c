/* Where things are installed: the directory that an earlier command of the stage was told. */
#include "ir/toolchain.h"

/* The value of an option that chooses it: `--prefix=/x`, `-DNAME=/x`. */
static bool chosen(struct compile *c, const struct invocation *run, const struct build_command *row,
                   struct str *out)
{
    for (size_t i = 0; i < run->options.n; i++) {
        const struct invocation_option *o = &run->options.at[i];
        struct str text = str_printf(c->arena, "%.*s%s%.*s", STR(o->name),
                                     o->name.len > 2 && o->value.len ? "=" : "", STR(o->value));
        for (size_t k = 0; k < row->n_prefix; k++) {
            struct str mark = str_concat(c->arena, row->prefix[k], LIT("="));
            if (!str_starts(text, mark))
                continue;
            *out = o->known ? str_slice(text, mark.len, text.len) : (struct str){0};
            return true;
        }
    }
    return false;
}

static bool is_same(const struct invocation *a, const struct invocation *b)
{
    return str_eq(a->name, b->name) && str_eq(a->workdir, b->workdir) && a->words.n == b->words.n &&
           a->options.n == b->options.n;
}

/* Looks at the commands of the stage up to this one. False when none configures. */
static bool find_prefix(const struct build_site *s, struct str *out)
{
    bool found = false;
    for (struct instr *i = instr_next(s->stage->from); i; i = instr_next(i)) {
        const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(s->c, i) : NULL;
        struct steps steps = {0};
        if (!script || !command_steps(s->c, &i->before, script->list, &steps))
            continue;
        for (size_t k = 0; k < steps.n; k++) {
            for (size_t n = 0; n < steps.at[k].runs.n; n++) {
                const struct invocation *run = &steps.at[k].runs.at[n];
                if (is_same(run, s->run))
                    return found;
                const struct build_command *row = toolchain_row(s->c, run);
                if (!row || !row->n_prefix)
                    continue;
                found = true;
                if (!chosen(s->c, run, row, out))
                    *out = row->prefix_default;
            }
        }
    }
    return found;
}

bool toolchain_prefix(const struct build_site *s, struct strs *out)
{
    struct str prefix;
    if (!find_prefix(s, &prefix) || !prefix.len)
        return false;
    vec_add(s->c->arena, out, prefix);
    s->result->trees = true;
    return true;
}

bool toolchain_configured(const struct build_site *s, struct strs *out)
{
    struct str prefix;
    (void)out;
    return find_prefix(s, &prefix);
}
