#include "tests/bench/floor/floor.h"

#include <stdbool.h>

enum { FLAGS = 64, APART = 128 }; /* as many as there may be workers */

struct array {
	unsigned next;
	char apart[APART - sizeof(unsigned)];
	struct {
		bool go;
		char apart[APART - sizeof(bool)];
	} flag[FLAGS];
};

static void *anderson_make(void *room)
{
	struct array *array = room;

	array->flag[0].go = true;
	return array;
}

static void anderson_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct array *array = lock;
	unsigned mask = 1;

	while (mask + 1 < floor_workers)
		mask = 2 * mask + 1;
	for (uint64_t i = 0; i < times; i++) {
		unsigned mine =
		        __atomic_fetch_add(&array->next, 1, __ATOMIC_RELAXED);
		bool *go = &array->flag[mine & mask].go;

		while (!__atomic_load_n(go, __ATOMIC_ACQUIRE))
			floor_pause();
		__atomic_store_n(go, false, __ATOMIC_RELAXED);
		floor_increment(counter);
		__atomic_store_n(&array->flag[(mine + 1) & mask].go, true,
		                 __ATOMIC_RELEASE);
	}
}

const struct floor floor_anderson = {
	.name = "anderson",
	.batch = 1 << 12,
	.lock_bytes = sizeof(struct array),
	.make = anderson_make,
	.loop = anderson_loop,
};
