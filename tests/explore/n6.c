/*
 * n6 of the x86-TSO paper: A reads its own store from its buffer, while B has
 * stored twice since, and is overwritten in the end (Owens, Sarkar and Sewell
 * 2009, A better x86 memory model: x86-TSO).
 *
 * sc: exact
 * tso: violates: A read its own store early
 */
#include <racelab.h>
#include <stdatomic.h>

struct n6 {
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

static void n6_worker(struct sync_ctx *ctx)
{
	struct n6 *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		put(&this->r[0], get(&this->x));
		put(&this->r[1], get(&this->y));
	} else {
		put(&this->y, 2);
		put(&this->x, 2);
	}
}

static const char *n6_check(const void *shared, unsigned workers)
{
	const struct n6 *this = shared;

	(void)workers;
	if (this->x == 1 && this->r[0] == 1 && this->r[1] == 0)
		return "A read its own store early";
	return NULL;
}

PROGRAM(n6) = {
	.summary = "n6: a store seen early by its worker",
	.workers = 2,
	.shared_size = sizeof(struct n6),
	.worker = n6_worker,
	.check = n6_check,
};
