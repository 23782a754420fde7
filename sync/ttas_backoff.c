/*
 * Test-and-test-and-set with backoff: wait by reading until the lock is free,
 * stay away for a moment, and only then look again and try to take it; who comes
 * too late stays away for twice as long the next time, up to a bound.
 *
 * A read leaves the cache line with all who wait, so that the holder is left in
 * peace, which tas does not. But when the lock becomes free all of them see it
 * at once, and would all try. Staying away is what thins them out, as colliding
 * stations do on an Ethernet. Use it for short sections where tas suffers and
 * order does not matter: it is unfair, for who has just come need not stay away.
 * Alone it costs what tas costs, and a load. With more workers than processors
 * it does far better than any queue, because nobody is next.
 */
#include <stdatomic.h>

#include "sync/sync.h"

/*
 * Pauses, of some 10 to 50 ns each. The least is about what a short section
 * takes, and the most about a hundred times as long: who stays away for longer
 * may find that the lock was free all the while.
 */
enum { TTAS_LEAST = 4, TTAS_MOST = 256 };

struct ttas {
	atomic_bool held;
};

static bool ttas_try(struct ttas *this)
{
	/* Relaxed: a hint. The exchange is what decides. */
	if (atomic_load_explicit(&this->held, memory_order_relaxed))
		return false;
	/* Pairs with the release in ttas_unlock. */
	return !atomic_exchange_explicit(&this->held, true,
	                                 memory_order_acquire);
}

static void ttas_wait(struct ttas *this)
{
	unsigned pauses = TTAS_LEAST;

	do {
		/* Relaxed: it only tells when to begin to stay away. */
		while (atomic_load_explicit(&this->held, memory_order_relaxed))
			cpu_pause();
		for (unsigned i = 0; i < pauses; i++)
			cpu_pause();
		if (pauses < TTAS_MOST)
			pauses *= 2;
	} while (!ttas_try(this));
}

static int ttas_lock(struct sync_ctx *ctx)
{
	struct ttas *this = ctx->shared;

	if (!ttas_try(this))
		ttas_wait(this);
	return 0;
}

static int ttas_unlock(struct sync_ctx *ctx)
{
	struct ttas *this = ctx->shared;

	/* Pairs with the acquire in ttas_lock. */
	atomic_store_explicit(&this->held, false, memory_order_release);
	return 0;
}

SYNC_STRATEGY(ttas_backoff) = {
	.summary = "test-and-test-and-set, with exponential backoff",
	.source = "Anderson 1990, IEEE TPDS 1(1); Mellor-Crummey and Scott "
	          "1991, 2.1",
	.claims = SYNC_EXCLUDES,
	.shared_size = sizeof(struct ttas),
	.lock = ttas_lock,
	.unlock = ttas_unlock,
};
