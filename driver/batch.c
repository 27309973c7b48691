#include "driver/batch.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/files.h"
#include "driver/progress.h"
#include "driver/show.h"

/* The stack is what the main thread usually has: the depth of the parsers was measured with it. */
enum { ARENA_LIMIT = 256 * 1024 * 1024, WORKER_STACK = 8 * 1024 * 1024, SLOTS_PER_WORKER = 2 };

/* One file on its way. Its arena and buffer serve one file after the other. */
struct slot {
    struct arena *arena;
    struct read_buffer buffer;
    struct str path;
    const struct settings *settings;
    struct stat info;            /* the file as it was read */
    struct file_problem problem; /* `what` is NULL when it could be read */
    struct compiled compiled;
    bool done; /* compiled, not yet shown */
};

/* Workers take the files in order, and fill the slots as a ring; the main thread empties it in the
 * same order. `lock` guards `next`, `shown` and each slot's `done`. */
struct batch {
    const struct session *session;
    const struct strs *files;
    struct slot *slots;
    size_t n_slots;
    pthread_mutex_t lock;
    pthread_cond_t compiled, emptied;
    size_t next;  /* the first file that no worker has taken */
    size_t shown; /* files that have left the ring */
    struct progress progress;
    struct tally *tally;
};

/* ---- one file ---- */

static void fill_slot(struct slot *slot, const struct session *session)
{
    struct str text;
    slot->problem = (struct file_problem){0};
    arena_reset(slot->arena);
    if (!file_read(slot->path.at, &slot->buffer, &text, &slot->info, &slot->problem))
        return;
    struct job job = {slot->path, text, session, slot->settings};
    compile_file(slot->arena, &job, &slot->compiled);
}

static void print(FILE *out, struct str text)
{
    if (text.len)
        fwrite(text.at, 1, text.len, out);
}

/* Says what went wrong; false, for its callers to return. */
static bool report(const struct session *session, struct str path, struct file_problem problem)
{
    show_problem(session, path, problem.what, problem.error ? strerror(problem.error) : NULL);
    return false;
}

/* Rewritten a moment ago under another name, or by somebody else: once more, from what it is now.
 * True when there is nothing left to do. */
static bool refill_slot(struct slot *slot, const struct session *session)
{
    fill_slot(slot, session);
    return !slot->problem.what && slot->compiled.verdict == FILE_SAME;
}

static enum replaced try_write(struct slot *slot)
{
    if (slot->problem.what)
        return REPLACE_FAILED;
    slot->problem = (struct file_problem){"is being changed by another program", 0};
    return file_replace(slot->path.at, slot->compiled.text, &slot->info, &slot->problem);
}

static bool write_back(struct slot *slot, const struct session *session)
{
    enum replaced replaced = try_write(slot);
    if (replaced == REPLACE_STALE) {
        if (refill_slot(slot, session))
            return true;
        replaced = try_write(slot);
    }
    if (replaced != REPLACED)
        return report(session, slot->path, slot->problem);
    if (session->line->verbose)
        show_rewritten(slot->path);
    return true;
}

/* The lines that are proposed for it are in its text already. */
static bool write_ignore_file(const struct slot *slot, const struct session *session)
{
    struct str path = slot->compiled.ignore_path;
    struct file_problem problem;
    if (!path.len)
        return true;
    if (!file_write(path.at, slot->compiled.ignore_text, &problem))
        return report(session, path, problem);
    if (session->line->verbose)
        show_rewritten(path);
    return true;
}

static bool write_output(const struct slot *slot, const struct session *session)
{
    struct str path = session->line->output;
    struct file_problem problem;
    if (str_eq(path, LIT("-"))) {
        print(stdout, slot->compiled.text);
        return true;
    }
    return file_write(path.at, slot->compiled.text, &problem) || report(session, path, problem);
}

/* Writes and prints what the compile gave. False when there was an error. */
static bool deliver(struct slot *slot, const struct session *session)
{
    const struct command_line *line = session->line;
    const struct compiled *compiled = &slot->compiled;
    print(stderr, compiled->messages);
    if (compiled->failure)
        return report(session, slot->path, (struct file_problem){compiled->failure, 0});
    if (compiled->verdict == FILE_REFUSED)
        return false;
    if (line->output.len)
        return write_output(slot, session);
    if (line->write && compiled->verdict == FILE_CHANGED && !write_back(slot, session))
        return false;
    print(stdout, compiled->shown);
    return write_ignore_file(slot, session);
}

/* What is about to be printed must not run into the progress line. */
static bool prints_nothing(const struct slot *slot)
{
    return !slot->problem.what && !slot->compiled.messages.len && !slot->compiled.shown.len &&
           slot->compiled.verdict == FILE_SAME;
}

