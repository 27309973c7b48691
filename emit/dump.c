#include "emit/dump.h"

void dump_field(struct buf *out, struct str field)
{
    for (size_t i = 0; i < field.len; i++) {
        switch (field.at[i]) {
        case '\\':
            buf_add(out, LIT("\\\\"));
            break;
        case '\n':
            buf_add(out, LIT("\\n"));
            break;
        case '\r':
            buf_add(out, LIT("\\r"));
            break;
        case '\t':
            buf_add(out, LIT("\\t"));
            break;
        default:
            buf_char(out, field.at[i]);
        }
    }
}

static const struct dump dumps[] = {
    {"ast", dump_ast},         {"canon", dump_canon}, {"commands", dump_commands},
    {"effects", dump_effects}, {"ir", dump_ir},       {"shell", dump_shell},
    {"sizes", dump_sizes},
};

const struct dump *dump_named(struct str name)
{
    for (size_t i = 0; i < sizeof dumps / sizeof *dumps; i++)
        if (str_eq(str_from_c(dumps[i].name), name))
            return &dumps[i];
    return NULL;
}
