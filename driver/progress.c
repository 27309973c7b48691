#include "driver/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "emit/escape.h"

enum { INTERVAL_MS = 100, WIDEST_PATH = 60 };

static struct timespec now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t;
}

static bool is_due(const struct progress *p, struct timespec t)
{
    long ms = (t.tv_sec - p->drawn.tv_sec) * 1000 + (t.tv_nsec - p->drawn.tv_nsec) / 1000000;
    return ms >= INTERVAL_MS;
}

struct progress progress_start(const struct session *session, size_t total)
{
    bool on = !session->line->quiet && isatty(STDERR_FILENO);
    return (struct progress){.on = on, .total = total, .drawn = now()};
}

/* The end of a path tells more than its start. */
static void print_end(struct str path)
{
    path = str_slice(path, path.len > WIDEST_PATH ? path.len - WIDEST_PATH : 0, path.len);
    while (path.len) {
        size_t n = escape_printable(path);
        if (n)
            fwrite(path.at, 1, n, stderr);
        path = str_slice(path, n ? n : 1, path.len);
    }
}

void progress_step(struct progress *p, size_t done, struct str path)
{
    if (!p->on)
        return;
    struct timespec t = now();
    if (!is_due(p, t))
        return;
    p->drawn = t;
    p->visible = true;
    fprintf(stderr, "\r\x1b[K%zu/%zu ", done, p->total);
    print_end(path);
    fflush(stderr);
}

void progress_clear(struct progress *p)
{
    if (p->visible)
        fputs("\r\x1b[K", stderr);
    p->visible = false;
}
