#include "ir/rewrite.h"

#include "ir/layout.h"
#include "ir/normal.h"

/* Instructions that stages, references or states are derived from. */
static bool others_depend_on(enum df_kind kind)
{
    switch (kind) {
    case DF_ARG:
    case DF_ENV:
    case DF_FROM:
    case DF_SHELL:
    case DF_USER:
    case DF_WORKDIR:
    case DF_ADD:
    case DF_COPY:
    case DF_ONBUILD:
        return true;
    case DF_CMD:
    case DF_ENTRYPOINT:
    case DF_EXPOSE:
    case DF_HEALTHCHECK:
    case DF_LABEL:
    case DF_MAINTAINER:
    case DF_RUN:
    case DF_STOPSIGNAL:
    case DF_UNKNOWN:
    case DF_VOLUME:
        return false;
    }
    return true;
}

static void record(struct compile *c, struct rewrite r)
{
    vec_add(c->arena, &c->file->journal, r);
}

static void set_text(struct instr *i, struct str text, const struct df_instr *ast)
{
    i->text = text;
    i->ast = ast;
    i->script_read = false;
    i->effects = NULL;
    i->script = NULL;
    i->scripts = NULL;
}

static void mark_stale(struct compile *c, const struct df_instr *before,
                       const struct df_instr *after)
{
    if (others_depend_on(before->kind) || others_depend_on(after->kind))
        c->file->stale = true;
}

static void replace(struct compile *c, struct instr *i, struct str text, const struct df_instr *ast)
{
    record(c, (struct rewrite){.kind = REWRITE_TEXT, .instr = i, .text = i->text, .ast = i->ast});
    set_text(i, text, ast);
}

bool rw_replace(struct compile *c, struct instr *i, struct str text)
{
    const struct df_instr *ast = df_parse_one(c->arena, text, c->file->escape);
    if (!ast)
        return false;
    mark_stale(c, i->ast, ast);
    replace(c, i, text, ast);
    return true;
}

struct str rw_spliced(struct compile *c, const struct instr *i, const struct edit *edits, size_t n)
{
    struct buf b = {.arena = c->arena};
    uint32_t at = 0;
    for (size_t k = 0; k < n; k++) {
        CHECK(c->arena, edits[k].at.start >= at && edits[k].at.end <= i->text.len);
        buf_add(&b, str_slice(i->text, at, edits[k].at.start));
        buf_add(&b, edits[k].text);
        at = edits[k].at.end;
    }
    buf_add(&b, str_slice(i->text, at, i->text.len));
    return buf_str(&b);
}

bool rw_splice(struct compile *c, struct instr *i, const struct edit *edits, size_t n)
{
    return rw_replace(c, i, rw_spliced(c, i, edits, n));
}

bool rw_respell(struct compile *c, struct instr *i, const struct edit *edits, size_t n)
{
    struct instr after = *i;
    after.text = rw_spliced(c, i, edits, n);
    after.ast = df_parse_one(c->arena, after.text, c->file->escape);
    if (!after.ast || !normal_same(c->arena, i, &after, c->file->escape))
        return false;
    replace(c, i, after.text, after.ast);
    return true;
}

static void unlink_instr(struct file *f, struct instr *i)
{
    *(i->prev ? &i->prev->next : &f->first) = i->next;
    *(i->next ? &i->next->prev : &f->last) = i->prev;
}

static void relink_instr(struct file *f, struct instr *i)
{
    *(i->prev ? &i->prev->next : &f->first) = i;
    *(i->next ? &i->next->prev : &f->last) = i;
}

/* Without its last line where that is blank and what follows begins with a blank one. */
static struct str without_doubled_blank(struct str lead, struct str heir)
{
    size_t start = lead.len;
    while (start > 1 && lead.at[start - 2] != '\n')
        start--;
    start -= start > 0;
    bool blank = !str_trim(str_slice(lead, start, lead.len)).len;
    bool doubled = blank && heir.len && !str_trim(str_slice(heir, 0, str_find(heir, '\n'))).len;
    return doubled ? str_slice(lead, 0, start) : lead;
}

void rw_delete(struct compile *c, struct instr *i, bool keep_lead)
{
    struct str *heir = i->next ? &i->next->lead : &c->file->tail;
    record(
        c,
        (struct rewrite){
            .kind = REWRITE_DELETE, .instr = i, .text = *heir, .prev = i->prev, .next = i->next});
    if (keep_lead)
        *heir = str_concat(c->arena, without_doubled_blank(i->lead, *heir), *heir);
    unlink_instr(c->file, i);
    if (others_depend_on(i->ast->kind))
        c->file->stale = true;
}

/* Links `i` in behind `at`. The last line of a file that ends without a newline stays without. */
static void link_after(struct compile *c, struct instr *i, struct instr *at)
{
    bool open_end = !str_ends(at->text, LIT("\n"));
    if (open_end)
        replace(c, at, str_concat(c->arena, at->text, c->file->layout->newline), at->ast);
    if (open_end && str_ends(i->text, c->file->layout->newline))
        replace(c, i, str_slice(i->text, 0, i->text.len - c->file->layout->newline.len), i->ast);
    i->prev = at;
    i->next = at->next;
    relink_instr(c->file, i);
    record(c, (struct rewrite){.kind = REWRITE_INSERT, .instr = i});
    c->file->stale = true;
}

struct instr *rw_insert_after(struct compile *c, struct instr *at, struct str lead, struct str text)
{
    struct instr *i = arena_alloc(c->arena, sizeof *i);
    i->lead = lead;
    i->text = text;
    i->origin = at->origin;
    i->stage = at->stage;
    i->before = at->before;
    i->pragmas = at->pragmas;
    i->ast = df_parse_one(c->arena, text, c->file->escape);
    if (!i->ast)
        return NULL;
    link_after(c, i, at);
    return i;
}

void rw_move_after(struct compile *c, struct instr *i, struct instr *at)
{
    if (i->prev == at)
        return;
    if (!str_ends(i->text, LIT("\n")))
        replace(c, i, str_concat(c->arena, i->text, c->file->layout->newline), i->ast);
    rw_delete(c, i, false);
    i->stage = at->stage;
    link_after(c, i, at);
}

size_t rw_mark(const struct compile *c)
{
    return c->file->journal.n;
}

static void undo(struct compile *c, const struct rewrite *r)
{
    struct instr *i = r->instr;
    switch (r->kind) {
    case REWRITE_TEXT:
        mark_stale(c, i->ast, r->ast);
        set_text(i, r->text, r->ast);
        return;
    case REWRITE_INSERT:
        unlink_instr(c->file, i);
        c->file->stale = true;
        return;
    case REWRITE_DECLARE:
        return;
    case REWRITE_DELETE:
        i->prev = r->prev;
        i->next = r->next;
        relink_instr(c->file, i);
        *(i->next ? &i->next->lead : &c->file->tail) = r->text;
        return;
    }
}

void rw_undo(struct compile *c, size_t mark)
{
    while (c->file->journal.n > mark)
        undo(c, &c->file->journal.at[--c->file->journal.n]);
}
