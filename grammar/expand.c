#include "grammar/expand.h"

#include "grammar/base/map.h"
#include "grammar/word_lexer.h"

enum expand_result expand_word(struct arena *a, struct str word, char escape,
                               const struct expand_env *env, struct str *out)
{
    struct word_lexer l = {.arena = a, .text = word, .escape = escape, .env = env};
    if (!lex_value(&l, out))
        return l.too_deep ? EXPAND_DEPENDS : EXPAND_BAD;
    return l.depends || l.may_fail ? EXPAND_DEPENDS : EXPAND_OK;
}

struct name_collector {
    struct strs *names;
    struct map seen;
};

static enum expand_value collect(void *self, struct str name, struct str *value)
{
    struct name_collector *c = self;
    (void)value;
    if (!map_get(&c->seen, name)) {
        map_put(&c->seen, name, c);
        vec_add(c->seen.arena, c->names, name);
    }
    return EXPAND_UNKNOWN;
}

bool expand_names(struct arena *a, struct str word, char escape, struct strs *out)
{
    *out = (struct strs){0};
    struct name_collector collector = {.names = out, .seen = {.arena = a}};
    struct expand_env env = {.get = collect, .self = &collector};
    struct str value;
    return expand_word(a, word, escape, &env, &value) != EXPAND_BAD;
}

struct str expand_quote(struct arena *a, struct str value, char escape)
{
    struct buf b = {.arena = a};
    buf_char(&b, '"');
    for (size_t i = 0; i < value.len; i++) {
        char c = value.at[i];
        if (c == '"' || c == '$' || c == escape)
            buf_char(&b, escape);
        buf_char(&b, c);
    }
    buf_char(&b, '"');
    return buf_str(&b);
}
