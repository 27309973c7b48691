/* Shell scripts of the context that sources start: `sh ${__dirname}/bin/unpack.sh`. What such a
 * script runs, the program runs. */
#include "ir/sources_scripts.h"

#include "ir/command.h"
#include "ir/container.h"
#include "ir/context.h"
#include "ir/path.h"
#include "ir/sources.h"

enum { MOST_SCRIPTS = 64, MOST_BYTES = 64 << 10 };

struct candidate {
    struct str path;
    struct str mark; /* the name, as texts have it: without an ending only behind a slash */
    bool found;
};

struct candidates VEC_OF(struct candidate);

/* By its name; its first line is asked once a source names it. */
static bool may_be_script(const struct context_entry *e)
{
    struct str name = path_name(e->name);
    return e->kind == CONTEXT_FILE && e->size <= MOST_BYTES &&
           (str_ends(name, LIT(".sh")) || str_ends(name, LIT(".bash")) ||
            str_find(name, '.') == name.len);
}

static struct candidates candidates_of(struct compile *c, const struct context_entries *files)
{
    struct candidates out = {0};
    for (size_t i = 0; i < files->n && out.n < MOST_SCRIPTS; i++) {
        if (!may_be_script(&files->at[i]))
            continue;
        struct candidate one = {.path = files->at[i].name, .mark = path_name(files->at[i].name)};
        if (str_find(one.mark, '.') == one.mark.len)
            one.mark = str_concat(c->arena, LIT("/"), one.mark);
        vec_add(c->arena, &out, one);
    }
    return out;
}

/* NULL when it is no shell script, or is not understood. */
static const struct sh_script *script_of(struct compile *c, const struct candidate *one,
                                         struct str text)
{
    enum shell_kind kind = container_reader(text);
    bool says = str_starts(text, LIT("#!")) || str_find(one->mark, '.') < one->mark.len;
    if (!says || kind == SHELL_OTHER)
        return NULL;
    return sh_parse(c->arena, text, kind == SHELL_BASH ? SH_BASH : SH_POSIX, NULL);
}

static void add_commands(struct compile *c, const struct sh_list *list, struct str path,
                         struct started_commands *out)
{
    struct state state = c->file->last_stage->end;
    struct seen_commands seen = command_seen(c, &state, list);
    for (size_t i = 0; i < seen.n; i++)
        if (seen.at[i].words.n && seen.at[i].words.at[0].at)
            vec_add(c->arena, out,
                    ((struct started_command){path_name(seen.at[i].words.at[0]), path}));
}

/* Takes it up once a text names it; `texts` gets its own: it may start others. */
static void take_up(struct compile *c, struct candidate *one, struct str named_in,
                    struct strs *texts, struct started_commands *out)
{
    struct str text;
    if (one->found || !source_text_has(named_in, one->mark) || !context_text(c, one->path, &text))
        return;
    one->found = true;
    const struct sh_script *script = script_of(c, one, text);
    if (!script || !script->list)
        return;
    add_commands(c, script->list, one->path, out);
    vec_add(c->arena, texts, text);
}

struct started_commands sources_started(struct compile *c, const struct context_entries *files,
                                        struct strs texts)
{
    struct started_commands out = {0};
    struct candidates all = candidates_of(c, files);
    for (size_t i = 0; c->file->last_stage && i < texts.n; i++)
        for (size_t k = 0; k < all.n; k++)
            take_up(c, &all.at[k], texts.at[i], &texts, &out);
    return out;
}
