/*
 * Store buffering (SB) with sequentially consistent stores, which are locked
 * instructions on x86, and loads.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct sb_seq_cst {
	atomic_int x, y;
	atomic_int r[2]; /* what was read */
};

static void sb_seq_cst_worker(struct sync_ctx *ctx)
{
	struct sb_seq_cst *this = ctx->shared;

	if (ctx->self == 0) {
		atomic_store(&this->x, 1);
		atomic_store(&this->r[0], atomic_load(&this->y));
	} else {
		atomic_store(&this->y, 1);
		atomic_store(&this->r[1], atomic_load(&this->x));
	}
}

static const char *sb_seq_cst_check(const void *shared, unsigned workers)
{
	const struct sb_seq_cst *this = shared;

	(void)workers;
	if (this->r[0] == 0 && this->r[1] == 0)
		return "both read 0";
	return NULL;
}

PROGRAM(sb_seq_cst) = {
	.summary = "store buffering, sequentially consistent",
	.workers = 2,
	.shared_size = sizeof(struct sb_seq_cst),
	.worker = sb_seq_cst_worker,
	.check = sb_seq_cst_check,
};
