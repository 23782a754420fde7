/*
 * Message passing (MP), with a message for every outcome, so that all of them
 * can be counted.
 *
 * sc: violates
 * tso: violates
 * outcomes sc: 3
 * count sc: 3 no flag, no data
 * count sc: 11 no flag, data
 * count sc: 1 flag, data
 * outcomes tso: 3
 */
#include <racelab.h>
#include <stdatomic.h>

struct mp_all {
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

static void mp_all_worker(struct sync_ctx *ctx)
{
	struct mp_all *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		put(&this->y, 1);
	} else {
		put(&this->r[0], get(&this->y));
		put(&this->r[1], get(&this->x));
	}
}

static const char *mp_all_check(const void *shared, unsigned workers)
{
	const struct mp_all *this = shared;

	(void)workers;
	if (this->r[0] == 0)
		return this->r[1] == 0 ? "no flag, no data" : "no flag, data";
	return this->r[1] == 0 ? "flag, no data" : "flag, data";
}

PROGRAM(mp_all) = {
	.summary = "message passing, every outcome",
	.workers = 2,
	.shared_size = sizeof(struct mp_all),
	.worker = mp_all_worker,
	.check = mp_all_check,
};
