/* What a command that its row has read does: the parts that rows speak of, one by one. */
#include "ir/command_walk.h"

/* ---- the shell itself ---- */

static const struct {
    uint64_t deed;
    unsigned flag;
} shell_deeds[] = {
    {DOES(NETWORK), FX_NETWORK}, {DOES(DAEMON), FX_BACKGROUND}, {DOES(CD), FX_CD},
    {DOES(NOGLOB), FX_NOGLOB},   {DOES(STATE), FX_STATE},       {DOES(ASSIGNS), FX_STATE},
    {DOES(EXIT), FX_EXIT},       {DOES(ERREXIT), FX_ERREXIT},   {DOES(OPTIONS), FX_OPTIONS},
    {DOES(ALIAS), FX_ALIAS},     {DOES(HIDDEN), FX_HIDDEN},
};

static void change_directory(struct walk *w, const struct command_args *args)
{
    struct value to = args->operands.n ? args->operands.at[0] : value_known(w->home);
    bool told =
        command_args_operands(args) != USE_IGNORED && to.text.len && !str_eq(to.text, LIT("-"));
    if (!told || !command_resolve(w, w->now.cwd, &to, &w->now.cwd))
        w->now.cwd = LIT("");
}

static void assign(struct walk *w, const struct value *v)
{
    size_t equals = str_find(v->text, '=');
    struct str name = str_slice(v->text, 0, equals);
    bool told = equals < v->text.len && !v->unknown;
    struct env binding = {.name = name,
                          .value = str_slice(v->text, equals + 1, v->text.len),
                          .kind = told ? ENV_SET : ENV_OPAQUE};
    w->now.env = env_bind(w->c->arena, w->now.env, binding);
    if (str_eq(name, LIT("PATH")))
        w->out.flags |= FX_PATH;
}

static void assign_all(struct walk *w, const struct values *operands, uint64_t deeds)
{
    if (deeds & DOES(STATE)) {
        w->now.env = NULL;
        return;
    }
    for (size_t i = 0; i < operands->n; i++)
        assign(w, &operands->at[i]);
}

/* `set -e`, not `set +e`. */
static bool is_errexit_on(const struct command_args *args)
{
    for (size_t i = 0; i < args->options.n; i++) {
        const struct given *g = &args->options.at[i];
        const struct value *word = &args->words.at[g->at];
        if (g->option && (g->option->does & DOES(ERREXIT)) && !word->unknown)
            return !str_starts(word->text, LIT("+"));
    }
    return false;
}

/* No option that a chain of simple commands can tell from none. */
static bool is_set_for_show(const struct command_args *args)
{
    for (size_t i = 0; i < args->options.n; i++) {
        const struct given *g = &args->options.at[i];
        uint64_t does = g->option ? g->option->does : 0;
        if (!(does & (DOES(ERREXIT) | DOES(TRACES))) || args->words.at[g->at].unknown)
            return false;
    }
    return args->row->style == STYLE_SET && args->options.n && !args->operands.n && !args->dashes;
}

static void change_shell(struct walk *w, const struct command_args *args, uint64_t deeds)
{
    if (deeds & DOES(RETURN))
        command_return(w);
    for (size_t i = 0; i < sizeof shell_deeds / sizeof *shell_deeds; i++)
        if (deeds & shell_deeds[i].deed)
            w->out.flags |= shell_deeds[i].flag;
    if (deeds & DOES(CD))
        change_directory(w, args);
    if (deeds & DOES(ASSIGNS))
        assign_all(w, &args->operands, deeds);
    if ((deeds & DOES(ERREXIT)) && is_errexit_on(args))
        w->out.flags |= FX_ERREXIT_ON;
    if (is_set_for_show(args))
        w->out.flags |= FX_TRACES;
    if (args->row->style == STYLE_SET && (args->operands.n || args->dashes))
        w->out.flags |= FX_OPTIONS;
    for (size_t i = 0; args->row->style == STYLE_SET && i < args->operands.n; i++)
        if (args->operands.at[i].unknown)
            w->out.flags |= FX_ERREXIT | FX_NOGLOB;
}

