#include "emit/dump.h"
#include "emit/json_writer.h"

static const char *const ref_kinds[] = {[REF_STAGE] = "stage",
                                        [REF_IMAGE] = "image",
                                        [REF_SCRATCH] = "scratch",
                                        [REF_UNKNOWN] = "unknown"};
static const char *const shell_kinds[] = {
    [SHELL_SH] = "sh", [SHELL_BASH] = "bash", [SHELL_OTHER] = "other"};
static const char *const env_kinds[] = {[ENV_SET] = "set",
                                        [ENV_DEFAULT] = "default",
                                        [ENV_ARGUMENT] = "argument",
                                        [ENV_OPAQUE] = "opaque"};
static const char *const answers[] = {[NO] = "no", [YES] = "yes", [MAYBE] = "maybe"};

static void put_name(struct json *j, const char *key, const char *name)
{
    json_text(j, key, str_from_c(name));
}

static void put_ref(struct json *j, const char *key, const struct ref *ref)
{
    json_open(j, key, '{');
    put_name(j, "kind", ref_kinds[ref->kind]);
    if (ref->kind == REF_STAGE)
        json_number(j, "stage", ref->stage->index);
    if (ref->kind == REF_IMAGE || ref->kind == REF_UNKNOWN)
        json_text(j, "image", ref->image);
    json_close(j, '}');
}

static void put_stage(struct json *j, const struct stage *stage)
{
    json_open(j, NULL, '{');
    json_number(j, "index", stage->index);
    json_text(j, "name", stage->name);
    put_ref(j, "base", &stage->base);
    json_open(j, "uses", '[');
    for (size_t i = 0; i < stage->uses.n; i++)
        put_ref(j, NULL, &stage->uses.at[i]);
    json_close(j, ']');
    put_name(j, "ships", answers[stage->ships]);
    json_close(j, '}');
}

/* The bindings that `env` has before those of `known`, newest first: printed in full, each
 * instruction's chain would make the dump quadratic. */
static void put_bindings(struct json *j, const struct env *env, const struct env *known)
{
    json_open(j, "binds", '[');
    for (; env && env != known; env = env->before) {
        json_open(j, NULL, '{');
        json_text(j, "name", env->name);
        put_name(j, "kind", env_kinds[env->kind]);
        if (env->kind == ENV_SET || env->kind == ENV_DEFAULT)
            json_text(j, "value", env->value);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static const struct env *known_env(const struct instr *i)
{
    return i->prev && i->prev->stage == i->stage ? i->prev->before.env : NULL;
}

static const char *script_form(struct compile *c, struct instr *i)
{
    if (instr_script(c, i))
        return "parsed";
    return i->script_text.text.len ? "opaque" : "none";
}

static void put_instr(struct json *j, struct compile *c, struct instr *i)
{
    json_open(j, NULL, '{');
    json_text(j, "keyword", df_keyword(i->ast->kind));
    if (i->stage)
        json_number(j, "stage", i->stage->index);
    else
        json_null(j, "stage");
    json_span(j, "origin", i->origin);
    put_name(j, "shell", shell_kinds[i->before.shell_kind]);
    json_bool(j, "errexit", i->before.errexit);
    json_text(j, "user", i->before.user);
    json_text(j, "workdir", i->before.workdir);
    put_bindings(j, i->before.env, known_env(i));
    put_name(j, "script", script_form(c, i));
    json_close(j, '}');
}

bool dump_ir(struct compile *c, struct buf *out)
{
    if (!lower_file(c))
        return false;
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    json_open(&j, "stages", '[');
    for (const struct stage *stage = c->file->stages; stage; stage = stage->next)
        put_stage(&j, stage);
    json_close(&j, ']');
    json_open(&j, "instructions", '[');
    for (struct instr *i = c->file->first; i; i = i->next)
        put_instr(&j, c, i);
    json_close(&j, ']');
    json_close(&j, '}');
    return true;
}
