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
                                        "hidden",  "function",   "path",    "noglob"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (flags & (1u << i))
            buf_printf(b, "%s%s", b->len ? " " : "", names[i]);
    if (flags & FX_ERRTRAP)
        buf_printf(b, "%serrtrap", b->len ? " " : "");
    if (flags & FX_JOB)
        buf_printf(b, "%sjob", b->len ? " " : "");
    if (flags & FX_RETURN)
        buf_printf(b, "%sreturn", b->len ? " " : "");
    if (flags & FX_TRACES)
        buf_printf(b, "%straces", b->len ? " " : "");
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
    put_set(&b, "replaced", &e->replaced);
    put_set(&b, "scripts", &e->scripts);
    put_set(&b, "away", &e->away);
    put_set(&b, "wants", &e->wants);
    put_set(&b, "unpacked", &e->unpacked);
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
        {"mkdir -p -m 755 /a/{b,c}", "writes=/a/{b,c},/a/b,/a/c"},
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
        {"sed -i.bak -e s/a/b/ f", "reads=/src/f writes=/src/f,/src/f.bak"},
        {"sed -i \"s/x/$UNSAID/\" /etc/x", "reads=/etc/x writes=/etc/x"},
        {"sed -n \"$UNSAID\" x", "reads=/src/x,? writes=? deletes=?"},
        {"sed -n 's/a/b/w y' x", "reads=/src/x,? writes=? deletes=?"},
        {"ln a b", "reads=/src/a writes=/src/b"},
        {"awk '{print $1}' x", "reads=/src/x"},
        {"awk '{print > \"y\"}' x", "reads=/src/x,? writes=? deletes=?"},
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
        {"tar xzf a.tgz -C /opt", "reads=/src/a.tgz writes=/opt unpacked=/src/a.tgz"},
        {"tar -xzf a.tgz --strip-components=1", "reads=/src/a.tgz writes=/src unpacked=/src/a.tgz"},
        {"tar --strip-components 1 -C /opt -xf a.tgz",
         "reads=/src/a.tgz writes=/opt unpacked=/src/a.tgz"},
        {"tar czf /out.tgz dir", "reads=/src/dir writes=/out.tgz"},
        {"tar -cf - dir | (cd /dst && tar -xf -)", "reads=/src/dir writes=/dst"},
        {"tar tf a.tgz", "reads=/src/a.tgz"},
        {"unzip -q a.zip -d /opt", "reads=/src/a.zip writes=/opt unpacked=/src/a.zip"},
        {"gunzip a.gz", "reads=/src/a.gz writes=/src/* deletes=/src/a.gz"},
        {"gunzip -c a.gz > b", "reads=/src/a.gz writes=/src/b"},
        {"curl -fsSL https://x/y.tgz | tar xz -C /opt", "writes=/opt network"},
        {"curl -o /tmp/y.tgz https://x/y.tgz", "writes=/tmp/y.tgz network"},
        {"curl -sSLO https://x/y.tgz", "writes=/src/y.tgz network"},
        {"curl -LJO $URL", "writes=/src/* network"},
        {"wget -q https://x/y.tgz", "writes=/src/y.tgz network"},
        {"wget -qO- https://x/y | cat", "network"},
        {"wget -P /tmp https://x/y.tgz", "writes=/tmp/y.tgz network"},
        {"git clone --depth 1 https://x/y.git", "writes=/src/y network"},
        {"git clone -b v1 https://x/y.git /opt/y", "writes=/opt/y network"},
    };
    CHECK_LINES(lines);
}

