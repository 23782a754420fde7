#!/bin/sh
# Shows tests/run.sh parts that fail each in a way of its own, which it must
# notice, and parts that are fine.  All of them are scripts in a folder of their
# own, which stands for the sources.
# shellcheck disable=SC2016 # the dollars in quotes are theirs
set -u
tests=$(cd "$(dirname "$0")/.." && pwd) || exit
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work" || exit
unset ASAN_OPTIONS UBSAN_OPTIONS V # of those who run this
passed=0
failed=0

script() { # FILE, with the body on standard input
	{ echo '#!/bin/sh' && cat; } >"$1"
	chmod +x "$1"
}

# Everything passes: 2 of unit, and 1 of each of the others.
good() {
	rm -rf 'the sources'
	mkdir -p 'the sources/tests/tools' 'the sources/tests/cli' \
		'the sources/tests/unit' 'the sources/a build'
	cd 'the sources' || exit
	cp "$tests/run.sh" tests/
	cp "$tests/cli/leftovers.sh" tests/cli/
	echo 'Test(suite, one)' >tests/unit/test_suite.c
	for part in tests/tools/a.sh tests/cli/selftest.sh tests/cli/run.sh; do
		echo 'echo "1 passed, 0 failed"' | script "$part"
	done
	script 'a build/racelab' </dev/null
	unit 'Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0'
	cd "$work" || exit
}

unit() { # SYNTHESIS [COMMAND]: a Criterion that says so
	script "$work/the sources/a build/unit" <<-END
	if [ "\$1" = --list ]; then
		printf 'suite: 2 tests\n|-- one\n\`-- two\n'
		exit
	fi
	echo '[====] Synthesis: $1'
	${2:-exit 0}
	END
}

judge() {
	PATIENCE=10 sh 'the sources/tests/run.sh' 'the sources/a build' >out 2>&1
	status=$?
	last=$(tail -n 1 out)
}

count() { # TITLE, and whether it is so
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1" >&2
		sed 's/^/  /' out >&2
	fi
}

accepts() { # TITLE COUNTS
	judge
	[ "$status $last" = "0 $2" ]
	count "accepted: $1" $?
}

rejects() { # TITLE COUNTS WHY
	judge
	[ "$status $last" = "1 $2" ] && grep -qF "$3" out
	count "rejected: $1" $?
}

good
accepts 'all is well' '5 passed, 0 failed'
mkdir 'the sources/tests/docs'
echo 'test "$2" = x || echo "7 passed, 0 failed"' | script 'the sources/tests/docs/run.sh'
accepts 'documents are tested too, where there are tests' '12 passed, 0 failed'

good
echo 'echo "what it was"; echo "3 passed, 2 failed"; exit 1' |
	script 'the sources/tests/tools/a.sh'
rejects 'a part with failures' '7 passed, 2 failed' 'what it was'
good
echo 'echo "1 passed, 0 failed"; exit 1' | script 'the sources/tests/tools/a.sh'
rejects 'a part with a bad status' '5 passed, 1 failed' 'it ended with status 1'
good
echo 'exit 0' | script 'the sources/tests/cli/run.sh'
rejects 'a part without counts' '4 passed, 1 failed' 'no counts'
good
echo 'kill -9 $$' | script 'the sources/tests/tools/a.sh'
rejects 'a part that is killed' '4 passed, 1 failed' 'status 137'

good
unit 'Tested: 5 | Passing: 3 | Failing: 2 | Crashing: 1' 'exit 1'
rejects 'suites with failures' '6 passed, 2 failed' 'Passing: 3'
good
unit 'Tested: 0 | Passing: 0 | Failing: 0 | Crashing: 0'
rejects 'suites without a test' '3 passed, 1 failed' 'not one test'
good
unit 'nothing that could be understood' 'kill -11 $$'
rejects 'suites that crash' '3 passed, 1 failed' 'status 139'
good
unit 'Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0' 'exit 1'
rejects 'suites with a bad status' '5 passed, 1 failed' 'it ended with status 1'
good
printf 'Test(suite, two)\nParameterizedTest(x, suite, three)\n' >>'the sources/tests/unit/test_suite.c'
rejects 'a test that is not in the program' '5 passed, 1 failed' 'it knows 2 tests of 3'

good
echo 'sleep 60 >/dev/null 2>&1 & echo "1 passed, 0 failed"' |
	script 'the sources/tests/tools/a.sh'
rejects 'a part that leaves a process' '5 passed, 1 failed' ' sleep'
good
unit 'Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0' ': >"$TMPDIR/forgotten"'
rejects 'suites that leave a file' '5 passed, 1 failed' 'forgotten'
good
# As a sanitizer does that finds a leak where no status tells of it.
unit 'Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0' \
	'log=${ASAN_OPTIONS#*log_path=?}; echo "a leak" >"${log%?}.1"'
rejects 'suites that leak' '5 passed, 1 failed' 'a leak'
good
unit 'Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0' \
	'log=${ASAN_OPTIONS#*log_path=?}; echo "    #1 0x1 (/lib/libcriterion.so.3)" >"${log%?}.$$"'
accepts 'the leak of Criterion itself' '5 passed, 0 failed'
good
unit 'Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0' \
	'log=${ASAN_OPTIONS#*log_path=?}; printf "    #1 0x1 in ours\n    #2 0x2 (/lib/libcriterion.so.3)\n" >"${log%?}.$$"'
rejects 'a leak of ours in the same process' '5 passed, 1 failed' 'in ours'
good
unit 'Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0' \
	'[ "${UBSAN_OPTIONS#*halt_on_error=1}" = "$UBSAN_OPTIONS" ] && exit 1; exit 0'
accepts 'undefined behavior would end the program' '5 passed, 0 failed'

good
rm 'the sources/a build/unit'
judge
[ "$status" -eq 2 ]
count 'without its programs it is not run' $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
