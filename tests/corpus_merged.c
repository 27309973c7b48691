/* Which rows of neighbouring RUNs merge-run makes one: over Dockerfiles named on standard input.
 *
 *     find DIR -type f | corpus_merged
 *
 * A row is two or more RUNs with nothing between them, in one stage, each in shell form,
 * understood, and a single command or a chain of `&&`. Of each row in a stage that ships and is not
 * made one it prints where and why not; of stages that do not ship it counts those in which
 * anything was merged. */
#include "ir/catalog/catalog.h"
#include "ir/options.h"
#include "passes/legality.h"
#include "passes/pipeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_FILE = 1 << 20 };

struct row {
    struct instr *first, *last;
    unsigned n;
};

struct rows VEC_OF(struct row);

struct counts {
    unsigned long rows, whole, hidden, hidden_merged;
};

static bool is_plain_run(struct compile *c, struct instr *i)
{
    return i && i->ast->kind == DF_RUN && !i->ast->json && !i->ast->heredocs.n &&
           instr_script(c, i) && i->script->list && legality_shape(i->script).chain &&
           legality_shape(i->script).plain;
}

static struct rows rows_of(struct compile *c)
{
    struct rows rows = {0};
    for (struct instr *i = c->file->first; i; i = i->next) {
        struct row row = {i, i, 1};
        while (is_plain_run(c, row.first) && is_plain_run(c, instr_next(row.last))) {
            row.last = instr_next(row.last);
            row.n++;
        }
        if (row.n > 1)
            vec_add(c->arena, &rows, row);
        i = row.last;
    }
    return rows;
}

static bool is_there(const struct compile *c, const struct instr *wanted)
{
    for (const struct instr *i = c->file->first; i; i = i->next)
        if (i == wanted)
            return true;
    return false;
}

static void explain(const struct compile *c, const char *path, const struct row *row)
{
    bool said = false;
    for (size_t i = 0; i < c->remarks.n; i++) {
        const struct remark *r = &c->remarks.at[i];
        bool inside = r->at.start >= row->first->origin.start && r->at.end <= row->last->origin.end;
        if (r->kind != REMARK_MISSED || !inside)
            continue;
        printf("%s: %s\n", r->rule->id, path);
        said = true;
    }
    if (!said)
        printf("no remark: %s\n", path);
}

static void count(struct compile *c, const char *path, struct counts *counts)
{
    struct rows rows = rows_of(c);
    struct instr **seconds = arena_array(c->arena, rows.n, sizeof *seconds);
    bool *ships = arena_array(c->arena, rows.n, sizeof *ships);
    for (size_t i = 0; i < rows.n; i++) {
        seconds[i] = rows.at[i].last;
        ships[i] = rows.at[i].first->stage->ships == YES;
    }
    pipeline_run(c);
    for (size_t i = 0; i < rows.n; i++) {
        struct row *row = &rows.at[i];
        bool one = !is_there(c, row->last);
        counts->rows += ships[i];
        counts->whole += ships[i] && one;
        counts->hidden += !ships[i];
        counts->hidden_merged += !ships[i] && one;
        if (ships[i] && !one)
            explain(c, path, row);
    }
}

static void read_one(struct arena *a, const char *path, char *bytes, struct counts *counts)
{
    static struct options options = {.level = 1};
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(bytes, 1, LONGEST_FILE, f) : 0;
    if (f)
        fclose(f);
    struct compile *c = arena_alloc(a, sizeof *c);
    c->arena = a;
    c->src = source_of(a, str_from_c(path), (struct str){bytes, n});
    c->diags.arena = c->remarks.arena = a;
    c->catalog = catalog_shipped();
    c->opt = &options;
    struct toggle off = {LIT("all"), false}, on = {LIT("merge-run"), true};
    options.toggles = (struct toggles){0};
    vec_add(a, &options.toggles, off);
    vec_add(a, &options.toggles, on);
    if (lower_file(c))
        count(c, path, counts);
}

int main(void)
{
    char path[4096], *bytes = malloc(LONGEST_FILE);
    struct counts counts = {0};
    struct arena *a = arena_new((size_t)256 << 20);
    struct boundary boundary = {.why = NULL};
    arena_guard(a, &boundary);
    while (bytes && a && fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        if (setjmp(boundary.at) == 0)
            read_one(a, path, bytes, &counts);
        arena_reset(a);
    }
    fprintf(stderr,
            "merged: %lu rows in stages that ship, %lu made one (%.1f %%); %lu elsewhere, %lu made "
            "one\n",
            counts.rows, counts.whole,
            counts.rows ? 100.0 * (double)counts.whole / (double)counts.rows : 0.0, counts.hidden,
            counts.hidden_merged);
    free(bytes);
    arena_free(a);
    return 0;
}
