#include "ir/command.h"

#include "ir/command_walk.h"

/* MAX_ROUNDS bounds the whole walk: functions that call each other would make it exponential. */
enum { MAX_DEPTH = 12, MAX_WORDS = 8, MAX_ROUNDS = 400 };

/* Bits that a subshell keeps to itself. */
static const unsigned contained = FX_CD | FX_STATE | FX_EXIT | FX_ERREXIT | FX_OPTIONS | FX_NOGLOB |
                                  FX_ALIAS | FX_FUNCTION | FX_PATH;

/* ---- branches ---- */

static struct set copy_set(struct arena *a, const struct set *s)
{
    struct set copy = {.unknown = s->unknown};
    set_merge(a, &copy, s);
    return copy;
}

/* Sets are changed in place; a branch needs its own. */
static struct track copy_track(struct arena *a, const struct track *t)
{
    return (struct track){.lists = copy_set(a, &t->lists),
                          .caches = copy_set(a, &t->caches),
                          .fetched = copy_set(a, &t->fetched),
                          .drops_lists = copy_set(a, &t->drops_lists),
                          .drops_caches = copy_set(a, &t->drops_caches),
                          .env = t->env,
                          .cwd = t->cwd};
}

static void keep_common(struct set *to, const struct set *other)
{
    size_t kept = 0;
    for (size_t i = 0; i < to->items.n; i++)
        if (strs_have(&other->items, to->items.at[i]))
            to->items.at[kept++] = to->items.at[i];
    to->items.n = kept;
    to->unknown |= other->unknown;
}

static bool is_bound_in(const struct env *env, const struct env *end, struct str name)
{
    for (; env && env != end; env = env->before)
        if (str_eq(env->name, name))
            return true;
    return false;
}

/* Where two chains have grown from `base`, the names that either has bound can no longer be told.
 */
static const struct env *forget_new(struct arena *a, const struct env *to, const struct env *from,
                                    const struct env *base)
{
    for (const struct env *e = from; e && e != base; e = e->before)
        if (!is_bound_in(from, e, e->name))
            to = env_bind(a, to, (struct env){.name = e->name, .kind = ENV_OPAQUE});
    return to;
}

static bool chain_has(const struct env *env, const struct env *link)
{
    for (; env; env = env->before)
        if (env == link)
            return true;
    return link == NULL;
}

/* The environment after one way or the other, both of which started at `base`. A way that has
 * forgotten everything leaves nothing known. */
static const struct env *merge_env(struct arena *a, const struct env *one, const struct env *other,
                                   const struct env *base)
{
    if (one == other)
        return one;
    if (!chain_has(one, base) || !chain_has(other, base))
        return NULL;
    const struct env *merged = forget_new(a, base, one, base);
    return forget_new(a, merged, other, base);
}

/* After a branch: what either way leaves is left; what only one way is sure of is not sure. */
static struct track merge_tracks(struct walk *w, const struct track *one, const struct track *other,
                                 const struct env *base)
{
    struct arena *a = w->c->arena;
    struct track merged = copy_track(a, one);
    set_merge(a, &merged.lists, &other->lists);
    set_merge(a, &merged.caches, &other->caches);
    keep_common(&merged.fetched, &other->fetched);
    keep_common(&merged.drops_lists, &other->drops_lists);
    keep_common(&merged.drops_caches, &other->drops_caches);
    merged.env = merge_env(a, one->env, other->env, base);
    if (!str_eq(one->cwd, other->cwd))
        merged.cwd = LIT("");
    return merged;
}

/* ---- subshells ---- */

struct shell_state {
    const struct env *env;
    struct str cwd, home;
    unsigned flags;
};

static struct shell_state enter_subshell(struct walk *w)
{
    struct shell_state s = {w->now.env, w->now.cwd, w->home, w->out.flags};
    w->out.flags = 0;
    return s;
}

static void leave_subshell(struct walk *w, const struct shell_state *s)
{
    w->now.env = s->env;
    w->now.cwd = s->cwd;
    w->home = s->home;
    w->out.flags = s->flags | (w->out.flags & ~contained);
}

