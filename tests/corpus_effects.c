/* Reads paths of Dockerfiles, one a line, and prints for each simple command of their RUNs
 * `verdict TAB name TAB detail`: how the catalog's table takes it.
 *
 *     known       a row, and a verb that it has
 *     option      the same, with an option (the detail) that no row lists: taken to have no value
 *     verb        a row, but none of its verbs (the detail is the first operand)
 *     none        no row
 *     file        a program of the build, run by its path
 *     computed    its name is not plain text
 *
 * What a wrapper runs (sudo, env, xargs) counts beside the wrapper. */
#include "emit/dump.h"
#include "ir/command_args.h"
#include "tests/corpus.h"

/* ---- one command ---- */

static void report(const char *verdict, struct str name, struct str detail)
{
    printf("%s\t%.*s\t%.*s\n", verdict, STR(name), STR(detail));
}

static const struct command *row_of(struct str name)
{
    struct str dir = path_directory(name);
    bool is_program = str_ends(dir, LIT("/bin")) || str_ends(dir, LIT("/sbin"));
    return catalog_command(catalog_shipped(), is_program ? path_name(name) : name);
}

static const struct given *unlisted_option(const struct command_args *args)
{
    for (size_t i = 0; i < args->options.n; i++)
        if (!args->options.at[i].option)
            return &args->options.at[i];
    return NULL;
}

static void judge(struct arena *a, struct values words);

static void judge_known(struct arena *a, const struct command *row, struct values words)
{
    struct command_args args;
    struct str name = words.at[0].text;
    command_args_read(a, row, (struct values){words.at + 1, words.n - 1, words.n - 1}, &args);
    const struct given *unlisted = unlisted_option(&args);
    bool harmless = (command_args_deeds(&args) & DOES(HARMLESS)) != 0;
    if (args.verb_unknown && !harmless)
        report("verb", name, args.words.n ? args.words.at[0].text : LIT(""));
    else if (unlisted)
        report("option", name, unlisted->name);
    else
        report("known", name, LIT(""));
    size_t n = args.words.n - args.command;
    if (n)
        judge(a, (struct values){args.words.at + args.command, (uint32_t)n, (uint32_t)n});
}

static void judge(struct arena *a, struct values words)
{
    struct str name = words.at[0].text;
    const struct command *row = row_of(name);
    if (words.at[0].unknown)
        report("computed", LIT("$"), LIT(""));
    else if (row)
        judge_known(a, row, words);
    else
        report(str_find(name, '/') < name.len ? "file" : "none", name, LIT(""));
}

/* ---- the C lines of --dump=commands ---- */

static struct str take_field(struct str *line)
{
    size_t end = str_find(*line, '\t');
    struct str field = str_slice(*line, 0, end);
    *line = str_slice(*line, end < line->len ? end + 1 : end, line->len);
    return field;
}

static void judge_line(struct arena *a, struct str line)
{
    struct values words = {0};
    if (!str_eq(take_field(&line), LIT("C")))
        return;
    while (line.len) {
        struct str field = take_field(&line);
        bool plain = str_starts(field, LIT("="));
        vec_add(a, &words, plain ? value_known(str_slice(field, 1, field.len)) : value_unknown());
    }
    if (words.n)
        judge(a, words);
}

static void judge_file(struct arena *a, const char *path)
{
    struct compile c = {.arena = a, .diags = {.arena = a}};
    struct buf out = {.arena = a};
    c.src = source_of(a, str_from_c(path), corpus_file(a, path));
    if (!dump_commands(&c, &out))
        return;
    struct str rest = buf_str(&out);
    while (rest.len) {
        size_t end = str_find(rest, '\n');
        judge_line(a, str_slice(rest, 0, end));
        rest = str_slice(rest, end < rest.len ? end + 1 : end, rest.len);
    }
}

static void pass_over(const char *path)
{
    (void)path;
}

int main(void)
{
    return corpus_each(judge_file, pass_over);
}
