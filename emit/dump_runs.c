/* The dumps of a file's shell texts; those of one text are in dump_shell.h. */
#include "emit/dump.h"
#include "emit/dump_shell.h"

/* The RUN that an instruction is, or holds (ONBUILD); NULL for others. */
static const struct df_instr *run_of(const struct instr *i)
{
    const struct df_instr *ast = i->ast->kind == DF_ONBUILD ? i->ast->trigger : i->ast;
    return ast->kind == DF_RUN ? ast : NULL;
}

/* Read as bash, whatever the shell: the dump is compared with a parser that does so. */
static void put_commands(struct compile *c, struct buf *out, const struct instr *i)
{
    struct joined text;
    if (!df_shell_text(c->arena, run_of(i), &text))
        return;
    const struct sh_script *script = sh_parse(c->arena, text.text, SH_BASH, NULL);
    buf_printf(out, "R\t%u\t%u\t%d\n", (unsigned)i->ast->first_line, (unsigned)i->ast->last_line,
               script != NULL);
    if (script)
        dump_commands_of(out, script);
}

bool dump_commands(struct compile *c, struct buf *out)
{
    if (!lower_file(c))
        return false;
    for (const struct instr *i = c->file->first; i; i = i->next)
        if (run_of(i) && i->before.shell_kind != SHELL_OTHER)
            put_commands(c, out, i);
    return true;
}
