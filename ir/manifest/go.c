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
    if (arrow < line.len && reading_word(&rest, &path) && strchr("./", path.at[0]))
        reading_value(r, LIT("replace"), path);
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
    return manifest_value(r->out, LIT("module"), &module);
}
