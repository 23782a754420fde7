#include "tests/bench/floor/floor.h"

#include <stdbool.h>

static void *tas_make(void *room)
{
	return room;
}

static void tas_loop(void *lock, uint64_t *counter, uint64_t times)
{
	bool *held = lock;

	for (uint64_t i = 0; i < times; i++) {
		while (__atomic_exchange_n(held, true, __ATOMIC_ACQUIRE))
			floor_pause();
		floor_increment(counter);
		__atomic_store_n(held, false, __ATOMIC_RELEASE);
	}
}

const struct floor floor_tas = {
	.name = "tas",
	.batch = 1 << 12,
	.lock_bytes = sizeof(bool),
	.make = tas_make,
	.loop = tas_loop,
};