static void walk_in_subshell(struct walk *w, const struct sh_list *list)
{
    struct shell_state outer = enter_subshell(w);
    command_walk_list(w, list);
    leave_subshell(w, &outer);
}

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

static void forget_variable(struct walk *w, struct str name)
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
    forget_variable(w, p->name);
}

/* An assignment inside arithmetic changes names that we do not look for. */
static void walk_arithmetic(struct walk *w, struct str text)
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
        walk_arithmetic(w, p->text);
        return;
    case SH_CMDSUB:
    case SH_PROCSUB:
        walk_in_subshell(w, p->list);
        return;
    }
}

static void walk_word(struct walk *w, const struct sh_word *word)
{
    for (size_t i = 0; word && i < word->parts.n; i++)
        walk_part(w, &word->parts.at[i]);
}

static void walk_words(struct walk *w, const struct sh_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        walk_word(w, words->at[i]);
}

struct word_reader command_word_reader(const struct walk *w)
{
    return (struct word_reader){w->c->arena, w->now.env, w->now.cwd, w->home};
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

static void redirect_all(struct walk *w, const struct sh_command *command)
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
        walk_words(w, &command->assigns.at[i].elements);
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
    return row && (row->usage.does & DOES_SPECIAL);
}

static struct values fields_of(const struct walk *w, const struct sh_words *words)
{
    struct word_reader reader = command_word_reader(w);
    struct values fields = {0};
    for (size_t i = 0; i < words->n; i++)
        word_fields(&reader, words->at[i], &fields);
    return fields;
}

/* Assignments before a command are for it alone, unless there is none or it is a special builtin
 * (XCU 2.9.1, 2.14). */
