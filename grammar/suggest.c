#include "grammar/suggest.h"

enum { TOO_FAR = 3, LONGEST_NAME = 16 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein's distance between a short name and a word of about its length. */
static size_t distance(struct str name, struct str word)
{
    size_t row[LONGEST_NAME + 1];
    for (size_t i = 0; i <= name.len; i++)
        row[i] = i;
    for (size_t k = 0; k < word.len; k++) {
        size_t diagonal = row[0];
        row[0] = k + 1;
        for (size_t i = 0; i < name.len; i++) {
            size_t above = row[i + 1];
            row[i + 1] = least(above + 1, row[i] + 1, diagonal + (name.at[i] != word.at[k]));
            diagonal = above;
        }
    }
    return row[name.len];
}

/* The nearest name; empty when all are too far. */
static struct str nearest(struct str word, const struct strs *names)
{
    struct str best = {0};
    size_t least_distance = TOO_FAR;
    for (size_t k = 0; k < names->n; k++) {
        struct str name = names->at[k];
        if (name.len > LONGEST_NAME || word.len > name.len + TOO_FAR)
            continue;
        size_t d = distance(name, word);
        if (d >= least_distance)
            continue;
        least_distance = d;
        best = name;
    }
    return best;
}

static struct str hint(struct arena *a, struct str name)
{
    return name.len ? str_printf(a, " (did you mean %.*s?)", STR(name)) : name;
}

struct str suggest(struct arena *a, struct str word, const struct strs *names)
{
    return hint(a, nearest(word, names));
}

struct str suggest_keyword(struct arena *a, struct str word, const struct strs *names)
{
    struct str lower = str_lower(a, word);
    struct strs lower_names = {0};
    for (size_t k = 0; k < names->n; k++)
        vec_add(a, &lower_names, str_lower(a, names->at[k]));
    struct str best = nearest(lower, &lower_names);
    for (size_t k = 0; k < names->n && best.len && !str_eq(word, lower); k++)
        if (str_eq_nocase(names->at[k], best))
            best = names->at[k];
    return hint(a, best);
}
