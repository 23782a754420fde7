/*
 * Store buffering (SB): each worker stores to one cell and loads the other. TSO
 * lets both loads pass the stores before them (Owens, Sarkar and Sewell 2009, A
 * better x86 memory model: x86-TSO).
 *
 * sc: exact
 * tso: violates: both read 0
 */
#include <racelab.h>
#include <stdatomic.h>

struct sb {
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

static void sb_worker(struct sync_ctx *ctx)
{
	struct sb *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		put(&this->r[0], get(&this->y));
	} else {
		put(&this->y, 1);
		put(&this->r[1], get(&this->x));
	}
}

static const char *sb_check(const void *shared, unsigned workers)
{
	const struct sb *this = shared;

	(void)workers;
	if (this->r[0] == 0 && this->r[1] == 0)
		return "both read 0";
	return NULL;
}

PROGRAM(sb) = {
	.summary = "store buffering",
	.workers = 2,
	.shared_size = sizeof(struct sb),
	.worker = sb_worker,
	.check = sb_check,
};
