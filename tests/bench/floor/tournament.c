#include "tests/bench/floor/floor.h"

#include <stdbool.h>

enum { NODES = 64, APART = 128 };

struct node {
	bool wants[2];
	unsigned turn;
	char apart[APART - 2 * sizeof(unsigned)];
};

static void *tournament_make(void *room)
{
	return room;
}

static void tournament_win(struct node *node, unsigned side)
{
	unsigned other = 1 - side;

	__atomic_store_n(&node->wants[side], true, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&node->turn, other, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	while (__atomic_load_n(&node->wants[other], __ATOMIC_ACQUIRE) &&
	       __atomic_load_n(&node->turn, __ATOMIC_ACQUIRE) == other)
		floor_pause();
}

static unsigned tournament_levels(void)
{
	unsigned levels = 1;

	while (1u << levels < floor_workers)
		levels++;
	return levels;
}

static void tournament_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct node *tree = lock;
	unsigned levels = tournament_levels();
	unsigned leaf = (1u << levels) + floor_self;

	for (uint64_t i = 0; i < times; i++) {
		for (unsigned at = leaf; at > 1; at /= 2)
			tournament_win(&tree[at / 2], at % 2);
		floor_increment(counter);
		for (unsigned level = levels; level-- > 0;) {
			unsigned at = leaf >> level;

			__atomic_store_n(&tree[at / 2].wants[at % 2], false,
			                 __ATOMIC_RELEASE);
		}
	}
}

const struct floor floor_tournament = {
	.name = "tournament",
	.batch = 1 << 9,
	.lock_bytes = NODES * sizeof(struct node),
	.make = tournament_make,
	.loop = tournament_loop,
};
