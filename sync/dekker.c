/*
 * Dekker's lock, for two workers, the first one known: say that you want to go
 * in; if the other wants to as well, whoever does not have the turn takes its
 * wish back and waits for the turn, which is handed on by leaving.
 *
 * To learn from: peterson does the same in fewer lines, and tas for any number
 * of workers. Alone it costs one fence.
 *
 * Why it excludes. Who goes in has raised its wish, passed a fence, and then
 * read that the other had none. Of two fences one comes later, and after it the
 * wish raised before the other is seen. So one fence for each wish is enough, on
 * x86 (TSO) and in C11. The turn only settles who gives way: both might, for
 * ever.
 */
#include <stdatomic.h>

#include "sync/sync.h"

struct dekker {
	atomic_bool wants[2];
	atomic_uint turn; /* of which worker */
};

static void dekker_raise(struct dekker *this, unsigned me)
{
	/* Relaxed: the fence, which pairs with the other's, orders it. */
	atomic_store_explicit(&this->wants[me], true, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
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

SYNC_STRATEGY(dekker) = {
	.summary = "Dekker's lock for two workers: the first of all",
	.source = "Dijkstra 1965, Cooperating sequential processes (EWD 123)",
	.claims = SYNC_EXCLUDES,
	.max_workers = 2,
	.shared_size = sizeof(struct dekker),
	.lock = dekker_lock,
	.unlock = dekker_unlock,
};
