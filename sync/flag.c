/*
 * A lock that does not work: look whether the flag is down, then raise it. Each
 * of the two is atomic, and the pair is not: whoever looks in between sees the
 * flag down, too, and both go in. It is the race of none.c again, one level up,
 * and adding more flags does not cure it; tas.c does, by looking and raising in
 * one step.
 *
 * Never use it; it is here to be caught.
 */
#include <stdatomic.h>

#include "sync/sync.h"

struct flag {
	atomic_bool raised;
};

static int flag_lock(struct sync_ctx *ctx)
{
	struct flag *this = ctx->shared;

	/* Pairs with the release in flag_unlock, for all the good it does. */
	while (atomic_load_explicit(&this->raised, memory_order_acquire))
		cpu_pause();
	/* Relaxed: no order could mend that it comes too late. */
	atomic_store_explicit(&this->raised, true, memory_order_relaxed);
	return 0;
}

static int flag_unlock(struct sync_ctx *ctx)
{
	struct flag *this = ctx->shared;

	/* Pairs with the acquire in flag_lock. */
	atomic_store_explicit(&this->raised, false, memory_order_release);
	return 0;
}

SYNC_STRATEGY(flag) = {
	.summary = "a flag that is tested and then set: no lock at all",
	.source = "Arpaci-Dusseau, Three Easy Pieces, 28: a failed attempt",
	.demo = true,
	.shared_size = sizeof(struct flag),
	.lock = flag_lock,
	.unlock = flag_unlock,
};
