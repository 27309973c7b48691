/* split-stage: one stage that builds and runs becomes a build stage and a final one. Private to
 * passes/split_stage/.
 *
 * Each step of the stage's RUNs has a role, and each instruction a fate in the final stage that
 * follows from it: it stays behind in the build stage, or is repeated, whole or in part; what the
 * build stage made and the program uses goes over with COPY --from. */
#ifndef PASSES_SPLIT_STAGE_SPLIT_H
#define PASSES_SPLIT_STAGE_SPLIT_H

#include "ir/catalog/packages.h"
#include "ir/project.h"
#include "ir/sources.h"
#include "ir/toolchain.h"
#include "passes/legality.h"

/* X(id, sentence): why a stage is not split. */
#define SPLIT_REASONS(X)                                                                           \
    X(NO_COMMAND, "no-command",                                                                    \
      "no command is given to start with: it is taken for an image to build on or to work in")     \
    X(TOOL, "tool-image",                                                                          \
      "it starts with a shell or a tool to build with: it is not taken for an application")        \
    X(HIDDEN_COMMAND, "hidden-command",                                                            \
      "what it starts is not seen: whether that needs the tools of the image cannot be told")      \
    X(BASE, "base", "no smaller image of the same release is known for programs built on it")      \
    X(BASE_VARIABLE, "base-variable", "a variable names the base image")                           \
    X(SHELL, "shell", "the shell is not a POSIX one, or its script is not understood")             \
    X(BACKGROUND, "background-job", "a part of it runs in the background")                         \
    X(UNKNOWN_WRITES, "unknown-writes",                                                            \
      "what it writes is not known: a comment `# dfopt: effects writes=PATH,..` above it would "   \
      "tell")                                                                                      \
    X(ARTIFACT, "artifact",                                                                        \
      "what it builds cannot be told: a comment `# dfopt: effects writes=PATH,..` above it would " \
      "tell")                                                                                      \
    X(REMOVED, "removed", "what it leaves may be removed again before the build ends")             \
    X(MIXED_RUN, "mixed-run",                                                                      \
      "it builds and prepares the image in one script that cannot be taken apart")                 \
    X(SYSTEM_TREE, "system-tree",                                                                  \
      "it writes to a directory of the system that cannot go over "                                \
      "as a whole")                                                                                \
    X(CONTEXT, "context",                                                                          \
      "what the program reads beside itself cannot be told without the build context")             \
    X(SOURCES, "sources",                                                                          \
      "whether the program starts others cannot be told from its sources: a comment `# dfopt: "    \
      "effects needs=PACKAGE,..` above the RUN that builds it would tell")                         \
    X(RUN_COMMAND, "run-command", "the smaller base image lacks what is run or read here")         \
    X(TRIGGER, "onbuild", "ONBUILD runs in builds that are not seen")                              \
    X(DIGEST, "digest", "the image is pinned by its digest")                                       \
    X(COMMANDS, "commands", "the smaller base image lacks a command that is used at run time")     \
    X(LIBRARIES, "libraries",                                                                      \
      "which shared libraries the program opens cannot be told: a comment `# dfopt: effects "      \
      "needs=PACKAGE,..` above the RUN that builds it would tell")                                 \
    X(OWN_LIBRARIES, "own-libraries",                                                              \
      "the project may build shared libraries of its own, and a program of it goes over alone")    \
    X(OTHER_IMAGE, "other-image",                                                                  \
      "which shared libraries what comes from another image opens cannot be told")                 \
    X(HEADERS, "headers",                                                                          \
      "which libraries programs that are built with this package need is not known: a comment "    \
      "`# dfopt: effects needs=PACKAGE,..` above the RUN that builds them would tell")             \
    X(OWNERS, "owners",                                                                            \
      "files that go over have different owners, or one whose name no flag takes")                 \
    X(VOLUME, "volume", "files are written below a volume")                                        \
    X(MOUNT, "mount", "a mount of the RUN keeps what it builds out of the image")                  \
    X(PACKAGES, "packages", "which of the packages are needed at run time cannot be told")         \
    X(LISTS, "no-lists",                                                                           \
      "it installs without fetching package lists: nothing but what the base image has")           \
    X(RELEASE, "release", "this package cannot be installed in the base image's release")          \
    X(NO_PROGRAM, "no-program", "what the image starts is nothing that is built here")             \
    X(PRAGMA, "pragma", "a pragma keeps an instruction of the stage as it is")                     \
    X(LINK_RELEASE, "link-release",                                                                \
      "how this release of the tools links a runtime of its own modules is not known")             \
    X(LINK_ENTRY, "link-entry",                                                                    \
      "what the base image starts with would be lost with a runtime of its own modules alone")     \
    X(LINK_COMMANDS, "link-commands",                                                              \
      "a runtime of modules alone lacks a command that may be used at run time")                   \
    X(LINK_LIBRARIES, "link-libraries",                                                            \
      "the program may open libraries that are not there with a runtime of modules alone")         \
    X(LINK_MODULES, "link-modules", "it asks for modules that a runtime has not by itself")        \
    X(OWN_RUNTIME, "own-runtime", "the file changes or names the runtime that the base image has") \
    X(LINK_PACKAGES, "link-packages",                                                              \
      "packages of another release would be installed beside a runtime of modules alone")

