/* A Dockerfile that a test asks something of: lowered, with the shipped catalog, at -O2. */
#ifndef TESTS_LOWERED_H
#define TESTS_LOWERED_H

#include "ir/catalog/catalog.h"
#include "ir/ir.h"
#include "ir/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* `context` may be NULL: there is none. Fails the test when the text is no Dockerfile. */
static inline struct compile lowered(struct arena *a, struct str text,
                                     const struct context_ops *context)
{
    static const struct options options = {.level = 2};
    struct compile c = {.arena = a,
                        .src = source_of(a, LIT("Dockerfile"), text),
                        .diags = {.arena = a},
                        .remarks = {.arena = a},
                        .catalog = catalog_shipped(),
                        .opt = &options,
                        .context = context};
    assert_true(lower_file(&c));
    return c;
}

#endif
