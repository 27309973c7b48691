/* Effects: what an instruction does to the file system, the package database, the network and its
 * own shell.
 *
 * Passes reason with these alone; no pass matches text. Each dimension is a set that may be
 * *unknown* ("may hold anything"), and each question has three answers, so that a pass proves its
 * case with == NO or == YES and treats MAYBE as a refusal. Effects come from the shell AST through
 * the catalog's command table (ir/command.h). */
#ifndef IR_EFFECTS_H
#define IR_EFFECTS_H

#include "grammar/base/str.h"

enum tri { NO, YES, MAYBE };

struct set {
    struct strs items;
    bool unknown; /* there may be more than `items` */
};

/* The sets say what may happen, on the way on which each command that `&&` ties to another runs;
 * `drops_lists` and `drops_caches` hold only what is certain on that way, `lists` and `caches` what
 * is left at its end. FX_HIDDEN says nothing of the shell itself: what hidden code could do to it
 * (eval, `.`) is in the other flags. */

/* What a script does beside its sets. A bit that is set means "does, or cannot be shown not to". */
enum fx_flag {
    FX_NETWORK = 1 << 0, /* uses the network */
    FX_BACKGROUND =
        1 << 1, /* an asynchronous list (`&`), a coprocess, or a daemon that outlives the command */
    FX_CD = 1 << 2, /* changes the shell's working directory */
    FX_STATE =
        1 << 3, /* changes other state of the shell that a subshell contains: assignments, export,
                   unset, umask, read, ulimit, functions, loop variables, ${x:=w}, shopt, trap */
    FX_EXIT = 1 << 4,    /* may end the shell early: exit, exec, return */
    FX_ERREXIT = 1 << 5, /* changes -e (`set -e`, `set -o errexit`, `set +e`) */
    FX_OPTIONS = 1 << 6, /* changes other options of the shell (`set -u`, `set -f`, `set -o
                            pipefail`, `set --`) */
    FX_ALIAS = 1 << 7,   /* alias, unalias: change how the text that follows is read */
    FX_HIDDEN =
        1
        << 8, /* runs code that is not visible here: eval, `.`, a script's file, code from a pipe */
    FX_FUNCTION =
        1 << 9,        /* defines a function; command names may not mean what they say afterwards */
    FX_PATH = 1 << 10, /* assigns PATH: command names may mean something else afterwards */
    FX_NOGLOB = 1 << 11,     /* may switch off path name expansion (`set -f`) */
    FX_ERREXIT_ON = 1 << 12, /* beside FX_ERREXIT: what is switched is -e, and on, for certain */
    FX_ERRTRAP = 1 << 13, /* sets a trap that a failure springs: like -e, no operand of `&&` but the
                            last does so (bash manual, trap). Of code that is not seen it is not
                            said: no more than a program is it taken to set one that matters */
    FX_RETURN = 1 << 14,  /* beside FX_EXIT: `return` outside of a function, in a subshell too. Its
                            effect is unspecified (POSIX XCU 2.15, return): most shells end, bash
                            goes on, or, as sh, only where its status is tested */
    FX_JOB = 1 << 15,     /* beside FX_BACKGROUND: it is a list of commands (`&`), not a daemon; and
                             whatever else leaves its process in $!, as <( ) does */
    FX_ERREXIT_INSIDE = 1 << 16, /* a subshell of it switches -e for itself, and has commands to
                                    which that makes a difference */
    FX_TRACES = 1 << 18, /* beside FX_ERREXIT or FX_OPTIONS, and said of single commands: it is a
                            `set` that switches -e, -v and -x alone */
    FX_TEXT = 1 << 17 /* runs a text of its own in this shell (eval, `.`, the action of a trap): -e
                         counts in there too */
};

struct effects {
    struct set reads, writes, deletes; /* absolute paths, globs kept as patterns */
    struct set downloads;              /* those of `writes` that were downloaded */
    struct set unpacked;               /* those of `reads` that are archives and were unpacked */
    struct set wants;                  /* those of `deletes` without which a command fails */
    struct set installs, removes;      /* packages, "manager:name" */
    struct set lists;                  /* managers whose package lists it leaves behind */
    struct set caches;                 /* managers whose caches it leaves behind */
    struct set away;         /* managers of which something lies elsewhere than they put it for the
                                user in force: in another one's home, or where a variable or an
                                option says */
    struct set needs_lists;  /* managers whose lists it uses without having fetched them itself */
    struct set drops_lists;  /* managers whose lists it removes */
    struct set drops_caches; /* managers whose caches it removes */
    struct set commands;     /* names of the commands that it runs, as written */
    struct set remembered;   /* those of them that are run by name and are not the
                                distribution's: a shell remembers where it found them */
    struct set replaced;     /* names that were run and that an installation may have put
                                elsewhere in PATH since (`pip install -U pip`): a shell that
                                remembers the old place goes on using it */
    struct set scripts;      /* files of shell code that it runs or reads into itself, and that are
                                not seen: what they need of package lists is in no set */
    struct set own_versions; /* versions of a manager itself that it is told to install, as written:
                                `pip install pip==9.0.3` */
    struct set needs; /* packages without which what it makes does not run: a pragma says so */
    bool hides_uses;  /* code that is not seen may use package lists: those that are there, or
                         those that the script has fetched */
    unsigned flags;   /* of enum fx_flag */
};

/* YES when the set holds `item`, MAYBE when it might (unknown), else NO. Names, not paths. */
enum tri set_has(const struct set *s, struct str item);

/* NO only when both are known and disjoint; YES when an item is shared. Names, not paths. */
enum tri set_meets(const struct set *a, const struct set *b);

/* As set_meets(), for paths that compare as trees: /app meets /app/x; a glob or a relative path
 * gives MAYBE where it might match. */
enum tri paths_meet(const struct set *a, const struct set *b);

/* Known to hold nothing. */
bool set_is_empty(const struct set *s);

/* Each item is in the set once. */
void set_add(struct arena *a, struct set *s, struct str item);
void set_remove(struct set *s, struct str item);

void set_merge(struct arena *a, struct set *to, const struct set *from);

/* From now on every set may hold more than it does; the flags stay. */
void effects_forget(struct effects *e);

/* Every set holds what it holds and nothing more; no code is hidden. */
void effects_settle(struct effects *e);

/* Every set unknown, every flag set: what an opaque script does. */
struct effects effects_anything(void);

static inline bool effects_any(const struct effects *e, unsigned flags)
{
    return (e->flags & flags) != 0;
}

#endif
