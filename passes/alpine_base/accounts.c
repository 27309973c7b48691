/* Commands that make accounts: the same name, number, home and shell by busybox's command. */
#include "ir/command.h"
#include "passes/alpine_base/alpine.h"

struct port {
    struct alpine_question *q;
    const struct used_step *s;
    const struct invocation *run;
    const struct ported_command *row;
    struct buf text;
};

static bool refuse_account(struct port *p, struct str detail)
{
    return alpine_refuse(p->q, ALPINE_NEW_ACCOUNT, p->s->at, detail);
}

static bool is_given(const struct invocation *run, const struct str *names, size_t n)
{
    for (size_t i = 0; i < run->options.n; i++)
        for (size_t k = 0; k < n; k++)
            if (str_eq(run->options.at[i].name, names[k]))
                return true;
    return false;
}

static const struct ported_option *option_of(const struct ported_command *row, struct str name)
{
    for (size_t i = 0; i < row->n_options; i++)
        for (size_t k = 0; k < row->options[i].n_names; k++)
            if (str_eq(row->options[i].names[k], name))
                return &row->options[i];
    return NULL;
}

/* ---- values ---- */

/* Distributions give out numbers below 1000 and above 59999 themselves. */
static bool is_free_number(struct str s)
{
    return str_is_number(s) && s.len >= 4 && s.len <= 5 && (s.len == 4 || s.at[0] < '6') &&
           s.at[0] != '0';
}

static bool add_shell(struct port *p, struct str path)
{
    const struct interpreter *row = catalog_interpreter(p->q->c->catalog, path);
    if (!row || (row->package.len && !alpine_need(p->q, row->package)))
        return refuse_account(p, path);
    buf_printf(&p->text, " %.*s", STR(row->alpine.len ? row->alpine : path));
    return true;
}

/* As it is written, where that is a word of its own. */
static bool add_value(struct port *p, const struct ported_option *to,
                      const struct invocation_option *o)
{
    struct str text, script = p->s->at->script_text.text;
    bool told = o->known && o->value.len;
    if ((to->number && !(told && is_free_number(o->value))) ||
        (to->named && (!told || str_is_number(o->value))))
        return refuse_account(p, o->name);
    if (to->shell)
        return told ? add_shell(p, o->value) : refuse_account(p, o->name);
    if (!o->at || !o->value_at)
        return refuse_account(p, o->name);
    if (o->value_at != o->at)
        text = str_span(script, o->value_at->span);
    else if (o->known && sh_word_literal(p->q->c->arena, o->at, &text))
        text = sh_quote(p->q->c->arena, o->value);
    else
        return refuse_account(p, o->name);
    buf_printf(&p->text, " %.*s", STR(text));
    return true;
}

/* ---- the command ---- */

static bool add_option(struct port *p, const struct invocation_option *o)
{
    const struct ported_option *to = option_of(p->row, o->name);
    bool value = o->value_at || o->value.len;
    bool alone = to && to->n_with && !is_given(p->run, to->with, to->n_with);
    if (!to || alone)
        return refuse_account(p, o->name);
    if (to->becomes.len)
        buf_printf(&p->text, " %.*s", STR(to->becomes));
    return !value || add_value(p, to, o);
}

static bool add_defaults(struct port *p)
{
    for (size_t i = 0; i < p->row->n_otherwise; i++) {
        const struct ported_default *d = &p->row->otherwise[i];
        if (is_given(p->run, d->without, d->n_without))
            continue;
        if (d->package.len && !alpine_need(p->q, d->package))
            return refuse_account(p, d->add);
        buf_printf(&p->text, " %.*s", STR(d->add));
    }
    return true;
}

/* A name that no image of Alpine has an account for. */
static bool add_name(struct port *p)
{
    const struct tree_list *taken = catalog_trees(p->q->c->catalog, LIT("alpine-accounts"));
    struct str name = p->run->words.n == 1 ? p->run->words.at[0] : (struct str){0};
    if (!name.at || !name.len || !p->run->places.at[0])
        return refuse_account(p, name);
    for (size_t i = 0; taken && i < taken->n_paths; i++)
        if (str_eq(taken->paths[i], name))
            return refuse_account(p, name);
    buf_printf(&p->text, " %.*s",
               STR(str_span(p->s->at->script_text.text, p->run->places.at[0]->span)));
    return true;
}

bool alpine_port_account(struct alpine_question *q, const struct used_step *s,
                         struct alpine_command *out)
{
    struct port p = {q, s, &s->step.runs.at[0], NULL, {.arena = q->c->arena}};
    p.row = catalog_port(q->c->catalog, p.run->name);
    if (p.row->n_asks && !is_given(p.run, p.row->asks, p.row->n_asks))
        return refuse_account(&p, p.run->name);
    buf_add(&p.text, p.row->becomes);
    for (size_t i = 0; i < p.run->options.n; i++)
        if (!add_option(&p, &p.run->options.at[i]))
            return false;
    if (!add_defaults(&p) || !add_name(&p))
        return false;
    struct edit edit = {out->command->span, buf_str(&p.text)};
    vec_add(q->c->arena, &out->edits, edit);
    return true;
}
