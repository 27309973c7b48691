/* Feeds files to a fuzz target without a fuzzer, whole or cut off at every byte.
 * usage: replay_NAME [--truncate] FILE..
 * Each input stands in a block of exactly its size, so that the sanitizers see a read past its end.
 * When an input makes the target abort, its name and length are printed. */
#include "tests/fuzz.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is being tried; read by the signal handler. */
static const char *volatile tried_path;
static volatile size_t tried_size;

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written;
}

static void on_abort(int number)
{
    char digits[24], *at = digits + sizeof digits;
    *--at = 0;
    *--at = '\n';
    size_t n = tried_size;
    do
        *--at = (char)('0' + n % 10);
    while (n /= 10);
    say("aborted on the first bytes of ");
    say(tried_path);
    say(": ");
    say(at);
    signal(number, SIG_DFL);
    raise(number);
}

static unsigned char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(2);
    }
    *size = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*size + 1);
    if (!bytes || fread(bytes, 1, *size, file) != *size) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return bytes;
}

static void try_bytes(const unsigned char *bytes, size_t size)
{
    unsigned char *exact = malloc(size ? size : 1);
    if (!exact)
        exit(2);
    memcpy(exact, bytes, size);
    tried_size = size;
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

int main(int argc, char **argv)
{
    bool truncate = argc > 1 && strcmp(argv[1], "--truncate") == 0;
    unsigned long tried = 0;
    signal(SIGABRT, on_abort);
    for (int i = truncate ? 2 : 1; i < argc; i++) {
        size_t size;
        unsigned char *bytes = read_file(argv[i], &size);
        tried_path = argv[i];
        for (size_t n = truncate ? 0 : size; n <= size; n++, tried++)
            try_bytes(bytes, n);
        free(bytes);
    }
    printf("%lu inputs\n", tried);
    return 0;
}
