/* When two instructions mean the same, though they are spelled differently.
 *
 * The gate asks it of input and result, and a pass that spells anew of its own text. Only what is
 * listed at normal_same() counts; everything else is compared word for word. */
#ifndef IR_NORMAL_H
#define IR_NORMAL_H

#include "ir/ir.h"

/* The label that took MAINTAINER's place (OCI image specification, annotations). */
extern const struct str normal_authors;

/* True when `after` may stand where `before` stood, whatever the variables hold:
 *
 *  - ENV, LABEL: the same pairs, with or without `=`, their values quoted in any way;
 *  - MAINTAINER x, and after it LABEL org.opencontainers.image.authors=x;
 *  - EXPOSE: the protocol in any case;
 *  - FROM: AS in any case, with or without a redundant platform;
 *  - keywords in any case. ONBUILD's instruction is text in the image, and compared word for word.
 *
 * `escape` is the escape character of both. */
bool normal_same(struct arena *arena, const struct instr *before, const struct instr *after,
                 char escape);

/* The value of a word that holds no variable; false when it does, or BuildKit refuses it. */
bool normal_literal(struct arena *arena, struct str word, char escape, struct str *value);

/* The same value of ENV or LABEL, whatever the variables in it hold: quoted in another way. */
bool normal_same_value(struct arena *arena, struct str a, struct str b, char escape);

/* Whom MAINTAINER names: its text without quotes around the whole of it. */
struct str normal_maintainer(const struct df_instr *maintainer);

/* True when FROM's --platform is what it is by default: exactly $TARGETPLATFORM, with no ARG that
 * gives that name another value, and a base that is an image. `platform` is the flag. */
bool normal_platform_is_redundant(const struct instr *from, const struct df_word **platform);

#endif
