/*
 * Two workers load, add and store three times each without a lock: 924
 * interleavings of 6 accesses each.
 *
 * The totals and how often each comes, by brute force; their sum is the
 * binomial 12 choose 6.
 *
 * sc: violates: total 2
 * tso: violates: total 2
 * outcomes sc: 5
 * count sc: 8 total 2
 * count sc: 300 total 3
 * count sc: 416 total 4
 * count sc: 180 total 5
 * count sc: 20 -
 * outcomes tso: 5
 */
#include <racelab.h>

struct counter_2x3 {
	volatile unsigned counter;
};

static void counter_2x3_worker(struct sync_ctx *ctx)
{
	struct counter_2x3 *this = ctx->shared;

	for (int i = 0; i < 3; i++) {
		unsigned seen = this->counter;

		this->counter = seen + 1;
	}
}

static const char *counter_2x3_check(const void *shared, unsigned workers)
{
	static const char *const totals[] = { "total 0", "total 1", "total 2",
		                              "total 3", "total 4", "total 5" };
	const struct counter_2x3 *this = shared;

	(void)workers;
	return this->counter < 6 ? totals[this->counter] : NULL;
}

PROGRAM(counter_2x3) = {
	.summary = "a counter without a lock",
	.workers = 2,
	.shared_size = sizeof(struct counter_2x3),
	.worker = counter_2x3_worker,
	.check = counter_2x3_check,
};