enum split_reason {
#define X(id, name, sentence) SPLIT_##id,
    SPLIT_REASONS(X)
#undef X
};

extern const struct rule split_rules[];

enum step_role {
    STEP_SHELL,    /* changes its shell alone: cd, set -e */
    STEP_NOTHING,  /* leaves nothing: a test, a listing */
    STEP_BUILD,    /* a command of a toolchain */
    STEP_ACCOUNTS, /* users and groups */
    STEP_FILES,    /* writes or deletes files that are known */
    STEP_PACKAGES, /* installs, removes or tidies up the distribution's packages */
    STEP_UNKNOWN
};

struct split_step {
    const struct step *step;
    enum step_role role;
    struct built built; /* BUILD */
    bool told;          /* FILES: a pragma says what it writes */
    bool lists;         /* PACKAGES: of package lists and caches alone */
    bool repeated;      /* in the final stage */
    bool late;          /* .. behind what goes over */
    struct str text;    /* REPEATED: what the final stage has instead; empty: the same */
    struct str made;    /* REPEATED: a directory that it needs and nothing made yet */
};

struct split_steps VEC_OF(struct split_step);

struct split_instr {
    struct instr *i;
    struct split_steps steps; /* RUN alone */
    bool chain;               /* its steps are joined by `&&` alone */
    bool repeated;            /* no RUN: in the final stage too */
    struct strs texts;        /* .. as these instructions, when it is not the same */
};

struct split_instrs VEC_OF(struct split_instr);

/* What goes over. */
struct carry {
    struct str path;
    struct str owner; /* of --chown; empty: root */
    bool whole;       /* a tree */
    const struct instr *by;
};

struct carries VEC_OF(struct carry);

struct split_plan {
    struct stage *stage;
    bool in_place; /* nothing of it builds: its base alone changes */
    struct runtime runtime;
    const struct toolchain *toolchain; /* the last one that builds */
    struct project project;
    struct split_instrs instrs; /* those behind FROM */
    struct split_instrs others; /* IN PLACE: the RUNs of stages that are copied from */
    size_t n_build;             /* the first of them stay in the build stage */
    struct strs trees;          /* directories that go over whole, for anything may be in them */
    struct strs used;           /* paths that the container's commands name */
    struct strs commands;       /* names of the commands that run in the container */
    size_t n_started;           /* the first of them; HEALTHCHECK alone runs the others */
    struct strs words;          /* their other words */
    struct strs programs;       /* paths of those that are started by their path */
    bool all_known;             /* no others do */
    bool words_known;           /* .. and no other words are given to them */
    struct carries carries;
    struct strs installed;  /* packages of the file that the final stage has too */
    struct strs dropped;    /* those that it has not, and that the file leaves in the image */
    bool told;              /* comments say all that what is built needs */
    bool links;             /* what is built may be linked with libraries of packages */
    struct strs packages;   /* that it installs beside those */
    struct strs path;       /* directories that PATH needs */
    struct strs unset;      /* variables that the base image sets and the smaller one does not */
    struct strs settings;   /* .. that the final stage names: NAME=VALUE */
    bool accounts;          /* users go over with their files */
    struct str interpreter; /* that goes over first; empty: none */
    bool nothing;           /* the final stage is made from nothing: no PATH is set */
    struct strs after;      /* commands that it runs once all has gone over */
    struct str name;        /* of the build stage */
    struct linked linked;   /* the runtime that the build stage can link; `by` NULL: it cannot */
    bool links_runtime;     /* .. and the final stage has */
    struct str program;     /* .. with the modules of this one alone; empty: all of a runtime */
    struct why not_linked;  /* why it does not; nothing: it does, or no base image can */
    struct strs prunes;     /* commands that the build stage runs at its end, in `prune_in` */
    struct str prune_in;
    struct strs cleanups; /* .. wherever it is */
};

