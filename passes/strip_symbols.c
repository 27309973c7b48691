/* strip-symbols: programs for images without a shell are linked without what debuggers alone read.
 * Details: `explain`. */
#include "ir/change.h"
#include "ir/minimal.h"
#include "ir/rewrite.h"
#include "ir/sources.h"
#include "passes/legality.h"

static const char explain[] =
    "A build command whose programs go to an image without a shell leaves out the symbol table "
    "and\n"
    "debugging information, by an option or a variable that the catalog names.\n"
    "\n"
    "    RUN go build -o /app .         =>    RUN go build -ldflags=\"-s -w\" -o /app .\n"
    "    RUN cargo build --release      =>    RUN CARGO_PROFILE_RELEASE_STRIP=symbols cargo build "
    "--release\n"
    "\n"
    "Legal when\n"
    " 1. the last stage is kept, is FROM scratch or an image without a shell, and copies from the\n"
    "    stage that builds: no debugger of the image can read symbols;\n"
    " 2. the command stands in the script as it is, and neither it nor the environment says\n"
    "    already what is left out;\n"
    " 3. the base image's tool is of a version that knows the option or variable;\n"
    " 4. the program does not read them itself: its sources are in the build context and do not\n"
    "    name stack traces' symbols or the formats of object files, and no variable of the final\n"
    "    stage asks for stack traces. Go's own need no symbol table.\n";

enum reason { VERSION, NOT_PLAIN, GIVEN, TRACES, SOURCES };

static const struct rule rules[] = {
    [VERSION] = {"strip-symbols/version",
                 "whether the base image's tool can leave symbols out is not known"},
    [NOT_PLAIN] = {"strip-symbols/not-spelt-out", "the command does not stand there as it is run"},
    [GIVEN] = {"strip-symbols/given", "the build says already how it is linked"},
    [TRACES] = {"strip-symbols/stack-traces", "the image asks for stack traces"},
    [SOURCES] = {"strip-symbols/sources",
                 "its sources may read symbols, or are not in the build context"},
};

static const struct rule applied = {"strip-symbols/stripped",
                                    "symbols that nothing in the image reads are left out"};

struct plan {
    struct step step;
    const struct invocation *by; /* NULL: it is one of several commands */
    const struct toolchain *toolchain;
    const struct build_command *row;
    struct str stripped; /* an option, or an assignment */
    const struct sh_command *command;
};

/* ---- sites ---- */

static bool has_no_shell(struct compile *c, const struct stage *stage)
{
    struct base base;
    return stage->base.kind == REF_SCRATCH ||
           (stage->base.kind == REF_IMAGE && base_of_stage(c, stage, &base) && minimal_is(&base));
}

static bool ships_from(const struct stage *last, const struct stage *stage)
{
    for (size_t i = 0; i < last->uses.n; i++)
        if (last->uses.at[i].kind == REF_STAGE && last->uses.at[i].stage == stage &&
            last->uses.at[i].by->ast->kind == DF_COPY)
            return true;
    return false;
}

/* Of NAME=value or NAME="value". */
static struct str value_of(struct str stripped)
{
    struct str value = str_slice(stripped, str_find(stripped, '=') + 1, stripped.len);
    bool quoted = value.len > 1 && value.at[0] == '"';
    return quoted ? str_slice(value, 1, value.len - 1) : value;
}

/* By an option or a variable; `done` when it says the same. */
static bool is_given(const struct invocation *by, struct str stripped, bool *done)
{
    struct str value, name = str_slice(stripped, 0, str_find(stripped, '='));
    const struct env *e = env_find(by->env, name);
    bool known = true, given = toolchain_option(by, name, &value, &known);
    if (e)
        value = e->kind == ENV_SET ? e->value : LIT("");
    *done = (given || e) && known && str_eq(value, value_of(stripped));
    return given || e;
}

