#include "tests/bench/floor/floor.h"

#include <sys/mman.h>

enum { BATCH = 16 };

struct rest {
	_Alignas(128) uint64_t count;
};

static void *batched_make(void *room)
{
	void *memory = mmap(NULL, FLOOR_WORKERS * sizeof(struct rest),
	                    PROT_READ | PROT_WRITE,
	                    MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	(void)room; /* it need not have that much */
	return memory == MAP_FAILED ? NULL : memory;
}

static void batched_drop(void *lock)
{
	(void)munmap(lock,
	             FLOOR_WORKERS * sizeof(struct rest)); /* it was mapped */
}

static void batched_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct rest *rest = (struct rest *)lock + floor_self;

	for (uint64_t i = 0; i < times; i++) {
		floor_increment(&rest->count);
		if (*(volatile uint64_t *)&rest->count < BATCH)
			continue;
		(void)__atomic_fetch_add(counter, BATCH, __ATOMIC_RELAXED);
		*(volatile uint64_t *)&rest->count = 0;
	}
}

const struct floor floor_batched = {
	.name = "batched",
	.batch = 1 << 16,
	.make = batched_make,
	.loop = batched_loop,
	.drop = batched_drop,
};
