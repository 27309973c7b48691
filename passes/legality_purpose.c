/* What the image of a stage is for, and who else builds with it. */
#include "passes/legality.h"

enum purpose_kind legality_purpose(struct compile *c, const struct stage *stage)
{
    const struct stage *image = stage;
    for (const struct stage *s = stage; s; s = s->next)
        if (s->ships == YES && legality_is_built_on(s, stage))
            image = s;
    return purpose_of(c, image).kind;
}

bool legality_is_tool(enum purpose_kind purpose)
{
    switch (purpose) {
    case PURPOSE_APPLICATION:
    case PURPOSE_PACKAGED:
    case PURPOSE_OPAQUE:
    case PURPOSE_HIDDEN:
        return false;
    case PURPOSE_NO_COMMAND:
    case PURPOSE_SHELL:
    case PURPOSE_DEVELOPMENT:
        return true;
    }
    return true;
}

const struct instr *legality_trigger(const struct stage *stage)
{
    for (const struct stage *s = stage; s; s = s->next)
        for (struct instr *i = s->from; i && legality_is_built_on(s, stage); i = instr_next(i))
            if (i->ast->kind == DF_ONBUILD)
                return i;
    return NULL;
}
