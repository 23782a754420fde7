/*
 * Hemlock: a queue lock with one word a worker and one word a lock. Who comes
 * puts its word at the tail, gets the word of the one before, and waits until
 * that one writes into its own word which lock it hands over; then it empties
 * the word, to say that it has seen it.
 *
 * It is clh without nodes that change hands, and without one that is over: a
 * worker's word serves all the locks it will ever hold, which is why it says
 * which of them it hands over. First come, first served, and it collapses where
 * the next in line is not running. Alone it costs two atomic instructions, as
 * mcs does. The price is that leaving waits until the one behind has answered:
 * it is not wait-free, and if that one does not run, who leaves stays, too.
 *
 * The paper lets those who wait try a compare-and-swap instead of a load, so
 * that the line comes over for writing at once; that is left out here.
 */
#include <stdatomic.h>

#include "sync/sync.h"

struct hemlock;

struct hemlock_worker {
	/* Which lock it hands over; NULL: none, as always when it has none. */
	_Atomic(const struct hemlock *) grant;
};

struct hemlock {
	_Atomic(struct hemlock_worker *) tail; /* NULL: the lock is free */
};

static int hemlock_lock(struct sync_ctx *ctx)
{
	struct hemlock *this = ctx->shared;
	struct hemlock_worker *before;

	/*
	 * The acquire pairs with the release of tail in hemlock_unlock, and
	 * with the release of who was here before: its word is empty by then.
	 */
	before = atomic_exchange_explicit(&this->tail,
	                                  (struct hemlock_worker *)ctx->mine,
	                                  memory_order_acq_rel);
	if (!before)
		return 0;
	/* Pairs with the release of grant in hemlock_unlock. */
	while (atomic_load_explicit(&before->grant, memory_order_acquire) !=
	       this)
		cpu_pause();
	/* Pairs with the acquire in hemlock_unlock. */
	atomic_store_explicit(&before->grant, NULL, memory_order_release);
	return 0;
}

static int hemlock_unlock(struct sync_ctx *ctx)
{
	struct hemlock *this = ctx->shared;
	struct hemlock_worker *self = ctx->mine, *tail = self;

	/* Pairs with the acquire of tail in hemlock_lock. Relaxed if it fails:
	   the hand-over is what orders. */
	if (atomic_compare_exchange_strong_explicit(&this->tail, &tail, NULL,
	                                            memory_order_release,
	                                            memory_order_relaxed))
		return 0;
	/* Pairs with the acquire of grant in hemlock_lock. */
	atomic_store_explicit(&self->grant, this, memory_order_release);
	/* Pairs with the release in hemlock_lock. */
	while (atomic_load_explicit(&self->grant, memory_order_acquire))
		cpu_pause();
	return 0;
}

SYNC_STRATEGY(hemlock) = {
	.summary = "Hemlock: a queue with one word a worker",
	.source = "Dice and Kogan 2021, SPAA (arXiv 2102.03863)",
	.claims = SYNC_EXCLUDES | SYNC_FIFO,
	.shared_size = sizeof(struct hemlock),
	.mine_size = sizeof(struct hemlock_worker),
	.lock = hemlock_lock,
	.unlock = hemlock_unlock,
};
