#include "tests/bench/floor/floor.h"

static void *none_make(void *room)
{
	return room;
}

static void none_loop(void *lock, uint64_t *counter, uint64_t times)
{
	(void)lock;
	for (uint64_t i = 0; i < times; i++)
		floor_increment(counter);
}

const struct floor floor_none = {
	.name = "none",
	.batch = 1 << 16,
	.make = none_make,
	.loop = none_loop,
};
