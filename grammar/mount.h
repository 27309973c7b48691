/* The values of RUN's --mount and --device, as far as BuildKit reads them before the build
 * (instructions/commands_runmount.go, commands_rundevice.go). */
#ifndef GRAMMAR_MOUNT_H
#define GRAMMAR_MOUNT_H

#include "grammar/base/str.h"

/* Splits one CSV record by the rules of tonistiigi/go-csvvalue. False with the reason in `*why`. */
bool csv_fields(struct arena *a, struct str record, struct strs *out, const char **why);

/* False when BuildKit refuses the value; `*why` then says why. Keys and types are not checked: that
 * comes after expansion. */
bool mount_passes(struct arena *a, struct str value, const char **why);
bool device_passes(struct arena *a, struct str value, const char **why);

#endif
