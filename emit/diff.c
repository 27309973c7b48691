#include "emit/diff.h"

#include "emit/compare.h"
#include "emit/escape.h"

enum { CONTEXT = 3 };

#define BOLD "\x1b[1m"
#define RED "\x1b[31m"
#define GREEN "\x1b[32m"
#define CYAN "\x1b[36m"
#define PLAIN "\x1b[m"

struct diff {
    struct strs before, after; /* lines with their line ends */
    struct comparison marks;
    struct diff_style style;
};

/* Lines [b0, b1) of the first text stand against [a0, a1) of the second. */
struct hunk {
    size_t b0, b1, a0, a1;
};

static struct strs split_lines(struct arena *a, struct str text)
{
    struct strs lines = {0};
    while (text.len) {
        size_t end = str_find(text, '\n') + 1;
        struct str line = str_slice(text, 0, end);
        vec_add(a, &lines, line);
        text = str_slice(text, end, text.len);
    }
    return lines;
}

/* ---- lines and hunks ---- */

static void put_color(struct buf *out, const struct diff *d, const char *color)
{
    if (d->style.color)
        buf_add(out, str_from_c(color));
}

static void put_line(struct buf *out, const struct diff *d, char sign, struct str line)
{
    bool ended = str_ends(line, LIT("\n"));
    struct str body = str_slice(line, 0, line.len - ended);
    if (sign != ' ')
        put_color(out, d, sign == '-' ? RED : GREEN);
    buf_char(out, sign);
    if (d->style.escape)
        escape_text(out, body);
    else
        buf_add(out, body);
    if (sign != ' ')
        put_color(out, d, PLAIN);
    buf_add(out, ended ? LIT("\n") : LIT("\n\\ No newline at end of file\n"));
}

/* `start` counts from 0; an empty range is named by the line before it. */
static void put_range(struct buf *out, char sign, size_t start, size_t n)
{
    buf_printf(out, "%c%zu", sign, n ? start + 1 : start);
    if (n != 1)
        buf_printf(out, ",%zu", n);
}

static void put_hunk(struct buf *out, const struct diff *d, struct hunk h)
{
    put_color(out, d, CYAN);
    buf_add(out, LIT("@@ "));
    put_range(out, '-', h.b0, h.b1 - h.b0);
    buf_char(out, ' ');
    put_range(out, '+', h.a0, h.a1 - h.a0);
    buf_add(out, LIT(" @@"));
    put_color(out, d, PLAIN);
    buf_char(out, '\n');
    while (h.b0 < h.b1 || h.a0 < h.a1) {
        if (h.b0 < h.b1 && d->marks.removed[h.b0])
            put_line(out, d, '-', d->before.at[h.b0++]);
        else if (h.a0 < h.a1 && d->marks.added[h.a0])
            put_line(out, d, '+', d->after.at[h.a0++]);
        else
            put_line(out, d, ' ', d->before.at[h.b0++]), h.a0++;
    }
}

static bool is_change(const struct diff *d, const struct hunk *at)
{
    return (at->b1 < d->before.n && d->marks.removed[at->b1]) ||
           (at->a1 < d->after.n && d->marks.added[at->a1]);
}

/* Goes on over the common lines behind `h`, at most `most` of them. */
static size_t skip_common(const struct diff *d, struct hunk *h, size_t most)
{
    size_t n = 0;
    while (n < most && h->b1 < d->before.n && h->a1 < d->after.n && !is_change(d, h))
        h->b1++, h->a1++, n++;
    return n;
}

static void skip_changes(const struct diff *d, struct hunk *h)
{
    while (h->b1 < d->before.n && d->marks.removed[h->b1])
        h->b1++;
    while (h->a1 < d->after.n && d->marks.added[h->a1])
        h->a1++;
}

/* Grows `h` over its changes, and over further ones that are so near that the contexts would touch;
 * leaves it with the context behind the last one. */
static void take_changes(const struct diff *d, struct hunk *h)
{
    for (;;) {
        skip_changes(d, h);
        size_t common = skip_common(d, h, 2 * CONTEXT);
        if (is_change(d, h))
            continue;
        size_t too_many = common > CONTEXT ? common - CONTEXT : 0;
        h->b1 -= too_many;
        h->a1 -= too_many;
        return;
    }
}

/* The next hunk at or behind the end of `h`; false when there is none. */
static bool next_hunk(const struct diff *d, struct hunk *h)
{
    size_t common = skip_common(d, h, SIZE_MAX);
    if (!is_change(d, h))
        return false;
    size_t context = common < CONTEXT ? common : CONTEXT;
    h->b0 = h->b1 - context;
    h->a0 = h->a1 - context;
    take_changes(d, h);
    return true;
}

/* ---- header ---- */

static struct str without_root(struct str path)
{
    while (str_starts(path, LIT("./")) || str_starts(path, LIT("/")))
        path = str_slice(path, path.at[0] == '.' ? 2 : 1, path.len);
    return path;
}

static void put_path(struct buf *out, const struct diff *d, const char *sign, struct str path)
{
    struct buf quoted = {.arena = out->arena};
    escape_patch_path(&quoted, path);
    put_color(out, d, BOLD);
    buf_add(out, str_from_c(sign));
    buf_add(out, buf_str(&quoted));
    put_color(out, d, PLAIN);
    /* Without a tab behind it, git and patch take a name to end at its first blank. */
    if (quoted.at[0] != '"' && str_find(path, ' ') < path.len)
        buf_char(out, '\t');
    buf_char(out, '\n');
}

static void put_header(struct buf *out, const struct diff *d, struct str path)
{
    path = without_root(path);
    put_path(out, d, "--- ", str_concat(out->arena, LIT("a/"), path));
    put_path(out, d, "+++ ", str_concat(out->arena, LIT("b/"), path));
}

/* ---- the whole ---- */

void diff_unified(struct buf *out, const struct diff_input *input, struct diff_style style)
{
    if (str_eq(input->before, input->after))
        return;
    struct arena *a = out->arena;
    struct diff d = {.before = split_lines(a, input->before),
                     .after = split_lines(a, input->after),
                     .style = style};
    d.marks = compare_lines(a, &d.before, &d.after);
    put_header(out, &d, input->path);
    struct hunk h = {0};
    while (next_hunk(&d, &h))
        put_hunk(out, &d, h);
}
