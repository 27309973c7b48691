/* Reads paths, one a line, and prints for each `path TAB accepted TAB bytes`, a newline, and so
 * many bytes of --dump=commands. Each shell text of an accepted file is put through the rules of
 * spans as well, in both dialects; what breaks one is reported as accepted = `!`. */
#include "emit/dump.h"
#include "tests/corpus.h"
#include "tests/shell_spans.h"

static const char *broken_text(struct arena *a, struct str text, enum sh_dialect dialect)
{
    struct span_check check = {.arena = a, .text = text, .dialect = dialect};
    struct sh_script *script = sh_parse(a, text, dialect, NULL);
    if (script)
        check_spans(&check, script);
    return check.broken;
}

/* A sentence about the first rule that does not hold, or NULL. */
static const char *broken_file(struct compile *c)
{
    const struct df_file *file = df_parse(c->arena, &c->src, &c->diags);
    for (size_t i = 0; i < file->instrs.n; i++) {
        struct joined text;
        if (!df_shell_text(c->arena, file->instrs.at[i], &text))
            continue;
        const char *broken = broken_text(c->arena, text.text, SH_BASH);
        broken = broken ? broken : broken_text(c->arena, text.text, SH_POSIX);
        if (broken)
            return broken;
    }
    return NULL;
}

static void print_one(struct arena *a, const char *path)
{
    struct compile c = {.arena = a, .diags = {.arena = a}};
    struct buf out = {.arena = a};
    c.src = source_of(a, str_from_c(path), corpus_file(a, path));
    bool accepted = dump_commands(&c, &out);
    const char *broken = accepted ? broken_file(&c) : NULL;
    corpus_print(path, accepted, buf_str(&out), broken);
}

static void print_failed(const char *path)
{
    corpus_print(path, false, (struct str){0}, "over a limit");
}

int main(void)
{
    return corpus_each(print_one, print_failed);
}
