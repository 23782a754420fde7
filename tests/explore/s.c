/*
 * The litmus test S: A stores x, then y; B sees y, then stores x. Can x in the
 * end be what A stored? Not under TSO: what A stored first is in memory before
 * B sees y.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct s {
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

static void s_worker(struct sync_ctx *ctx)
{
	struct s *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 2);
		put(&this->y, 1);
	} else {
		put(&this->r[0], get(&this->y));
		put(&this->x, 1);
	}
}

static const char *s_check(const void *shared, unsigned workers)
{
	const struct s *this = shared;

	(void)workers;
	if (this->x == 2 && this->r[0] == 1)
		return "B stored x before A did";
	return NULL;
}

PROGRAM(s) = {
	.summary = "the litmus test S",
	.workers = 2,
	.shared_size = sizeof(struct s),
	.worker = s_worker,
	.check = s_check,
};
