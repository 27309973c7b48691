#include "ir/state.h"

#include "ir/base.h"
#include "ir/catalog/catalog.h"
#include "ir/path.h"

/* Shells by the name of their program. What is not listed speaks another language. */
static const struct {
    struct str name;
    enum shell_kind kind;
} shells[] = {
    {{"sh", 2}, SHELL_SH},     {{"ash", 3}, SHELL_SH},    {{"dash", 4}, SHELL_SH},
    {{"bash", 4}, SHELL_BASH}, {{"ksh", 3}, SHELL_OTHER}, {{"zsh", 3}, SHELL_OTHER},
};

enum shell_kind state_shell_kind(struct str program)
{
    struct str name = path_name(program);
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (str_eq(shells[i].name, name))
            return shells[i].kind;
    return SHELL_OTHER;
}

struct str state_shell(const struct state *s)
{
    if (!s->shell)
        return LIT("/bin/sh");
    return s->shell->args.n ? s->shell->args.at[0].text : LIT("");
}

bool state_same_shell(const struct df_instr *a, const struct df_instr *b)
{
    return a && b ? df_same_words(&a->args, &b->args) : a == b;
}

bool state_is_root(struct str user)
{
    struct str name = str_slice(user, 0, str_find(user, ':'));
    return !name.len || str_eq(name, LIT("root")) || str_eq(name, LIT("0"));
}

/* `ENV a=$a$a` doubles with each line; nothing that a pass asks about is longer than a path. */
enum { LONGEST_VALUE = 4096 };

bool state_expand(struct compile *c, const struct state *s, struct str word, struct str *out)
{
    struct env_reader reader = {.env = s->env, .trust_defaults = true};
    struct expand_env env = env_expander(&reader);
    return expand_word(c->arena, word, c->file->escape, &env, out) == EXPAND_OK &&
           out->len <= LONGEST_VALUE;
}

/* `SHELL ["/bin/bash", "-eo", "pipefail", "-c"]`: a cluster of short options that holds `e`, or `-o
 * errexit`. */
static bool shell_has_errexit(const struct df_instr *shell)
{
    for (size_t i = 1; i < shell->args.n; i++) {
        struct str word = shell->args.at[i].text;
        if (str_eq(word, LIT("errexit")))
            return true;
        if (str_starts(word, LIT("-")) && !str_starts(word, LIT("--")) &&
            str_find(word, 'e') < word.len)
            return true;
    }
    return false;
}

static void set_shell(struct state *s, const struct df_instr *shell)
{
    s->shell = shell;
    s->shell_kind = state_shell_kind(state_shell(s));
    s->errexit = shell_has_errexit(shell);
}

/* Dockerfile reference, WORKDIR: a relative path counts from the one before. */
static void set_workdir(struct compile *c, struct state *s, const struct df_instr *ast)
{
    struct str path;
    bool known = ast->args.n && state_expand(c, s, ast->args.at[0].text, &path) && path.len;
    if (known && path.at[0] == '/')
        s->workdir = path;
    else if (known && s->workdir.len)
        s->workdir = str_printf(c->arena, "%.*s%s%.*s", STR(s->workdir),
                                str_ends(s->workdir, LIT("/")) ? "" : "/", STR(path));
    else
        s->workdir = (struct str){0};
}

static void bind_env(struct compile *c, struct state *s, const struct df_instr *ast)
{
    struct state seen = *s; /* all pairs of one instruction see the values from before it */
    for (size_t i = 0; i < ast->pairs.n; i++) {
        const struct df_pair *pair = &ast->pairs.at[i];
        struct env b = {.name = pair->name, .kind = ENV_OPAQUE};
        if (state_expand(c, &seen, pair->value, &b.value))
            b.kind = ENV_SET;
        s->env = env_bind(c->arena, s->env, b);
    }
}

static void bind_arg(struct compile *c, struct state *s, const struct df_pair *pair,
                     const struct env *global)
{
    const struct env *bound = env_find(s->env, pair->name);
    if (bound && bound->kind == ENV_SET)
        return; /* ENV always wins over ARG (Dockerfile reference, "Using ARG variables") */
    struct env b = {.name = pair->name, .kind = ENV_ARGUMENT};
    const struct env *outer = env_find(global, pair->name);
    if (pair->has_value) {
        b.kind = state_expand(c, s, pair->value, &b.value) ? ENV_DEFAULT : ENV_OPAQUE;
    } else if (outer) {
        b.kind = outer->kind;
        b.value = outer->value;
    }
    s->env = env_bind(c->arena, s->env, b);
}

static void set_user(struct compile *c, struct state *s, const struct df_instr *ast)
{
    struct str user = ast->args.n ? ast->args.at[0].text : (struct str){0};
    if (!state_expand(c, s, user, &s->user))
        s->user = user;
}

struct state state_after(struct compile *c, const struct instr *i, const struct env *global)
{
    struct state s = i->before;
    const struct df_instr *ast = i->ast;
    if (ast->kind == DF_SHELL)
        set_shell(&s, ast);
    else if (ast->kind == DF_WORKDIR)
        set_workdir(c, &s, ast);
    else if (ast->kind == DF_USER)
        set_user(c, &s, ast);
    else if (ast->kind == DF_ENV)
        bind_env(c, &s, ast);
    for (size_t k = 0; ast->kind == DF_ARG && k < ast->pairs.n; k++)
        bind_arg(c, &s, &ast->pairs.at[k], global);
    return s;
}

static void take_config(struct compile *c, const struct image_variant *v, struct state *s)
{
    s->workdir = v->workdir;
    for (size_t i = 0; i < v->n_env; i++) {
        size_t equals = str_find(v->env[i], '=');
        struct env e = {.name = str_slice(v->env[i], 0, equals),
                        .value = str_slice(v->env[i], equals + 1, v->env[i].len),
                        .kind = ENV_SET,
                        .of_image = true};
        s->env = env_bind(c->arena, s->env, e);
    }
}

struct state state_from(struct compile *c, const struct stage *stage, const struct state *base_end)
{
    if (base_end)
        return *base_end;
    struct state s = {.shell_kind = SHELL_SH};
    struct str platform = {0};
    df_flag(stage->from->ast, LIT("platform"), &platform);
    if (c->file->escape == '`' ||
        catalog_lists_like(c->catalog, LIT("windows-images"), stage->base.image) ||
        str_starts(platform, LIT("windows")))
        s.shell_kind = SHELL_OTHER;
    struct base base;
    if (stage->base.kind == REF_SCRATCH)
        s.workdir = LIT("/");
    else if (base_of_image(c, stage->base.image, &base) && base.variant)
        take_config(c, base.variant, &s);
    return s;
}