/* ---- roles.c ---- */

/* Takes one RUN apart; p->toolchain is the last one seen to build. False when a step of it is not
 * understood. */
bool split_read_run(struct compile *c, struct split_plan *p, struct split_instr *in,
                    struct why *why);

/* Takes the stage's RUNs apart. */
bool split_read(struct compile *c, struct split_plan *p, struct why *why);

/* ---- fates.c ---- */

/* What becomes of each instruction, and what goes over. */
bool split_decide(struct compile *c, struct split_plan *p, struct why *why);

/* ---- carries.c ---- */

/* Of the larger base image alone, and nothing that the file made there. */
bool split_is_left(const struct split_plan *p, struct str path);

/* A directory of the system, in which others have files too. */
bool split_is_shared(struct compile *c, struct str path);

/* What is at `path` goes over, with a tree or by itself. */
bool split_goes_over(const struct split_plan *p, struct str path);

/* Lets `what` go over; refuses what COPY cannot take. */
bool split_carry(struct compile *c, struct split_plan *p, struct carry what, struct why *why);

/* Directories in which a build may have changed anything: fills p->trees. */
void split_find_trees(struct compile *c, struct split_plan *p);

/* Lets go over what step `s` of the plan's instruction `at` builds. */
bool split_carry_artifacts(struct compile *c, struct split_plan *p, size_t at,
                           const struct split_step *s, struct why *why);

/* ---- removed.c ---- */

/* At the end of the stage's instructions: nothing is there any more, where something was made. */
enum tri split_is_removed(struct compile *c, const struct split_plan *p, struct str path);

/* It does not go over; refuses where that cannot be told. */
bool split_drop_removed(struct compile *c, struct split_plan *p, struct why *why);

/* ---- files.c ---- */

/* Decides on a step that writes files. */
bool split_decide_files(struct compile *c, struct split_plan *p, struct split_instr *in,
                        struct split_step *s, struct why *why);

/* `path` is in a directory that builds work in and that nothing else looks at. */
bool split_is_scratch(struct compile *c, const struct split_plan *p, struct str path);

/* Nothing is known to make what is at `path`, and it is none of the base image's: a build that may
 * write anything has. */
bool split_may_be_built(struct compile *c, const struct split_plan *p, struct str path);

/* ---- copies.c ---- */

/* COPY, ADD and settings. */
bool split_decide_copies(struct compile *c, struct split_plan *p, struct why *why);

/* ---- prune.c ---- */

/* What can be removed at the end of the build stage: fills p->prunes and p->cleanups. */
void split_prune(struct compile *c, struct split_plan *p);

/* ---- minimal.c ---- */

/* Takes an image without a shell and packages, if the program needs neither. */
bool split_minimal(struct compile *c, struct split_plan *p);

/* ---- link.c ---- */

/* Takes a runtime that the build stage links of its own modules, or fills p->not_linked. */
void split_link(struct compile *c, struct split_plan *p);

/* The file changes the runtime that the base image has: what the final image has instead would not
 * be the same. `where` names it: a file, a variable, a command. */
bool split_changes_runtime(struct compile *c, const struct split_plan *p, struct why *where);

/* ---- link_program.c ---- */

/* The program that is all that the runtime is for, where its code is known to the end and asks for
 * modules by no other means than being linked with them; else empty. */
struct str split_only_program(struct compile *c, const struct split_plan *p);

/* ---- link.c ---- */

/* The RUN that links it. */
struct str split_link_run(struct compile *c, const struct split_plan *p);

/* ---- packages.c ---- */

/* Of one step: which of its packages the final stage has. */
bool split_packages(struct compile *c, struct split_plan *p, struct split_instr *in,
                    struct split_step *s, struct why *why);

/* The libraries that programs built with it need. False when they are not known. */
bool split_libraries(struct compile *c, const struct split_plan *p, struct str name,
                     struct strs *out);

/* What the program needs is installed with what the file installs, where that asks for no
 * recommended packages. */
void split_join_packages(struct compile *c, struct split_plan *p);

/* What is installed in the final stage is found in lists that it fetches. */
bool split_check_lists(const struct split_plan *p, struct why *why);

