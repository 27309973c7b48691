#include "ir/image.h"

#include "ir/normal.h"
#include "ir/state.h"

/* ---- what the instructions say ---- */

static void put_value(struct compile *c, struct map *to, const struct instr *i, struct df_pair pair)
{
    struct image_value *v = arena_alloc(c->arena, sizeof *v);
    v->known = state_expand(c, &i->before, pair.value, &v->text);
    if (!v->known)
        v->text = pair.value;
    map_put(to, pair.name, v);
}

static void put_pairs(struct compile *c, struct map *to, const struct instr *i)
{
    for (size_t k = 0; k < i->ast->pairs.n; k++)
        put_value(c, to, i, i->ast->pairs.at[k]);
}

static void put_maintainer(struct compile *c, struct map *labels, const struct instr *i)
{
    struct image_value *v = arena_alloc(c->arena, sizeof *v);
    *v = (struct image_value){normal_maintainer(i->ast), true};
    map_put(labels, normal_authors, v);
}

static void add_once(struct arena *a, struct strs *to, struct str word)
{
    if (!strs_have(to, word))
        vec_add(a, to, word);
}

/* BuildKit puts the protocol in lower case. */
static void add_words(struct compile *c, struct strs *to, const struct instr *i)
{
    for (size_t k = 0; k < i->ast->args.n; k++) {
        struct str word = i->ast->args.at[k].text, value;
        if (!state_expand(c, &i->before, word, &value))
            value = word;
        add_once(c->arena, to, i->ast->kind == DF_EXPOSE ? str_lower(c->arena, value) : value);
    }
}

static void add_trigger(struct compile *c, struct image *image, const struct instr *i)
{
    struct str text = i->ast->joined.text;
    add_once(c->arena, &image->triggers, str_trim(str_slice(text, i->ast->keyword.end, text.len)));
}

static void say(struct compile *c, struct image *image, const struct instr *i, bool has_cmd)
{
    switch (i->ast->kind) {
    case DF_CMD:
        image->cmd = i;
        return;
    case DF_ENTRYPOINT:
        image->entrypoint = i;
        if (!has_cmd)
            image->cmd = NULL;
        return;
    case DF_ENV:
        put_pairs(c, &image->env, i);
        return;
    case DF_EXPOSE:
        add_words(c, &image->ports, i);
        return;
    case DF_HEALTHCHECK:
        image->healthcheck = i;
        return;
    case DF_LABEL:
        put_pairs(c, &image->labels, i);
        return;
    case DF_MAINTAINER:
        put_maintainer(c, &image->labels, i);
        return;
    case DF_ONBUILD:
        add_trigger(c, image, i);
        return;
    case DF_SHELL:
        image->shell = i;
        return;
    case DF_STOPSIGNAL:
        image->stop_signal = i;
        return;
    case DF_VOLUME:
        add_words(c, &image->volumes, i);
        return;
    case DF_ADD:
    case DF_ARG:
    case DF_COPY:
    case DF_FROM:
    case DF_RUN:
    case DF_UNKNOWN:
    case DF_USER:
    case DF_WORKDIR:
        return; /* user and working directory are in the stage's last state */
    }
}

/* Triggers of an image run in the build that is FROM it and are not in that one's image. */
static void say_stage(struct compile *c, struct image *image, const struct stage *stage)
{
    bool has_cmd = false;
    image->triggers = (struct strs){0};
    for (const struct instr *i = instr_next(stage->from); i; i = instr_next(i)) {
        has_cmd = has_cmd || i->ast->kind == DF_CMD;
        say(c, image, i, has_cmd);
    }
}

/* Longer chains of stages are told by their last ones alone. */
enum { MOST_STAGES = 200 };

