/*
 * Peterson's lock as textbooks print it: peterson.c without its fences. The
 * signal fences in their place hold back the compiler and are no instruction,
 * so what is lost is lost to the processor.
 *
 * It is right where each load and store takes effect before the next, and so on
 * one processor. x86 keeps stores in a buffer, and loads pass them (TSO): each
 * worker's wish waits in its own buffer, each reads from memory that the other
 * has none, and both go in. That is rare: this is not for luck, but for the
 * explorer, which finds it under tso and shows that sc is fine.
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

	/* Release and relaxed stores are plain ones on x86. */
	atomic_store_explicit(&this->wants[me], true, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
	/* Pairs with the acquire of turn below. */
	atomic_store_explicit(&this->turn, other, memory_order_release);
	atomic_signal_fence(memory_order_seq_cst);
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

SYNC_STRATEGY(peterson_nofence) = {
	.summary = "Peterson's lock without its fences",
	.source = "Owens, Sarkar and Sewell 2009, A better x86 memory model",
	.demo = true,
	.max_workers = 2,
	.shared_size = sizeof(struct peterson),
	.lock = peterson_lock,
	.unlock = peterson_unlock,
};
