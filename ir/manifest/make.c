/* Makefiles (POSIX make, GNU make): targets and plain variables; and configure.ac (Autoconf):
 * AC_INIT. */
#include "ir/manifest/reading.h"

/* NAME = value, := ?= += ::= too; false for other lines. */
static bool read_variable(struct manifest_reading *r, struct str line, bool conditional)
{
    size_t equals = str_find(line, '='), colon = str_find(line, ':');
    if (equals == line.len || (colon < equals && colon + 1 != equals && colon + 2 != equals))
        return false;
    size_t end = equals;
    while (end > 0 && strchr(":?+!", line.at[end - 1]))
        end--;
    struct str name = str_trim(str_slice(line, 0, end));
    struct str value = str_trim(str_slice(line, equals + 1, line.len));
    struct str key = str_concat(r->arena, LIT("variable."), name);
    value = str_trim(str_slice(value, 0, str_search(value, LIT(" #"))));
    if (conditional || str_find(value, '$') < value.len || line.at[equals - (equals > 0)] == '+')
        reading_computed(r, key, value);
    else
        reading_value(r, key, value);
    return true;
}

static void read_rule(struct manifest_reading *r, struct str line)
{
    size_t colon = str_find(line, ':');
    struct str targets = str_slice(line, 0, colon), word;
    struct str needs = str_slice(line, colon + 1, line.len);
    if (colon == line.len)
        return;
    if (str_eq(str_trim(targets), LIT(".PHONY"))) {
        while (reading_word(&needs, &word))
            reading_value(r, LIT("phony"), word);
        return;
    }
    while (reading_word(&targets, &word)) {
        if (str_find(word, '$') < word.len || str_find(word, '%') < word.len)
            reading_computed(r, LIT("target"), word);
        else
            reading_value(r, LIT("target"), word);
    }
}

static bool is_any_of(struct str word, struct str words)
{
    struct str one;
    while (reading_word(&words, &one))
        if (str_eq(one, word))
            return true;
    return false;
}

/* What a line that is no recipe starts with. */
static void read_make_line(struct manifest_reading *r, struct str line, unsigned *conditions)
{
    struct str rest = line, word;
    if (!reading_word(&rest, &word) || str_starts(word, LIT("#")))
        return;
    if (is_any_of(word, LIT("ifeq ifneq ifdef ifndef define"))) {
        ++*conditions;
    } else if (is_any_of(word, LIT("endif endef"))) {
        *conditions -= *conditions > 0;
    } else if (is_any_of(word, LIT("include -include sinclude"))) {
        reading_value(r, LIT("include"), str_trim(rest));
        r->out->more_values = true;
    } else if (str_eq(word, LIT("export")) && str_find(rest, '=') < rest.len) {
        read_variable(r, rest, *conditions > 0);
    } else if (!read_variable(r, line, *conditions > 0)) {
        read_rule(r, line);
    }
}

bool manifest_read_MAKE(struct manifest_reading *r)
{
    struct str text = r->text, line;
    unsigned conditions = 0;
    while (reading_continued(r, &text, &line))
        if (!str_starts(line, LIT("\t")))
            read_make_line(r, line, &conditions);
    return true;
}

/* AC_INIT([name], [version], ..) */
bool manifest_read_AUTOCONF(struct manifest_reading *r)
{
    static const struct str keys[] = {{"package", 7}, {"version", 7}};
    size_t at = str_search(r->text, LIT("AC_INIT("));
    struct str rest = str_slice(r->text, at + 8, r->text.len);
    rest = str_slice(rest, 0, str_find(rest, ')'));
    for (size_t i = 0; i < 2 && rest.len; i++) {
        size_t comma = str_find(rest, ',');
        struct str value = str_trim(str_slice(rest, 0, comma));
        rest = str_slice(rest, comma + 1, rest.len);
        if (str_starts(value, LIT("[")) && str_ends(value, LIT("]")))
            value = str_slice(value, 1, value.len - 1);
        if (str_find(value, '(') < value.len || str_find(value, '[') < value.len)
            reading_computed(r, keys[i], value);
        else
            reading_value(r, keys[i], value);
    }
    return at < r->text.len;
}
