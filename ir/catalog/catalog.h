/* The catalog: what dfopt knows of commands, package managers, base images.
 *
 * Rows are YAML (one schema, ir/catalog/schema.h; one reader, ir/catalog/read.h). The shipped ones
 * become static sorted tables at build time, a user's own are read at run time and looked up first.
 * Every row names its source and date. */
#ifndef IR_CATALOG_CATALOG_H
#define IR_CATALOG_CATALOG_H

#include "grammar/base/str.h"

struct yaml_node;
struct yaml_error;

/* ---- package managers ---- */

/* What a package manager leaves behind, and the command that removes it. */
enum mess_kind { MESS_LISTS, MESS_CACHE };

struct mess {
    enum mess_kind kind;
    struct str cleanup; /* one simple command, as a person would write it; empty: none that
                           should be added */
    struct str fetch;   /* lists: the command that fetches them, in the same way; empty: none */
    const struct str *sources; /* lists: where it is said from where they come */
    size_t n_sources;
    struct str avoid;        /* an option with which the verbs that take it (`takes-avoid`) do not
                                leave it */
    const struct str *paths; /* globs that it removes: absolute, or `~/..` in the user's home */
    size_t n_paths;
    const struct str *bases; /* base images (name:tag) where it lies there; none: everywhere */
    size_t n_bases;
    bool purge_needs_it; /* the manager's own command for emptying it fails where there is none */
    uint32_t kib;        /* what it typically saves; 0 when not measured */
    bool flat;           /* files alone: `rm` removes them without -r */
    struct str removed_by_base; /* the file by which official images are configured to remove it
                                   themselves (apt's docker-clean); empty: they are not */
};

/* A cache mount that keeps a manager's cache out of the layer. */
struct cache_mount {
    struct str target;       /* absolute, or `~/..` in the user's home */
    struct str sharing;      /* "locked"; empty: the default, shared */
    const struct str *bases; /* base images in which it is there; none: everywhere */
    size_t n_bases;
    bool source; /* what is in it is read by later builds and starts: for build stages alone */
};

struct manager {
    struct str name; /* "apt": what the sets of effects hold */
    const struct mess *messes;
    size_t n_messes;
    const struct str *no_cache_env; /* variables that switch the cache off when they are set */
    size_t n_no_cache_env;
    const struct str *cache_places; /* options and variables that say where the cache is */
    size_t n_cache_places;
    /* Base images (name:tag; `*`, `?` for any characters) whose tool knows the `avoid` option and
     * installs the same with it; those among them of which that is not so, and versions of the tool
     * itself (pip==9.*). */
    const struct str *avoid_known, *avoid_lacking;
    size_t n_avoid_known, n_avoid_lacking;
    struct str purge;             /* the command that removes packages and what came with them */
    struct str lean;              /* an option of the verbs that take it (`takes-lean`), with which
                                     recommended packages are not installed; empty: none */
    const struct str *lean_files; /* globs of files that may say it for all */
    size_t n_lean_files;
    const struct str *lean_words; /* words and values (globs) that say whether they are */
    size_t n_lean_words;
    struct str version_marks;      /* characters that end a package's name (`=` of name=version) */
    const struct str *prune_words; /* verbs and options with which packages go that came for others
                                      and that nothing needs any more */
    size_t n_prune_words;
    const struct str *demotes; /* commands, with their first word, after which nothing that the
                                  script has asked for counts as asked for */
    size_t n_demotes;
    uint32_t records; /* KiB: what a layer in which it installs or removes holds of its own records:
                         database, logs, caches of what is installed */
    const struct cache_mount *mounts;
    size_t n_mounts;

    struct str install; /* the command that installs packages, which stand behind it, and
                           nothing else; empty: it is not known */
    struct str source, date;
};

/* ---- commands ---- */

/* What a command, a verb or an option does. In YAML a word is written with `-` for `_`, in lower
 * case: `does: [network, leaves-cache]`. */
