/*
 * A mutex in shared memory, made for processes.
 *
 * sc: exact
 * tso: exact
 */
#include <pthread.h>
#include <racelab.h>

struct mutex_ok {
	pthread_mutex_t mutex;
	int counter;
};

static int mutex_ok_init(void *shared, unsigned workers)
{
	struct mutex_ok *this = shared;
	pthread_mutexattr_t attr;

	(void)workers;
	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(&this->mutex, &attr);
	return 0;
}

static void mutex_ok_worker(struct sync_ctx *ctx)
{
	struct mutex_ok *this = ctx->shared;

	(void)pthread_mutex_lock(&this->mutex);
	this->counter++;
	(void)pthread_mutex_unlock(&this->mutex);
}

static const char *mutex_ok_check(const void *shared, unsigned workers)
{
	const struct mutex_ok *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(mutex_ok) = {
	.summary = "a process-shared mutex",
	.workers = 3,
	.shared_size = sizeof(struct mutex_ok),
	.init = mutex_ok_init,
	.worker = mutex_ok_worker,
	.check = mutex_ok_check,
};
