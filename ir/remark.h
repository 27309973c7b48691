/* Remarks: what a pass did, or did not do and why. Shown by the driver, judged by the tests. */
#ifndef IR_REMARK_H
#define IR_REMARK_H

#include "grammar/base/str.h"

enum remark_kind { REMARK_APPLIED, REMARK_MISSED, REMARK_NOTE };

/* A reason or an achievement, with an id that stays: `merge-run/background-job`. */
struct rule {
    const char *id;
    const char *sentence;
};

struct remark {
    enum remark_kind kind;
    const char *pass; /* name of the pass; "dfopt" for notes of the compiler itself */
    const struct rule *rule;
    struct span at;    /* in the source */
    struct str detail; /* what the sentence is about (a command, a path), or empty */
    int64_t bytes;     /* predicted saving; 0 when it is not known */
};

struct remarks {
    struct arena *arena;
    struct remark *at;
    uint32_t n, cap;
};

void remark_add(struct remarks *all, struct remark r);

/* Forgets what was missed: the next round of the passes says it again where it still holds. */
void remark_forget_missed(struct remarks *all);

#endif
