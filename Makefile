# dfopt's build. Generated code, objects and programs go to $(BUILD); nothing else is written.
#   make            build/dfopt
#   make check      all tests under ASan and UBSan; closes with "N passed, N failed"
#   make install    $(DESTDIR)$(PREFIX)/bin/dfopt
#   make SAN=1      everything under $(BUILD)/san with sanitizers

# make would turn a grammar's .y into the hand-written .c of its name.
MAKEFLAGS += --no-builtin-rules

CC      ?= cc
BUILD   ?= build
VERSION := 0.1.0
PREFIX  ?= /usr/local

WARN   := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -pedantic -Werror
CFLAGS ?= -O2 -g
CSTD   := -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I. -DDFOPT_VERSION='"$(VERSION)"'

# The catalog holds a hundred thousand addresses: they are settled when dfopt is linked, not at each start.
CSTD    += -fno-pie
LDFLAGS += -no-pie

ifdef SAN
override BUILD  := $(BUILD)/san
override CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -DDFOPT_DEBUG
LDFLAGS += -fsanitize=address,undefined
endif
ifdef FUZZ
override BUILD  := $(BUILD)/fuzz
override CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -DDFOPT_DEBUG
LDFLAGS += -fsanitize=address,undefined
endif
ifdef COVERAGE
override BUILD  := $(BUILD)/coverage
override CFLAGS := -O0 -g --coverage
LDFLAGS += --coverage
WARN += -Wno-error
endif

GEN := $(BUILD)/gen
OBJ := $(BUILD)/obj

