#!/bin/sh
# lint.sh FLAGS...: clang-tidy and cppcheck over the C sources, shellcheck over
# the scripts; FLAGS are the preprocessor's.  Ends 1 when one of them complains.
set -u

status=0
logs=$(mktemp -d) || exit 3
trap 'rm -rf "$logs"' EXIT

# One file at a time: clang-tidy 14 carries state from one to the next.  Each
# has a log of its own, so that two at once do not mix what they say.
tidy_one() {
	file=$1
	shift
	log=$logs/$(echo "$file" | tr / _)
	clang-tidy --quiet "$file" -- -std=gnu11 "$@" >"$log" 2>/dev/null &&
		rm -f "$log"
}

jobs=0
for file in $(find sync harness tests -name '*.c' | sort); do
	tidy_one "$file" "$@" &
	jobs=$((jobs + 1))
	[ $((jobs % $(nproc))) -ne 0 ] || wait
done
wait
for log in "$logs"/*; do
	[ -f "$log" ] || continue
	cat "$log"
	status=1
done

# Not the unit tests: cppcheck does not know what Criterion's Test() defines.
cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
	--enable=warning,performance,portability --suppress=missingIncludeSystem \
	-DMATHLIB_STANDALONE -D__x86_64__ -I. sync harness tests/bench || status=1

find harness tests .ci -name '*.sh' -o -name '*.bash' -o -path .ci/run | sort |
	xargs shellcheck || status=1

exit $status
