/* Simple commands: what their words, redirections and assignments do, before what is run. */
#include "ir/command_walk.h"

/* ---- words: what their substitutions run ---- */

static bool assigns_arithmetic(struct str text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        char c = text.at[i], next = text.at[i + 1];
        if ((c == '+' && next == '+') || (c == '-' && next == '-'))
            return true;
        bool compares = i > 0 && (text.at[i - 1] == '<' || text.at[i - 1] == '>') &&
                        !(i > 1 && text.at[i - 2] == text.at[i - 1]);
        if (c == '=' && next != '=' && !compares &&
            !(i && (text.at[i - 1] == '=' || text.at[i - 1] == '!')))
            return true;
    }
    return false;
}

static void walk_word(struct walk *w, const struct sh_word *word);

void command_forget_variable(struct walk *w, struct str name)
{
    w->now.env = env_bind(w->c->arena, w->now.env, (struct env){.name = name, .kind = ENV_OPAQUE});
}

static void walk_parameter(struct walk *w, const struct sh_part *p)
{
    for (size_t i = 0; i < p->operands.n; i++)
        walk_word(w, p->operands.at[i]);
    if (!str_eq(p->op, LIT(":=")) && !str_eq(p->op, LIT("=")))
        return;
    w->out.flags |= FX_STATE;
    command_forget_variable(w, p->name);
}

/* An assignment inside arithmetic changes names that we do not look for. */
void command_walk_arithmetic(struct walk *w, struct str text)
{
    if (!assigns_arithmetic(text))
        return;
    w->out.flags |= FX_STATE;
    w->now.env = NULL;
}

static void walk_part(struct walk *w, const struct sh_part *p)
{
    switch (p->kind) {
    case SH_LITERAL:
    case SH_SQUOTE:
    case SH_DOLSQUOTE:
        return;
    case SH_DQUOTE:
        walk_word(w, p->inner);
        return;
    case SH_PARAM:
        walk_parameter(w, p);
        return;
    case SH_ARITH:
        walk_word(w, p->inner);
        command_walk_arithmetic(w, p->text);
        return;
    case SH_CMDSUB:
    case SH_PROCSUB:
        w->elsewhere++;
        command_walk_in_subshell(w, p->list);
        w->elsewhere--;
        w->out.flags |= p->kind == SH_PROCSUB ? FX_JOB : 0;
        return;
    }
}

static void walk_word(struct walk *w, const struct sh_word *word)
{
    for (size_t i = 0; word && i < word->parts.n; i++)
        walk_part(w, &word->parts.at[i]);
}

void command_walk_words(struct walk *w, const struct sh_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        walk_word(w, words->at[i]);
}

struct word_reader command_word_reader(const struct walk *w)
{
    return (struct word_reader){.arena = w->c->arena,
                                .env = w->now.env,
                                .braces = w->before->shell_kind == SHELL_BASH,
                                .cwd = w->now.cwd,
                                .home = w->home};
}

/* ---- redirections and assignments ---- */

static bool is_descriptor(const struct value *v)
{
    if (v->unknown || v->text.len == 0)
        return v->text.len == 0;
    for (size_t i = 0; i < v->text.len; i++)
        if ((v->text.at[i] < '0' || v->text.at[i] > '9') && v->text.at[i] != '-')
            return false;
    return true;
}

static void redirect(struct walk *w, const struct sh_redirect *r)
{
    walk_word(w, r->body);
    if (r->kind == SH_HEREDOC || r->kind == SH_HEREDOC_TABS)
        return;
    walk_word(w, r->target);
    struct word_reader reader = command_word_reader(w);
    struct value target = word_value(&reader, r->target);
    bool duplicates = r->kind == SH_DUP_IN || r->kind == SH_DUP_OUT;
    if (r->kind == SH_HERESTRING || (duplicates && is_descriptor(&target)))
        return;
    if (r->kind == SH_IN || r->kind == SH_INOUT || r->kind == SH_DUP_IN)
        command_add_path(w, &w->out.reads, w->now.cwd, &target);
    if (r->kind != SH_IN && r->kind != SH_DUP_IN)
        command_add_write(w, w->now.cwd, &target);
}

void command_redirect(struct walk *w, const struct sh_command *command)
{
    for (size_t i = 0; i < command->redirects.n; i++)
        redirect(w, &command->redirects.at[i]);
}

static void bind(struct walk *w, const struct sh_assign *assign)
{
    struct word_reader reader = command_word_reader(w);
    struct value value = word_value(&reader, assign->value);
    bool known = !assign->append && !assign->array && !assign->indexed && !value.unknown;
    struct env binding = {
        .name = assign->name, .value = value.text, .kind = known ? ENV_SET : ENV_OPAQUE};
    w->now.env = env_bind(w->c->arena, w->now.env, binding);
}

static bool assigns_path(const struct sh_command *command)
{
    for (size_t i = 0; i < command->assigns.n; i++)
        if (str_eq(command->assigns.at[i].name, LIT("PATH")))
            return true;
    return false;
}

static void walk_assigns(struct walk *w, const struct sh_command *command)
{
    for (size_t i = 0; i < command->assigns.n; i++) {
        walk_word(w, command->assigns.at[i].value);
        command_walk_words(w, &command->assigns.at[i].elements);
    }
}

static void bind_all(struct walk *w, const struct sh_command *command)
{
    for (size_t i = 0; i < command->assigns.n; i++)
        bind(w, &command->assigns.at[i]);
}

/* ---- simple commands ---- */

static bool is_special_builtin(const struct walk *w, struct str name)
{
    const struct command *row = catalog_command(w->c->catalog, name);
    return row && (row->usage.does & DOES(SPECIAL));
}

struct values command_fields(const struct walk *w, const struct sh_words *words)
{
    struct word_reader reader = command_word_reader(w);
    struct values fields = {0};
    for (size_t i = 0; i < words->n; i++) {
        size_t before = fields.n;
        word_fields(&reader, words->at[i], &fields);
        if (fields.n == before + 1)
            fields.at[before].word = words->at[i];
    }
    return fields;
}

/* Assignments before a command are for it alone, unless there is none or it is a special builtin
 * (XCU 2.9.1, 2.14). */
void command_walk_simple(struct walk *w, const struct sh_command *command)
{
    command_walk_words(w, &command->words);
    walk_assigns(w, command);
    struct values fields = command_fields(w, &command->words);
    bool stay = fields.n == 0 || is_special_builtin(w, fields.at[0].text);
    const struct env *outer = w->now.env;
    bind_all(w, command);
    const struct env *inner = w->now.env;
    if (stay && command->assigns.n)
        w->out.flags |= FX_STATE | (assigns_path(command) ? FX_PATH : 0);
    if (fields.n)
        command_run(w, fields, command);
    if (!stay && w->now.env == inner)
        w->now.env = outer;
}
