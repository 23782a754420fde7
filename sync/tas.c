/*
 * A test-and-set lock: write "held" and look, in the same atomic step, at what
 * was there before. Who finds "free" has it.
 *
 * The shortest lock that works, for any number of workers. Alone it costs one
 * atomic instruction and a store. Under contention each try, also one that
 * fails, takes the cache line away from the holder, who needs it to let go; and
 * who gets in is luck: the processor that has the line tends to get it again.
 * Where that matters use ticket, or mutex, which sleeps.
 */
#include <stdatomic.h>

#include "sync/sync.h"

struct tas {
	atomic_bool held;
};

static int tas_lock(struct sync_ctx *ctx)
{
	struct tas *this = ctx->shared;

	/* Pairs with the release in tas_unlock. */
	while (atomic_exchange_explicit(&this->held, true,
	                                memory_order_acquire))
		cpu_pause();
	return 0;
}

static int tas_unlock(struct sync_ctx *ctx)
{
	struct tas *this = ctx->shared;

	/* Pairs with the acquire in tas_lock. */
	atomic_store_explicit(&this->held, false, memory_order_release);
	return 0;
}

SYNC_STRATEGY(tas) = {
	.summary = "test-and-set lock: one atomic exchange",
	.source = "Mellor-Crummey and Scott 1991, 2.1",
	.claims = SYNC_EXCLUDES,
	.shared_size = sizeof(struct tas),
	.lock = tas_lock,
	.unlock = tas_unlock,
};
