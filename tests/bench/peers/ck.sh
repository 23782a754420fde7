#!/bin/sh
# ck.sh ACTION: Concurrency Kit's fetch-and-add and spinlocks, by its own
# regressions (throughput); see run.sh for the actions.
#
# These programs sleep for ten seconds while their threads work, and divide by
# ten.  In the copy they sleep for MS, from when all threads have begun (in so
# short a time one might come too late, and wait for ever), and say how long that
# was; nothing else is changed.  But with SHARED=1 threads count
# what a lock protects in one place, as racelab's workers do, where each has a
# place of its own otherwise: a second cache line changes hands with the lock.
set -u

locks='ck_fas ck_cas linux_spinlock ck_ticket ck_mcs ck_clh ck_anderson pthread'

# Put before each program by the compiler.
sleep_h='
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
static unsigned int peer_begun __attribute__((unused));
static volatile int peer_over;
static void peer_sleep(void)
{
	struct timespec from, to;
	clock_gettime(CLOCK_MONOTONIC, &from);
	usleep((useconds_t)atoi(getenv("MS")) * 1000);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("# elapsed_ns : %ld\n", (to.tv_sec - from.tv_sec) * 1000000000 +
	       to.tv_nsec - from.tv_nsec);
}'

change() {
	printf '%s\n' "$sleep_h" >peer_sleep.h
	sed -i -e 's/common_sleep(10)/peer_sleep()/' \
		-e 's/while (ck_pr_load_uint(&ready) == 0);/ck_pr_inc_uint(\&peer_begun); &/' \
		-e 's/ck_pr_store_uint(&ready, 1);/while (ck_pr_load_uint(\&peer_begun) != nthr)\
		usleep(100);\
	&/' regressions/ck_pr/benchmark/benchmark.h
	sed -i 's/common_sleep(10)/while (ck_pr_load_uint(\&barrier) != nthr)\
		usleep(100);\
	peer_sleep()/' regressions/ck_spinlock/benchmark/throughput.h
	[ -z "${SHARED:-}" ] ||
		sed -i 's/count\[i\]\.value++/count[0].value++/' \
			regressions/ck_spinlock/benchmark/throughput.h
}

build() {
	set --
	for lock in $locks; do
		set -- "$@" "$lock.THROUGHPUT"
	done
	with="cc -include $PWD/peer_sleep.h"
	./configure && change &&
		make -C regressions/ck_pr/benchmark CC="$with" ck_pr_faa_64 &&
		make -C regressions/ck_spinlock/benchmark CC="$with" "$@"
}

make_programs() {
	[ -x "$PEERS/ck/configure" ] || {
		echo "Concurrency Kit is missing: git clone" \
			"https://github.com/concurrencykit/ck ${PEERS:-PEERS}/ck"
		return 1
	}
	cp -R "$PEERS/ck/" "$1/ck" || return
	(cd "$1/ck" && build) >"$1/ck.log" 2>&1 && return
	echo 'Concurrency Kit does not build:'
	tail -n 3 "$1/ck.log"
	return 1
}

# What is counted is four fetch-and-adds, or one section.
time_program() {
	case $2 in
	ck_pr_*) set -- "$1/ck/regressions/ck_pr/benchmark/$2" "$3" 1 ;;
	*) set -- "$1/ck/regressions/ck_spinlock/benchmark/$2.THROUGHPUT" "$3" 1 0 ;;
	esac
	timeout -k 1 20 "$@" | awk -v each=$(($# == 3 ? 4 : 1)) '
		/^# elapsed_ns/ { elapsed = $NF }
		/^# total/ { print elapsed / ($NF * each) }'
}

rows() {
	own=own
	[ -z "${SHARED:-}" ] || own=same
	cat <<-ROWS
		ck_pr_faa_64 atomic spread threads 1,2,4,8 four
		linux_spinlock spin spread threads 1,2,4,8 $own,libc
		ck_fas tas spread threads 1,2,4,8 $own,away
		ck_cas ttas_backoff spread threads 1,2,4,8 $own,away
		ck_ticket ticket spread threads 1,2,4,8 $own,word
		ck_mcs mcs spread threads 1,2,4,8 $own
		ck_clh clh spread threads 1,2,4,8 $own
		ck_anderson anderson spread threads 1,2,4,8 $own,slots
		pthread mutex spread threads 1,2,4,8 $own,private
	ROWS
}

case $1 in
make) make_programs "$2" ;;
time) time_program "$2" "$3" "$4" ;;
rows) rows ;;
notes) cat <<-'NOTES' ;;
	own Under ck's lock a thread counts on a cache line of its own, and no total is checked; racelab's counter is shared: a second line changes hands with the lock (the same with SHARED=1).
	same SHARED=1: the counter under ck's lock is shared, as racelab's is.
	four Four fetch-and-adds a turn of the loop, and then a count in an array whose entries lie side by side.
	away Who finds it held counts to 512 at least before it looks again, and twice as far each time, up to a million: the holder goes on alone. tas looks again at once, ttas_backoff stays away for 4 to 256 pauses.
	word Both numbers are halves of one word, which is let go by a locked instruction; racelab stores.
	slots The slots of ck_anderson lie side by side, eight on a line; racelab's are 128 bytes apart.
	libc The peer's lock is part of its loop; libc's is two calls.
	private The peer's mutex is private to its process, racelab's is process-shared.
NOTES
esac
