/*
 * A lost wake-up: A looks at the flag without the mutex, and waits. If B raises
 * it and signals between the two, nobody is left to wake A.
 *
 * sc: deadlock
 * tso: deadlock
 */
#include <pthread.h>
#include <racelab.h>
#include <stdatomic.h>

struct lost_wakeup {
	pthread_mutex_t mutex;
	pthread_cond_t raised;
	atomic_bool flag;
};

static int lost_wakeup_init(void *shared, unsigned workers)
{
	struct lost_wakeup *this = shared;
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

static void lost_wakeup_worker(struct sync_ctx *ctx)
{
	struct lost_wakeup *this = ctx->shared;

	if (ctx->self == 1) {
		atomic_store(&this->flag, true);
		(void)pthread_cond_signal(&this->raised);
	} else if (!atomic_load(&this->flag)) {
		(void)pthread_mutex_lock(&this->mutex);
		(void)pthread_cond_wait(&this->raised, &this->mutex);
		(void)pthread_mutex_unlock(&this->mutex);
	}
}

static const char *lost_wakeup_check(const void *shared, unsigned workers)
{
	(void)shared;
	(void)workers;
	return NULL;
}

PROGRAM(lost_wakeup) = {
	.summary = "a flag that is looked at without the mutex",
	.workers = 2,
	.shared_size = sizeof(struct lost_wakeup),
	.init = lost_wakeup_init,
	.worker = lost_wakeup_worker,
	.check = lost_wakeup_check,
};
