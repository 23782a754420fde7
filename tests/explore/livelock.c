/*
 * Two who step aside for each other, to and fro, until the other has gone by:
 * something happens all the time, and nobody gets anywhere.
 *
 * sc: livelock
 * tso: livelock
 */
#include <racelab.h>
#include <stdatomic.h>

struct livelock {
	atomic_bool gone[2];
	atomic_int side[2];
};

static void livelock_worker(struct sync_ctx *ctx)
{
	struct livelock *this = ctx->shared;
	int side = 0;

	while (!atomic_load(&this->gone[1 - ctx->self])) {
		side = 1 - side;
		atomic_store(&this->side[ctx->self], side);
	}
	atomic_store(&this->gone[ctx->self], true);
}

static const char *livelock_check(const void *shared, unsigned workers)
{
	(void)shared;
	(void)workers;
	return NULL;
}

PROGRAM(livelock) = {
	.summary = "two who step aside for ever",
	.workers = 2,
	.shared_size = sizeof(struct livelock),
	.worker = livelock_worker,
	.check = livelock_check,
};
