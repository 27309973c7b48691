#include "driver/options.h"

#include <getopt.h>
#include <stdlib.h>

#include "ir/remark.h"
#include "passes/pass.h"

enum { MOST_WORKERS = 1024 };

/* Long options without a letter; they start behind the letters. */
enum long_option {
    OPT_CHECK = 256,
    OPT_COLOR,
    OPT_CONFIG,
    OPT_CONTEXT,
    OPT_DISABLE,
    OPT_DOCKERIGNORE,
    OPT_DUMP,
    OPT_ENABLE,
    OPT_EXPLAIN,
    OPT_FILES_FROM,
    OPT_HELP,
    OPT_LIST_PASSES,
    OPT_NO_CONFIG,
    OPT_NO_CONTEXT,
    OPT_PIN,
    OPT_REMARKS,
    OPT_REPORT,
    OPT_TARGET,
    OPT_VERSION
};

static const char short_options[] = ":0O:Rdj:lo:qvw";

static const struct option long_options[] = {
    {"check", no_argument, NULL, OPT_CHECK},
    {"color", optional_argument, NULL, OPT_COLOR},
    {"config", required_argument, NULL, OPT_CONFIG},
    {"context", required_argument, NULL, OPT_CONTEXT},
    {"diff", no_argument, NULL, 'd'},
    {"disable", required_argument, NULL, OPT_DISABLE},
    {"dockerignore", no_argument, NULL, OPT_DOCKERIGNORE},
    {"dump", required_argument, NULL, OPT_DUMP},
    {"enable", required_argument, NULL, OPT_ENABLE},
    {"explain", required_argument, NULL, OPT_EXPLAIN},
    {"files-from", required_argument, NULL, OPT_FILES_FROM},
    {"help", no_argument, NULL, OPT_HELP},
    {"jobs", required_argument, NULL, 'j'},
    {"list", no_argument, NULL, 'l'},
    {"list-passes", no_argument, NULL, OPT_LIST_PASSES},
    {"no-config", no_argument, NULL, OPT_NO_CONFIG},
    {"no-context", no_argument, NULL, OPT_NO_CONTEXT},
    {"null", no_argument, NULL, '0'},
    {"output", required_argument, NULL, 'o'},
    {"pin", required_argument, NULL, OPT_PIN},
    {"quiet", no_argument, NULL, 'q'},
    {"remarks", optional_argument, NULL, OPT_REMARKS},
    {"report", required_argument, NULL, OPT_REPORT},
    {"target", required_argument, NULL, OPT_TARGET},
    {"verbose", no_argument, NULL, 'v'},
    {"version", no_argument, NULL, OPT_VERSION},
    {"write", no_argument, NULL, 'w'},
    {NULL, 0, NULL, 0},
};

/* An option's value by name; an array of these ends with a NULL name. */
struct choice {
    const char *name;
    unsigned value;
};

enum {
    ALL_REMARKS = 1u << REMARK_APPLIED | 1u << REMARK_MISSED | 1u << REMARK_NOTE,
};

static const struct choice colors[] = {
    {"auto", COLOR_AUTO}, {"always", COLOR_ALWAYS}, {"never", COLOR_NEVER}, {NULL, 0}};
static const struct choice pins[] = {
    {"off", PIN_OFF}, {"tag", PIN_TAG}, {"digest", PIN_DIGEST}, {NULL, 0}};
static const struct choice remark_kinds[] = {{"applied", 1u << REMARK_APPLIED},
                                             {"missed", 1u << REMARK_MISSED},
                                             {"all", ALL_REMARKS},
                                             {NULL, 0}};
/* What the functions below share. */
struct reader {
    struct arena *arena;
    struct command_line *out;
    struct str *problem;
};

