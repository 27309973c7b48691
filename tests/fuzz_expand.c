/* Word expansion on any bytes: the first is the escape character, the second says what variables
 * are. */
#include "tests/fuzz.h"

#include "grammar/expand.h"

enum { LIMIT = 64 * 1024 * 1024 };

/* `self` is the word: its first bytes are every variable's value, and its second chooses. */
static enum expand_value get(void *self, struct str name, struct str *value)
{
    enum { LONGEST = 12 };
    const struct str *word = self;
    *value = str_slice(*word, 1, LONGEST);
    return (enum expand_value)((name.len + (unsigned char)word->at[1]) % 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str word = {(const char *)bytes, size};
    struct expand_env env = {.get = get, .self = &word};
    struct boundary boundary;
    struct arena *a = size < 2 ? NULL : arena_new(LIMIT);
    if (!a)
        return 0;
    arena_guard(a, &boundary);
    if (!setjmp(boundary.at)) {
        struct str value, text = str_slice(word, 2, size);
        struct strs names;
        expand_word(a, text, word.at[0], &env, &value);
        expand_names(a, text, word.at[0], &names);
    }
    arena_free(a);
    return 0;
}
