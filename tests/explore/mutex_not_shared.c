/*
 * A mutex in shared memory that was not made for it. glibc takes it without an
 * atomic instruction as long as the process has one thread, and who sleeps on it
 * is looked for in its own process only (lll_mutex_lock_optimized in glibc's
 * nptl/pthread_mutex_lock.c; FUTEX_PRIVATE_FLAG in futex(2)).
 *
 * sc: violates: an update is lost
 * tso: violates: an update is lost
 */
#include <pthread.h>
#include <racelab.h>

struct mutex_not_shared {
	pthread_mutex_t mutex;
	int counter;
};

static int mutex_not_shared_init(void *shared, unsigned workers)
{
	struct mutex_not_shared *this = shared;

	(void)workers;
	(void)pthread_mutex_init(&this->mutex, NULL);
	return 0;
}

static void mutex_not_shared_worker(struct sync_ctx *ctx)
{
	struct mutex_not_shared *this = ctx->shared;

	(void)pthread_mutex_lock(&this->mutex);
	this->counter++;
	(void)pthread_mutex_unlock(&this->mutex);
}

static const char *mutex_not_shared_check(const void *shared, unsigned workers)
{
	const struct mutex_not_shared *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(mutex_not_shared) = {
	.summary = "a mutex without PTHREAD_PROCESS_SHARED",
	.workers = 2,
	.shared_size = sizeof(struct mutex_not_shared),
	.init = mutex_not_shared_init,
	.worker = mutex_not_shared_worker,
	.check = mutex_not_shared_check,
};
