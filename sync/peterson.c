/*
 * Peterson's lock, for two workers: say that you want to go in, offer the turn
 * to the other, and wait while it wants to and has the turn. Loads and stores
 * are all it takes, and nobody is overtaken more than once.
 *
 * To learn from: where there is an atomic exchange, tas is simpler, cheaper,
 * and for any number of workers. This costs two fences, also alone.
 *
 * Why it excludes. Of two that are going in, let ours be the later store to
 * turn. Then our second fence comes after the other's first one: were it before,
 * our store to turn would be, too. So we see that the other wants to; and the
 * turn is as we left it, the other's. We wait.
 *
 * The second fence is the famous one. A processor keeps its stores in a buffer
 * for a while, and its loads pass them: without the fence each could look for
 * the other's wish while its own is still in the buffer (peterson_nofence).
 * x86 (TSO) needs no other, because it never lets a store pass a store. C11 is
 * for weaker machines, too, and wants both.
 */
#include <stdatomic.h>

#include "sync/sync.h"

struct peterson {
	atomic_bool wants[2];
	atomic_uint turn; /* of which worker */
};

static int peterson_lock(struct sync_ctx *ctx)
{
	struct peterson *this = ctx->shared;
	const unsigned me = ctx->self, other = 1 - me;

	/* Relaxed: the fence orders it. */
	atomic_store_explicit(&this->wants[me], true, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	/* Pairs with the acquire of turn below. */
	atomic_store_explicit(&this->turn, other, memory_order_release);
	atomic_thread_fence(memory_order_seq_cst);
	/* Pair with the release in peterson_unlock and that of turn above. */
	while (atomic_load_explicit(&this->wants[other],
	                            memory_order_acquire) &&
	       atomic_load_explicit(&this->turn, memory_order_acquire) == other)
		cpu_pause();
	return 0;
}

static int peterson_unlock(struct sync_ctx *ctx)
{
	struct peterson *this = ctx->shared;

	/* Pairs with the acquire of wants in peterson_lock. */
	atomic_store_explicit(&this->wants[ctx->self], false,
	                      memory_order_release);
	return 0;
}

SYNC_STRATEGY(peterson) = {
	.summary = "Peterson's lock for two workers: loads and stores",
	.source = "Peterson 1981, Myths about the mutual exclusion problem",
	.claims = SYNC_EXCLUDES,
	.max_workers = 2,
	.shared_size = sizeof(struct peterson),
	.lock = peterson_lock,
	.unlock = peterson_unlock,
};
