/*
 * The CLH lock: a queue that nobody has to link. Who comes puts a node that says
 * "held" at the tail, gets the node that was there, and waits until that one
 * says "held" no more; who leaves clears its own node. Afterwards it keeps the
 * node of the one before, which nobody looks at any more, because whoever comes
 * after may still be looking at the one it came with.
 *
 * Like mcs it has each worker wait on a line of its own, and is first come,
 * first served; and like mcs it collapses where the next in line is not running.
 * Alone it is cheaper: one atomic instruction, and leaving is a store, which
 * never waits. The price is that nodes change hands: there is one more than
 * there are workers, and none can be on somebody's stack.
 *
 * Pointers to nodes mean the same in each process, because the mapping is
 * inherited by fork and so has the same address everywhere. Processes that map
 * it by name would have to number the nodes.
 */
#include <stdatomic.h>

#include "sync/sync.h"

/* A cache line, and the one that is fetched with it. */
enum { CLH_APART = 128 };

struct clh_node {
	atomic_bool held;
};

struct clh {
	_Atomic(struct clh_node *) tail; /* of who came last */
	char apart[CLH_APART - sizeof(void *)];
	struct clh_node first; /* the one that is over from the start */
};

static int clh_init(void *shared, unsigned workers)
{
	struct clh *this = shared;

	(void)workers;
	atomic_init(&this->tail, &this->first);
	return 0;
}

static int clh_lock(struct sync_ctx *ctx)
{
	struct clh *this = ctx->shared;
	struct clh_node *node = ctx->mine, *before;

	/* Relaxed: the exchange makes it known. */
	atomic_store_explicit(&node->held, true, memory_order_relaxed);
	/* The release pairs with the acquire of who comes after us. */
	before = atomic_exchange_explicit(&this->tail, node,
	                                  memory_order_acq_rel);
	/* Pairs with the release in clh_unlock. */
	while (atomic_load_explicit(&before->held, memory_order_acquire))
		cpu_pause();
	ctx->note = before;
	return 0;
}

static int clh_unlock(struct sync_ctx *ctx)
{
	struct clh_node *node = ctx->mine;

	/* Pairs with the acquire of held in clh_lock. */
	atomic_store_explicit(&node->held, false, memory_order_release);
	ctx->mine = ctx->note;
	return 0;
}

SYNC_STRATEGY(clh) = {
	.summary = "CLH queue: each waits for the one before",
	.source = "Craig 1993; Magnusson, Landin and Hagersten 1994; see Scott "
	          "2013, Shared-Memory Synchronization, ch. 4",
	.claims = SYNC_EXCLUDES | SYNC_FIFO,
	.shared_size = sizeof(struct clh),
	.mine_size = sizeof(struct clh_node),
	.init = clh_init,
	.lock = clh_lock,
	.unlock = clh_unlock,
};
