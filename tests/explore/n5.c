/*
 * n5 of the x86-TSO paper: both store to one cell and read it; can each see the
 * other one as the later? Not where there is one memory (Owens, Sarkar and
 * Sewell 2009, A better x86 memory model: x86-TSO).
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct n5 {
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

static void n5_worker(struct sync_ctx *ctx)
{
	struct n5 *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		put(&this->r[0], get(&this->x));
	} else {
		put(&this->x, 2);
		put(&this->r[1], get(&this->x));
	}
}

static const char *n5_check(const void *shared, unsigned workers)
{
	const struct n5 *this = shared;

	(void)workers;
	if (this->r[0] == 2 && this->r[1] == 1)
		return "each saw the other last";
	return NULL;
}

PROGRAM(n5) = {
	.summary = "n5: one cell, two stores",
	.workers = 2,
	.shared_size = sizeof(struct n5),
	.worker = n5_worker,
	.check = n5_check,
};
