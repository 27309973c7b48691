/* What another command of the stage has set: `poetry config KEY VALUE`, `bundle config set KEY
 * VALUE`. */
#include "ir/command.h"
#include "ir/toolchain.h"

static bool says(const struct invocation *run, struct str key, struct str *value)
{
    if (!run->words.n || !str_eq(run->words.at[0], LIT("config")))
        return false;
    for (size_t i = 1; i + 1 < run->words.n && i < 3; i++) {
        if (!str_eq(run->words.at[i], key))
            continue;
        *value = run->words.at[i + 1];
        return true;
    }
    return false;
}

struct invocations toolchain_runs(const struct build_site *s)
{
    struct invocations out = {0};
    for (struct instr *i = instr_next(s->stage->from); i; i = instr_next(i)) {
        const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(s->c, i) : NULL;
        struct steps steps = {0};
        if (!script || !command_steps(s->c, &i->before, script->list, &steps))
            continue;
        for (size_t k = 0; k < steps.n; k++)
            for (size_t n = 0; n < steps.at[k].runs.n; n++)
                vec_add(s->c->arena, &out, steps.at[k].runs.at[n]);
    }
    return out;
}

bool toolchain_setting(const struct build_site *s, struct str key, struct str *value)
{
    struct invocations all = toolchain_runs(s);
    bool found = false;
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.at[i].name, s->run->name))
            found |= says(&all.at[i], key, value);
    return found;
}
