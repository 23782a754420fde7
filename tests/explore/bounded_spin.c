/*
 * A lock that is tried twice and then taken for granted: patience is no
 * exclusion.
 *
 * sc: violates: an update is lost
 * tso: violates: an update is lost
 */
#include <racelab.h>
#include <stdatomic.h>

enum { TRIES = 2 };

struct bounded_spin {
	atomic_bool held;
	volatile int counter;
};

static void bounded_spin_worker(struct sync_ctx *ctx)
{
	struct bounded_spin *this = ctx->shared;

	for (int i = 0; i < TRIES; i++) {
		if (!atomic_exchange(&this->held, true))
			break;
	}
	this->counter = this->counter + 1;
	atomic_store(&this->held, false);
}

static const char *bounded_spin_check(const void *shared, unsigned workers)
{
	const struct bounded_spin *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(bounded_spin) = {
	.summary = "a lock that is tried twice",
	.workers = 2,
	.shared_size = sizeof(struct bounded_spin),
	.worker = bounded_spin_worker,
	.check = bounded_spin_check,
};
