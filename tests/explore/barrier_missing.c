/*
 * Each worker fills its cell and then reads its neighbor's, without a barrier
 * in between: the neighbor may not be so far.
 *
 * sc: violates: a cell was read too early
 * tso: violates: a cell was read too early
 */
#include <racelab.h>
#include <stdatomic.h>

struct barrier_missing {
	atomic_int cell[3], read[3];
};

static void barrier_missing_worker(struct sync_ctx *ctx)
{
	struct barrier_missing *this = ctx->shared;
	unsigned next = (ctx->self + 1) % ctx->workers;

	this->cell[ctx->self] = 1;
	this->read[ctx->self] = this->cell[next];
}

static const char *barrier_missing_check(const void *shared, unsigned workers)
{
	const struct barrier_missing *this = shared;

	for (unsigned i = 0; i < workers; i++) {
		if (this->read[i] != 1)
			return "a cell was read too early";
	}
	return NULL;
}

PROGRAM(barrier_missing) = {
	.summary = "a barrier that is missing",
	.workers = 3,
	.shared_size = sizeof(struct barrier_missing),
	.worker = barrier_missing_worker,
	.check = barrier_missing_check,
};