/* Once all are decided: which fetch and remove package lists. */
void split_package_lists(struct split_plan *p);

/* No step with packages that is not done again has written files of its own: they would be lost. */
bool split_check_files(struct compile *c, const struct split_plan *p, struct why *why);

/* ---- used.c ---- */

/* What the container's commands and scripts name and run. */
bool split_used(struct compile *c, struct split_plan *p, struct why *why);

/* Whether a command of the container names a script of a manifest: `npm start`, `npm run NAME`. */
bool split_starts_script(const struct split_plan *p, struct str name);

/* ---- commands.c ---- */

/* What the image that is built on has, as far as packages go. False when that is not known. */
bool split_base_packages(struct compile *c, const struct split_plan *p, struct packages *out);

/* The file makes the command, or has it from the context. What is installed in a tree that goes
 * over is not known by name. */
bool split_brings_command(const struct split_plan *p, struct str name);

/* The command is in the smaller image, or of a package that the file installs there. */
bool split_has_command(struct compile *c, const struct split_plan *p, struct str name);

/* What the container runs is in the final stage, or is installed there: fills p->packages and
 * p->path. */
bool split_check_commands(struct compile *c, struct split_plan *p, struct why *why);

/* ---- libraries.c ---- */

/* What is built is linked with libraries that the final stage has, or installs: fills p->packages.
 */
bool split_check_libraries(struct compile *c, struct split_plan *p, struct why *why);

/* ---- needs.c ---- */

/* What the program uses at run time is in the final stage, or is installed there. */
bool split_needs(struct compile *c, struct split_plan *p, struct why *why);

/* .. beside packages of data: certificates, time zones, types of files. */
bool split_needs_more_than_data(const struct split_plan *p);

/* The final stage installs the libraries behind the -dev package, or the package itself. */
void split_want_libraries(struct compile *c, struct split_plan *p, struct str name);

/* The final stage installs the package too. */
void split_want(struct compile *c, struct split_plan *p, struct str package);

/* ---- rebase.c ---- */

/* The stage builds nothing, and the base image is one to build in. */
bool split_may_rebase(struct compile *c, const struct stage *stage);

/* What was built elsewhere, and what is done to the image, goes with the smaller one. */
bool split_rebase(struct compile *c, struct split_plan *p, struct why *why);

/* Changes the base image of the stage. */
bool split_write_rebased(struct compile *c, const struct split_plan *p);

/* ---- settings.c ---- */

/* Fills p->unset and p->settings. */
void split_settings(struct compile *c, struct split_plan *p);

/* ---- owners.c ---- */

/* The owner of what goes over at `path`; false when there are several. */
bool split_owner(struct compile *c, const struct split_plan *p, const struct carry *what,
                 struct str *owner);

/* ---- write.c ---- */

/* An instruction of the final stage: a new one, or one that moves there. */
struct split_line {
    struct str text;
    struct instr *moved; /* NULL: new */
};

struct split_lines VEC_OF(struct split_line);

/* Whether each RUN that is repeated in part can be taken apart. */
bool split_check_runs(struct compile *c, const struct split_plan *p, struct why *why);

/* What the base image set and had, and the smaller one does and has not: right behind FROM. */
void split_write_settings(struct compile *c, const struct split_plan *p, struct split_lines *out);

/* The final stage, its FROM first, up to what is left where it is. */
struct split_lines split_write(struct compile *c, const struct split_plan *p);

/* NAME=VALUE of what the build stage has and the final base image has not, or with another value.
 */
struct strs split_env(struct compile *c, const struct split_plan *p);

/* RUNs that end the build stage. */
struct strs split_prunes(struct compile *c, const struct split_plan *p);

/* `WORD rest`, in the case that the file's FROM has. */
struct str split_line_of(struct compile *c, const struct split_plan *p, struct str word,
                         struct str rest);

/* FROM of the build stage. */
struct str split_build_from(struct compile *c, const struct split_plan *p);

/* ---- paths ---- */

/* Whether `path` is `tree` or below it; neither is a pattern. */
bool split_is_below(struct str path, struct str tree);

/* Whether it is so with one of the trees. */
bool split_is_in(struct str path, const struct strs *trees);

/* Temporary files, caches: nothing of them is used at run time. */
bool split_is_temporary(struct compile *c, struct str path);

bool split_refuse(struct why *why, enum split_reason reason, const struct instr *at,
                  struct str detail);

#endif
