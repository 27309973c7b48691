/* Manifests: what the project in the build context says of itself.
 *
 * Each format is read by a small bounded reader of what Dockerfiles' builds depend on: names,
 * versions, outputs, scripts, dependencies. Nothing is executed; what is computed in the file (a
 * variable that is set elsewhere, code) is unknown, and said to be. */
#ifndef IR_MANIFEST_MANIFEST_H
#define IR_MANIFEST_MANIFEST_H

#include "ir/context.h"

/* X(name, file names: `*` for any characters). */
#define MANIFEST_KINDS(X)                                                                          \
    X(NPM, "package.json")                                                                         \
    X(GO, "go.mod")                                                                                \
    X(CARGO, "Cargo.toml")                                                                         \
    X(CARGO_CONFIG, "*.cargo/config.toml *.cargo/config")                                          \
    X(MAVEN, "pom.xml")                                                                            \
    X(GRADLE, "build.gradle build.gradle.kts settings.gradle settings.gradle.kts")                 \
    X(PYPROJECT, "pyproject.toml")                                                                 \
    X(PIPFILE, "Pipfile")                                                                          \
    X(SETUP, "setup.cfg setup.py")                                                                 \
    X(REQUIREMENTS, "*requirements*.txt requirements/*.txt")                                       \
    X(GEMFILE, "Gemfile Gemfile.lock")                                                             \
    X(COMPOSER, "composer.json")                                                                   \
    X(DOTNET, "*.csproj *.fsproj *.vbproj")                                                        \
    X(CMAKE, "CMakeLists.txt")                                                                     \
    X(MAKE, "Makefile GNUmakefile makefile")                                                       \
    X(AUTOCONF, "configure.ac configure.in")

/* One for each format. */
enum manifest_kind {
#define X(name, files) MANIFEST_##name,
    MANIFEST_KINDS(X)
#undef X
        MANIFEST_COUNT
};

struct manifest_need {
    struct str name;    /* as the format spells it; PyPI: lower case, `-` for `_` and `.`; Maven:
                           group:artifact */
    struct str version; /* a constraint as written, or empty */
    struct str group;   /* empty: needed at run time; "dev", "test", "build", "optional", or the
                           group's own name */
    bool extras;        /* optional parts are asked for too: name[extras] */
};

struct manifest_needs VEC_OF(struct manifest_need);

struct manifest_value {
    struct str key, value;
    bool computed; /* the value cannot be told: `value` is as written */
};

struct manifest_values VEC_OF(struct manifest_value);

struct manifest {
    enum manifest_kind kind;
    struct str path;
    struct manifest_values values; /* in the file's order; a key may stand more than once */
    struct manifest_needs needs;   /* what it includes (-r, Gemfile.lock: all of it) counts too */
    bool more_values, more_needs;  /* there may be others than these */
    bool others_say;               /* it has settings of tools alone: what the project needs is in
                                      another manifest beside it, if it needs anything */
};

/* The manifest at `path` of the context, as the build sees it. NULL when there is none, it cannot
 * be read, or the file's name is none of those above. Read once a compile. */
const struct manifest *manifest_at(struct compile *c, struct str path);

/* The first value under `key` that is not computed; false when there is none. */
bool manifest_value(const struct manifest *m, struct str key, struct str *value);

#endif
