#include "ir/mode.h"

enum { UMASK = 022 };

bool mode_octal(struct str text, unsigned *out)
{
    *out = 0;
    if (text.len < 3 || text.len > 4)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '7')
            return false;
        *out = *out * 8 + (unsigned)(text.at[i] - '0');
    }
    return true;
}

/* The bits of one character, or 0. */
static unsigned bits_of(char c, const char *characters, const unsigned *bits)
{
    for (size_t i = 0; characters[i]; i++)
        if (characters[i] == c)
            return bits[i];
    return 0;
}

/* Takes the characters in front that stand for bits. */
static unsigned take(struct str *text, const char *characters, const unsigned *bits)
{
    unsigned all = 0, one;
    while (text->len && (one = bits_of(text->at[0], characters, bits))) {
        all |= one;
        *text = str_slice(*text, 1, text->len);
    }
    return all;
}

/* [ugoa]*([-+=][rwx]*)+ */
static bool apply_clause(struct str clause, unsigned *mode)
{
    static const unsigned who_bits[] = {0700, 070, 07, 0777},
                          permission_bits[] = {0444, 0222, 0111};
    unsigned who = take(&clause, "ugoa", who_bits);
    unsigned reach = who ? who : 0777 & ~(unsigned)UMASK;
    if (!clause.len)
        return false;
    while (clause.len) {
        char op = clause.at[0];
        clause = str_slice(clause, 1, clause.len);
        unsigned bits = take(&clause, "rwx", permission_bits) & reach;
        if (op == '+')
            *mode |= bits;
        else if (op == '-')
            *mode &= ~bits;
        else if (op == '=')
            *mode = (*mode & ~(who ? who : 0777u)) | bits;
        else
            return false;
    }
    return true;
}

bool mode_of_file(struct str text, unsigned old, unsigned *out)
{
    if (mode_octal(text, out))
        return true;
    *out = old;
    while (text.len) {
        size_t comma = str_find(text, ',');
        if (!apply_clause(str_slice(text, 0, comma), out))
            return false;
        text = str_slice(text, comma + 1, text.len);
    }
    return true;
}
