#include "tests/bench/floor/floor.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A word: 0 while it is free, 1 while somebody has it, 2 if others may sleep. */
static void *futex_make(void *room)
{
	return room;
}

static void futex_wait(unsigned *word, unsigned seen)
{
	do {
		unsigned held = 1;

		if (seen == 2 ||
		    __atomic_compare_exchange_n(word, &held, 2, 0,
		                                __ATOMIC_RELAXED,
		                                __ATOMIC_RELAXED) ||
		    held == 2)
			(void)syscall(SYS_futex, word, FUTEX_WAIT, 2, NULL,
			              NULL, 0);
		seen = 0;
		(void)__atomic_compare_exchange_n(
		        word, &seen, 2, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
	} while (seen != 0);
}

static void futex_loop(void *lock, uint64_t *counter, uint64_t times)
{
	unsigned *word = lock;

	for (uint64_t i = 0; i < times; i++) {
		unsigned seen = 0;

		if (!__atomic_compare_exchange_n(word, &seen, 1, 0,
		                                 __ATOMIC_ACQUIRE,
		                                 __ATOMIC_RELAXED))
			futex_wait(word, seen);
		floor_increment(counter);
		if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2)
			(void)syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL,
			              NULL, 0);
	}
}

const struct floor floor_futex = {
	.name = "futex",
	.batch = 1 << 11,
	.lock_bytes = sizeof(unsigned),
	.make = futex_make,
	.loop = futex_loop,
};
