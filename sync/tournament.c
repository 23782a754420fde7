/*
 * A tournament of Peterson's locks, for many workers: they stand at the leaves
 * of a tree, and each node of the tree is a lock for two, one from the left and
 * one from the right. Who wins a node goes up; who wins the root is inside. Who
 * leaves gives the nodes back from the root down.
 *
 * To learn from: how a lock for two becomes one for many, with loads and stores
 * only, at the price of Peterson's two fences for each level, also alone; there
 * are log2 N levels, where bakery reads the cells of all N and filter has N - 1
 * levels of that. Nobody starves, but it is not first come, first served: who
 * comes later may have won its way up by then. Where the one who has won a node
 * does not run, half of the tree below waits.
 *
 * Why it excludes. At a node come at most one from the left and one from the
 * right: each has won the node below on its side, and still holds it. That is
 * all that Peterson's lock asks; see peterson for the rest, and for why each
 * fence is there. Therefore, too, the nodes are given back from the root down:
 * from the leaves up, another could come to a node from the same side and find
 * its wish taken back by the one before.
 */
#include <stdatomic.h>

#include "sync/sync.h"

enum {
	TOURNAMENT_WORKERS = 64,
	TOURNAMENT_APART = 128, /* a cache line, and what is fetched with it */
};

/* One of Peterson's locks. */
struct tournament_node {
	atomic_bool wants[2];
	atomic_uint turn; /* of which side */
	char apart[TOURNAMENT_APART - 2 * sizeof(atomic_bool) -
	           sizeof(atomic_uint) - 2];
};

/* The root is node 1, and below node n are 2n and 2n + 1. */
struct tournament {
	struct tournament_node node[TOURNAMENT_WORKERS];
};

/* How many levels of nodes there are; one, if there is but one worker. */
static unsigned tournament_levels(unsigned workers)
{
	return 32 - (unsigned)__builtin_clz((workers - 1) | 1);
}

static void tournament_win(struct tournament_node *node, unsigned side)
{
	const unsigned other = 1 - side;

	/* Relaxed: the fence orders it. */
	atomic_store_explicit(&node->wants[side], true, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	/* Pairs with the acquire of turn below. */
	atomic_store_explicit(&node->turn, other, memory_order_release);
	atomic_thread_fence(memory_order_seq_cst);
	/* Pair with the release in tournament_unlock and that of turn above. */
	while (atomic_load_explicit(&node->wants[other],
	                            memory_order_acquire) &&
	       atomic_load_explicit(&node->turn, memory_order_acquire) == other)
		cpu_pause();
}

static int tournament_lock(struct sync_ctx *ctx)
{
	struct tournament *this = ctx->shared;
	unsigned at = (1u << tournament_levels(ctx->workers)) + ctx->self;

	for (; at > 1; at /= 2)
		tournament_win(&this->node[at / 2], at % 2);
	return 0;
}

static int tournament_unlock(struct sync_ctx *ctx)
{
	struct tournament *this = ctx->shared;
	unsigned level = tournament_levels(ctx->workers);
	const unsigned leaf = (1u << level) + ctx->self;

	while (level-- > 0) {
		unsigned at = leaf >> level;

		/* Pairs with the acquire of wants in tournament_win. */
		atomic_store_explicit(&this->node[at / 2].wants[at % 2], false,
		                      memory_order_release);
	}
	return 0;
}

SYNC_STRATEGY(tournament) = {
	.summary = "a tournament of Peterson's locks, for many workers",
	.source = "Peterson and Fischer 1977, STOC; Peterson 1981",
	.claims = SYNC_EXCLUDES,
	.max_workers = TOURNAMENT_WORKERS,
	.shared_size = sizeof(struct tournament),
	.lock = tournament_lock,
	.unlock = tournament_unlock,
};
