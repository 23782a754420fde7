/*
 * Store buffering (SB) with a fence in one worker only: the other still reads
 * too early.
 *
 * sc: exact
 * tso: violates: both read 0
 */
#include <racelab.h>
#include <stdatomic.h>

struct sb_half {
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

static void sb_half_worker(struct sync_ctx *ctx)
{
	struct sb_half *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		atomic_thread_fence(memory_order_seq_cst);
		put(&this->r[0], get(&this->y));
	} else {
		put(&this->y, 1);
		put(&this->r[1], get(&this->x));
	}
}

static const char *sb_half_check(const void *shared, unsigned workers)
{
	const struct sb_half *this = shared;

	(void)workers;
	if (this->r[0] == 0 && this->r[1] == 0)
		return "both read 0";
	return NULL;
}

PROGRAM(sb_half) = {
	.summary = "store buffering with one fence of two",
	.workers = 2,
	.shared_size = sizeof(struct sb_half),
	.worker = sb_half_worker,
	.check = sb_half_check,
};
