/* What a script does, as the shell AST and the catalog say: one line a test. */
#include "ir/catalog/catalog.h"
#include "ir/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int with_arena(void **state)
{
    *state = arena_new(256 * 1024 * 1024);
    return *state ? 0 : -1;
}

static int without_arena(void **state)
{
    arena_free(*state);
    return 0;
}

/* ---- effects as text: `writes=/a,/b lists=apt cd`; `?` where a set may hold more ---- */

static void put_set(struct buf *b, const char *name, const struct set *s)
{
    if (set_is_empty(s))
        return;
    buf_printf(b, "%s%s=", b->len ? " " : "", name);
    for (size_t i = 0; i < s->items.n; i++)
        buf_printf(b, "%s%.*s", i ? "," : "", STR(s->items.at[i]));
    if (s->unknown)
        buf_printf(b, "%s?", s->items.n ? "," : "");
}

static void put_flags(struct buf *b, unsigned flags)
{
    static const char *const names[] = {"network", "background", "cd",      "state",
                                        "exit",    "errexit",    "options", "alias",
                                        "hidden",  "function",   "path",    "replaces"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (flags & (1u << i))
            buf_printf(b, "%s%s", b->len ? " " : "", names[i]);
}

static struct str effects_text(struct arena *a, const struct effects *e)
{
    struct buf b = {.arena = a};
    put_set(&b, "reads", &e->reads);
    put_set(&b, "writes", &e->writes);
    put_set(&b, "deletes", &e->deletes);
    put_set(&b, "installs", &e->installs);
    put_set(&b, "removes", &e->removes);
    put_set(&b, "needs", &e->needs_lists);
    put_set(&b, "lists", &e->lists);
    put_set(&b, "caches", &e->caches);
    put_set(&b, "drops-lists", &e->drops_lists);
    put_set(&b, "drops-caches", &e->drops_caches);
    put_flags(&b, e->flags);
    return buf_str(&b);
}

static struct effects effects_of(struct arena *a, const char *script, enum shell_kind shell)
{
    struct compile c = {.arena = a, .catalog = catalog_shipped()};
    struct env release = {.name = LIT("DIR"), .value = LIT("/opt/app"), .kind = ENV_SET};
    struct env version = {
        .name = LIT("VERSION"), .value = LIT("1.2"), .kind = ENV_DEFAULT, .before = &release};
    struct env packages = {
        .name = LIT("PKGS"), .value = LIT("gcc make"), .kind = ENV_SET, .before = &version};
    struct state before = {
        .shell_kind = shell, .user = LIT("root"), .workdir = LIT("/src"), .env = &packages};
    const struct sh_script *parsed = sh_parse(a, str_from_c(script), SH_BASH, NULL);
    assert_non_null(parsed);
    return command_effects_of_list(&c, &before, parsed->list);
}

struct line {
    const char *script, *want;
};

/* The effects but for what the trees of whole distributions would add: those have tests of their
 * own. */
static void drop_system(struct set *s)
{
    const struct tree_list *system = catalog_trees(catalog_shipped(), LIT("system"));
    bool all = true;
    for (size_t i = 0; i < system->n_paths; i++)
        all &= strs_have(&s->items, system->paths[i]);
    for (size_t i = 0; all && i < system->n_paths; i++)
        set_remove(s, system->paths[i]);
}

static void check_in(struct arena *a, const struct line *lines, size_t n, enum shell_kind shell)
{
    bool failed = false;
    for (size_t i = 0; i < n; i++) {
        struct effects e = effects_of(a, lines[i].script, shell);
        drop_system(&e.reads);
        drop_system(&e.writes);
        drop_system(&e.deletes);
        struct str got = effects_text(a, &e);
        if (str_eq(got, str_from_c(lines[i].want)))
            continue;
        failed = true;
        print_error("%s\n  want %s\n  got  %.*s\n", lines[i].script, lines[i].want, STR(got));
    }
    assert_false(failed);
}

#define CHECK_LINES(lines) check_in(*state, lines, sizeof lines / sizeof *lines, SHELL_SH)

static void files(void **state)
{
    static const struct line lines[] = {
        {"rm -rf /a b", "deletes=/a,/src/b"},
        {"mkdir -p -m 755 /a/{b,c}", "writes=/a/b,/a/c"},
        {"touch \"/a b\"", "writes=/a b"},
        {"cp a b /dst", "reads=/src/a,/src/b writes=/dst/a,/dst/b"},
        {"cp a /dst", "reads=/src/a writes=/dst"},
        {"cp -r a/. /dst/", "reads=/src/a writes=/dst"},
        {"cp -t /dst a b", "reads=/src/a,/src/b writes=/dst/a,/dst/b"},
        {"mv a.tgz /dst/", "reads=/src/a.tgz writes=/dst/a.tgz deletes=/src/a.tgz"},
        {"ln -sf /usr/bin/python3 /usr/bin/python", "writes=/usr/bin/python"},
        {"install -m 755 -o root tool /usr/local/bin/tool",
         "reads=/src/tool writes=/usr/local/bin/tool"},
        {"install -d /a /b", "writes=/a,/b"},
        {"chmod +x /a/run.sh", "writes=/a/run.sh"},
        {"chown -R app:app /home/app .", "writes=/home/app,/src"},
        {"echo x > /etc/x; echo y >> y", "writes=/etc/x,/src/y"},
        {"echo x >/dev/null 2>&1", ""},
        {"cat < in > out", "reads=/src/in writes=/src/out"},
        {"cat <<EOF > /etc/x\n$(touch /y)\nEOF\n", "writes=/y,/etc/x"},
        {"sed -i 's/a/b/' /etc/x", "reads=/etc/x writes=/etc/x"},
        {"sed -e s/a/b/ -e s/c/d/ /etc/x", "reads=/etc/x"},
        {"sed -i.bak -e s/a/b/ f", "reads=/src/f writes=/src/f"},
        {"grep -q x /etc/y", "reads=/etc/y"},
        {"tee -a /etc/x < y", "reads=/src/y writes=/etc/x"},
        {"dd if=/dev/zero of=/swap bs=1M", "writes=/swap"},
        {"truncate -s 0 /var/log/*.log", "writes=/var/log/*.log"},
    };
    CHECK_LINES(lines);
}

static void archives(void **state)
{
    static const struct line lines[] = {
        {"tar xzf a.tgz -C /opt", "reads=/src/a.tgz writes=/opt"},
        {"tar -xzf a.tgz --strip-components=1", "reads=/src/a.tgz writes=/src"},
        {"tar --strip-components 1 -C /opt -xf a.tgz", "reads=/src/a.tgz writes=/opt"},
        {"tar czf /out.tgz dir", "reads=/src/dir writes=/out.tgz"},
        {"tar -cf - dir | (cd /dst && tar -xf -)", "reads=/src/dir writes=/dst"},
        {"tar tf a.tgz", "reads=/src/a.tgz"},
        {"unzip -q a.zip -d /opt", "reads=/src/a.zip writes=/opt"},
        {"gunzip a.gz", "reads=/src/a.gz writes=/src/* deletes=/src/a.gz"},
        {"curl -fsSL https://x/y.tgz | tar xz -C /opt", "writes=/opt network"},
        {"curl -o /tmp/y.tgz https://x/y.tgz", "writes=/tmp/y.tgz network"},
        {"curl -sSLO https://x/y.tgz", "writes=/src/y.tgz network"},
        {"curl -LJO $URL", "writes=/src/* network"},
        {"wget -q https://x/y.tgz", "writes=/root/.wget-hsts,/src/y.tgz network"},
        {"wget -qO- https://x/y | cat", "writes=/root/.wget-hsts network"},
        {"wget -P /tmp https://x/y.tgz", "writes=/root/.wget-hsts,/tmp/y.tgz network"},
        {"git clone --depth 1 https://x/y.git", "writes=/src/y network"},
        {"git clone -b v1 https://x/y.git /opt/y", "writes=/opt/y network"},
    };
    CHECK_LINES(lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(archives, with_arena, without_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
