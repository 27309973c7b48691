/* Debian packages: their sizes and relations, and what stands for what: commands and language
 * packages for packages, -dev packages for the libraries that remain.
 *
 * Relations are those of one release (the rows' `source` says which); names of shared libraries
 * differ between releases, those of tools hardly do. A look-up that finds no row says so: nothing
 * is guessed from a name. */
#ifndef IR_CATALOG_PACKAGES_H
#define IR_CATALOG_PACKAGES_H

#include "grammar/base/map.h"
#include "grammar/base/str.h"

struct catalog;

/* ---- rows ---- */

struct package {
    struct str name;
    uint32_t kib;  /* Installed-Size */
    uint32_t docs; /* KiB of that: documentation, manuals, translations */
    uint32_t made; /* KiB that its scripts make beside it: compiled modules, caches */
    struct str depends, recommends; /* groups, a blank between them; `a|b`: one of them */
    struct str elsewhere;           /* what other releases recommend and this one does not */
    bool minimal;                   /* in every image of Debian, slim ones too */
    bool development;               /* its archive section: headers, compilers, documentation */
    struct str source, date;
};

/* A release that the rows' relations hold for: `of_rows`, or with what they say of `elsewhere`. */
struct package_release {
    struct str name; /* bookworm */
    bool of_rows;
    const struct str
        *lacks; /* packages that recommend or are recommended, and that it does not have */
    size_t n_lacks;
    struct str source, date;
};

/* A name that other packages provide, the usual choice first. */
struct virtual_package {
    struct str name;
    const struct str *providers;
    size_t n_providers;
    struct str source, date;
};

/* The shared libraries behind a -dev package. */
struct header_release {
    struct str release;
    const struct str *runtime;
    size_t n_runtime;
};

struct header_package {
    struct str name;
    const struct str *runtime; /* where `in` does not name the release */
    size_t n_runtime;
    const struct header_release *in;
    size_t n_in;
    const struct str *absent; /* releases that do not have it */
    size_t n_absent;
    const struct str *alpine, *alpine_runtime; /* the same on Alpine */
    size_t n_alpine, n_alpine_runtime;
    /* How programs ask for it: -lNAME; a header, or `DIRECTORY/`, as #include names it; other names
     * of pkg-config and CMake, in lower case. */
    const struct str *links, *includes, *modules;
    size_t n_links, n_includes, n_modules;
    struct str source, date;
};

/* Whether a package is needed once all is built. */
#define PACKAGE_KEEPS(X)                                                                           \
    X(UNKNOWN)                                                                                     \
    X(NEVER)            /* for building alone */                                                   \
    X(UNLESS_USED)      /* not needed when nothing in the container is seen to use it */           \
    X(UNLESS_ALL_KNOWN) /* .. when all that runs in the container is known, and none uses it */    \
    X(ALWAYS)

enum package_keep {
#define X(name) KEEP_##name,
    PACKAGE_KEEPS(X)
#undef X
};

struct package_role {
    struct str name;
    enum package_keep keep;
    struct str language;       /* that it is a development kit of */
    const struct str *instead; /* what its programs run with */
    const struct str *opens;   /* .. those that open libraries which they are not linked with */
    size_t n_instead, n_opens;
    struct str source, date;
};

struct alpine_name {
    struct str name;
    const struct str *alpine, *alternatives; /* all of `alpine` are needed */
    size_t n_alpine, n_alternatives;
    bool verified;
    struct str source, date;
};

struct command_provider {
    struct str package;
    const struct str *commands, *also; /* also: packages that have them as well */
    size_t n_commands, n_also;
    struct str source, date;
};

/* A package that others recommend: when it is missed. That one of its own commands runs always
 * counts. With none of the keys: never. */
struct recommended_package {
    const struct str *names;
    size_t n_names;
    const struct str *commands; /* missed where one of these runs */
    const struct str *packages; /* .. or one of these is installed */
    size_t n_commands, n_packages;
    bool always; /* .. by what cannot be seen: certificates, fonts */
    bool hidden; /* .. where hidden code runs in the build: build systems, hooks */
    bool builds; /* .. where a language package may be compiled */
    struct str source, date;
};

/* A package of a language's registry, as "manager:name", that needs something of the system. Names
 * of -dev packages in `run` stand for their libraries. */
struct module {
    const struct str *names;
    size_t n_names;
    bool prebuilt;           /* the registry has builds, which need nothing of `build` */
    bool system;             /* it starts programs, or opens libraries, of a distribution */
    const struct str *since; /* "3.9 1.19.3": for this version of the interpreter from that on */
    const struct str *build, *run;
    const struct str
        *finds; /* -dev packages whose libraries it uses when it is built where they are */
    size_t n_since, n_build, n_run, n_finds;
    struct str source, date;
};

/* A command that installs packages of a language's registry. */
struct dependency_command {
    const struct str *names;
    size_t n_names;
    const struct str *verbs; /* first words with which it does; "" for none */
    size_t n_verbs;
    struct str registry; /* "pip": as in the names of modules */
    bool unlisted;       /* no rows say what its packages need: that is not known of any of them */
    const struct str *manifests; /* what it reads in its directory when it is given no packages */
    size_t n_manifests;
    struct str source, date;
};

