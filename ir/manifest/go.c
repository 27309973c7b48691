/* go.mod (go.dev/ref/mod). */
#include "ir/manifest/reading.h"

/* path version // indirect */
static void read_require(struct manifest_reading *r, struct str line)
{
    struct str path, version;
    bool indirect = str_search(line, LIT("// indirect")) < line.len;
    if (reading_word(&line, &path) && !str_starts(path, LIT("//")) && reading_word(&line, &version))
        reading_need(r, path, version, indirect ? LIT("indirect") : (struct str){0});
}

/* path [version] => path [version]; a directory begins with `.` or `/`. */
static void read_replace(struct manifest_reading *r, struct str line)
{
    size_t arrow = str_search(line, LIT("=>"));
    struct str rest = str_slice(line, arrow + 2, line.len), path;
    if (arrow == line.len || !reading_word(&rest, &path))
        return;
    if (strchr("./", path.at[0]))
        reading_value(r, LIT("replace"), path);
    else
        r->out->more_needs = true; /* which module it is now, it does not say */
}

/* From 1.17 on all modules that the build needs are named, those of others too (go.dev/ref/mod,
 * "go directive"). */
static bool names_all(const struct manifest *m)
{
    struct str version;
    unsigned numbers[2] = {0, 0}, n = 0;
    if (!m->needs.n || !manifest_value(m, LIT("go"), &version))
        return m->needs.n == 0;
    for (size_t i = 0; i < version.len && n < 2; i++) {
        if (version.at[i] == '.')
            n++;
        else if (version.at[i] >= '0' && version.at[i] <= '9' && numbers[n] < 1000)
            numbers[n] = numbers[n] * 10 + (unsigned)(version.at[i] - '0');
    }
    return numbers[0] > 1 || numbers[1] >= 17;
}

static void read_directive(struct manifest_reading *r, struct str word, struct str line)
{
    struct str value;
    bool single =
        str_eq(word, LIT("module")) || str_eq(word, LIT("go")) || str_eq(word, LIT("toolchain"));
    if (str_eq(word, LIT("require")))
        read_require(r, line);
    else if (str_eq(word, LIT("replace")))
        read_replace(r, line);
    else if (single && reading_word(&line, &value))
        reading_value(r, word, value);
}

bool manifest_read_GO(struct manifest_reading *r)
{
    struct str text = r->text, line, word, block = {0};
    while (reading_line(&text, &line)) {
        struct str rest = line;
        if (!reading_word(&rest, &word) || str_starts(word, LIT("//")))
            continue;
        if (str_eq(word, LIT(")")))
            block = (struct str){0};
        else if (block.len)
            read_directive(r, block, line);
        else if (str_starts(str_trim(rest), LIT("(")))
            block = word;
        else
            read_directive(r, word, rest);
    }
    struct str module;
    r->out->more_needs |= !names_all(r->out);
    return manifest_value(r->out, LIT("module"), &module);
}
