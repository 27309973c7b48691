/* libFuzzer's entry: a manifest's path in the first line, its text below. */
#include "ir/manifest/manifest.h"
#include "tests/fuzz.h"

static bool read_rest(void *self, struct str path, struct arena *a, struct str *text)
{
    (void)path;
    *text = str_dup(a, *(const struct str *)self);
    return true;
}

static void look_nowhere(void *self, struct str path, struct context_entry *out)
{
    (void)self;
    (void)path;
    *out = (struct context_entry){.kind = CONTEXT_ABSENT};
}

static bool list_nothing(void *self, struct str path, struct arena *a, struct context_entries *out)
{
    (void)self;
    (void)path;
    (void)a;
    (void)out;
    return false;
}

static enum tri no_ignore(void *self, struct arena *a, struct str *text)
{
    (void)self;
    (void)a;
    (void)text;
    return NO;
}

static void read_one(struct arena *a, struct str all)
{
    size_t end = str_find(all, '\n');
    struct str text = str_slice(all, end + 1, all.len);
    struct context_ops ops = {read_rest, look_nowhere, list_nothing, no_ignore, &text};
    struct file empty = {0};
    struct compile c = {.arena = a, .file = &empty, .context = &ops};
    manifest_at(&c, str_slice(all, 0, end));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct boundary boundary;
    struct arena *a = arena_new((size_t)1 << 28);
    arena_guard(a, &boundary);
    if (setjmp(boundary.at) == 0)
        read_one(a, (struct str){(const char *)data, size});
    arena_free(a);
    return 0;
}