/* Commands whose code is that of a language: in the context's sources, or in its packages. */
struct language_program {
    const struct str *names;
    size_t n_names;
    struct str language; /* as in `sources` */
    struct str source, date;
};

/* Packages beyond its own that a command calls for. */
struct helper {
    struct str name; /* what it is for */
    const struct str *names;
    size_t n_names;
    const struct str *options, *words; /* only with one of these; words are globs */
    size_t n_options, n_words;
    const struct str *packages;
    size_t n_packages;
    struct str source, date;
};

/* A program that starts others, as lines of its settings say: `command=..`, `web: ..`. */
struct starter {
    const struct str *names, *files; /* its own; of its settings, as globs */
    size_t n_names, n_files;
    const struct str *users; /* that may stand before the command */
    size_t n_users;
    bool times;     /* five words that say when, or one with an @, are before the command */
    struct str key; /* what stands before `=`; empty: any name before a colon, if no times */
    struct str source, date;
};

/* Commands that the images of a family bring beside the distribution's packages. */
struct image_commands {
    struct str name; /* of the family */
    const struct str *commands;
    size_t n_commands;
    struct str source, date;
};

/* ---- look-ups: each gives NULL, or an empty name, when there is no such row ---- */

const struct package *catalog_package(const struct catalog *c, struct str name);
const struct package_release *catalog_package_release(const struct catalog *c, struct str suite);
const struct virtual_package *catalog_virtual(const struct catalog *c, struct str name);
const struct header_package *catalog_headers(const struct catalog *c, struct str name);
const struct alpine_name *catalog_alpine(const struct catalog *c, struct str name);
const struct recommended_package *catalog_recommended(const struct catalog *c, struct str name);
const struct module *catalog_module(const struct catalog *c, struct str manager_name);
const struct dependency_command *catalog_dependencies(const struct catalog *c, struct str command);
const struct language_program *catalog_program(const struct catalog *c, struct str command);

/* All rows, a user's own first: NULL behind the last. */
const struct command_provider *catalog_provider_at(const struct catalog *c, size_t i);
const struct helper *catalog_helper_at(const struct catalog *c, size_t i);
const struct starter *catalog_starter_at(const struct catalog *c, size_t i);

/* Who has the command, by its name without a path; NULL when no row says. */
const struct command_provider *catalog_provider(const struct catalog *c, struct str command);
struct str catalog_command_package(const struct catalog *c, struct str command);

/* Whether the package has to be built: YES unless the registry is known to have a build of the
 * `version` that is asked for (as written: "==1.2", ">=2", empty) for the interpreter's own. */
bool catalog_module_builds(const struct module *m, struct str interpreter, struct str version);

/* Whether images of the family bring the command. */
bool catalog_image_brings(const struct catalog *c, struct str family, struct str command);

/* NULL where no row says. */
const struct package_role *catalog_role(const struct catalog *c, struct str package);

/* KEEP_UNKNOWN where neither a row nor the archive's section says. */
enum package_keep catalog_keep(const struct catalog *c, struct str package);

/* The libraries that the -dev package's programs need in a release ("bookworm"). False when the
 * package has no row or the release does not have it. */
bool catalog_runtime(const struct catalog *c, struct str headers, struct str release,
                     const struct str **names, size_t *n);

/* ---- closures ---- */

/* Packages in the order in which they were chosen. */
struct packages {
    struct strs names;
    struct map known; /* name → struct package; also names that packages provide */
    uint64_t kib;
    struct strs missing; /* names without a row: what these would pull in is not known */
};

enum recommends {
    RECOMMENDS_NONE,
    RECOMMENDS_OWN, /* of the release of the rows */
    RECOMMENDS_ALL  /* and of the others: for these it may be too many, not too few */
};

/* What installing `names` adds to `have` (NULL: nothing) and to the packages that every Debian
 * image has, chosen as apt does: of alternatives the first that is there, else the first that
 * exists. */
struct packages packages_closure(const struct catalog *c, struct arena *a, const struct strs *names,
                                 enum recommends recommends, const struct packages *have);

/* The package, or one that provides it, is among them. Those that every Debian image has always
 * are. */
bool packages_have(const struct catalog *c, const struct packages *p, struct str name);

/* The commands that the packages bring along. */
struct strs packages_commands(const struct catalog *c, struct arena *a, const struct packages *of);

/* Takes out of the names those that another of them depends on: they need not be named. */
void packages_drop_implied(const struct catalog *c, struct arena *a, struct strs *names);

/* The first of the names that the release (a suite) is not known to have; empty: it has them all.
 */
struct str packages_lacking(const struct catalog *c, struct str suite, const struct strs *names);

/* A package that goes when recommendations are not followed, and who recommends it. */
struct lost_recommend {
    struct str name, by;
};

struct lost_recommends VEC_OF(struct lost_recommend);

/* What an installation loses without its recommendations. */
struct recommends_loss {
    struct packages kept;         /* the closure without them */
    struct packages lost;         /* what they add to it */
    struct lost_recommends roots; /* those of `lost` that a package of `kept` recommends itself */
};

struct recommends_loss packages_lost(const struct catalog *c, struct arena *a,
                                     const struct strs *names, enum recommends recommends,
                                     const struct packages *have);

#endif
