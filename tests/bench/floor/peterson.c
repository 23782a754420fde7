#include "tests/bench/floor/floor.h"

#include <stdbool.h>

struct peterson {
	bool wants[2];
	unsigned turn;
};

static void *peterson_make(void *room)
{
	return room;
}

static void peterson_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct peterson *this = lock;
	unsigned me = floor_self, other = 1 - me;

	for (uint64_t i = 0; i < times; i++) {
		__atomic_store_n(&this->wants[me], true, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		__atomic_store_n(&this->turn, other, __ATOMIC_RELEASE);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		while (__atomic_load_n(&this->wants[other], __ATOMIC_ACQUIRE) &&
		       __atomic_load_n(&this->turn, __ATOMIC_ACQUIRE) == other)
			floor_pause();
		floor_increment(counter);
		__atomic_store_n(&this->wants[me], false, __ATOMIC_RELEASE);
	}
}

const struct floor floor_peterson = {
	.name = "peterson",
	.batch = 1 << 9,
	.lock_bytes = sizeof(struct peterson),
	.make = peterson_make,
	.loop = peterson_loop,
};