static bool misuse(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool misuse(struct reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *r->problem = str_vprintf(r->arena, format, args);
    va_end(args);
    return false;
}

/* ---- values ---- */

static bool read_choice(struct reader *r, const char *option, const struct choice *choices,
                        unsigned *value)
{
    struct buf names = {.arena = r->arena};
    for (const struct choice *choice = choices; choice->name; choice++) {
        if (str_eq(str_from_c(optarg), str_from_c(choice->name))) {
            *value = choice->value;
            return true;
        }
        buf_printf(&names, "%s%s", names.len ? ", " : "", choice->name);
    }
    return misuse(r, "%s=%s: the value is one of %.*s", option, optarg, STR(buf_str(&names)));
}

/* A number from 0 to `most`. */
static bool read_number(const char *text, unsigned most, unsigned *value)
{
    unsigned n = 0;
    for (const char *at = text; *at; at++) {
        if (*at < '0' || *at > '9')
            return false;
        n = n * 10 + (unsigned)(*at - '0');
        if (n > most)
            return false;
    }
    *value = n;
    return *text != '\0';
}

/* The items of a list with commas between them, empty ones left out. */
static struct strs read_list(struct arena *a, struct str text)
{
    struct strs items = {0};
    while (text.len) {
        size_t end = str_find(text, ',');
        struct str item = str_slice(text, 0, end);
        if (item.len)
            vec_add(a, &items, item);
        text = str_slice(text, end + 1, text.len);
    }
    return items;
}

static bool read_toggles(struct reader *r, bool on)
{
    struct strs names = read_list(r->arena, str_from_c(optarg));
    for (size_t i = 0; i < names.n; i++) {
        struct toggle toggle = {names.at[i], on};
        if (!str_eq(toggle.pass, LIT("all")) && !pass_named(toggle.pass))
            return misuse(r, "there is no pass '%.*s'; --list-passes shows those that there are",
                          STR(toggle.pass));
        vec_add(r->arena, &r->out->passes.toggles, toggle);
    }
    return true;
}

static bool read_targets(struct reader *r)
{
    struct strs names = read_list(r->arena, str_from_c(optarg));
    for (size_t i = 0; i < names.n; i++)
        vec_add(r->arena, &r->out->passes.targets, str_lower(r->arena, names.at[i]));
    return names.n || misuse(r, "--target needs the name of a stage");
}

static bool read_level(struct reader *r)
{
    r->out->level_given = true;
    return read_number(optarg, 3, &r->out->passes.level) ||
           misuse(r, "-O%s: the level is one of 0, 1, 2, 3", optarg);
}

static bool read_workers(struct reader *r)
{
    return read_number(optarg, MOST_WORKERS, &r->out->workers) ||
           misuse(r, "-j %s: not a number from 0 to %d", optarg, MOST_WORKERS);
}

static bool read_color(struct reader *r)
{
    unsigned value = COLOR_ALWAYS;
    if (optarg && !read_choice(r, "--color", colors, &value))
        return false;
    r->out->color = (enum color)value;
    return true;
}

static bool read_dump(struct reader *r)
{
    r->out->dump = dump_named(str_from_c(optarg));
    return r->out->dump || misuse(r, "there is no form '%s' to dump; see --help", optarg);
}

static bool read_pin(struct reader *r)
{
    unsigned value;
    if (!read_choice(r, "--pin", pins, &value))
        return false;
    r->out->passes.pin = (enum pin)value;
    r->out->pin_given = true;
    return true;
}

static bool read_remarks(struct reader *r)
{
    unsigned value = 1u << REMARK_APPLIED;
    if (optarg && !read_choice(r, "--remarks", remark_kinds, &value))
        return false;
    r->out->remarks |= value;
    return true;
}

static bool read_text(struct reader *r, const char *option, struct str *value)
{
    *value = str_from_c(optarg);
    return value->len || misuse(r, "%s needs a name that is not empty", option);
}

static bool read_explain(struct reader *r)
{
    r->out->request = REQUEST_EXPLAIN;
    return read_text(r, "--explain", &r->out->explain);
}

/* ---- options ---- */

/* Options that stand alone; false when `option` is none of them. */
static bool set_flag(struct command_line *out, int option)
{
    switch (option) {
    case '0':
        out->nul_separated = true;
        return true;
    case 'd':
        out->diff = true;
        return true;
    case 'l':
        out->list = true;
        return true;
    case 'q':
        out->quiet = true;
        return true;
    case 'v':
        out->verbose = true;
        return true;
    case 'w':
        out->write = true;
        return true;
    case OPT_CHECK:
        out->check = true;
        return true;
    case OPT_DOCKERIGNORE:
        out->dockerignore = true;
        return true;
    case OPT_NO_CONTEXT:
        out->no_context = true;
        return true;
    case OPT_NO_CONFIG:
        out->no_config = true;
        return true;
    }
    return false;
}

static bool set_request(struct command_line *out, int option)
{
    switch (option) {
    case OPT_HELP:
        out->request = REQUEST_HELP;
        return true;
    case OPT_VERSION:
        out->request = REQUEST_VERSION;
        return true;
    case OPT_LIST_PASSES:
        out->request = REQUEST_LIST_PASSES;
        return true;
    }
    return false;
}

static bool read_option(struct reader *r, int option)
{
    if (set_flag(r->out, option) || set_request(r->out, option))
        return true;
    switch (option) {
    case 'O':
        return read_level(r);
    case 'R':
    case OPT_REMARKS:
        return read_remarks(r);
    case 'j':
        return read_workers(r);
    case 'o':
        return read_text(r, "-o", &r->out->output);
    case OPT_COLOR:
        return read_color(r);
    case OPT_CONTEXT:
        return read_text(r, "--context", &r->out->context);
    case OPT_DISABLE:
    case OPT_ENABLE:
        return read_toggles(r, option == OPT_ENABLE);
    case OPT_DUMP:
        return read_dump(r);
    case OPT_EXPLAIN:
        return read_explain(r);
    case OPT_FILES_FROM:
        return read_text(r, "--files-from", &r->out->files_from);
    case OPT_PIN:
        return read_pin(r);
    case OPT_TARGET:
        return read_targets(r);
    case OPT_CONFIG:
        return read_text(r, "--config", &r->out->config);
    case OPT_REPORT:
        return misuse(r, "--report: this version writes no reports; -R prints remarks");
    }
    return false;
}

/* getopt found no option that it knows (`?`), or one without its value (`:`). */
static bool bad_option(struct reader *r, int result, const char *argument)
{
    bool is_long = str_starts(str_from_c(argument), LIT("--"));
    if (result == ':' && is_long)
        return misuse(r, "%s needs a value", argument);
    if (result == ':')
        return misuse(r, "-%c needs a value", optopt);
    if (is_long && optopt)
        return misuse(r, "%s: this option takes no value", argument);
    if (is_long)
        return misuse(r, "there is no option '%s', or it is the start of several", argument);
    return misuse(r, "there is no option '-%c'", optopt);
}

/* ---- what goes together ---- */

static bool modes_agree(struct reader *r)
{
    const struct command_line *o = r->out;
    if (o->check && o->write)
        return misuse(r, "--check changes no file, -w does: choose one");
    if (o->diff && o->list)
        return misuse(r, "-d and -l both print on standard output: choose one");
    if (o->output.len && (o->write || o->diff || o->list || o->check))
        return misuse(r, "-o writes the result to one file: it goes with no other mode");
    if (o->dump && (o->write || o->diff || o->list || o->check || o->output.len))
        return misuse(r, "--dump prints an inner form: it goes with no other mode");
    if (o->dockerignore && !o->write)
        return misuse(r, "--dockerignore goes with -w: it says what else to write");
    if (o->no_context && o->context.len)
        return misuse(r, "--context and --no-context contradict each other");
    if (o->no_config && o->config.len)
        return misuse(r, "--config and --no-config contradict each other");
    if (o->quiet && o->verbose)
        return misuse(r, "-q and -v contradict each other");
    return true;
}

static bool paths_agree(struct reader *r)
{
    const struct command_line *o = r->out;
    bool has_stdin = strs_have(&o->paths, LIT("-"));
    if (!o->paths.n && !o->files_from.len)
        return misuse(r, "no Dockerfile given");
    if (has_stdin && o->write)
        return misuse(r, "standard input cannot be rewritten in place");
    if (has_stdin && str_eq(o->files_from, LIT("-")))
        return misuse(r, "standard input cannot be a list of files and a Dockerfile at once");
    if (o->nul_separated && !o->files_from.len)
        return misuse(r, "-0 tells how the list of --files-from is separated: it needs one");
    return true;
}

bool options_read(struct arena *a, int argc, char **argv, struct command_line *out,
                  struct str *problem)
{
    struct reader r = {a, out, problem};
    *out = (struct command_line){.passes = {.level = 2, .pin = PIN_TAG}};
    optind = 0; /* start anew, also after an earlier call */
    opterr = 0;
    for (;;) {
        int at = optind ? optind : 1;
        int option = getopt_long(argc, argv, short_options, long_options, NULL);
        if (option == -1)
            break;
        if (option == '?' || option == ':')
            return bad_option(&r, option, argv[optind > at ? optind - 1 : at]);
        if (!read_option(&r, option))
            return false;
        if (out->request == REQUEST_HELP || out->request == REQUEST_VERSION)
            return true;
    }
    for (int i = optind; i < argc; i++) {
        struct str path = str_from_c(argv[i]);
        vec_add(a, &out->paths, path);
    }
    if (out->request != REQUEST_RUN)
        return true;
    return modes_agree(&r) && paths_agree(&r);
}