static void packages(void **state)
{
    static const struct line lines[] = {
        {"apt-get update", "writes=/var/lib/apt,/var/cache/apt lists=apt network"},
        {"apt-get -qq update && apt-get install -y --no-install-recommends curl=7.1 libc6:i386",
         "writes=/var/lib/apt,/var/cache/apt installs=apt:curl,apt:libc6 lists=apt caches=apt "
         "network"},
        {"apt-get install -y -t sid g++ $PKGS",
         "installs=apt:g++,apt:gcc,apt:make needs=apt caches=apt network"},
        {"apt-get install -y $UNSAID php-$UNSAID nginx=$UNSAID",
         "installs=apt:nginx,? needs=apt caches=apt network"},
        {"apt-get install ./x.deb", "reads=/src/x.deb installs=? needs=apt caches=apt network"},
        {"apt-get purge -y --auto-remove gcc", "removes=apt:gcc"},
        {"apt-get clean", "deletes=/var/cache/apt drops-caches=apt"},
        {"apt-get autoclean", "deletes=/var/cache/apt"},
        {"apt-get install --dry-run curl", ""},
        {"apt-get frobnicate", "reads=? writes=? deletes=? installs=? removes=? needs=? lists=? "
                               "caches=? drops-lists=? drops-caches=? network"},
        {"dpkg -i /tmp/a.deb", "reads=/tmp/a.deb installs=?"},
        {"apk add --no-cache curl>7 git~=2", "writes=/src/7 installs=apk:curl,apk:git network"},
        {"apk add -U -t .build gcc", "installs=apk:gcc needs=apk lists=apk network"},
        {"apk update && apk add gcc", "writes=/var/cache/apk installs=apk:gcc lists=apk network"},
        {"apk del .build", "removes=apk:.build"},
        {"yum install -y gcc && yum clean all",
         "deletes=/var/cache/yum installs=yum:gcc drops-caches=yum network"},
        {"yum -y --enablerepo epel groupinstall 'Development Tools'",
         "installs=yum:Development Tools caches=yum network"},
        {"dnf module install -y nodejs:18", "installs=dnf:nodejs:18 caches=dnf network"},
        {"zypper -n in gcc && zypper clean",
         "deletes=/var/cache/zypp installs=zypper:gcc caches=zypper network"},
        {"zypper -n in gcc && zypper cc -a",
         "deletes=/var/cache/zypp installs=zypper:gcc drops-caches=zypper network"},
        {"pacman -Syu --noconfirm git", "installs=pacman:git needs=pacman lists=pacman "
                                        "caches=pacman network"},
        {"pacman -Scc --noconfirm", "deletes=/var/cache/pacman,/var/lib/pacman"},
    };
    CHECK_LINES(lines);
}

static void languages(void **state)
{
    static const struct line lines[] = {
        {"pip install flask==2 'requests[socks]>=2'",
         "reads=? writes=? deletes=? installs=pip:flask,pip:requests caches=pip network hidden"},
        {"pip install --no-cache-dir -r req.txt",
         "reads=/src/req.txt,? writes=? deletes=? installs=? network hidden"},
        {"PIP_NO_CACHE_DIR=1 pip3 install flask",
         "reads=? writes=? deletes=? installs=pip:flask network hidden"},
        {"python3 -m pip install -U flask",
         "reads=? writes=? deletes=? installs=pip:flask caches=pip network hidden"},
        {"pip install -U pip", "reads=? writes=? deletes=? installs=pip:pip caches=pip network "
                               "hidden replaced=pip"},
        {"pip3 install -U pip setuptools",
         "reads=? writes=? deletes=? installs=pip:pip,"
         "pip:setuptools caches=pip network hidden replaced=pip3"},
        {"pip install flask && rm -rf ~/.cache/pip",
         "reads=? writes=? deletes=/root/.cache/pip,? installs=pip:flask drops-caches=pip network "
         "hidden"},
        {"npm install -g npm@9", "reads=? writes=? deletes=? installs=npm:npm caches=npm network "
                                 "hidden replaced=npm"},
        {"npm install @scope/x@1", "reads=? writes=? deletes=? installs=npm:@scope/x caches=npm "
                                   "network hidden"},
        {"npm ci && npm cache clean --force",
         "reads=? writes=? deletes=/root/.npm,? drops-caches=npm network hidden"},
        {"yarn && yarn cache clean", "reads=? writes=? deletes=? drops-caches=yarn network hidden"},
        {"yarn build", "reads=? writes=? deletes=? network hidden"},
        {"conda install -y -c conda-forge numpy=1 && conda clean -afy",
         "reads=? writes=? deletes=? installs=conda:numpy drops-caches=conda network hidden"},
        {"gem install --no-document rake -v 12",
         "reads=? writes=? deletes=? installs=gem:rake caches=gem network hidden"},
        {"go build -o /bin/app ./cmd", "reads=? writes=/bin/app,? deletes=? caches=go network "
                                       "hidden"},
        {"make -j4 && make install", "reads=? writes=? deletes=? network hidden"},
        {"node x.js && make install", "reads=/src/x.js,? writes=? deletes=? installs=? removes=? "
                                      "lists=? caches=? drops-lists=? drops-caches=? "
                                      "network hidden replaced=node"},
    };
    CHECK_LINES(lines);
}

