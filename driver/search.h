/* Which files a command line means: paths as given, directories searched, lists read. */
#ifndef DRIVER_SEARCH_H
#define DRIVER_SEARCH_H

#include "grammar/base/map.h"
#include "grammar/base/str.h"

/* What could not be searched or read; the rest goes on. */
struct search_problem {
    struct str path;
    int error; /* errno */
};

struct search_problems VEC_OF(struct search_problem);

struct search {
    struct arena *arena;
    struct strs files; /* each ends in NUL behind its length; none twice */
    struct map seen;   /* set its `arena` too */
    struct search_problems problems;
    bool several; /* a directory was among the paths: there may be any number of files */
};

/* Adds the file `path`, or the Dockerfiles below the directory `path`, sorted by name. */
void search_add(struct search *s, struct str path);

/* Adds each path of a list (slices are borrowed); they are separated by newlines, or by NUL. */
void search_add_list(struct search *s, struct str list, bool nul_separated);

/* Dockerfile, Dockerfile.*, *.Dockerfile, *.dockerfile, Containerfile, Containerfile.*, but no
 * ignore files. */
bool search_is_dockerfile(struct str name);

#endif
