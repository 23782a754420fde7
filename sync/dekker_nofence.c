/*
 * Dekker's lock as it was written, for machines without store buffers: dekker.c
 * without its fence. The signal fence in its place holds back the compiler and
 * is no instruction, so what is lost is lost to the processor.
 *
 * It is right where each load and store takes effect before the next, and so on
 * one processor. Under TSO both wishes can wait in their store buffers while
 * both workers read that the other has none; peterson_nofence has the details.
 */
#include <stdatomic.h>

#include "sync/sync.h"

struct dekker {
	atomic_bool wants[2];
	atomic_uint turn; /* of which worker */
};

static void dekker_raise(struct dekker *this, unsigned me)
{
	/* Release and relaxed stores are plain ones on x86. */
	atomic_store_explicit(&this->wants[me], true, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
}

static void dekker_give_way(struct dekker *this, unsigned me)
{
	/* Pairs with the acquire in dekker_lock. */
	atomic_store_explicit(&this->wants[me], false, memory_order_release);
	/* Relaxed: the turn decides nothing but who waits. */
	while (atomic_load_explicit(&this->turn, memory_order_relaxed) != me)
		cpu_pause();
}

static int dekker_lock(struct sync_ctx *ctx)
{
	struct dekker *this = ctx->shared;
	const unsigned me = ctx->self, other = 1 - me;

	dekker_raise(this, me);
	/* Pairs with the release in dekker_unlock. */
	while (atomic_load_explicit(&this->wants[other],
	                            memory_order_acquire)) {
		if (atomic_load_explicit(&this->turn, memory_order_relaxed) ==
		    me) {
			cpu_pause();
		} else {
			dekker_give_way(this, me);
			dekker_raise(this, me);
		}
	}
	return 0;
}

static int dekker_unlock(struct sync_ctx *ctx)
{
	struct dekker *this = ctx->shared;

	atomic_store_explicit(&this->turn, 1 - ctx->self, memory_order_relaxed);
	/* Pairs with the acquire in dekker_lock. */
	atomic_store_explicit(&this->wants[ctx->self], false,
	                      memory_order_release);
	return 0;
}

SYNC_STRATEGY(dekker_nofence) = {
	.summary = "Dekker's lock without its fence",
	.source = "Owens, Sarkar and Sewell 2009, A better x86 memory model",
	.demo = true,
	.max_workers = 2,
	.shared_size = sizeof(struct dekker),
	.lock = dekker_lock,
	.unlock = dekker_unlock,
};
