#include "tests/bench/floor/floor.h"

static void *atomic_make(void *room)
{
	return room;
}

static void atomic_loop(void *lock, uint64_t *counter, uint64_t times)
{
	(void)lock;
	for (uint64_t i = 0; i < times; i++)
		(void)__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

const struct floor floor_atomic = {
	.name = "atomic",
	.batch = 1 << 13,
	.make = atomic_make,
	.loop = atomic_loop,
};