static bool find_build(struct compile *c, struct instr *run, struct plan *plan)
{
    const struct sh_script *script = run->ast->kind == DF_RUN ? instr_script(c, run) : NULL;
    struct steps *steps = arena_alloc(c->arena, sizeof *steps);
    if (!script || !script->list || !command_steps(c, &run->before, script->list, steps))
        return false;
    for (size_t i = 0; i < steps->n; i++) {
        for (size_t k = 0; k < steps->at[i].runs.n; k++) {
            struct built built = toolchain_built(c, run->stage, &steps->at[i].runs.at[k]);
            bool done;
            if (!built.toolchain || !built.by->stripped.len)
                continue;
            is_given(&steps->at[i].runs.at[k], built.by->stripped, &done);
            if (done)
                continue;
            *plan = (struct plan){.step = steps->at[i],
                                  .by = &steps->at[i].runs.at[k],
                                  .toolchain = built.toolchain,
                                  .row = built.by,
                                  .stripped = built.by->stripped};
            return true;
        }
    }
    return false;
}

static bool next(struct compile *c, struct site *site)
{
    const struct stage *last = c->file->last_stage;
    if (!last || last->ships != YES || !has_no_shell(c, last))
        return false;
    for (struct instr *i = site_behind(c, site); i; i = i->next) {
        struct plan plan;
        if (!i->stage || !ships_from(last, i->stage) || !find_build(c, i, &plan))
            continue;
        struct plan *kept = arena_alloc(c->arena, sizeof *kept);
        *kept = plan;
        *site = (struct site){.at = i, .with = i, .plan = kept};
        return true;
    }
    return false;
}

/* ---- legality ---- */

/* Rule 4. */
static bool is_traced(struct compile *c, const struct plan *p)
{
    for (size_t i = 0; i < p->toolchain->n_traces; i++)
        if (env_find(c->file->last_stage->end.env, p->toolchain->traces[i]))
            return true;
    return false;
}

static bool legal(struct compile *c, struct site *site, struct why *why)
{
    struct plan *p = site->plan;
    struct source_evidence where = {0};
    bool done;
    if (is_given(p->by, p->stripped, &done))
        return refuse(why, &rules[GIVEN], site->at);
    struct strs on =
        catalog_items(c->catalog, c->arena, p->row->stripped_on, p->row->n_stripped_on);
    if (on.n && !legality_is_based_on(c, site->at->stage, on.at, on.n))
        return refuse(why, &rules[VERSION], site->at);
    if (!site->at->ast->heredocs.n)
        p->command = step_command(site->at->script->list, &p->step);
    if (!p->command || p->command->words.n < 2)
        return refuse_for(why, &rules[NOT_PLAIN], site->at,
                          str_span(site->at->script->text, p->step.at));
    if (is_traced(c, p))
        return refuse(why, &rules[TRACES], site->at);
    if (source_count(c, p->toolchain->language) <= 0 ||
        source_shows(c, p->toolchain->language, SOURCE_SYMBOLS, &where) != NO)
        return refuse_for(why, &rules[SOURCES], site->at, source_evidence_text(c->arena, &where));
    return true;
}

/* ---- the change ---- */

/* An option stands behind the words that name the command, a variable ahead of it. */
static bool apply(struct compile *c, const struct site *site)
{
    const struct plan *p = site->plan;
    struct instr *run = site->at;
    bool option = p->stripped.at[0] == '-';
    struct span word = p->command->words.at[option ? 1 : 0]->span;
    struct span at = join_span(&run->script_text, word);
    uint32_t place = option ? at.end : at.start;
    uint32_t before = (option ? word.end : word.start) - p->command->span.start;
    struct str more = str_printf(c->arena, option ? " %.*s" : "%.*s ", STR(p->stripped));
    struct str text = str_span(run->script->text, p->command->span);
    struct edit edit = {{place, place}, more};
    change_command(c, run, text,
                   str_printf(c->arena, "%.*s%.*s%.*s", STR(str_slice(text, 0, before)), STR(more),
                              STR(str_slice(text, before, text.len))));
    return rw_splice(c, run, &edit, 1);
}

const struct pass pass_strip_symbols = {
    .name = "strip-symbols",
    .summary = "programs for images without a shell are linked without symbols",
    .explain = explain,
    .level = 3,
    .rules = rules,
    .n_rules = sizeof rules / sizeof *rules,
    .applied = &applied,
    .next = next,
    .legal = legal,
    .gain = pass_gains_some,
    .apply = apply,
};
