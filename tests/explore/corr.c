/*
 * Coherence (CoRR): who has seen a new value never sees the old one again.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct corr {
	atomic_int x;
	atomic_int r[2]; /* what was read */
};

/* Relaxed: on x86 a plain mov, and nothing that pairs. */
static void put(atomic_int *cell, int value)
{
	atomic_store_explicit(cell, value, memory_order_relaxed);
}

static int get(atomic_int *cell)
{
	return atomic_load_explicit(cell, memory_order_relaxed);
}

static void corr_worker(struct sync_ctx *ctx)
{
	struct corr *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
	} else {
		put(&this->r[0], get(&this->x));
		put(&this->r[1], get(&this->x));
	}
}

static const char *corr_check(const void *shared, unsigned workers)
{
	const struct corr *this = shared;

	(void)workers;
	if (this->r[0] == 1 && this->r[1] == 0)
		return "the old value came back";
	return NULL;
}

PROGRAM(corr) = {
	.summary = "read after read",
	.workers = 2,
	.shared_size = sizeof(struct corr),
	.worker = corr_worker,
	.check = corr_check,
};
