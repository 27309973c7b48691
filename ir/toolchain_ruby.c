/* Ruby: where gems are installed (bundler.io, "bundle config"; guides.rubygems.org, "Command
 * Reference", "gem environment"). */
#include "ir/command.h"
#include "ir/manifest/manifest.h"
#include "ir/toolchain.h"

/* `config set path DIR`, `config deployment true`: `place` is where gems go from then on, below the
 * directory of the project. */
static bool says_place(const struct invocation *run, struct str *place)
{
    size_t n = 1;
    if (run->words.n < 3 || !str_eq(run->words.at[0], LIT("config")))
        return false;
    n += str_eq(run->words.at[1], LIT("set"));
    if (n + 1 >= run->words.n)
        return false;
    bool path = str_eq(run->words.at[n], LIT("path"));
    *place = path ? run->words.at[n + 1] : LIT("vendor/bundle");
    return path || str_eq(run->words.at[n], LIT("deployment"));
}

/* As a command of the same program ahead of it in the stage has said. */
static bool find_configured(const struct build_site *s, struct str *place)
{
    bool found = false;
    for (struct instr *i = instr_next(s->stage->from); i; i = instr_next(i)) {
        const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(s->c, i) : NULL;
        struct steps steps = {0};
        if (!script || !command_steps(s->c, &i->before, script->list, &steps))
            continue;
        for (size_t k = 0; k < steps.n; k++)
            for (size_t n = 0; n < steps.at[k].runs.n; n++)
                if (str_eq(steps.at[k].runs.at[n].name, s->run->name))
                    found |= says_place(&steps.at[k].runs.at[n], place);
    }
    return found;
}

static bool add(const struct build_site *s, struct str path, struct strs *out)
{
    s->result->trees = true;
    vec_add(s->c->arena, out, path);
    return path.at && path.len;
}

static bool add_variable(const struct build_site *s, struct str name, struct strs *out)
{
    const struct env *e = env_find(s->run->env, name);
    return e && e->kind == ENV_SET && add(s, e->value, out);
}

bool toolchain_ruby_gems(const struct build_site *s, struct strs *out)
{
    return add_variable(s, LIT("GEM_HOME"), out);
}

/* What a Gemfile asks for must be known: gems bring libraries of the distribution along. */
bool toolchain_ruby_bundle(const struct build_site *s, struct strs *out)
{
    struct str place;
    bool known = true;
    if (!s->manifest || s->manifest->more_needs)
        return false;
    if (toolchain_option(s->run, LIT("--path"), &place, &known))
        return known && add(s, place, out);
    if (toolchain_option(s->run, LIT("--deployment"), &place, &known))
        return add(s, LIT("vendor/bundle"), out);
    if (find_configured(s, &place))
        return add(s, place, out);
    return add_variable(s, LIT("BUNDLE_PATH"), out) || add_variable(s, LIT("GEM_HOME"), out);
}
