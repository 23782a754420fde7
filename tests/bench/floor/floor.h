/*
 * The floor: what incrementing a shared counter costs in C that was written for
 * nothing else. One file a strategy, each a plain loop with its operation
 * written out; floor.c is all they share. Nothing here is the laboratory's but
 * the mark on System V objects, by which `racelab gc` knows a forgotten one.
 *
 * N forked processes, pinned round and round; anonymous shared memory, in which
 * the counter, the lock and what each process reports stand on lines of their
 * own; a start line; as many batches as fit into the time.
 */
#ifndef TESTS_BENCH_FLOOR_FLOOR_H
#define TESTS_BENCH_FLOOR_FLOOR_H

#include <stddef.h>
#include <stdint.h>

struct floor {
	const char *name; /* of the strategy that does the same */
	uint64_t batch;   /* increments between two looks at the clock */
	size_t lock_bytes;
	size_t mine_bytes; /* of each worker, for what a queue lock needs */
	/*
	 * The parent, before the first fork: makes the lock, in ROOM, which is
	 * zeroed, or elsewhere. Returns what the other two get, or NULL with
	 * errno.
	 */
	void *(*make)(void *room);
	void (*loop)(void *lock, uint64_t *counter, uint64_t times);
	/* The parent, after the last wait. NULL: nothing to do. */
	void (*drop)(void *lock);
};

/* As many workers as floors with something for each have room for. */
enum { FLOOR_WORKERS = 64 };

/*
 * Who a loop is run by, for those that must know: which worker, of how many, and
 * its mine_bytes in shared memory, zeroed. Set in each child before its first
 * loop, and left alone: a loop may put there what the next one is to find.
 */
extern unsigned floor_self, floor_workers;
extern void *floor_mine;

/*
 * What a lock protects, and what is a race without one: a load, an add and a
 * store. The counter is volatile, as shared counters are; the empty asm keeps
 * the compilers that would fuse the three into one instruction from doing so.
 */
static inline void floor_increment(volatile uint64_t *counter)
{
	uint64_t value = *counter;

	__asm__ volatile("" : "+r"(value));
	*counter = value + 1;
}

/* Tells the processor that this is a spinning wait. */
static inline void floor_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__asm__ volatile("pause");
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

extern const struct floor floor_none, floor_none_rmw, floor_atomic,
        floor_anderson, floor_bakery, floor_batched, floor_cas, floor_clh,
        floor_combining, floor_dekker, floor_eventfd, floor_fcntl_ofd,
        floor_filter, floor_flock, floor_futex, floor_hemlock, floor_mcs,
        floor_mutex, floor_mutex_adaptive, floor_mutex_pi, floor_mutex_robust,
        floor_percpu_rseq, floor_peterson, floor_pipe_token, floor_posix_mq,
        floor_posix_sem, floor_posix_sem_unnamed, floor_rwlock, floor_sharded,
        floor_socketpair_token, floor_spin, floor_sysv_msg, floor_sysv_sem,
        floor_sysv_sem_undo, floor_tas, floor_ticket, floor_tournament,
        floor_ttas_backoff;

/* Every floor, and NULL. */
extern const struct floor *const floors[];

/*
 * Where the counter and the lock lie, in shared memory. Which lines they are
 * can change the cost of contention by some percent, so a comparison gives both
 * sides the same ones.
 */
struct floor_place {
	uint64_t *counter;
	void *room;         /* lock_bytes */
	char *mine;         /* mine_bytes of each worker ... */
	size_t mine_stride; /* ... so far apart */
};

/*
 * WORKERS processes increment for TIME_NS. Stores in *ns the time from the
 * first start to the last stop over all increments. Returns 0 or -errno.
 */
int floor_trial(const struct floor *floor, struct floor_place place,
                unsigned workers, uint64_t time_ns, double *ns);

/*
 * WORKERS processes are forked, all there at once, blocked once, let go
 * together, gone and waited for; nothing else. Returns 0 or -errno.
 */
int floor_crowd(unsigned workers);

#endif
