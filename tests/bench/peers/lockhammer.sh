#!/bin/sh
# lockhammer.sh ACTION: Arm's lockhammer (synchronization-benchmarks), with no
# work inside its locks and none between; see run.sh for the actions.
#
# It takes at most as many threads as there are CPUs.
set -u

locks='swap_mutex ticket_spinlock queued_spinlock clh_spinlock pthread_mutex_lock'

# The make file names its build folder after the variant of the machine.
build() {
	cd "$1/lockhammer/benchmarks/lockhammer" || return
	folder=$(make -n NO_JSON=1 | sed -n 's/^BUILD_DIR = //p' |
		head -n 1) || return
	for lock in $locks; do
		make NO_JSON=1 "$folder/lh_$lock" || return
	done
	ln -s "$folder" built
}

make_programs() {
	[ -d "$PEERS/synchronization-benchmarks" ] || {
		echo "lockhammer is missing: git clone" \
			https://github.com/ARM-software/synchronization-benchmarks \
			"${PEERS:-PEERS}/synchronization-benchmarks"
		return 1
	}
	cp -R "$PEERS/synchronization-benchmarks/" "$1/lockhammer" || return
	(build "$1") >"$1/lockhammer.log" 2>&1 && return
	echo 'lockhammer does not build:'
	tail -n 3 "$1/lockhammer.log"
	return 1
}

time_program() {
	timeout -k 1 20 "$1/lockhammer/benchmarks/lockhammer/built/lh_$2" -t "$3" -c 0 -p 0 \
		-D "$(awk -v ms="$MS" 'BEGIN { print ms / 1000 }')" -Y -Z |
		awk 'END { if ($NF > 0) print 1e9 / $NF }'
}

rows() {
	workers=1
	for more in 2 4 8; do
		[ "$more" -gt "$(nproc)" ] || workers=$workers,$more
	done
	cat <<-ROWS
		swap_mutex tas spread threads $workers empty,nopause
		ticket_spinlock ticket spread threads $workers empty,call
		queued_spinlock mcs spread threads $workers empty,queued
		clh_spinlock clh spread threads $workers empty
		pthread_mutex_lock mutex spread threads $workers empty,private
	ROWS
}

case $1 in
make) make_programs "$2" ;;
time) time_program "$2" "$3" "$4" ;;
rows) rows ;;
notes) cat <<-'NOTES' ;;
	empty lockhammer protects nothing: inside the lock it calls a function that returns at once, and so it does before it comes back. It takes no more threads than CPUs.
	nopause Who finds it held swaps again at once, without a pause.
	call Taking the lock is a call; both numbers are halves of one word.
	queued The queued spinlock of Linux: who finds it free, or one waiter at most, needs no node.
NOTES
esac