#define CATALOG_DEEDS(X)                                                                           \
    X(NETWORK)       /* uses the network */                                                        \
    X(DAEMON)        /* may start a process that outlives it */                                    \
    X(ASKS)          /* its failure is an answer: what `&&` ties to it may or may not run */       \
    X(HIDDEN)        /* runs code that is not visible: programs in files, recipes, hooks */        \
    X(HARMLESS)      /* as an option: nothing else happens (--help, --dry-run) */                  \
    X(SYSTEM)        /* the distribution ships it and nothing replaces it */                       \
    X(SPECIAL)       /* special builtin: assignments before it stay (XCU 2.14) */                  \
    X(CD)            /* changes the shell's directory to its operand */                            \
    X(STATE)         /* changes the shell's state */                                               \
    X(ASSIGNS)       /* its operands are names or assignments that stay; with STATE: assigns what  \
                        cannot be told */                                                          \
    X(EXIT)          /* ends the shell */                                                          \
    X(RETURN)        /* ends the function that it stands in, and outside of one not every shell */ \
    X(ERREXIT)       /* switches -e */                                                             \
    X(OPTIONS)       /* changes other options of the shell */                                      \
    X(TRACES)        /* of these, what only shows the shell's work (-v, -x) */                     \
    X(NOGLOB)        /* switches path name expansion */                                            \
    X(ALIAS)         /* changes how the text that follows is read */                               \
    X(SOURCES)       /* runs code that is not visible in this shell */                             \
    X(RECURSIVE)     /* as an option: takes whole trees */                                         \
    X(EDITS)         /* operands that are read are written too */                                  \
    X(DELETES)       /* operands that are read are deleted too */                                  \
    X(WRITES_HERE)   /* writes below its directory (--directory options, or the shell's) */        \
    X(WRITES_BESIDE) /* writes beside its operands (gzip), or beside the option's value */         \
    X(SAVES)         /* what it downloads goes to files of its own naming */                       \
    X(OTHER_USER)    /* what it runs has another user's home, and maybe another directory */       \
    X(AS_ROOT)       /* what it runs is run by root, whoever calls it */                          \
    X(FETCHES_LISTS) /* fetches the manager's package lists and leaves them */                     \
    X(NEEDS_LISTS)   /* uses the manager's package lists */                                        \
    X(DROPS_LISTS)   /* removes them */                                                            \
    X(LEAVES_CACHE)  /* leaves files in the manager's cache */                                     \
    X(DROPS_CACHE)   /* empties it */                                                              \
    X(NO_CACHE)      /* as an option: neither lists nor cache are left, lists are not needed */    \
    X(NAMED_AS_PACKAGE) /* puts commands into PATH that are named like the packages */             \
    X(ANY_COMMAND)      /* puts commands into PATH whose names cannot be told */

enum deed {
#define X(name) DEED_##name,
    CATALOG_DEEDS(X)
#undef X
        DEED_COUNT
};

_Static_assert(DEED_COUNT <= 64, "a set of deeds is one uint64_t");

/* A set that holds one deed; `|` joins sets. */
#define DOES(name) (UINT64_C(1) << DEED_##name)

/* How an option's value, or a command's operands, are used. */
enum use {
    USE_NOTHING,  /* option: takes no value; operands: are no files */
    USE_FORCE,    /* option: takes no value; files that are not there are no failure (rm -f) */
    USE_IGNORED,  /* option: takes a value that is no file */
    USE_OPTIONAL, /* option: takes a value only when attached (-iSUFFIX, --color=auto) */
    USE_READS,    /* files, trees */
    USE_ARCHIVE,  /* files that are read and unpacked */
    USE_WRITES,
    USE_DELETES,
    USE_DIRECTORY, /* option: the command works in this directory (tar -C, make -C) */
    USE_TARGET,    /* option: the directory that all operands go to (cp -t) */
    USE_COPY,      /* operands: the last is written, the others are read */
    USE_MOVE,      /* operands: the last is written, the others are deleted */
    USE_LINK,      /* operands: the last is written, the others are named only */
    USE_MODE,      /* operands: the first is a mode that the others get */
    USE_OWNER,     /* operands: the first is an owner that the others get */
    USE_SETTING,   /* operands: the first is something else that the others get */
    USE_FIRST,     /* operands: the first is read and written, the others are texts, which `hazards`
                      in them make write anything */
    USE_MAKES,     /* operands: directories that are made */
    USE_PROGRAM,   /* operands: the first is a program text unless an option gave one (sed, grep);
                      the others are read */
    USE_PROGRAM_TEXT, /* option: gives that program text (sed -e) */
    USE_PROGRAM_FILE, /* option: names a file that holds it (sed -f): read */
    USE_INSTALLS,     /* packages that are installed; paths among them are read */
    USE_PACKAGE_FILE, /* a file that lists packages that are installed */
    USE_REMOVES,      /* packages that are removed */
    USE_COMMAND,      /* the words from here on are a command, after assignments (env, sudo) */
    USE_COMMAND_MORE, /* .. that is given more operands, which cannot be told (xargs) */
    USE_COMMAND_TO_SEMICOLON, /* option: a command up to `;` or `+`, {} being what was found */
    USE_PLACEHOLDER, /* option: a text that stands in the command's words for what cannot be told
                        (xargs -I {}) */
    USE_SCRIPT,      /* option: a text that a new shell runs (sh -c); operands: this shell (eval) */
    USE_SCRIPT_FILE, /* operands: the first is a file of code, the others are its arguments; none:
                        standard input is code */
    USE_KEYED,       /* operands: if=FILE of=FILE (dd) */
    USE_TRAP,     /* operands: an action, then conditions; `hazards` are those that a failure is */
    USE_DOWNLOAD, /* operands: URLs; with SAVES each is written here under its last component,
                     unless an option said where */
    USE_CLONE,    /* operands: a URL and the directory that is written; without one, the URL's
                     last component without .git */
    USE_UNKNOWN   /* may be read, written, deleted */
};

