/* One instruction without the lock prefix. */
#include "tests/bench/floor/floor.h"

#include <errno.h>

static void *none_rmw_make(void *room)
{
#if defined(__x86_64__)
	return room;
#else
	(void)room;
	errno = EOPNOTSUPP;
	return NULL;
#endif
}

static void none_rmw_loop(void *lock, uint64_t *counter, uint64_t times)
{
	(void)lock;
	for (uint64_t i = 0; i < times; i++) {
#if defined(__x86_64__)
		__asm__ volatile("incq %0" : "+m"(*counter) : : "cc");
#else
		++*(volatile uint64_t *)counter;
#endif
	}
}

const struct floor floor_none_rmw = {
	.name = "none_rmw",
	.batch = 1 << 16,
	.make = none_rmw_make,
	.loop = none_rmw_loop,
};
