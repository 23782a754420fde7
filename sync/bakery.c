/*
 * Lamport's bakery, for many workers: draw a number one higher than all that
 * can be seen, then wait for everybody who has a lower one. Two may draw the
 * same; then the lower index goes first. While somebody draws, others wait for
 * it, because its number, once drawn, may be lower than theirs.
 *
 * To learn from: each cell is written by one worker only, and no instruction
 * need be atomic. It is first come, first served: who has drawn before another
 * begins to draw goes in before it. The price is two fences and the cells of
 * all, read twice; ticket does it with one instruction, and like ticket it
 * collapses where workers outnumber processors. Numbers grow while the bakery
 * is never empty, which 64 bits bear for centuries.
 *
 * Why it excludes. Let i and j be inside, and i's number be the lower one. Did
 * i's first fence come after j's second, i saw j's number and drew a higher
 * one. Did it come before, j saw that i was drawing, waited, and saw i's number.
 * x86 (TSO) and C11 need both fences, lest the wish to draw, or the number, be
 * still on its way when the others' cells are read.
 */
#include <stdatomic.h>

#include "sync/sync.h"

enum { BAKERY_WORKERS = 64 };

struct bakery_customer {
	atomic_bool drawing;
	_Atomic uint64_t number; /* 0: not waiting, not inside */
};

struct bakery {
	struct bakery_customer customer[BAKERY_WORKERS];
};

static uint64_t bakery_highest(struct bakery *this, unsigned workers)
{
	uint64_t highest = 0, number;

	for (unsigned i = 0; i < workers; i++) {
		/* Relaxed: the fence before it is what makes it new enough. */
		number = atomic_load_explicit(&this->customer[i].number,
		                              memory_order_relaxed);
		if (number > highest)
			highest = number;
	}
	return highest;
}

static uint64_t bakery_draw(struct bakery *this, unsigned me, unsigned workers)
{
	struct bakery_customer *self = &this->customer[me];
	uint64_t mine;

	/* Relaxed: the fence orders it. */
	atomic_store_explicit(&self->drawing, true, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	mine = bakery_highest(this, workers) + 1;
	/* Both pair with the acquires in bakery_wait_for. */
	atomic_store_explicit(&self->number, mine, memory_order_release);
	atomic_store_explicit(&self->drawing, false, memory_order_release);
	atomic_thread_fence(memory_order_seq_cst);
	return mine;
}

/* MOST: the highest number with which that customer goes in before us. */
static void bakery_wait_for(struct bakery_customer *customer, uint64_t most)
{
	uint64_t number;

	/* Pairs with the releases in bakery_draw. */
	while (atomic_load_explicit(&customer->drawing, memory_order_acquire))
		cpu_pause();
	for (;;) {
		/* Pairs with the releases in bakery_draw and bakery_unlock. */
		number = atomic_load_explicit(&customer->number,
		                              memory_order_acquire);
		if (number == 0 || number > most)
			return;
		cpu_pause();
	}
}

static int bakery_lock(struct sync_ctx *ctx)
{
	struct bakery *this = ctx->shared;
	const unsigned me = ctx->self;
	uint64_t mine = bakery_draw(this, me, ctx->workers);

	for (unsigned i = 0; i < ctx->workers; i++) {
		if (i != me)
			bakery_wait_for(&this->customer[i],
			                i < me ? mine : mine - 1);
	}
	return 0;
}

static int bakery_unlock(struct sync_ctx *ctx)
{
	struct bakery *this = ctx->shared;

	/* Pairs with the acquire of number in bakery_wait_for. */
	atomic_store_explicit(&this->customer[ctx->self].number, 0,
	                      memory_order_release);
	return 0;
}

SYNC_STRATEGY(bakery) = {
	.summary = "Lamport's bakery: draw a number and wait",
	.source = "Lamport 1974, CACM 17(8)",
	.claims = SYNC_EXCLUDES | SYNC_FIFO,
	.max_workers = BAKERY_WORKERS,
	.shared_size = sizeof(struct bakery),
	.lock = bakery_lock,
	.unlock = bakery_unlock,
};
