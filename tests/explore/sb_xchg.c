/*
 * Store buffering (SB) with an atomic exchange instead of the store: on x86 a
 * locked instruction, which is a fence. Were it relaxed, clang would make a plain
 * store of it, because nobody wants the old value.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct sb_xchg {
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

static void sb_xchg_worker(struct sync_ctx *ctx)
{
	struct sb_xchg *this = ctx->shared;

	if (ctx->self == 0) {
		(void)atomic_exchange(&this->x, 1);
		put(&this->r[0], get(&this->y));
	} else {
		(void)atomic_exchange(&this->y, 1);
		put(&this->r[1], get(&this->x));
	}
}

static const char *sb_xchg_check(const void *shared, unsigned workers)
{
	const struct sb_xchg *this = shared;

	(void)workers;
	if (this->r[0] == 0 && this->r[1] == 0)
		return "both read 0";
	return NULL;
}

PROGRAM(sb_xchg) = {
	.summary = "store buffering, stored by exchange",
	.workers = 2,
	.shared_size = sizeof(struct sb_xchg),
	.worker = sb_xchg_worker,
	.check = sb_xchg_check,
};
