/* build.gradle and settings.gradle, Groovy or Kotlin: programs, of which the literal calls and
 * assignments are read: `name = 'x'`, `name 'x'`, `name("x")`, `name.set("x")`. There may always be
 * more than these say. */
#include "ir/manifest/reading.h"

struct gradle {
    struct manifest_reading *r;
    struct str rest;
    struct str name; /* the one before, a.b.c */
    bool plugin;     /* one has been named on this line: a version is the plugin's */
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

static void skip(struct gradle *g, size_t n)
{
    g->rest = str_slice(g->rest, n, g->rest.len);
}

/* What the word before the literal stands for, among what is asked for. */
static const struct {
    struct str name, key;
} keys[] = {
    {{"rootProject.name", 16}, {"name", 4}},
    {{"version", 7}, {"version", 7}},
    {{"project.version", 15}, {"version", 7}},
    {{"group", 5}, {"group", 5}},
    {{"archivesBaseName", 16}, {"archivesBaseName", 16}},
    {{"archivesName", 12}, {"archivesBaseName", 16}},
    {{"archiveBaseName", 15}, {"baseName", 8}},
    {{"baseName", 8}, {"baseName", 8}},
    {{"archiveFileName", 15}, {"fileName", 8}},
    {{"archiveName", 11}, {"fileName", 8}},
    {{"archiveClassifier", 17}, {"classifier", 10}},
    {{"mainClass", 9}, {"mainClass", 9}},
    {{"mainClassName", 13}, {"mainClass", 9}},
    {{"application.mainClass", 21}, {"mainClass", 9}},
    {{"id", 2}, {"plugin", 6}},
    {{"plugin", 6}, {"plugin", 6}},
    {{"include", 7}, {"include", 7}},
};

static const struct {
    struct str name, group;
} configurations[] = {
    {{"implementation", 14}, {"", 0}},
    {{"api", 3}, {"", 0}},
    {{"compile", 7}, {"", 0}},
    {{"runtime", 7}, {"", 0}},
    {{"runtimeOnly", 11}, {"", 0}},
    {{"compileOnly", 11}, {"build", 5}},
    {{"annotationProcessor", 19}, {"build", 5}},
    {{"developmentOnly", 15}, {"dev", 3}},
    {{"testImplementation", 18}, {"test", 4}},
    {{"testCompile", 11}, {"test", 4}},
    {{"testRuntimeOnly", 15}, {"test", 4}},
};

/* group:artifact:version */
static void read_need(struct manifest_reading *r, struct str text, struct str group)
{
    size_t colon = str_find(text, ':');
    struct str rest = str_slice(text, colon + 1, text.len);
    size_t end = str_find(rest, ':');
    if (colon < text.len)
        reading_need(r, str_slice(text, 0, colon + 1 + end), str_slice(rest, end + 1, rest.len),
                     group);
}

static void read_literal(struct gradle *g, struct str text)
{
    struct str name = g->name;
    if (str_ends(name, LIT(".set")))
        name.len -= 4;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!str_eq(name, keys[i].name) || (g->plugin && str_eq(name, LIT("version"))))
            continue;
        g->plugin = str_eq(keys[i].key, LIT("plugin"));
        if (str_find(text, '$') < text.len)
            reading_computed(g->r, keys[i].key, text);
        else
            reading_value(g->r, keys[i].key, text);
    }
    for (size_t i = 0; i < sizeof configurations / sizeof *configurations; i++)
        if (str_eq(name, configurations[i].name))
            read_need(g->r, text, configurations[i].group);
}

/* A comment, if there is one. */
static bool skip_comment(struct gradle *g)
{
    if (str_starts(g->rest, LIT("//")))
        skip(g, str_find(g->rest, '\n'));
    else if (str_starts(g->rest, LIT("/*")))
        skip(g, str_search(g->rest, LIT("*/")) + 2);
    else
        return false;
    return true;
}

static void read_token(struct gradle *g)
{
    char c = g->rest.at[0];
    size_t len = 0;
    while (len < g->rest.len && is_word(g->rest.at[len]))
        len++;
    if (len) {
        g->name = str_slice(g->rest, 0, len);
        skip(g, len);
    } else if (c == '"' || c == '\'') {
        struct str literal;
        reading_word(&g->rest, &literal);
        read_literal(g, literal);
    } else {
        g->plugin &= c != '\n';
        if (!char_is_blank(c) && !strchr("=(,:", c))
            g->name = (struct str){0};
        skip(g, 1);
    }
}

bool manifest_read_GRADLE(struct manifest_reading *r)
{
    struct gradle g = {.r = r, .rest = r->text};
    r->out->more_values = r->out->more_needs = true;
    while (g.rest.len)
        if (!skip_comment(&g))
            read_token(&g);
    return true;
}
