# racelab: one Makefile, no recursion; objects in build/VARIANT/.
#
# CC, CFLAGS, CPPFLAGS, LDFLAGS and LDLIBS are the user's and only appended to.
# Knobs: WERROR=1  SANITIZE=address,undefined  V=1  PREFIX=/usr/local  DESTDIR=

CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
WERROR ?=
SANITIZE ?=
V ?=

comma := ,
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)')
VERSION := 0.1.0

VARIANT := $(subst $(comma),+,$(subst /,_,$(firstword $(CC)))$(if $(SANITIZE),-$(SANITIZE)))
B := build/$(VARIANT)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wvla -Wundef -Wpointer-arith \
	-Wformat=2 -Wswitch-enum $(if $(WERROR),-Werror)
SANITIZE_FLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)
# The timed loops are a few bytes long: where they start must not matter.
LOOP_FLAGS := -falign-functions=64 -falign-loops=64
ALL_CPPFLAGS := -I. -D_GNU_SOURCE $(CPPFLAGS)
ALL_CFLAGS := -std=gnu11 $(WARNINGS) $(CFLAGS) $(LOOP_FLAGS) $(SANITIZE_FLAGS)
# Symbols are bound at start: a first call inside a trial must cost no more.
ALL_LDFLAGS := -Wl,-z,now $(LDFLAGS) $(SANITIZE_FLAGS)
# Of Boost.Context only the context switch is wanted, not a C++ runtime.
ALL_LDLIBS := -l:libboost_context.a -ldw -lelf -ljansson -lRmath -lm -lpthread \
	-ldl $(LDLIBS)
# What explored objects ask the program for that loads them.
EXPORTS := -Wl,--dynamic-list=harness/explore/seen/exports.list

SYNC := $(sort $(wildcard sync/*.c))
HARNESS := $(sort $(wildcard harness/*/*.c harness/*/*/*.c))
TESTS := $(sort $(wildcard tests/unit/*.c))
# The calls that tests/unit/test_failures.c makes fail, and the hook that
# test_mfence.c takes the place of.
WRAPPED := fork mmap pipe2 pidfd_open epoll_create1 epoll_ctl signalfd calloc \
	semget sem_unlink msgget msgsnd mq_unlink socketpair eventfd \
	memfd_create explored_fence_hook
# What models see of the explorer, which tests/unit/twin_fiber.c takes the place of.
WRAPPED += model_op model_post model_errno model_copy model_refuse model_self \
	model_workers model_is_shared
BENCH := $(sort $(wildcard tests/bench/*.c tests/bench/*/*.c))
HEADERS := $(sort $(wildcard sync/*.h harness/*/*.h harness/*/*/*.h \
	harness/*/*/*/*.h tests/*/*.h tests/*/*/*.h))
SCRIPTS := $(sort $(wildcard harness/tools/*.sh tests/*/*.sh) .ci/run)

