/* Ruby: where gems are installed (bundler.io, "bundle config"; guides.rubygems.org, "Command
 * Reference", "gem environment"). */
#include "ir/command.h"
#include "ir/manifest/manifest.h"
#include "ir/toolchain.h"

/* As `bundle config` ahead of it in the stage has said. */
static bool find_configured(const struct build_site *s, struct str *place)
{
    if (toolchain_setting(s, LIT("path"), place))
        return true;
    *place = LIT("vendor/bundle");
    struct str ignored;
    return toolchain_setting(s, LIT("deployment"), &ignored);
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
