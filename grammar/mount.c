#include "grammar/mount.h"

#include <stddef.h>

static const char BARE_QUOTE[] = "failed to parse csv: bare \" in non-quoted field";
static const char QUOTE[] = "failed to parse csv: extraneous or missing \" in quoted-field";

/* A field in quotes, from behind the first; doubled quotes are one. Takes the comma behind it;
 * `*more` tells that there was one. */
static bool quoted_field(struct str *s, struct buf *out, bool *more, const char **why)
{
    for (;;) {
        size_t quote = str_find(*s, '"');
        if (quote == s->len)
            break;
        buf_add(out, str_slice(*s, 0, quote));
        *s = str_slice(*s, quote + 1, s->len);
        *more = str_starts(*s, LIT(","));
        if (!s->len)
            return true;
        if (!*more && s->at[0] != '"')
            break;
        char c = s->at[0];
        *s = str_slice(*s, 1, s->len);
        if (c == ',')
            return true;
        buf_char(out, '"');
    }
    *why = QUOTE;
    return false;
}

/* A field without quotes, with the comma behind it. */
static bool plain_field(struct str *s, struct str *field, bool *more, const char **why)
{
    size_t comma = str_find(*s, ',');
    *field = str_slice(*s, 0, comma);
    *more = comma < s->len;
    *s = str_slice(*s, comma + 1, s->len);
    if (str_find(*field, '"') == field->len)
        return true;
    *why = BARE_QUOTE;
    return false;
}

static struct str without_newline(struct str s)
{
    if (!str_ends(s, LIT("\n")))
        return s;
    s.len--;
    return str_ends(s, LIT("\r")) ? str_slice(s, 0, s.len - 1) : s;
}

/* Splits one CSV record by the rules of tonistiigi/go-csvvalue. False with the reason in `*why`. */
static bool csv_fields(struct arena *a, struct str record, struct strs *out, const char **why)
{
    *out = (struct strs){0};
    struct str s = without_newline(record);
    if (!s.len) {
        *why = "failed to parse csv: EOF";
        return false;
    }
    for (bool more = true; more;) {
        struct str field;
        struct buf quoted = {.arena = a};
        if (!str_starts(s, LIT("\""))) {
            if (!plain_field(&s, &field, &more, why))
                return false;
        } else {
            s = str_slice(s, 1, s.len);
            if (!quoted_field(&s, &quoted, &more, why))
                return false;
            field = buf_str(&quoted);
        }
        vec_add(a, out, field);
    }
    return true;
}

bool mount_passes(struct arena *a, struct str value, const char **why)
{
    struct strs fields;
    if (!csv_fields(a, value, &fields, why))
        return false;
    for (size_t i = 0; i < fields.n; i++) {
        struct str field = fields.at[i];
        size_t equals = str_find(field, '=');
        if (equals == field.len || !str_eq_nocase(str_slice(field, 0, equals), LIT("from")))
            continue;
        size_t dollar = str_find(field, '$');
        if (dollar + 1 < field.len) {
            *why = "'from' doesn't support variable expansion, define alias stage instead";
            return false;
        }
    }
    return true;
}

/* strconv.ParseBool; false when it is none. */
static bool read_bool(struct str s, bool *out)
{
    const struct str values[] = {LIT("1"),    LIT("t"),     LIT("T"),     LIT("true"),
                                 LIT("TRUE"), LIT("True"),  LIT("0"),     LIT("f"),
                                 LIT("F"),    LIT("false"), LIT("FALSE"), LIT("False")};
    size_t n = sizeof values / sizeof *values, i = 0;
    while (i < n && !str_eq(values[i], s))
        i++;
    *out = i < n / 2;
    return i < n;
}

/* One field; the first that is no known key names the device. */
static bool device_field_passes(struct str field, struct str *name, const char **why)
{
    size_t equals = str_find(field, '=');
    struct str key = str_slice(field, 0, equals);
    struct str value = str_slice(field, equals + 1, field.len);
    bool has_value = equals < field.len, required;
    if (str_eq_nocase(key, LIT("required"))) {
        *why = "invalid value for required";
        return !has_value || read_bool(value, &required);
    }
    bool named = has_value && str_eq_nocase(key, LIT("name"));
    *why = named       ? "device name already set"
           : has_value ? "unexpected key in --device"
                       : "invalid field in --device: it must be a key=value pair";
    if (name->len)
        return false;
    *name = named ? value : field;
    return true;
}

bool device_passes(struct arena *a, struct str value, const char **why)
{
    struct strs fields;
    if (!csv_fields(a, value, &fields, why))
        return false;
    struct str name = {0};
    for (size_t i = 0; i < fields.n; i++)
        if (!device_field_passes(fields.at[i], &name, why))
            return false;
    return true;
}

/* ---- what a RUN mounts ---- */

static enum mount_type type_of(struct str name)
{
    static const struct str names[] = {[MOUNT_BIND] = {"bind", 4},
                                       [MOUNT_CACHE] = {"cache", 5},
                                       [MOUNT_TMPFS] = {"tmpfs", 5},
                                       [MOUNT_SECRET] = {"secret", 6},
                                       [MOUNT_SSH] = {"ssh", 3}};
    enum mount_type type = MOUNT_BIND;
    while (type < MOUNT_OTHER && !str_eq_nocase(names[type], name))
        type++;
    return type;
}

/* `rw`, `ro=false` and their longer names. */
static bool makes_writable(struct str key, struct str value, bool has_value)
{
    bool on = true;
    bool told = !has_value || read_bool(value, &on);
    if (str_eq_nocase(key, LIT("ro")) || str_eq_nocase(key, LIT("readonly")))
        return !told || !on;
    return !told || on;
}

/* parseMount */
static void read_field(struct mount *m, struct str field)
{
    static const struct {
        const char *key;
        size_t at;
    } texts[] = {
        {"from", offsetof(struct mount, from)},  {"source", offsetof(struct mount, source)},
        {"src", offsetof(struct mount, source)}, {"target", offsetof(struct mount, target)},
        {"dst", offsetof(struct mount, target)}, {"destination", offsetof(struct mount, target)}};
    static const char *const access[] = {"ro", "readonly", "rw", "readwrite"};
    size_t equals = str_find(field, '=');
    struct str key = str_slice(field, 0, equals), value = str_slice(field, equals + 1, field.len);
    if (str_eq_nocase(key, LIT("type")))
        m->type = type_of(value);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_eq_nocase(key, str_from_c(texts[i].key)))
            *(struct str *)((char *)m + texts[i].at) = value;
    for (size_t i = 0; i < sizeof access / sizeof *access; i++)
        if (str_eq_nocase(key, str_from_c(access[i])))
            m->writable = makes_writable(key, value, equals < field.len);
}

struct mounts mounts_of(struct arena *a, const struct df_instr *run)
{
    const struct str prefix = LIT("--mount=");
    struct mounts out = {0};
    for (size_t i = 0; run->kind == DF_RUN && i < run->flags.n; i++) {
        struct str flag = run->flags.at[i].text;
        struct strs fields;
        const char *why;
        if (!str_starts(flag, prefix) ||
            !csv_fields(a, str_slice(flag, prefix.len, flag.len), &fields, &why))
            continue;
        struct mount m = {.type = MOUNT_BIND};
        for (size_t k = 0; k < fields.n; k++)
            read_field(&m, fields.at[k]);
        m.writable |= m.type == MOUNT_CACHE || m.type == MOUNT_TMPFS || m.type == MOUNT_OTHER;
        vec_add(a, &out, m);
    }
    return out;
}