/* What is left at the end, in the order of the commands and over branches. */
static void lists_and_caches(void **state)
{
    static const struct line lines[] = {
        {"apt-get update && rm -rf /var/lib/apt/lists/*",
         "writes=/var/lib/apt,/var/cache/apt deletes=/var/lib/apt/lists/* drops-lists=apt network"},
        {"rm -rf /var/lib/apt/lists", "deletes=/var/lib/apt/lists drops-lists=apt"},
        {"rm -rf /var/lib/apt/lists/", "deletes=/var/lib/apt/lists drops-lists=apt"},
        {"cd /var/lib/apt && rm -rf lists/*", "deletes=/var/lib/apt/lists/* drops-lists=apt cd"},
        {"rm -rf /var/lib/apt/lists/partial", "deletes=/var/lib/apt/lists/partial"},
        {"rm -f /var/lib/apt/lists/*", "deletes=/var/lib/apt/lists/*"},
        {"rm -rf '/var/lib/apt/lists/*'", "deletes=/var/lib/apt/lists/*"},
        {"rm -rf /var/lib/apt/lists/*.lz4", "deletes=/var/lib/apt/lists/*.lz4"},
        {"rm -rf /var/lib/apt/lists/* && apt-get update",
         "writes=/var/lib/apt,/var/cache/apt deletes=/var/lib/apt/lists/* lists=apt "
         "drops-lists=apt network"},
        {"rm -f /var/cache/apk/*", "deletes=/var/cache/apk/* drops-lists=apk"},
        {"rm -rf /var/cache/*",
         "deletes=/var/cache/* drops-lists=apk drops-caches=apt,yum,dnf,microdnf,tdnf,zypper,"
         "pacman"},
        {"rm -rf /var/lib/{apt,dpkg}", "deletes=/var/lib/{apt,dpkg},/var/lib/apt,/var/lib/dpkg"},
        {"rm -rf $UNSAID/lists", "deletes=?"},
        {"rm -rf /var/$UNSAID", "deletes=/var/*"},
        /* when the script succeeds, so did what its last list needs */
        {"[ -d /x ] && rm -rf /var/lib/apt/lists/*",
         "deletes=/var/lib/apt/lists/* drops-lists=apt"},
        {"{ : && [ -d /x ] && rm -rf /var/lib/apt/lists/*; }",
         "deletes=/var/lib/apt/lists/* drops-lists=apt"},
        {"[ -d /x ] && rm -rf /var/lib/apt/lists/*; :", "deletes=/var/lib/apt/lists/*"},
        {"[ -d /x ] && rm -rf /var/lib/apt/lists/* || :", "deletes=/var/lib/apt/lists/*"},
        {"! { [ -d /x ] && rm -rf /var/lib/apt/lists/*; }", "deletes=/var/lib/apt/lists/*"},
        {"false || rm -rf /var/lib/apt/lists/*", "deletes=/var/lib/apt/lists/*"},
        {"rm -rf /var/lib/apt/lists/* || true", "deletes=/var/lib/apt/lists/* drops-lists=apt"},
        {"if x; then rm -rf /var/lib/apt/lists; else rm -r /var/lib/apt/lists/; fi",
         "reads=? writes=? deletes=/var/lib/apt/lists,? installs=? removes=? lists=? "
         "caches=? drops-lists=apt,? drops-caches=? network wants=/var/lib/apt/lists"},
        {"if test -x y; then rm -rf /var/lib/apt/lists; fi", "deletes=/var/lib/apt/lists"},
        {"if test -x y; then apt-get update; fi; apt-get install x",
         "writes=/var/lib/apt,/var/cache/apt installs=apt:x needs=apt lists=apt caches=apt "
         "network"},
        {"case $X in a) apt-get update;; *) apt-get update;; esac; apt-get install x",
         "writes=/var/lib/apt,/var/cache/apt installs=apt:x lists=apt caches=apt network"},
        {"case $X in a) apt-get update;; esac; apt-get install x",
         "writes=/var/lib/apt,/var/cache/apt installs=apt:x needs=apt lists=apt caches=apt "
         "network"},
        {"while read x; do rm -rf /var/lib/apt/lists; done", "deletes=/var/lib/apt/lists state"},
        {"for x in a b; do rm -rf /var/lib/apt/lists; done",
         "deletes=/var/lib/apt/lists drops-lists=apt state"},
        {"for x in *; do rm -rf /var/lib/apt/lists; done", "deletes=/var/lib/apt/lists state"},
        {"(apt-get update; rm -rf /var/lib/apt/lists/*)",
         "writes=/var/lib/apt,/var/cache/apt deletes=/var/lib/apt/lists/* drops-lists=apt network"},
        {"find /var/lib/apt/lists -type f -delete",
         "reads=/var/lib/apt/lists deletes=/var/lib/apt/lists"},
        {"find /var/lib/apt/lists -exec rm -rf {} +",
         "reads=/var/lib/apt/lists deletes=/var/lib/apt/lists"},
        {"bash -c 'apt-get update && rm -rf /var/lib/apt/lists/*'",
         "writes=/var/lib/apt,/var/cache/apt deletes=/var/lib/apt/lists/* drops-lists=apt network"},
    };
    CHECK_LINES(lines);
}

