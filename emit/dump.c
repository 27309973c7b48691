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