# Beside the program as it will be installed: what targets are compiled with.
TREE := $(B)/lib/racelab
EXPLORED := $(SYNC:sync/%.c=$(TREE)/explored/%.so)
SEEN_BY := $(wildcard sync/*.h harness/target/*.[ch] harness/explore/hooks.c \
	harness/explore/libc/*.c harness/explore/model/*.c harness/explore/seen/*.c \
	harness/explore/seen/sync/*.h)

objects = $(patsubst %.c,$(B)/%.o,$(1))
# All but main: what the tests and benchmarks link with.
LIBRARY_OBJECTS := $(call objects,$(SYNC) $(HARNESS)) $(B)/registry.o $(B)/build.o
TEST_OBJECTS := $(call objects,$(TESTS))
BENCH_OBJECTS := $(call objects,$(BENCH))

.DELETE_ON_ERROR:
.PHONY: all deps compare test bench check check-headers check-layers lint \
	format check-format plots man install clean help FORCE

all: build/racelab $(EXPLORED) ## build racelab (build/racelab)

# --- what must be there first; a group is looked for once a build folder
build/deps/%:
	$(Q)CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' LDFLAGS='$(LDFLAGS)' \
		sh harness/tools/deps.sh $*
	$(Q)mkdir -p $(@D) && touch $@

deps: ## install what is missing: libraries, gnuplot, test and lint tools
	$(Q)CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' LDFLAGS='$(LDFLAGS)' \
		sh harness/tools/deps.sh all

# --- building
$(B)/%.o: %.c | build/deps/build
	$(Q)mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(CC) $(ALL_CPPFLAGS) -MMD -MP $(ALL_CFLAGS) -c $< -o $@

$(TEST_OBJECTS): | build/deps/test

$(B)/registry.o $(B)/build.o: $(B)/%.o: $(B)/%.c
	$(Q)$(CC) $(ALL_CPPFLAGS) -MMD -MP $(ALL_CFLAGS) -c $< -o $@

# Both are rewritten only when they would change.
$(B)/registry.c: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)sh harness/tools/registry.sh $@ $(SYNC)

$(B)/build.c: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)sh harness/tools/build-info.sh $@ '$(VERSION)' '$(CC)' \
		'$(strip $(CFLAGS) $(LOOP_FLAGS) $(SANITIZE_FLAGS))' '$(PREFIX)'

$(TREE):
	$(Q)mkdir -p $@/include
	$(Q)ln -sfrn sync $@/sync
	$(Q)ln -sfrn sync $@/include/sync
	$(Q)ln -sfrn harness/target/racelab.h $@/include/racelab.h
	$(Q)ln -sfrn harness/explore/seen $@/seen

$(B)/racelab: $(B)/harness/main.o $(LIBRARY_OBJECTS) | $(TREE)
	$(call say,LINK $@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(EXPORTS) $^ -o $@ $(ALL_LDLIBS)

# Not after each link, but whenever an object could come out otherwise.
$(TREE)/explored/%.so: sync/%.c $(SEEN_BY) | $(B)/racelab
	$(Q)mkdir -p $(@D)
	$(call say,SEE $<)
	$(Q)$(B)/racelab compile $< $@ '$(CC)'

build/racelab: $(B)/racelab FORCE
	$(Q)ln -sfn $(VARIANT)/racelab $@

$(B)/unit: $(TEST_OBJECTS) $(LIBRARY_OBJECTS) | $(TREE)
	$(call say,LINK $@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(EXPORTS) \
		$(WRAPPED:%=-Wl,--wrap=%) $^ -o $@ -lcriterion $(ALL_LDLIBS)

$(B)/bench: $(BENCH_OBJECTS) $(LIBRARY_OBJECTS)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(EXPORTS) $^ -o $@ $(ALL_LDLIBS)

# --- using it
compare: all | build/deps/plot ## the main job: compare, print, record, plot
	$(Q)mkdir -p results
	$(Q)build/racelab compare -o results/compare.jsonl --plot

plots: all | build/deps/plot ## redraw all figures from the records
	$(Q)sh harness/tools/plots.sh build/racelab

test: $(B)/unit $(B)/racelab $(EXPLORED) | build/deps/plot ## build and pass every test
	$(Q)sh tests/run.sh $(B)

bench: $(B)/bench $(B)/racelab $(EXPLORED) ## what it costs beside hand-written C, and peers
	$(Q)$(B)/bench
	$(Q)sh tests/bench/peers/spin.sh
	$(Q)sh tests/bench/peers/run.sh $(B)

# --- checking the sources
check: check-format check-headers check-layers lint ## format, headers, layers, lint

check-format: | build/deps/lint
	$(Q)clang-format --dry-run --Werror \
		$$(find sync harness tests -name '*.[ch]')

format: | build/deps/lint ## lay the sources out as .clang-format says
	$(Q)clang-format -i $$(find sync harness tests -name '*.[ch]')

check-headers: | build/deps/build build/deps/test ## each header compiles alone
	$(Q)sh harness/tools/check-headers.sh $(CC) $(ALL_CPPFLAGS) \
		-std=gnu11 $(WARNINGS) -Werror -- $(HEADERS)

check-layers: $(B)/racelab ## no include and no call points the wrong way
	$(Q)sh harness/tools/check-layers.sh . $(B)

lint: | build/deps/lint build/deps/test ## clang-tidy, cppcheck, shellcheck
	$(Q)sh harness/tools/lint.sh $(ALL_CPPFLAGS) -Iharness/target

# --- installing
man: $(B)/racelab.1 ## the manual page, by help2man

$(B)/racelab.1: $(B)/racelab docs/man/racelab.h2m | build/deps/man
	$(Q)LC_ALL=C SOURCE_DATE_EPOCH="$${SOURCE_DATE_EPOCH:-$$(git log -1 \
		--format=%ct 2>/dev/null || date +%s)}" help2man --no-info --include docs/man/racelab.h2m \
		--output $@ $(B)/racelab

install: all man $(EXPLORED) ## install under $(DESTDIR)$(PREFIX)
	$(Q)sh harness/tools/install.sh $(B) '$(DESTDIR)$(PREFIX)'

clean: ## remove what was built and drawn
	$(Q)rm -rf build plots/out

help: ## what can be made
	$(Q)awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-15s %s\n", $$1, $$2 }' \
		Makefile

-include $(patsubst %.o,%.d,$(LIBRARY_OBJECTS) $(TEST_OBJECTS) \
	$(BENCH_OBJECTS) $(B)/harness/main.o)