static void shell(void **state)
{
    static const struct line lines[] = {
        {"cd /x", "cd"},
        {"cd /x; touch y; cd; touch z", "writes=/x/y,/root/z cd"},
        {"cd a && cd .. && touch y", "writes=/src/y cd"},
        {"(cd /x && touch y); touch z", "writes=/x/y,/src/z"},
        {"cd /x | touch y", "writes=/src/y"},
        {"cd $UNSAID; touch y; touch /z", "writes=/z,? cd"},
        {"cd - ; touch y", "writes=? cd"},
        {"[ -d a ] && cd a; touch y", "writes=? cd"},
        {"pushd /x; touch y; popd; touch z", "writes=/x/y,? cd"},
        {"X=1", "state"},
        {"X=/x; touch $X/y", "writes=/x/y state"},
        {"X=1 ls", ""},
        {"X=/x; X=/y ls; touch $X", "writes=/x state"},
        {"X=/x :; touch $X", "writes=/x state"},
        {"X=/x; [ -f y ] && X=/z; touch $X/y", "writes=? state"},
        {"X=a; (X=b; touch $X); touch $X", "writes=/src/b,/src/a state"},
        {"for d in a b; do touch $d/x; done", "writes=/src/a/x,/src/b/x state"},
        {"for d in $UNSAID; do touch /$d/x; done", "writes=/*/x state"},
        {"export X=/x; touch $X", "writes=/x state"},
        {"export PATH=/x:$PATH", "state path"},
        {"PATH=/x:$PATH", "state path"},
        {": ${X:=/x}; echo $((x = 1))", "state"},
        {"echo $((x == 1))", ""},
        {"(( x++ ))", "state"},
        {"read x", "state"},
        {"umask 022", "state"},
        {"printf -v X %s /y; touch $X", "writes=? state"},
        {"X=/x; let X=1; touch $X", "writes=? state"},
        {"printf %s x > y", "writes=/src/y"},
        {"trap 'rm -f /x' EXIT; trap - EXIT; trap '' INT", "deletes=/x state"},
        {"set -e", "errexit traces"},
        {"set -eux", "errexit options"},
        {"set +e", "errexit traces"},
        {"set -o errexit", "errexit traces"},
        {"set -ex", "errexit options traces"},
        {"set -v -o xtrace", "options traces"},
        {"set -x -- a", "options"},
        {"set -o pipefail", "options"},
        {"set -f", "options noglob"},
        {"set -- a b", "options"},
        {"shopt -s globstar", "options"},
        {"exit 0", "exit"},
        {"(exit 1)", ""},
        {"exec touch x", "writes=/src/x exit"},
        {"alias ll=ls", "alias"},
        {"sleep 5 &", "background job"},
        {"trap 'exit' ERR", "state errtrap"},
        {"cd /a; trap 'rm x; cd b' EXIT; rm y", "deletes=/a/y,? cd state wants=/a/y,?"},
        {"trap ERR", "state"},
        {"trap 'exit' INT $UNSAID", "state errtrap"},
        {"service nginx start", "reads=? writes=? deletes=? background"},
        {"nginx", "reads=? writes=? deletes=? background"},
        {"nginx -v 2>&1 | sed 's#.*/##'", ""},
        {"systemctl enable x", "writes=/etc/systemd,/usr/lib/systemd,/lib/systemd"},
        {"f() { touch /x; }", "state function"},
        {"f() { touch /x; cd /y; }; f; touch z", "writes=/x,/y/z cd state function"},
        {"return 0; pwd", "exit return"},
        {"echo $(return 0; pwd)", "return"},
        {"f() { return 1; }; f", "state function"},
        {"f() { test x && return; cd /y; }; f; touch z", "writes=? cd state function"},
        {"f() { apt-get update; test x && return; rm -rf /var/lib/apt/lists/*; }; f",
         "writes=/var/lib/apt,/var/cache/apt deletes=/var/lib/apt/lists/* lists=apt network state "
         "function"},
        {"f() { sh -c 'return'; }; f", "state function return"},
        {"f() { f; f; }; f", "reads=? writes=? deletes=? installs=? removes=? needs=? lists=? "
                             "caches=? drops-lists=? drops-caches=? network cd state "
                             "exit errexit options alias hidden function path noglob"},
        {"command -v x && touch y", "writes=/src/y"},
    };
    CHECK_LINES(lines);
}

