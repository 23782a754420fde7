#!/bin/sh
# run.sh BUILD [ROUNDS]: racelab beside the peers' programs for the same work.
#
# Beside this file lies a script for each peer, which is asked to
#
#	PEER.sh make WORK              build in WORK what is needed; ends 1 after
#	                               saying what is missing and how to get it
#	PEER.sh rows                   PROGRAM STRATEGY PIN AS WORKERS NOTES, a
#	                               line each; lists are separated by commas
#	PEER.sh notes                  NOTE and what it says, a line each
#	PEER.sh time WORK PROGRAM WORKERS
#	                               print nanoseconds an operation: the time that
#	                               passed, over the operations of all workers
#
# No peer's code is in this repository: clones lie in the folder PEERS, under
# the names of their repositories, and are built in a copy; packages are used if
# they are installed.  A peer that is not there is named, and no error.
# In each round a peer's program and racelab run one after the other, in turns
# first.  MS=100 is how long, where the peer can be told; MAX_RATIO=1.05 is what
# counts as no slower.
# Ends 0; 2 for wrong usage, 3 when a program that was built does not run.
set -u

usage() {
	echo 'usage: [PEERS=DIR] run.sh BUILD [ROUNDS]' >&2
	exit 2
}
[ -x "${1-}/racelab" ] || usage
[ "${2:-5}" -ge 1 ] 2>/dev/null || usage
racelab=$1/racelab rounds=${2:-5}
peers='perfbook ck lockhammer stress-ng'
here=$(dirname "$0")
export MS="${MS:-100}" PEERS="${PEERS:-}"

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# peer NAME ACTION...: ask one of the scripts.
peer() {
	sh "$here/$1.sh" "$2" ${3+"$3"} ${4+"$4"} ${5+"$5"}
}

# racelab_ns STRATEGY PIN AS WORKERS: nanoseconds an increment, in one trial.
racelab_ns() {
	"$racelab" run "$1" -w "$4" --pin="$2" --as="$3" -t "$MS" -r 1 \
		--json -q 2>>"$work/errors" |
		sed -n '/"type":"trial"/s/.*"ns_per_increment":\([^,}]*\).*/\1/p'
}

# One of each, in turns first, and a line of what they took; "-" for nothing.
pair() {
	round=$1 name=$2 program=$3 strategy=$4 pin=$5 as=$6 workers=$7
	for side in 1 0; do
		if [ $((round % 2)) -eq "$side" ]; then
			theirs=$(peer "$name" time "$work" "$program" \
				"$workers" 2>>"$work/errors")
		else
			ours=$(racelab_ns "$strategy" "$pin" "$as" "$workers")
		fi
	done
	echo "$name $program $strategy $workers ${theirs:--} ${ours:--}" \
		>>"$work/times"
}

: >"$work/rows"
: >"$work/notes"
: >"$work/times"
for name in $peers; do
	peer "$name" make "$work" || continue
	peer "$name" notes >>"$work/notes"
	peer "$name" rows | while read -r program strategy pin as list notes; do
		for workers in $(echo "$list" | tr , ' '); do
			echo "$name $program $strategy $pin $as $workers $notes"
		done
	done >>"$work/rows"
done
[ -s "$work/rows" ] || exit 0
began=$(date +%s)
for round in $(seq "$rounds"); do
	while read -r name program strategy pin as workers _; do
		pair "$round" "$name" "$program" "$strategy" "$pin" "$as" \
			"$workers" </dev/null
	done <"$work/rows"
done

printf '\nBeside peers: ns an operation, medians of %d rounds in %d s\n\n' \
	"$rounds" $(($(date +%s) - began))
awk -v limit="${MAX_RATIO:-1.05}" -f "$here/table.awk" \
	"$work/notes" "$work/times" "$work/rows" && exit
tail -n 5 "$work/errors" >&2
exit 3
