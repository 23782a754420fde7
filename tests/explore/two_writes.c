/*
 * Two writes each (2+2W), to both cells in opposite order: can the first store
 * of each be the one that stays? Not under TSO, which keeps stores in order.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct two_writes {
	atomic_int x, y;
};

/* Relaxed: on x86 a plain mov, and nothing that pairs. */
static void put(atomic_int *cell, int value)
{
	atomic_store_explicit(cell, value, memory_order_relaxed);
}

static void two_writes_worker(struct sync_ctx *ctx)
{
	struct two_writes *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		put(&this->y, 2);
	} else {
		put(&this->y, 1);
		put(&this->x, 2);
	}
}

static const char *two_writes_check(const void *shared, unsigned workers)
{
	const struct two_writes *this = shared;

	(void)workers;
	if (this->x == 1 && this->y == 1)
		return "both first stores came last";
	return NULL;
}

PROGRAM(two_writes) = {
	.summary = "two writes each",
	.workers = 2,
	.shared_size = sizeof(struct two_writes),
	.worker = two_writes_worker,
	.check = two_writes_check,
};
