#!/bin/sh
# leftovers.sh MARK [BEFORE]: what racelab left behind, one thing a line.
#
# Live processes with RACELAB_TEST=MARK in their environment, which children
# inherit also where they have left their session; System V objects of this user
# whose maker is gone; named semaphores of racelab whose maker is gone.  Objects
# of a racelab that runs beside us have a maker who lives, so they do not count.
# BEFORE is a file of such lines that were there already.  What is there for a
# moment only, while a janitor does its work, is waited for.
# Knob: PATIENCE=30 tenths of a second; racelab promises two seconds.
# Ends 0 when there is nothing, else 1.
set -u
LC_ALL=C
export LC_ALL

tries=${PATIENCE:-30}

# A zombie's environment reads as empty.
processes() {
	grep -lsa "RACELAB_TEST=$1" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do
		name=$(cat "/proc/$pid/comm" 2>/dev/null) && echo "process $pid $name"
	done
}

gone() { # PID
	[ "$1" -le 0 ] || [ ! -d "/proc/$1" ]
}

# The last semaphore of a set of ours was last changed by whoever made the set.
maker_of_set() { # ID
	ipcs -s -i "$1" 2>/dev/null | awk '$1 ~ /^[0-9]+$/ { pid = $5 } END { print pid + 0 }'
}

semaphore_sets() {
	awk -v uid="$(id -u)" 'NR > 1 && $5 == uid { print $2 }' /proc/sysvipc/sem |
		while read -r id; do
			maker=$(maker_of_set "$id")
			! gone "$maker" || echo "semaphore set $id of process $maker"
		done
}

queues_and_segments() {
	awk -v uid="$(id -u)" 'NR > 1 && $8 == uid { print $2, $6 }' /proc/sysvipc/msg |
		while read -r id sender; do
			! gone "$sender" || echo "message queue $id of process $sender"
		done
	awk -v uid="$(id -u)" 'NR > 1 && $8 == uid && $7 == 0 { print $2, $5 }' \
		/proc/sysvipc/shm | while read -r id maker; do
		! gone "$maker" || echo "shared memory $id of process $maker"
	done
}

names() {
	for file in /dev/shm/sem.racelab-*; do
		[ -e "$file" ] || continue
		maker=${file#/dev/shm/sem.racelab-}
		maker=${maker%%-*}
		case $maker in
		'' | *[!0-9]*) maker=0 ;;
		esac
		! gone "$maker" || echo "file $file"
	done
}

all() { # MARK
	processes "$1"
	if [ -r /proc/sysvipc/sem ]; then
		semaphore_sets
		queues_and_segments
	fi
	names
}

new() { # MARK BEFORE
	all "$1" | grep -vxFf "$2"
}

[ $# -eq 1 ] || [ $# -eq 2 ] || {
	echo 'usage: leftovers.sh MARK [BEFORE]' >&2
	exit 2
}
before=${2:-/dev/null}
while found=$(new "$1" "$before") && [ "$tries" -gt 0 ]; do
	sleep 0.1
	tries=$((tries - 1))
done
[ -n "$found" ] || exit 0
printf '%s\n' "$found"
exit 1
