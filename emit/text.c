#include "emit/text.h"

#include "emit/escape.h"
#include "grammar/utf8.h"

#include <stdlib.h>

#define BOLD "\x1b[1m"
#define RED "\x1b[1;31m"
#define GREEN "\x1b[1;32m"
#define MAGENTA "\x1b[1;35m"
#define BLUE "\x1b[1;34m"
#define CYAN "\x1b[1;36m"
#define PLAIN "\x1b[m"

enum { TAB_WIDTH = 8, WIDEST_LINE = 160, BEFORE_CARET = 100 };

struct label {
    const char *word, *color;
};

/* As GCC's -fopt-info, which tells "optimized", "missed" and "note" apart by this word. */
static const struct label severity_labels[] = {[SEVERITY_ERROR] = {"error", RED},
                                               [SEVERITY_WARNING] = {"warning", MAGENTA},
                                               [SEVERITY_NOTE] = {"note", CYAN}};
static const struct label remark_labels[] = {[REMARK_APPLIED] = {"remark", BLUE},
                                             [REMARK_MISSED] = {"missed", MAGENTA},
                                             [REMARK_NOTE] = {"note", CYAN}};

/* A diagnostic or a remark. A note stays behind the diagnostic that it belongs to: `group` is where
 * that one stands. */
struct message {
    uint32_t group;
    size_t order;
    struct span at;
    const struct label *label;
    struct str sentence;
    const char *id; /* NULL for diagnostics */
};

struct messages VEC_OF(struct message);

static void collect_diags(struct arena *a, struct messages *all, const struct diags *diags,
                          const struct text_style *style)
{
    uint32_t group = 0;
    bool wanted = false;
    for (size_t i = 0; i < diags->n; i++) {
        const struct diag *d = &diags->at[i];
        if (d->severity != SEVERITY_NOTE || i == 0) {
            group = d->at.start;
            wanted = d->severity == SEVERITY_ERROR || !style->quiet;
        }
        struct message m = {group, all->n, d->at, &severity_labels[d->severity], d->message, NULL};
        if (wanted)
            vec_add(a, all, m);
    }
}

static struct str remark_sentence(struct arena *a, const struct remark *r)
{
    struct buf b = {.arena = a};
    buf_add(&b, str_from_c(r->rule->sentence));
    if (r->detail.len) {
        buf_add(&b, LIT(": "));
        buf_add(&b, r->detail);
    }
    if (r->bytes >= 1000 * 1000)
        buf_printf(&b, " (about %.1f MB)", (double)r->bytes / 1e6);
    else if (r->bytes >= 1000)
        buf_printf(&b, " (about %.0f kB)", (double)r->bytes / 1e3);
    return buf_str(&b);
}

static void collect_remarks(struct arena *a, struct messages *all, const struct remarks *remarks,
                            const struct text_style *style)
{
    for (size_t i = 0; i < remarks->n; i++) {
        const struct remark *r = &remarks->at[i];
        if (!(style->remarks & 1u << r->kind))
            continue;
        struct message m = {r->at.start,           all->n,     r->at, &remark_labels[r->kind],
                            remark_sentence(a, r), r->rule->id};
        vec_add(a, all, m);
    }
}

static int by_place(const void *left, const void *right)
{
    const struct message *a = left, *b = right;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

static void put_color(struct buf *out, const struct text_style *style, const char *color)
{
    if (style->color)
        buf_add(out, str_from_c(color));
}

/* ---- the source line and the caret below it ---- */

static size_t columns(struct str shown)
{
    size_t n = 0;
    for (; shown.len; n++)
        shown = str_slice(shown, utf8_first(shown).len, shown.len);
    return n;
}

/* The line as it is shown, and in which columns `mark` (bytes of the line) stands then. */
struct shown_line {
    struct buf text;
    size_t columns, from, to;
};

static void show_character(struct shown_line *shown, struct str rest, size_t *used)
{
    if (rest.at[0] == '\t') {
        size_t n = TAB_WIDTH - shown->columns % TAB_WIDTH;
        shown->columns += n;
        while (n--)
            buf_char(&shown->text, ' ');
        *used = 1;
        return;
    }
    size_t before = shown->text.len;
    *used = escape_character(&shown->text, rest);
    shown->columns += columns(str_slice(buf_str(&shown->text), before, shown->text.len));
}

static struct shown_line show_line(struct arena *a, struct str line, struct span mark)
{
    struct shown_line shown = {.text = {.arena = a}};
    size_t used = 0;
    for (size_t i = 0; i < line.len; i += used) {
        if (i <= mark.start)
            shown.from = shown.columns;
        show_character(&shown, str_slice(line, i, line.len), &used);
        if (i < mark.end)
            shown.to = shown.columns;
    }
    if (mark.start >= line.len)
        shown.from = shown.columns;
    return shown;
}

/* A line may be megabytes long: shows the stretch around the mark. */
static struct str stretch_around(struct str line, struct span *mark)
{
    if (line.len <= WIDEST_LINE)
        return line;
    uint32_t start = mark->start > BEFORE_CARET ? mark->start - BEFORE_CARET : 0;
    while (start < line.len && ((unsigned char)line.at[start] & 0xC0) == 0x80)
        start++;
    mark->start -= start < mark->start ? start : mark->start;
    mark->end -= start < mark->end ? start : mark->end;
    return str_slice(line, start, start + WIDEST_LINE);
}

static void put_snippet(struct buf *out, const struct source *src, const struct message *m,
                        const struct text_style *style)
{
    struct place place = source_place(src, m->at.start);
    struct str line = source_line(src, place.line);
    uint32_t start = place.column - 1;
    struct span mark = {start, start + (uint32_t)span_len(m->at)};
    line = stretch_around(line, &mark);
    struct shown_line shown = show_line(out->arena, line, mark);
    buf_add(out, buf_str(&shown.text));
    buf_char(out, '\n');
    for (size_t i = 0; i < shown.from; i++)
        buf_char(out, ' ');
    put_color(out, style, GREEN);
    buf_char(out, '^');
    for (size_t i = shown.from + 1; i < shown.to; i++)
        buf_char(out, '~');
    put_color(out, style, PLAIN);
    buf_char(out, '\n');
}

static void put_message(struct buf *out, const struct source *src, const struct message *m,
                        const struct text_style *style)
{
    struct place place = source_place(src, m->at.start);
    put_color(out, style, BOLD);
    escape_line(out, src->path);
    buf_printf(out, ":%u:%u: ", (unsigned)place.line, (unsigned)place.column);
    put_color(out, style, m->label->color);
    buf_printf(out, "%s: ", m->label->word);
    put_color(out, style, PLAIN);
    escape_line(out, m->sentence);
    if (m->id)
        buf_printf(out, " [%s]", m->id);
    buf_char(out, '\n');
    if (style->snippet)
        put_snippet(out, src, m, style);
}

void text_messages(struct buf *out, const struct text_input *input, const struct text_style *style)
{
    struct messages all = {0};
    collect_diags(out->arena, &all, input->diags, style);
    collect_remarks(out->arena, &all, input->remarks, style);
    if (all.n)
        qsort(all.at, all.n, sizeof *all.at, by_place);
    for (size_t i = 0; i < all.n; i++)
        put_message(out, input->src, &all.at[i], style);
}
