#!/bin/sh
# Shows harness/tools/check-layers.sh small trees, right ones and wrong ones.
set -u
cd "$(dirname "$0")/../.." || exit
check=$PWD/harness/tools/check-layers.sh
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
passed=0
failed=0

# file PATH LINE: one more line in a file of the tree
file() {
	mkdir -p "$work/tree/$(dirname "$1")"
	printf '%s\n' "$2" >>"$work/tree/$1"
}

# header PATH...: files that only have to be there
header() {
	for path in "$@"; do
		file "$path" 'extern int nothing;'
	done
}

compile() {
	(
		cd "$work/tree" || exit
		find . -name '*.c' | while read -r source; do
			mkdir -p "../obj/$(dirname "$source")"
			${CC:-cc} -I. -c "$source" -o "../obj/${source%.c}.o" || exit
		done
	) || { echo 'cannot compile the tree' >&2 && exit 1; }
}

# expect STATUS TITLE [LINE]: judge the tree, then clear it away.  LINE must be
# among what is printed; without it nothing may be printed.
expect() {
	set -- "$1" "$2" "${3-}"
	if [ -d "$work/obj" ]; then
		"$check" "$work/tree" "$work/obj" >"$work/out" 2>&1
	else
		"$check" "$work/tree" >"$work/out" 2>&1
	fi
	status=$?
	if [ "$status" -eq "$1" ] && {
		{ [ -z "$3" ] && [ ! -s "$work/out" ]; } ||
			{ [ -n "$3" ] && grep -qxF -e "$3" "$work/out"; }
	}; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $2: status $status, wanted $1${3:+ and: $3}" >&2
		cat "$work/out" >&2
	fi
	rm -rf "$work/tree" "$work/obj"
}