struct image image_of(struct compile *c, const struct stage *stage)
{
    const struct stage *chain[MOST_STAGES];
    size_t n = 0;
    struct image image = {
        .env.arena = c->arena, .labels.arena = c->arena, .escape = c->file->escape};
    for (const struct stage *s = stage; s && n < MOST_STAGES; n++) {
        chain[n] = s;
        s = s->base.kind == REF_STAGE ? s->base.stage : NULL;
    }
    while (n > 0)
        say_stage(c, &image, chain[--n]);
    image.user = stage->end.user;
    image.workdir = stage->end.workdir;
    return image;
}

/* ---- comparing ---- */

static bool same_value(struct arena *arena, const struct image_value *a,
                       const struct image_value *b, char escape)
{
    if (a->known != b->known)
        return false;
    return str_eq(a->text, b->text) ||
           (!a->known && normal_same_value(arena, a->text, b->text, escape));
}

/* Every name of `before` is in `after`, with the same value. */
static bool same_map(const struct map *before, const struct map *after, char escape,
                     struct str *what)
{
    struct map_cursor cursor = {0};
    while (map_next(before, &cursor)) {
        const struct image_value *value = map_get(after, cursor.key);
        *what = cursor.key;
        if (!value || !same_value(after->arena, cursor.value, value, escape))
            return false;
    }
    return true;
}

/* Every name of `after` is in `before`, or is allowed. */
static bool nothing_else(const struct map *before, const struct map *after,
                         const struct strs *extra, struct str *what)
{
    struct map_cursor cursor = {0};
    while (map_next(after, &cursor)) {
        *what = cursor.key;
        if (!map_get(before, cursor.key) && !(extra && strs_have(extra, cursor.key)))
            return false;
    }
    return true;
}

static bool same_strs(const struct strs *a, const struct strs *b)
{
    for (size_t i = 0; i < a->n; i++)
        if (!strs_have(b, a->at[i]))
            return false;
    return a->n == b->n;
}

/* Of CMD, ENTRYPOINT, HEALTHCHECK and what is like them. The shell form runs in the shell that is
 * in force. */
static bool same_instr(const struct instr *a, const struct instr *b)
{
    if (!a || !b)
        return a == b;
    return a->ast->json == b->ast->json && df_same_words(&a->ast->args, &b->ast->args) &&
           df_same_words(&a->ast->flags, &b->ast->flags) &&
           str_eq(a->ast->healthcheck, b->ast->healthcheck) &&
           (a->ast->json || state_same_shell(a->before.shell, b->before.shell));
}

/* What was left to the base image may be said now. */
static bool same_or_said(const struct instr *before, const struct instr *after)
{
    return !before || same_instr(before, after);
}

bool image_same(const struct image *before, const struct image *after, const struct strs *extra,
                struct str *what)
{
    if (!same_map(&before->env, &after->env, before->escape, what) ||
        !nothing_else(&before->env, &after->env, extra, what) ||
        !same_map(&before->labels, &after->labels, before->escape, what) ||
        !nothing_else(&before->labels, &after->labels, NULL, what))
        return false;
    const struct {
        bool same;
        struct str name;
    } parts[] = {
        {same_strs(&before->ports, &after->ports), LIT("EXPOSE")},
        {same_strs(&before->volumes, &after->volumes), LIT("VOLUME")},
        {same_strs(&before->triggers, &after->triggers), LIT("ONBUILD")},
        {same_or_said(before->cmd, after->cmd), LIT("CMD")},
        {same_or_said(before->entrypoint, after->entrypoint), LIT("ENTRYPOINT")},
        {same_instr(before->healthcheck, after->healthcheck), LIT("HEALTHCHECK")},
        {same_or_said(before->stop_signal, after->stop_signal), LIT("STOPSIGNAL")},
        {same_or_said(before->shell, after->shell), LIT("SHELL")},
        {!before->user.len || str_eq(before->user, after->user), LIT("USER")},
        {!before->workdir.len || str_eq(before->workdir, after->workdir), LIT("WORKDIR")},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        *what = parts[i].name;
        if (!parts[i].same)
            return false;
    }
    return true;
}
