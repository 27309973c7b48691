/* CMake: the programs that a project's build leaves in the directory that it was configured for
 * (cmake(1); cmake-commands(7): add_executable, add_subdirectory). */
#include "ir/manifest/manifest.h"
#include "ir/path.h"
#include "ir/toolchain.h"

/* add_subdirectory() in projects of projects. */
enum { MOST_DEPTH = 8 };

struct configured {
    struct str source, binary; /* directories of the image */
};

/* `-B DIRECTORY`, `-BDIRECTORY`. False when it cannot be told. */
static bool resolve_option(const struct build_site *s, const struct invocation *run,
                           struct str name, struct str *out)
{
    for (size_t i = 0; i < run->options.n; i++) {
        const struct invocation_option *o = &run->options.at[i];
        struct str value =
            o->name.len > name.len ? str_slice(o->name, name.len, o->name.len) : o->value;
        if (str_starts(o->name, name) &&
            (!o->known || !path_resolve(s->c->arena, run->workdir, value, out)))
            return false;
    }
    return true;
}

/* Libraries of the project, and places for programs, are chosen. */
static bool chooses(const struct invocation *run)
{
    const struct str marks[] = {LIT("BUILD_SHARED_LIBS"), LIT("OUTPUT_DIRECTORY"),
                                LIT("TOOLCHAIN_FILE")};
    for (size_t i = 0; i < run->options.n; i++) {
        struct str name = run->options.at[i].name, value = run->options.at[i].value;
        for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
            if (!run->options.at[i].known || str_search(name, marks[k]) < name.len ||
                str_search(value, marks[k]) < value.len)
                return true;
    }
    return false;
}

/* `cmake ..`, `cmake -S . -B build`. */
static bool read_configuration(const struct build_site *s, const struct invocation *run,
                               struct configured *out)
{
    const struct build_command *row = toolchain_row(s->c, run);
    *out = (struct configured){run->workdir, run->workdir};
    if (!row || !row->n_prefix || !str_eq(path_name(run->name), LIT("cmake")) || chooses(run))
        return false;
    if (run->words.n && (!run->words.at[0].at ||
                         !path_resolve(s->c->arena, run->workdir, run->words.at[0], &out->source)))
        return false;
    return resolve_option(s, run, LIT("-H"), &out->source) &&
           resolve_option(s, run, LIT("-S"), &out->source) &&
           resolve_option(s, run, LIT("-B"), &out->binary);
}

static bool add_programs(const struct build_site *s, struct configured at, unsigned depth,
                         struct strs *out);

static bool add_value(const struct build_site *s, const struct manifest *m,
                      const struct manifest_value *v, struct configured at, unsigned depth,
                      struct strs *out)
{
    struct arena *a = s->c->arena;
    struct str name = v->value;
    if (str_eq(v->key, LIT("unsettled")))
        return false;
    if (str_eq(v->key, LIT("subdirectory"))) {
        struct configured below = {path_join(a, at.source, name), path_join(a, at.binary, name)};
        return !v->computed && add_programs(s, below, depth + 1, out);
    }
    if (!str_eq(v->key, LIT("executable")))
        return true;
    manifest_value(m, str_concat(a, LIT("output-name."), name), &name);
    vec_add(a, out, path_join(a, at.binary, name));
    return !v->computed;
}

static bool add_programs(const struct build_site *s, struct configured at, unsigned depth,
                         struct strs *out)
{
    struct str path = path_join(s->c->arena, at.source, LIT("CMakeLists.txt"));
    const struct manifest *m = depth < MOST_DEPTH ? toolchain_manifest(s, path) : NULL;
    if (!m || m->more_values)
        return false;
    for (size_t i = 0; i < m->values.n; i++)
        if (!add_value(s, m, &m->values.at[i], at, depth, out))
            return false;
    return true;
}

bool toolchain_cmake_built(const struct build_site *s, struct strs *out)
{
    struct invocations all = toolchain_runs(s);
    struct configured one, found = {0};
    for (size_t i = 0; i < all.n; i++)
        if (read_configuration(s, &all.at[i], &one) && str_eq(one.binary, s->run->workdir))
            found = one;
    s->result->if_started = true;
    return found.source.len && add_programs(s, found, 0, out);
}
