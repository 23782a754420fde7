/*
 * Two who take back their wish when the other has one, and try again: endless
 * only if they keep in step for ever, which no schedule must. From each state
 * there is a way to the end.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct back_off {
	atomic_bool wants[2];
	int counter;
};

static void back_off_worker(struct sync_ctx *ctx)
{
	struct back_off *this = ctx->shared;

	atomic_store(&this->wants[ctx->self], true);
	while (atomic_load(&this->wants[1 - ctx->self])) {
		atomic_store(&this->wants[ctx->self], false);
		atomic_store(&this->wants[ctx->self], true);
	}
	this->counter++;
	atomic_store(&this->wants[ctx->self], false);
}

static const char *back_off_check(const void *shared, unsigned workers)
{
	const struct back_off *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(back_off) = {
	.summary = "two who back off and try again",
	.workers = 2,
	.shared_size = sizeof(struct back_off),
	.worker = back_off_worker,
	.check = back_off_check,
};