# refuse FILE INCLUDE REASON: the tree is wrong because of one include
refuse() {
	file "$1" "#include $2"
	name=${2#?}
	expect 1 "$1 includes $2" "$1: may not include ${name%?}: $3"
}

# accept FILE INCLUDE...
accept() {
	from=$1
	shift
	for include in "$@"; do
		file "$from" "#include $include"
	done
	expect 0 "$from includes $*"
}

# Downwards, and within a layer by either name.
header sync/sync.h
accept sync/ticket.c '"sync/sync.h"' '"sync.h"' '<stdatomic.h>' '<sys/sem.h>' '<linux/futex.h>'
header sync/sync.h harness/base/arena.h harness/target/racelab.h
accept harness/run/spec.c '"sync/sync.h"' '"harness/base/arena.h"' '<racelab.h>'
header harness/run/spec.h harness/explore/explore.h
accept harness/fault/fault.c '"harness/run/spec.h"' '"harness/explore/explore.h"'
header harness/explore/search.h
accept harness/explore/model/sem.c '"../search.h"' '"harness/explore/search.h"'
accept harness/cmd/run.c '"harness/view/table.h"' '"harness/lab/lab.h"'
accept harness/main.c '"harness/cmd/cmd.h"' '<argp.h>'
accept tests/unit/test_arena.c '<criterion/criterion.h>' '"harness/base/arena.h"' '"harness/cmd/cmd.h"'
accept labs/01-race/starter.c '<racelab.h>'
accept harness/stats/exact.c '<Rmath.h>'
accept harness/record/append.c '<jansson.h>'
accept harness/target/lines.c '<elfutils/libdw.h>' '<dwarf.h>' '<gelf.h>'
accept harness/explore/states.c '<xxhash.h>'

# What explored objects are compiled with belongs to explore, model and twins.
header harness/target/racelab.h harness/explore/op.h sync/sync.h
accept harness/explore/model/mutex.c '<racelab.h>' '"harness/explore/op.h"' '"sync/sync.h"'
header harness/explore/hooks.h
accept harness/explore/seen/mfence.c '"harness/explore/hooks.h"'
accept harness/explore/seen/sync/cpu.h '<stdint.h>'

# The exception, and only that.
accept harness/record/append.c '"harness/run/result.h"'
refuse harness/record/append.c '"harness/run/spec.h"' 'layers record and run stand side by side'
refuse harness/stats/summary.c '"harness/run/result.h"' 'layers stats and run stand side by side'

# Wrong ways.
refuse sync/ticket.c '"harness/base/arena.h"' 'layer sync stands before layer base'
refuse sync/ticket.c '<racelab.h>' 'layer sync stands before layer target'
refuse sync/ticket.c '<numa.h>' 'sync is libc and itself'
refuse sync/ticket.c '"config.h"' 'sync is libc and itself'
refuse harness/base/arena.c '"harness/run/spec.h"' 'layer base stands before layer run'
refuse harness/base/arena.c '<harness/run/spec.h>' 'layer base stands before layer run'
header harness/run/spec.h
refuse harness/base/arena.c '"../run/spec.h"' 'layer base stands before layer run'
refuse harness/base/arena.h '"harness/target/racelab.h"' 'layer base stands before layer target'
refuse harness/run/spec.c '"harness/explore/explore.h"' 'layers run and explore stand side by side'
refuse harness/run/spec.c '"harness/run.h"' 'harness/run.h stands in no layer'
refuse harness/grade/grade.c '"harness/lab/lab.h"' 'layer grade stands before layer lab'
refuse harness/view/table.c '"harness/cmd/cmd.h"' 'layer view stands before layer cmd'
refuse harness/cmd/run.c '"tests/fixtures/bad.h"' 'layer cmd stands before layer tests'
refuse labs/01-race/starter.c '"tests/fixtures/bad.h"' 'layer labs stands before layer tests'
refuse harness/run/spec.c '<Rmath.h>' 'only harness/stats may'
refuse harness/view/table.c '<criterion/criterion.h>' 'only tests may'
refuse harness/base/text.c '<jansson.h>' 'not in layer base'
refuse harness/run/spec.c '<jansson.h>' 'not in layer run'
refuse harness/stats/exact.c '"jansson.h"' 'not in layer stats'
refuse harness/explore/trace.c '<elfutils/libdwfl.h>' 'only harness/target may'
refuse harness/run/spec.c '<gelf.h>' 'only harness/target may'
refuse harness/target/compile.c '<xxhash.h>' 'only harness/explore may'
refuse harness/explore/seen/sync/child.h '"harness/fault/gc.h"' 'layer explore stands before layer fault'
refuse harness/explore/model/mutex.c '"harness/run/spec.h"' 'layers explore and run stand side by side'
refuse sync/mutex.c '"harness/explore/seen/sync/cpu.h"' 'layer sync stands before layer explore'
header harness/odd/odd.c
expect 1 'a folder that is no layer' 'harness/odd/odd.c: stands in no layer'
header harness/odd.c
expect 1 'a file beside main.c' 'harness/odd.c: stands in no layer'
file harness/base/arena.c '	#  include "harness/cmd/cmd.h" /* odd but legal */'
expect 1 'an include with blanks' \
	'harness/base/arena.c: may not include harness/cmd/cmd.h: layer base stands before layer cmd'

# Calls, which need no include.
file sync/ticket.c 'int ticket(void) { return 1; }'
file registry.c 'int ticket(void); int (*const sync_registry[])(void) = { ticket };'
file harness/base/arena.c 'int ticket(void); int arena(void) { return ticket(); }'
file harness/run/spec.c 'int arena(void); int spec(void) { return arena(); }'
file harness/run/result.c 'int result(void) { return 0; }'
file harness/record/append.c 'int result(void); int append(void) { return result(); }'
file harness/main.c 'int spec(void); int puts(const char *); int main(void) { return puts("x") + spec(); }'
compile
expect 0 'calls that point the right way'

file sync/ticket.c 'int arena(void); int ticket(void) { return arena(); }'
file harness/base/arena.c 'int arena(void) { return 1; }'
compile
expect 1 'sync calls base' \
	'sync/ticket.c: may not call arena of harness/base/arena.c: layer sync stands before layer base'

file harness/base/arena.c 'extern int cmd; int *arena(void) { return &cmd; }'
file harness/cmd/cmd.c 'int cmd = 1;'
compile
expect 1 'base uses a variable of cmd' \
	'harness/base/arena.c: may not call cmd of harness/cmd/cmd.c: layer base stands before layer cmd'

file harness/record/append.c 'int spec(void); int append(void) { return spec(); }'
file harness/run/spec.c 'int spec(void) { return 1; }'
compile
expect 1 'record calls run beside result.c' \
	'harness/record/append.c: may not call spec of harness/run/spec.c: layers record and run stand side by side'

file harness/run/spec.c 'int odd(void); int spec(void) { return odd(); }'
file harness/fault/odd.c 'int odd(void) { return 1; }'
file harness/base/odd.c 'int odd(void) { return 1; }'
compile
expect 0 'a name that two programs define, one of them usable'

file harness/base/arena.c 'void __tsan_read8(void *); void arena(void) { __tsan_read8(0); }'
file harness/explore/hooks.c 'void __tsan_read8(void *); void __tsan_read8(void *p) { (void)p; }'
compile
expect 0 "what the compiler calls for itself"

# Only explored objects, which are not looked at, call these from elsewhere.
file harness/explore/model/mutex.c 'int explored_lock(void); int explored_lock(void) { return 0; }'
file harness/explore/hooks.c 'int explored_lock(void); int hook(void) { return explored_lock(); }'
compile
expect 0 'explore calls a version of its own'
file harness/explore/model/mutex.c 'int explored_lock(void); int explored_lock(void) { return 0; }'
file harness/target/load.c 'int explored_lock(void); int load(void) { return explored_lock(); }'
compile
expect 1 'target calls a version that explore has' \
	'harness/target/load.c: may not call explored_lock of harness/explore/model/mutex.c: layer target stands before layer explore'

file harness/base/arena.c 'int gone(void); int arena(void) { return gone(); }'
file harness/cmd/gone.c 'int gone(void) { return 1; }'
compile
rm "$work/tree/harness/base/arena.c"
expect 0 'an object whose source is gone'

# Printing and ending.  An address is asked for too: gcc makes puts of a printf.
for name in exit printf puts perror putchar stdout stderr; do
	file harness/base/arena.c '#include <stdio.h>'
	file harness/base/arena.c '#include <stdlib.h>'
	file harness/base/arena.c "void *arena(void) { return (void *)$name; }"
	compile
	expect 1 "base uses $name" \
		"harness/base/arena.c: may not call $name: libraries neither print nor exit"
done
file harness/base/arena.c '#include <stdio.h>'
file harness/base/arena.c '#include <unistd.h>'
file harness/base/arena.c 'void arena(FILE *f) { fprintf(f, "%d", 1); _exit(1); }'
compile
expect 0 'base writes to a stream it was given, and _exit'
file tests/unit/test_x.c '#include <stdio.h>'
file tests/unit/test_x.c 'void x(void) { puts("x"); }'
compile
expect 0 'tests may print'

# Nothing to judge is not a pass.
mkdir -p "$work/tree"
expect 2 'no sources' "racelab: check-layers: no sources in $work/tree"
header sync/sync.h
mkdir -p "$work/obj"
expect 2 'no objects' "racelab: check-layers: no objects in $work/obj: build first"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
