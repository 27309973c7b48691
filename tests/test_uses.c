/* What a stage uses: a Dockerfile, maybe with a context, and the names that are found in it. */
#include "ir/uses.h"
#include "tests/in_arena.h"
#include "tests/lowered.h"
#include "tests/memory_context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* `want`: "build:NAME" or "run:NAME" in the order in which they are met; of unknown uses "?NAME".
 */
static const struct {
    const char *dockerfile;
    const char *files[8];
    const char *commands, *modules, *packages, *unknown, *readers;
} rows[] = {
    {"RUN curl -o x http://h/x && tar xf x.tar.xz\nCMD [\"cron\", \"-f\"]",
     {NULL},
     "build:curl build:tar run:cron",
     "",
     "build:ca-certificates build:xz-utils",
     "",
     ""},
    {"RUN pip install Flask==2.0 psycopg2\nCMD [\"cron\"]",
     {NULL},
     "build:pip run:cron",
     "build:pip:flask build:pip:psycopg2",
     "",
     "",
     ""},
    {"WORKDIR /a\nCOPY . .\nRUN pip install -r r/requirements.txt\nCMD [\"cron\"]",
     {"r/requirements.txt", "numpy\nrequests\n", NULL},
     "build:pip run:cron",
     "build:pip:numpy build:pip:requests",
     "",
     "",
     ""},
    {"RUN pip install -r requirements.txt\nCMD [\"cron\"]",
     {NULL},
     "build:pip run:cron",
     "",
     "",
     "?requirements.txt",
     ""},
    {"WORKDIR /a\nCOPY . .\nRUN npm ci\nCMD [\"cron\"]",
     {"package.json", "{\"dependencies\": {\"bcrypt\": \"5\"}, \"scripts\": {\"x\": \"git log\"}}",
      "a.js", "1", NULL},
     "build:npm build:git run:cron",
     "build:npm:bcrypt",
     "build:ca-certificates",
     "",
     ""},
    {"COPY e.sh /\nENTRYPOINT [\"/e.sh\"]",
     {"e.sh", "#!/bin/sh\nps ax\nexec cron -f\n", NULL},
     "run:/e.sh run:ps run:exec run:cron",
     "",
     "",
     "",
     "run:/bin/sh"},
    {"COPY e.sh /\nRUN sh /e.sh\nCMD [\"cron\"]",
     {"e.sh", "wget http://h/x\n", NULL},
     "build:wget build:sh run:cron",
     "",
     "build:ca-certificates",
     "",
     ""},
    {"RUN make\nCMD [\"/srv/app\"]",
     {NULL},
     "build:make run:/srv/app",
     "",
     "",
     "?make ?/srv/app",
     ""},
    {"COPY a.py /\nCMD [\"python3\", \"/a.py\"]",
     {"a.py", "import subprocess\nsubprocess.run(['git', 'log'])\n", NULL},
     "run:python3 run:git",
     "",
     "",
     "",
     ""},
    {"COPY a.py /\nCMD [\"python3\", \"/a.py\"]",
     {"a.py", "import os\nos.system(x)\n", NULL},
     "run:python3",
     "",
     "",
     "?a.py: os.system",
     ""},
    {"COPY e.sh /\nENTRYPOINT [\"/e.sh\"]\nCMD [\"cron\", \"-f\"]",
     {"e.sh", "#!/usr/bin/env -S bash\nset -e\nexec gosu www \"$@\"\n", NULL},
     "run:/e.sh run:set run:exec run:gosu run:cron",
     "",
     "",
     "",
     "run:-S bash"},
    {"COPY e.sh /\nENTRYPOINT [\"/e.sh\"]",
     {"e.sh", "#!/usr/bin/env bash\nexec \"$@\"\n", NULL},
     "run:/e.sh run:exec",
     "",
     "",
     "?exec",
     "run:bash"},
};

static struct str spelt(struct arena *a, const struct used_list *list, bool unknown)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < list->n; i++)
        buf_printf(&b, "%s%s%.*s", i ? " " : "",
                   unknown                    ? "?"
                   : list->at[i].in_container ? "run:"
                                              : "build:",
                   STR(list->at[i].name));
    return buf_str(&b);
}

static void check(const char *dockerfile, struct str got, const char *want)
{
    if (!str_eq(got, str_from_c(want)))
        fail_msg("%s\n want %s\n got  %.*s", dockerfile, want, STR(got));
}

static void test_rows(void **state)
{
    struct str git = LIT("git");
    struct strs candidates = {&git, 1, 1};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct memory memory = {rows[i].files};
        struct context_ops ops = memory_context(&memory);
        struct str file = str_printf(*state, "FROM debian:12 AS s\n%s\n", rows[i].dockerfile);
        struct compile c = lowered(*state, file, &ops);
        struct uses uses = uses_of(&c, c.file->stages, &candidates);
        check(rows[i].dockerfile, spelt(*state, &uses.commands, false), rows[i].commands);
        check(rows[i].dockerfile, spelt(*state, &uses.modules, false), rows[i].modules);
        check(rows[i].dockerfile, spelt(*state, &uses.packages, false), rows[i].packages);
        check(rows[i].dockerfile, spelt(*state, &uses.unknown, true), rows[i].unknown);
        check(rows[i].dockerfile, spelt(*state, &uses.readers, false), rows[i].readers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
