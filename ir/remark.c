#include "ir/remark.h"

#include "grammar/base/vec.h"

void remark_add(struct remarks *all, struct remark r)
{
    vec_add(all->arena, all, r);
}

void remark_forget_missed(struct remarks *all)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].kind != REMARK_MISSED)
            all->at[kept++] = all->at[i];
    all->n = kept;
}