# The catalog's reader is linked into dfopt and into the generator; gen.c into the generator alone.
LIB_SRC  := $(filter-out ir/catalog/gen.c,$(wildcard grammar/base/*.c grammar/*.c ir/*.c ir/catalog/*.c ir/manifest/*.c passes/*.c passes/*/*.c emit/*.c)) \
            $(filter-out driver/main.c,$(wildcard driver/*.c))
GEN_SRC  := $(wildcard grammar/base/*.c) $(addprefix ir/catalog/,yaml.c schema.c read.c gen.c)
YAML     := $(wildcard ir/catalog/*.yaml)
GRAMMARS := $(patsubst grammar/%.l,%,$(wildcard grammar/*.l))
GEN_OBJ  := $(foreach g,$(GRAMMARS),$(OBJ)/gen/$(g)_lex.o $(OBJ)/gen/$(g)_parse.o) \
            $(if $(YAML),$(OBJ)/gen/catalog_data.o)
LIB      := $(BUILD)/libdfopt.a
LIBS     := -lyaml -ljansson -lpthread

TESTS := $(patsubst tests/%.c,$(BUILD)/%,$(wildcard tests/test_*.c))

all: $(if $(wildcard driver/main.c),$(BUILD)/dfopt,$(LIB)) $(TESTS)

$(BUILD)/dfopt: $(OBJ)/driver/main.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(LIB): $(patsubst %.c,$(OBJ)/%.o,$(LIB_SRC)) $(GEN_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(OBJ)/%.o: %.c | $(foreach g,$(GRAMMARS),$(GEN)/$(g)_parse.h)
	@mkdir -p $(@D)
	$(CC) $(CSTD) $(WARN) $(CFLAGS) -MMD -MP -I$(GEN) -c -o $@ $<

# make's own rules would write grammar/NAME.c from NAME.y.
%.c: %.y
%.c: %.l

# Generated code: laxer warnings.
$(OBJ)/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	$(CC) $(CSTD) $(CFLAGS) -MMD -MP -I$(GEN) -w -c -o $@ $<

# Data alone: nothing to instrument, and sanitizers would register each of its strings at start-up.
$(OBJ)/gen/catalog_data.o: $(GEN)/catalog_data.c
	@mkdir -p $(@D)
	$(CC) $(CSTD) -MMD -MP -w -c -o $@ $<

$(GEN)/%_lex.c: grammar/%.l $(GEN)/%_parse.h
	flex -o $@ $<

$(GEN)/%_parse.c $(GEN)/%_parse.h &: grammar/%.y
	@mkdir -p $(GEN)
	bison -Werror -Wno-other --header=$(GEN)/$*_parse.h -o $(GEN)/$*_parse.c $<

$(BUILD)/catalog-gen: $(patsubst %.c,$(OBJ)/%.o,$(GEN_SRC))
	$(CC) $(LDFLAGS) -o $@ $^ -lyaml

$(GEN)/catalog_data.c: $(BUILD)/catalog-gen $(YAML)
	@mkdir -p $(GEN)
	$(BUILD)/catalog-gen $(YAML) >$@.new && mv $@.new $@

$(BUILD)/test_%: $(OBJ)/tests/test_%.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LIBS) -lcmocka

$(addprefix $(BUILD)/,test_dockerfile replay_dockerfile fuzz_dockerfile): $(OBJ)/tests/df_properties.o

# The corpus check: CORPUS=DIR with the files, TABLE=FILE with BuildKit's readings of them.
$(BUILD)/corpus_canon: $(OBJ)/tests/corpus_canon.o $(OBJ)/tests/df_properties.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

check-corpus: $(BUILD)/corpus_canon
	tests/check_corpus.py $< $(TABLE) $(CORPUS)

# The same for shell texts: TABLE=FILE with a reference's simple commands.
$(BUILD)/corpus_commands: $(OBJ)/tests/corpus_commands.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

check-shell-corpus: $(BUILD)/corpus_commands
	tests/check_shell_corpus.py $< $(TABLE) $(CORPUS)

# Which of a corpus's simple commands the catalog knows: CORPUS=DIR, TOP=N names of each kind.
$(BUILD)/corpus_effects: $(OBJ)/tests/corpus_effects.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

commands-covered: $(BUILD)/corpus_effects
	@tests/commands_covered.py $< $(or $(CORPUS),$(error commands-covered of which CORPUS?)) $(TOP)

# Rows of neighbouring RUNs that merge-run makes one, and why not the others.
$(BUILD)/corpus_merged: $(OBJ)/tests/corpus_merged.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

merged: $(BUILD)/corpus_merged
	@find $(or $(CORPUS),$(error merged in which CORPUS?)) -type f | $<

# ---- tests: tests/check.sh runs the parts and adds up their counts
#   CASE=FOLDER   goldens: this one       CORPUS=DIR  properties, bench: more files
#   N= SEED=      scripts: how many       TIME=       fuzz: seconds a target
PARTS  := layers globals unit cli goldens effects tags properties scripts replay truncate hostile fuzz
CHECKS := $(addprefix check-,$(PARTS))
FUZZED := $(patsubst tests/fuzz_%.c,%,$(wildcard tests/fuzz_*.c))

# Once, however many parts are asked for: plain objects for globals, sanitized programs for all else.
programs:
	+@$(MAKE) all
	+@$(MAKE) SAN=1 all replays

check $(CHECKS): programs
	@BUILD=$(BUILD) CC=$(CC) tests/check.sh $(or $(patsubst check-%,%,$(filter check-%,$@)),$(PARTS))

bless:
	+@$(MAKE) SAN=1 all
	DFOPT=$(CURDIR)/$(BUILD)/san/dfopt tests/golden.py --bless $(or $(CASE),$(error bless which CASE?))

$(BUILD)/replay_%: $(OBJ)/tests/fuzz_%.o $(OBJ)/tests/replay.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LIBS)

replays: $(FUZZED:%=$(BUILD)/replay_%)

$(BUILD)/fuzz_%: $(OBJ)/tests/fuzz_%.o $(LIB)
	$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LIB) $(LIBS)

fuzzers: $(FUZZED:%=$(BUILD)/fuzz_%)

fuzz-%:
	+@$(MAKE) CC=clang FUZZ=1 fuzzers
	@tests/fuzz.sh search $(BUILD)/fuzz/fuzz_$* $(or $(TIME),60)

coverage:
	+@$(MAKE) COVERAGE=1 all replays
	@tests/coverage.sh $(BUILD)/coverage

bench: $(BUILD)/dfopt
	@tests/bench.py $< $(or $(CORPUS),$(error bench which CORPUS?))

# How much of what package managers leave behind is gone at -O1: make measure-cleanup CORPUS=DIR
measure-cleanup: $(BUILD)/dfopt
	@DFOPT=$< tests/measure_cleanup.py $(or $(CORPUS),$(error measure-cleanup of which CORPUS?))

install: $(BUILD)/dfopt
	install -D -m 755 $< $(DESTDIR)$(PREFIX)/bin/dfopt

# Real image builds; root, buildah and debootstrap needed (docs/e2e.md).
E2E_QUICK := apt-cleanup-apart c-autotools-like cd-per-run env-between odd-lists sed-edits shipped-base
e2e: all
	tests/e2e/run --dfopt $(BUILD)/dfopt

e2e-quick: all
	tests/e2e/run --dfopt $(BUILD)/dfopt --no-expert $(E2E_QUICK)

# Predicted sizes against those of real builds.
measure-sizes: all
	tests/e2e/sizes --dfopt $(BUILD)/dfopt

format:
	clang-format -i $(wildcard */*.[ch] */*/*.[ch])

clean:
	rm -rf $(BUILD)

.PHONY: all programs check $(CHECKS) e2e e2e-quick bless replays fuzzers coverage bench measure-cleanup measure-sizes commands-covered merged install format clean
.SECONDARY:
-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)
