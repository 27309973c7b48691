/* Reads paths, one a line, and prints for each `path TAB accepted TAB bytes`, a newline, and so
 * many bytes of --dump=commands. Each shell text of an accepted file is put through the rules of
 * spans as well, in both dialects; what breaks one is reported as accepted = `!`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit/dump.h"
#include "tests/shell_spans.h"

enum { LIMIT = 256 * 1024 * 1024, LONGEST_PATH = 64 * 1024 };

static struct str read_file(struct arena *a, const char *path)
{
    struct buf text = {.arena = a};
    FILE *f = fopen(path, "rb");
    if (!f)
        return (struct str){0};
    char block[16 * 1024];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&text, (struct str){block, n});
    fclose(f);
    return buf_str(&text);
}

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
    c.src = source_of(a, str_from_c(path), read_file(a, path));
    bool accepted = dump_commands(&c, &out);
    const char *broken = accepted ? broken_file(&c) : NULL;
    printf("%s\t%s\t%zu\n", path, broken ? "!" : accepted ? "1" : "0", out.len);
    if (out.len)
        fwrite(out.at, 1, out.len, stdout);
    if (broken)
        fprintf(stderr, "%s: %s\n", path, broken);
}

int main(void)
{
    static char path[LONGEST_PATH];
    struct arena *a = arena_new(LIMIT);
    while (a && fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        struct boundary boundary;
        arena_reset(a);
        arena_guard(a, &boundary);
        if (setjmp(boundary.at))
            printf("%s\t!\t0\n", path);
        else
            print_one(a, path);
    }
    arena_free(a);
    return a ? 0 : 1;
}
