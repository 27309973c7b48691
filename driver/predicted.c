#include "driver/predicted.h"

enum { MEGABYTE = 1000 * 1000 };

struct predicted predicted_of(struct compile *before, struct compile *after)
{
    struct prediction old, new;
    if (!predict_image(before, before->file->last_stage, &old) ||
        !predict_image(after, after->file->last_stage, &new))
        return (struct predicted){0};
    return (struct predicted){1, old.bytes, new.bytes, old.whole, new.whole};
}

void predicted_add(struct predicted *total, const struct predicted *one)
{
    if (!one->files)
        return;
    bool first = total->files == 0;
    total->whole_before = one->whole_before && (first || total->whole_before);
    total->whole_after = one->whole_after && (first || total->whole_after);
    total->files += one->files;
    total->before += one->before;
    total->after += one->after;
}

static unsigned long long rounded(uint64_t bytes)
{
    return (bytes + MEGABYTE / 2) / MEGABYTE;
}

/* With a comma before each three digits. */
static void add_megabytes(struct buf *b, uint64_t bytes, bool whole)
{
    unsigned long long mb = rounded(bytes), unit = 1;
    while (mb / unit >= 1000)
        unit *= 1000;
    buf_printf(b, "%s%llu", whole ? "" : "at least ", mb / unit);
    for (; unit > 1; unit /= 1000)
        buf_printf(b, ",%03llu", mb % unit / (unit / 1000));
    buf_add(b, LIT(" MB"));
}

struct str predicted_text(struct arena *a, const struct predicted *p)
{
    struct buf b = {.arena = a};
    if (!p->files || rounded(p->before) == rounded(p->after))
        return LIT("");
    buf_add(&b, LIT("predicted: "));
    add_megabytes(&b, p->before, p->whole_before);
    buf_add(&b, LIT(" → "));
    add_megabytes(&b, p->after, p->whole_after);
    bool whole = p->whole_before && p->whole_after;
    if (p->before)
        buf_printf(&b, ", %+.0f %%%s", 100.0 * ((double)p->after / (double)p->before - 1),
                   whole ? "" : " of what is known");
    return buf_str(&b);
}
