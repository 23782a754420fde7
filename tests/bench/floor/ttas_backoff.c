#include "tests/bench/floor/floor.h"

#include <stdbool.h>

enum { LEAST = 4, MOST = 256 };

static void *ttas_make(void *room)
{
	return room;
}

static bool ttas_try(bool *held)
{
	return !__atomic_load_n(held, __ATOMIC_RELAXED) &&
	       !__atomic_exchange_n(held, true, __ATOMIC_ACQUIRE);
}

static void ttas_wait(bool *held)
{
	unsigned pauses = LEAST;

	do {
		while (__atomic_load_n(held, __ATOMIC_RELAXED))
			floor_pause();
		for (unsigned i = 0; i < pauses; i++)
			floor_pause();
		if (pauses < MOST)
			pauses *= 2;
	} while (!ttas_try(held));
}

static void ttas_loop(void *lock, uint64_t *counter, uint64_t times)
{
	bool *held = lock;

	for (uint64_t i = 0; i < times; i++) {
		if (!ttas_try(held))
			ttas_wait(held);
		floor_increment(counter);
		__atomic_store_n(held, false, __ATOMIC_RELEASE);
	}
}

const struct floor floor_ttas_backoff = {
	.name = "ttas_backoff",
	.batch = 1 << 12,
	.lock_bytes = sizeof(bool),
	.make = ttas_make,
	.loop = ttas_loop,
};
