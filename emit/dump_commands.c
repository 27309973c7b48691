/* --dump=commands: the simple commands of each shell-form RUN. Each line is a tag and tab-separated
 * fields:
 *
 *     R first last parsed     a RUN (or ONBUILD's), 1 if its text parses as bash, else 0
 *     C word word ...         its simple commands with words, but for those in substitutions: `=`
 *                             and the text of a literal word, `$` for any other
 *
 * RUNs whose shell is no POSIX-like one are left out: see shell_is_posix(). */
#include "emit/dump_shell.h"

#include "emit/dump.h"

/* ---- the C lines of one script ---- */

/* The command's name when it is plain text and nothing but the name can be meant: XCU's and bash's
 * declaration commands, `let` and `time` have a syntax of their own only there. */
static struct str plain_name(const struct sh_command *c)
{
    const struct sh_word *name = c->words.at[0];
    bool prefixed = c->assigns.n > 0 && c->assigns.at[0].span.start < name->span.start;
    if (prefixed || name->parts.n != 1 || name->parts.at[0].kind != SH_LITERAL)
        return LIT("");
    return name->parts.at[0].text;
}

static bool is_declaration(struct str name)
{
    return str_eq(name, LIT("export")) || str_eq(name, LIT("readonly")) ||
           str_eq(name, LIT("local")) || str_eq(name, LIT("declare")) ||
           str_eq(name, LIT("typeset"));
}

static void dump_word(struct buf *out, const struct sh_word *w)
{
    struct str text;
    buf_char(out, '\t');
    if (!sh_word_literal(out->arena, w, &text)) {
        buf_char(out, '$');
        return;
    }
    buf_char(out, '=');
    dump_field(out, text);
}

static bool dump_command(void *self, const struct sh_command *c, unsigned substitution)
{
    struct buf *out = self;
    if (substitution > 0)
        return false;
    if (c->kind != SH_SIMPLE || c->words.n == 0)
        return true;
    struct str name = plain_name(c);
    if (str_eq(name, LIT("let")) || (str_eq(name, LIT("time")) && c->words.n == 1))
        return true;
    size_t n = is_declaration(name) ? 1 : c->words.n;
    buf_char(out, 'C');
    for (size_t i = 0; i < n; i++)
        dump_word(out, c->words.at[i]);
    buf_char(out, '\n');
    return true;
}

/* One `C` line for each simple command of the script that has words, in source order, but for those
 * in substitutions. */
static void put_commands(struct buf *out, const struct sh_script *script)
{
    struct sh_visitor visitor = {.self = out, .command = dump_command, .word = sh_skip_word};
    sh_walk(script->list, &visitor);
}

/* ---- the RUNs of a file ---- */

/* Where the dump stands in a file. */
struct runs {
    const struct df_file *file;
    struct strs shells; /* by stage, the first word of the SHELL in force; empty: the default */
};

static bool holds_nocase(struct arena *a, struct str text, struct str needle)
{
    return str_search(str_lower(a, text), needle) < text.len;
}

static bool is_windows_image(struct arena *a, struct str image)
{
    return holds_nocase(a, image, LIT("windows")) || holds_nocase(a, image, LIT("nanoserver")) ||
           holds_nocase(a, image, LIT("servercore"));
}

static struct str program_name(struct arena *a, struct str path)
{
    size_t start = path.len;
    while (start > 0 && path.at[start - 1] != '/' && path.at[start - 1] != '\\')
        start--;
    struct str name = str_lower(a, str_slice(path, start, path.len));
    return str_ends(name, LIT(".exe")) ? str_slice(name, 0, name.len - 4) : name;
}

/* A stage starts with the SHELL of the stage that it is FROM. */
static struct str inherited_shell(const struct runs *runs, struct str base)
{
    for (size_t k = runs->shells.n; k-- > 0;)
        if (str_eq_nocase(runs->file->stages.at[k].name, base))
            return runs->shells.at[k];
    return LIT("");
}

static bool shell_is_posix(struct arena *a, const struct runs *runs)
{
    if (runs->file->escape == '`' || runs->shells.n == 0)
        return false;
    if (is_windows_image(a, runs->file->stages.at[runs->shells.n - 1].base))
        return false;
    struct str name = program_name(a, *vec_last(&runs->shells));
    return !str_eq(name, LIT("powershell")) && !str_eq(name, LIT("pwsh")) &&
           !str_eq(name, LIT("cmd"));
}

/* The reference reads past NUL bytes. */
static struct str without_nul(struct arena *a, struct str text)
{
    struct buf kept = {.arena = a};
    if (str_find(text, '\0') == text.len)
        return text;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '\0')
            buf_char(&kept, text.at[i]);
    return buf_str(&kept);
}

static void dump_run(struct buf *out, const struct df_instr *i)
{
    struct joined text = {0};
    const struct df_instr *run = i->trigger ? i->trigger : i;
    if (run->kind != DF_RUN || run->json || run->args.n == 0)
        return;
    df_shell_text(out->arena, i, &text);
    struct str shown = without_nul(out->arena, text.text);
    struct sh_script *script = sh_parse(out->arena, shown, SH_BASH, NULL);
    buf_printf(out, "R\t%u\t%u\t%d\n", (unsigned)i->first_line, (unsigned)i->last_line,
               script != NULL);
    if (script)
        put_commands(out, script);
}

bool dump_commands(struct compile *c, struct buf *out)
{
    struct runs runs = {.file = df_parse(c->arena, &c->src, &c->diags)};
    if (!runs.file)
        return false;
    for (size_t k = 0; k < runs.file->instrs.n; k++) {
        const struct df_instr *i = runs.file->instrs.at[k];
        if (i->kind == DF_FROM) {
            struct str base = runs.file->stages.at[runs.shells.n].base;
            vec_add(c->arena, &runs.shells, inherited_shell(&runs, base));
        } else if (i->kind == DF_SHELL && runs.shells.n > 0 && i->args.n > 0) {
            *vec_last(&runs.shells) = i->args.at[0].text;
        } else if (shell_is_posix(c->arena, &runs)) {
            dump_run(out, i);
        }
    }
    return true;
}
