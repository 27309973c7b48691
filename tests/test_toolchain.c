/* What RUNs build: each command of a toolchain and its artifacts, one a line. */
#include "ir/toolchain.h"
#include "tests/in_arena.h"
#include "tests/lowered.h"
#include "tests/memory_context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void show_step(struct buf *b, struct compile *c, const struct stage *stage,
                      const struct step *step)
{
    for (size_t i = 0; i < step->runs.n; i++) {
        struct built built = toolchain_built(c, stage, &step->runs.at[i]);
        if (!built.toolchain)
            continue;
        buf_printf(b, "%.*s:", STR(built.toolchain->name));
        for (size_t k = 0; k < built.artifacts.n; k++)
            buf_printf(b, " %.*s", STR(built.artifacts.at[k]));
        buf_add(b, built.whole ? LIT(" all\n") : built.known ? LIT("\n") : LIT(" ?\n"));
    }
}

static struct str shown(struct compile *c)
{
    struct buf b = {.arena = c->arena};
    for (struct instr *i = c->file->first; i; i = i->next) {
        const struct sh_script *script = i->ast->kind == DF_RUN ? instr_script(c, i) : NULL;
        struct steps steps = {0};
        if (!script || !command_steps(c, &i->before, script->list, &steps))
            continue;
        for (size_t k = 0; k < steps.n; k++)
            show_step(&b, c, i->stage, &steps.at[k]);
    }
    return buf_str(&b);
}

static const struct {
    const char *files[10];
    const char *lines, *want;
} rows[] = {
    {{"go.mod", "module example.com/shop/v2\n", "main.go", "package main\n"},
     "WORKDIR /src\nCOPY . .\nRUN go mod download && go build\n",
     "go:\ngo: /src/shop\n"},
    {{"go.mod", "module a/b\n", "main.go", "package main\n"},
     "WORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -ldflags '-s -w' -o /out/x ./cmd/server\n",
     "go: /out/x\n"},
    {{"go.mod", "module a/b\n", "cmd/one/main.go", "package main // it\n", "lib/l.go",
      "package lib\n"},
     "WORKDIR /src\nCOPY . .\nRUN go install -v ./... && go build ./cmd/one && go build main.go\n",
     "go: /go/bin/one\ngo: /src/one\ngo: /src/main\n"},
    {{"go.mod", "module a/b\n", "a.go", "package main\n", "x/main.go", "package main\n"},
     "WORKDIR /src\nCOPY . .\nRUN go build ./...\n",
     "go: ?\n"},
    {{"a.c", ""},
     "WORKDIR /src\nCOPY . .\nRUN cd lib && gcc -c a.c && gcc -O2 -o ../prog a.o && strip "
     "../prog\n",
     "c:\nc: /src/prog\nc:\n"},
    {{"Cargo.toml", "[package]\nname = \"tool\"\nversion = \"1\"\n", "src/main.rs", ""},
     "WORKDIR /app\nCOPY . .\nRUN cargo build --release\nRUN cargo install --path .\n",
     "rust: /app/target/release/tool\nrust: /usr/local/cargo/bin/tool\n"},
    {{"Cargo.toml", "[workspace]\nmembers = [\"one\", \"more/*\"]\n", "one/Cargo.toml",
      "[package]\nname = \"one\"\n", "one/src/main.rs", "", "more/two/Cargo.toml",
      "[package]\nname = \"two\"\n[[bin]]\nname = \"second\"\npath = \"x.rs\"\n"},
     "WORKDIR /app\nCOPY . .\nRUN cargo build --release && cargo build -p two\n"
     "WORKDIR one\nRUN cargo build -r --target-dir=/out --target t && cargo build --tests\n",
     "rust: /app/target/release/one /app/target/release/second\nrust: /app/target/debug/second\n"
     "rust: /out/t/release/one\nrust: ?\n"},
    {{".cargo/config.toml", "[build]\ntarget = \"musl\"\n", "in/Cargo.toml",
      "[package]\nname = \"a-b\"\n[lib]\ncrate-type = [\"cdylib\"]\n", "in/src/main.rs", "",
      "Cargo.toml", "[package]\nname = \"x\"\n"},
     "WORKDIR /app\nCOPY . .\nENV CARGO_HOME=/c\nRUN cd in && cargo build --profile small\n"
     "RUN cargo install --path in && cargo install --path in --root r\n",
     "rust: /app/in/target/musl/small/a-b /app/in/target/musl/small/liba_b.so\n"
     "rust: /c/bin/a-b\nrust: /app/r/bin/a-b\n"},
    {{"Cargo.toml", "[package]\nname = \"x\"\n[[bin]]\nname = \"y\"\nrequired-features = "
                    "[\"z\"]\n"},
     "WORKDIR /app\nCOPY . .\nRUN cargo build\n",
     "rust: /app/target/debug/y\n"},
    {{"Makefile", "P = /opt\nall: prog\nprog: a.o\n\t$(CC) -o $@ a.o\ninstall: prog\n\tinstall -D "
                  "prog $(P)/bin/prog\n"},
     "WORKDIR /src\nCOPY . .\nRUN make && make install P=/usr\n",
     "c: /src/prog\nc: /src/prog /usr/bin/prog\n"},
    {{"Makefile",
      "SRCS := $(wildcard src/*.c)\nOBJS = $(SRCS:src/%.c=build/%.o)\nifeq ($(PREFIX),)\nPREFIX := "
      "/usr/local\nendif\nifdef DEBUG\nCFLAGS += -g\nelse\nBIN = bin\nendif\nall: dirs "
      "$(BIN)/tool\ndirs:\n\t@mkdir -p $(BIN) build\n$(BIN)/tool: $(OBJS)\n\t$(CC) "
      "$(LDFLAGS) -o $@ $^ $(shell pkg-config --libs x) -lm\nbuild/%.o: src/%.c\n\t$(CC) "
      "-c -o $@ $<\ninstall: all\n\tinstall -d $(DESTDIR)$(PREFIX)/bin\n\tinstall "
      "$(BIN)/tool $(DESTDIR)$(PREFIX)/bin\n\tln -sf tool "
      "$(DESTDIR)$(PREFIX)/bin/t\n-include $(OBJS:.o=.d)\n",
      "src/a.c", "", "src/b.c", ""},
     "WORKDIR /src\nCOPY . .\nRUN make -j4 && make install && make PREFIX=/opt/t install\n",
     "c: /src/bin/tool\nc: /src/bin/tool /usr/local/bin/tool /usr/local/bin/t\n"
     "c: /src/bin/tool /opt/t/bin /opt/t/bin/t\n"},
    {{"Makefile",
      "include config.mk\nexport PREFIX\nSUBDIRS = lib $(foreach n,one,prog-$(n))\nall install:\n"
      "\tfor d in $(SUBDIRS); do $(MAKE) -C $$d $@; done\n",
      "config.mk", "PREFIX ?= /opt/x\n", "lib/Makefile",
      "all: libx.so\nlibx.so: x.c\n\t$(CC) -shared "
      "-o $@ $<\ninstall: all\n\tcp libx.so $(PREFIX)/lib/\n",
      "prog-one/Makefile", "all: one\ninstall: one\n\tcp one $(PREFIX)/bin/first\n",
      "prog-one/one.c", ""},
     "WORKDIR /src\nCOPY . .\nRUN make install\n",
     "c: /src/lib/libx.so /opt/x/lib/libx.so /src/prog-one/one /opt/x/bin/first\n"},
    {{"Makefile", "PROGS = a b\nall: $(PROGS)\n%: %.c common.h\n\tcc -o bin/$@ $<\n", "a.c", "",
      "b.c", "", "common.h", ""},
     "WORKDIR /src\nCOPY . .\nRUN make && make b\n",
     "c: /src/bin/a /src/bin/b\nc: /src/bin/b\n"},
    {{"Makefile",
      "OS := $(shell cat os)\nifeq ($(OS),x)\nextra:\n\tcp a /usr/bin/a\nendif\nall: extra\n"},
     "WORKDIR /src\nCOPY . .\nRUN make\n",
     "c: all\n"},
    {{"Makefile", "A = $(A)$(A)\nB = $(A)$(B)$(B)$(B)$(B)\nall:\n\tcp $(A) $(B)\n\t$(MAKE) all; "
                  "$(MAKE) all; $(MAKE) all\n"},
     "WORKDIR /src\nCOPY . .\nRUN make\n",
     "c: all\n"},
    {{"Makefile", "all:\n\t$(MAKE) all\n"}, "WORKDIR /src\nCOPY . .\nRUN make\n", "c: all\n"},
    {{"x", ""},
     "WORKDIR /src\nRUN cd a && ./configure --prefix=/opt/a && make && make install\n",
     "c:\nc:\nc: /opt/a\n"},
    {{"package.json", "{\"name\": \"a\"}\n"},
     "WORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && npm install -g serve\n",
     "node: /app/node_modules\nnode: all\nnode:\n"},
};

