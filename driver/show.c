#include "driver/show.h"

#include <stdio.h>

#include "emit/diff.h"
#include "emit/escape.h"
#include "emit/text.h"

struct str show_path(const struct job *job)
{
    return str_eq(job->path, LIT("-")) ? LIT("<stdin>") : job->path;
}

/* A diff is applied where it was made: absolute paths below the current directory become relative.
 */
static struct str diff_path(const struct job *job)
{
    struct str path = show_path(job), directory = job->session->directory;
    bool is_below = directory.len > 1 && path.len > directory.len && str_starts(path, directory) &&
                    path.at[directory.len] == '/';
    return is_below ? str_slice(path, directory.len + 1, path.len) : path;
}

static void show_text(struct buf *out, const struct job *job, struct str text)
{
    if (job->session->out_escape)
        escape_text(out, text);
    else
        buf_add(out, text);
}

static void show_name(struct buf *out, const struct job *job)
{
    if (job->session->out_escape)
        escape_line(out, show_path(job));
    else
        buf_add(out, show_path(job));
    buf_char(out, '\n');
}

static void show_diff(struct buf *out, const struct job *job, struct str after)
{
    const struct session *s = job->session;
    struct diff_input input = {diff_path(job), job->text, after};
    diff_unified(out, &input, (struct diff_style){s->out_color, s->out_escape || s->out_color});
}

struct str show_result(struct arena *a, const struct job *job, const struct compiled *compiled)
{
    const struct command_line *line = job->session->line;
    struct buf out = {.arena = a};
    bool changed = compiled->verdict == FILE_CHANGED;
    if (line->diff) {
        show_diff(&out, job, compiled->text);
    } else if (line->list || line->check) {
        if (changed)
            show_name(&out, job);
    } else if (!line->write && !line->output.len) {
        show_text(&out, job, compiled->text);
    }
    return buf_str(&out);
}

struct str show_messages(const struct compile *c, const struct session *session)
{
    struct buf out = {.arena = c->arena};
    struct text_input input = {&c->src, &c->diags, &c->remarks};
    struct text_style style = {.color = session->err_color,
                               .snippet = session->err_snippet,
                               .quiet = session->line->quiet,
                               .remarks = session->line->quiet ? 0 : session->line->remarks};
    text_messages(&out, &input, &style);
    return buf_str(&out);
}

static void print_path(struct str path)
{
    if (str_eq(path, LIT("-")))
        path = LIT("<stdin>");
    while (path.len) {
        size_t n = escape_printable(path);
        if (n)
            fwrite(path.at, 1, n, stderr);
        else
            fputc('?', stderr);
        path = str_slice(path, n ? n : 1, path.len);
    }
}

void show_problem(const struct session *session, struct str path, const char *what,
                  const char *detail)
{
    print_path(path);
    fprintf(stderr, session->err_color ? ": \x1b[1;31merror:\x1b[m %s" : ": error: %s", what);
    if (detail)
        fprintf(stderr, ": %s", detail);
    fputc('\n', stderr);
}

void show_rewritten(struct str path)
{
    print_path(path);
    fputs(": rewritten\n", stderr);
}
