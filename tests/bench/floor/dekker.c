#include "tests/bench/floor/floor.h"

#include <stdbool.h>

struct dekker {
	bool wants[2];
	unsigned turn;
};

static void *dekker_make(void *room)
{
	return room;
}

static void dekker_raise(struct dekker *this, unsigned me)
{
	__atomic_store_n(&this->wants[me], true, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void dekker_lock(struct dekker *this, unsigned me)
{
	dekker_raise(this, me);
	while (__atomic_load_n(&this->wants[1 - me], __ATOMIC_ACQUIRE)) {
		if (__atomic_load_n(&this->turn, __ATOMIC_RELAXED) == me) {
			floor_pause();
			continue;
		}
		__atomic_store_n(&this->wants[me], false, __ATOMIC_RELEASE);
		while (__atomic_load_n(&this->turn, __ATOMIC_RELAXED) != me)
			floor_pause();
		dekker_raise(this, me);
	}
}

__attribute__((flatten)) static void dekker_loop(void *lock, uint64_t *counter,
                                                 uint64_t times)
{
	struct dekker *this = lock;
	unsigned me = floor_self;

	for (uint64_t i = 0; i < times; i++) {
		dekker_lock(this, me);
		floor_increment(counter);
		__atomic_store_n(&this->turn, 1 - me, __ATOMIC_RELAXED);
		__atomic_store_n(&this->wants[me], false, __ATOMIC_RELEASE);
	}
}

const struct floor floor_dekker = {
	.name = "dekker",
	.batch = 1 << 9,
	.lock_bytes = sizeof(struct dekker),
	.make = dekker_make,
	.loop = dekker_loop,
};
