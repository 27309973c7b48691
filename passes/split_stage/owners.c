/* Who owns what goes over: COPY --from makes everything root's again. */
#include "ir/copy.h"
#include "passes/split_stage/split.h"

/* What is known of the owner of one path, up to some instruction. */
struct ownership {
    struct str path;
    bool tree;        /* there are files below it */
    bool set, mixed;  /* it has an owner; it has several */
    struct str owner; /* empty: root */
};

static struct str as_owner(struct str user)
{
    bool root = str_eq(user, LIT("root")) || str_eq(user, LIT("0")) || str_eq(user, LIT("0:0")) ||
                str_eq(user, LIT("root:root"));
    return root ? (struct str){0} : user;
}

/* Files are written at `written`, with this owner; those that are there keep theirs. */
static void write_at(struct ownership *o, struct str written, struct str owner)
{
    bool inside = split_is_below(written, o->path);
    if (!inside && !split_is_below(o->path, written))
        return;
    o->tree |= inside && !str_eq(written, o->path);
    bool replaces = !o->tree && str_eq(written, o->path);
    if (o->set && !replaces && !str_eq(o->owner, owner))
        o->mixed = true;
    o->owner = owner;
    o->set = true;
}

/* chown: all that is below `target` (or that alone) gets the owner. */
static void own_at(struct ownership *o, struct str target, bool whole, struct str owner)
{
    if (split_is_below(o->path, target) && (whole || str_eq(o->path, target))) {
        o->mixed = o->mixed && !whole;
        o->owner = owner;
        o->set = true;
    } else if (split_is_below(target, o->path)) {
        o->mixed |= o->set && !str_eq(o->owner, owner);
    }
}

/* Where it is known which files are copied, these; else all below the target. */
static void copy_files(struct compile *c, const struct split_plan *p, struct ownership *o,
                       const struct instr *i)
{
    struct copy copy = copy_read(c, i);
    struct effects fx = copy_effects(c, i);
    struct str owner = copy.has_chown ? as_owner(copy.chown) : (struct str){0};
    struct str from;
    bool known =
        p->project.complete && i->ast->kind == DF_COPY && !df_flag(i->ast, LIT("from"), &from);
    for (size_t k = 0; known && k < p->project.entries.n; k++)
        if (p->project.entries.at[k].by == i)
            write_at(o, p->project.entries.at[k].path, owner);
    for (size_t k = 0; !known && k < fx.writes.items.n; k++)
        write_at(o, fx.writes.items.at[k], owner);
}

static bool is_recursive(const struct invocation *run)
{
    for (size_t i = 0; i < run->options.n; i++)
        if (run->options.at[i].does & DOES(RECURSIVE))
            return true;
    return false;
}

/* What `chown` leaves: `user:` names the user's own group, `user` keeps the group, which is root's
 * of what root wrote. */
static struct str changed_owner(struct compile *c, const struct ownership *o, struct str word)
{
    size_t colon = str_find(word, ':');
    if (colon + 1 == word.len)
        return str_slice(word, 0, colon);
    if (colon < word.len || str_find(word, '.') < word.len)
        return as_owner(word);
    size_t end = str_find(o->owner, ':');
    if (!o->owner.len)
        return as_owner(word).len ? str_concat(c->arena, word, LIT(":root")) : as_owner(word);
    if (str_eq(str_slice(o->owner, 0, end), word))
        return o->owner;
    return end == o->owner.len ? LIT("?")
                               : str_concat(c->arena, word, str_slice(o->owner, end, o->owner.len));
}

/* An owner that is one is a tree's whole: of directories that are made nothing is said here. */
static void take_step(struct compile *c, struct ownership *o, const struct split_step *s,
                      struct str user)
{
    const struct invocation *run = s->step->runs.n ? vec_last(&s->step->runs) : NULL;
    const struct effects *fx = &s->step->effects;
    enum use use = run && run->row ? run->row->usage.operands : USE_UNKNOWN;
    bool tells = use == USE_OWNER && run->words.n && run->words.at[0].at;
    for (size_t i = 0; use == USE_OWNER && i < fx->writes.items.n; i++) {
        own_at(o, fx->writes.items.at[i], is_recursive(run),
               tells ? changed_owner(c, o, run->words.at[0]) : LIT("?"));
    }
    for (size_t i = 0; use == USE_SETTING && i < fx->writes.items.n; i++)
        own_at(o, fx->writes.items.at[i], is_recursive(run), LIT("?"));
    for (size_t i = 0;
         use != USE_OWNER && use != USE_MODE && use != USE_SETTING && i < fx->writes.items.n; i++) {
        bool made = !s->step->effects.reads.items.n && !str_eq(fx->writes.items.at[i], o->path);
        if (s->role == STEP_FILES && !made)
            write_at(o, fx->writes.items.at[i], as_owner(user));
    }
    for (size_t i = 0; i < s->built.artifacts.n; i++)
        write_at(o, s->built.artifacts.at[i], as_owner(user));
    if (s->role == STEP_BUILD && s->built.whole)
        write_at(o, run->workdir, as_owner(user));
}

bool split_owner(struct compile *c, const struct split_plan *p, const struct carry *what,
                 struct str *owner)
{
    struct ownership o = {.path = what->path, .tree = what->whole};
    for (size_t i = 0; i < p->n_build; i++) {
        const struct split_instr *in = &p->instrs.at[i];
        if (in->i->ast->kind == DF_COPY || in->i->ast->kind == DF_ADD)
            copy_files(c, p, &o, in->i);
        for (size_t k = 0; k < in->steps.n; k++)
            take_step(c, &o, &in->steps.at[k], in->i->before.user);
    }
    *owner = o.owner;
    return !o.mixed && !str_eq(o.owner, LIT("?")) && df_flag_takes(o.owner);
}
