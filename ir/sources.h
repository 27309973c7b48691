/* What the program sources in the build context show of the program's needs at run time.
 *
 * The catalog names, per language, which files are its sources (`except`: not those that only
 * builds and tests read) and which texts in them are a sign of something (`sources:`): a sign may
 * be in a comment or in code that never runs, so that YES is "as far as can be seen". NO is said
 * when every source was read and none has a sign. */
#ifndef IR_SOURCES_H
#define IR_SOURCES_H

#include "ir/ir.h"

enum source_trait {
    SOURCE_COMMANDS,     /* starts other programs */
    SOURCE_ZONES,        /* uses the time zone database */
    SOURCE_CERTIFICATES, /* checks certificates: a TLS client */
    SOURCE_ACCOUNTS,     /* looks up users, groups or host names through the C library */
    SOURCE_NATIVE,       /* is linked with code of another language, and with the C library */
    SOURCE_LIBRARIES,    /* opens shared libraries by name at run time */
    SOURCE_LOCALES,      /* uses locales other than C */
    SOURCE_SYMBOLS,      /* reads symbols of programs: its own stack traces, object files */
    SOURCE_SYSTEM,       /* reads files of a distribution, uses /tmp or a home */
    SOURCE_TYPES,        /* looks up types of files by their names' endings */
    SOURCE_UNWINDING,    /* unwinds its stack: with a library that the C library opens by itself */
    SOURCE_SERVICES, /* loads code by a name, or asks for what others provide: services, locales */
    SOURCE_TRAITS
};

/* Where a sign stands: the file's path in the context, and the text. */
struct source_evidence {
    struct str path, mark;
};

/* `PATH: MARK`, for a remark; empty when nothing was seen. */
struct str source_evidence_text(struct arena *a, const struct source_evidence *where);

/* Whether a source of the language has a sign of the trait; YES fills `where`, which may be NULL.
 * MAYBE without a context, when a file cannot be read, and for a language that the catalog does not
 * know. */
enum tri source_shows(struct compile *c, struct str language, enum source_trait trait,
                      struct source_evidence *where);

/* Whether a quoted text in a source of the language begins with the word, maybe as the last
 * component of a path: "git", '/usr/bin/git', `git log`; or a shell script of the context that such
 * a source names runs it. YES fills `path`, which may be NULL. */
enum tri source_names(struct compile *c, struct str language, struct str word, struct str *path);

/* Whether a source of the language in `dir` or below it names one of the packages, in quotes:
 * alone, or as the start of a path: 'express', "lodash/fp". MAYBE also when one cannot be read. */
enum tri source_mentions(struct compile *c, struct str language, struct str dir,
                         const struct strs *packages);

/* Whether a source of the language has the text, standing alone. MAYBE also when one cannot be
 * read. */
enum tri source_has(struct compile *c, struct str language, struct str text);

/* The mark stands somewhere in the text, alone: `system(` is not in `filesystem(`. */
bool source_text_has(struct str text, struct str mark);

/* Whether code in the language, which is no file's, has a sign of the trait. */
bool source_text_shows(struct compile *c, struct str language, enum source_trait trait,
                       struct str code);

struct source_text {
    struct str path, text;
};

struct source_texts VEC_OF(struct source_text);

/* The sources of the language, or with `build` the files that say how a project of it is built.
 * False without a context, when one of them cannot be read, and when there are too many. */
bool source_texts(struct compile *c, struct str language, bool build, struct source_texts *out);

/* Whether the files that say how a project is built have it build shared libraries, which its
 * programs find where they were built. YES fills `where`. */
enum tri source_shares(struct compile *c, struct str language, struct source_evidence *where);

/* How many sources of the language the context has; -1 when that cannot be told. */
long source_count(struct compile *c, struct str language);

#endif
