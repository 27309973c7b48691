/* Questions that several passes ask. */
#ifndef PASSES_LEGALITY_H
#define PASSES_LEGALITY_H

#include "grammar/mount.h"
#include "ir/catalog/catalog.h"
#include "ir/purpose.h"
#include "passes/pass.h"

/* What a list of commands is to the shell that runs it: how it may stand beside others. */
struct script_shape {
    bool chain; /* one AND-OR list of `&&` alone, no leading `!`: needs no braces as a later operand
                 */
    bool plain; /* sh_is_plain() */
    bool reads_past;    /* mentions a variable in which the shell keeps what ran before: $_, $!,
                           PIPESTATUS, .. */
    bool reads_job;     /* mentions $!: the process of the last job */
    bool reads_options; /* may ask which options the shell has: $-, SHELLOPTS, test -o xtrace */
    bool open_end;      /* ends in a lone backslash, or in white space that only BuildKit takes for
                           that: in another place they would be read otherwise */
};

struct script_shape legality_shape(const struct sh_script *script);

/* -e is switched on for certain by the script's first command, in the shell itself, and is not
 * touched again. The script is understood. */
bool legality_begins_with_errexit(struct compile *c, const struct instr *run);

/* The RUN's commands stand on more than one line. Its script must have been asked for. */
bool legality_has_lines(const struct instr *run);

/* A stage whose author writes whole scripts in one RUN (`set -eux; a; b`, over several lines) and
 * leaves nothing lying about: what is apart or spelt in the old way there is meant to be. */
bool legality_is_deliberate(struct compile *c, const struct stage *stage);

/* The RUN has here-documents, and is not a single one that the stage's own shell reads as its
 * script. That script's lines are a shell's, without the Dockerfile's continuations and comments.
 */
bool legality_has_documents(const struct instr *run);

/* The RUN's bytes from its first command to its last one, without a trailing separator or comment.
 */
struct span legality_commands_span(const struct instr *run);

/* The comment lines among `bytes`, which hold trivia: blank lines, comments, continuations. Each
 * with its newline, and with `indent` in front when that is not empty. */
struct str legality_comments(struct arena *a, struct str bytes, struct str indent);

/* True when a comment in `lead` speaks to a tool (linters, scanners, updaters, dfopt) and so
 * belongs to the very instruction behind it. */
bool legality_lead_binds(const struct compile *c, struct str lead);

/* True when what one RUN writes under a mount is gone for the next: tmpfs, and bind mounts that are
 * writable. */
bool legality_mount_forgets(struct compile *c, const struct df_instr *run);

/* Whether mounts of `run` cover the paths: what is under a mount is not in the layer. YES: all of
 * them; MAYBE: some, a part of one, or a mount's target cannot be told. */
enum tri legality_mount_covers(struct compile *c, const struct instr *run, const struct str *paths,
                               size_t n);

/* True when what a manager leaves may lie under a mount: one that covers it, or, where it lies in
 * the user's home, any cache mount. */
bool legality_is_mounted(struct compile *c, const struct instr *run, const struct mess *mess);

/* `*` and `?` in a pattern stand for any characters. */
bool legality_matches(const struct str *patterns, size_t n, struct str text);

/* The image that the stage is built on in the end has a name (name:tag) that one of the patterns
 * matches. */
bool legality_is_based_on(struct compile *c, const struct stage *stage, const struct str *patterns,
                          size_t n);

/* A command of `fx` reads what the manager leaves or a part of it (not merely a directory above),
 * or fails where there is none. */
bool legality_uses_cache(struct compile *c, const struct manager *m, const struct mess *mess,
                         const struct effects *fx);

/* It reads or removes some of it. */
bool legality_touches_cache(struct compile *c, const struct manager *m, const struct mess *mess,
                            const struct effects *fx);

/* An instruction that copies it from `stage`, or one built on it; NULL when there is none. */
const struct instr *legality_cache_copied(struct compile *c, const struct stage *stage,
                                          const struct mess *mess);

/* True when the base image is configured to remove it, and nothing up to `run` has changed that. */
bool legality_base_removes(struct compile *c, const struct instr *run, const struct mess *mess);

/* True when the RUN leaves this of the manager behind, a command would remove it, its base image
 * does not do so by itself, and no mount keeps it out of the layer. Its effects must have been
 * asked for. */
bool legality_is_left(struct compile *c, const struct instr *run, const struct manager *m,
                      const struct mess *mess);

/* How many steps a question about the rest of a file may take: each pass asks it for each of its
 * sites, and the time for a file of many thousand instructions is to stay linear. What is farther
 * away may be anything. */
enum { LEGALITY_STEPS = 1000 };

/* True of a file of many thousand instructions, all of which some question would have to look at
 * for each of its sites. */
bool legality_is_long(const struct compile *c);

/* True when `s` is `base` or FROM it, directly or through others, or too many to tell. */
bool legality_is_built_on(const struct stage *s, const struct stage *base);

/* What the image is for that the stage's layers are in: the last kept one that is built on it. */
enum purpose_kind legality_purpose(struct compile *c, const struct stage *stage);

/* All that is in such an image may be used. */
bool legality_is_tool(enum purpose_kind purpose);

/* An ONBUILD of the stage or of those built on it; NULL when there is none. */
const struct instr *legality_trigger(const struct stage *stage);

/* A look ahead: the instructions that run on what `run` leaves, in its stage and in those that are
 * FROM it. Start with
 * `.run` and `.at` at the RUN; `while (legality_later(&l))` then gives each as l.at. When it
 * gives up after LEGALITY_STEPS, `lost` is set. */
struct later {
    const struct instr *run;
    struct instr *at;
    unsigned steps;
    bool lost;
};

bool legality_later(struct later *l);

/* What a later instruction does. What runs in somebody else's build (ONBUILD) or in the container
 * counts by what can be told of it: the program that an image is made for is hardly ever known, and
 * does not install packages from the lists of its build. */
struct effects legality_later_effects(struct compile *c, struct instr *i);

/* True when COPY or ADD may put something at `path`, above or below it. */
bool legality_copy_brings(struct compile *c, const struct instr *i, struct str path);

/* Who needs the lists of a package manager. */
struct need {
    enum tri lists;  /* MAYBE: code that is not seen may */
    struct str code; /* the script or command that does or may; empty: the instruction itself, or
                        code that has no name */
};

/* Whether `later`, whose effects are `fx`, uses the manager's lists without fetching them, or
 * starts in the container a script of the build context that is seen to. */
struct need legality_lists_needed(struct compile *c, struct instr *later, const struct effects *fx,
                                  struct str manager);

#endif
