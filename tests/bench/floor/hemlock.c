#include "tests/bench/floor/floor.h"

#include <stdbool.h>

/* A worker's word: the lock that it hands over. */
struct word {
	void *grant;
};

static void *hemlock_make(void *room)
{
	return room;
}

static void hemlock_lock(struct word **tail, struct word *self)
{
	struct word *before = __atomic_exchange_n(tail, self, __ATOMIC_ACQ_REL);

	if (!before)
		return;
	while (__atomic_load_n(&before->grant, __ATOMIC_ACQUIRE) != tail)
		floor_pause();
	__atomic_store_n(&before->grant, NULL, __ATOMIC_RELEASE);
}

static void hemlock_unlock(struct word **tail, struct word *self)
{
	struct word *last = self;

	if (__atomic_compare_exchange_n(tail, &last, NULL, false,
	                                __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&self->grant, tail, __ATOMIC_RELEASE);
	while (__atomic_load_n(&self->grant, __ATOMIC_ACQUIRE))
		floor_pause();
}

__attribute__((flatten)) static void hemlock_loop(void *lock, uint64_t *counter,
                                                  uint64_t times)
{
	struct word *self = floor_mine;

	for (uint64_t i = 0; i < times; i++) {
		hemlock_lock(lock, self);
		floor_increment(counter);
		hemlock_unlock(lock, self);
	}
}

const struct floor floor_hemlock = {
	.name = "hemlock",
	.batch = 1 << 11,
	.lock_bytes = sizeof(struct word *),
	.mine_bytes = sizeof(struct word),
	.make = hemlock_make,
	.loop = hemlock_loop,
};
