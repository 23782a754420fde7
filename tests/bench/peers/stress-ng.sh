#!/bin/sh
# stress-ng.sh ACTION: the stressors of stress-ng that lock and count; see run.sh
# for the actions.
#
# They stress the kernel and are not meant to compare: none does quite the work
# of a strategy, and the notes say what comes on top.  A run lasts a second, the
# least that it takes, whatever MS says.
set -u

make_programs() {
	command -v stress-ng >/dev/null 2>&1 && return
	echo 'stress-ng is missing: apt-get install stress-ng'
	return 1
}

# run STRESSOR OPTION...: for a second; its metrics.
run() {
	stressor=$1
	shift
	timeout -k 1 20 stress-ng "--$stressor" 1 "$@" -t 1 --metrics 2>&1
}

# counted STRESSOR WORKERS: from its own count, and the time that passed.
counted() {
	run "$1" "--$1-procs" "$2" |
		awk -v name="$1" '$4 == name && $5 > 0 && NF >= 9 {
			print $6 / $5 * 1e9
			exit
		}'
}

# Each of its four processes says how long its own operations take it.
atomic() {
	run atomic | awk '/uint64 atomic ops per sec/ { print 1e9 / $5 / 4 }'
}

time_program() {
	case $1 in
	--atomic) atomic ;;
	*) counted "${1#--}" "$2" ;;
	esac
}

case $1 in
make) make_programs ;;
time) time_program "$3" "$4" ;;
rows) cat <<-'ROWS' ;;
	--sem posix_sem_unnamed none threads 2,4,8 yields
	--sem-sysv sysv_sem_undo none processes 2,4,8 more
	--mutex mutex none threads 2 priority
	--atomic atomic none processes 4 many
ROWS
notes) cat <<-'NOTES' ;;
	yields Beside taking and giving it asks for the semaphore's value, every other time for the time of day, and gives its CPU away after each; who does not get it at once goes on, uncounted.
	more One process's undo as here, with a time limit for waiting; and every thousand times a dozen other calls.
	priority It changes its priority twice for each lock, and gives its CPU away while it holds the lock.
	many Fifteen kinds of atomic operation in turn, on words of four sizes side by side, so that the four processes do not always meet; not an increment.
NOTES
esac
