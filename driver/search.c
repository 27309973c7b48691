#define _DEFAULT_SOURCE /* d_type */
#include "driver/search.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

bool search_is_dockerfile(struct str name)
{
    if (str_ends(name, LIT(".dockerignore")))
        return false;
    return str_eq(name, LIT("Dockerfile")) || str_starts(name, LIT("Dockerfile.")) ||
           str_ends(name, LIT(".Dockerfile")) || str_ends(name, LIT(".dockerfile")) ||
           str_eq(name, LIT("Containerfile")) || str_starts(name, LIT("Containerfile."));
}

static void add_file(struct search *s, struct str path)
{
    if (map_get(&s->seen, path))
        return;
    map_put(&s->seen, path, s);
    vec_add(s->arena, &s->files, path);
}

static void add_problem(struct search *s, struct str path, int error)
{
    struct search_problem problem = {path, error};
    vec_add(s->arena, &s->problems, problem);
}

static struct str child_of(struct arena *a, struct str directory, struct str name)
{
    bool has_slash = str_ends(directory, LIT("/"));
    return str_printf(a, "%.*s%s%.*s", STR(directory), has_slash ? "" : "/", STR(name));
}

/* Symbolic links to directories are not followed: what they lead to is either below too, or was not
 * asked for; and there can be no loop. */
static void add_entry(struct search *s, struct strs *directories, struct strs *found,
                      struct str path, const struct dirent *entry)
{
    bool matches = search_is_dockerfile(str_from_c(entry->d_name));
    struct stat info;
    mode_t mode = entry->d_type == DT_REG ? S_IFREG : entry->d_type == DT_DIR ? S_IFDIR : 0;
    if (entry->d_type == DT_UNKNOWN && lstat(path.at, &info) == 0)
        mode = info.st_mode;
    bool is_link = entry->d_type == DT_LNK || S_ISLNK(mode);
    if (is_link && matches && stat(path.at, &info) == 0 && S_ISREG(info.st_mode))
        mode = S_IFREG;
    if (S_ISDIR(mode))
        vec_add(s->arena, directories, path);
    else if (S_ISREG(mode) && matches)
        vec_add(s->arena, found, path);
}

static void read_directory(struct search *s, struct str directory, struct strs *directories,
                           struct strs *found)
{
    DIR *open = opendir(directory.at);
    if (!open) {
        add_problem(s, directory, errno);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(open)) != NULL;) {
        struct str name = str_from_c(entry->d_name);
        if (str_eq(name, LIT(".")) || str_eq(name, LIT("..")) || str_eq(name, LIT(".git")))
            continue;
        add_entry(s, directories, found, child_of(s->arena, directory, name), entry);
    }
    closedir(open);
}

static int by_bytes(const void *left, const void *right)
{
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static void add_directory(struct search *s, struct str path)
{
    struct strs directories = {0}, found = {0};
    vec_add(s->arena, &directories, path);
    while (directories.n) {
        struct str next = directories.at[--directories.n];
        read_directory(s, next, &directories, &found);
    }
    if (found.n)
        qsort(found.at, found.n, sizeof *found.at, by_bytes);
    for (size_t i = 0; i < found.n; i++)
        add_file(s, found.at[i]);
    s->several = true;
}

void search_add(struct search *s, struct str path)
{
    struct stat info;
    struct str own = str_dup(s->arena, path); /* ends in NUL */
    if (!str_eq(path, LIT("-")) && stat(own.at, &info) == 0 && S_ISDIR(info.st_mode))
        add_directory(s, own);
    else
        add_file(s, own); /* if it cannot be read, who reads it says so */
}

void search_add_list(struct search *s, struct str list, bool nul_separated)
{
    while (list.len) {
        size_t end = str_find(list, nul_separated ? '\0' : '\n');
        struct str path = str_slice(list, 0, end);
        if (!nul_separated && str_ends(path, LIT("\r")))
            path.len--;
        if (path.len)
            search_add(s, path);
        list = str_slice(list, end + 1, list.len);
    }
}
