#include "tests/bench/floor/floor.h"

enum { WORKERS = 64 };

struct filter {
	unsigned level[WORKERS], back[WORKERS];
};

static void *filter_make(void *room)
{
	return room;
}

static void filter_climb(struct filter *this, unsigned me, unsigned workers,
                         unsigned level)
{
	__atomic_store_n(&this->level[me], level, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&this->back[level], me, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (unsigned i = 0; i < workers; i++) {
		while (i != me &&
		       __atomic_load_n(&this->level[i], __ATOMIC_ACQUIRE) >=
		               level &&
		       __atomic_load_n(&this->back[level], __ATOMIC_ACQUIRE) ==
		               me)
			floor_pause();
	}
}

static void filter_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct filter *this = lock;
	unsigned me = floor_self, workers = floor_workers;
	unsigned levels = workers > 2 ? workers - 1 : 1;

	for (uint64_t i = 0; i < times; i++) {
		for (unsigned level = 1; level <= levels; level++)
			filter_climb(this, me, workers, level);
		floor_increment(counter);
		__atomic_store_n(&this->level[me], 0, __ATOMIC_RELEASE);
	}
}

const struct floor floor_filter = {
	.name = "filter",
	.batch = 1 << 9,
	.lock_bytes = sizeof(struct filter),
	.make = filter_make,
	.loop = filter_loop,
};
