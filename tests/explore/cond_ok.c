/*
 * A flag and a condition variable as they are meant: the mutex is held from the
 * look to the wait, which lets go of it and sleeps in one step, and who wakes up
 * looks again.
 *
 * sc: exact
 * tso: exact
 */
#include <pthread.h>
#include <racelab.h>

struct cond_ok {
	pthread_mutex_t mutex;
	pthread_cond_t raised;
	int flag, seen;
};

static int cond_ok_init(void *shared, unsigned workers)
{
	struct cond_ok *this = shared;
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;

	(void)workers;
	(void)pthread_mutexattr_init(&mutex);
	(void)pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(&this->mutex, &mutex);
	(void)pthread_condattr_init(&cond);
	(void)pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	(void)pthread_cond_init(&this->raised, &cond);
	return 0;
}

static void cond_ok_worker(struct sync_ctx *ctx)
{
	struct cond_ok *this = ctx->shared;

	(void)pthread_mutex_lock(&this->mutex);
	if (ctx->self == 0) {
		this->flag = 1;
		(void)pthread_cond_broadcast(&this->raised);
	} else {
		while (!this->flag)
			(void)pthread_cond_wait(&this->raised, &this->mutex);
		this->seen += this->flag;
	}
	(void)pthread_mutex_unlock(&this->mutex);
}

static const char *cond_ok_check(const void *shared, unsigned workers)
{
	const struct cond_ok *this = shared;

	return this->seen == (int)workers - 1 ? NULL
	                                      : "somebody did not see it";
}

PROGRAM(cond_ok) = {
	.summary = "a flag with a mutex and a condition variable",
	.workers = 3,
	.shared_size = sizeof(struct cond_ok),
	.init = cond_ok_init,
	.worker = cond_ok_worker,
	.check = cond_ok_check,
};
