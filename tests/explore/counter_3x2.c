/*
 * Three workers load, add and store two times each without a lock: 34,650
 * interleavings of 4 accesses each.
 *
 * The totals and how often each comes, by brute force; their sum is the
 * multinomial 12! / (4!)^3.
 *
 * sc: violates: total 2
 * tso: violates: total 2
 * outcomes sc: 5
 * count sc: 10428 total 2
 * count sc: 15180 total 3
 * count sc: 7512 total 4
 * count sc: 1440 total 5
 * count sc: 90 -
 * outcomes tso: 5
 */
#include <racelab.h>

struct counter_3x2 {
	volatile unsigned counter;
};

static void counter_3x2_worker(struct sync_ctx *ctx)
{
	struct counter_3x2 *this = ctx->shared;

	for (int i = 0; i < 2; i++) {
		unsigned seen = this->counter;

		this->counter = seen + 1;
	}
}

static const char *counter_3x2_check(const void *shared, unsigned workers)
{
	static const char *const totals[] = { "total 0", "total 1", "total 2",
		                              "total 3", "total 4", "total 5" };
	const struct counter_3x2 *this = shared;

	(void)workers;
	return this->counter < 6 ? totals[this->counter] : NULL;
}

PROGRAM(counter_3x2) = {
	.summary = "a counter without a lock",
	.workers = 3,
	.shared_size = sizeof(struct counter_3x2),
	.worker = counter_3x2_worker,
	.check = counter_3x2_check,
};