/* A program that is not known, and one that is a file; scripts that are not seen may also need
 * lists, which is asked by their name. */
#define ANYTHING                                                                                   \
    "reads=? writes=? deletes=? installs=? removes=? lists=? caches=? drops-lists=? "              \
    "drops-caches=? network"
#define FILE_OF(path)                                                                              \
    "reads=" path ",? writes=? deletes=? installs=? removes=? lists=? caches=? drops-lists=? "     \
    "drops-caches=? network hidden"
#define SCRIPT_OF(path) FILE_OF(path) " scripts=" path
#define HIDDEN_AFTER(reads)                                                                        \
    "reads=" reads "? writes=? deletes=? installs=? removes=? needs=? lists=? caches=? "           \
    "drops-lists=? drops-caches=? network hidden"
#define IN_THIS_SHELL " network cd state exit errexit options alias hidden function path noglob"

static void hidden(void **state)
{
    static const struct line lines[] = {
        {"frobnicate x", ANYTHING},
        {"./x.sh", SCRIPT_OF("/src/x.sh")},
        {"./configure --prefix=/x", "reads=/src/configure,? writes=? deletes=? network hidden"},
        {"./gradlew build", "reads=/src/gradlew,? writes=? deletes=? caches=gradle network hidden"},
        {"/opt/x/run", SCRIPT_OF("/opt/x/run")},
        {"/opt/x/bin/run", FILE_OF("/opt/x/bin/run")},
        {"/usr/bin/touch x", "reads=/usr/bin/touch writes=/src/x"},
        {"bash x.sh", SCRIPT_OF("/src/x.sh")},
        {"bash ./configure", "reads=/src/configure,? writes=? deletes=? network hidden"},
        {"apt-get update; ./x.sh",
         "reads=/src/x.sh,? writes=/var/lib/apt,/var/cache/apt,? deletes=? installs=? removes=? "
         "lists=apt,? caches=? drops-lists=? drops-caches=? network hidden"},
        {"curl https://x | bash -s -- -y", HIDDEN_AFTER("")},
        {"curl https://get.rvm.io | bash -s stable",
         "reads=? writes=? deletes=? installs=? removes=? lists=? caches=? "
         "drops-lists=? drops-caches=? network hidden"},
        {"wget -qO- https://get.rvm.io | sudo bash -",
         "reads=? writes=? deletes=? installs=? removes=? lists=? caches=? "
         "drops-lists=? drops-caches=? network hidden"},
        {"curl https://get.rvm.io | sed s/a/b/ | bash", HIDDEN_AFTER("")},
        {"wget https://get.rvm.io -O x.sh && bash x.sh",
         "reads=/src/x.sh,? writes=/src/x.sh,? deletes=? installs=? removes=? lists=? caches=? "
         "drops-lists=? drops-caches=? network hidden"},
        {"curl https://deb.nodesource.com/setup_$UNSAID.x | bash -; apt-get install x",
         "reads=? writes=? deletes=? installs=apt:x,? removes=? lists=apt,? caches=apt,? "
         "drops-lists=? drops-caches=? network hidden"},
        {"bash <<'EOF'\ntouch x\nEOF\n", "writes=/src/x"},
        {"sh -ec 'cd /x; touch y'; touch z", "writes=/x/y,/src/z"},
        {"sh -c \"touch $UNSAID\"", HIDDEN_AFTER("")},
        {"python x.py", FILE_OF("/src/x.py")},
        {"eval 'touch x; cd /y'", "writes=/src/x cd"},
        {"$UNSAID/bin/x", HIDDEN_AFTER("")},
    };
    static const struct line in_shell[] = {
        {"eval $UNSAID", "reads=? writes=? deletes=? installs=? removes=? needs=? lists=? "
                         "caches=? drops-lists=? drops-caches=?" IN_THIS_SHELL},
        {"rm -r /a", "deletes=/a wants=/a"},
        {"cd /tmp; wget https://x/a.tgz; tar xzf a.tgz -C /opt",
         "reads=/tmp/a.tgz writes=/tmp/a.tgz,/opt network cd unpacked=/tmp/a.tgz"},
        {"unzip -q a.zip member -d /opt",
         "reads=/src/a.zip,/src/member writes=/opt unpacked=/src/a.zip"},
        {"rm -r -f /a && rm --force /b", "deletes=/a,/b"},
        {". /etc/os-release", "reads=/etc/os-release state"},
        {"HOME=/x npm ci", "reads=? writes=? deletes=? caches=npm network hidden away=npm"},
        {"npm ci --cache /x", "reads=? writes=? deletes=? caches=npm network hidden away=npm"},
        {"npm ci --offline", "reads=? writes=? deletes=? needs=npm caches=npm network hidden"},
        {"conda install x && conda clean -tipy", "reads=? writes=? deletes=? installs=conda:x "
                                                 "drops-caches=conda network hidden"},
        {"conda install x && conda clean -yt", "reads=? writes=? deletes=? installs=conda:x "
                                               "drops-caches=conda network hidden"},
        {"cpanm X && rm -rf ~/.cpanm", "reads=? writes=? deletes=/root/.cpanm,? installs=cpanm:X "
                                       "drops-caches=cpanm network hidden"},
        {"install2.r x", "reads=? writes=? deletes=? caches=r network hidden"},
        {". ./env", "reads=/src/env,? writes=? deletes=? installs=? removes=? lists=? caches=? "
                    "drops-lists=? drops-caches=?" IN_THIS_SHELL " scripts=/src/env"},
        {"$UNSAID x", "reads=? writes=? deletes=? installs=? removes=? needs=? lists=? "
                      "caches=? drops-lists=? drops-caches=?" IN_THIS_SHELL},
        {"cat() { :; }; cat x", "reads=? writes=? deletes=? installs=? removes=? needs=? lists=? "
                                "caches=? drops-lists=? drops-caches=?" IN_THIS_SHELL},
    };
    CHECK_LINES(lines);
    CHECK_LINES(in_shell);
}

