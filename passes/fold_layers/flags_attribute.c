/* What the files get: the owner or the mode that the command gives, as a flag of COPY. */
#include "ir/context.h"
#include "ir/mode.h"
#include "passes/fold_layers/flags.h"

/* `user:group`; the older `user.group` is another's spelling of it. */
static bool read_owner(const struct flags_search *s, struct str *user, struct str *group)
{
    struct str value = s->plan->by->value;
    size_t at = str_find(value, ':');
    if (at == value.len)
        at = str_find(value, '.');
    *user = str_slice(value, 0, at);
    *group = str_slice(value, at + 1, value.len);
    bool open = at < value.len && !group->len; /* `user:`: the login group */
    return user->len && !open && str_find(*group, '.') == group->len;
}

static bool is_zero(struct str name)
{
    return str_eq(name, LIT("root")) || str_eq(name, LIT("0"));
}

static bool is_literal(struct compile *c, const struct sh_word *word)
{
    struct str text;
    return sh_word_literal(c->arena, word, &text);
}

/* Rules 2 and 6, first half. */
bool flags_owner(struct flags_search *s)
{
    struct str user, group;
    if (!is_literal(s->c, s->plan->by->value_word) || !read_owner(s, &user, &group))
        return refuse(s->why, &flags_rules[FLAGS_NOT_TOLD], s->run);
    s->plan->names = (!str_is_number(user) && !is_zero(user)) ||
                     (group.len && !str_is_number(group) && !is_zero(group));
    if (!group.len)
        group = str_is_number(user) ? LIT("0") : LIT("root");
    s->plan->flag = str_printf(s->c->arena, "--chown=%.*s:%.*s", STR(user), STR(group));
    return true;
}

bool flags_has_group(const struct flags_search *s)
{
    struct str user, group;
    return read_owner(s, &user, &group) && group.len;
}

bool flags_mode(struct flags_search *s)
{
    unsigned mode;
    struct flags_plan *p = s->plan;
    if (!is_literal(s->c, p->by->value_word))
        return refuse(s->why, &flags_rules[FLAGS_NOT_TOLD], s->run);
    if (!mode_octal(p->by->value, &mode))
        return !p->by->recursive || refuse(s->why, &flags_rules[FLAGS_MODE_UNKNOWN], s->run);
    p->mode = mode;
    p->flag = str_printf(s->c->arena, "--chmod=%.*s", STR(p->by->value));
    return true;
}

/* The mode that a copied file has. Group and others may write it where a check-out was made so:
 * elsewhere it is another. */
static bool old_mode(struct compile *c, const struct copy_source *source, unsigned *mode)
{
    struct context_entry entry = context_raw(c, source->path);
    switch (source->origin) {
    case COPY_URL:
        *mode = 0600;
        return true;
    case COPY_DOCUMENT:
        *mode = 0644;
        return true;
    case COPY_CONTEXT:
        *mode = entry.mode & 07777;
        return entry.kind == CONTEXT_FILE && !(entry.mode & 022);
    case COPY_FROM:
    case COPY_GIT:
    case COPY_UNKNOWN:
        return false;
    }
    return false;
}

/* Rule 7: all files get the same. */
bool flags_join_mode(struct flags_search *s, const struct copy_source *source)
{
    unsigned old, mode;
    struct flags_plan *p = s->plan;
    if (p->by->use != FILES_MODE || mode_octal(p->by->value, &mode))
        return true;
    if (!old_mode(s->c, source, &old) || !mode_of_file(p->by->value, old, &mode) ||
        (p->flag.len && p->mode != mode))
        return refuse(s->why, &flags_rules[FLAGS_MODE_UNKNOWN], s->run);
    p->mode = mode;
    p->flag = str_printf(s->c->arena, "--chmod=%o", mode);
    return true;
}