static void walk_simple(struct walk *w, const struct sh_command *command)
{
    walk_words(w, &command->words);
    walk_assigns(w, command);
    struct values fields = fields_of(w, &command->words);
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

/* ---- compound commands ---- */

/* One more body is walked again; false when that is enough. */
static bool may_repeat(struct walk *w)
{
    return w->depth < MAX_DEPTH && w->rounds++ < MAX_ROUNDS;
}

/* Walks what may not run at all. */
static void walk_possibly(struct walk *w, const struct sh_list *list)
{
    struct track without = copy_track(w->c->arena, &w->now);
    command_walk_list(w, list);
    w->now = merge_tracks(w, &w->now, &without, without.env);
}

/* A body that runs any number of times: what it binds cannot be told in its later rounds. */
static void walk_loop(struct walk *w, const struct sh_list *cond, const struct sh_list *body)
{
    const struct env *env = w->now.env;
    struct str cwd = w->now.cwd;
    command_walk_list(w, cond);
    walk_possibly(w, body);
    if (w->now.env == env && str_eq(w->now.cwd, cwd))
        return;
    w->now.cwd = str_eq(w->now.cwd, cwd) ? cwd : LIT("");
    w->now.env = merge_env(w->c->arena, w->now.env, env, env);
    if (!may_repeat(w)) {
        command_sourced(w);
        return;
    }
    w->depth++;
    command_walk_list(w, cond);
    walk_possibly(w, body);
    w->depth--;
}

static bool all_known(const struct values *fields)
{
    for (size_t i = 0; i < fields->n; i++)
        if (fields->at[i].glob || fields->at[i].braced)
            return false;
    return fields->n > 0 && fields->n <= MAX_WORDS;
}

/* A short list of known words is walked once a word. */
static void walk_for(struct walk *w, const struct sh_command *command)
{
    w->out.flags |= FX_STATE;
    walk_words(w, &command->words);
    struct values fields = fields_of(w, &command->words);
    if (command->kind != SH_FOR || !command->has_in || !all_known(&fields) || w->depth >= 2 ||
        !may_repeat(w)) {
        forget_variable(w, command->name);
        walk_loop(w, NULL, command->body);
        return;
    }
    w->depth++;
    for (size_t i = 0; i < fields.n; i++) {
        struct env round = {.name = command->name, .value = fields.at[i].text, .kind = ENV_SET};
        w->now.env = env_bind(w->c->arena, w->now.env, round);
        command_walk_list(w, command->body);
    }
    w->depth--;
}

/* if arms[i] .. else: the ways through it meet at its end. */
static void walk_arms(struct walk *w, const struct sh_command *command, size_t i)
{
    if (i == command->arms.n) {
        command_walk_list(w, command->otherwise);
        return;
    }
    command_walk_list(w, command->arms.at[i].cond);
    struct track refused = copy_track(w->c->arena, &w->now);
    const struct env *base = w->now.env;
    command_walk_list(w, command->arms.at[i].body);
    struct track taken = w->now;
    w->now = refused;
    walk_arms(w, command, i + 1);
    w->now = merge_tracks(w, &taken, &w->now, base);
}

static bool matches_all(const struct sh_case_item *item)
{
    for (size_t i = 0; i < item->patterns.n; i++) {
        const struct sh_word *pattern = item->patterns.at[i];
        if (pattern->parts.n == 1 && pattern->parts.at[0].kind == SH_LITERAL &&
            str_eq(pattern->parts.at[0].text, LIT("*")))
            return true;
    }
    return false;
}

static void walk_case(struct walk *w, const struct sh_command *command)
{
    walk_words(w, &command->words);
    struct track start = copy_track(w->c->arena, &w->now), end = start;
    bool reached = false, covered = false;
    for (size_t i = 0; i < command->items.n; i++) {
        const struct sh_case_item *item = &command->items.at[i];
        w->now = copy_track(w->c->arena, &start);
        walk_words(w, &item->patterns);
        command_walk_list(w, item->body);
        end = reached ? merge_tracks(w, &end, &w->now, start.env) : w->now;
        reached = true;
        covered |= matches_all(item);
    }
    w->now = covered ? end : merge_tracks(w, &start, &end, start.env);
}

static void define_function(struct walk *w, const struct sh_command *command)
{
    w->out.flags |= FX_FUNCTION | FX_STATE;
    vec_add(w->c->arena, &w->functions, ((struct function){command->name, command->function}));
}

static void walk_command(struct walk *w, const struct sh_command *command);

/* What runs beside the script: its shell is another, and how far it gets is not known. */
static void walk_coprocess(struct walk *w, const struct sh_command *command)
{
    struct track without = copy_track(w->c->arena, &w->now);
    struct shell_state outer = enter_subshell(w);
    walk_command(w, command->function);
    leave_subshell(w, &outer);
    w->now = merge_tracks(w, &w->now, &without, without.env);
    w->out.flags |= FX_BACKGROUND | FX_STATE;
}

static void walk_by_kind(struct walk *w, const struct sh_command *command)
{
    switch (command->kind) {
    case SH_SIMPLE:
        walk_simple(w, command);
        return;
    case SH_BRACE:
        command_walk_list(w, command->body);
        return;
    case SH_SUBSHELL:
        walk_in_subshell(w, command->body);
        return;
    case SH_IF:
        walk_arms(w, command, 0);
        return;
    case SH_WHILE:
    case SH_UNTIL:
        walk_loop(w, command->cond, command->body);
        return;
    case SH_FOR:
    case SH_SELECT:
        walk_for(w, command);
        return;
    case SH_ARITH_FOR:
        walk_arithmetic(w, command->text);
        w->out.flags |= FX_STATE;
        walk_loop(w, NULL, command->body);
        return;
    case SH_CASE:
        walk_case(w, command);
        return;
    case SH_FUNCTION:
        define_function(w, command);
        return;
    case SH_TEST:
        walk_words(w, &command->words);
        w->asked = true;
        return;
    case SH_ARITH_CMD:
        walk_arithmetic(w, command->text);
        w->asked = true;
        return;
    case SH_COPROC:
        walk_coprocess(w, command);
        return;
    }
}

/* A group succeeds as its last command does; of other commands' parts nothing is said by success.
 */
static void walk_command(struct walk *w, const struct sh_command *command)
{
    bool decides = w->decides;
    w->asked = w->decides = false;
    redirect_all(w, command);
    w->decides = decides && (command->kind == SH_BRACE || command->kind == SH_SUBSHELL);
    walk_by_kind(w, command);
    w->decides = decides;
}

/* ---- pipelines and lists ---- */

/* Each element of a pipeline runs in a subshell (in dash, bash and busybox the last one too). */
static void walk_pipeline(struct walk *w, const struct sh_pipeline *p)
{
    if (p->commands.n == 1) {
        walk_command(w, p->commands.at[0]);
        w->asked |= p->bang;
        return;
    }
    w->decides = false;
    for (size_t i = 0; i < p->commands.n; i++) {
        struct shell_state outer = enter_subshell(w);
        walk_command(w, p->commands.at[i]);
        leave_subshell(w, &outer);
    }
    w->asked |= p->bang;
}

/* From which operand on all are joined by `&&`: where the list must succeed, these ran. */
static size_t first_needed(const struct sh_operands *operands)
{
    size_t first = operands->n;
    while (first > 1 && operands->at[first - 1].op == SH_AND)
        first--;
    return first;
}

/* `A && B`: B runs, unless A merely asks. `A || B`: B may run, and what follows it may not. */
static void walk_and_or(struct walk *w, const struct sh_and_or *and_or)
{
    const struct sh_operands *operands = &and_or->operands;
    bool decides = w->decides, possible = false;
    size_t needed = first_needed(operands);
    for (size_t i = 0; i < operands->n; i++) {
        const struct sh_operand *operand = &operands->at[i];
        possible |= operand->op == SH_OR || (operand->op == SH_AND && w->asked);
        w->decides = decides && i + 1 >= needed && !operand->pipeline->bang;
        if (!possible || (decides && i >= needed)) {
            walk_pipeline(w, operand->pipeline);
            continue;
        }
        struct track without = copy_track(w->c->arena, &w->now);
        walk_pipeline(w, operand->pipeline);
        w->now = merge_tracks(w, &w->now, &without, without.env);
    }
    w->decides = decides;
}

static void walk_background(struct walk *w, const struct sh_and_or *and_or)
{
    w->decides = false;
    struct track without = copy_track(w->c->arena, &w->now);
    struct shell_state outer = enter_subshell(w);
    walk_and_or(w, and_or);
    leave_subshell(w, &outer);
    w->now = merge_tracks(w, &w->now, &without, without.env);
    w->out.flags |= FX_BACKGROUND;
}

void command_walk_list(struct walk *w, const struct sh_list *list)
{
    bool decides = w->decides;
    for (size_t i = 0; list && i < list->items.n; i++) {
        const struct sh_item *item = &list->items.at[i];
        w->decides = decides && i + 1 == list->items.n;
        if (item->separator == SH_AMPERSAND)
            walk_background(w, item->and_or);
        else
            walk_and_or(w, item->and_or);
    }
    w->decides = decides;
}

/* ---- scripts in words, functions ---- */

static const struct sh_script *parse_value(struct walk *w, const struct value *text)
{
    if (text->unknown || !may_repeat(w))
        return NULL;
    enum sh_dialect dialect = w->before->shell_kind == SHELL_BASH ? SH_BASH : SH_POSIX;
    return sh_parse(w->c->arena, text->text, dialect, NULL);
}

void command_walk_script(struct walk *w, const struct value *text, bool subshell)
{
    const struct sh_script *script = parse_value(w, text);
    if (!script && subshell)
        command_hidden(w);
    else if (!script)
        command_sourced(w);
    if (!script)
        return;
    w->depth++;
    if (subshell)
        walk_in_subshell(w, script->list);
    else
        command_walk_list(w, script->list);
    w->depth--;
}

static const struct function *find_function(const struct walk *w, struct str name)
{
    for (size_t i = w->functions.n; i-- > 0;)
        if (str_eq(w->functions.at[i].name, name))
            return &w->functions.at[i];
    return NULL;
}

/* A function that bears a known command's name is there to fool somebody: nothing is known. */
static void call_function(struct walk *w, const struct function *f)
{
    bool shadows = catalog_command(w->c->catalog, f->name) != NULL;
    if (shadows || !may_repeat(w)) {
        command_sourced(w);
        return;
    }
    w->depth++;
    walk_command(w, f->body);
    w->depth--;
}

/* ---- commands by name ---- */

static struct str base_name(struct str path)
{
    size_t from = path.len;
    while (from && path.at[from - 1] != '/')
        from--;
    return str_slice(path, from, path.len);
}

/* A program in a directory of programs (/usr/bin, /opt/x/bin) is the one of that name. */
static bool is_program_path(struct str path)
{
    struct str dir = str_slice(path, 0, path.len - base_name(path).len);
    return str_starts(path, LIT("/")) &&
           (str_ends(dir, LIT("/bin/")) || str_ends(dir, LIT("/sbin/")));
}

static void run_path(struct walk *w, struct values words, const struct sh_command *from)
{
    const struct value *name = &words.at[0];
    bool known = !name->glob && is_program_path(name->text);
    const struct command *row =
        known ? catalog_command(w->c->catalog, base_name(name->text)) : NULL;
    command_add_path(w, &w->out.reads, w->now.cwd, name);
    if (!row) {
        command_hidden(w);
        return;
    }
    struct command_args args;
    struct values rest = {words.at + 1, words.n - 1, words.n - 1};
    command_args_read(w->c->arena, row, rest, &args);
    command_apply(w, &args, from);
}

static void run_name(struct walk *w, struct values words, const struct sh_command *from)
{
    struct str name = words.at[0].text;
    const struct function *function = find_function(w, name);
    if (function) {
        call_function(w, function);
        return;
    }
    const struct command *row = catalog_command(w->c->catalog, name);
    if (!row) {
        set_add(w->c->arena, &w->out.remembered, name);
        command_unknown(w);
        return;
    }
    struct command_args args;
    struct values rest = {words.at + 1, words.n - 1, words.n - 1};
    command_args_read(w->c->arena, row, rest, &args);
    command_apply(w, &args, from);
    if (!(row->usage.does & DOES_SYSTEM))
        set_add(w->c->arena, &w->out.remembered, name);
}

void command_run(struct walk *w, struct values words, const struct sh_command *from)
{
    const struct value *name = &words.at[0];
    bool is_path = str_find(name->text, '/') < name->text.len;
    if (name->glob && !is_path && !str_eq(name->text, LIT("["))) {
        command_sourced(w);
        return;
    }
    if (name->unknown)
        w->out.commands.unknown = true;
    else
        set_add(w->c->arena, &w->out.commands, name->text);
    if (is_path)
        run_path(w, words, from);
    else
        run_name(w, words, from);
}

/* ---- the whole ---- */

static struct walk start_walk(struct compile *c, const struct state *before)
{
    bool root = str_eq(before->user, LIT("root")) || str_eq(before->user, LIT("0"));
    return (struct walk){.c = c,
                         .before = before,
                         .now = {.env = before->env, .cwd = before->workdir},
                         .home = root ? LIT("/root") : LIT("~"),
                         .root_home = root || before->user.len == 0};
}

static struct effects end_walk(struct walk *w)
{
    struct effects e = w->out;
    struct arena *a = w->c->arena;
    set_merge(a, &e.lists, &w->now.lists);
    set_merge(a, &e.caches, &w->now.caches);
    set_merge(a, &e.drops_lists, &w->now.drops_lists);
    set_merge(a, &e.drops_caches, &w->now.drops_caches);
    return e;
}

struct effects command_effects_of_list(struct compile *c, const struct state *before,
                                       const struct sh_list *list)
{
    struct walk w = start_walk(c, before);
    w.decides = true;
    command_walk_list(&w, list);
    return end_walk(&w);
}

struct effects command_effects_of_pipeline(struct compile *c, const struct state *before,
                                           const struct sh_pipeline *pipeline)
{
    struct walk w = start_walk(c, before);
    walk_pipeline(&w, pipeline);
    return end_walk(&w);
}