/* How the words after a command's name are told apart. */
enum style {
    STYLE_GNU,        /* -abc are three options, --long, --long=value; options anywhere */
    STYLE_POSIX,      /* as GNU, but options end at the first operand (env, sudo, sh) */
    STYLE_DASH,       /* -word is one option (java, go) */
    STYLE_EXPRESSION, /* as DASH, but operands end where the expression begins (find) */
    STYLE_BUNDLE,     /* as GNU, but the first word is a bundle of letters even without `-` (tar) */
    STYLE_SET,        /* as POSIX, with +abc as well (set) */
    STYLE_PLAIN       /* no options: all are operands (echo, test) */
};

struct command_option {
    const struct str
        *names; /* -o --output; "-o errexit" and "--color=never": with this value only;
                   a longer word of one dash is compared whole before it is taken apart */
    size_t n_names;
    enum use value;
    uint64_t does; /* DOES(..) */
};

/* What is said alike of a command and of one of its verbs. */
struct usage {
    const struct command_option *options; /* a verb's are looked up first, then the command's */
    size_t n_options;
    enum use operands;
    uint32_t skip; /* operands before those that `operands` speaks of (timeout 5 CMD) */
    uint64_t does; /* DOES(..); a verb's and its command's add up */
    const struct str *reads, *writes, *deletes; /* fixed paths; @NAME: a tree list's; ?: anything */
    size_t n_reads, n_writes, n_deletes;
    const struct str *hazards; /* a program text with one of these may do anything (awk's `>`);
                                  ^x: at its start, x$: at its end */
    size_t n_hazards;
};

/* `git clone`, `npm cache clean`: one word or more. One that starts with `-` is an option that acts
 * as a verb (tar -x). "" stands for no verb at all, "*" for any other. */
struct verb {
    const struct str *names;
    size_t n_names;
    struct usage usage;
    bool takes_lean;  /* takes its manager's `lean` option */
    bool takes_avoid; /* takes the option with which its manager's mess is avoided */
};

struct command {
    const struct str *names; /* without a path; or a relative one as it is written: ./configure */
    size_t n_names;
    enum style style;
    struct str manager; /* whose lists and caches its deeds speak of; empty for none */
    struct usage usage;
    const struct verb *verbs; /* when there are any, an unknown one makes the effects unknown */
    size_t n_verbs;
    struct str source, date;
};

/* A list of paths that rows refer to as @name. */
struct tree_list {
    struct str name;
    const struct str *paths;
    size_t n_paths;
    struct str source, date;
};

/* ---- program sources ---- */

/* A language, its source files, and texts in them that are signs of what the program needs at run
 * time (ir/sources.h). Patterns are file names with at most one `*`, or end in a slash:
 * directories. */
