/*
 * Two who are too polite: each waits until the other has gone first.
 *
 * sc: livelock
 * tso: livelock
 */
#include <racelab.h>
#include <stdatomic.h>

struct after_you {
	atomic_bool gone[2];
};

static void after_you_worker(struct sync_ctx *ctx)
{
	struct after_you *this = ctx->shared;

	while (!atomic_load(&this->gone[1 - ctx->self]))
		cpu_pause();
	atomic_store(&this->gone[ctx->self], true);
}

static const char *after_you_check(const void *shared, unsigned workers)
{
	(void)shared;
	(void)workers;
	return NULL;
}

PROGRAM(after_you) = {
	.summary = "two who wait for each other",
	.workers = 2,
	.shared_size = sizeof(struct after_you),
	.worker = after_you_worker,
	.check = after_you_check,
};
