/* Where things are installed: the directory that an earlier command of the stage was told. */
#include "ir/path.h"
#include "ir/toolchain.h"

/* `--prefix=/x`, however it was written. */
static struct str option_text(struct compile *c, const struct invocation_option *o)
{
    return str_printf(c->arena, "%.*s%s%.*s", STR(o->name),
                      o->name.len > 2 && o->value.len ? "=" : "", STR(o->value));
}

/* The value of an option that chooses it: `--prefix=/x`, `-DNAME=/x`. */
static bool chosen(struct compile *c, const struct invocation *run, const struct build_command *row,
                   struct str *out)
{
    for (size_t i = 0; i < run->options.n; i++) {
        const struct invocation_option *o = &run->options.at[i];
        struct str text = option_text(c, o);
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

/* `--sysconfdir=/etc` */
static bool is_elsewhere(struct compile *c, const struct build_command *row, struct str text,
                         struct str prefix)
{
    struct str place = str_slice(text, str_find(text, '=') + 1, text.len);
    for (size_t i = 0; i < row->n_places; i++)
        if (toolchain_matches(c, row->places[i], text))
            return !prefix.len || !path_is_in(place, prefix);
    return false;
}

/* Another directory that things are installed in. */
static bool has_places(struct compile *c, const struct invocation *run,
                       const struct build_command *row, struct str prefix)
{
    for (size_t i = 0; i < run->options.n; i++)
        if (is_elsewhere(c, row, option_text(c, &run->options.at[i]), prefix))
            return true;
    for (size_t i = 0; i < run->words.n; i++)
        if (is_elsewhere(c, row, run->words.at[i], prefix))
            return true;
    return false;
}

/* What the commands of the stage up to this one were told. */
struct configured {
    bool any;                          /* one was asked to configure */
    const struct toolchain *toolchain; /* that it is of */
    bool elsewhere;                    /* .. with other directories than the prefix */
    struct str path;                   /* the last one's; empty when it cannot be told */
};

/* False when the command is this one: what follows does not count. */
static bool look_at(const struct build_site *s, const struct invocation *run,
                    struct configured *found)
{
    if (is_same(run, s->run))
        return false;
    const struct build_command *row = toolchain_row(s->c, run);
    if (!row || !row->n_prefix)
        return true;
    found->any = true;
    found->toolchain = toolchain_of(s->c, run);
    if (!chosen(s->c, run, row, &found->path))
        found->path = row->prefix_default;
    found->elsewhere = has_places(s->c, run, row, found->path);
    return true;
}

static bool look_through(const struct build_site *s, struct instr *i, struct configured *found)
{
    const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(s->c, i) : NULL;
    struct steps steps = {0};
    if (!script || !command_steps(s->c, &i->before, script->list, &steps))
        return true;
    for (size_t k = 0; k < steps.n; k++)
        for (size_t n = 0; n < steps.at[k].runs.n; n++)
            if (!look_at(s, &steps.at[k].runs.at[n], found))
                return false;
    return true;
}

static struct configured find_prefix(const struct build_site *s)
{
    struct configured found = {0};
    struct instr *i = instr_next(s->stage->from);
    while (i && look_through(s, i, &found))
        i = instr_next(i);
    return found;
}

bool toolchain_prefix(const struct build_site *s, struct strs *out)
{
    struct configured found = find_prefix(s);
    if (!found.path.len || found.elsewhere)
        return false;
    vec_add(s->c->arena, out, found.path);
    s->result->trees = true;
    s->result->toolchain = found.toolchain;
    return true;
}

bool toolchain_configured(const struct build_site *s, struct strs *out)
{
    (void)out;
    return find_prefix(s).any;
}
