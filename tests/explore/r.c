/*
 * The litmus test R: A stores x, then y; B stores y and loads x. If B stored y
 * last, and A before it, B must see x; under TSO its store may still be in the
 * buffer when it loads.
 *
 * sc: exact
 * tso: violates: B stored last and missed x
 */
#include <racelab.h>
#include <stdatomic.h>

struct r {
	atomic_int x, y;
	atomic_int r[1]; /* what was read */
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

static void r_worker(struct sync_ctx *ctx)
{
	struct r *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		put(&this->y, 1);
	} else {
		put(&this->y, 2);
		put(&this->r[0], get(&this->x));
	}
}

static const char *r_check(const void *shared, unsigned workers)
{
	const struct r *this = shared;

	(void)workers;
	if (this->y == 2 && this->r[0] == 0)
		return "B stored last and missed x";
	return NULL;
}

PROGRAM(r) = {
	.summary = "the litmus test R",
	.workers = 2,
	.shared_size = sizeof(struct r),
	.worker = r_worker,
	.check = r_check,
};
