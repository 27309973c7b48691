/* What the user asked for, as far as passes need it. Filled by the driver, const from then on. */
#ifndef IR_OPTIONS_H
#define IR_OPTIONS_H

#include "grammar/base/str.h"

/* --enable and --disable, in the order given; `all` names every pass. */
struct toggle {
    struct str pass;
    bool on;
};

struct toggles VEC_OF(struct toggle);

enum pin { PIN_OFF, PIN_TAG, PIN_DIGEST };

/* A row of dfopt.lock: the digest of an image that was looked up once. */
struct lock {
    struct str image, tag, digest;
    struct str date; /* yyyy-mm-dd: when the tag had it */
};

struct locks VEC_OF(struct lock);

struct options {
    unsigned level; /* 0 .. 3 */
    struct toggles toggles;
    struct strs
        targets; /* --target: stages that are built by name and must stay; empty: the last one */
    enum pin pin;
    struct locks locks; /* of dfopt.lock */
    bool merge_bytes;   /* `merge: bytes`: RUNs are merged only where bytes go away */
};

#endif
