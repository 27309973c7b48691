/* Programs that others start as their settings say: supervisord's command lines, a Procfile. */
#include "ir/catalog/packages.h"
#include "ir/path.h"
#include "ir/uses_look.h"

/* `command = /usr/bin/x -y`, `web: x -y`: what stands behind; empty when it is no such line. */
static struct str behind_key(const struct starter *by, struct str line)
{
    size_t end = str_find(line, by->key.len ? '=' : ':');
    struct str key = str_trim_right(str_slice(line, 0, end));
    bool names = by->key.len ? str_eq(key, by->key) : key.len && str_find(key, ' ') == key.len;
    return names ? str_trim(str_slice(line, end + 1, line.len)) : (struct str){0};
}

static struct str next_word(struct str *line)
{
    size_t end = 0;
    while (end < line->len && !char_is_blank(line->at[end]))
        end++;
    struct str word = str_slice(*line, 0, end);
    *line = str_trim_left(str_slice(*line, end, line->len));
    return word;
}

/* `0 4 * * * root x -y`, `@daily x -y`; variables are set in lines of their own. */
static struct str behind_times(const struct starter *by, struct str line)
{
    struct str first = next_word(&line), rest;
    if (str_find(first, '=') < first.len)
        return (struct str){0};
    for (unsigned i = 1; i < 5 && !str_starts(first, LIT("@")); i++)
        next_word(&line);
    rest = line;
    return str_is_one_of(next_word(&rest), by->users, by->n_users) ? rest : line;
}

static struct str command_of(const struct starter *by, struct str line)
{
    line = str_trim(line);
    if (!line.len || line.at[0] == '#' || line.at[0] == ';')
        return (struct str){0};
    return by->times ? behind_times(by, line) : behind_key(by, line);
}

static bool read_command(struct uses_look *l, struct str text)
{
    const struct sh_script *script = sh_parse(l->c->arena, text, SH_POSIX, NULL);
    struct state state = container_state(l->in, l->at);
    if (!script || !script->list)
        return false;
    uses_read_list(l, &state, script->list);
    return true;
}

/* False when a command in it is not understood. */
static bool read_file(struct uses_look *l, const struct starter *by, struct str text, bool *any)
{
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str command = command_of(by, str_slice(text, 0, end));
        text = str_slice(text, end + 1, text.len);
        if (!command.len)
            continue;
        *any = true;
        if (!read_command(l, command))
            return false;
    }
    return true;
}

static bool is_settings(const struct starter *by, const struct context_entry *e)
{
    return e->kind == CONTEXT_FILE &&
           str_matches_one_of(path_name(e->name), by->files, by->n_files);
}

/* All that it starts is in files of the context, as far as can be seen. */
static bool read_settings(struct uses_look *l, const struct starter *by)
{
    struct context_entries files = {0};
    struct str text;
    bool any = false;
    if (!l->c->context || !context_files(l->c, (struct str){0}, &files))
        return false;
    for (size_t i = 0; i < files.n; i++)
        if (is_settings(by, &files.at[i]) &&
            (!context_text(l->c, files.at[i].name, &text) || !read_file(l, by, text, &any)))
            return false;
    return any;
}

void uses_read_settings(struct uses_look *l)
{
    const struct starter *by;
    for (size_t i = 0; (by = catalog_starter_at(l->c->catalog, i)); i++)
        for (size_t k = 0; k < by->n_names; k++) {
            const struct used *use = uses_find(&l->out.commands, by->names[k]);
            if (!use || !use->in_container)
                continue;
            l->at = use->at;
            if (read_settings(l, by))
                vec_add(l->c->arena, &l->out.settled, by->names[k]);
        }
}
