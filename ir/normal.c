#include "ir/normal.h"

const struct str normal_authors = {"org.opencontainers.image.authors", 32};

/* ---- values ---- */

static enum expand_value know_nothing(void *self, struct str name, struct str *value)
{
    (void)self;
    (void)name;
    (void)value;
    return EXPAND_UNKNOWN;
}

bool normal_literal(struct arena *arena, struct str word, char escape, struct str *value)
{
    const struct expand_env env = {.get = know_nothing};
    return expand_word(arena, word, escape, &env, value) == EXPAND_OK;
}

/* `quoted` is `bare` in double quotes. Where nothing in it is quoted or escaped, they change
 * nothing: variables are replaced inside them too (lex.go, processDoubleQuote). */
static bool only_quotes(struct str bare, struct str quoted, char escape)
{
    return quoted.len == bare.len + 2 && quoted.at[0] == '"' && quoted.at[quoted.len - 1] == '"' &&
           str_eq(str_slice(quoted, 1, quoted.len - 1), bare) && str_find(bare, '"') == bare.len &&
           str_find(bare, '\'') == bare.len && str_find(bare, escape) == bare.len;
}

bool normal_same_value(struct arena *arena, struct str a, struct str b, char escape)
{
    if (str_eq(a, b) || only_quotes(a, b, escape) || only_quotes(b, a, escape))
        return true;
    struct str literal_a, literal_b;
    return normal_literal(arena, a, escape, &literal_a) &&
           normal_literal(arena, b, escape, &literal_b) && str_eq(literal_a, literal_b);
}

static bool same_pairs(struct arena *arena, const struct df_pairs *a, const struct df_pairs *b,
                       char escape)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!str_eq(a->at[i].name, b->at[i].name) ||
            !normal_same_value(arena, a->at[i].value, b->at[i].value, escape))
            return false;
    return true;
}

/* ---- MAINTAINER ---- */

struct str normal_maintainer(const struct df_instr *maintainer)
{
    struct str text = maintainer->args.at[0].text;
    bool enclosed = text.len >= 2 && (text.at[0] == '"' || text.at[0] == '\'') &&
                    text.at[text.len - 1] == text.at[0];
    struct str inner = enclosed ? str_slice(text, 1, text.len - 1) : text;
    return enclosed && str_find(inner, text.at[0]) == inner.len ? inner : text;
}

static bool became_label(struct arena *arena, const struct df_instr *maintainer,
                         const struct df_instr *label, char escape)
{
    struct str value;
    return maintainer->kind == DF_MAINTAINER && label->kind == DF_LABEL && label->pairs.n == 1 &&
           str_eq(label->pairs.at[0].name, normal_authors) &&
           normal_literal(arena, label->pairs.at[0].value, escape, &value) &&
           str_eq(value, normal_maintainer(maintainer));
}

/* ---- words ---- */

static bool same_word_for_word(const struct df_instr *a, const struct df_instr *b)
{
    if (a->kind != b->kind || a->json != b->json || a->heredocs.n != b->heredocs.n)
        return false;
    for (size_t i = 0; i < a->heredocs.n; i++)
        if (!str_eq(a->heredocs.at[i].content, b->heredocs.at[i].content))
            return false;
    if (!df_same_words(&a->flags, &b->flags) || !df_same_words(&a->args, &b->args))
        return false;
    if (!a->trigger || !b->trigger)
        return a->trigger == b->trigger;
    return same_word_for_word(a->trigger, b->trigger);
}

/* ---- EXPOSE ---- */

static bool same_port(struct str a, struct str b)
{
    size_t slash = a.len;
    while (slash > 0 && a.at[slash - 1] != '/')
        slash--;
    return slash > 0 && str_eq(str_slice(a, 0, slash), str_slice(b, 0, slash)) &&
           str_find(str_slice(a, slash, a.len), '$') == a.len - slash && str_eq_nocase(a, b);
}

static bool same_ports(const struct df_words *a, const struct df_words *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!str_eq(a->at[i].text, b->at[i].text) && !same_port(a->at[i].text, b->at[i].text))
            return false;
    return true;
}

/* ---- FROM ---- */

/* FROM a variable: only by a name could it be a stage. */
static bool may_be_stage(const struct stage *stage)
{
    for (const struct stage *s = stage->prev; s; s = s->prev)
        if (s->name.len)
            return true;
    return false;
}

bool normal_platform_is_redundant(const struct instr *from, const struct df_word **platform)
{
    const struct df_words *flags = &from->ast->flags;
    const struct stage *stage = from->stage;
    bool image = stage->base.kind == REF_IMAGE || stage->base.kind == REF_SCRATCH ||
                 (stage->base.kind == REF_UNKNOWN && !may_be_stage(stage));
    if (flags->n != 1 || !image || env_find(from->before.env, LIT("TARGETPLATFORM")))
        return false;
    *platform = &flags->at[0];
    return str_eq(flags->at[0].text, LIT("--platform=$TARGETPLATFORM")) ||
           str_eq(flags->at[0].text, LIT("--platform=${TARGETPLATFORM}"));
}

static struct df_words effective_flags(const struct instr *from)
{
    const struct df_word *platform;
    return normal_platform_is_redundant(from, &platform) ? (struct df_words){0} : from->ast->flags;
}

static bool same_from(const struct instr *a, const struct instr *b)
{
    struct df_words flags_a = effective_flags(a), flags_b = effective_flags(b);
    const struct df_words *words_a = &a->ast->args, *words_b = &b->ast->args;
    if (words_a->n != words_b->n || !df_same_words(&flags_a, &flags_b))
        return false;
    return str_eq(words_a->at[0].text, words_b->at[0].text) &&
           (words_a->n < 3 || str_eq(words_a->at[2].text, words_b->at[2].text));
}

bool normal_same(struct arena *arena, const struct instr *before, const struct instr *after,
                 char escape)
{
    const struct df_instr *x = before->ast, *y = after->ast;
    if (x->kind != y->kind)
        return became_label(arena, x, y, escape);
    if (x->kind == DF_ENV || x->kind == DF_LABEL)
        return df_same_words(&x->flags, &y->flags) &&
               same_pairs(arena, &x->pairs, &y->pairs, escape);
    if (x->kind == DF_EXPOSE)
        return df_same_words(&x->flags, &y->flags) && same_ports(&x->args, &y->args);
    if (x->kind == DF_FROM)
        return same_from(before, after);
    return same_word_for_word(x, y);
}
