/* A build context in memory, for tests: path, text, path, text, .. NULL. */
#ifndef TESTS_MEMORY_CONTEXT_H
#define TESTS_MEMORY_CONTEXT_H

#include "ir/context.h"

struct memory {
    const char *const *files;
};

static bool read_memory(void *self, struct str path, struct arena *a, struct str *text)
{
    const struct memory *m = self;
    for (const char *const *f = m->files; *f; f += 2)
        if (str_eq(str_from_c(f[0]), path)) {
            *text = str_dup(a, str_from_c(f[1]));
            return true;
        }
    return false;
}

static void look_memory(void *self, struct str path, struct context_entry *out)
{
    const struct memory *m = self;
    *out = (struct context_entry){.kind = CONTEXT_ABSENT};
    for (const char *const *f = m->files; *f; f += 2) {
        struct str file = str_from_c(f[0]);
        if (str_eq(file, path)) {
            out->kind = CONTEXT_FILE;
            out->size = str_from_c(f[1]).len;
        } else if (str_starts(file, path) && file.at[path.len] == '/') {
            out->kind = CONTEXT_DIRECTORY;
        }
    }
}

static bool is_listed(const struct context_entries *list, struct str name)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->at[i].name, name))
            return true;
    return false;
}

static bool list_memory(void *self, struct str path, struct arena *a, struct context_entries *out)
{
    const struct memory *m = self;
    struct str inside = path.len ? str_concat(a, path, LIT("/")) : path;
    for (const char *const *f = m->files; *f; f += 2) {
        struct str file = str_from_c(f[0]), rest = str_slice(file, inside.len, file.len);
        struct context_entry e = {.name = str_slice(rest, 0, str_find(rest, '/'))};
        e.kind = e.name.len == rest.len ? CONTEXT_FILE : CONTEXT_DIRECTORY;
        e.size = e.kind == CONTEXT_FILE ? str_from_c(f[1]).len : 0;
        if (str_starts(file, inside) && !is_listed(out, e.name))
            vec_add(a, out, e);
    }
    return true;
}

static enum tri no_ignore(void *self, struct arena *a, struct str *text)
{
    (void)self;
    (void)a;
    (void)text;
    return NO;
}

static inline struct context_ops memory_context(struct memory *m)
{
    return (struct context_ops){read_memory, look_memory, list_memory, no_ignore, m};
}

#endif
