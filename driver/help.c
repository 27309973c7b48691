#include "driver/help.h"

#include "passes/pass.h"

static const char usage[] =
    "Usage: dfopt [OPTION]... PATH...\n"
    "\n"
    "Rewrite Dockerfiles so that the images they build are smaller and mean the same.\n"
    "PATH is a Dockerfile, a directory (searched for Dockerfiles), or - (standard input).\n"
    "Without a mode, the rewritten Dockerfile of the one PATH goes to standard output.\n"
    "\n"
    "Modes:\n"
    "  -d, --diff              print unified diffs, as git apply takes them\n"
    "  -w, --write             rewrite files in place; with -d or -l, also print\n"
    "      --dockerignore      with -w: also add proposed lines to .dockerignore\n"
    "  -l, --list              print the names of the files that would change\n"
    "      --check             like -l (or -d), with exit status 1 if any would change\n"
    "  -o, --output=FILE       write the one result to FILE\n"
    "      --dump=FORM         print an inner form of each file, without any pass:\n"
    "                          canon, commands, ast, shell, ir, effects, sizes\n"
    "\n"
    "How far to go:\n"
    "  -O0                     change nothing\n"
    "  -O1                     same image, fewer bytes: no caches, lists, needless layers\n"
    "  -O2                     same program: what is not used may go (default)\n"
    "  -O3                     smallest: may change distribution or C library\n"
    "      --enable=PASS,...   switch passes on, at any level; 'all' names every pass, and\n"
    "                          'modernize' each modernize/NAME (a group)\n"
    "      --disable=PASS,...  switch passes off; read in order with --enable\n"
    "      --target=STAGE,...  stages that are built by name and must stay\n"
    "      --pin=HOW           pin base images: off, tag (default), digest (from dfopt.lock)\n"
    "      --list-passes       print the passes, one a line\n"
    "      --explain=NAME      explain a pass, a group of passes or a rule, by its name\n"
    "\n"
    "Input:\n"
    "      --context=DIR       the build context, read for the scripts that the container\n"
    "                          starts; default: the Dockerfile's own directory\n"
    "      --no-context        look at nothing but the Dockerfile\n"
    "      --files-from=FILE   read paths from FILE (- is standard input), one a line\n"
    "  -0, --null              with --files-from: paths end in NUL\n"
    "      --config=FILE       settings; default: the nearest .dfopt.yaml upward, up to the\n"
    "                          root of the repository\n"
    "      --no-config         read no settings\n"
    "  -j, --jobs=N            compile N files at a time; default: one for each processor\n"
    "\n"
    "Messages:\n"
    "  -R, --remarks[=KIND]    print remarks: applied (default), missed, all; and the size\n"
    "                          of the image before and after, as predicted\n"
    "      --color[=WHEN]      auto (default), always, never; it also adds source lines\n"
    "  -q, --quiet             errors alone\n"
    "  -v, --verbose           name each rewritten file and predicted sizes; count at the end\n"
    "      --help              print this\n"
    "      --version           print the version\n"
    "\n"
    "Exit status: 0 done; 1 --check found something; 2 any error. A file with an error is\n"
    "left as it is, and the others go on.\n"
    "\n"
    "Examples:\n"
    "  dfopt -d Dockerfile             what would it do?\n"
    "  dfopt -w -R .                   rewrite all below, and say what was done\n"
    "  dfopt --check $(git ls-files '*Dockerfile')\n"
    "  dfopt -O1 - <Dockerfile >Dockerfile.small\n";

void help_print(FILE *out)
{
    fputs(usage, out);
}

void help_print_version(FILE *out)
{
    fputs("dfopt " DFOPT_VERSION "\n", out);
}

/* "-O2", or "off". */
static void print_level(FILE *out, const struct pass *pass)
{
    if (pass->level == PASS_OFF)
        fputs("off", out);
    else
        fprintf(out, "-O%u", (unsigned)pass->level);
}

void help_list_passes(FILE *out)
{
    size_t n;
    const struct pass *const *table = pass_table(&n);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "%-39s ", table[i]->name);
        print_level(out, table[i]);
        fprintf(out, "  %s\n", table[i]->summary);
    }
}

static void print_rule(FILE *out, const struct rule *rule)
{
    fprintf(out, "  %s\n      %s\n", rule->id, rule->sentence);
}

static void print_pass(FILE *out, const struct pass *pass)
{
    fprintf(out, "%s (", pass->name);
    print_level(out, pass);
    fprintf(out, "): %s\n\n%s\n", pass->summary, pass->explain);
    if (pass->applied) {
        fputs("\nWhat is said where it was done:\n", out);
        print_rule(out, pass->applied);
    }
    if (pass->n_rules)
        fputs("\nReasons to leave a place alone:\n", out);
    for (size_t i = 0; i < pass->n_rules; i++)
        print_rule(out, &pass->rules[i]);
}

static bool explain_rule(FILE *out, const struct pass *pass, struct str id)
{
    const struct rule *found = pass->applied;
    if (!found || !str_eq(str_from_c(found->id), id))
        found = NULL;
    for (size_t i = 0; i < pass->n_rules && !found; i++)
        if (str_eq(str_from_c(pass->rules[i].id), id))
            found = &pass->rules[i];
    if (found)
        fprintf(out, "%s: %s\nA rule of the pass %s; see --explain=%s.\n", found->id,
                found->sentence, pass->name, pass->name);
    return found != NULL;
}

/* What is said for every pass alike: one of these rules, or with the name of their group all. */
static bool explain_common(FILE *out, struct str name)
{
    size_t n;
    bool found = false;
    const struct rule *rules = pass_common_rules(&n);
    for (size_t i = 0; i < n; i++) {
        if (!pragma_names(name, str_from_c(rules[i].id)))
            continue;
        fprintf(out, "%s: %s\nA rule of all passes.\n", rules[i].id, rules[i].sentence);
        found = true;
    }
    return found;
}

bool help_explain(FILE *out, struct str name)
{
    size_t n;
    const struct pass *const *table = pass_table(&n);
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        if (!pragma_names(name, str_from_c(table[i]->name)))
            continue;
        if (found)
            fputs("\n", out);
        print_pass(out, table[i]);
        found = true;
    }
    for (size_t i = 0; i < n && !found; i++)
        found = explain_rule(out, table[i], name);
    return found || explain_common(out, name);
}
