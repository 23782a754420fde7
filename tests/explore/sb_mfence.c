/*
 * Store buffering (SB) with a fence in inline assembly, which no compiler can
 * see.
 *
 * needs: x86_64
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct sb_mfence {
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

static void sb_mfence_worker(struct sync_ctx *ctx)
{
	struct sb_mfence *this = ctx->shared;

	if (ctx->self == 0) {
		put(&this->x, 1);
		__asm__ volatile("mfence" : : : "memory");
		put(&this->r[0], get(&this->y));
	} else {
		put(&this->y, 1);
		__asm__ volatile("mfence" : : : "memory");
		put(&this->r[1], get(&this->x));
	}
}

static const char *sb_mfence_check(const void *shared, unsigned workers)
{
	const struct sb_mfence *this = shared;

	(void)workers;
	if (this->r[0] == 0 && this->r[1] == 0)
		return "both read 0";
	return NULL;
}

PROGRAM(sb_mfence) = {
	.summary = "store buffering with mfence",
	.workers = 2,
	.shared_size = sizeof(struct sb_mfence),
	.worker = sb_mfence_worker,
	.check = sb_mfence_check,
};
