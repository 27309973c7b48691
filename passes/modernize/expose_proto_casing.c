/* modernize/expose-proto-casing: protocols in lower case. Details: `explain`. */
#include "ir/rewrite.h"
#include "passes/pass.h"

static const char explain[] =
    "The protocols of EXPOSE are written in lower case, as they are in the image.\n"
    "\n"
    "    EXPOSE 53/UDP                      =>    EXPOSE 53/udp\n"
    "\n"
    "Legal where BuildKit builds the image: it lower-cases them itself "
    "(dockerfile2llb/convert_expose.go).\n"
    "Buildah keeps them as they are written, so that the image's configuration would be another "
    "one. Who\n"
    "builds is not seen in a file: no level runs this, --enable does.\n";

static const struct rule applied = {"modernize/expose-proto-casing/rewritten",
                                    "protocols are in lower case"};

/* Where the protocol of a port begins; the port's length when it has none, or in lower case. */
static size_t shouted_protocol(struct arena *a, struct str port)
{
    static const struct str protocols[] = {{"tcp", 3}, {"udp", 3}, {"sctp", 4}};
    size_t at = str_find(port, '/') + 1;
    struct str protocol = str_slice(port, at, port.len);
    if (str_eq(protocol, str_lower(a, protocol)))
        return port.len;
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (str_eq_nocase(protocol, protocols[i]))
            return at;
    return port.len;
}

struct edits VEC_OF(struct edit);

/* One edit for each protocol; where one is broken over lines, none for it. */
static struct edits edits_of(struct compile *c, const struct instr *i)
{
    struct edits edits = {0};
    for (size_t k = 0; i->ast->kind == DF_EXPOSE && k < i->ast->args.n; k++) {
        const struct df_word *port = &i->ast->args.at[k];
        size_t at = shouted_protocol(c->arena, port->text);
        if (at == port->text.len || !join_is_whole(&i->ast->joined, port->joined))
            continue;
        struct span protocol = {port->joined.start + (uint32_t)at, port->joined.end};
        struct edit edit = {join_span(&i->ast->joined, protocol),
                            str_lower(c->arena, str_slice(port->text, at, port->text.len))};
        vec_add(c->arena, &edits, edit);
    }
    return edits;
}

static bool next(struct compile *c, struct site *site)
{
    struct instr *i = site_behind(c, site);
    while (i && !edits_of(c, i).n)
        i = i->next;
    *site = (struct site){.at = i, .with = i};
    return i != NULL;
}

static bool apply(struct compile *c, const struct site *site)
{
    struct edits edits = edits_of(c, site->at);
    return rw_respell(c, site->at, edits.at, edits.n);
}

const struct pass pass_modernize_expose_proto_casing = {
    .name = "modernize/expose-proto-casing",
    .summary = "protocols in EXPOSE are in lower case",
    .explain = explain,
    .level = PASS_OFF,
    .applied = &applied,
    .next = next,
    .apply = apply,
};
