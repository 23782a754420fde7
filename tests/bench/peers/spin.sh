#!/bin/sh
# spin.sh: the same workloads as `make bench` explores, by Spin (spinroot.com).
#
# Spin searches a model written for it, not compiled C, and finds the totals but
# not in how many interleavings they come about: what is compared is states and
# seconds of a complete search.  Without partial-order reduction, which would
# leave states out that the other side visits.
# Ends 0, also where there is no spin; 3 when it cannot be run.
set -u

command -v spin >/dev/null 2>&1 || {
	echo 'No spin here to compare with (Debian: apt-get install spin).'
	exit 0
}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 3

cat >none.pml <<'END'
byte counter = 0;
proctype worker()
{
	byte i = 0, seen;
	do
	:: i < K -> seen = counter; counter = seen + 1; i++
	:: else -> break
	od
}
init
{
	byte i = 0;
	atomic {
		do
		:: i < N -> run worker(); i++
		:: else -> break
		od
	}
}
END

printf 'Spin %s\n\nworkload      states   seconds\n' "$(spin -V | awk '{ print $3 }')"
for size in '2 10' '3 6'; do
	workers=${size% *} increments=${size#* }
	spin -DN="$workers" -DK="$increments" -a none.pml >/dev/null &&
		cc -O2 -w -DNOREDUCE -DSAFETY -DMEMLIM=8000 -o pan pan.c &&
		./pan -m100000 >out 2>&1 || exit 3
	awk -v name="$workers x $increments" '
		/states, stored/ { states = $1 }
		/elapsed time/ { seconds = $4 }
		END { printf "%-8s %11d %9s\n", name, states, seconds }' out
done
