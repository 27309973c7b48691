/* libFuzzer's entry point for YAML: whatever the bytes are, the reader gives a tree or one error,
 * and the catalog's reader takes or refuses the tree. */
#include "ir/catalog/catalog.h"
#include "ir/catalog/yaml.h"

enum { MEMORY_LIMIT = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct arena *a, struct str text)
{
    struct yaml_error error;
    const struct yaml_node *root = yaml_read(a, text, &error);
    if (root)
        catalog_extend(a, catalog_shipped(), root, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(MEMORY_LIMIT);
    struct boundary boundary = {.why = NULL};
    if (!a)
        return 0;
    arena_guard(a, &boundary);
    if (!setjmp(boundary.at))
        read_all(a, (struct str){(const char *)data, size});
    arena_free(a);
    return 0;
}
