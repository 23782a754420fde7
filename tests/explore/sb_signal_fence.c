/*
 * Store buffering (SB) with fences for the compiler only: they are no
 * instruction, and the processor knows nothing of them.
 *
 * sc: exact
 * tso: violates: both read 0
 */
#include <racelab.h>
#include <stdatomic.h>

struct sb_signal_fence {
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

static void sb_signal_fence_worker(struct sync_ctx *ctx)
{
	struct sb_signal_fence *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		atomic_signal_fence(memory_order_seq_cst);
		put(&this->r[0], get(&this->y));
	} else {
		put(&this->y, 1);
		atomic_signal_fence(memory_order_seq_cst);
		put(&this->r[1], get(&this->x));
	}
}

static const char *sb_signal_fence_check(const void *shared, unsigned workers)
{
	const struct sb_signal_fence *this = shared;

	(void)workers;
	if (this->r[0] == 0 && this->r[1] == 0)
		return "both read 0";
	return NULL;
}

PROGRAM(sb_signal_fence) = {
	.summary = "store buffering with fences that are none",
	.workers = 2,
	.shared_size = sizeof(struct sb_signal_fence),
	.worker = sb_signal_fence_worker,
	.check = sb_signal_fence_check,
};
