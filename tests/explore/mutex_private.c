/*
 * A mutex in a global variable: fork gives each process its own, and each is
 * always free.
 *
 * sc: violates: an update is lost
 * tso: violates: an update is lost
 */
#include <pthread.h>
#include <racelab.h>

struct mutex_private {
	int counter;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void mutex_private_worker(struct sync_ctx *ctx)
{
	struct mutex_private *this = ctx->shared;

	(void)pthread_mutex_lock(&mutex);
	this->counter++;
	(void)pthread_mutex_unlock(&mutex);
}

static const char *mutex_private_check(const void *shared, unsigned workers)
{
	const struct mutex_private *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(mutex_private) = {
	.summary = "a mutex that fork copies",
	.workers = 2,
	.shared_size = sizeof(struct mutex_private),
	.worker = mutex_private_worker,
	.check = mutex_private_check,
};
