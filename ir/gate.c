#include "ir/gate.h"

#include "ir/gate_model.h"
#include "ir/image.h"
#include "ir/normal.h"
#include "ir/options.h"
#include "ir/state.h"

static bool fail(struct str *why, struct str sentence)
{
    *why = sentence;
    return false;
}

/* ---- states ---- */

/* Two instructions that were found to start from the same state: most commands of one RUN are in
 * one RUN again, and what is before them in the environment need not be compared again. */
struct pairing {
    const struct instr *a, *b;
};

/* One comparison of all stages. */
struct comparison {
    struct gate_model *before, *after;
    struct pairing known;
    struct str *why;
};

static const struct env *env_of(const struct instr *i)
{
    return i ? i->before.env : NULL;
}

static const struct env *skip_names(const struct env *e, const struct strs *names)
{
    while (e && strs_have(names, e->name))
        e = e->before;
    return e;
}

static bool same_env(const struct env *a, const struct env *b, const struct strs *names,
                     const struct pairing *known)
{
    const struct env *equal_a = env_of(known->a), *equal_b = env_of(known->b);
    for (;; a = a->before, b = b->before) {
        if (a == equal_a && b == equal_b)
            return true;
        a = skip_names(a, names);
        b = skip_names(b, names);
        if (!a || !b)
            return a == b;
        if (a->kind != b->kind || !str_eq(a->name, b->name) || !str_eq(a->value, b->value))
            return false;
    }
}

/* Each flag of `a` is one of `b`, or may go. */
static bool keeps_flags(const struct df_words *a, const struct df_words *b,
                        const struct strs *optional)
{
    for (size_t i = 0; i < a->n; i++) {
        bool found = strs_have(optional, a->at[i].text);
        for (size_t k = 0; k < b->n; k++)
            found = found || str_eq(a->at[i].text, b->at[k].text);
        if (!found)
            return false;
    }
    return true;
}

static bool same_flags(const struct instr *a, const struct instr *b, const struct strs *optional)
{
    if (!optional->n)
        return df_same_flags(a->ast, b->ast);
    return keeps_flags(&a->ast->flags, &b->ast->flags, optional) &&
           keeps_flags(&b->ast->flags, &a->ast->flags, optional);
}

static bool same_state(const struct gate_stage *stage, const struct instr *a, const struct instr *b,
                       const struct pairing *known)
{
    const struct state *s = &a->before, *t = &b->before;
    return state_same_shell(s->shell, t->shell) && str_eq(s->user, t->user) &&
           str_eq(s->workdir, t->workdir) && same_env(s->env, t->env, &stage->names, known);
}

/* ---- items ---- */

static bool same_text(const struct gate_item *before, const struct gate_item *after)
{
    return str_eq(before->text, after->text) ||
           (before->tidy.len && str_eq(before->tidy, after->text));
}

/* Without regard to the state. */
static bool same_meaning(const struct comparison *k, const struct gate_item *before,
                         const struct gate_item *after)
{
    if (before->kind != after->kind)
        return false;
    if (before->kind == GATE_COMMAND)
        return same_text(before, after);
    return normal_same(k->after->c->arena, before->by, after->by, k->before->c->file->escape);
}

/* A command, COPY, ADD or VOLUME, with what it starts from. */
static bool same_item(struct comparison *k, const struct gate_stage *stage,
                      const struct gate_item *before, const struct gate_item *after)
{
    const struct instr *a = before->by, *b = after->by;
    if (!same_meaning(k, before, after))
        return false;
    if (a == k->known.a && b == k->known.b)
        return true;
    if (!same_state(stage, a, b, &k->known) ||
        (before->kind == GATE_COMMAND && !same_flags(a, b, &stage->flags)))
        return false;
    k->known = (struct pairing){a, b};
    return true;
}

static void remove_added(struct gate_stage *stage, size_t at)
{
    stage->added.at[at] = *vec_last(&stage->added);
    stage->added.n--;
}

static bool was_added(const struct comparison *k, struct gate_stage *stage,
                      const struct gate_item *after)
{
    for (size_t i = 0; i < stage->added.n; i++) {
        if (!same_meaning(k, &stage->added.at[i], after))
            continue;
        remove_added(stage, i);
        return true;
    }
    return false;
}

static bool fail_item(struct comparison *k, const char *format, const struct gate_item *item)
{
    return fail(k->why, str_printf(k->after->c->arena, format, STR(str_trim(item->text))));
}

/* Every expected item is there, in order; what else is there was declared. */
static bool same_items(struct comparison *k, struct gate_stage *stage,
                       const struct gate_items *before, const struct gate_items *after)
{
    size_t next = 0;
    bool settings = before == &stage->settings;
    for (size_t i = 0; i < after->n; i++) {
        const struct gate_item *a = &after->at[i];
        const struct gate_item *b = next < before->n ? &before->at[next] : NULL;
        if (b && (settings ? same_meaning(k, b, a) : same_item(k, stage, b, a)))
            next++;
        else if (!was_added(k, stage, a))
            return b ? fail_item(k, "this is lost, or stands or runs in another state: %.*s", b)
                     : fail_item(k, "this was not declared: %.*s", a);
    }
    return next == before->n || fail_item(k, "this is lost: %.*s", &before->at[next]);
}

static bool same_stage(struct comparison *k, struct gate_stage *before,
                       const struct gate_stage *after)
{
    if ((before->from.by || after->from.by) && !same_meaning(k, &before->from, &after->from))
        return fail_item(k, "another stage begins here: %.*s", &after->from);
    if (!same_items(k, before, &before->files, &after->files) ||
        !same_items(k, before, &before->settings, &after->settings))
        return false;
    return !before->added.n ||
           fail_item(k, "this was declared, and is not there: %.*s", &before->added.at[0]);
}

