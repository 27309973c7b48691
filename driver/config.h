/* Settings: what .dfopt.yaml says, under what the command line says.
 *
 * The nearest .dfopt.yaml upward from the Dockerfile counts, up to the root of its repository (the
 * directory with .git); likewise dfopt.lock. --config names another file, --no-config looks for
 * none. All is read before the workers start, and const from then on. Nothing in it is executed.
 * The keys: docs/config.md. */
#ifndef DRIVER_CONFIG_H
#define DRIVER_CONFIG_H

#include "driver/options.h"
#include "grammar/base/map.h"

struct catalog;

/* What holds for a file. */
struct settings {
    struct options passes;
    const struct catalog *catalog; /* the shipped one, or with the file's rows in front */
    struct str context;            /* empty: the Dockerfile's own directory */
    bool no_context;
    struct str problem; /* why the settings cannot be used, with place and path; empty: none */
};

/* Zero-initialize; set `arena` and `line`. */
struct config {
    struct arena *arena; /* of the run */
    const struct command_line *line;
    struct map directories; /* path of a directory → settings of the files in it */
    struct map files;       /* path of a file with settings → settings */
};

/* The settings of the Dockerfile at `path` ("-": of one in the current directory). Never NULL. */
const struct settings *config_for(struct config *config, struct str path);

#endif
