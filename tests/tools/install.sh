#!/bin/sh
# Installs a build that consists of a few files, and looks at what is there.
set -u
cd "$(dirname "$0")/../.." || exit
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
passed=0
failed=0

# expect TITLE COMMAND...: it ends well
expect() {
	title=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $title" >&2
		cat "$work/out" >&2
	fi
}

ends() { # STATUS COMMAND...
	want=$1
	shift
	"$@"
	[ $? -eq "$want" ]
}

build=$work/build
prefix="$work/a b/usr"
mkdir -p "$build/lib/racelab/explored" "$prefix/lib/racelab/explored"
echo program >"$build/racelab"
echo page >"$build/racelab.1"
echo object >"$build/lib/racelab/explored/none.so"
: >"$build/lib/racelab/explored/odd.so"
echo old >"$prefix/lib/racelab/explored/odd.so"

expect 'it installs' sh harness/tools/install.sh "$build" "$prefix"
expect 'a program' test -x "$prefix/bin/racelab"
expect 'a page' test -s "$prefix/share/man/man1/racelab.1"
lib=$prefix/lib/racelab
expect 'the header of targets' cmp harness/target/racelab.h "$lib/include/racelab.h"
expect 'the header of strategies' cmp sync/sync.h "$lib/include/sync/sync.h"
expect 'the twin' cmp harness/explore/seen/sync/cpu.h "$lib/seen/sync/cpu.h"
expect 'a strategy' cmp sync/none.c "$lib/sync/none.c"
expect 'an object' test -s "$lib/explored/none.so"
expect 'no object of what cannot be explored' test ! -e "$lib/explored/odd.so"
# shellcheck disable=SC2016 # the inner shell's
expect 'a file may be compiled with it' \
	sh -c 'printf "#include <racelab.h>\nPROGRAM(x) = { 0 };\n" |
		${CC:-cc} -std=gnu11 -I "$1/seen" -I "$1/include" -x c -fsyntax-only -' \
	sh "$lib"
expect 'a second time' sh harness/tools/install.sh "$build" "$prefix"
expect 'a build without a program' ends 3 sh harness/tools/install.sh "$work" "$prefix"
expect 'no prefix' ends 2 sh harness/tools/install.sh "$build"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
