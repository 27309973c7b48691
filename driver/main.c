/* dfopt: Dockerfile in, smaller Dockerfile out. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/batch.h"
#include "driver/files.h"
#include "driver/help.h"
#include "driver/search.h"
#include "driver/show.h"

enum status { STATUS_DONE, STATUS_FOUND, STATUS_ERROR };

enum { PATHS_LIMIT = 1024 * 1024 * 1024 };

static enum status usage_error(struct str problem)
{
    fprintf(stderr, "dfopt: %.*s\nTry 'dfopt --help'.\n", STR(problem));
    return STATUS_ERROR;
}

/* ---- the session ---- */

static bool wants_color(enum color color, int fd)
{
    if (color != COLOR_AUTO)
        return color == COLOR_ALWAYS;
    const char *off = getenv("NO_COLOR"), *term = getenv("TERM");
    bool is_dumb = term && strcmp(term, "dumb") == 0;
    return isatty(fd) && !is_dumb && !(off && *off);
}

static struct session new_session(struct arena *a, const struct command_line *line)
{
    char directory[PATH_MAX];
    struct session s = {.line = line};
    if (getcwd(directory, sizeof directory))
        s.directory = str_dup(a, str_from_c(directory));
    s.out_color = wants_color(line->color, STDOUT_FILENO);
    s.err_color = wants_color(line->color, STDERR_FILENO);
    s.out_escape = isatty(STDOUT_FILENO);
    s.err_snippet = line->color == COLOR_ALWAYS || isatty(STDERR_FILENO);
    return s;
}

/* ---- which files ---- */

static bool read_list(struct search *search, const struct session *session)
{
    const struct command_line *line = session->line;
    struct read_buffer buffer = {0};
    struct file_problem problem;
    struct stat info;
    struct str list;
    bool ok = file_read(line->files_from.at, &buffer, &list, &info, &problem);
    if (ok)
        search_add_list(search, list, line->nul_separated);
    else
        show_problem(session, line->files_from, problem.what,
                     problem.error ? strerror(problem.error) : NULL);
    read_buffer_free(&buffer);
    return ok;
}

static bool find_files(struct search *search, const struct session *session)
{
    const struct command_line *line = session->line;
    for (size_t i = 0; i < line->paths.n; i++)
        search_add(search, line->paths.at[i]);
    bool ok = !line->files_from.len || read_list(search, session);
    for (size_t i = 0; i < search->problems.n; i++)
        show_problem(session, search->problems.at[i].path, "cannot search",
                     strerror(search->problems.at[i].error));
    return ok && !search->problems.n;
}

static bool wants_one_file(const struct command_line *line)
{
    return !line->diff && !line->write && !line->list && !line->check && !line->dump;
}

static bool is_directory(struct str path)
{
    struct stat info;
    return stat(path.at, &info) == 0 && S_ISDIR(info.st_mode);
}

/* ---- the run ---- */

static void sum_up_sizes(struct arena *a, const struct tally *tally)
{
    struct str text = predicted_text(a, &tally->sizes);
    if (tally->sizes.files > 1 && text.len)
        fprintf(stderr, "dfopt: %.*s, %u of %zu changed files\n", STR(text), tally->sizes.files,
                tally->changed);
}

static void sum_up(const struct command_line *line, const struct tally *tally)
{
    fprintf(stderr, "dfopt: %zu file%s, %zu %s, %zu with errors\n", tally->read,
            tally->read == 1 ? "" : "s", tally->changed, line->write ? "rewritten" : "would change",
            tally->failed);
}

static bool close_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    fprintf(stderr, "dfopt: cannot write standard output: %s\n", strerror(errno));
    return false;
}

static enum status run(struct arena *a, const struct command_line *line)
{
    if (line->context.len && !is_directory(line->context))
        return usage_error(LIT("--context: there is no such directory"));
    struct session session = new_session(a, line);
    struct search search = {.arena = a, .seen = {.arena = a}};
    bool ok = find_files(&search, &session);
    if (wants_one_file(line) && (search.several || search.files.n > 1))
        return usage_error(LIT("several files need a mode: -d, -w, -l, --check or --dump"));
    struct config config = {.arena = a, .line = line};
    session.settings = arena_array(a, search.files.n, sizeof *session.settings);
    for (size_t i = 0; i < search.files.n; i++)
        session.settings[i] = config_for(&config, search.files.at[i]);
    struct tally tally = {0};
    if (search.files.n && !batch_run(&session, &search.files, &tally)) {
        fputs("dfopt: out of memory\n", stderr);
        return STATUS_ERROR;
    }
    if (line->verbose)
        sum_up(line, &tally);
    sum_up_sizes(a, &tally);
    if (!close_output() || !ok || tally.failed)
        return STATUS_ERROR;
    return line->check && tally.changed ? STATUS_FOUND : STATUS_DONE;
}

static enum status answer(const struct command_line *line)
{
    switch (line->request) {
    case REQUEST_RUN:
        break;
    case REQUEST_HELP:
        help_print(stdout);
        break;
    case REQUEST_VERSION:
        help_print_version(stdout);
        break;
    case REQUEST_LIST_PASSES:
        help_list_passes(stdout);
        break;
    case REQUEST_EXPLAIN:
        if (!help_explain(stdout, line->explain)) {
            fprintf(stderr,
                    "dfopt: there is no pass or rule '%.*s'; --list-passes shows the "
                    "passes\n",
                    STR(line->explain));
            return STATUS_ERROR;
        }
        break;
    }
    return close_output() ? STATUS_DONE : STATUS_ERROR;
}

static enum status serve(struct arena *a, int argc, char **argv)
{
    struct command_line line;
    struct str problem;
    if (!options_read(a, argc, argv, &line, &problem))
        return usage_error(problem);
    return line.request == REQUEST_RUN ? run(a, &line) : answer(&line);
}

int main(int argc, char **argv)
{
    /* The boundary for what is not a compile: the options and the list of files. */
    struct boundary boundary = {.why = NULL};
    struct arena *a = arena_new(PATHS_LIMIT);
    enum status status = STATUS_ERROR;
    if (a)
        arena_guard(a, &boundary);
    if (a && setjmp(boundary.at) == 0)
        status = serve(a, argc, argv);
    else
        fputs("dfopt: out of memory\n", stderr);
    arena_free(a);
    return (int)status;
}
