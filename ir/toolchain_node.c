/* Node: what an installation writes (npm docs, "scripts": life cycle). */
#include "ir/manifest/manifest.h"
#include "ir/toolchain.h"

/* Scripts of the project itself that run when its packages are installed. */
static const struct str life_cycle[] = {
    {"scripts.preinstall", 18},  {"scripts.install", 15}, {"scripts.postinstall", 19},
    {"scripts.prepublish", 18},  {"scripts.prepare", 15}, {"scripts.preprepare", 18},
    {"scripts.postprepare", 19}, {"workspaces", 10},
};

bool toolchain_node_modules(const struct build_site *s, struct strs *out)
{
    struct str value;
    if (!s->manifest || s->manifest->more_values)
        return false;
    for (size_t i = 0; i < sizeof life_cycle / sizeof *life_cycle; i++)
        if (manifest_value(s->manifest, life_cycle[i], &value))
            return false;
    vec_add(s->c->arena, out, LIT("node_modules"));
    return true;
}
