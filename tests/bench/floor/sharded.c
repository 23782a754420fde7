#include "tests/bench/floor/floor.h"

#include <sys/mman.h>

struct slot {
	_Alignas(128) uint64_t count;
};

static void *sharded_make(void *room)
{
	void *memory = mmap(NULL, FLOOR_WORKERS * sizeof(struct slot),
	                    PROT_READ | PROT_WRITE,
	                    MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	(void)room; /* it need not have that much */
	return memory == MAP_FAILED ? NULL : memory;
}

static void sharded_drop(void *lock)
{
	(void)munmap(lock,
	             FLOOR_WORKERS * sizeof(struct slot)); /* it was mapped */
}

static void sharded_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct slot *slot = (struct slot *)lock + floor_self;

	(void)counter;
	for (uint64_t i = 0; i < times; i++)
		floor_increment(&slot->count);
}

const struct floor floor_sharded = {
	.name = "sharded",
	.batch = 1 << 16,
	.make = sharded_make,
	.loop = sharded_loop,
	.drop = sharded_drop,
};
