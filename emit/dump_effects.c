#include "emit/dump.h"
#include "emit/json_writer.h"

#include <stddef.h>

/* The sets of struct effects, by their names in the dump. */
static const struct {
    const char *name;
    size_t offset;
} sets[] = {
#define SET(name)                                                                                  \
    {                                                                                              \
#name, offsetof(struct effects, name)                                                      \
    }
    SET(reads),      SET(writes),      SET(deletes),     SET(wants),        SET(downloads),
    SET(unpacked),   SET(installs),    SET(removes),     SET(lists),        SET(caches),
    SET(away),       SET(needs_lists), SET(drops_lists), SET(drops_caches), SET(commands),
    SET(remembered), SET(replaced),    SET(scripts)
#undef SET
};

static const struct {
    enum fx_flag flag;
    const char *name;
} flags[] = {
    {FX_NETWORK, "network"},
    {FX_BACKGROUND, "background"},
    {FX_CD, "cd"},
    {FX_STATE, "state"},
    {FX_EXIT, "exit"},
    {FX_ERREXIT, "errexit"},
    {FX_ERREXIT_INSIDE, "errexit-inside"},
    {FX_ERRTRAP, "errtrap"},
    {FX_TRACES, "traces"},
    {FX_TEXT, "text"},
    {FX_RETURN, "return"},
    {FX_JOB, "job"},
    {FX_OPTIONS, "options"},
    {FX_ALIAS, "alias"},
    {FX_HIDDEN, "hidden"},
    {FX_FUNCTION, "function"},
    {FX_PATH, "path"},
    {FX_NOGLOB, "noglob"},
};

/* Empty sets are left out; an unknown one ends in null. */
static void put_set(struct json *j, const char *name, const struct set *set)
{
    if (set_is_empty(set))
        return;
    json_open(j, name, '[');
    for (size_t i = 0; i < set->items.n; i++)
        json_text(j, NULL, set->items.at[i]);
    if (set->unknown)
        json_null(j, NULL);
    json_close(j, ']');
}

static void put_flags(struct json *j, unsigned set)
{
    json_open(j, "flags", '[');
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (set & flags[i].flag)
            json_text(j, NULL, str_from_c(flags[i].name));
    json_close(j, ']');
}

static void put_instr(struct json *j, struct compile *c, struct instr *i)
{
    const struct effects *effects = instr_effects(c, i);
    json_open(j, NULL, '{');
    json_number(j, "line", i->ast->first_line);
    json_text(j, "keyword", df_keyword(i->ast->kind));
    for (size_t k = 0; k < sizeof sets / sizeof *sets; k++)
        put_set(j, sets[k].name, (const struct set *)((const char *)effects + sets[k].offset));
    put_flags(j, effects->flags);
    json_close(j, '}');
}

bool dump_effects(struct compile *c, struct buf *out)
{
    if (!lower_file(c))
        return false;
    struct json j = {.out = out};
    json_open(&j, NULL, '[');
    for (struct instr *i = c->file->first; i; i = i->next)
        put_instr(&j, c, i);
    json_close(&j, ']');
    return true;
}