static void wrappers(void **state)
{
    static const struct line lines[] = {
        {"sudo -u app X=1 touch x", "writes=?"},
        {"sudo touch /x", "writes=/x"},
        {"env X=1 nice -n 5 touch x", "writes=/src/x"},
        {"time touch x", "writes=/src/x"},
        {"timeout -k 5 10 touch x", "writes=/src/x"},
        {"nohup touch x", "writes=/src/x"},
        {"busybox touch x", "writes=/src/x"},
        {"su -c 'touch /x' app", "writes=/x"},
        {"su - app -c 'touch x'", "writes=?"},
        {"gosu app touch /x", "writes=/x"},
        {"ls | xargs rm -f /x", "deletes=/x,?"},
        {"xargs -n 1 -I F cp F /x", "reads=? writes=/x"},
        {"find . -name '*.pyc' -exec rm -f {} \\;", "reads=/src deletes=/src"},
        {"find /a \\( -name b -o -name c \\) ! -name d -print", "reads=/a"},
        {"find /a -type f -exec sh -c 'touch /b' \\;", "reads=/a writes=/b"},
        {"echo $(touch x) `touch y`", "writes=/src/x,/src/y"},
        {"diff <(touch x) y", "reads=/src/y writes=/src/x job"},
    };
    CHECK_LINES(lines);
}

