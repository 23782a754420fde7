#include "tests/bench/floor/floor.h"

#include <stdbool.h>

enum { WORKERS = 64 };

struct customer {
	bool drawing;
	uint64_t number;
};

static void *bakery_make(void *room)
{
	return room;
}

static uint64_t bakery_draw(struct customer *all, unsigned me, unsigned workers)
{
	uint64_t highest = 0;

	__atomic_store_n(&all[me].drawing, true, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (unsigned i = 0; i < workers; i++) {
		uint64_t number =
		        __atomic_load_n(&all[i].number, __ATOMIC_RELAXED);

		highest = number > highest ? number : highest;
	}
	__atomic_store_n(&all[me].number, highest + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&all[me].drawing, false, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return highest + 1;
}

static void bakery_wait(const struct customer *other, uint64_t most)
{
	uint64_t number;

	while (__atomic_load_n(&other->drawing, __ATOMIC_ACQUIRE))
		floor_pause();
	for (;;) {
		number = __atomic_load_n(&other->number, __ATOMIC_ACQUIRE);
		if (number == 0 || number > most)
			return;
		floor_pause();
	}
}

__attribute__((flatten)) static void bakery_loop(void *lock, uint64_t *counter,
                                                 uint64_t times)
{
	struct customer *all = lock;
	unsigned me = floor_self, workers = floor_workers;

	for (uint64_t i = 0; i < times; i++) {
		uint64_t mine = bakery_draw(all, me, workers);

		for (unsigned j = 0; j < workers; j++) {
			if (j != me)
				bakery_wait(&all[j], j < me ? mine : mine - 1);
		}
		floor_increment(counter);
		__atomic_store_n(&all[me].number, 0, __ATOMIC_RELEASE);
	}
}

const struct floor floor_bakery = {
	.name = "bakery",
	.batch = 1 << 9,
	.lock_bytes = WORKERS * sizeof(struct customer),
	.make = bakery_make,
	.loop = bakery_loop,
};
