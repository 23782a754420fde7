/*
 * A ticket lock: take a number, wait until it is called. Whoever came first is
 * served first.
 *
 * Use it where nobody may starve and each worker has a processor. Alone it
 * costs one atomic instruction, a load and a store. Letting go makes every
 * waiting processor fetch the line again; and when the next in line is not
 * running just now, all wait for it, so with more workers than processors it
 * collapses.
 */
#include <stdatomic.h>

#include "sync/sync.h"

/* Both wrap around, which harms nobody: only equality counts. */
struct ticket {
	atomic_uint next;    /* the number that the next worker takes */
	atomic_uint serving; /* the number whose turn it is */
};

static int ticket_lock(struct sync_ctx *ctx)
{
	struct ticket *this = ctx->shared;
	/* Relaxed: taking a number orders nothing, waiting for it does. */
	unsigned mine =
	        atomic_fetch_add_explicit(&this->next, 1, memory_order_relaxed);

	/* Pairs with the release in ticket_unlock. */
	while (atomic_load_explicit(&this->serving, memory_order_acquire) !=
	       mine)
		cpu_pause();
	return 0;
}

static int ticket_unlock(struct sync_ctx *ctx)
{
	struct ticket *this = ctx->shared;
	/* Relaxed: only the holder writes it, so this is our own number. */
	unsigned mine =
	        atomic_load_explicit(&this->serving, memory_order_relaxed);

	/* Pairs with the acquire in ticket_lock. */
	atomic_store_explicit(&this->serving, mine + 1, memory_order_release);
	return 0;
}

SYNC_STRATEGY(ticket) = {
	.summary = "ticket lock: take a number, wait for it",
	.source = "Mellor-Crummey and Scott 1991, 2.2",
	.claims = SYNC_EXCLUDES | SYNC_FIFO,
	.shared_size = sizeof(struct ticket),
	.lock = ticket_lock,
	.unlock = ticket_unlock,
};
