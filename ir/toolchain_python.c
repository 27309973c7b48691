/* Python: where pip installs (docs.python.org, "sysconfig": installation paths). */
#include "ir/base.h"
#include "ir/command_words.h"
#include "ir/toolchain.h"

/* The interpreter that official images have in /usr/local; Debian's own leaves /usr/local to pip. A
 * pip of another directory belongs to a virtual environment. */
bool toolchain_python_packages(const struct build_site *s, struct strs *out)
{
    struct base base;
    struct str dir = path_directory(s->run->name), version;
    const struct env *path = env_find(s->run->env, LIT("PATH"));
    if (dir.len && !str_eq(dir, LIT("/usr/bin")) && !str_eq(dir, LIT("/usr/local/bin")))
        return false;
    if ((path && !str_starts(path->value, LIT("$PATH"))) || !base_of_stage(s->c, s->stage, &base))
        return false;
    version = base.version;
    size_t dot = str_find(version, '.');
    size_t end = dot + 1 + str_find(str_slice(version, dot + 1, version.len), '.');
    if (dot == version.len)
        return false;
    version = str_slice(version, 0, end);
    vec_add(s->c->arena, out,
            str_printf(s->c->arena, "/usr/local/lib/python%.*s/site-packages", STR(version)));
    vec_add(s->c->arena, out, LIT("/usr/local/bin"));
    return true;
}
