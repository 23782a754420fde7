/*
 * The MCS lock: a queue of those who wait, each with a node of its own. Who
 * comes puts its node at the tail, tells the one before it, and waits for a flag
 * in its own node; who leaves sets the flag of the one behind it.
 *
 * Each waits on a line that nobody else reads, so letting go disturbs exactly
 * one processor, however many wait. That is what it is for: many processors and
 * a lock that is busy, where ticket has all of them fetch the same line. First
 * come, first served; and like every queue it collapses where the next in line
 * is not running. Alone it costs two atomic instructions: one to come, and one
 * to leave without overlooking somebody who is just coming.
 *
 * Between two who are queueing there is a moment when the tail is taken and the
 * link not yet set. Who leaves then has to wait for the link, so leaving is not
 * wait-free; clh needs no such moment.
 */
#include <stdatomic.h>

#include "sync/sync.h"

struct mcs_node {
	_Atomic(struct mcs_node *) next; /* who comes after us */
	atomic_bool waits;
};

struct mcs {
	_Atomic(struct mcs_node *) tail; /* NULL: the lock is free */
};

/* Gets in line behind BEFORE, and waits to be called. */
static void mcs_wait(struct mcs_node *self, struct mcs_node *before)
{
	/* Relaxed: the link, which is a release, makes it known. */
	atomic_store_explicit(&self->waits, true, memory_order_relaxed);
	/* Pairs with the acquires of next in mcs_unlock. */
	atomic_store_explicit(&before->next, self, memory_order_release);
	/* Pairs with the release of waits in mcs_unlock. */
	while (atomic_load_explicit(&self->waits, memory_order_acquire))
		cpu_pause();
}

static int mcs_lock(struct sync_ctx *ctx)
{
	struct mcs *this = ctx->shared;
	struct mcs_node *self = ctx->mine, *before;

	/* Relaxed: the exchange makes it known to who comes after us. */
	atomic_store_explicit(&self->next, NULL, memory_order_relaxed);
	/*
	 * The acquire pairs with the release of tail in mcs_unlock, and with
	 * the release of who was here before: its next is NULL before we set it.
	 */
	before = atomic_exchange_explicit(&this->tail, self,
	                                  memory_order_acq_rel);
	if (before)
		mcs_wait(self, before);
	return 0;
}

/* Whether nobody is behind us; then the lock is free. */
static bool mcs_is_last(struct mcs *this, struct mcs_node *self)
{
	struct mcs_node *tail = self;

	/* Pairs with the acquire in mcs_lock. Relaxed if it fails: we stay. */
	return atomic_compare_exchange_strong_explicit(&this->tail, &tail, NULL,
	                                               memory_order_release,
	                                               memory_order_relaxed);
}

static int mcs_unlock(struct sync_ctx *ctx)
{
	struct mcs_node *self = ctx->mine, *next;

	/* Here and below: pairs with the release of next in mcs_wait. */
	next = atomic_load_explicit(&self->next, memory_order_acquire);
	if (!next && mcs_is_last(ctx->shared, self))
		return 0;
	while (!next) {
		cpu_pause();
		next = atomic_load_explicit(&self->next, memory_order_acquire);
	}
	/* Pairs with the acquire of waits in mcs_wait. */
	atomic_store_explicit(&next->waits, false, memory_order_release);
	return 0;
}

SYNC_STRATEGY(mcs) = {
	.summary = "MCS queue: each waits for its own flag",
	.source = "Mellor-Crummey and Scott 1991, 2.4",
	.claims = SYNC_EXCLUDES | SYNC_FIFO,
	.shared_size = sizeof(struct mcs),
	.mine_size = sizeof(struct mcs_node),
	.lock = mcs_lock,
	.unlock = mcs_unlock,
};
