#!/bin/sh
# leftovers.sh MARK [BEFORE]: what racelab left behind, one thing a line.
#
# Live processes with RACELAB_TEST=MARK in their environment, which children
# inherit also where they have left their session; System V objects of this user
# whose maker is gone; named semaphores and queues of racelab whose maker is gone.
# Objects of a racelab that runs beside us have a maker who lives, so they do not
# count; for a message queue it is who sent last, and that one may have ended a
# moment before the queue is removed.
# BEFORE is a file of such lines that were there already.  What is there for a
# moment only, while a janitor does its work, is waited for.
# Knobs: PATIENCE=30 tenths of a second; racelab promises two seconds.
# QUEUES=/dev/mqueue is where POSIX queues are seen, if that is mounted.
# Ends 0 when there is nothing, else 1.
set -u
LC_ALL=C
export LC_ALL

tries=${PATIENCE:-30}
queues=${QUEUES:-/dev/mqueue}

# A zombie's environment reads as empty.
processes() {
	grep -lsa "RACELAB_TEST=$1" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do
		name=$(cat "/proc/$pid/comm" 2>/dev/null) && echo "process $pid $name"
	done
}

# Who is about to end, or a zombie, has no memory any more, and cleans up nothing.
gone() { # PID
	[ "$1" -le 0 ] || ! grep -qs '^VmSize:' "/proc/$1/status"
}

# The last semaphore of a set of ours was last changed by whoever made the set.
maker_of_set() { # ID
	ipcs -s -i "$1" 2>/dev/null | awk '$1 ~ /^[0-9]+$/ { pid = $5 } END { print pid + 0 }'
}

# Of each table in /proc/sysvipc the first line is its heading.
semaphore_sets() {
	while read -r _ id _ _ owner _; do
		[ "$owner" = "$uid" ] || continue
		maker=$(maker_of_set "$id")
		! gone "$maker" || echo "semaphore set $id of process $maker"
	done </proc/sysvipc/sem
}

queues_and_segments() {
	while read -r _ id _ _ _ sender _ owner _; do
		[ "$owner" = "$uid" ] || continue
		! gone "$sender" || echo "message queue $id of process $sender"
	done </proc/sysvipc/msg
	while read -r _ id _ _ maker _ attached owner _; do
		[ "$owner $attached" = "$uid 0" ] || continue
		! gone "$maker" || echo "shared memory $id of process $maker"
	done </proc/sysvipc/shm
}

names() {
	for file in /dev/shm/sem.racelab-* "$queues"/racelab-*; do
		[ -e "$file" ] || continue
		maker=${file#*racelab-}
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
	found=$(all "$1")
	[ -z "$found" ] || printf '%s\n' "$found" | grep -vxFf "$2"
}

[ $# -eq 1 ] || [ $# -eq 2 ] || {
	echo 'usage: leftovers.sh MARK [BEFORE]' >&2
	exit 2
}
before=${2:-/dev/null}
uid=$(id -u)
while left=$(new "$1" "$before") && [ -n "$left" ]; do
	if [ "$tries" -le 0 ]; then
		printf '%s\n' "$left"
		exit 1
	fi
	sleep 0.1
	tries=$((tries - 1))
done
