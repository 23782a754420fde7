/*
 * Message passing (MP): one worker writes the data, then the flag; the other
 * reads the flag, then the data. TSO keeps stores in order, and loads, too.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct mp {
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

static void mp_worker(struct sync_ctx *ctx)
{
	struct mp *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		put(&this->y, 1);
	} else {
		put(&this->r[0], get(&this->y));
		put(&this->r[1], get(&this->x));
	}
}

static const char *mp_check(const void *shared, unsigned workers)
{
	const struct mp *this = shared;

	(void)workers;
	if (this->r[0] == 1 && this->r[1] == 0)
		return "the flag came before the data";
	return NULL;
}

PROGRAM(mp) = {
	.summary = "message passing",
	.workers = 2,
	.shared_size = sizeof(struct mp),
	.worker = mp_worker,
	.check = mp_check,
};
