# dfopt's build. Generated code, objects and programs go to $(BUILD); nothing else is written.
#   make            build/dfopt
#   make check      all tests under ASan and UBSan; closes with "N passed, N failed"
#   make install    $(DESTDIR)$(PREFIX)/bin/dfopt
#   make SAN=1      everything under $(BUILD)/san with sanitizers

# make's own rules would write the hand-written grammar/NAME.c from NAME.y.
MAKEFLAGS += --no-builtin-rules
%.c: %.y
%.c: %.l

CC      ?= cc
BUILD   ?= build
VERSION := 0.1.0
PREFIX  ?= /usr/local

WARN   := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -pedantic -Werror
CFLAGS ?= -O2 -g
# No PIE: the catalog's hundred thousand addresses are settled when dfopt is linked, not at each start.
CSTD   := -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I. -DDFOPT_VERSION='"$(VERSION)"' -fno-pie
LDFLAGS += -no-pie

CHECKED := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -DDFOPT_DEBUG
KIND    := $(if $(SAN),san)$(if $(FUZZ),fuzz)$(if $(COVERAGE),coverage)
ifneq ($(KIND),)
override BUILD  := $(BUILD)/$(KIND)
override CFLAGS := $(if $(COVERAGE),-O0 -g --coverage,$(CHECKED))$(if $(FUZZ), -fsanitize=fuzzer-no-link)
LDFLAGS += $(if $(COVERAGE),--coverage,-fsanitize=address,undefined)
WARN    += $(if $(COVERAGE),-Wno-error)
endif

GEN := $(BUILD)/gen
OBJ := $(BUILD)/obj

# The catalog's reader is linked into dfopt and into the generator; gen.c into the generator alone.
LIB_SRC  := $(filter-out ir/catalog/gen.c,$(wildcard grammar/base/*.c grammar/*.c ir/*.c ir/catalog/*.c ir/manifest/*.c passes/*.c passes/*/*.c emit/*.c)) \
            $(filter-out driver/main.c,$(wildcard driver/*.c))
GEN_SRC  := $(wildcard grammar/base/*.c) $(addprefix ir/catalog/,yaml.c schema.c read.c gen.c)
YAML     := $(wildcard ir/catalog/*.yaml)
GRAMMARS := $(patsubst grammar/%.l,%,$(wildcard grammar/*.l))
GEN_OBJ  := $(OBJ)/gen/catalog_data.o $(foreach g,$(GRAMMARS),$(OBJ)/gen/$(g)_lex.o $(OBJ)/gen/$(g)_parse.o)
LIB      := $(BUILD)/libdfopt.a
LIBS     := -lyaml -ljansson -lpthread
LINK      = $(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LIBS)
# Programs of tests/ by their beginning: $(call programs_of,test).
programs_of = $(patsubst tests/%.c,$(BUILD)/%,$(wildcard tests/$(1)_*.c))

all: $(BUILD)/dfopt $(call programs_of,test)

$(BUILD)/dfopt: $(OBJ)/driver/main.o $(LIB)
	$(LINK)

$(LIB): $(patsubst %.c,$(OBJ)/%.o,$(LIB_SRC)) $(GEN_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(OBJ)/%.o: %.c | $(foreach g,$(GRAMMARS),$(GEN)/$(g)_parse.h)
	@mkdir -p $(@D)
	$(CC) $(CSTD) $(WARN) $(CFLAGS) -MMD -MP -I$(GEN) -c -o $@ $<

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

# Programs of tests/: cmocka's, fuzz targets, readers of corpora.
$(BUILD)/%: $(OBJ)/tests/%.o $(LIB)
	$(LINK)

$(BUILD)/replay_%: $(OBJ)/tests/fuzz_%.o $(OBJ)/tests/replay.o $(LIB)
	$(LINK)

$(BUILD)/test_%: private LIBS += -lcmocka
$(BUILD)/fuzz_%: private LDFLAGS += -fsanitize=fuzzer
$(addprefix $(BUILD)/,test_dockerfile replay_dockerfile fuzz_dockerfile corpus_canon): $(OBJ)/tests/df_properties.o

# ---- tests: tests/check.sh runs the parts and adds up their counts
#   CASE=FOLDER   goldens: this one       CORPUS=DIR  properties, bench: more files
#   N= SEED=      scripts: how many       TIME=       fuzz: seconds a target
PARTS  := layers globals unit cli goldens effects tags properties scripts replay truncate hostile fuzz
CHECKS := $(addprefix check-,$(PARTS))

# Once, however many parts are asked for: plain objects for globals, sanitized programs for all else.
programs:
	+@$(MAKE) all
	+@$(MAKE) SAN=1 all replays

check $(CHECKS): programs
	+@BUILD=$(BUILD) CC=$(CC) tests/check.sh $(or $(patsubst check-%,%,$(filter check-%,$@)),$(PARTS))

bless:
	+@$(MAKE) SAN=1 all
	DFOPT=$(CURDIR)/$(BUILD)/san/dfopt tests/golden.py --bless $(or $(CASE),$(error bless which CASE?))

fuzzers: $(call programs_of,fuzz)
replays: $(patsubst tests/fuzz_%.c,$(BUILD)/replay_%,$(wildcard tests/fuzz_*.c))

fuzz-%:
	+@$(MAKE) CC=clang FUZZ=1 fuzzers
	@tests/fuzz.sh search $(BUILD)/fuzz/fuzz_$* $(or $(TIME),60)

coverage:
	+@$(MAKE) COVERAGE=1 all replays
	@tests/coverage.sh $(BUILD)/coverage

# WHAT stands at the head of tests/measure.sh: make measure-commands CORPUS=DIR
measure-%: all $(call programs_of,corpus)
	@CORPUS=$(CORPUS) TABLE=$(TABLE) TOP=$(TOP) tests/measure.sh $(BUILD) $*

bench: measure-time

install: $(BUILD)/dfopt
	install -D -m 755 $< $(DESTDIR)$(PREFIX)/bin/dfopt

# Real image builds; root, buildah and debootstrap needed (docs/e2e.md).
e2e: all
	tests/e2e/run --dfopt $(BUILD)/dfopt

e2e-quick: all
	tests/e2e/run --dfopt $(BUILD)/dfopt --no-expert $$(cat tests/e2e/quick)

format:
	clang-format -i $(wildcard */*.[ch] */*/*.[ch])

clean:
	rm -rf $(BUILD)

.PHONY: all programs check $(CHECKS) e2e e2e-quick bless replays fuzzers coverage bench install format clean
.SECONDARY:
-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)
