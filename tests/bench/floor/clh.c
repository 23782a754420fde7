#include "tests/bench/floor/floor.h"

#include <stdbool.h>

enum { APART = 128 };

struct node {
	bool held;
};

struct queue {
	struct node *tail;
	char apart[APART - sizeof(struct node *)];
	struct node first;
};

static void *clh_make(void *room)
{
	struct queue *queue = room;

	queue->tail = &queue->first;
	return queue;
}

static void clh_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct queue *queue = lock;
	struct node *node = floor_mine, *before;

	for (uint64_t i = 0; i < times; i++) {
		__atomic_store_n(&node->held, true, __ATOMIC_RELAXED);
		before = __atomic_exchange_n(&queue->tail, node,
		                             __ATOMIC_ACQ_REL);
		while (__atomic_load_n(&before->held, __ATOMIC_ACQUIRE))
			floor_pause();
		floor_increment(counter);
		__atomic_store_n(&node->held, false, __ATOMIC_RELEASE);
		node = before;
	}
	floor_mine = node;
}

const struct floor floor_clh = {
	.name = "clh",
	.batch = 1 << 11,
	.lock_bytes = sizeof(struct queue),
	.mine_bytes = sizeof(struct node),
	.make = clh_make,
	.loop = clh_loop,
};
