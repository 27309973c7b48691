/* Toolchains: what a command of a RUN builds.
 *
 * The catalog's rows say which commands build, and where what they leave is; here a row's templates
 * are filled in from the command, its environment, and the project's manifest in the build context.
 * Nothing is executed: what cannot be told stays unknown. */
#ifndef IR_TOOLCHAIN_H
#define IR_TOOLCHAIN_H

#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/command.h"

struct built {
    const struct toolchain *toolchain; /* NULL: no command of a toolchain */
    const struct build_command *by;
    struct strs artifacts; /* paths in the image: files, or trees */
    bool known;            /* there are no others */
    bool one_of;           /* they are all that the project may have: not all need be there */
    bool if_started;       /* those that nothing starts may not be there, and are not missed */
    bool whole;            /* anything in the command's directory may be one */
    bool trees;            /* they are directories that things are installed in */
    struct strs packages;  /* of the distribution, that they need */
    struct strs libraries; /* that they are linked with: NAME of -lNAME; complete when `known` */
    const struct manifest *manifest; /* of the project that it builds; NULL: none, or unreadable */
};

/* What the command leaves that is used when the program runs, in the image of `stage`. */
struct built toolchain_built(struct compile *c, const struct stage *stage,
                             const struct invocation *run);

/* On what programs run that were built on the stage's base image. */
struct runtime {
    const struct runtime_image *row;
    struct strs lacks, has; /* of the row: commands */
    struct str image;       /* as FROM names it */
    struct str release;     /* of the distribution: bookworm */
    struct str workdir;     /* that the base image sets, and `image` does not; empty: the same */
    bool alpine;            /* packages are Alpine's: the catalog knows those of Debian */
    bool foreign;           /* it is another distribution's: packages are not the same */
    bool entry;             /* it sets an ENTRYPOINT that the base image does not */
};

/* False when no smaller image of the same release is known. `foreign`: at -O3 also one of another
 * distribution. */
bool toolchain_runtime(struct compile *c, const struct stage *stage, bool foreign,
                       struct runtime *out);

/* Where the release gets no more updates, the same of its successor, which has a newer C library.
 */
void toolchain_newer_runtime(struct compile *c, const struct stage *stage, struct runtime *out);

/* A runtime that the tools of the stage's base image link of their own modules. */
struct linked {
    const struct linker *by;
    const struct linkage *how; /* NULL: it is not known of this release */
    struct str image,
        release;        /* what it runs on, and whose release that is; empty: none is known */
    struct str version; /* of the tools */
    struct str home;    /* where the base image has its own */
    struct strs env;    /* NAME=value: what the base image sets */
    struct base base;   /* the base image */
};

/* False when the catalog does not know that they can. */
bool toolchain_linked(struct compile *c, const struct stage *stage, struct linked *out);

/* Whether `text` is matched as a whole; `*` and `?` stand for any characters. */
bool toolchain_matches(struct compile *c, struct str pattern, struct str text);

/* An image's name with {suite}, {tag} and {version} of the base image. */
struct str toolchain_filled(struct arena *a, struct str template, const struct base *base);

/* The catalog knows that there is such an image. */
bool toolchain_has_image(struct compile *c, struct str image);

/* ---- what templates name with `@`: one function a language. Private to ir/toolchain*.c ---- */

/* A build command as its templates see it. */
struct build_site {
    struct compile *c;
    const struct stage *stage;
    const struct invocation *run;
    const struct build_command *row;
    size_t n_fixed;                  /* words of the invocation that the row's name took */
    const struct manifest *manifest; /* NULL: none, or it cannot be read */
    struct str folder;               /* of the context that the command's directory is; valid if */
    bool seen;                       /* it is known */
    struct built *result;            /* packages and libraries are added there */
    const struct build_site *by;     /* whose command starts it (make in make); NULL: a RUN */
    unsigned *started;               /* how many it and those that it starts have started */
};

/* What a command builds that the site's starts. */
struct built toolchain_built_by(const struct build_site *s, const struct invocation *run);

/* Each adds the paths that it works out; false when they cannot be told. */
bool toolchain_go_built(const struct build_site *s, struct strs *out);
bool toolchain_go_installed(const struct build_site *s, struct strs *out);

bool toolchain_cargo_built(const struct build_site *s, struct strs *out);
bool toolchain_cargo_installed(const struct build_site *s, struct strs *out);

/* The programs of the project that the directory was configured for. */
bool toolchain_cmake_built(const struct build_site *s, struct strs *out);

/* Where packages of Python and their programs are installed: by pip; the environment that is made;
 * by poetry, uv pip, and of uv's project. */
bool toolchain_python_packages(const struct build_site *s, struct strs *out);
bool toolchain_python_editable(const struct build_site *s, struct strs *out);
bool toolchain_python_environment(const struct build_site *s, struct strs *out);
bool toolchain_python_poetry(const struct build_site *s, struct strs *out);
bool toolchain_python_uv(const struct build_site *s, struct strs *out);
bool toolchain_python_uv_project(const struct build_site *s, struct strs *out);

/* Where gems are installed: one by one, and those of a Gemfile. */
bool toolchain_ruby_gems(const struct build_site *s, struct strs *out);
bool toolchain_ruby_bundle(const struct build_site *s, struct strs *out);

/* What make's targets write; where an earlier command of the stage said that things are installed;
 * nothing, when one said so or a later one installs. */
bool toolchain_make(const struct build_site *s, struct strs *out);

/* Where an earlier command of the stage was told to install. */
bool toolchain_prefix(const struct build_site *s, struct strs *out);

/* Nothing; false when no earlier command was told where to install. */
bool toolchain_configured(const struct build_site *s, struct strs *out);

/* What an installation of packages writes when no script of the project's runs in it. */
bool toolchain_node_modules(const struct build_site *s, struct strs *out);

/* What the context has of the manifest at `path` of the image; NULL when that cannot be told. */
const struct manifest *toolchain_manifest(const struct build_site *s, struct str path);

/* Whose command it is, and its row; NULL when it is none of a toolchain. Nothing is worked out. */
const struct toolchain *toolchain_of(struct compile *c, const struct invocation *run);
const struct build_command *toolchain_row(struct compile *c, const struct invocation *run);

/* The commands of the stage's RUNs, as far as they are understood. */
struct invocations toolchain_runs(const struct build_site *s);

/* What `NAME config [set] KEY VALUE`, of the same program, said in the stage. */
bool toolchain_setting(const struct build_site *s, struct str key, struct str *value);

/* The value of an option, as given last; false when it was not given. `known` says whether it can
 * be told. */
bool toolchain_option(const struct invocation *run, struct str name, struct str *value,
                      bool *known);

#endif
