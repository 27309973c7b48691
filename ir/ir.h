/* The IR: file, stages, instructions.
 *
 * Text is the truth. Each instruction owns its bytes (`lead` and `text`); tree, state and effects
 * are derived from them and derived anew after each rewrite (ir/rewrite.h). The leads and texts of
 * a file in order, and its `tail`, are the file, each byte once (tiling): -O0 is true by
 * construction. */
#ifndef IR_IR_H
#define IR_IR_H

#include "grammar/base/diag.h"
#include "grammar/base/map.h"
#include "grammar/base/source.h"
#include "grammar/dockerfile.h"
#include "grammar/shell.h"
#include "ir/effects.h"
#include "ir/env.h"
#include "ir/pragma.h"
#include "ir/remark.h"

struct catalog;
struct options;
struct change;
struct context_ops;
struct context_view;
struct container_scripts;
struct stage;
struct instr;
struct layout;

/* Which language the SHELL in force speaks. */
enum shell_kind {
    SHELL_SH,   /* a POSIX shell: sh, dash, ash */
    SHELL_BASH, /* bash, ksh, zsh: read as bash */
    SHELL_OTHER /* PowerShell, cmd, python, anything else: texts are opaque */
};

/* What an instruction starts from. */
struct state {
    const struct df_instr
        *shell; /* the SHELL instruction in force; NULL: the default, /bin/sh -c */
    enum shell_kind shell_kind;
    bool errexit;          /* the SHELL's own words switch on -e: `SHELL ["bash", "-ec"]` */
    struct str user;       /* variables replaced where known; empty: the base image's */
    struct str workdir;    /* absolute; empty when it cannot be told */
    const struct env *env; /* ARG and ENV that RUN sees */
};

struct instr {
    struct str lead,
        text; /* trivia before it; its own bytes, here-documents and final newline included */
    struct span origin;         /* where it stood in the source: for remarks */
    const struct df_instr *ast; /* derived from text */
    struct state before;        /* derived */
    struct pragmas pragmas;     /* derived: `# dfopt: ...` comments that hold here */
    struct stage *stage;        /* NULL before the first FROM */
    struct instr *prev, *next;  /* within the file */

    /* Derived when first asked for, by instr_script() and instr_effects(). */
    bool script_read;
    struct joined script_text; /* what the shell is given, and the way back to `text` */
    const struct sh_script *script;
    const struct effects *effects;           /* NULL until asked for */
    const struct container_scripts *scripts; /* NULL until asked for (ir/container.h) */
};

/* What a FROM, COPY --from or RUN --mount from= refers to. */
enum ref_kind { REF_STAGE, REF_IMAGE, REF_SCRATCH, REF_UNKNOWN };

struct ref {
    enum ref_kind kind;
    struct stage *stage; /* STAGE */
    bool numbered;       /* STAGE: by its number, not its name */
    struct str image;    /* IMAGE: with variables replaced by their defaults; UNKNOWN: as written */
    struct instr *by;
};

struct refs VEC_OF(struct ref);

struct stage {
    unsigned index;
    struct str name;    /* lower case; empty when it has none */
    struct instr *from; /* its FROM */
    struct ref base;    /* what FROM refers to */
    struct refs uses;   /* COPY --from, ADD --from, RUN --mount from= */
    struct state end;   /* the state behind its last instruction */
    enum tri ships; /* its layers are in an image that is kept: a kept target, or one is FROM it */
    struct stage *prev, *next;
};

struct stage_list VEC_OF(struct stage *);

/* One edit in the journal, with what it takes to undo it (ir/rewrite.h), or one declared change
 * (ir/change.h). */
struct rewrite {
    enum { REWRITE_TEXT, REWRITE_DELETE, REWRITE_INSERT, REWRITE_DECLARE } kind;
    struct instr *instr;
    struct str text; /* TEXT: the bytes before; DELETE: the lead (or tail) that took over */
    const struct df_instr *ast;
    struct instr *prev, *next;   /* DELETE: where it stood */
    const struct change *change; /* DECLARE */
};

struct journal VEC_OF(struct rewrite);

struct file {
    struct instr *first, *last;
    struct stage *stages, *last_stage;
    struct stage_list numbered; /* by index */
    struct map named;           /* by name, lower case */
    struct str tail;            /* trivia after the last instruction */
    struct str syntax;          /* of `# syntax=`; empty when there is none */
    char escape;
    bool stale; /* a rewrite touched what stages or states are derived from: lower_again() is due */
    struct journal journal;
    const struct layout *layout; /* the file's style, learned once (ir/layout.h) */
    struct map sources;          /* what sources show, by language (ir/sources.h) */
};

/* One per file and worker; handed down as `c`; there is no other way to reach any of this. */
struct compile {
    struct arena *arena;
    struct source src;
    struct file *file;
    struct diags diags;
    struct remarks remarks;
    const struct catalog *catalog;
    const struct options *opt;
    const struct context_ops *context; /* NULL with --no-context */
    struct context_view *view;         /* NULL until asked for (ir/context.h) */
    struct map manifests;              /* by path: those that were asked for (ir/manifest/) */
    struct strs ignorable;             /* lines that passes propose for .dockerignore */
};

/* c->src → c->file: parses, builds the stages, resolves references and states. False when the
 * source is refused (c->diags says why). */
bool lower_file(struct compile *c);

/* Derives stages, references, states and `ships` again from the instructions. */
void lower_again(struct compile *c);

/* The script of a shell-form RUN, CMD, ENTRYPOINT or HEALTHCHECK (or of the one that ONBUILD
 * holds); NULL when there is none, the shell is not POSIX-like, or it does not parse (opaque).
 * i->script_text is set when there is a text. */
const struct sh_script *instr_script(struct compile *c, struct instr *i);

/* The commands of its script; of an exec form, the one command that it is. NULL when there are none
 * or they are not understood. ONBUILD: those of the instruction that it holds. */
const struct sh_list *instr_commands(struct compile *c, struct instr *i);

/* What the instruction does at build time (ONBUILD: nothing). */
const struct effects *instr_effects(struct compile *c, struct instr *i);

/* The next instruction of the same stage; NULL at its end. */
struct instr *instr_next(const struct instr *i);

/* The whole file as it stands: leads, texts and tail. */
struct str file_text(struct arena *a, const struct file *f);

#endif