/* ---- the whole of one command ---- */

/* The directory that options name, below the shell's. */
static struct str working_directory(struct walk *w, const struct command_args *args)
{
    const struct value *named = command_args_value(args, USE_DIRECTORY);
    struct str dir = w->now.cwd;
    if (named && !command_resolve(w, w->now.cwd, named, &dir))
        return LIT("");
    return dir;
}

/* Some tools take the path below the directory that another option names (curl --output-dir), some
 * below the shell's (tar -f). */
static void write_value(struct walk *w, const struct command_args *args, const struct given *g)
{
    command_add_write(w, w->now.cwd, &g->value);
    if (command_args_has(args, USE_DIRECTORY))
        command_add_write(w, working_directory(w, args), &g->value);
    if (g->option->does & DOES(WRITES_BESIDE))
        command_write_beside(w, &(struct values){(struct value *)&g->value, 1, 1}, w->now.cwd);
}

static void apply_option(struct walk *w, const struct command_args *args, const struct given *g,
                         uint64_t deeds, const struct sh_command *from)
{
    struct values one = {(struct value *)&g->value, 1, 1};
    switch ((int)g->option->value) {
    case USE_ARCHIVE:
        command_add_path(w, &w->out.unpacked, w->now.cwd, &g->value);
        command_add_path(w, &w->out.reads, w->now.cwd, &g->value);
        break;
    case USE_READS:
    case USE_PROGRAM_FILE:
        command_add_path(w, &w->out.reads, w->now.cwd, &g->value);
        break;
    case USE_WRITES:
        write_value(w, args, g);
        if (args->row->usage.operands == USE_DOWNLOAD)
            command_add_path(w, &w->out.downloads, w->now.cwd, &g->value);
        break;
    case USE_DELETES:
        command_add_path(w, &w->out.deletes, w->now.cwd, &g->value);
        break;
    case USE_INSTALLS:
        command_add_packages(w, args, &w->out.installs, &one, deeds);
        break;
    case USE_PACKAGE_FILE:
        command_add_path(w, &w->out.reads, w->now.cwd, &g->value);
        w->out.installs.unknown = true;
        break;
    case USE_SCRIPT:
        command_walk_script(w, &g->value, true);
        break;
    case USE_COMMAND_TO_SEMICOLON:
        command_run_found(w, args, g, from);
        break;
    default:
        break;
    }
}

static void apply_options(struct walk *w, const struct command_args *args, uint64_t deeds,
                          const struct sh_command *from)
{
    for (size_t i = 0; i < args->options.n; i++) {
        const struct given *g = &args->options.at[i];
        bool usable = g->option && (g->has_value || g->option->value == USE_COMMAND_TO_SEMICOLON);
        if (usable)
            apply_option(w, args, g, deeds, from);
    }
}

/* Without them the command fails. */
static void want_files(struct walk *w, const struct values *files, struct str dir)
{
    for (size_t i = 0; i < files->n; i++)
        command_add_path(w, &w->out.wants, dir, &files->at[i]);
}

/* The operands behind those that the row skips, and behind a program's text. */
static struct values operands_of(const struct command_args *args, enum use use)
{
    size_t skip = command_args_skip(args);
    bool has_program =
        command_args_has(args, USE_PROGRAM_TEXT) || command_args_has(args, USE_PROGRAM_FILE);
    bool names_value = use == USE_MODE || use == USE_OWNER || use == USE_SETTING;
    if (names_value || (use == USE_PROGRAM && !has_program))
        skip++;
    if (skip > args->operands.n)
        skip = args->operands.n;
    uint32_t n = args->operands.n - (uint32_t)skip;
    return (struct values){n ? args->operands.at + skip : NULL, n, n};
}

static void apply_unknown_operands(struct walk *w)
{
    w->out.reads.unknown = w->out.writes.unknown = w->out.deletes.unknown = true;
}

