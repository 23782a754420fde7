/*
 * Store buffering (SB), with a message for every outcome, so that all of them
 * can be counted.
 *
 * sc: violates
 * tso: violates
 * outcomes sc: 3
 * count sc: 4 A read 0, B read 1
 * count sc: 4 A read 1, B read 0
 * count sc: 12 A read 1, B read 1
 * outcomes tso: 4
 */
#include <racelab.h>
#include <stdatomic.h>

struct sb_all {
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

static void sb_all_worker(struct sync_ctx *ctx)
{
	struct sb_all *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		put(&this->r[0], get(&this->y));
	} else {
		put(&this->y, 1);
		put(&this->r[1], get(&this->x));
	}
}

static const char *sb_all_check(const void *shared, unsigned workers)
{
	const struct sb_all *this = shared;

	(void)workers;
	if (this->r[0] == 0)
		return this->r[1] == 0 ? "A read 0, B read 0"
		                       : "A read 0, B read 1";
	return this->r[1] == 0 ? "A read 1, B read 0" : "A read 1, B read 1";
}

PROGRAM(sb_all) = {
	.summary = "store buffering, every outcome",
	.workers = 2,
	.shared_size = sizeof(struct sb_all),
	.worker = sb_all_worker,
	.check = sb_all_check,
};
