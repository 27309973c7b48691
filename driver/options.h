/* The command line, read into one struct. Nothing here opens a file or prints. */
#ifndef DRIVER_OPTIONS_H
#define DRIVER_OPTIONS_H

#include "emit/dump.h"
#include "ir/options.h"

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* What is asked for instead of reading files. */
enum request { REQUEST_RUN, REQUEST_HELP, REQUEST_VERSION, REQUEST_LIST_PASSES, REQUEST_EXPLAIN };

struct command_line {
    enum request request;
    struct str explain; /* REQUEST_EXPLAIN: a pass or a rule id */
    struct options passes;
    bool level_given, pin_given; /* on the command line: they count more than settings */
    struct str config;           /* --config: empty when not given */
    bool no_config;

    bool diff, write, list, check; /* none of them, no dump: the result on standard output */
    struct str output;             /* -o: empty when not given; "-" is standard output */
    const struct dump *dump;       /* NULL: none */

    unsigned remarks; /* which kinds: bits 1u << enum remark_kind */
    enum color color;
    bool quiet, verbose;
    unsigned workers; /* 0: as many as there are processors */

    struct str context; /* empty: the file's own directory */
    bool no_context;
    bool dockerignore; /* -w also writes what is proposed for .dockerignore */
    struct strs paths;
    struct str files_from; /* empty when not given; "-" is standard input */
    bool nul_separated;
};

/* Reads the arguments into `out`; slices borrow from `argv`. False when they make no sense; then
 * `problem` says why, in one line. */
bool options_read(struct arena *a, int argc, char **argv, struct command_line *out,
                  struct str *problem);

#endif