static void test_artifacts(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct memory memory = {rows[i].files};
        struct context_ops ops = memory_context(&memory);
        struct str text = str_concat(*state, LIT("FROM x\n"), str_from_c(rows[i].lines));
        struct compile c = lowered(*state, text, &ops);
        struct str got = shown(&c);
        if (!str_eq(got, str_from_c(rows[i].want)))
            fail_msg("row %zu: got\n%.*swant\n%s", i, STR(got), rows[i].want);
    }
}

/* ---- steps ---- */

static const struct {
    const char *script, *want;
} scripts[] = {
    {"a && b", "a|b chain"},        {"a; b && c", "a|b|c"},
    {"a && b || c", "a && b || c"}, {"(a && b) && c > f", "(a && b)|c > f chain"},
    {"a & b", "background"},        {"x=1 a | b", "x=1 a | b chain"},
};

static void test_steps(void **state)
{
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        struct buf b = {.arena = *state};
        buf_printf(&b, "FROM x\nRUN %s\n", scripts[i].script);
        struct compile c = lowered(*state, buf_str(&b), NULL);
        struct instr *run = c.file->last;
        const struct sh_script *script = instr_script(&c, run);
        struct steps steps = {0};
        struct buf got = {.arena = *state};
        if (!command_steps(&c, &run->before, script->list, &steps))
            buf_add(&got, LIT("background"));
        else
            for (size_t k = 0; k < steps.n; k++)
                buf_printf(&got, "%s%.*s", k ? "|" : "",
                           STR(str_span(script->text, steps.at[k].at)));
        if (steps.chain && steps.n)
            buf_add(&got, LIT(" chain"));
        if (!str_eq(buf_str(&got), str_from_c(scripts[i].want)))
            fail_msg("%s: got %.*s", scripts[i].script, STR(buf_str(&got)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_artifacts, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_steps, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
