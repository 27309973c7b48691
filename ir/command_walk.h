/* One walk over a script: what it has done so far, and the state that its shell is in. Private to
 * ir/command*.c.
 *
 * Sets that say what may happen only grow, so that they need no care at branches. What depends on
 * order (lists and caches that are left, what is certain) and the shell's own state are in `now`,
 * which is copied at a branch and merged after it. */
#ifndef IR_COMMAND_WALK_H
#define IR_COMMAND_WALK_H

#include "ir/catalog/catalog.h"
#include "ir/command.h"
#include "ir/command_args.h"

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
    unsigned elsewhere; /* as struct walk's, where it was defined */
};

struct functions VEC_OF(struct function);

/* A file that was downloaded, and from where. */
struct download {
    struct str path, url;
};

struct downloads VEC_OF(struct download);

/* A function that is being called: where the ways through it that `return` ends have come to. */
struct call {
    const struct env *base; /* where it began */
    struct track end;
    bool returns;
};

struct walk {
    struct compile *c;
    const struct state *before;
    struct effects out; /* all but what `now` tracks */
    struct track now;
    struct functions functions;
    struct downloads downloads;
    struct strs printed; /* addresses of what the simple command just walked may print */
    struct strs piped;   /* addresses of what the one before it in the pipeline may print to it */
    struct call *call;   /* the innermost one; NULL outside of functions */
    struct str home;     /* as in struct word_reader */
    bool root_home;      /* /root is the home, as far as can be told */
    bool asked;          /* the command just walked gives an answer by its status */
    bool decides;        /* when the script succeeds, so did what is walked now: it ran for sure */
    bool uncertain;      /* what runs may not reach all that it names: nothing surely goes */
    unsigned elsewhere;  /* what is walked stands in another text, or is part of a word */
    struct avoidable *avoidable; /* where to note what options avoid; NULL when nobody asks */
    struct seen_commands *seen;  /* where to note commands; NULL when nobody asks */
    struct installations *installations; /* where to note these; NULL when nobody asks */
    struct files_commands *files;        /* where to note what is done to files; NULL likewise */
    struct invocations *invocations;     /* where to note what is run; NULL when nobody asks */
    unsigned depth;                      /* of scripts in words, and of functions */
    unsigned rounds;                     /* bodies that were walked again, for calls and loops */
};

/* ---- ir/command.c: lists and compound commands ---- */

struct walk command_start_walk(struct compile *c, const struct state *before);
struct effects command_end_walk(struct walk *w);

void command_walk_list(struct walk *w, const struct sh_list *list); /* NULL: nothing */
void command_walk_and_or(struct walk *w, const struct sh_and_or *and_or);
void command_walk_pipeline(struct walk *w, const struct sh_pipeline *p);
void command_walk_command(struct walk *w, const struct sh_command *command);

/* ---- ir/command_track.c: branches and subshells ---- */

/* A branch changes its sets in place: it needs a copy. */
struct track command_copy_track(struct arena *a, const struct track *t);

/* After a branch that started at `base`: what either way leaves is left; what only one way is sure
 * of is not sure. */
struct track command_merge_tracks(struct walk *w, const struct track *one,
                                  const struct track *other, const struct env *base);
const struct env *command_merge_env(struct arena *a, const struct env *one, const struct env *other,
                                    const struct env *base);

/* `return`: what follows it in its function may not run. */
void command_return(struct walk *w);
/* The ways through a function meet behind it. */
void command_end_call(struct walk *w, const struct call *call);

/* What a subshell gives back when it ends. */
struct shell_state {
    const struct env *env;
    struct str cwd, home;
    unsigned flags;
    uint32_t n_functions;
};

struct shell_state command_enter_subshell(struct walk *w);
void command_leave_subshell(struct walk *w, const struct shell_state *s);
void command_walk_in_subshell(struct walk *w, const struct sh_list *list);

/* ---- ir/command_simple.c: words, redirections, assignments ---- */

void command_walk_simple(struct walk *w, const struct sh_command *command);
void command_redirect(struct walk *w, const struct sh_command *command);

/* What substitutions in words and in arithmetic do. */
void command_walk_words(struct walk *w, const struct sh_words *words);
void command_walk_arithmetic(struct walk *w, struct str text);

struct values command_fields(const struct walk *w, const struct sh_words *words);
struct word_reader command_word_reader(const struct walk *w);

/* From now on the variable's value cannot be told. */
void command_forget_variable(struct walk *w, struct str name);

/* ---- ir/command_name.c: names of commands, shell texts in words ---- */

/* One more body may be walked again; false when that is enough. */
bool command_may_repeat(struct walk *w);

/* A shell text that is run by a new shell (`subshell`) or by this one. What cannot be told or does
 * not parse may do anything. */
