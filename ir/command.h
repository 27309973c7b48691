/* Shell AST × command table → effects.
 *
 * Each simple command is looked up in the catalog by its name (looking through sudo, env, nice,
 * time, xargs, `sh -c`
 * ..., as the catalog's rows say); options and operands are read as its row says; relative paths
 * are resolved through the state and `cd`, variables through the environment and assignments. A
 * command that has no row has unknown effects on files, but is still a plain external command to
 * the shell. */
#ifndef IR_COMMAND_H
#define IR_COMMAND_H

#include "ir/catalog/catalog.h"
#include "ir/ir.h"

/* Effects of a whole script, in the order of its commands: lists that are fetched and removed again
 * are not left. `before` is the state in which it starts. */
struct effects command_effects_of_list(struct compile *c, const struct state *before,
                                       const struct sh_list *list);

/* An edit of the script with which one of its commands no longer leaves its manager's lists or
 * cache: the option that avoids it, as the catalog says. */
struct avoidance {
    struct str manager;
    struct span at;  /* in the script's text; empty: an insertion */
    struct str text; /* what comes there */
};

struct avoidances VEC_OF(struct avoidance);

struct avoidable {
    struct avoidances edits; /* in ascending order */
    struct set others;       /* managers of which something is left that no edit avoids */
};

/* By their place in the text. */
void command_sort_avoidances(struct avoidances *edits);

/* What `list` leaves that options of its own commands avoid. A command is looked for wherever it
 * may run, but not in shell texts in words and not in substitutions; one that is not spelt out up
 * to its verb, or has another option or variable that says where the cache is, counts among the
 * others. */
struct avoidable command_avoidable(struct compile *c, const struct state *before,
                                   const struct sh_list *list);

/* A command that installs packages, recommended ones too or not. */
struct installation {
    struct str manager;
    struct strs packages;    /* without versions */
    bool known;              /* these are all, and what they are can be told */
    bool says;               /* it says itself whether recommended packages are installed */
    bool editable;           /* it stands in the script as it is, every word in the open */
    struct span command;     /* in the script's text, as the others */
    struct span options;     /* the last word before its first package: options go behind it */
    struct span first, last; /* its first package, and its last word: packages go behind that */
    struct span before_last; /* the last word but one */
};

struct installations VEC_OF(struct installation);

/* Those of `list` whose manager has an option to leave recommended packages out. */
struct installations command_installs(struct compile *c, const struct state *before,
                                      const struct sh_list *list);

/* One command that a script may run, by whatever way: under env, sudo or tini, in `sh -c`, in a
 * function, in a substitution. Those that run others are among them too. */
struct seen_command {
    struct strs words;  /* after expansion, the name first; {0} for one that cannot be told */
    struct str workdir; /* absolute; empty when it cannot be told */
    const struct env *env;
};

struct seen_commands VEC_OF(struct seen_command);

/* The commands of `list`, in the order in which they are met. */
struct seen_commands command_seen(struct compile *c, const struct state *before,
                                  const struct sh_list *list);

/* An option as it was given. */
struct invocation_option {
    struct str name, value; /* value: empty when there is none or it cannot be told */
    struct str pattern;     /* as much of it as can be told: `*` stands for the rest */
    bool known;             /* the value can be told, or there is none */
    enum use use;           /* what its value is, as the row says; USE_NOTHING: no such option */
    uint64_t does;          /* DOES(..) */
    const struct sh_word *at, *value_at; /* where both are written: one word when the value is
                                            attached; NULL when none became just this */
};

struct invocation_options VEC_OF(struct invocation_option);
struct invocation_places VEC_OF(const struct sh_word *);

/* A command that is run, directly or by another one (sudo, env, sh -c). */
struct invocation {
    struct str name;           /* as written; empty when it cannot be told */
    const struct command *row; /* NULL when the catalog has none */
    struct strs words;         /* all but options and their values: a verb, then operands; `at` is
                                  NULL where one cannot be told */
    struct invocation_places places; /* where each of `words` is written; NULL as above */
    struct invocation_options options;
    struct str workdir; /* absolute; empty when it cannot be told */
    const struct env *env;
};

struct invocations VEC_OF(struct invocation);

/* One operand of the lists at a script's top: what `&&`, `;` and newlines part. A list with `||`
 * is one step. */
struct step {
    struct span at; /* in the script's text */
    struct effects effects;
    struct invocations runs;
    struct installations installs;
    bool simple; /* one simple command, without a pipeline or a bang */
};

struct steps {
    struct step *at;
    uint32_t n, cap;
    bool chain; /* they are joined by `&&` alone */
};

/* The steps of a list; false when some of it runs in the background. */
bool command_steps(struct compile *c, const struct state *before, const struct sh_list *list,
                   struct steps *out);

/* The step's one simple command, as it stands in the list; NULL when it is more than that. */
const struct sh_command *step_simple(const struct sh_list *list, const struct step *step);

/* The same; NULL also when it runs others. */
const struct sh_command *step_command(const struct sh_list *list, const struct step *step);

enum files_use { FILES_OWNED, FILES_MODE, FILES_MADE, FILES_DELETED };

/* A file that a command names. */
struct named_file {
    struct str path; /* absolute */
    const struct sh_word *word;
};

/* A simple command that gives files an owner or a mode, makes directories, or deletes files. */
struct files_command {
    enum files_use use;
    const struct sh_command *command;
    bool told;      /* all that it does is in the fields below, which else may lack something */
    bool recursive; /* takes whole trees */
    const struct sh_word *recursion;  /* the option that says so, if it is a word of its own */
    struct str value;                 /* OWNED, MODE: what they get */
    const struct sh_word *value_word; /* as it is written */
    struct VEC_OF(struct named_file) files;
};

struct files_commands VEC_OF(struct files_command);

/* All such commands that stand in the script's own text, in the order in which they run; one in a
 * loop or function may be there more than once. */
struct files_commands command_on_files(struct compile *c, const struct state *before,
                                       const struct sh_list *list);

/* Effects of one pipeline alone (an operand of an AND-OR list). */
struct effects command_effects_of_pipeline(struct compile *c, const struct state *before,
                                           const struct sh_pipeline *pipeline);

#endif
