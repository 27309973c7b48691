/* File modes as chmod reads them. */
#include "ir/mode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { REFUSED = 010000 };

static void test_modes(void **state)
{
    static const struct {
        const char *text;
        unsigned old, want;
    } lines[] = {
        {"755", 0644, 0755},    {"0644", 0755, 0644},     {"4755", 0644, 04755},
        {"+x", 0644, 0755},     {"+x", 0600, 0711},       {"a+x", 0640, 0751},
        {"u+x", 0644, 0744},    {"ug+rwx", 0600, 0770},   {"go-w", 0666, 0644},
        {"a=r", 0755, 0444},    {"u=rwx,go=rx", 0, 0755}, {"=", 0777, 0},
        {"-x", 0755, 0644},     {"+w", 0444, 0644},       {"u+r+x", 0, 0500},
        {"g=u", 0644, REFUSED}, {"+X", 0644, REFUSED},    {"u+s", 0755, REFUSED},
        {"888", 0644, REFUSED}, {"x", 0644, REFUSED},     {"75", 0644, REFUSED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        unsigned got;
        if (!mode_of_file(str_from_c(lines[i].text), lines[i].old, &got))
            got = REFUSED;
        if (got != lines[i].want)
            fail_msg("%s of %o: want %o, got %o", lines[i].text, lines[i].old, lines[i].want, got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_modes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
