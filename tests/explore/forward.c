/*
 * Forwarding inside a processor (iwp2.4, amd9): each worker sees its own store
 * before the other sees it (Owens, Sarkar and Sewell 2009, A better x86 memory
 * model: x86-TSO).
 *
 * sc: exact
 * tso: violates: each saw its own store first
 */
#include <racelab.h>
#include <stdatomic.h>

struct forward {
	atomic_int x, y;
	atomic_int r[4]; /* what was read */
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

static void forward_worker(struct sync_ctx *ctx)
{
	struct forward *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		put(&this->r[0], get(&this->x));
		put(&this->r[1], get(&this->y));
	} else {
		put(&this->y, 1);
		put(&this->r[2], get(&this->y));
		put(&this->r[3], get(&this->x));
	}
}

static const char *forward_check(const void *shared, unsigned workers)
{
	const struct forward *this = shared;

	(void)workers;
	/* Nobody ever misses its own store. */
	if (this->r[0] != 1 || this->r[2] != 1)
		return "a worker missed its own store";
	if (this->r[1] == 0 && this->r[3] == 0)
		return "each saw its own store first";
	return NULL;
}

PROGRAM(forward) = {
	.summary = "forwarding from the store buffer",
	.workers = 2,
	.shared_size = sizeof(struct forward),
	.worker = forward_worker,
	.check = forward_check,
};
