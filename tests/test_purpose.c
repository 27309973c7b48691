/* Application or tool: a Dockerfile, maybe with a context, and what its image is for. */
#include "ir/purpose.h"
#include "tests/in_arena.h"
#include "tests/lowered.h"
#include "tests/memory_context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *dockerfile;
    const char *files[8];
    enum purpose_kind kind;
    const char *detail; /* NULL: none */
} rows[] = {
    {"CMD [\"/app\"]", {NULL}, PURPOSE_APPLICATION, NULL},
    {"CMD /app -x", {NULL}, PURPOSE_APPLICATION, NULL},
    {"ENTRYPOINT [\"java\", \"-jar\", \"a.jar\"]", {NULL}, PURPOSE_APPLICATION, NULL},
    {"CMD python app.py", {NULL}, PURPOSE_APPLICATION, NULL},
    {"CMD [\"sh\", \"-c\", \"exec /app $X\"]", {NULL}, PURPOSE_APPLICATION, NULL},
    {"RUN true", {NULL}, PURPOSE_NO_COMMAND, NULL},
    {"CMD [\"/bin/bash\"]", {NULL}, PURPOSE_SHELL, "/bin/bash"},
    {"CMD bash -l", {NULL}, PURPOSE_SHELL, "bash -l"},
    {"CMD [\"python3\"]", {NULL}, PURPOSE_SHELL, "python3"},
    {"ENTRYPOINT [\"tini\", \"--\"]\nCMD [\"bash\"]", {NULL}, PURPOSE_SHELL, "bash"},
    {"CMD exec sudo -u x bash", {NULL}, PURPOSE_SHELL, "bash"},
    {"CMD [\"tail\", \"-f\", \"/dev/null\"]", {NULL}, PURPOSE_DEVELOPMENT, "tail -f /dev/null"},
    {"CMD go run main.go", {NULL}, PURPOSE_DEVELOPMENT, "go run main.go"},
    {"CMD [\"go\", \"-C\", \"x\", \"run\", \".\"]", {NULL}, PURPOSE_DEVELOPMENT, "go -C x run ."},
    {"CMD make && ./app", {NULL}, PURPOSE_DEVELOPMENT, "make"},
    {"CMD [\"sh\", \"-c\", \"pip install -r r.txt; ./app\"]",
     {NULL},
     PURPOSE_DEVELOPMENT,
     "pip install -r r.txt"},
    {"CMD ./mvnw spring-boot:run", {NULL}, PURPOSE_DEVELOPMENT, "./mvnw spring-boot:run"},
    {"CMD yarn", {NULL}, PURPOSE_DEVELOPMENT, "yarn"},
    {"CMD nodemon a.js; bash", {NULL}, PURPOSE_SHELL, "bash"},
    {"CMD su app -c ./run", {NULL}, PURPOSE_APPLICATION, NULL},
    {"CMD [\"true\"]", {NULL}, PURPOSE_DEVELOPMENT, "true"},
    {"CMD ./migrate || true; ./run", {NULL}, PURPOSE_APPLICATION, NULL},
    {"CMD su - app", {NULL}, PURPOSE_DEVELOPMENT, "su - app"},
    {"COPY boot /usr/local/bin/\nCMD boot",
     {"boot", "#!/bin/sh\nexec /app\n", NULL},
     PURPOSE_APPLICATION,
     NULL},
    {"COPY . /app\nCMD /app/start.sh",
     {"start.sh", "#!/bin/sh\nenvsubst < /app/app.conf > /etc/app.conf\nexec /app/run\n",
      "app.conf", "make install\n", NULL},
     PURPOSE_APPLICATION,
     NULL},
    {"CMD echo \"unclosed", {NULL}, PURPOSE_OPAQUE, NULL},
    {"CMD dotnet app.dll", {NULL}, PURPOSE_APPLICATION, NULL},
    {"CMD npm start", {NULL}, PURPOSE_HIDDEN, "npm start"},
    {"WORKDIR /a\nCOPY . .\nCMD npm start",
     {"package.json", "{\"scripts\": {\"start\": \"node server.js\"}}", NULL},
     PURPOSE_APPLICATION,
     NULL},
    {"WORKDIR /a\nCOPY . .\nCMD [\"npm\", \"--prefix\", \"x\", \"run\", \"serve\"]",
     {"package.json", "{\"scripts\": {\"serve\": \"ng serve --host 0.0.0.0\"}}", NULL},
     PURPOSE_PACKAGED,
     "ng serve --host 0.0.0.0"},
    {"WORKDIR /a\nCOPY . .\nENTRYPOINT [\"yarn\"]\nCMD [\"dev\"]",
     {"package.json", "{\"scripts\": {\"dev\": \"npm run inner\", \"inner\": \"nodemon a.js\"}}",
      NULL},
     PURPOSE_PACKAGED,
     "nodemon a.js"},
    {"WORKDIR /a\nCOPY . .\nCMD npm start",
     {"package.json", "{\"scripts\": {\"start\": \"npm start\"}}", NULL},
     PURPOSE_HIDDEN,
     "npm start"},
    {"COPY start.sh /\nCMD [\"/start.sh\"]",
     {"start.sh", "#!/bin/sh\nbundle install\nexec puma\n", NULL},
     PURPOSE_DEVELOPMENT,
     "bundle install"},
    {"COPY start.sh /\nCMD [\"/start.sh\"]",
     {"start.sh", "#!/bin/sh\npython <<E\n1\nE\nexec puma\n", NULL},
     PURPOSE_APPLICATION,
     NULL},
    {"COPY start.sh /\nENTRYPOINT [\"/start.sh\"]\nCMD [\"bash\"]",
     {"start.sh", "exec \"$@\"\n", NULL},
     PURPOSE_SHELL,
     "bash"},
    {"COPY *.sh /opt/\nCMD [\"/opt/start.sh\"]",
     {"start.sh", "D=/opt\n. $D/lib.sh\nrun\n", "lib.sh", "run() { npm install; }\n", NULL},
     PURPOSE_DEVELOPMENT,
     "npm install"},
    {"ENTRYPOINT [\"/start.sh\"]\nFROM s\nCOPY start.sh /",
     {"start.sh", "make\n", NULL},
     PURPOSE_DEVELOPMENT,
     "make"},
    {"CMD [\"bash\"]\nFROM s\nENTRYPOINT [\"/app\"]", {NULL}, PURPOSE_APPLICATION, NULL},
    {"CMD [\"/app\"]\nFROM s\nRUN true", {NULL}, PURPOSE_APPLICATION, NULL},
};

static void test_rows(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct memory memory = {rows[i].files};
        struct context_ops ops = memory_context(&memory);
        struct str file = str_printf(*state, "FROM debian:12 AS s\n%s\n", rows[i].dockerfile);
        struct compile c = lowered(*state, file, &ops);
        struct purpose got = purpose_of(&c, c.file->last_stage);
        struct str want = str_from_c(rows[i].detail ? rows[i].detail : "");
        if (got.kind != rows[i].kind || !str_eq(got.detail, want))
            fail_msg("%s: %d (%.*s)", rows[i].dockerfile, got.kind, STR(got.detail));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
