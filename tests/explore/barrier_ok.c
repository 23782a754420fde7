/*
 * Each worker fills its cell and then reads its neighbor's; the barrier in
 * between waits for all.
 *
 * sc: exact
 * tso: exact
 */
#include <pthread.h>
#include <racelab.h>

struct barrier_ok {
	pthread_barrier_t all;
	int cell[3], read[3];
};

static int barrier_ok_init(void *shared, unsigned workers)
{
	struct barrier_ok *this = shared;
	pthread_barrierattr_t attr;

	(void)pthread_barrierattr_init(&attr);
	(void)pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_barrier_init(&this->all, &attr, workers);
	return 0;
}

static void barrier_ok_worker(struct sync_ctx *ctx)
{
	struct barrier_ok *this = ctx->shared;
	unsigned next = (ctx->self + 1) % ctx->workers;

	this->cell[ctx->self] = 1;
	(void)pthread_barrier_wait(&this->all);
	this->read[ctx->self] = this->cell[next];
}

static const char *barrier_ok_check(const void *shared, unsigned workers)
{
	const struct barrier_ok *this = shared;

	for (unsigned i = 0; i < workers; i++) {
		if (this->read[i] != 1)
			return "a cell was read too early";
	}
	return NULL;
}

PROGRAM(barrier_ok) = {
	.summary = "a barrier",
	.workers = 3,
	.shared_size = sizeof(struct barrier_ok),
	.init = barrier_ok_init,
	.worker = barrier_ok_worker,
	.check = barrier_ok_check,
};
