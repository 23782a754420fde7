#!/bin/sh
# run.sh BUILDDIR: run every test there is.  This is `make test`.
#
# BUILDDIR has racelab and unit, the Criterion suites.  Each part prints what
# failed and a line with its counts; the last line of all is their sum:
#
#	N passed, N failed
#
# Before and after each part the system is looked at (cli/leftovers.sh): a live
# process, an IPC object or a temporary file that is left is a failure too, and
# so is whatever a sanitizer wrote, also where the test itself did not notice.
# Knobs: V=1 shows all output.  Ends 0, 1 when a test failed, 2 for wrong usage.
set -u

die() {
	printf 'racelab: run.sh: %s\n' "$*" >&2
	exit 2
}

[ $# -eq 1 ] || die 'usage: run.sh BUILDDIR'
build=$(cd "$1" 2>/dev/null && pwd) || die "no folder $1"
for program in racelab unit; do
	[ -x "$build/$program" ] || die "no $program in $1: make test builds it"
done
cd "$(dirname "$0")/.." || exit

work=$(mktemp -d) || exit
mkdir "$work/tmp" "$work/sanitizer" || exit
mark=${RACELAB_TEST:-/}run-$$/
total_passed=0
total_failed=0

left() { # prints what is left; fails when it is something
	sh tests/cli/leftovers.sh "$mark" "$work/before"
}

kill_left() {
	while read -r kind pid _; do
		[ "$kind" != process ] || kill -9 "$pid" 2>/dev/null
	done
}

clean_up() {
	left | kill_left
	# Criterion's own, which it leaves when it is interrupted.
	[ ! -s "$work/pid" ] || rm -f "/tmp/criterion_$(cat "$work/pid").sock"
	chmod -R u+rwX "$work"
	rm -rf "$work"
}
sh tests/cli/leftovers.sh "$mark" >"$work/before"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Options of Criterion that would hide something.
unset CRITERION_ALWAYS_SUCCEED CRITERION_FAIL_FAST CRITERION_JOBS \
	CRITERION_OUTPUTS CRITERION_TEST_PATTERN CRITERION_ENABLE_TAP
# A leak that a worker of Criterion reports at its end fails no test, so the
# report goes to a file; undefined behavior ends the program.
# shellcheck disable=SC2089,SC2090 # the quotes are for the sanitizers
{
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}log_path='$work/sanitizer/log'"
	UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}halt_on_error=1:print_stacktrace=1"
	export ASAN_OPTIONS UBSAN_OPTIONS
}

say() { # PART PASSED FAILED
	printf '%-24s %s passed, %s failed\n' "$1" "$2" "$3"
	total_passed=$((total_passed + $2))
	total_failed=$((total_failed + $3))
}

# What no test of the part reports: prints it, and counts it in $failed.
look_around() { # PART
	if ! left >"$work/left"; then
		echo "FAILED: $1: something was left behind"
		sed 's/^/  /' "$work/left"
		failed=$((failed + 1))
		kill_left <"$work/left"
		cat "$work/left" >>"$work/before"
	fi
	if [ -n "$(ls -A "$work/tmp")" ]; then
		echo "FAILED: $1: temporary files were left behind"
		find "$work/tmp" | sed "s|^$work/tmp|  |"
		failed=$((failed + 1))
		chmod -R u+rwX "$work/tmp"
		rm -rf "$work/tmp"
		mkdir "$work/tmp"
	fi
	for log in "$work"/sanitizer/*; do
		[ -s "$log" ] || continue
		echo "FAILED: $1: a sanitizer says"
		sed 's/^/  /; 60q' "$log"
		failed=$((failed + 1))
		rm -f "$log"
	done
}

# A part is a program that ends with "N passed, N failed" and a status.
run_part() { # PART COMMAND...
	part=$1
	shift
	RACELAB_TEST=$mark TMPDIR=$work/tmp "$@" </dev/null >"$work/log" 2>&1
	status=$?
	counts=$(tail -n 1 "$work/log" |
		sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
	passed=${counts% *}
	failed=${counts#* }
	if [ -z "$counts" ]; then
		echo "FAILED: $part: it ended with status $status and no counts"
		passed=0
		failed=1
	elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
		echo "FAILED: $part: it ended with status $status"
		failed=1
	fi
	if [ "$failed" -gt 0 ] || [ -n "${V:-}" ]; then
		cat "$work/log"
	else
		grep '^skipped: ' "$work/log"
	fi
	look_around "$part"
	say "$part" "$passed" "$failed"
}

# How many tests the sources of the suites have, and how many unit knows.
tests_written() {
	cat tests/unit/*.c | grep -cE '^(Parameterized)?(Test|Theory)\('
}
tests_known() {
	LC_ALL=C "$build/unit" --list | grep -c '^.-- '
}

# The runner of the suites, not a test of ours, leaks a little at its end.  Not by
# a suppression: libcriterion stands in the stack of every test, too.
forgive_criterion() {
	log=$work/sanitizer/log.$(cat "$work/pid")
	if [ -f "$log" ] && ! grep '^ *#[1-9]' "$log" | grep -qv libcriterion; then
		rm -f "$log"
	fi
}

# Criterion has counts of its own, and is content with no tests at all.
# In the foreground, or the tests would have SIGINT ignored.
run_unit() {
	# shellcheck disable=SC2016 # for the inner shell
	RACELAB_TEST=$mark TMPDIR=$work/tmp LC_ALL=C sh -c 'echo $$ >"$0"; exec "$@"' \
		"$work/pid" "$build/unit" --timeout 120 --verbose \
		</dev/null >"$work/log" 2>&1
	status=$?
	counts=$(sed -n 's/^.*Tested: \([0-9]*\) | Passing: \([0-9]*\) .*/\1 \2/p' "$work/log")
	counts=${counts:-0 0}
	passed=${counts#* }
	failed=$((${counts% *} - passed))
	if [ "$((passed + failed))" -eq 0 ]; then
		echo "FAILED: unit: it ended with status $status and not one test"
		failed=1
	elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
		echo "FAILED: unit: it ended with status $status"
		failed=1
	elif [ "$(tests_known)" -lt "$(tests_written)" ]; then
		echo "FAILED: unit: it knows $(tests_known) tests of $(tests_written)"
		failed=$((failed + 1))
	fi
	if [ -n "${V:-}" ]; then
		cat "$work/log"
	elif [ "$failed" -gt 0 ]; then
		grep -v -e '^\[RUN ' -e '^\[PASS' -e '^\[====\] Running' "$work/log"
	else
		sed -n 's/^\[SKIP\] /skipped: /p' "$work/log"
	fi
	forgive_criterion
	look_around unit
	say unit "$passed" "$failed"
}

for script in tests/tools/*.sh; do
	run_part "${script#tests/}" sh "$script"
done
run_unit
for script in tests/cli/selftest*.sh tests/explore/selftest*.sh; do
	[ -f "$script" ] || continue
	run_part "${script#tests/}" sh "$script"
done
run_part cli sh tests/cli/run.sh "$build"
[ ! -f tests/explore/run.sh ] || run_part explore sh tests/explore/run.sh "$build"
[ ! -f tests/docs/run.sh ] || run_part docs sh tests/docs/run.sh "$build"

echo "$total_passed passed, $total_failed failed"
[ "$total_failed" -eq 0 ]