/* The copies that an edit in place keeps: sed -i.bak. */
static void write_backups(struct walk *w, const struct command_args *args,
                          const struct values *files, struct str dir)
{
    for (size_t i = 0; i < args->options.n; i++) {
        const struct given *g = &args->options.at[i];
        if (!g->has_value || !g->option || !(g->option->does & DOES(EDITS)))
            continue;
        for (size_t k = 0; k < files->n; k++) {
            struct value copy = files->at[k];
            copy.text = str_concat(w->c->arena, copy.text, g->value.text);
            command_add_write(w, dir, &copy);
        }
    }
}

/* `^x` is a hazard at the start of a program alone, `x$` at its end. */
static bool has_hazard(struct str program, struct str hazard)
{
    if (str_starts(hazard, LIT("^")))
        return str_starts(program, str_slice(hazard, 1, hazard.len));
    if (hazard.len > 1 && str_ends(hazard, LIT("$")))
        return str_ends(program, str_slice(hazard, 0, hazard.len - 1));
    return str_search(program, hazard) < program.len;
}

/* Variables in a program are taken to be data, not commands; a program that is nothing else is not
 * known. */
static bool is_hazardous(const struct usage *u, const struct value *program)
{
    bool opaque = program->unknown && str_eq(program->text, LIT("*"));
    for (size_t i = 0; i < u->n_hazards; i++)
        if (opaque || has_hazard(program->text, u->hazards[i]))
            return true;
    return false;
}

/* A program text that may write files or run commands by itself. */
static bool runs_hazard(const struct command_args *args)
{
    const struct usage *u = &args->row->usage;
    const struct value *given = command_args_value(args, USE_PROGRAM_TEXT);
    if (u->n_hazards && command_args_has(args, USE_PROGRAM_FILE))
        return true;
    if (!given && args->operands.n)
        given = &args->operands.at[0];
    return given && is_hazardous(u, given);
}

/* trap ACTION CONDITION..: one that cannot be told may be any. */
static bool traps_failure(const struct command_args *args)
{
    const struct usage *u = &args->row->usage;
    for (size_t i = 1; i < args->operands.n; i++) {
        if (args->operands.at[i].unknown)
            return true;
        for (size_t k = 0; k < u->n_hazards; k++)
            if (str_eq(args->operands.at[i].text, u->hazards[k]))
                return true;
    }
    return false;
}

/* A database, and what is asked of it. */
static void change_first(struct walk *w, const struct command_args *args,
                         const struct values *operands, struct str dir)
{
    const struct usage *u = &args->row->usage;
    if (!operands->n)
        return;
    command_add_write(w, dir, &operands->at[0]);
    command_add_path(w, &w->out.reads, dir, &operands->at[0]);
    for (size_t i = 1; i < operands->n; i++)
        for (size_t k = 0; k < u->n_hazards; k++)
            if (operands->at[i].unknown || has_hazard(operands->at[i].text, u->hazards[k]))
                apply_unknown_operands(w);
}

