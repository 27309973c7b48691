#include "driver/compile.h"

#include "driver/context.h"
#include "driver/show.h"
#include "ir/catalog/catalog.h"
#include "ir/gate.h"
#include "passes/pipeline.h"

static struct compile new_compile(struct arena *a, const struct job *job, struct str text)
{
    return (struct compile){.arena = a,
                            .src = source_of(a, show_path(job), text),
                            .diags = {.arena = a},
                            .remarks = {.arena = a},
                            .catalog = job->settings->catalog,
                            .opt = &job->settings->passes,
                            .context = context_of(a, job)};
}

/* The gate (design 10.0): both texts are read afresh from their bytes and compared. */
static bool means_the_same(struct compile *c, const struct job *job, struct str text)
{
    struct compile before = new_compile(c->arena, job, job->text);
    struct compile after = new_compile(c->arena, job, text);
    struct str why = LIT("it can no longer be read");
    if (lower_file(&before) && lower_file(&after) &&
        gate_compare(&before, &after, &c->file->journal, &why))
        return true;
    diag_error(&c->diags, (struct span){0, 0},
               "internal error: the result would not mean the same (%.*s); "
               "the file is left as it is. Please report this, with the file",
               STR(why));
    return false;
}

static enum verdict optimize(struct compile *c, const struct job *job, struct compiled *out)
{
    if (!lower_file(c))
        return FILE_REFUSED;
    pipeline_run(c);
    out->text = file_text(c->arena, c->file);
    if (str_eq(out->text, job->text))
        return FILE_SAME;
    out->gate_refused = !means_the_same(c, job, out->text);
    return out->gate_refused ? FILE_REFUSED : FILE_CHANGED;
}

/* A file so large that its analysis does not fit: it stays as it is. */
static enum verdict leave(struct compile *c, struct str *text)
{
    if (!lower_file(c))
        return FILE_REFUSED;
    diag_warning(
        &c->diags, (struct span){0, 0},
        "too large to be optimized within the memory that one file may take: left as it is");
    *text = c->src.text;
    return FILE_SAME;
}

/* The lines that passes propose go to the end, where they have the last word. */
static void extend_ignore_file(struct compile *c, const struct job *job, struct compiled *out)
{
    struct str path, text;
    if (!job->session->line->dockerignore || !c->ignorable.n ||
        !context_ignore_file(c->arena, job, &path, &text))
        return;
    struct buf b = {.arena = c->arena};
    buf_add(&b, text);
    if (text.len && !str_ends(text, LIT("\n")))
        buf_char(&b, '\n');
    for (size_t i = 0; i < c->ignorable.n; i++) {
        buf_add(&b, c->ignorable.at[i]);
        buf_char(&b, '\n');
    }
    out->ignore_path = path;
    out->ignore_text = buf_str(&b);
}

static bool wants_sizes(const struct command_line *line)
{
    return line->verbose || (!line->quiet && line->remarks & 1u << REMARK_APPLIED);
}

static struct predicted predict(struct arena *a, const struct job *job, struct compile *after)
{
    struct compile before = new_compile(a, job, job->text);
    return lower_file(&before) ? predicted_of(&before, after) : (struct predicted){0};
}

static void add_sizes(struct arena *a, const struct job *job, struct compile *c,
                      struct compiled *out)
{
    out->sizes = predict(a, job, c);
    struct str text = predicted_text(a, &out->sizes);
    if (text.len)
        out->messages =
            str_printf(a, "%.*s%.*s: %.*s\n", STR(out->messages), STR(show_path(job)), STR(text));
}

static void compile(struct arena *a, const struct job *job, bool too_large, struct compiled *out)
{
    struct compile c = new_compile(a, job, job->text);
    struct buf dumped = {.arena = a};
    const struct dump *dump = job->session->line->dump;
    if (dump) {
        bool ok = dump->print(&c, &dumped);
        out->verdict = ok ? FILE_SAME : FILE_REFUSED;
        out->text = buf_str(&dumped);
    } else if (too_large) {
        out->verdict = leave(&c, &out->text);
    } else {
        out->verdict = optimize(&c, job, out);
    }
    if (out->verdict != FILE_REFUSED)
        extend_ignore_file(&c, job, out);
    out->messages = show_messages(&c, job->session);
    if (out->verdict == FILE_CHANGED && wants_sizes(job->session->line))
        add_sizes(a, job, &c, out);
    if (out->verdict != FILE_REFUSED)
        out->shown = show_result(a, job, out);
    else if (!c.diags.errors)
        out->failure = "internal error: refused without a reason";
}

/* One try, within the boundary. */
static void try(struct arena *a, const struct job *job, bool too_large, struct compiled *out)
{
    *out = (struct compiled){.verdict = FILE_REFUSED};
    arena_guard(a, &out->boundary);
    if (setjmp(out->boundary.at) == 0)
        compile(a, job, too_large, out);
    else
        *out = (struct compiled){.verdict = FILE_REFUSED, .failure = out->boundary.why};
    arena_guard(a, NULL);
}

void compile_file(struct arena *a, const struct job *job, struct compiled *out)
{
    const struct command_line *line = job->session->line;
    if (job->settings->problem.len) {
        *out = (struct compiled){.verdict = FILE_REFUSED};
        out->messages = str_printf(a, "%.*s\n", STR(job->settings->problem));
        return;
    }
    try(a, job, false, out);
    if (out->failure != arena_full || line->dump || job->settings->passes.level == 0)
        return;
    arena_reset(a);
    try(a, job, true, out);
}
