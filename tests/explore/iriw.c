/*
 * Independent reads of independent writes (IRIW): do two readers agree on which
 * of two stores came first? Under TSO there is one memory, so they do.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct iriw {
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

static void iriw_worker(struct sync_ctx *ctx)
{
	struct iriw *this = ctx->shared;

	switch (ctx->self) {
	case 0:
		put(&this->x, 1);
		break;
	case 1:
		put(&this->y, 1);
		break;
	case 2:
		put(&this->r[0], get(&this->x));
		put(&this->r[1], get(&this->y));
		break;
	default:
		put(&this->r[2], get(&this->y));
		put(&this->r[3], get(&this->x));
		break;
	}
}

static const char *iriw_check(const void *shared, unsigned workers)
{
	const struct iriw *this = shared;

	(void)workers;
	if (this->r[0] == 1 && this->r[1] == 0 && this->r[2] == 1 &&
	    this->r[3] == 0)
		return "the readers disagree";
	return NULL;
}

PROGRAM(iriw) = {
	.summary = "independent reads of independent writes",
	.workers = 4,
	.shared_size = sizeof(struct iriw),
	.worker = iriw_worker,
	.check = iriw_check,
};