static void apply_operands(struct walk *w, const struct command_args *args, uint64_t deeds,
                           const struct sh_command *from)
{
    enum use use = command_args_operands(args);
    struct values operands = operands_of(args, use);
    struct str dir = working_directory(w, args);
    bool from_cwd = (deeds & DOES(WRITES_HERE)) != 0; /* the directory is for what is written */
    switch (use) {
    case USE_ARCHIVE:
        if (operands.n) /* the others are members */
            command_add_path(w, &w->out.unpacked, w->now.cwd, &operands.at[0]);
        command_read_files(w, &operands, deeds, w->now.cwd);
        return;
    case USE_READS:
    case USE_PROGRAM:
        command_read_files(w, &operands, deeds, from_cwd ? w->now.cwd : dir);
        write_backups(w, args, &operands, dir);
        if (use == USE_PROGRAM && runs_hazard(args))
            command_recipes(w);
        return;
    case USE_WRITES:
    case USE_MODE:
    case USE_OWNER:
    case USE_SETTING:
    case USE_MAKES:
        command_add_writes(w, &operands, dir);
        return;
    case USE_FIRST:
        change_first(w, args, &operands, dir);
        return;
    case USE_DELETES:
        command_delete_files(w, &operands, deeds, dir);
        if (!command_args_has(args, USE_FORCE))
            want_files(w, &operands, dir);
        return;
    case USE_COPY:
    case USE_MOVE:
    case USE_LINK:
        command_copy_files(w, args, use, command_args_value(args, USE_TARGET), dir);
        return;
    case USE_INSTALLS:
        command_note_installs(w, args, from);
        command_add_packages(w, args, &w->out.installs, &operands, deeds);
        return;
    case USE_REMOVES:
        command_add_packages(w, args, &w->out.removes, &operands, deeds);
        return;
    case USE_SCRIPT_FILE:
        if (!command_args_has(args, USE_SCRIPT) && !command_args_has(args, USE_COMMAND))
            command_run_script_file(w, args, from);
        return;
    case USE_SCRIPT:
        command_run_eval(w, &operands);
        return;
    case USE_KEYED:
        command_keyed(w, &operands, dir);
        return;
    case USE_TRAP:
        if (traps_failure(args))
            w->out.flags |= FX_ERRTRAP;
        command_run_trapped(w, &operands);
        return;
    case USE_DOWNLOAD:
        command_download(w, args, deeds, dir);
        return;
    case USE_CLONE:
        command_clone(w, &operands, dir);
        return;
    case USE_UNKNOWN:
        apply_unknown_operands(w);
        return;
    case USE_NOTHING:
    case USE_FORCE:
    case USE_IGNORED:
    case USE_OPTIONAL:
    case USE_DIRECTORY:
    case USE_TARGET:
    case USE_PROGRAM_TEXT:
    case USE_PROGRAM_FILE:
    case USE_PACKAGE_FILE:
    case USE_COMMAND:
    case USE_COMMAND_MORE:
    case USE_COMMAND_TO_SEMICOLON:
    case USE_PLACEHOLDER:
        return;
    }
}

/* What the command itself does, before whatever it runs. */
static void apply_own(struct walk *w, const struct command_args *args, uint64_t deeds,
                      const struct sh_command *from)
{
    command_add_fixed_paths(w, &args->row->usage);
    if (args->verb)
        command_add_fixed_paths(w, &args->verb->usage);
    apply_options(w, args, deeds, from);
    apply_operands(w, args, deeds, from);
    if (deeds & DOES(WRITES_HERE)) {
        struct value here = value_known(LIT("."));
        command_add_write(w, working_directory(w, args), &here);
    }
    if (deeds & DOES(HIDDEN))
        command_recipes(w);
    if (deeds & DOES(ANY_COMMAND))
        command_replace_any(w);
    if ((deeds & DOES(SOURCES)) && args->operands.n)
        command_script(w, &args->operands.at[0], true, from);
    else if (deeds & DOES(SOURCES))
        command_foreign_sourced(w);
    command_manage(w, args, deeds, from);
    change_shell(w, args, deeds);
}

/* A wrapper may run its command in another directory (env -C); one that does not lets `cd` through
 * (`command cd x`). */
static void run_wrapped(struct walk *w, const struct command_args *args,
                        const struct sh_command *from)
{
    struct str cwd = w->now.cwd;
    w->now.cwd = working_directory(w, args);
    command_run_wrapped(w, args, from);
    if (command_args_has(args, USE_DIRECTORY))
        w->now.cwd = cwd;
}

void command_apply(struct walk *w, const struct command_args *args, const struct sh_command *from)
{
    uint64_t deeds = command_args_deeds(args);
    w->asked = (deeds & DOES(ASKS)) != 0;
    if (deeds & DOES(HARMLESS))
        return;
    struct str home = w->home, cwd = w->now.cwd;
    if (deeds & DOES(OTHER_USER)) {
        w->home = w->now.cwd = LIT("");
    }
    if (args->verb_unknown)
        command_unknown(w);
    command_note_files(w, args, from);
    apply_own(w, args, deeds, from);
    if (args->command < args->words.n)
        run_wrapped(w, args, from);
    if (deeds & DOES(OTHER_USER)) {
        w->home = home;
        w->now.cwd = cwd;
    }
}