struct source_language {
    struct str name;
    const struct str *files, *except; /* except: what only builds and tests read */
    const struct str *commands, *zones, *certificates, *accounts, *native, *libraries, *locales,
        *symbols, *services, *system, *types, *unwinding;
    size_t n_files, n_except;
    const struct str *build_files; /* that say how a project is built and linked */
    const struct str *shares;      /* texts in those: it may build shared libraries of its own */
    const struct str *opens;       /* those of `libraries` that open what they are told, alone */
    size_t n_opens;
    const struct str *name_ends; /* what names of packages that bind a library have behind it */
    size_t n_build_files, n_shares, n_name_ends;
    struct str include; /* the word behind which a source names a header, in <> or quotes */
    size_t n_commands, n_zones, n_certificates, n_accounts, n_native, n_libraries, n_locales,
        n_symbols, n_services, n_system, n_types, n_unwinding;
    struct str source, date;
};

/* ---- what belongs to development ---- */

/* A command that builds, installs, tests, serves sources as they are, or only keeps a container up:
 * an image that starts with it is no application. */
struct development {
    const struct str *names;
    size_t n_names;
    const struct str
        *words; /* first operands (globs), one word or more, with which it is; `*`: any or none;
                   "": none at all */
    size_t n_words;
    const struct str *unless; /* words (globs) with which it is not: options that say what to run */
    size_t n_unless;
    const struct str *runs; /* operands behind which the name of a script of the manifest stands */
    size_t n_runs;
    const struct str *scripts; /* operands that are the name of such a script; `*`: any other */
    size_t n_scripts;
    struct str manifest; /* which has those scripts: package.json */
    bool alone;          /* only as the one command that the container starts */
    bool packaged; /* it is a package of a language: the base image has nothing for it alone */
    struct str source, date;
};

/* ---- toolchains: what builds programs, and where they run ---- */

/* A command that builds, and what it leaves that is used when the program runs. The first row that
 * fits a command counts. */
struct build_command {
    const struct str *runs; /* "go build": the command's name and its first words */
    size_t n_runs;
    const struct str *options; /* all of these must be given */
    size_t n_options;
    const struct str *manifest; /* files that are looked for in its directory, and options that name
                                   one: the first that is there counts */
    size_t n_manifest;
    bool alone;       /* with no other words than those of `runs` */
    bool environment; /* what it makes is a directory that later commands install in */
    /* Alternatives; the first whose placeholders can all be told counts. Each names paths with
     * blanks between them, relative ones in the command's directory; "" is: nothing. Placeholders
     * are {-o} the value of an option, {$NAME} a variable, {1} a word behind those of `runs`,
     * {key} a value of the manifest, {@name} what ir/toolchain.c works out. */
    const struct str *artifacts;
    size_t n_artifacts;
    bool whole;  /* it may change anything in its directory: the program runs there */
    bool closed; /* what it builds has no code but that of sources in its directory */
    bool again;  /* it is done again where the program runs: what it leaves cannot be taken over */
    const struct str *prefix; /* options that choose where a later command installs */
    size_t n_prefix;
    struct str prefix_default; /* where it does without any */
    const struct str *outputs; /* WHOLE: options that say where it writes; `*`: its words may */
    size_t n_outputs;
    const struct str *places; /* options that name other directories for that: `*` as in globs */
    size_t n_places;
    const struct str *defaults; /* NAME=value: variables of its file */
    size_t n_defaults;
    const struct str *after; /* commands to run where libraries went over that it installed */
    size_t n_after;
    /* Commands that are run there afterwards, to remove what only builds use. */
    const struct str *prunes;
    size_t n_prunes;
    const struct str *links; /* libraries (NAME of -lNAME) that it links with unasked */
    size_t n_links;
    struct str stripped; /* an option, or NAME=value, that leaves out what debuggers alone read */
    const struct str *stripped_on; /* base images (name:tag) whose tool knows it; none: all */
    size_t n_stripped_on;
    const struct str *prunes_on; /* base images (name:tag) whose tool knows them */
    size_t n_prunes_on;
};

