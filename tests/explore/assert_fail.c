/*
 * An assertion that fails only if the other worker comes in between.
 *
 * sc: violates
 * tso: violates
 */
#include <assert.h>
#include <racelab.h>
#include <stdatomic.h>

struct assert_fail {
	atomic_int last;
};

static void assert_fail_worker(struct sync_ctx *ctx)
{
	struct assert_fail *this = ctx->shared;
	int me = (int)ctx->self;

	atomic_store(&this->last, me);
	assert(atomic_load(&this->last) == me);
}

static const char *assert_fail_check(const void *shared, unsigned workers)
{
	(void)shared;
	(void)workers;
	return NULL;
}

PROGRAM(assert_fail) = {
	.summary = "an assertion in a worker",
	.workers = 2,
	.shared_size = sizeof(struct assert_fail),
	.worker = assert_fail_worker,
	.check = assert_fail_check,
};
