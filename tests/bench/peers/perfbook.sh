#!/bin/sh
# perfbook.sh ACTION: the counters of "Is Parallel Programming Hard, And, If So,
# What Can You Do About It?" (CodeSamples/count); see run.sh for the actions.
#
# A run lasts 240 ms, whatever MS says.  It reports what one update takes one
# thread, which is divided by the threads here.
set -u

programs='count_nonatomic count_atomic count_stat count_end'

make_programs() {
	[ -d "$PEERS/perfbook/CodeSamples" ] || {
		echo "perfbook is missing: git clone" \
			"https://github.com/paulmckrcu/perfbook ${PEERS:-PEERS}/perfbook"
		return 1
	}
	mkdir "$1/perfbook" &&
		cp -R "$PEERS/perfbook/CodeSamples" "$1/perfbook/" || return
	# shellcheck disable=SC2086 # a list
	make -C "$1/perfbook/CodeSamples/count" $programs \
		>"$1/perfbook/log" 2>&1 && return
	if grep -q 'Missing liburcu' "$1/perfbook/log"; then
		echo 'perfbook needs liburcu: apt-get install liburcu-dev'
	else
		echo 'perfbook does not build:'
		tail -n 3 "$1/perfbook/log"
	fi
	return 1
}

time_program() {
	timeout -k 1 20 "$1/perfbook/CodeSamples/count/$2" "$3" uperf |
		awk -v workers="$3" '/ns\/update:/ { print $NF / workers }'
}

case $1 in
make) make_programs "$2" ;;
time) time_program "$2" "$3" "$4" ;;
rows) cat <<-'ROWS' ;;
	count_nonatomic none none threads 1,2,4,8 begun
	count_atomic atomic none threads 1,2,4,8 free
	count_stat sharded none threads 1,2,4,8 free,index
	count_end sharded none threads 1,2,4,8 free
ROWS
notes) cat <<-'NOTES' ;;
	free perfbook compiles with -O3 and binds nobody to a CPU; racelab's are not bound here either.
	begun As the next note; what is counted are increments begun, some of which are lost on either side.
	index In each increment the thread's number is looked up, and indexes an array of slots.
NOTES
esac
