/* Images without a shell, and what of a program can run on one.
 *
 * The catalog names them by toolchain (`minimal` and what begins like that): {release} is the
 * version of the distribution whose C library they have. */
#ifndef IR_MINIMAL_H
#define IR_MINIMAL_H

#include "ir/base.h"
#include "ir/toolchain.h"

/* It is built on nothing, and has no shell. False when the image's variant is not known. */
bool minimal_is(const struct base *base);

/* The image that a template stands for; empty when the catalog has none of that release. */
struct str minimal_image(struct compile *c, struct str template, struct str release);

/* `user` or `user:group`, each a number or an account that all these images have (the catalog's
 * list `minimal-accounts`). */
bool minimal_has_owner(struct compile *c, struct str owner);

/* The files in which images have their accounts, and where they are: what COPY takes over, as the
 * words of `--from=STAGE ..`. */
struct str minimal_account_files(struct compile *c);

/* The images of the toolchain have the package (`apt:NAME`, `NAME`). */
bool minimal_has_package(const struct toolchain *t, struct str package);

/* The variable that makes the toolchain's programs static may do so: nothing else that the command
 * is told, by options or by other variables, makes them load libraries. */
bool minimal_may_be_static(const struct toolchain *t, const struct invocation *by);

/* .. and it is set so. */
bool minimal_is_static(const struct toolchain *t, const struct invocation *by);

/* A static program of the stage needs no file beside itself: neither its sources nor the variables
 * and arguments that it is started with show a use of certificates, time zones, accounts, temporary
 * files or any other file of the system, and users are numbers. Libraries that it requires are the
 * caller's to ask about. */
bool minimal_needs_nothing(struct compile *c, const struct toolchain *t, const struct stage *stage);

/* The value of PATH that builders give a stage whose base image sets none. */
struct str minimal_path(struct compile *c);

/* It is linked with nothing but what the smaller of the images with a C library has. */
bool minimal_is_plain(struct compile *c, const struct built *built);

/* All that the project requires is known, and has no code of another language. */
bool minimal_requires_pure(const struct built *built);

/* What was built is files that need no package, and no library but those of the toolchain's image
 * with a C library. */
bool minimal_links(const struct built *built);

#endif
