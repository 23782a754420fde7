#include "tests/bench/floor/floor.h"

#include <stdbool.h>

static void *cas_make(void *room)
{
	return room;
}

static void cas_loop(void *lock, uint64_t *counter, uint64_t times)
{
	(void)lock;
	for (uint64_t i = 0; i < times; i++) {
		uint64_t seen = __atomic_load_n(counter, __ATOMIC_RELAXED);

		while (!__atomic_compare_exchange_n(counter, &seen, seen + 1,
		                                    true, __ATOMIC_RELAXED,
		                                    __ATOMIC_RELAXED))
			floor_pause();
	}
}

const struct floor floor_cas = {
	.name = "cas",
	.batch = 1 << 12,
	.make = cas_make,
	.loop = cas_loop,
};
