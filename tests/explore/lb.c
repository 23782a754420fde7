/*
 * Load buffering (LB): each worker loads one cell and then stores to the other;
 * can both see a store that comes after their own load? Not under TSO.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct lb {
	atomic_int x, y;
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

static void lb_worker(struct sync_ctx *ctx)
{
	struct lb *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->r[0], get(&this->x));
		put(&this->y, 1);
	} else {
		put(&this->r[1], get(&this->y));
		put(&this->x, 1);
	}
}

static const char *lb_check(const void *shared, unsigned workers)
{
	const struct lb *this = shared;

	(void)workers;
	if (this->r[0] == 1 && this->r[1] == 1)
		return "both read the future";
	return NULL;
}

PROGRAM(lb) = {
	.summary = "load buffering",
	.workers = 2,
	.shared_size = sizeof(struct lb),
	.worker = lb_worker,
	.check = lb_check,
};
