/* CMakeLists.txt (CMake's language manual): its commands with literal arguments. */
#include "ir/manifest/reading.h"

/* No command of interest has more. */
enum { MOST_ARGUMENTS = 64 };

struct cmake {
    struct manifest_reading *r;
    struct str rest;
    struct map variables; /* name → struct str, of set() with one literal value */
};

static void skip(struct cmake *k, size_t n)
{
    k->rest = str_slice(k->rest, n, k->rest.len);
}

/* White space and comments. */
static void skip_space(struct cmake *k)
{
    k->rest = str_trim_left(k->rest);
    while (str_starts(k->rest, LIT("#"))) {
        bool block = str_starts(k->rest, LIT("#[["));
        skip(k, block ? str_search(k->rest, LIT("]]")) + 2 : str_find(k->rest, '\n'));
        k->rest = str_trim_left(k->rest);
    }
}

static struct str read_argument(struct cmake *k)
{
    struct str word;
    if (str_starts(k->rest, LIT("\""))) {
        reading_word(&k->rest, &word);
        return word;
    }
    size_t len = 0;
    while (len < k->rest.len && !char_is_space(k->rest.at[len]) &&
           !strchr("()#\"", k->rest.at[len]))
        len++;
    len += len == 0; /* a parenthesis */
    word = str_slice(k->rest, 0, len);
    skip(k, len);
    return word;
}

/* The arguments up to the closing parenthesis, which is taken. */
static struct strs read_arguments(struct cmake *k)
{
    struct strs all = {0};
    unsigned depth = 1;
    for (skip_space(k); k->rest.len && depth; skip_space(k)) {
        struct str word = read_argument(k);
        depth += str_eq(word, LIT("("));
        depth -= str_eq(word, LIT(")"));
        if (depth && all.n < MOST_ARGUMENTS)
            vec_add(k->r->arena, &all, word);
    }
    return all;
}

/* ${NAME} alone or among other text, of what set() and project() have said. */
static bool expand(struct cmake *k, struct str word, struct str *out)
{
    struct buf b = {.arena = k->r->arena};
    while (word.len) {
        size_t at = str_search(word, LIT("${"));
        buf_add(&b, str_slice(word, 0, at));
        if (at == word.len)
            break;
        struct str rest = str_slice(word, at + 2, word.len);
        const struct str *value = map_get(&k->variables, str_slice(rest, 0, str_find(rest, '}')));
        if (!value)
            return false;
        buf_add(&b, *value);
        word = str_slice(rest, str_find(rest, '}') + 1, rest.len);
    }
    *out = buf_str(&b);
    return true;
}

static void define(struct cmake *k, struct str name, struct str value)
{
    struct str *kept = arena_alloc(k->r->arena, sizeof *kept);
    if (name.len && expand(k, value, kept))
        map_put(&k->variables, name, kept);
}

static void add(struct cmake *k, struct str key, struct str word)
{
    struct str value;
    if (expand(k, word, &value))
        reading_value(k->r, key, value);
    else
        reading_computed(k->r, key, word);
}

static bool is_keyword(struct str word)
{
    static const struct str words[] = {{"REQUIRED", 8}, {"QUIET", 5}, {"IMPORTED_TARGET", 15}};
    for (size_t i = 0; i < 3; i++)
        if (str_eq(word, words[i]))
            return true;
    return false;
}

/* Commands whose first argument is what is asked for. */
static const struct {
    struct str command, key;
} firsts[] = {
    {{"project", 7}, {"project", 7}},
    {{"add_executable", 14}, {"executable", 10}},
    {{"add_library", 11}, {"library", 7}},
    {{"add_subdirectory", 16}, {"subdirectory", 12}},
    {{"find_package", 12}, {"find_package", 12}},
};

static bool is_header(struct str path)
{
    return str_ends(path, LIT(".h")) || str_ends(path, LIT(".hpp")) || str_ends(path, LIT(".hh"));
}

/* A build leaves more than its programs: libraries that they are linked with, files that are made;
 * or leaves them elsewhere. */
static bool is_unsettled(struct str command, const struct strs *args)
{
    static const struct str commands[] = {
        {"add_custom_command", 18},    {"add_custom_target", 17},
        {"execute_process", 15},       {"fetchcontent_makeavailable", 26},
        {"fetchcontent_populate", 21}, {"externalproject_add", 19},
        {"cpmaddpackage", 13},         {"find_program", 12},
    };
    struct str first = args->n ? args->at[0] : (struct str){0};
    if (str_is_one_of(command, commands, sizeof commands / sizeof *commands))
        return true;
    if (str_eq(command, LIT("add_library")))
        return strs_have(args, LIT("SHARED")) || strs_have(args, LIT("MODULE"));
    if (str_eq(command, LIT("set")) || str_eq(command, LIT("option")))
        return str_eq(first, LIT("BUILD_SHARED_LIBS")) ||
               str_ends(first, LIT("OUTPUT_DIRECTORY")) ||
               str_ends(first, LIT("EXECUTABLE_SUFFIX"));
    if (str_eq(command, LIT("set_target_properties")) || str_eq(command, LIT("set_property")))
        return strs_have(args, LIT("RUNTIME_OUTPUT_DIRECTORY")) || strs_have(args, LIT("SUFFIX")) ||
               strs_have(args, LIT("PREFIX"));
    if (str_eq(command, LIT("configure_file")))
        return args->n < 2 || !is_header(args->at[1]);
    return str_eq(command, LIT("file")) && !str_starts(first, LIT("GLOB"));
}

static void read_command(struct cmake *k, struct str command, const struct strs *args)
{
    struct str first = args->n ? args->at[0] : (struct str){0};
    if (is_unsettled(command, args))
        reading_value(k->r, LIT("unsettled"), command);
    for (size_t i = 0; args->n && i < sizeof firsts / sizeof *firsts; i++)
        if (str_eq(command, firsts[i].command))
            add(k, firsts[i].key, first);
    if (str_eq(command, LIT("set")) && args->n == 2)
        define(k, first, args->at[1]);
    if (str_eq(command, LIT("project"))) {
        define(k, LIT("PROJECT_NAME"), first);
        define(k, LIT("CMAKE_PROJECT_NAME"), first);
    }
    if (str_eq(command, LIT("install")))
        add(k, LIT("install"), str_join(k->r->arena, args, LIT(" ")));
    bool modules = str_eq(command, LIT("pkg_check_modules"));
    for (size_t i = 1; modules && i < args->n; i++)
        if (!is_keyword(args->at[i]))
            add(k, LIT("pkg_check"), args->at[i]);
    struct str target;
    bool properties = str_eq(command, LIT("set_target_properties")) && expand(k, first, &target);
    for (size_t i = 1; properties && i + 1 < args->n; i++)
        if (str_eq(args->at[i], LIT("OUTPUT_NAME")))
            reading_value_of(k->r, LIT("output-name."), target, args->at[i + 1]);
}

bool manifest_read_CMAKE(struct manifest_reading *r)
{
    struct cmake k = {.r = r, .rest = r->text, .variables = {.arena = r->arena}};
    for (skip_space(&k); k.rest.len; skip_space(&k)) {
        struct str command = str_lower(r->arena, read_argument(&k));
        skip_space(&k);
        if (!str_starts(k.rest, LIT("(")))
            continue;
        skip(&k, 1);
        struct strs args = read_arguments(&k);
        read_command(&k, command, &args);
    }
    return true;
}