static bool same_stages(struct comparison *k)
{
    if (k->before->stages.n != k->after->stages.n ||
        k->before->c->file->escape != k->after->c->file->escape)
        return fail(k->why, LIT("the number of stages differs"));
    for (size_t i = 0; i < k->before->stages.n; i++)
        if (!same_stage(k, &k->before->stages.at[i], &k->after->stages.at[i]))
            return false;
    return same_stage(k, &k->before->outside, &k->after->outside);
}

/* Most results hold the commands as they were: what an option may have been added to is asked when
 * they do not. */
static bool same_as_declared(struct compile *before, struct compile *after,
                             const struct journal *done, struct str *why)
{
    for (int tidy = 0; tidy < 2; tidy++) {
        struct gate_model expected = gate_model_of(before, tidy),
                          found = gate_model_of(after, false);
        for (size_t i = 0; done && i < done->n; i++)
            if (done->at[i].kind == REWRITE_DECLARE)
                gate_expect(&expected, done->at[i].change);
        struct comparison k = {&expected, &found, {0}, why};
        if (same_stages(&k)) {
            *why = (struct str){0};
            return true;
        }
    }
    return false;
}

/* ---- image config ---- */

static const struct stage *stage_of_target(struct compile *c, const struct str *target)
{
    if (!target)
        return c->file->last_stage;
    return map_get(&c->file->named, str_lower(c->arena, *target));
}

/* Names of variables that a new instruction may set. */
static struct strs declared_names(struct compile *c, const struct journal *done)
{
    struct strs names = {0};
    for (size_t i = 0; done && i < done->n; i++)
        if (done->at[i].kind == REWRITE_DECLARE && done->at[i].change->kind == CHANGE_ENV)
            vec_add(c->arena, &names, done->at[i].change->after);
    return names;
}

static bool same_target(struct compile *before, struct compile *after, const struct str *target,
                        const struct journal *done, struct str *why)
{
    const struct stage *a = stage_of_target(before, target), *b = stage_of_target(after, target);
    struct str what = LIT("stage");
    if (!a)
        return true; /* built by number, or not of this file */
    struct strs extra = declared_names(after, done);
    if (b) {
        struct image was = image_of(before, a), is = image_of(after, b);
        if (image_same(&was, &is, &extra, &what))
            return true;
    }
    return fail(why,
                str_printf(after->arena, "the image's configuration differs: %.*s", STR(what)));
}

static bool same_images(struct compile *before, struct compile *after, const struct journal *done,
                        struct str *why)
{
    const struct strs *targets = &before->opt->targets;
    for (size_t i = 0; i < targets->n; i++)
        if (!same_target(before, after, &targets->at[i], done, why))
            return false;
    return targets->n || same_target(before, after, NULL, done, why);
}

/* ---- shell texts and comments ---- */

static size_t count_opaque(struct compile *c)
{
    size_t n = 0;
    for (struct instr *i = c->file->first; i; i = i->next)
        if (!instr_script(c, i) && i->script_text.text.len)
            n++;
    return n;
}

struct count {
    size_t n;
};

static void count_comment(struct compile *c, struct map *counts, struct str comment)
{
    struct count *count = map_get(counts, comment);
    if (!count) {
        count = arena_alloc(c->arena, sizeof *count);
        map_put(counts, comment, count);
    }
    count->n++;
}

/* Lines that are comments; `bytes` hold no here-document. */
static void count_lines(struct compile *c, struct map *counts, struct str bytes)
{
    while (bytes.len) {
        size_t end = str_find(bytes, '\n');
        struct str line = str_trim(str_slice(bytes, 0, end));
        if (str_starts(line, LIT("#")))
            count_comment(c, counts, line);
        bytes = str_slice(bytes, end + 1, bytes.len);
    }
}

/* A text of one line may end in a shell comment; comment lines inside continuations are counted as
 * lines. */
static void count_instr(struct compile *c, struct map *counts, struct instr *i)
{
    count_lines(c, counts, i->lead);
    if (i->ast->heredocs.n)
        return;
    count_lines(c, counts, i->text);
    const struct sh_script *script = instr_script(c, i);
    for (size_t k = 0; script && k < script->comments.n; k++)
        count_comment(c, counts, str_trim(str_span(script->text, script->comments.at[k].span)));
}

static struct map count_comments(struct compile *c)
{
    struct map counts = {.arena = c->arena};
    for (struct instr *i = c->file->first; i; i = i->next)
        count_instr(c, &counts, i);
    count_lines(c, &counts, c->file->tail);
    return counts;
}

static bool keeps_comments(struct compile *before, struct compile *after, struct str *lost)
{
    struct map had = count_comments(before), has = count_comments(after);
    struct map_cursor cursor = {0};
    while (map_next(&had, &cursor)) {
        const struct count *wanted = cursor.value, *found = map_get(&has, cursor.key);
        *lost = cursor.key;
        if (!found || found->n < wanted->n)
            return false;
    }
    return true;
}

bool gate_compare(struct compile *before, struct compile *after, const struct journal *done,
                  struct str *why)
{
    struct str lost;
    if (!same_as_declared(before, after, done, why) || !same_images(before, after, done, why))
        return false;
    if (count_opaque(after) > count_opaque(before))
        return fail(why, LIT("a shell text no longer parses"));
    if (!keeps_comments(before, after, &lost))
        return fail(why, str_printf(after->arena, "this comment is lost: %.*s", STR(lost)));
    return true;
}