struct toolchain {
    struct str name;
    struct str language;            /* of `sources` */
    struct str registry;            /* of `modules`: npm */
    bool compiled;                  /* what it builds runs without its sources */
    const struct str *source_files; /* patterns of files that only builds read */
    size_t n_source_files;
    const struct build_command *builds;
    size_t n_builds;
    const struct str *libraries; /* option=package: what is built needs it */
    size_t n_libraries;
    /* Images without a shell that its programs run on, {release} being the distribution's version:
     * in general, and when the variable of `static_when` (NAME=value) is set. */
    struct str minimal, minimal_static, static_when;
    /* .. unless an option or a value of the command, or of these variables, matches. */
    const struct str *dynamic_with, *dynamic_env;
    size_t n_dynamic_with, n_dynamic_env;
    struct str minimal_release;    /* of `minimal_static`, where the build's own has none */
    const struct str *minimal_has; /* packages that these have, by any distribution's name */
    size_t n_minimal_has;
    struct str minimal_plain;   /* .. when they are linked with `plain_links` alone */
    struct str minimal_nothing; /* .. when they are static and need no file beside themselves */
    /* The file that runs its programs, of the images of `interpreter_on` (name:tag); they set the
     * variables of `interpreter_env`, and `minimal` does not. On other platforms than these it
     * needs libraries that `minimal` lacks. */
    struct str interpreter;
    uint32_t interpreter_mb;
    const struct str *interpreter_on, *interpreter_env, *interpreter_platforms;
    size_t n_interpreter_on, n_interpreter_env, n_interpreter_platforms;
    const struct str *pure; /* libraries without code of another language; those below them too */
    size_t n_pure;
    const struct str *traces; /* variables with which its programs write stack traces */
    size_t n_traces;
    const struct str *links, *plain_links; /* libraries (-lNAME) that `minimal`, and
                                              `minimal_plain`, have */
    size_t n_links, n_plain_links;
    struct str source, date;
};

/* On what programs run that were built on an image of this family: one of the same distribution and
 * release. */
struct runtime_image {
    struct str name;         /* the family; "FAMILY:alpine": its images of Alpine */
    const struct str *image; /* the first that exists; {version} and {suite} are the base image's.
                                None: its slim one */
    size_t n_image;
    const struct str *smallest; /* at -O3, of another distribution; the same alternatives */
    size_t n_smallest;
    const struct str *versions; /* those alone; none: all */
    size_t n_versions;
    const struct str *lacks; /* commands that programs may use, and only the others have */
    size_t n_lacks;
    const struct str *has; /* commands that all images have, beside those of Debian's packages */
    size_t n_has;
    const struct str *registries; /* "pip=/usr/local": where packages of a language are installed;
                                     {minor} is the first two numbers of the version */
    size_t n_registries;
    const struct str *tags; /* those alone: `image` has the same by a documented scheme ({tag}),
                               although its tags are not listed */
    size_t n_tags;
    const struct str *env; /* "NAME=": what the smaller image sets and the others set to nothing */
    size_t n_env;
    const struct str *builds; /* packages that only builds need, by the distribution's names;
                                 "NAME=LIBRARY": what is linked may need that one */
    size_t n_builds;
    bool below;         /* the image that it is built on says it, all but `workdir` */
    struct str manager; /* of the distribution's packages */
    struct str certificates, zones, types; /* packages; empty: it has them, or others have none */
    struct str workdir;                    /* that the others set; empty: the same */
    const struct str *home;                /* directories that the others alone have */
    size_t n_home;
    bool itself; /* there is none smaller: programs run on the image that they are built on */
    bool same_libraries; /* it has all shared libraries that programs find when they are built */
    bool same_commands;  /* .. and all commands */
    const struct str *links; /* libraries (-lNAME) that it has in any case */
    size_t n_links;
    struct str source, date;
};

/* A base image whose tools link a runtime of their own modules: what that needs to stand in for
 * the image. */
struct linker {
    struct str name;
    const struct str *images; /* patterns of name:tag, the tag being the most specific one */
    size_t n_images;
    struct str language;  /* of `sources`: of the programs that the runtime is for */
    const struct str *on; /* the image that it runs on: the first that exists; {suite} is the base
                             image's */
    size_t n_on;
    struct str home;       /* where the base image has it; {version} is its first number */
    const struct str *env; /* NAME=value: what the base image sets; {version} */
    size_t n_env;
    const struct str *copies; /* what of the base image goes over besides */
    size_t n_copies;
    const struct str *has; /* commands of that image and of the runtime */
    size_t n_has;
    const struct str *changed_by; /* commands that change the one of the base image */
    size_t n_changed_by;
    struct str program;      /* the word behind which a command of its language names the program */
    const struct str *plain; /* patterns of options that ask for no module */
    size_t n_plain;
    const struct str *libraries; /* patterns of files that have code of others */
    size_t n_libraries;
    const struct str *refuses; /* texts in commands and variables that ask for other modules */
    size_t n_refuses;
    struct str source, date;
};