static void replaced(void **state)
{
    static const struct line lines[] = {
        {"foo; cp x /usr/local/bin/foo", "reads=/src/x,? writes=/usr/local/bin/foo,? deletes=? "
                                         "installs=? removes=? lists=? caches=? "
                                         "drops-lists=? drops-caches=? network replaced=foo"},
        {"cp foo /usr/local/bin/", "reads=/src/foo writes=/usr/local/bin/foo"},
        {"jq . x; cp jq /usr/local/bin/",
         "reads=/src/x,/src/jq writes=/usr/local/bin/jq replaced=jq"},
        {"jq . x; curl -o /usr/bin/jq https://x", "reads=/src/x writes=/usr/bin/jq network "
                                                  "replaced=jq"},
        {"jq . x; tar -C /usr/local -xf a",
         "reads=/src/x,/src/a writes=/usr/local replaced=jq unpacked=/src/a"},
        {"tar -C /usr/local -xf a", "reads=/src/a writes=/usr/local unpacked=/src/a"},
        {"jq . x; tar -C /opt -xf a", "reads=/src/x,/src/a writes=/opt unpacked=/src/a"},
        {"jq . x; ln -s /opt/jq /usr/bin/jq", "reads=/src/x writes=/usr/bin/jq replaced=jq"},
    };
    CHECK_LINES(lines);
}

/* bash expands braces; what it removes by them is sure to go. */
static void in_bash(void **state)
{
    static const struct line lines[] = {
        {"rm -rf /var/lib/{apt,dpkg}", "deletes=/var/lib/apt,/var/lib/dpkg drops-lists=apt"},
        {"declare -a x=(a $(touch y))", "writes=/src/y state"},
        {"[[ -f x ]] && touch y", "writes=/src/y"},
        {"touch x &> log", "writes=/src/log,/src/x"},
    };
    check_in(*state, lines, sizeof lines / sizeof *lines, SHELL_BASH);
}

/* ---- the sets' questions ---- */

static struct set set_of(struct arena *a, const char *items)
{
    struct set s = {0};
    struct str all = str_from_c(items);
    while (all.len) {
        size_t end = str_find(all, ' ');
        struct str item = str_slice(all, 0, end);
        if (str_eq(item, LIT("?")))
            s.unknown = true;
        else
            set_add(a, &s, item);
        all = str_slice(all, end + 1, all.len);
    }
    return s;
}

static void paths(void **state)
{
    static const struct {
        const char *a, *b;
        enum tri want;
    } lines[] = {
        {"/app", "/app/x", YES},
        {"/app", "/apple", NO},
        {"/a /b", "/c /b/d", YES},
        {"/", "/x", YES},
        {"", "?", NO},
        {"", "/x", NO},
        {"?", "/x", MAYBE},
        {"?", "?", MAYBE},
        {"/a ?", "/a", YES},
        {"/a/*", "/a/b", MAYBE},
        {"/a/*", "/b", NO},
        {"/a/*", "/a", YES},
        {"/a/x-*", "/a/y", NO},
        {"/a/x-*", "/a/x-1", MAYBE},
        {"rel", "/a", MAYBE},
        {"~/.cache", "/root", MAYBE},
        {"/a/*.c", "/a/*.h", MAYBE},
        {"/x*/y", "/z", NO},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct set a = set_of(*state, lines[i].a), b = set_of(*state, lines[i].b);
        assert_int_equal(paths_meet(&a, &b), lines[i].want);
        assert_int_equal(paths_meet(&b, &a), lines[i].want);
    }
}

static void names(void **state)
{
    struct set none = set_of(*state, ""), some = set_of(*state, "a b"), other = set_of(*state, "c"),
               shared = set_of(*state, "b c"), open = set_of(*state, "a ?");
    assert_int_equal(set_meets(&none, &open), NO);
    assert_int_equal(set_meets(&some, &other), NO);
    assert_int_equal(set_meets(&some, &shared), YES);
    assert_int_equal(set_meets(&open, &other), MAYBE);
    assert_int_equal(set_has(&some, LIT("a")), YES);
    assert_int_equal(set_has(&some, LIT("c")), NO);
    assert_int_equal(set_has(&open, LIT("c")), MAYBE);
    assert_true(set_is_empty(&none));
    assert_false(set_is_empty(&open));
    set_remove(&some, LIT("a"));
    assert_int_equal(set_has(&some, LIT("a")), NO);
    struct effects anything = effects_anything();
    assert_int_equal(paths_meet(&anything.writes, &other), MAYBE);
    assert_true(effects_any(&anything, FX_NOGLOB) && anything.replaced.unknown);
}

