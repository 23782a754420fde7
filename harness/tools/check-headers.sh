#!/bin/sh
# check-headers.sh CC FLAGS... -- HEADER...: does each header compile alone?
#
# Run from the folder that the headers' names start from.  Each is included
# twice, which shows a missing include guard as well, and followed by a
# declaration, because -Wpedantic refuses a file that has none.
# Ends 0, 1 when a header fails, 2 for wrong usage.
set -u

words=0 # those of the compiler and its flags
for word in "$@"; do
	[ "$word" = -- ] && break
	words=$((words + 1))
done
if [ "$words" -eq 0 ] || [ $# -lt $((words + 2)) ]; then
	echo 'racelab: check-headers: usage: check-headers.sh CC FLAGS... -- HEADER...' >&2
	exit 2
fi

# A flag may hold blanks, a header's name does not: so the flags go to the end,
# one by one, and the headers into a list, and "$@" is left as the command.
turned=0
while [ "$turned" -lt "$words" ]; do
	set -- "$@" "$1"
	shift
	turned=$((turned + 1))
done
shift
headers=
while [ $# -gt "$words" ]; do
	headers="$headers $1"
	shift
done

failed=0
for header in $headers; do
	if ! printf '#include "%s"\n#include "%s"\nextern int not_empty;\n' \
		"$header" "$header" | "$@" -fsyntax-only -x c -; then
		echo "racelab: check-headers: $header does not compile alone" >&2
		failed=1
	fi
done
exit "$failed"