/* How a release of such tools does it. */
struct linkage {
    struct str name;
    const struct str *versions; /* patterns of the base image's version */
    size_t n_versions;
    const struct str *link; /* the command, in parts for a line each */
    size_t n_link;
    const struct str *exact; /* the same with the modules of {program} and few others; none: it
                                cannot */
    size_t n_exact;
    struct str output; /* the directory that it makes */
    struct str source, date;
};

/* ---- what lies about in projects ---- */

/* A file or directory in a project that no program needs when it runs. */
struct leftover {
    const struct str *names; /* `*`, `?` for any characters */
    size_t n_names;
    const struct str *made_by; /* commands (name and first operand) that make it anew: without one
                                  of these in the build, what is there is used */
    size_t n_made_by;
    const struct str *used_by; /* commands that may use it */
    size_t n_used_by;
    const struct str *marks; /* texts in a project's files that say that a build uses it */
    size_t n_marks;
    const struct str *beside; /* files of which one must be in the same directory; none: anywhere */
    size_t n_beside;
    struct str source, date;
};

/* ---- what installs a project's dependencies ---- */

/* A command that reads nothing of the project but the files that list its dependencies. */
struct dependency_install {
    struct str name;           /* "npm ci": the command and all of its operands */
    const struct str *options; /* of which one must be given; none: no matter */
    size_t n_options;
    struct str listed_by; /* the option whose value is the list (pip's -r); empty: `manifest` is */
    struct str manifest;  /* in the command's directory */
    const struct str *needs; /* of which one must be there too; none: no matter */
    size_t n_needs;
    const struct str *also; /* that are read when they are there */
    size_t n_also;
    const struct str *hooks; /* values of the manifest with which the command reads more */
    size_t n_hooks;
    const struct str *against; /* names in the directory with which it reads or makes more */
    size_t n_against;
    struct str source, date;
};

/* ---- the catalog and its look-ups ---- */

struct catalog;

/* The shipped rows. */
const struct catalog *catalog_shipped(void);

/* `base` with the rows of a user's `catalog:` in front. NULL when a row is refused: then `error`
 * says where and why. Borrows from the tree and the arena. */
const struct catalog *catalog_extend(struct arena *a, const struct catalog *base,
                                     const struct yaml_node *rows, struct yaml_error *error);

/* Each gives NULL when there is no such row. */
const struct manager *catalog_manager(const struct catalog *c, struct str name);
const struct mess *catalog_mess(const struct manager *m, enum mess_kind kind);
const struct command *catalog_command(const struct catalog *c, struct str name);

/* What is known of shell code by its file's path, or by the address it is downloaded from: the row
 * that has a pattern with `*` for it among its names. */
const struct command *catalog_script(const struct catalog *c, struct str place);
const struct tree_list *catalog_trees(const struct catalog *c, struct str name);

/* The items of a row's list; those of the lists that it refers to (`@name`) in their place. */
struct strs catalog_items(const struct catalog *c, struct arena *arena, const struct str *items,
                          size_t n);

/* The list of that name has the item, to the letter. */
bool catalog_lists(const struct catalog *c, struct str list, struct str item);

/* An item of the list is a pattern (str_matches) of `text`. */
bool catalog_lists_like(const struct catalog *c, struct str list, struct str text);

const struct dependency_install *catalog_install_at(const struct catalog *c, size_t i);
size_t catalog_install_count(const struct catalog *c);
const struct leftover *catalog_leftover_at(const struct catalog *c, size_t i);
size_t catalog_leftover_count(const struct catalog *c);
const struct development *catalog_development(const struct catalog *c, struct str name);
const struct source_language *catalog_source_language(const struct catalog *c, struct str name);

/* All toolchains, a user's own first: 0 .. count - 1. */
size_t catalog_toolchain_count(const struct catalog *c);
const struct toolchain *catalog_toolchain_at(const struct catalog *c, size_t i);
const struct runtime_image *catalog_runtime_image(const struct catalog *c, struct str family);

/* The first linker that knows the image (name:tag); the linkage of the version. NULL: none. */
const struct linker *catalog_linker(const struct catalog *c, struct str image);
const struct linkage *catalog_linkage(const struct catalog *c, struct str version);

/* All managers, a user's own first: 0 .. count - 1. */
size_t catalog_manager_count(const struct catalog *c);
const struct manager *catalog_manager_at(const struct catalog *c, size_t i);

#endif