/* ---- what options avoid: the script with its edits, and who else leaves something ---- */

static struct str avoidable_text(struct arena *a, const char *script, enum shell_kind shell)
{
    struct compile c = {.arena = a, .catalog = catalog_shipped()};
    struct env tool = {.name = LIT("TOOL"), .value = LIT("pip"), .kind = ENV_SET};
    struct state before = {.shell_kind = shell, .workdir = LIT("/src"), .env = &tool};
    struct str text = str_from_c(script);
    const struct sh_script *parsed = sh_parse(a, text, SH_BASH, NULL);
    assert_non_null(parsed);
    struct avoidable found = command_avoidable(&c, &before, parsed->list);
    struct buf b = {.arena = a};
    uint32_t at = 0;
    for (size_t i = 0; i < found.edits.n; i++) {
        const struct avoidance *edit = &found.edits.at[i];
        assert_true(edit->at.start >= at);
        buf_add(&b, str_slice(text, at, edit->at.start));
        buf_add(&b, edit->text);
        at = edit->at.end;
    }
    buf_add(&b, str_slice(text, at, text.len));
    put_set(&b, "others", &found.others);
    return buf_str(&b);
}

static void avoidances(void **state)
{
    static const struct line lines[] = {
        {"pip install a", "pip install --no-cache-dir a"},
        {"pip -q install a", "pip -q install --no-cache-dir a"},
        {"python3 -m pip install a", "python3 -m pip install --no-cache-dir a"},
        {"pip list; pip uninstall a; pip install --help",
         "pip list; pip uninstall a; pip install --help"},
        {"apk add a && apk -U add b", "apk add --no-cache a && apk --no-cache add b"},
        {"apk add --update-cache a", "apk add --no-cache a"},
        {"apk add -U --update a", "apk add -U --update a others=apk"},
        {"apk add -Uq a", "apk add -Uq a others=apk"},
        {"apk update && apk add a", "apk update && apk add --no-cache a others=apk"},
        {"uv pip install a; uv sync", "uv pip install --no-cache a; uv sync others=uv"},
        {"sudo -E pip install a", "sudo -E pip install --no-cache-dir a"},
        {"! pip install a | tee log", "! pip install --no-cache-dir a | tee log"},
        {"case $x in a) pip install a;; esac", "case $x in a) pip install --no-cache-dir a;; esac"},
        {"f() { pip install $1; }; f a; f b", "f() { pip install --no-cache-dir $1; }; f a; f b"},
        {"pip() { :; }; pip install a", "pip() { :; }; pip install a"},
        {"f() { pip install a; }", "f() { pip install a; }"},
        {"eval 'f() { pip install a; }'; f", "eval 'f() { pip install a; }'; f others=pip"},
        {"sh -c 'pip install a'", "sh -c 'pip install a' others=pip"},
        {"x=$(pip install a)", "x=$(pip install a) others=pip"},
        {"x=`pip install a`", "x=`pip install a` others=pip"},
        {"$TOOL install a", "$TOOL install a others=pip"},
        {"$UNKNOWN install a", "$UNKNOWN install a"},
        {"v=install; pip $v a", "v=install; pip $v a others=pip"},
        {"pip 'install' a", "pip 'install' --no-cache-dir a"},
        {"pip install --no-cache-dir a", "pip install --no-cache-dir a"},
        {"pip install --cache-dir=/c a", "pip install --cache-dir=/c a others=pip"},
        {"PIP_CACHE_DIR=/c pip install a", "PIP_CACHE_DIR=/c pip install a others=pip"},
        {"env XDG_CACHE_HOME=/c pip install a", "env XDG_CACHE_HOME=/c pip install a others=pip"},
        {"npm install a", "npm install a others=npm"},
    };
    bool failed = false;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct str got = avoidable_text(*state, lines[i].script, SHELL_BASH);
        if (str_eq(got, str_from_c(lines[i].want)))
            continue;
        failed = true;
        print_error("%s\n  want %s\n  got  %.*s\n", lines[i].script, lines[i].want, STR(got));
    }
    assert_false(failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(archives, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(packages, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(languages, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(lists_and_caches, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(shell, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(hidden, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(wrappers, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(replaced, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(in_bash, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(paths, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(names, with_arena, without_arena),
        cmocka_unit_test_setup_teardown(avoidances, with_arena, without_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
