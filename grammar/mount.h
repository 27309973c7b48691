/* The values of RUN's --mount and --device, as far as BuildKit reads them before the build
 * (instructions/commands_runmount.go, commands_rundevice.go). */
#ifndef GRAMMAR_MOUNT_H
#define GRAMMAR_MOUNT_H

#include "grammar/dockerfile.h"

/* False when BuildKit refuses the value; `*why` then says why. Keys and types are not checked: that
 * comes after expansion. */
bool mount_passes(struct arena *a, struct str value, const char **why);
bool device_passes(struct arena *a, struct str value, const char **why);

/* In the order of the Dockerfile reference. OTHER is a type with a variable, or one that BuildKit
 * will refuse. */
enum mount_type { MOUNT_BIND, MOUNT_CACHE, MOUNT_TMPFS, MOUNT_SECRET, MOUNT_SSH, MOUNT_OTHER };

/* A --mount of RUN. The texts are as they are written, with variables in them; empty: not given. */
struct mount {
    enum mount_type type;
    struct str from, source, target;
    bool writable; /* as far as can be told: a value with a variable may make it so */
};

struct mounts VEC_OF(struct mount);

/* The mounts of a RUN, in their order; none of other instructions. The RUN must have passed
 * mount_passes. */
struct mounts mounts_of(struct arena *a, const struct df_instr *run);

#endif
