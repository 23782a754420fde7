/*
 * Two workers load, add and store two times each without a lock: 70
 * interleavings of 4 accesses each.
 *
 * The totals and how often each comes, by brute force; their sum is the
 * binomial 8 choose 4.
 *
 * sc: violates: total 2
 * tso: violates: total 2
 * outcomes sc: 3
 * count sc: 32 total 2
 * count sc: 32 total 3
 * count sc: 6 -
 * outcomes tso: 3
 */
#include <racelab.h>

struct counter_2x2 {
	volatile unsigned counter;
};

static void counter_2x2_worker(struct sync_ctx *ctx)
{
	struct counter_2x2 *this = ctx->shared;

	for (int i = 0; i < 2; i++) {
		unsigned seen = this->counter;

		this->counter = seen + 1;
	}
}

static const char *counter_2x2_check(const void *shared, unsigned workers)
{
	static const char *const totals[] = { "total 0", "total 1", "total 2",
		                              "total 3" };
	const struct counter_2x2 *this = shared;

	(void)workers;
	return this->counter < 4 ? totals[this->counter] : NULL;
}

PROGRAM(counter_2x2) = {
	.summary = "a counter without a lock",
	.workers = 2,
	.shared_size = sizeof(struct counter_2x2),
	.worker = counter_2x2_worker,
	.check = counter_2x2_check,
};
