/*
 * A loop of its own that ends never, if the other was late.
 *
 * sc: livelock
 * tso: livelock
 */
#include <racelab.h>
#include <stdatomic.h>

struct endless {
	atomic_bool raised;
};

static void endless_worker(struct sync_ctx *ctx)
{
	struct endless *this = ctx->shared;

	if (ctx->self == 0) {
		atomic_store(&this->raised, true);
		return;
	}
	if (atomic_load(&this->raised))
		return;
	for (;;)
		continue;
}

static const char *endless_check(const void *shared, unsigned workers)
{
	(void)shared;
	(void)workers;
	return NULL;
}

PROGRAM(endless) = {
	.summary = "an endless loop without an access",
	.workers = 2,
	.shared_size = sizeof(struct endless),
	.worker = endless_worker,
	.check = endless_check,
};
