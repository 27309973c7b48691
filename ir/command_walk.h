/* One walk over a script: what it has done so far, and the state that its shell is in. Private to
 * ir/command*.c.
 *
 * Sets that say what may happen only grow, so that they need no care at branches. What depends on
 * order (lists and caches that are left, what is certain) and the shell's own state are in `now`,
 * which is copied at a branch and merged after it. */
#ifndef IR_COMMAND_WALK_H
#define IR_COMMAND_WALK_H

#include "ir/catalog/catalog.h"
#include "ir/command_args.h"
#include "ir/ir.h"

struct track {
    struct set lists, caches;             /* left so far */
    struct set fetched;                   /* managers whose lists this script surely fetched */
    struct set drops_lists, drops_caches; /* surely removed */
    const struct env *env;                /* shell variables in front of the environment */
    struct str cwd;                       /* empty when it cannot be told */
};

struct function {
    struct str name;
    const struct sh_command *body;
};

struct functions VEC_OF(struct function);

struct walk {
    struct compile *c;
    const struct state *before;
    struct effects out; /* all but what `now` tracks */
    struct track now;
    struct functions functions;
    struct str home; /* as in struct word_reader */
    bool root_home;  /* /root is the home, as far as can be told */
    bool asked;      /* the command just walked gives an answer by its status */
    bool decides;    /* when the script succeeds, so did what is walked now: it ran for sure */
    bool uncertain;  /* what runs may not reach all that it names: nothing surely goes */
    unsigned depth;  /* of scripts in words, and of functions */
    unsigned rounds; /* bodies that were walked again, for calls and loops */
};

void command_walk_list(struct walk *w, const struct sh_list *list);

/* A shell text that is run by a new shell (`subshell`) or by this one. What cannot be
 * told or does not parse may do anything. */
void command_walk_script(struct walk *w, const struct value *text, bool subshell);

/* Runs the command that `words` spell. `from` is the simple command they stand in. */
void command_run(struct walk *w, struct values words, const struct sh_command *from);

/* The effects of a command that was read by its row. */
void command_apply(struct walk *w, const struct command_args *args, const struct sh_command *from);

/* A redirection or assignment names this path. */
void command_add_path(struct walk *w, struct set *to, struct str dir, const struct value *path);
void command_add_write(struct walk *w, struct str dir, const struct value *path);

/* A program that is not known, and one whose code is a file. */
void command_unknown(struct walk *w);
void command_hidden(struct walk *w);

/* Code that is not visible, in this shell. */
void command_sourced(struct walk *w);

struct word_reader command_word_reader(const struct walk *w);

#endif
