/* Paths of an image as texts: absolute, or relative to a directory that is known. Nothing is looked
 * up: links and what is there are for others. */
#ifndef IR_PATH_H
#define IR_PATH_H

#include "grammar/base/str.h"

/* `path` below `dir`, without `.`, `..`, doubled and trailing slashes. False when it cannot be
 * told: `dir` is empty and needed, the path starts with something unknown, or `..` follows a glob.
 * A path below an unknown home stays `~/..`. */
bool path_resolve(struct arena *a, struct str dir, struct str path, struct str *out);

/* Before and behind the last slash: "" when there is none, "/" of a path in the root. */
struct str path_directory(struct str path);
struct str path_name(struct str path);

/* `path` is `tree` or below it; neither is a pattern, and `/` holds all. */
bool path_is_in(struct str path, struct str tree);

/* `name` in `directory`; just `name` where that is empty, and when it is absolute. */
struct str path_join(struct arena *a, struct str directory, struct str name);

/* It has a character that stands for others (* ? [), or a backslash. */
bool path_has_glob(struct str path);

#endif
