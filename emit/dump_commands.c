#include "emit/dump_shell.h"

#include "emit/dump.h"

/* ---- the C lines of one script ---- */

/* The command's name when it is plain text and nothing but the name can be meant: XCU's and bash's
 * declaration commands and `let` have a syntax of their own only there. */
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
    if (str_eq(name, LIT("let")))
        return true;
    size_t n = is_declaration(name) ? 1 : c->words.n;
    buf_char(out, 'C');
    for (size_t i = 0; i < n; i++)
        dump_word(out, c->words.at[i]);
    buf_char(out, '\n');
    return true;
}

/* Words hold no commands but those of substitutions. */
static bool skip_word(void *self, const struct sh_word *word, unsigned substitution)
{
    (void)self;
    (void)word;
    (void)substitution;
    return false;
}

void dump_commands_of(struct buf *out, const struct sh_script *script)
{
    struct sh_visitor visitor = {.self = out, .command = dump_command, .word = skip_word};
    sh_walk(script->list, &visitor);
}
