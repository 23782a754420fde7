#include "tests/bench/floor/floor.h"

#include <stdbool.h>

struct node {
	struct node *next;
	bool waits;
};

static void *mcs_make(void *room)
{
	return room;
}

static void mcs_lock(struct node **tail, struct node *self)
{
	struct node *before;

	__atomic_store_n(&self->next, NULL, __ATOMIC_RELAXED);
	before = __atomic_exchange_n(tail, self, __ATOMIC_ACQ_REL);
	if (!before)
		return;
	__atomic_store_n(&self->waits, true, __ATOMIC_RELAXED);
	__atomic_store_n(&before->next, self, __ATOMIC_RELEASE);
	while (__atomic_load_n(&self->waits, __ATOMIC_ACQUIRE))
		floor_pause();
}

static void mcs_unlock(struct node **tail, struct node *self)
{
	struct node *next = __atomic_load_n(&self->next, __ATOMIC_ACQUIRE);
	struct node *last = self;

	if (!next) {
		if (__atomic_compare_exchange_n(tail, &last, NULL, false,
		                                __ATOMIC_RELEASE,
		                                __ATOMIC_RELAXED))
			return;
		while (!(next = __atomic_load_n(&self->next, __ATOMIC_ACQUIRE)))
			floor_pause();
	}
	__atomic_store_n(&next->waits, false, __ATOMIC_RELEASE);
}

__attribute__((flatten)) static void mcs_loop(void *lock, uint64_t *counter,
                                              uint64_t times)
{
	struct node *self = floor_mine;

	for (uint64_t i = 0; i < times; i++) {
		mcs_lock(lock, self);
		floor_increment(counter);
		mcs_unlock(lock, self);
	}
}

const struct floor floor_mcs = {
	.name = "mcs",
	.batch = 1 << 11,
	.lock_bytes = sizeof(struct node *),
	.mine_bytes = sizeof(struct node),
	.make = mcs_make,
	.loop = mcs_loop,
};
