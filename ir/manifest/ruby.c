/* Gemfile (Bundler's manual, as far as it is literal) and Gemfile.lock. */
#include "ir/manifest/reading.h"

/* 'name', '~> 1', .. behind a word: the literals, up to something else. */
static bool read_literal(struct str *rest, struct str *word)
{
    *rest = str_trim_left(*rest);
    if (str_starts(*rest, LIT("(")) || str_starts(*rest, LIT(",")))
        *rest = str_trim_left(str_slice(*rest, 1, rest->len));
    bool quoted = str_starts(*rest, LIT("'")) || str_starts(*rest, LIT("\""));
    return quoted && reading_word(rest, word);
}

/* Groups that Bundler leaves out of production by convention. */
static struct str group_of(struct str line)
{
    bool test = str_search(line, LIT(":test")) < line.len;
    bool dev = str_search(line, LIT(":development")) < line.len;
    bool runs = str_search(line, LIT(":production")) < line.len ||
                str_search(line, LIT(":default")) < line.len;
    if (runs)
        return (struct str){0};
    return dev ? LIT("dev") : test ? LIT("test") : (struct str){0};
}

static void read_gem(struct manifest_reading *r, struct str rest, struct str group)
{
    struct str name, version = {0};
    struct str own = group_of(rest);
    if (!read_literal(&rest, &name)) {
        r->out->more_needs = true;
        return;
    }
    r->out->more_needs |= str_search(rest, LIT("path")) < rest.len; /* of a gem that is here */
    read_literal(&rest, &version);
    reading_need(r, name, version, own.len ? own : group);
}

/* Blocks are counted, so that a group's end is found. */
static void read_gemfile(struct manifest_reading *r)
{
    struct str text = r->text, line, word, value, group = {0};
    unsigned depth = 0, group_depth = 0;
    while (reading_line(&text, &line)) {
        struct str rest = line;
        if (!reading_word(&rest, &word) || str_starts(word, LIT("#")))
            continue;
        bool opens = str_ends(str_trim(rest), LIT(" do")) || str_eq(str_trim(rest), LIT("do")) ||
                     str_eq(word, LIT("if")) || str_eq(word, LIT("unless")) ||
                     str_eq(word, LIT("case"));
        depth += opens;
        if (str_eq(word, LIT("group")) && opens) {
            group = group_of(rest);
            group_depth = depth;
        } else if (str_eq(word, LIT("end"))) {
            if (depth == group_depth)
                group = (struct str){0};
            depth -= depth > 0;
        } else if (str_eq(word, LIT("gem"))) {
            read_gem(r, rest, group);
        } else if ((str_eq(word, LIT("source")) || str_eq(word, LIT("ruby"))) &&
                   read_literal(&rest, &value)) {
            reading_value(r, word, value);
        } else {
            r->out->more_needs |=
                str_starts(word, LIT("gemspec")) || str_starts(word, LIT("eval_gemfile"));
        }
    }
}

/* `    name (1.2.3)` below `  specs:`, indented by four; what these need is indented further. */
static void read_lock(struct manifest_reading *r)
{
    struct str text = r->text, line, word;
    bool specs = false;
    while (reading_line(&text, &line)) {
        struct str rest = line;
        if (!reading_word(&rest, &word))
            continue;
        bool deep = str_starts(line, LIT("    ")) && !str_starts(line, LIT("     "));
        if (!str_starts(line, LIT("   ")))
            specs = str_eq(line, LIT("  specs:"));
        else if (specs && deep)
            reading_need(r, word, str_trim(rest), (struct str){0});
    }
}

bool manifest_read_GEMFILE(struct manifest_reading *r)
{
    if (str_ends(r->path, LIT(".lock")))
        read_lock(r);
    else
        read_gemfile(r);
    return true;
}