static void empty_slot(struct batch *b, struct slot *slot)
{
    if (!prints_nothing(slot))
        progress_clear(&b->progress);
    bool ok = slot->problem.what ? report(b->session, slot->path, slot->problem)
                                 : deliver(slot, b->session);
    b->tally->read++;
    b->tally->failed += !ok;
    if (!ok || slot->compiled.verdict != FILE_CHANGED)
        return;
    b->tally->changed++;
    predicted_add(&b->tally->sizes, &slot->compiled.sizes);
}

/* ---- workers ---- */

/* The next file and its slot; NULL when all are taken. */
static struct slot *take_slot(struct batch *b)
{
    struct slot *slot = NULL;
    pthread_mutex_lock(&b->lock);
    while (b->next < b->files->n && b->next - b->shown >= b->n_slots)
        pthread_cond_wait(&b->emptied, &b->lock);
    if (b->next < b->files->n) {
        slot = &b->slots[b->next % b->n_slots];
        slot->settings = b->session->settings[b->next];
        slot->path = b->files->at[b->next++];
    }
    pthread_mutex_unlock(&b->lock);
    return slot;
}

static void *work(void *self)
{
    struct batch *b = self;
    for (struct slot *slot; (slot = take_slot(b)) != NULL;) {
        fill_slot(slot, b->session);
        pthread_mutex_lock(&b->lock);
        slot->done = true;
        pthread_cond_signal(&b->compiled);
        pthread_mutex_unlock(&b->lock);
    }
    return NULL;
}

/* Signals go to the main thread alone, which holds them back while it replaces a file. */
static size_t start_workers(struct batch *b, pthread_t *workers, size_t n)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return 0;
    (void)pthread_attr_setstacksize(&attributes, WORKER_STACK);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    size_t started = 0;
    while (started < n && pthread_create(&workers[started], &attributes, work, b) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

static void await_slot(struct batch *b, const struct slot *slot)
{
    pthread_mutex_lock(&b->lock);
    while (!slot->done)
        pthread_cond_wait(&b->compiled, &b->lock);
    pthread_mutex_unlock(&b->lock);
}

static void wake_workers(struct batch *b, struct slot *slot)
{
    pthread_mutex_lock(&b->lock);
    slot->done = false;
    b->shown++;
    pthread_cond_broadcast(&b->emptied);
    pthread_mutex_unlock(&b->lock);
}

/* Without workers the main thread compiles by itself. */
static void run(struct batch *b, bool has_workers)
{
    b->progress = progress_start(b->session, b->files->n);
    for (size_t i = 0; i < b->files->n; i++) {
        struct slot *slot = &b->slots[i % b->n_slots];
        if (has_workers) {
            await_slot(b, slot);
        } else {
            slot->settings = b->session->settings[i];
            slot->path = b->files->at[i];
            fill_slot(slot, b->session);
        }
        empty_slot(b, slot);
        if (has_workers)
            wake_workers(b, slot);
        progress_step(&b->progress, i + 1, slot->path);
    }
    progress_clear(&b->progress);
}

/* ---- the whole ---- */

static size_t count_workers(const struct session *session, size_t n_files)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = session->line->workers;
    if (n == 0)
        n = processors > 0 ? (size_t)processors : 1;
    return n < n_files ? n : n_files;
}

static void free_slots(struct batch *b)
{
    for (size_t i = 0; i < b->n_slots; i++) {
        arena_free(b->slots[i].arena);
        read_buffer_free(&b->slots[i].buffer);
    }
    free(b->slots);
}

static bool make_slots(struct batch *b, size_t n)
{
    b->slots = calloc(n, sizeof *b->slots);
    if (!b->slots)
        return false;
    b->n_slots = n;
    for (size_t i = 0; i < n; i++) {
        b->slots[i].arena = arena_new(ARENA_LIMIT);
        if (!b->slots[i].arena)
            return false;
    }
    return true;
}

static bool run_with_workers(struct batch *b, size_t n)
{
    pthread_t *workers = calloc(n, sizeof *workers);
    if (!workers)
        return false;
    size_t started = start_workers(b, workers, n);
    run(b, started > 0);
    for (size_t i = 0; i < started; i++)
        pthread_join(workers[i], NULL);
    free(workers);
    return true;
}

bool batch_run(const struct session *session, const struct strs *files, struct tally *tally)
{
    struct batch b = {.session = session,
                      .files = files,
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .compiled = PTHREAD_COND_INITIALIZER,
                      .emptied = PTHREAD_COND_INITIALIZER,
                      .tally = tally};
    *tally = (struct tally){0};
    size_t n = count_workers(session, files->n);
    bool ok = make_slots(&b, n > 1 ? n * SLOTS_PER_WORKER : 1);
    if (ok && n > 1)
        ok = run_with_workers(&b, n);
    else if (ok)
        run(&b, false);
    free_slots(&b);
    return ok;
}