void command_walk_script(struct walk *w, const struct value *text, bool subshell);

/* Runs the command that `words` spell. `from` is the simple command they stand in. */
void command_run(struct walk *w, struct values words, const struct sh_command *from);

/* ---- ir/command_apply.c ---- */

/* The effects of a command whose words were read by its row. */
void command_apply(struct walk *w, const struct command_args *args, const struct sh_command *from);

/* ---- ir/command_paths.c ---- */

/* The path that `v` names below `dir`; false when it cannot be told. */
bool command_resolve(struct walk *w, struct str dir, const struct value *v, struct str *out);

/* Adds a path below `dir` to a set, or makes the set unknown. What is no file of the image is left
 * out: standard input, URLs, devices. A write may put another command into PATH. */
void command_add_path(struct walk *w, struct set *to, struct str dir, const struct value *path);
void command_add_write(struct walk *w, struct str dir, const struct value *path);
void command_add_writes(struct walk *w, const struct values *paths, struct str dir);

/* The paths that a row names itself. */
void command_add_fixed_paths(struct walk *w, const struct usage *u);

/* An installation may put a command of this name, or of any, before one that was run. */
void command_replace_named(struct walk *w, struct str name);
void command_replace_any(struct walk *w);

/* Operands by their use; relative ones are below `dir`. */
void command_read_files(struct walk *w, const struct values *files, uint64_t deeds, struct str dir);
/* Files of any name in the directories of these. */
void command_write_beside(struct walk *w, const struct values *files, struct str dir);
void command_delete_files(struct walk *w, const struct values *files, uint64_t deeds,
                          struct str dir);
void command_copy_files(struct walk *w, const struct command_args *args, enum use use,
                        const struct value *target, struct str dir);
void command_download(struct walk *w, const struct command_args *args, uint64_t deeds,
                      struct str dir);
void command_clone(struct walk *w, const struct values *operands, struct str dir);
void command_keyed(struct walk *w, const struct values *operands, struct str dir);

/* ---- ir/command_packages.c ---- */

/* Names of packages, without versions, for the set `to`; paths among them are read. */
void command_add_packages(struct walk *w, const struct command_args *args, struct set *to,
                          const struct values *names, uint64_t deeds);

/* The deeds that speak of the manager's lists and caches. */
void command_manage(struct walk *w, const struct command_args *args, uint64_t deeds,
                    const struct sh_command *from);

/* Lists and caches that go because these paths are removed. */
void command_drop_removed(struct walk *w, const struct values *items, bool recursive);

/* ---- ir/command_avoid.c ---- */

/* A variable or an option says that the manager leaves no cache, or where. */
bool command_has_other_means(const struct walk *w, const struct command_args *args,
                             const struct manager *m, const struct sh_command *from);

/* This command leaves lists or a cache of its manager: notes the edit that avoids it, or that there
 * is none. */
void command_note_left(struct walk *w, const struct command_args *args,
                       const struct sh_command *from);

/* ---- ir/command_files.c ---- */

void command_note_files(struct walk *w, const struct command_args *args,
                        const struct sh_command *from);

/* ---- ir/command_steps.c ---- */

/* This command is run. `args` is NULL when it has no row. */
void command_note_invocation(struct walk *w, const struct value *name,
                             const struct command_args *args);

/* ---- ir/command_installs.c ---- */

/* This command installs packages that are named by its operands. */
void command_note_installs(struct walk *w, const struct command_args *args,
                           const struct sh_command *from);

/* ---- ir/command_nested.c ---- */

/* A program that is not known; one whose code is a file; code that this shell itself runs. */
void command_unknown(struct walk *w);
void command_hidden(struct walk *w);
/* As these, of a program that was not written for this image: it needs no package lists of which it
 * does not say so. */
void command_foreign(struct walk *w, bool hidden);
void command_foreign_sourced(struct walk *w);
/* A file of shell code that a new shell runs, or (`sourced`) this one. */
void command_script(struct walk *w, const struct value *file, bool sourced,
                    const struct sh_command *from);
void command_sourced(struct walk *w);

/* A known program that runs recipes or hooks: which files and commands these use cannot be told. */
void command_recipes(struct walk *w);

/* sudo CMD, find -exec CMD, sh FILE, eval TEXT. */
void command_run_wrapped(struct walk *w, const struct command_args *args,
                         const struct sh_command *from);
void command_run_found(struct walk *w, const struct command_args *args, const struct given *g,
                       const struct sh_command *from);
void command_run_script_file(struct walk *w, const struct command_args *args,
                             const struct sh_command *from);
void command_run_eval(struct walk *w, const struct values *operands);
void command_run_trapped(struct walk *w, const struct values *operands);

#endif
