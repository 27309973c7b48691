#include "emit/dump.h"
#include "emit/json_writer.h"
#include "ir/predict.h"

static void put_part(struct json *j, const struct predicted_part *part)
{
    json_open(j, NULL, '{');
    json_number(j, "line", part->by->ast->first_line);
    json_number(j, "bytes", (int64_t)part->bytes);
    json_bool(j, "whole", part->whole);
    json_close(j, '}');
}

static void put_prediction(struct json *j, const struct prediction *p)
{
    json_number(j, "base", (int64_t)p->base);
    json_number(j, "bytes", (int64_t)p->bytes);
    json_bool(j, "whole", p->whole);
    json_open(j, "adds", '[');
    for (size_t i = 0; i < p->parts.n; i++)
        put_part(j, &p->parts.at[i]);
    json_close(j, ']');
}

bool dump_sizes(struct compile *c, struct buf *out)
{
    if (!lower_file(c))
        return false;
    struct json j = {.out = out};
    struct prediction p;
    json_open(&j, NULL, '{');
    if (predict_image(c, c->file->last_stage, &p))
        put_prediction(&j, &p);
    json_close(&j, '}');
    return true;
}
